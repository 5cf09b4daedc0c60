//! How operators share their work: who has taken a connection on, until when it is quiet, when its user was asked.

use super::moment::Moment;

/// How long a connection may be quiet at most.
pub(crate) const LONGEST_MS: i64 = 90 * 86_400_000;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Handling {
    pub(crate) taken_by: Option<String>,
    pub(crate) taken: Option<Moment>,
    /// Until when it asks for nobody; gone when its status changes.
    pub(crate) snoozed: Option<Moment>,
    /// When its user was last asked to act.
    pub(crate) asked: Option<Moment>,
}

impl Handling {
    pub(crate) fn quiet(&self, now: Moment) -> bool {
        self.snoozed.is_some_and(|until| until > now)
    }
}
