//! How a command can end, and the one table from there to exit codes and to the codes of error documents.
//! Deliberately absent: printing.

use crate::config::ConfigError;
use crate::domain::ids::{ConnectionId, JobId};
use crate::{ops, store, vault};

/// How a command ended other than well.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// An operation said no.
    #[error(transparent)]
    Ops(#[from] ops::Error),
    /// A job was waited for as long as was asked, and goes on.
    #[error("it has not ended after {after}; it goes on")]
    Late {
        /// For how long.
        after: String,
        /// Which job, of which connection.
        about: Box<(JobId, ConnectionId)>,
    },
    /// There is no configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// What was typed makes no sense together.
    #[error("{0}")]
    Usage(String),
    /// The words that arm it, or a reason, are missing or wrong.
    #[error("{0}")]
    Unconfirmed(String),
    /// It would change something, and that was ruled out.
    #[error("--read-only was given: {0} would change the database")]
    ReadOnly(&'static str),
    /// A job ended as failed.
    #[error("{0}")]
    JobFailed(String),
    /// Some of several did not work.
    #[error("{0}")]
    Some(String),
    /// Something was checked and is not as it should be.
    #[error("{0}")]
    Unverified(String),
    /// The database is not well.
    #[error("{0}")]
    Unwell(String),
    /// A monitor's line says what kind of trouble there is.
    #[error("{line}")]
    Trouble {
        /// The line.
        line: String,
        /// Its kind.
        exit: u8,
    },
    /// A file beside the database could not be read or written.
    #[error("{what}: {cause}")]
    File {
        /// Which file, and what for.
        what: String,
        /// Why.
        cause: std::io::Error,
    },
    /// Nobody reads on, or nothing can be written.
    #[error("the output cannot be written: {0}")]
    Output(#[from] std::io::Error),
    /// A defect of this program; the text holds nothing of the data.
    #[error("this is a defect of switchboard, please report it: {0}")]
    Panicked(String),
    /// Ended by a signal.
    #[error("stopped by signal {0}")]
    Signal(u8),
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        Failure::Ops(error.into())
    }
}

impl Failure {
    /// Whether whoever read the output has gone, which is no trouble.
    pub(crate) fn unread(&self) -> bool {
        matches!(self, Failure::Output(e) if e.kind() == std::io::ErrorKind::BrokenPipe)
    }

    /// Exit code, code and title; the one table.
    pub(crate) fn verdict(&self) -> (u8, &'static str, &'static str) {
        match self {
            Failure::Ops(error) => operation(error),
            Failure::Late { .. } => (12, "timed-out", "Timed out waiting"),
            Failure::Config(_) => (9, "configuration", "The configuration is wrong"),
            Failure::Usage(_) => (2, "usage", "Not a usage"),
            Failure::Unconfirmed(_) => (5, "confirmation-missing", "Not confirmed"),
            Failure::ReadOnly(_) => (4, "read-only", "Only reading was allowed"),
            Failure::JobFailed(_) => (1, "job-failed", "The job failed"),
            Failure::Some(_) => (11, "some-failed", "Some of several failed"),
            Failure::Unverified(_) => (10, "verification-failed", "Verification failed"),
            Failure::Unwell(_) => (8, "database-unwell", "The database is not well"),
            Failure::Trouble { exit, .. } => (*exit, "trouble", "Somebody has to look"),
            Failure::File { .. } | Failure::Output(_) => {
                (7, "storage", "A file cannot be read or written")
            }
            Failure::Panicked(_) => (101, "defect", "A defect of this program"),
            Failure::Signal(n) => (128u8.saturating_add(*n), "signal", "Stopped by a signal"),
        }
    }
}

fn operation(error: &ops::Error) -> (u8, &'static str, &'static str) {
    use ops::Error as E;
    match error {
        E::NotFound { .. } => (3, "resource-not-found", "Not found"),
        E::Ambiguous { .. } => (2, "ambiguous", "More than one fits"),
        E::Refused(refusal) if refusal.code == "too-many-requests" => {
            (6, refusal.code, "Try again later")
        }
        E::Refused(refusal) if refusal.code == "resource-not-found" => {
            (4, "resource-not-found", "Gone")
        }
        E::Refused(refusal) => (4, refusal.code, "Refused"),
        E::Unconfirmed(_) => (5, "confirmation-missing", "Not confirmed"),
        E::Changed(_) | E::PlanChanged(_) => (4, "changed", "It changed meanwhile"),
        E::Filter(_) => (2, "filter", "The filter has a mistake"),
        E::Input(_) => (2, "input", "What was given does not read"),
        E::TimedOut(_) => (12, "timed-out", "Timed out waiting"),
        E::Store(store) => stored(store),
    }
}

fn stored(error: &store::Error) -> (u8, &'static str, &'static str) {
    use store::Error as E;
    match error {
        E::Busy { .. } | E::Interrupted => (6, "busy", "Try again later"),
        E::Full => (7, "disk-full", "The disk is full"),
        E::ReadOnly => (7, "not-writable", "The database cannot be written"),
        E::NoDirectory { .. } => (7, "no-directory", "The directory does not exist"),
        E::Io(_) => (7, "io", "The database cannot be read or written"),
        E::Missing { .. } => (8, "no-database", "There is no database"),
        E::Foreign { .. } => (8, "foreign", "Not a switchboard database"),
        E::Older { .. } => (8, "older", "Made by an older version"),
        E::Newer { .. } => (8, "newer", "Made by a newer version"),
        E::Damaged { .. } | E::Row { .. } | E::Sql(_) => (8, "damaged", "The database is damaged"),
        E::Absent { .. } => (3, "resource-not-found", "Not found"),
        E::Clash { .. } => (4, "resource-already-exists", "It is there already"),
        E::Pattern { .. } => (2, "filter", "The filter has a mistake"),
        E::Closed => (8, "closed", "The database is closed"),
        E::Vault(vault) => sealed(vault),
    }
}

fn sealed(error: &vault::Error) -> (u8, &'static str, &'static str) {
    use vault::Error as E;
    match error {
        E::TooOpen { .. }
        | E::NotAFile { .. }
        | E::NotOurs { .. }
        | E::Broken { .. }
        | E::Lost { .. }
        | E::Mismatch { .. } => (9, "key-file", "A key file is wrong"),
        E::Unsealable | E::Unreadable => (8, "unsealable", "Sealed data does not open"),
        E::StillThere { .. } => (10, "key-not-destroyed", "A key was not destroyed"),
        E::Io { .. } => (7, "io", "A key file cannot be read or written"),
        E::NoRandom => (1, "no-random", "No random numbers"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::Refusal;
    use crate::store::Error as S;

    #[test]
    fn every_kind_of_end_has_its_exit_code() {
        let refused = |code| Failure::Ops(ops::Error::Refused(Refusal::new(code, "d.", "a.")));
        let path = || std::path::PathBuf::from("/x");
        let closed = || std::io::Error::from(std::io::ErrorKind::BrokenPipe);
        for (failure, exit) in [
            (Failure::Usage(String::new()), 2),
            (
                Failure::Ops(ops::Error::NotFound {
                    kind: "job",
                    id: "x".into(),
                }),
                3,
            ),
            (refused("parameter-not-valid"), 4),
            (refused("too-recent"), 4),
            (refused("too-many-requests"), 6),
            (Failure::Unconfirmed(String::new()), 5),
            (Failure::ReadOnly("purge"), 4),
            (
                S::Busy {
                    waited: std::time::Duration::ZERO,
                }
                .into(),
                6,
            ),
            (S::Full.into(), 7),
            (S::ReadOnly.into(), 7),
            (S::NoDirectory { path: path() }.into(), 7),
            (S::Missing { path: path() }.into(), 8),
            (
                S::Newer {
                    path: path(),
                    found: 9,
                    known: 8,
                }
                .into(),
                8,
            ),
            (
                S::Older {
                    path: path(),
                    found: 1,
                    known: 2,
                }
                .into(),
                8,
            ),
            (
                S::Vault(vault::Error::TooOpen {
                    path: path(),
                    mode: 0o644,
                })
                .into(),
                9,
            ),
            (Failure::Unverified(String::new()), 10),
            (Failure::Some(String::new()), 11),
            (Failure::Ops(ops::Error::TimedOut("3s".into())), 12),
            (Failure::Signal(15), 143),
            (Failure::Output(closed()), 7),
        ] {
            assert_eq!(failure.verdict().0, exit, "{failure:?}");
        }
        assert!(Failure::Output(closed()).unread());
        assert!(!Failure::Output(std::io::ErrorKind::StorageFull.into()).unread());
    }
}
