//! The panes: each holds its own state, takes actions, and paints itself into the rectangle it is given.
//! Deliberately absent: where they stand, which is `layout`'s, and who may act, which is `possible`'s.

pub(crate) mod connections;
pub(crate) mod help;
pub(crate) mod job;
pub(crate) mod jobs;
pub(crate) mod messages;
pub(crate) mod profile;
pub(crate) mod why;

/// Where the cursor can be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Pane {
    /// The list of connections.
    #[default]
    Connections,
    /// The person behind the selected one.
    Profile,
    /// Its job history.
    Jobs,
    /// One job, opened.
    Job,
}

impl Pane {
    /// Those that Tab walks.
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

    /// Its title.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Pane::Connections => "1 Connections",
            Pane::Profile => "2 Profile",
            Pane::Jobs => "3 Jobs",
            Pane::Job => "3 Jobs > job",
        }
    }
}
