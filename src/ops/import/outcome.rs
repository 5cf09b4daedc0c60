//! What came of one chunk.

use super::needs::Unmet;
use crate::store::Ingested;
use crate::wire::Note;

#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// New and changed records.
    pub(crate) ingested: Ingested,
    /// Those of them that were there before.
    pub(crate) changed: Ingested,
    pub(crate) kept: u64,
    /// How many were left out or could not be read.
    pub(crate) lost: u64,
    /// How many were left out because their data was purged here.
    pub(crate) held_back: u64,
    /// Open references, checked again when everything is read.
    pub(crate) unmet: Vec<Unmet>,
    pub(crate) notes: Vec<Note>,
}

impl Outcome {
    pub(super) fn note(&mut self, at: impl Into<String>, what: impl Into<String>) {
        self.notes.push(Note {
            at: at.into(),
            what: what.into(),
        });
    }

    pub(super) fn left_out(&mut self, kind: &str, id: &str, why: &str) {
        self.lost += 1;
        self.note(format!("{kind} {id}"), format!("left out: it {why}"));
    }

    pub(super) fn older(&mut self, kind: &str, id: &str) {
        let what = "older than what is stored; it changes nothing";
        self.note(format!("{kind} {id}"), what);
    }

    pub(super) fn moved(&mut self, kind: &str, id: &str, from: &str, to: &str) {
        self.note(format!("{kind} {id}"), format!("moved from {from} to {to}"));
    }

    /// Counts a record that was written although it was there before.
    pub(super) fn changed(&mut self, wrote: u64, field: fn(&mut Ingested) -> &mut u64) {
        *field(&mut self.changed) += wrote;
    }
}
