//! The proof that data has gone: figures and ids, nothing personal.

use super::ids::{ConnectionId, InstitutionId, JobId, UserId};
use super::moment::Moment;

/// Rows by table, in the order in which they are deleted.
pub(crate) type Rows = Vec<(String, u64)>;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Certificate {
    pub(crate) id: String,
    /// What it did: `purge`, `erase`, `end-consent`, `delete-user`.
    pub(crate) kind: String,
    pub(crate) user: Option<UserId>,
    /// At which bank; none when it was all of them.
    pub(crate) institution: Option<InstitutionId>,
    pub(crate) connection: Option<ConnectionId>,
    /// The destroyed data keys, by bank and slot.
    pub(crate) keys: Vec<(InstitutionId, u64)>,
    pub(crate) before: Rows,
    pub(crate) after: Rows,
    /// The files that were searched, with their bytes.
    pub(crate) files: Vec<(String, u64)>,
    /// How many values were searched for, by its purges too; 0 when the process that knew them has died.
    pub(crate) needles: u64,
    /// How many were found. A certificate says 0.
    pub(crate) hits: u64,
    pub(crate) sqlite: String,
    pub(crate) started: Moment,
    pub(crate) ended: Moment,
    pub(crate) operator: String,
    pub(crate) reason: String,
    /// The line of the audit that says it was proven.
    pub(crate) audit: i64,
    pub(crate) jobs: Vec<JobId>,
    /// The purges that did part of a sequence; each has a certificate of its own.
    pub(crate) purges: Vec<String>,
}

/// One thing that a check of a certificate looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Check {
    pub(crate) what: &'static str,
    pub(crate) holds: bool,
    pub(crate) seen: String,
}
