//! What to do about an error, said where it leaves the store or the bank side.

use std::time::Duration;

/// The three things an error can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Passing: try again, no sooner than this.
    Retry {
        /// How long to wait.
        after: Duration,
    },
    /// A person has to do something first.
    NeedsPerson,
    /// Trying again gives the same.
    Final,
}
