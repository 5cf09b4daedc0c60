//! Disk space reserved beside the database and released when the disk is full, so that a purge still works.

use super::error::{Error, Result};
use super::private_file::create_private;
use rustix::fs::FallocateFlags;
use std::path::{Path, PathBuf};

const BYTES: u64 = 16 << 20;

pub(crate) struct Reserve(PathBuf);

impl Reserve {
    /// The reserve of this path; nothing is touched yet.
    pub(crate) fn at(path: &Path) -> Self {
        Self(path.into())
    }

    /// A file system without room is not an error: then there is none.
    pub(crate) fn ensure(&self) -> Result<()> {
        if std::fs::metadata(&self.0).is_ok_and(|m| m.len() >= BYTES) {
            return Ok(());
        }
        let file = create_private(&self.0)?;
        match rustix::fs::fallocate(&file, FallocateFlags::empty(), 0, BYTES) {
            Ok(()) => Ok(()),
            Err(rustix::io::Errno::NOSPC | rustix::io::Errno::OPNOTSUPP) => self.give_up(),
            Err(errno) => Err(Error::Io {
                path: self.0.clone(),
                cause: errno.into(),
            }),
        }
    }

    /// Doing it twice does no harm.
    pub(crate) fn give_up(&self) -> Result<()> {
        match std::fs::remove_file(&self.0) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Error::io(&self.0)(e)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_set_aside_once_and_given_up_twice() {
        let dir = tempfile::tempdir().unwrap();
        let reserve = Reserve::at(&dir.path().join("w.db.reserve"));
        reserve.ensure().unwrap();
        reserve.ensure().unwrap();
        assert_eq!(
            std::fs::metadata(dir.path().join("w.db.reserve"))
                .unwrap()
                .len(),
            BYTES
        );
        reserve.give_up().unwrap();
        reserve.give_up().unwrap();
    }
}
