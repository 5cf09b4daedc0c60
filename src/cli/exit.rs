//! How a command can fail, and the one table of exit codes and error codes.

use crate::config::ConfigError;
use crate::domain::ids::{ConnectionId, JobId};
use crate::{ops, store, vault};

#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Ops(#[from] ops::Error),
    /// The time to wait for a job is up; the job continues.
    #[error("the job has not ended after {after}; it continues")]
    Late {
        after: String,
        about: Box<(JobId, ConnectionId)>,
    },
    /// Work waits for something else; this process does not wait for it any longer.
    #[error("{0}")]
    Waits(String),
    /// The configuration cannot be read or is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The platform cannot be called, or does not accept the key.
    #[error(transparent)]
    Live(#[from] crate::live::Error),
    /// The server does not start.
    #[error(transparent)]
    Server(#[from] crate::server::Error),
    #[error("{0}")]
    Usage(String),
    /// The confirming words or the reason are missing or wrong.
    #[error("{0}")]
    Unconfirmed(String),
    /// A confirmation that was taken back before its time had passed.
    #[error("{0}")]
    TakenBack(String),
    /// `--read-only` forbids the command of this name.
    #[error("--read-only was given, and {0} writes")]
    ReadOnly(String),
    #[error("{0}")]
    JobFailed(String),
    #[error("{0}")]
    Some(String),
    #[error("{0}")]
    Unverified(String),
    /// `doctor` found trouble in the database.
    #[error("{0}")]
    Unwell(String),
    /// `status` found trouble; the exit code is its kind.
    #[error("{line}")]
    Trouble { line: String, exit: u8 },
    /// A file beside the database; `what` says which, and what cannot be done with it.
    #[error("{what}: {cause}")]
    File { what: String, cause: std::io::Error },
    /// The output cannot be written, or nobody reads it any more.
    #[error("the output cannot be written: {0}")]
    Output(#[from] std::io::Error),
    /// The system gives too few threads, open files or bytes of memory.
    #[error("{0}")]
    Starved(String),
    /// A defect of this program; the text holds no data.
    #[error("this is a defect of switchboard, please report it: {0}")]
    Panicked(String),
    #[error("stopped by signal {0}")]
    Signal(u8),
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        Failure::Ops(error.into())
    }
}

impl Failure {
    /// Whether the reader of the output has gone, which is not a failure.
    pub(crate) fn unread(&self) -> bool {
        matches!(self, Failure::Output(e) if e.kind() == std::io::ErrorKind::BrokenPipe)
    }

    /// Whether the database file itself is damaged.
    pub(crate) fn of_the_file(&self) -> bool {
        matches!(self, Failure::Ops(ops::Error::Store(store)) if store.of_the_file())
    }

    /// What SQLite said of a statement that it refused.
    pub(crate) fn statement(&self) -> Option<String> {
        match self {
            Failure::Ops(ops::Error::Store(store)) => store.statement(),
            _ => None,
        }
    }

    /// Exit code, error code and title.
    pub(crate) fn verdict(&self) -> (u8, &'static str, &'static str) {
        match self {
            Failure::Ops(error) => operation(error),
            Failure::Late { .. } | Failure::Waits(_) => (12, "timed-out", "Timed out waiting"),
            Failure::Config(_) => (9, "configuration", "The configuration is wrong"),
            Failure::Live(error) => platform(error),
            Failure::Server(crate::server::Error::Ops(error)) => operation(error),
            Failure::Server(error) => (error.exit(), error.code(), "The server cannot start"),
            Failure::Usage(_) => (2, "usage", "Invalid usage"),
            Failure::Unconfirmed(_) => (5, "confirmation-missing", "Not confirmed"),
            Failure::TakenBack(_) => (5, "taken-back", "Taken back"),
            Failure::ReadOnly(_) => (4, "read-only", "Read-only"),
            Failure::JobFailed(_) => (1, "job-failed", "The job failed"),
            Failure::Some(_) => (11, "some-failed", "Some of several failed"),
            Failure::Unverified(_) => (10, "verification-failed", "Verification failed"),
            Failure::Unwell(_) => (8, "database-unwell", "The database has a problem"),
            Failure::Trouble { exit, .. } => (*exit, "trouble", "Attention needed"),
            Failure::File { .. } | Failure::Output(_) => {
                (7, "storage", "A file cannot be read or written")
            }
            Failure::Starved(_) => (6, "starved", "Too few threads, files or memory"),
            Failure::Panicked(_) => (101, "defect", "A defect of this program"),
            Failure::Signal(n) => (128u8.saturating_add(*n), "signal", "Stopped by a signal"),
        }
    }
}

fn platform(error: &crate::live::Error) -> (u8, &'static str, &'static str) {
    use crate::live::Error as E;
    match error {
        E::Ops(error) => operation(error),
        E::KeyRefused { .. } => (4, "key-refused", "The platform does not accept the key"),
        E::Unreachable { .. } => (6, "unreachable", "The platform cannot be reached"),
        E::Slowed { .. } => (6, "slowed", "The platform asks for fewer calls"),
        E::Lost { .. } | E::TooLong { .. } | E::Unexpected { .. } => {
            (6, "no-answer", "The platform gave no usable answer")
        }
        E::Unable(_) => (1, "no-tls", "No secure connection can be made"),
    }
}

fn operation(error: &ops::Error) -> (u8, &'static str, &'static str) {
    use ops::Error as E;
    match error {
        E::NotFound { .. } => (3, "resource-not-found", "Not found"),
        E::Ambiguous { .. } => (2, "ambiguous", "Ambiguous id"),
        E::Refused(refusal) if refusal.code == "too-many-requests" => {
            (6, refusal.code, "Try again later")
        }
        E::Refused(refusal) if refusal.code == "resource-not-found" => {
            (4, "resource-not-found", "Gone")
        }
        E::Refused(refusal) => (4, refusal.code, "Refused"),
        E::Forbidden(_) => (5, "permission-missing", "Not permitted"),
        E::Unconfirmed(_) => (5, "confirmation-missing", "Not confirmed"),
        E::Changed(_) | E::PlanChanged(_) => (4, "changed", "Changed in the meantime"),
        E::Filter(_) => (2, "filter", "The filter has a mistake"),
        E::Input(_) => (2, "input", "Invalid input"),
        E::TimedOut(_) => (12, "timed-out", "Timed out waiting"),
        E::Store(store) => stored(store),
    }
}

fn stored(error: &store::Error) -> (u8, &'static str, &'static str) {
    use store::Error as E;
    match error {
        E::Busy { .. } | E::Interrupted => (6, "busy", "Try again later"),
        E::Threads(_) => (6, "no-threads", "Too few threads"),
        E::Memory => (6, "no-memory", "Too little memory"),
        E::Full => (7, "disk-full", "The disk is full"),
        E::ReadOnly => (7, "not-writable", "The database cannot be written"),
        E::NoDirectory { .. } => (7, "no-directory", "The directory does not exist"),
        E::Io(_) => (7, "io", "The database cannot be read or written"),
        E::Missing { .. } => (8, "no-database", "There is no database"),
        E::Incomplete { .. } => (8, "incomplete", "A part of the database is missing"),
        E::Foreign { .. } => (8, "foreign", "Not a switchboard database"),
        E::Older { .. } => (8, "older", "Made by an older version"),
        E::Newer { .. } => (8, "newer", "Made by a newer version"),
        E::Damaged { .. } | E::Pages | E::Row { .. } | E::Sql(_) => {
            (8, "damaged", "The database is damaged")
        }
        E::Absent { .. } => (3, "resource-not-found", "Not found"),
        E::Clash { .. } => (4, "resource-already-exists", "Already exists"),
        E::Pattern { .. } => (2, "filter", "The filter has a mistake"),
        E::NotOrdered { .. } => (4, "not-ordered", "The order would be slow"),
        E::NothingLost { .. } => (4, "nothing-lost", "Nothing is lost"),
        E::Closed => (8, "closed", "The database is closed"),
        E::NotWrittenHere { .. } => (10, "not-written-here", "Not written by this program"),
        E::Panicked => (101, "defect", "A defect of this program"),
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
        | E::NoDataKeys { .. }
        | E::KeyMissing { .. }
        | E::OtherKeys { .. }
        | E::Mismatch { .. } => (9, "key-file", "A key file is wrong"),
        E::Replaced { .. } | E::Gone { .. } => {
            (8, "file-replaced", "A file of the database was replaced")
        }
        E::Unsealable | E::Unreadable | E::Damaged { .. } => {
            (8, "unsealable", "Sealed data cannot be opened")
        }
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
    fn every_failure_has_its_exit_code() {
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
            (Failure::ReadOnly("purge".into()), 4),
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
