//! The errors of the store, each with what it went wrong on. None holds personal data.

use crate::domain::time_format;
use crate::vault;
use rusqlite::ErrorCode;
use std::path::PathBuf;
use std::time::Duration;

/// How long SQLite itself waits for a lock; the writer tries again after that.
pub(super) const BUSY: Duration = Duration::from_secs(5);

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("the directory of {} does not exist", path.display())]
    NoDirectory { path: PathBuf },
    /// There is no database, and this use does not create one.
    #[error(
        "nothing is here yet: there is no database at {}; begin with `switchboard demo` (a made-up world), \
         `switchboard import FILE`, or `switchboard` (the dashboard)",
        path.display()
    )]
    Missing { path: PathBuf },
    /// The file is not a database of this program.
    #[error("{} is not a switchboard database ({what}); it was not touched", path.display())]
    Foreign { path: PathBuf, what: String },
    #[error("{} was made by a newer switchboard (schema {found}, this one knows {known}); it was not touched", path.display())]
    Newer {
        path: PathBuf,
        found: i64,
        known: i64,
    },
    /// An older program made it, and it was opened for reading only.
    #[error(
        "{} was made by an older switchboard (schema {found}, this one reads {known}); any command without \
         --read-only brings it up to date",
        path.display()
    )]
    Older {
        path: PathBuf,
        found: i64,
        known: i64,
    },
    #[error("{} is damaged; `switchboard doctor` says what of it can be read, and what to do", path.display())]
    Damaged { path: PathBuf },
    /// What was asked for is in pages that SQLite cannot read.
    #[error(
        "a part of the database file is damaged, and what was asked for is in it; `switchboard doctor` says what can be \
         read, and what to do"
    )]
    Pages,
    /// The newest lines of the audit are missing, and with them whatever was written last.
    #[error(
        "{} is not complete: it ends at line {lines} of the audit, and {} knows of line {known}. The newest changes are in \
         {}-wal, which was not copied with it, or this is an older copy. Copy all files that `switchboard doctor` names, \
         after every program that uses them has ended. To go on with what is here, without what is missing, run \
         `switchboard accept-loss audit`",
        path.display(), head.display(), path.display()
    )]
    Incomplete {
        path: PathBuf,
        head: PathBuf,
        lines: u64,
        known: u64,
    },
    /// Another process held the write lock for too long.
    #[error("the database stayed busy for {}; another process is writing, try again", time_format::words(i64::try_from(waited.as_millis()).unwrap_or(i64::MAX)))]
    Busy { waited: Duration },
    #[error("the disk is full; nothing was changed, free some space and try again")]
    Full,
    /// The file or its folder may not be written.
    #[error("the database can only be read here; nothing was changed")]
    ReadOnly,
    #[error("the database could not be read or written: {0}")]
    Io(String),
    #[error("overtaken by a newer query")]
    Interrupted,
    #[error(transparent)]
    Vault(#[from] vault::Error),
    #[error("a row of {table} holds {what}, which no version wrote; run `switchboard doctor`")]
    Row { table: &'static str, what: String },
    /// What a job or plan orders does not match its digest.
    #[error(
        "{what} {id} was not written by this program, or was changed by something else: it is not carried out; \
         `switchboard audit` says who asked for what"
    )]
    NotWrittenHere { what: &'static str, id: String },
    /// The file does not hold something that is referred to.
    #[error("there is no {what} in the database")]
    Absent { what: String },
    /// The id exists already and belongs to another user or bank.
    #[error("{what} is in the database already and belongs to another user or bank")]
    Clash { what: String },
    /// A pattern of a filter is not a regular expression.
    #[error("the pattern `{pattern}` does not read: {why}")]
    Pattern { pattern: String, why: String },
    /// An order that no index holds, over too many rows to sort them.
    #[error(
        "the order `{order}` has no index, so its rows have to be sorted, and there are more than {most}; narrow the filter, \
         or order by mover, last, status, `status,last`, bank, user, job or since"
    )]
    NotOrdered { order: String, most: u64 },
    /// A loss was to be accepted that there is not.
    #[error("nothing is lost: {what}; nothing was changed")]
    NothingLost { what: &'static str },
    /// Reading or writing met what the code does not expect; nothing was changed.
    #[error(
        "a defect of switchboard: a change of the database could not be made with what is stored"
    )]
    Panicked,
    #[error(
        "the system starts no more threads for this program ({0}); end other programs of this user, or raise the limits \
         for processes and memory (ulimit -u, ulimit -v), then try again"
    )]
    Threads(std::io::Error),
    #[error(
        "there is not enough memory; end other programs, or raise the limit for memory (ulimit -v), then try again"
    )]
    Memory,
    /// The thread of the store has ended, as the program does.
    #[error("the store is closed")]
    Closed,
    /// The text of the statement is only in what `-vv` prints.
    #[error("the database refused what was asked of it ({}); run `switchboard doctor`", reason(.0))]
    Sql(rusqlite::Error),
}

