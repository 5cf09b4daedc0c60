//! Reads files that SQLite locks. On POSIX a process loses all its locks on a file when it closes any handle of it, so
//! one handle of each file is kept until the process ends; else another process would believe itself alone, reset the
//! log's index, and write at the same time.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::sync::{LazyLock, Mutex, PoisonError};

/// By device and inode; the inode of an open file is not reused.
static HELD: LazyLock<Mutex<HashMap<(u64, u64), &'static File>>> = LazyLock::new(Mutex::default);

/// A file that can be read at any place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held(&'static File);

impl Held {
    /// Fills `into` with the bytes from `at` on, as many as there are; answers how many.
    pub(crate) fn read_at(&self, into: &mut [u8], at: u64) -> io::Result<usize> {
        let mut read = 0;
        while read < into.len() {
            match self.0.read_at(&mut into[read..], at + read as u64) {
                Ok(0) => break,
                Ok(n) => read += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(read)
    }
}

fn hold(file: File) -> io::Result<Held> {
    // leaked first: an early return must not close it
    let file: &'static File = Box::leak(Box::new(file));
    let meta = file.metadata()?;
    let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(Held(held.entry((meta.dev(), meta.ino())).or_insert(file)))
}

pub(crate) fn open(path: &Path) -> io::Result<Held> {
    let meta = std::fs::metadata(path)?;
    let found = HELD
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get(&(meta.dev(), meta.ino()))
        .copied();
    match found {
        Some(file) => Ok(Held(file)),
        None => hold(File::open(path)?),
    }
}

/// Makes an empty file of this mode where there is none.
pub(crate) fn make(path: &Path, mode: u32) -> io::Result<()> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(mode)
        .open(path)?;
    hold(file).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_opened_once_and_read_anywhere() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        std::fs::write(&path, b"0123456789").unwrap();
        let (first, second) = (open(&path).unwrap(), open(&path).unwrap());
        assert!(std::ptr::eq(first.0, second.0));
        let mut some = [0; 4];
        assert_eq!(
            (first.read_at(&mut some, 8).unwrap(), &some[..2]),
            (2, &b"89"[..])
        );
        assert_eq!((second.read_at(&mut some, 0).unwrap(), &some), (4, b"0123"));
        // a new file at the same path is another one
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, b"abc").unwrap();
        assert_eq!(
            (
                open(&path).unwrap().read_at(&mut some, 0).unwrap(),
                &some[..3]
            ),
            (3, &b"abc"[..])
        );
        assert!(open(&dir.path().join("none")).is_err());
    }
}
