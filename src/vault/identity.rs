//! Which file was opened at a path. What is written to a file that was replaced or moved away is read by nobody, so the
//! path and the file are compared before anything is written or destroyed.

use super::error::{Error, Result};
use std::fs::{File, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A path and the device and inode of the file that was there when it was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    path: PathBuf,
    file: (u64, u64),
}

impl Identity {
    /// Of an open file.
    pub(super) fn of(path: &Path, file: &File) -> Result<Self> {
        let meta = file.metadata().map_err(Error::io(path))?;
        Ok(Self::new(path, &meta))
    }

    /// Of what is at the path now; none when nothing is there.
    pub(crate) fn at(path: &Path) -> Option<Self> {
        let meta = std::fs::symlink_metadata(path).ok()?;
        Some(Self::new(path, &meta))
    }

    fn new(path: &Path, meta: &Metadata) -> Self {
        Self {
            path: path.into(),
            file: (meta.dev(), meta.ino()),
        }
    }

    /// An error when the path does not lead to this file any more.
    pub(crate) fn check(&self) -> Result<()> {
        let path = || self.path.clone();
        match std::fs::symlink_metadata(&self.path) {
            Ok(meta) if (meta.dev(), meta.ino()) == self.file => Ok(()),
            Ok(_) => Err(Error::Replaced { path: path() }),
            Err(e)
                if matches!(
                    e.kind(),
                    std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
                ) =>
            {
                Err(Error::Gone { path: path() })
            }
            Err(e) => Err(Error::io(&self.path)(e)),
        }
    }
}

/// How a file came to be another one; the part of an error that can be told to several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Moved {
    Replaced(PathBuf),
    Gone(PathBuf),
}

impl Moved {
    pub(crate) fn of(error: &Error) -> Option<Self> {
        match error {
            Error::Replaced { path } => Some(Moved::Replaced(path.clone())),
            Error::Gone { path } => Some(Moved::Gone(path.clone())),
            _ => None,
        }
    }

    pub(crate) fn error(self) -> Error {
        match self {
            Moved::Replaced(path) => Error::Replaced { path },
            Moved::Gone(path) => Error::Gone { path },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_the_same_until_another_one_is_at_its_path() {
        let dir = tempfile::tempdir().unwrap();
        let (path, other) = (dir.path().join("w.db"), dir.path().join("t"));
        std::fs::write(&path, b"one").unwrap();
        // the inode of an open file is not used again
        let open = File::open(&path).unwrap();
        let identity = Identity::of(&path, &open).unwrap();
        assert_eq!(Identity::at(&path), Some(identity.clone()));
        std::fs::write(&path, b"changed in place").unwrap();
        identity.check().unwrap();
        std::fs::copy(&path, &other).unwrap();
        std::fs::rename(&other, &path).unwrap();
        assert!(matches!(identity.check(), Err(Error::Replaced { .. })));
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(identity.check(), Err(Error::Gone { .. })));
        assert_eq!(Identity::at(&path), None);
        std::os::unix::fs::symlink("/dev/null", &path).unwrap();
        assert!(matches!(identity.check(), Err(Error::Replaced { .. })));
    }

    #[test]
    fn a_folder_that_was_renamed_takes_its_files_away() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("data");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("w.db"), b"x").unwrap();
        let identity = Identity::at(&folder.join("w.db")).unwrap();
        std::fs::rename(&folder, dir.path().join("moved")).unwrap();
        assert!(matches!(identity.check(), Err(Error::Gone { .. })));
        std::fs::write(&folder, b"a file instead").unwrap();
        assert!(matches!(identity.check(), Err(Error::Gone { .. })));
    }
}