impl Error {
    /// What SQLite says, with the statement, which may hold values.
    pub(crate) fn statement(&self) -> Option<String> {
        match self {
            Error::Sql(error) => Some(error.to_string()),
            _ => None,
        }
    }

    /// Whether the file itself is damaged.
    pub(crate) fn of_the_file(&self) -> bool {
        matches!(self, Error::Pages | Error::Damaged { .. })
    }

    /// Whether the fault lies in one row or in what is sealed for it, so that other rows can be read.
    pub(crate) fn of_one_row(&self) -> bool {
        use vault::Error as V;
        match self {
            Error::Row { .. }
            | Error::NotWrittenHere { .. }
            | Error::Pages
            | Error::Sql(_)
            | Error::Absent { .. }
            | Error::Panicked => true,
            Error::Vault(sealed) => match sealed {
                V::Unsealable
                | V::Unreadable
                | V::Lost { .. }
                | V::KeyMissing { .. }
                | V::Damaged { .. } => true,
                V::TooOpen { .. }
                | V::NotAFile { .. }
                | V::NotOurs { .. }
                | V::Broken { .. }
                | V::NoDataKeys { .. }
                | V::Mismatch { .. }
                | V::StillThere { .. }
                | V::Io { .. }
                | V::Replaced { .. }
                | V::Gone { .. }
                | V::OtherKeys { .. }
                | V::NoRandom => false,
            },
            Error::NoDirectory { .. }
            | Error::Missing { .. }
            | Error::Foreign { .. }
            | Error::Newer { .. }
            | Error::Older { .. }
            | Error::Damaged { .. }
            | Error::Incomplete { .. }
            | Error::Busy { .. }
            | Error::Full
            | Error::ReadOnly
            | Error::Io(_)
            | Error::NothingLost { .. }
            | Error::Interrupted
            | Error::Clash { .. }
            | Error::Pattern { .. }
            | Error::NotOrdered { .. }
            | Error::Threads(_)
            | Error::Memory
            | Error::Closed => false,
        }
    }
}

/// What SQLite says, without the statement.
fn reason(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        rusqlite::Error::SqliteFailure(code, _) => code.to_string(),
        rusqlite::Error::QueryReturnedNoRows => "a row is missing".into(),
        _ => "a value has another form than expected".into(),
    }
}

pub(super) fn absent(kind: &str, id: impl std::fmt::Display) -> Error {
    Error::Absent {
        what: format!("{kind} {id}"),
    }
}

pub(super) fn clash(kind: &str, id: impl std::fmt::Display) -> Error {
    Error::Clash {
        what: format!("{kind} {id}"),
    }
}

/// A copy of the failure for each write that shared the commit.
pub(super) fn repeated(error: &Error) -> Error {
    let moved = match error {
        Error::Vault(vault) => vault::Moved::of(vault),
        _ => None,
    };
    if let Some(moved) = moved {
        return moved.error().into();
    }
    match error {
        Error::Busy { waited } => Error::Busy { waited: *waited },
        Error::Full => Error::Full,
        Error::ReadOnly => Error::ReadOnly,
        Error::Interrupted => Error::Interrupted,
        Error::Closed => Error::Closed,
        Error::Memory => Error::Memory,
        Error::Panicked => Error::Panicked,
        other => Error::Io(other.to_string()),
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        // a conversion of `codec` refused the value
        let error = match error {
            rusqlite::Error::FromSqlConversionFailure(at, kind, source) => {
                match source.downcast::<Self>() {
                    Ok(own) => return *own,
                    Err(source) => rusqlite::Error::FromSqlConversionFailure(at, kind, source),
                }
            }
            other => other,
        };
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Error::Busy { waited: BUSY }
            }
            Some(ErrorCode::DiskFull) => Error::Full,
            Some(ErrorCode::OutOfMemory) => Error::Memory,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Error::ReadOnly,
            Some(ErrorCode::OperationInterrupted) => Error::Interrupted,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Error::Pages,
            Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => {
                Error::Io(error.to_string())
            }
            _ => Error::Sql(error),
        }
    }
}

pub(crate) type Result<T> = std::result::Result<T, Error>;
