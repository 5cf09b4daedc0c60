//! What can go wrong with keys and sealed data.

use std::path::PathBuf;

/// A failure of the vault. Never holds key bytes or anything that was sealed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// Others may read the key file.
    #[error("{} can be read by others (mode {mode:o}); run  chmod 600 {}", path.display(), path.display())]
    TooOpen {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A key file must be the file itself.
    #[error("{} is a symbolic link or not a regular file; a key file must be the file itself", path.display())]
    NotAFile {
        /// What lies there.
        path: PathBuf,
    },
    /// Somebody else's file.
    #[error("{} belongs to another user", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// The file is not what it should be.
    #[error("{} is not a switchboard key file, or it is damaged", path.display())]
    Broken {
        /// The file.
        path: PathBuf,
    },
    /// The master key is not there.
    #[error("the master key {} is missing: what was sealed with it cannot be read; the rest works", path.display())]
    Lost {
        /// Where it should be.
        path: PathBuf,
    },
    /// The key files belong to another database.
    #[error("the key file {} belongs to another database", path.display())]
    Mismatch {
        /// The file.
        path: PathBuf,
    },
    /// Sealed bytes do not open: damaged, moved to another row, or sealed with another key.
    #[error("sealed data does not open; it was changed or its key is another")]
    Unsealable,
    /// Opened bytes do not read as what they should be.
    #[error("sealed data opened but does not read")]
    Unreadable,
    /// A key that was to be destroyed is still in its file.
    #[error("the data key in slot {slot} could not be destroyed")]
    StillThere { slot: u64 },
    /// The operating system said no.
    #[error("{}: {cause}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        cause: std::io::Error,
    },
    /// No random numbers to be had.
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

/// What the vault answers.
pub(crate) type Result<T> = std::result::Result<T, Error>;
