//! Where a key is looked up: layers, and which of them hold in which place.

/// A table of the keymap file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Layer {
    /// Quit now, suspend, redraw: alive in every place.
    Everywhere,
    /// Moving, opening, going back: wherever letters are not text.
    Move,
    App,
    Connections,
    Profile,
    Jobs,
    Job,
    /// A page under the header, in place of the panes.
    Page,
    Help,
    Palette,
    Messages,
    Why,
    Dialog,
    Typed,
    Filter,
    Sort,
    Copy,
    /// Which columns the list has.
    Columns,
    Group,
}

impl Layer {
    /// Every layer, in the order of the keymap file.
    pub(crate) const ALL: [Layer; 19] = [
        Layer::Everywhere,
        Layer::Move,
        Layer::App,
        Layer::Connections,
        Layer::Profile,
        Layer::Jobs,
        Layer::Job,
        Layer::Page,
        Layer::Help,
        Layer::Palette,
        Layer::Messages,
        Layer::Why,
        Layer::Dialog,
        Layer::Typed,
        Layer::Filter,
        Layer::Sort,
        Layer::Copy,
        Layer::Columns,
        Layer::Group,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Layer::Everywhere => "everywhere",
            Layer::Move => "move",
            Layer::App => "app",
            Layer::Connections => "connections",
            Layer::Profile => "profile",
            Layer::Jobs => "jobs",
            Layer::Job => "job",
            Layer::Page => "page",
            Layer::Help => "help",
            Layer::Palette => "palette",
            Layer::Messages => "messages",
            Layer::Why => "why",
            Layer::Dialog => "dialog",
            Layer::Typed => "typed",
            Layer::Filter => "filter",
            Layer::Sort => "sort",
            Layer::Copy => "copy",
            Layer::Columns => "columns",
            Layer::Group => "group",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Layer::ALL.into_iter().find(|layer| layer.name() == name)
    }

    /// The layers that hold while this one is on top, from the top one down.
    pub(crate) fn stack(self) -> &'static [Layer] {
        use Layer::*;
        match self {
            Everywhere => &[Everywhere],
            Move => &[Move, Everywhere],
            App => &[App, Move, Everywhere],
            Connections => &[Connections, App, Move, Everywhere],
            Profile => &[Profile, App, Move, Everywhere],
            Jobs => &[Jobs, App, Move, Everywhere],
            Job => &[Job, App, Move, Everywhere],
            Page => &[Page, App, Move, Everywhere],
            Help => &[Help, Everywhere],
            Palette => &[Palette, Everywhere],
            Messages => &[Messages, Move, Everywhere],
            Why => &[Why, Move, Everywhere],
            Dialog => &[Dialog, Everywhere],
            Typed => &[Typed, Everywhere],
            Filter => &[Filter, Everywhere],
            Sort => &[Sort, Everywhere],
            Copy => &[Copy, Everywhere],
            Columns => &[Columns, Move, Everywhere],
            Group => &[Group, Everywhere],
        }
    }

    /// Whether keys that are not bound here are text: the guard against bursts lets them pass.
    pub(crate) fn takes_text(self) -> bool {
        matches!(
            self,
            Layer::Help | Layer::Palette | Layer::Typed | Layer::Filter
        )
    }
}
