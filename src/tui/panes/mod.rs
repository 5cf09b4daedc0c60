//! The panes and what lies over them: state, keys, events and painting of each.

pub(crate) mod columns;
pub(crate) mod connections;
pub(crate) mod help;
pub(crate) mod job;
pub(crate) mod jobs;
pub(crate) mod menu;
pub(crate) mod messages;
pub(crate) mod pages;
pub(crate) mod palette;
pub(crate) mod profile;
pub(crate) mod why;

use crate::tui::action::Action;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Pane {
    #[default]
    Connections,
    Profile,
    Jobs,
    Job,
}

impl Pane {
    pub(crate) const WALK: [Pane; 3] = [Pane::Connections, Pane::Profile, Pane::Jobs];

    /// The pane `by` places further round.
    pub(crate) fn walked(self, by: isize) -> Pane {
        let at = match self {
            Pane::Connections => 0,
            Pane::Profile => 1,
            Pane::Jobs | Pane::Job => 2,
        };
        Self::WALK[(at as isize + by).rem_euclid(3) as usize]
    }
}

/// By how many rows an action moves where a page has so many; none when it does not move.
pub(crate) fn rows_moved(action: Action, page: usize) -> Option<isize> {
    let page = page.max(1) as isize;
    Some(match action {
        Action::MoveDown => 1,
        Action::MoveUp => -1,
        Action::PageDown => page,
        Action::PageUp => -page,
        Action::HalfPageDown => page / 2,
        Action::HalfPageUp => -page / 2,
        Action::MoveTop => isize::MIN,
        Action::MoveEnd => isize::MAX,
        _ => return None,
    })
}
