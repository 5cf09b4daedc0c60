//! The place and digest of the newest line of the audit, in its own file, so that removed lines are noticed. It carries
//! a keyed digest over itself and the id of the database, so that nobody makes one without the master key.
//! Two copies are written in turn, so that a torn write loses at most one.

use super::digest::HeadKey;
use super::error::{Error, Result};
use super::identity::Identity;
use super::private_file::{create_private, open_private};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

const MAGIC: &[u8; 8] = b"SBAUDIT2";
/// Versions before wrote a checksum without a key.
const UNKEYED: &[u8; 8] = b"SBAUDIT1";
const COPY: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) seq: u64,
    pub(crate) mac: [u8; 32],
}

pub(crate) struct AuditHead {
    path: PathBuf,
    file: File,
    identity: Identity,
}

impl AuditHead {
    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// `Ok(None)`: there is none.
    pub(crate) fn open(path: &Path, write: bool, create: bool) -> Result<Option<Self>> {
        let file = match open_private(path, write)? {
            Some(file) => file,
            None if create => create_private(path)?,
            None => return Ok(None),
        };
        Ok(Some(Self {
            path: path.into(),
            identity: Identity::of(path, &file)?,
            file,
        }))
    }

    /// The newer of the two copies that were made with this key; none when neither was.
    pub(crate) fn read(&self, key: &HeadKey) -> Result<Option<Head>> {
        self.newest(|copy| &copy[..8] == MAGIC && key.makes(&copy[..48], &copy[48..]))
    }

    /// What the file says of itself, without the key; also what an older version wrote. It proves nothing.
    pub(crate) fn read_unproven(&self) -> Result<Option<Head>> {
        self.newest(|copy| &copy[..8] == MAGIC || unkeyed(copy))
    }

    /// What an older version wrote.
    pub(crate) fn read_unkeyed(&self) -> Result<Option<Head>> {
        self.newest(unkeyed)
    }

    fn newest(&self, good: impl Fn(&[u8; COPY]) -> bool) -> Result<Option<Head>> {
        let mut newest = None::<Head>;
        for place in 0..2 {
            let mut copy = [0u8; COPY];
            let read = self
                .file
                .read_at(&mut copy, (place * COPY) as u64)
                .map_err(Error::io(&self.path))?;
            if read < COPY || !good(&copy) {
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
    pub(crate) fn write(&self, key: &HeadKey, head: Head) -> Result<()> {
        self.file
            .write_all_at(&copy(key, head), (head.seq % 2) * COPY as u64)
            .map_err(Error::io(&self.path))
    }

    /// Writes the head over both copies: what they said is not wanted any more.
    pub(crate) fn reset(&self, key: &HeadKey, head: Head) -> Result<()> {
        let both = copy(key, head).repeat(2);
        self.file
            .write_all_at(&both, 0)
            .and_then(|()| self.file.sync_data())
            .map_err(Error::io(&self.path))
    }
}

fn copy(key: &HeadKey, head: Head) -> [u8; COPY] {
    let mut copy = [0u8; COPY];
    copy[..8].copy_from_slice(MAGIC);
    copy[8..16].copy_from_slice(&head.seq.to_be_bytes());
    copy[16..48].copy_from_slice(&head.mac);
    let tag = key.tag(&copy[..48]);
    copy[48..].copy_from_slice(&tag);
    copy
}

fn unkeyed(copy: &[u8; COPY]) -> bool {
    &copy[..8] == UNKEYED && copy[48..] == Sha256::digest(&copy[..48])[..16]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::MasterKey;

    fn key(dir: &Path, database: &str) -> HeadKey {
        let master = MasterKey::open_or_create(&dir.join("m")).unwrap();
        master.head_key(database)
    }

    fn head(seq: u64) -> Head {
        Head {
            seq,
            mac: [seq as u8; 32],
        }
    }

    #[test]
    fn a_torn_copy_leaves_the_other() {
        let dir = tempfile::tempdir().unwrap();
        let (path, key) = (dir.path().join("a"), key(dir.path(), "d"));
        let file = AuditHead::open(&path, true, true).unwrap().unwrap();
        assert_eq!(file.read(&key).unwrap(), None);
        file.write(&key, head(1)).unwrap();
        file.write(&key, head(2)).unwrap();
        assert_eq!(file.read(&key).unwrap(), Some(head(2)));
        file.file.write_all_at(b"torn", 20).unwrap();
        assert_eq!(file.read(&key).unwrap(), Some(head(1)));
        file.reset(&key, head(0)).unwrap();
        assert_eq!(file.read(&key).unwrap(), Some(head(0)));
    }

    /// Neither an older format nor another database's head counts, whoever wrote it.
    #[test]
    fn a_head_made_without_the_key_is_none() {
        let dir = tempfile::tempdir().unwrap();
        let (path, ours) = (dir.path().join("a"), key(dir.path(), "d"));
        let file = AuditHead::open(&path, true, true).unwrap().unwrap();
        file.write(&key(dir.path(), "another"), head(4)).unwrap();
        assert_eq!(file.read(&ours).unwrap(), None);
        let mut forged = [0u8; COPY];
        forged[..8].copy_from_slice(UNKEYED);
        forged[8..16].copy_from_slice(&9u64.to_be_bytes());
        let sum = Sha256::digest(&forged[..48]);
        forged[48..].copy_from_slice(&sum[..16]);
        file.file.write_all_at(&forged, 0).unwrap();
        assert_eq!(file.read(&ours).unwrap(), None);
        assert_eq!(file.read_unkeyed().unwrap().map(|h| h.seq), Some(9));
        assert_eq!(file.read_unproven().unwrap().map(|h| h.seq), Some(9));
    }
}
