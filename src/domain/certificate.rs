//! The proof that data has gone: figures and ids, nothing personal. What a purge wrote down before, what it
//! found after, and what was searched. Deliberately absent: its digest, which is the store's.

use super::ids::{ConnectionId, InstitutionId, JobId, UserId};
use super::moment::Moment;

/// Rows by table, in the order in which they are deleted.
pub type Rows = Vec<(String, u64)>;

/// A certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certificate {
    /// The job or sequence that deleted.
    pub id: String,
    /// What it did: `purge`, `erase`, `end-consent`, `delete-user`.
    pub kind: String,
    /// Whose data.
    pub user: Option<UserId>,
    /// At which bank; none when it was all of them.
    pub institution: Option<InstitutionId>,
    /// Through which connection it was asked.
    pub connection: Option<ConnectionId>,
    /// The destroyed data keys, by bank and slot.
    pub keys: Vec<(InstitutionId, u64)>,
    /// Rows before.
    pub before: Rows,
    /// Rows after.
    pub after: Rows,
    /// The files that were searched, with their bytes.
    pub files: Vec<(String, u64)>,
    /// How many values were searched for, by its purges too; none are when the process that knew them has died.
    pub needles: u64,
    /// How many were found. A certificate says 0.
    pub hits: u64,
    /// The version of SQLite that did it.
    pub sqlite: String,
    /// When it was ordered.
    pub started: Moment,
    /// When it was proven.
    pub ended: Moment,
    /// Who ordered it.
    pub operator: String,
    /// Why.
    pub reason: String,
    /// The line of the audit that says it was proven.
    pub audit: i64,
    /// The jobs that took part in a sequence.
    pub jobs: Vec<JobId>,
    /// The purges that did part of a sequence; each has a certificate of its own.
    pub purges: Vec<String>,
}

/// One thing that a check of a certificate looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What.
    pub what: &'static str,
    /// Whether it holds.
    pub holds: bool,
    /// What was seen.
    pub seen: String,
}
