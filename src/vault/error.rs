//! Errors of keys and sealed data.

use std::path::PathBuf;

/// A failure of the vault. Never holds key bytes or anything that was sealed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{} can be read by others (mode {mode:o}); run  chmod 600 {}", path.display(), path.display())]
    TooOpen { path: PathBuf, mode: u32 },
    #[error("{} is a symbolic link or not a regular file; a key file must be the file itself", path.display())]
    NotAFile { path: PathBuf },
    /// Somebody else's file.
    #[error("{} belongs to another user", path.display())]
    NotOurs { path: PathBuf },
    #[error("{} is not a switchboard key file, or it is damaged", path.display())]
    Broken { path: PathBuf },
    #[error("the master key {} is missing: what was sealed with it cannot be read; the rest works", path.display())]
    Lost { path: PathBuf },
    /// Another file is at the path than the one this process has open.
    #[error("a file of the database was replaced while it was in use: {}; nothing was written, destroyed or made since; end every program that uses \
             the database and start again, so that the files that are there now are used", path.display())]
    Replaced { path: PathBuf },
    /// Nothing is at the path of a file that this process has open.
    #[error("a file of the database was removed or moved away while it was in use: {}; nothing was written, destroyed or made since; put it back \
             and start again", path.display())]
    Gone { path: PathBuf },
    #[error("the key file {} is shorter than the database knows it: slot {slot} is not in it; put back the file that \
             belongs to this database, or go on without it by `switchboard accept-loss keys`", path.display())]
    KeyMissing { path: PathBuf, slot: u64 },
    /// A key file of this database, but not the one that its rows are sealed with.
    #[error("{} is not the key file that the database {} is used with; put back the one that belongs to it, or go on without \
             it by `switchboard accept-loss keys`", path.display(), database.display())]
    OtherKeys { path: PathBuf, database: PathBuf },
    #[error("slot {slot} of the key file {} is damaged", path.display())]
    Damaged { path: PathBuf, slot: u64 },
    #[error("{} is missing or empty: it holds the keys of what is sealed, and a copy of a database is not complete without \
             it; copy it from where the database came from, or restore it from the backup of the keys. Nothing was made in \
             its place; `switchboard accept-loss keys` goes on without it", path.display())]
    NoDataKeys { path: PathBuf },
    /// The key files belong to another database.
    #[error("the key file {} belongs to another database", path.display())]
    Mismatch { path: PathBuf },
    /// Sealed bytes do not open: damaged, moved to another row, or sealed with another key.
    #[error("sealed data does not open; it was changed or its key is another")]
    Unsealable,
    /// Opened bytes do not read as what they should be.
    #[error("sealed data opened but does not read")]
    Unreadable,
    /// A key that was to be destroyed is still in its file.
    #[error("the data key in slot {slot} could not be destroyed")]
    StillThere { slot: u64 },
    #[error("{}: {cause}", path.display())]
    Io {
        path: PathBuf,
        cause: std::io::Error,
    },
    #[error("the system gives no random numbers")]
    NoRandom,
}

impl Error {
    pub(super) fn io(path: &std::path::Path) -> impl Fn(std::io::Error) -> Error + '_ {
        move |cause| Error::Io {
            path: path.into(),
            cause,
        }
    }
}

pub(crate) type Result<T> = std::result::Result<T, Error>;
