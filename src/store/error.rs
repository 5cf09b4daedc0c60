//! The errors of the store, each with what it went wrong on. None holds personal data.

use crate::vault;
use rusqlite::ErrorCode;
use std::path::PathBuf;
use std::time::Duration;

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The folder that should hold the file is not there.
    #[error("the directory of {} does not exist", path.display())]
    NoDirectory {
        /// The database asked for.
        path: PathBuf,
    },
    /// There is no database, and this use does not create one.
    #[error("there is no database at {}; `switchboard` or `switchboard generate` makes one", path.display())]
    Missing {
        /// The database asked for.
        path: PathBuf,
    },
    /// Something else lies there.
    #[error("{} is not a switchboard database ({what}); it was not touched", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What it is instead, as far as could be seen.
        what: String,
    },
    /// A newer program made it.
    #[error("{} was made by a newer switchboard (schema {found}, this one knows {known}); it was not touched", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// An older program made it, and it was opened for reading only.
    #[error(
        "{} was made by an older switchboard (schema {found}, this one reads {known}); any command without \
         --read-only brings it up to date",
        path.display()
    )]
    Older {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// SQLite cannot make sense of it.
    #[error("{} is damaged; run `switchboard doctor`, and restore a backup if it says so", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// Another process held the write lock for too long.
    #[error("the database stayed busy for {waited:?}; another process is writing, try again")]
    Busy {
        /// How long was waited.
        waited: Duration,
    },
    /// No space left.
    #[error("the disk is full; nothing was changed, free some space and try again")]
    Full,
    /// The file or its folder may not be written.
    #[error("the database can only be read here; nothing was changed")]
    ReadOnly,
    /// The operating system said no.
    #[error("the database could not be read or written: {0}")]
    Io(String),
    /// The query was overtaken by a newer one.
    #[error("overtaken by a newer query")]
    Interrupted,
    /// Keys, sealing.
    #[error(transparent)]
    Vault(#[from] vault::Error),
    /// A value in a row that no version wrote.
    #[error("a row of {table} holds {what}, which no version wrote; run `switchboard doctor`")]
    Row {
        /// The table.
        table: &'static str,
        /// What was found.
        what: String,
    },
    /// Something is referred to that the file does not hold.
    #[error("there is no {what} in the database")]
    Absent {
        /// Kind and id.
        what: String,
    },
    /// Something with that id is there and belongs elsewhere.
    #[error("{what} is in the database already and belongs to another user or bank")]
    Clash {
        /// Kind and id.
        what: String,
    },
    /// A filter holds a pattern that is no regular expression.
    #[error("the pattern `{pattern}` does not read: {why}")]
    Pattern {
        /// As it was written.
        pattern: String,
        /// What is wrong with it, in a few words.
        why: String,
    },
    /// The store's thread is gone; the program is ending.
    #[error("the store is closed")]
    Closed,
    /// Anything else SQLite says.
    #[error("the database refused: {0}")]
    Sql(rusqlite::Error),
}

/// There is no such thing in the database.
pub(super) fn absent(kind: &str, id: impl std::fmt::Display) -> Error {
    Error::Absent {
        what: format!("{kind} {id}"),
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        // a value that a conversion of our own refused
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
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::Busy {
                waited: super::file::open::BUSY,
            },
            Some(ErrorCode::DiskFull) => Error::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Error::ReadOnly,
            Some(ErrorCode::OperationInterrupted) => Error::Interrupted,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Error::Row {
                table: "the file",
                what: "bytes that SQLite cannot read".into(),
            },
            Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => {
                Error::Io(error.to_string())
            }
            _ => Error::Sql(error),
        }
    }
}

/// What the store answers.
pub(crate) type Result<T> = std::result::Result<T, Error>;
