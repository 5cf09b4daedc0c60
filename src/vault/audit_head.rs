//! The newest digest of the audit chain, in its own file, so that removed lines are noticed.
//! Two copies with checksums are written in turn, so that a torn write loses at most one.

use super::error::{Error, Result};
use super::private_file::{create_private, open_private};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

const MAGIC: &[u8; 8] = b"SBAUDIT1";
const COPY: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) seq: u64,
    pub(crate) mac: [u8; 32],
}

pub(crate) struct AuditHead {
    path: PathBuf,
    file: File,
}

impl AuditHead {
    /// `Ok(None)`: there is none.
    pub(crate) fn open(path: &Path, write: bool, create: bool) -> Result<Option<Self>> {
        let file = match open_private(path, write)? {
            Some(file) => file,
            None if create => create_private(path)?,
            None => return Ok(None),
        };
        Ok(Some(Self {
            path: path.into(),
            file,
        }))
    }

    /// The newer of the two copies that read well; none when neither does or nothing was written yet.
    pub(crate) fn read(&self) -> Result<Option<Head>> {
        let mut newest = None::<Head>;
        for place in 0..2 {
            let mut copy = [0u8; COPY];
            let read = self
                .file
                .read_at(&mut copy, (place * COPY) as u64)
                .map_err(Error::io(&self.path))?;
            if read < COPY || &copy[..8] != MAGIC || copy[48..] != check(&copy[..48]) {
                continue;
            }
            let head = Head {
                seq: u64::from_be_bytes(copy[8..16].try_into().expect("8 bytes")),
                mac: copy[16..48].try_into().expect("32 bytes"),
            };
            if newest.is_none_or(|n| n.seq < head.seq) {
                newest = Some(head);
            }
        }
        Ok(newest)
    }

    /// Writes the head; odd and even places have a copy each.
    pub(crate) fn write(&self, head: Head) -> Result<()> {
        let mut copy = [0u8; COPY];
        copy[..8].copy_from_slice(MAGIC);
        copy[8..16].copy_from_slice(&head.seq.to_be_bytes());
        copy[16..48].copy_from_slice(&head.mac);
        let sum = check(&copy[..48]);
        copy[48..].copy_from_slice(&sum);
        self.file
            .write_all_at(&copy, (head.seq % 2) * COPY as u64)
            .map_err(Error::io(&self.path))
    }
}

fn check(bytes: &[u8]) -> [u8; 16] {
    Sha256::digest(bytes)[..16].try_into().expect("16 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_copy_leaves_the_other() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        let head = AuditHead::open(&path, true, true).unwrap().unwrap();
        assert_eq!(head.read().unwrap(), None);
        let (one, two) = (
            Head {
                seq: 1,
                mac: [1; 32],
            },
            Head {
                seq: 2,
                mac: [2; 32],
            },
        );
        head.write(one).unwrap();
        head.write(two).unwrap();
        assert_eq!(head.read().unwrap(), Some(two));
        head.file.write_all_at(b"torn", 20).unwrap();
        assert_eq!(head.read().unwrap(), Some(one));
    }
}
