//! The history of one connection: status changes, jobs, acts of operators, consents, holds and notes, in one order.

use super::moment::Moment;
use super::words::words;

words! {
    /// In the order of those that happened at the same moment.
    What [word] {
        Act "act";
        Consent "consent";
        Hold "hold";
        Job "job";
        Status "status";
        Note "note";
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) at: Moment,
    pub(crate) what: What,
    /// Who it was, where that is known.
    pub(crate) actor: String,
    pub(crate) text: String,
    /// Of the job, consent, hold or note; of an act the number of its line in the audit.
    pub(crate) id: String,
}

/// By time; what happened at one moment in the order in which it was found.
pub(crate) fn in_order(mut entries: Vec<Entry>) -> Vec<Entry> {
    entries.sort_by_key(|entry| (entry.at, entry.what));
    entries
}
