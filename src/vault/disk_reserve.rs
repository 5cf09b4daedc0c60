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

    /// A file system without room is not an error: then there is none. Nor is one made while little is left beside it:
    /// it would take away again what another process has just given up.
    pub(crate) fn ensure(&self) -> Result<()> {
        if std::fs::metadata(&self.0).is_ok_and(|m| m.len() >= BYTES) {
            return Ok(());
        }
        let file = create_private(&self.0)?;
        if self.free().is_some_and(|free| free < 2 * BYTES) {
            return Ok(());
        }
        match rustix::fs::fallocate(&file, FallocateFlags::empty(), 0, BYTES) {
            Ok(()) => Ok(()),
            Err(rustix::io::Errno::NOSPC | rustix::io::Errno::OPNOTSUPP) => self.give_up(),
            Err(errno) => Err(Error::Io {
                path: self.0.clone(),
                cause: errno.into(),
            }),
        }
    }

    /// Gives it up when the disk is nearly full; `false` when there was room, or nothing to give.
    pub(crate) fn make_room(&self) -> Result<bool> {
        let held = std::fs::metadata(&self.0).is_ok_and(|m| m.len() > 0);
        let short = self.free().is_some_and(|free| free < BYTES / 2);
        if held && short {
            self.give_up()?;
        }
        Ok(held && short)
    }

    /// The free bytes of the file system; none when it does not say.
    fn free(&self) -> Option<u64> {
        let found = rustix::fs::statvfs(&self.0).ok()?;
        Some(found.f_bavail.saturating_mul(found.f_frsize))
    }

    /// Doing it twice does no harm. It is emptied and stays: while another process has it open, removing it would free
    /// nothing.
    pub(crate) fn give_up(&self) -> Result<()> {
        let emptied = std::fs::OpenOptions::new()
            .write(true)
            .truncate(true)
            .open(&self.0);
        match emptied {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Error::io(&self.0)(e)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::MetadataExt;

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
        // who has it open does not hold its space
        let open = std::fs::File::open(dir.path().join("w.db.reserve")).unwrap();
        reserve.give_up().unwrap();
        reserve.give_up().unwrap();
        assert_eq!(open.metadata().unwrap().blocks(), 0);
        assert!(!reserve.make_room().unwrap(), "there is nothing to give");
        reserve.ensure().unwrap();
        assert!(!reserve.make_room().unwrap(), "there is room");
        assert_eq!(open.metadata().unwrap().len(), BYTES);
    }
}
