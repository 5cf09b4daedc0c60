//! The key file: data keys in slots, each wrapped by the master key and bound to its slot. The database's write lock
//! serialises writers; readers read the file every time, so a key destroyed by another process is gone here too.
//! Layout: a header of 64 bytes (a mark of 8, the id of the master key of 8, the id of this file of 16, the highest number
//! of a line in the audit of 8 with a tag of 16, whether open rows of the database are tagged of 1), then slots of 80: a mark of 8, a nonce of 24, 32 wrapped with their tag of 16.

mod header;

use super::error::{Error, Result};
use super::identity::Identity;
use super::master::MasterKey;
use super::private_file::{create_private, open_private, random};
use super::seal::DataKey;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

const MAGIC: &[u8; 8] = b"SBKEYS1\n";
const HEADER: u64 = 64;
const SLOT: usize = 80;
const MARK: &[u8; 8] = b"SBslot1\n";

pub(crate) struct DataKeys {
    path: PathBuf,
    file: File,
    identity: Identity,
}

/// What a slot of the key file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    Key,
    /// Bytes that are no key of this file.
    Damaged,
    /// Zeros: the key was destroyed, or never made.
    Empty,
    /// The file ends before it. No version writes such a file, so this is never the work of a purge.
    Beyond,
}

/// What destroying a key came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Destroyed {
    Destroyed,
    /// Its slot was zeros already.
    WasNot,
}

impl DataKeys {
    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// `Ok(None)`: there is none.
    pub(crate) fn open(
        path: &Path,
        master: &MasterKey,
        write: bool,
        create: bool,
    ) -> Result<Option<Self>> {
        let file = match open_private(path, write)? {
            Some(file) => file,
            None if create => create_private(path)?,
            None => return Ok(None),
        };
        let keys = Self {
            path: path.into(),
            identity: Identity::of(path, &file)?,
            file,
        };
        let mut header = [0u8; HEADER as usize];
        let found = keys.read(&mut header, 0)?;
        if found == 0 && !create {
            // somebody is making it just now, or it was emptied: the database knows
            return Ok(None);
        }
        if found == 0 {
            header[..8].copy_from_slice(MAGIC);
            header[8..16].copy_from_slice(&master.id());
            keys.file
                .write_all_at(&header, 0)
                .map_err(Error::io(path))?;
            keys.name(master)?;
        } else if found < header.len() || &header[..8] != MAGIC {
            return Err(Error::Broken { path: path.into() });
        } else if header[8..16] != master.id() {
            return Err(Error::Mismatch { path: path.into() });
        }
        Ok(Some(keys))
    }

    /// How many slots the file has room for; a part of one is none.
    pub(crate) fn slots(&self) -> Result<u64> {
        let end = self.file.metadata().map_err(Error::io(&self.path))?.len();
        Ok(end.saturating_sub(HEADER) / SLOT as u64)
    }

    /// Makes the file at least so long, with empty slots.
    pub(crate) fn fill(&self, slots: u64) -> Result<()> {
        let end = self.file.metadata().map_err(Error::io(&self.path))?.len();
        self.file
            .set_len(place(slots).max(end))
            .and_then(|()| self.file.sync_all())
            .map_err(Error::io(&self.path))
    }

    /// An error when the file at the path is not the one that is open here: what is done to this one would be done to
    /// a file that nobody reads.
    fn still_the_file(&self) -> Result<()> {
        match self.identity.check() {
            Err(Error::Gone { path }) => Err(Error::NoDataKeys { path }),
            other => other,
        }
    }

    /// Durable after [`DataKeys::sync`], which has to come before the commit of the first row sealed with it.
    pub(crate) fn make(&self, master: &MasterKey, slot: u64) -> Result<DataKey> {
        self.still_the_file()?;
        let mut key = Zeroizing::new([0u8; 32]);
        random(&mut *key)?;
        let mut nonce = [0u8; 24];
        random(&mut nonce)?;
        let cipher = XChaCha20Poly1305::new(master.wrapping().into());
        let wrapped = cipher
            .encrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: &*key,
                    aad: &slot.to_be_bytes(),
                },
            )
            .map_err(|_| Error::Unsealable)?;
        let mut bytes = [0u8; SLOT];
        bytes[..8].copy_from_slice(MARK);
        bytes[8..32].copy_from_slice(&nonce);
        bytes[32..].copy_from_slice(&wrapped);
        self.file
            .write_all_at(&bytes, place(slot))
            .map_err(Error::io(&self.path))?;
        Ok(DataKey(key))
    }

    pub(crate) fn sync(&self) -> Result<()> {
        self.file.sync_data().map_err(Error::io(&self.path))?;
        self.still_the_file()
    }

    /// None when it was never made or has been destroyed.
    pub(crate) fn get(&self, master: &MasterKey, slot: u64) -> Result<Option<DataKey>> {
        let mut bytes = [0u8; SLOT];
        if self.read(&mut bytes, place(slot))? < SLOT || bytes == [0u8; SLOT] {
            return Ok(None);
        }
        let damaged = || Error::Damaged {
            path: self.path.clone(),
            slot,
        };
        if &bytes[..8] != MARK {
            return Err(damaged());
        }
        let nonce: [u8; 24] = bytes[8..32].try_into().expect("24 bytes");
        let cipher = XChaCha20Poly1305::new(master.wrapping().into());
        let plain = cipher
            .decrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: &bytes[32..],
                    aad: &slot.to_be_bytes(),
                },
            )
            .map_err(|_| damaged())?;
        let plain = Zeroizing::new(plain);
        let mut key = Zeroizing::new([0u8; 32]);
        key.copy_from_slice(&plain);
        Ok(Some(DataKey(key)))
    }

    /// Overwrites a slot with zeros, makes that durable and reads it back. Doing it twice does no harm.
    pub(crate) fn destroy(&self, slot: u64) -> Result<Destroyed> {
        match self.slot(slot)? {
            Found::Beyond => {
                return Err(Error::KeyMissing {
                    path: self.path.clone(),
                    slot,
                });
            }
            Found::Zeros => return Ok(Destroyed::WasNot),
            Found::Bytes => {}
        }
        self.file
            .write_all_at(&[0u8; SLOT], place(slot))
            .map_err(Error::io(&self.path))?;
        self.sync()?;
        // the file may have been replaced meanwhile
        match self.slot(slot)? {
            Found::Zeros => Ok(Destroyed::Destroyed),
            Found::Bytes | Found::Beyond => Err(Error::StillThere { slot }),
        }
    }

    pub(crate) fn holds(&self, master: &MasterKey, slot: u64) -> Result<Slot> {
        Ok(match self.slot(slot)? {
            Found::Beyond => Slot::Beyond,
            Found::Zeros => Slot::Empty,
            Found::Bytes => match self.get(master, slot) {
                Ok(Some(_)) => Slot::Key,
                Ok(None) => Slot::Empty,
                Err(Error::Damaged { .. }) => Slot::Damaged,
                Err(other) => return Err(other),
            },
        })
    }

    pub(crate) fn destroyed(&self, slot: u64) -> Result<bool> {
        Ok(self.slot(slot)? == Found::Zeros)
    }

    /// What is in the slot of the file that is at the path now.
    fn slot(&self, slot: u64) -> Result<Found> {
        self.still_the_file()?;
        let mut bytes = [0u8; SLOT];
        Ok(match self.read(&mut bytes, place(slot))? {
            SLOT if bytes == [0u8; SLOT] => Found::Zeros,
            SLOT => Found::Bytes,
            _ => Found::Beyond,
        })
    }

    fn read(&self, bytes: &mut [u8], at: u64) -> Result<usize> {
        let mut read = 0;
        while read < bytes.len() {
            match self
                .file
                .read_at(&mut bytes[read..], at + read as u64)
                .map_err(Error::io(&self.path))?
            {
                0 => break,
                n => read += n,
            }
        }
        Ok(read)
    }
}

#[derive(PartialEq)]
enum Found {
    Bytes,
    Zeros,
    Beyond,
}

fn place(slot: u64) -> u64 {
    HEADER + slot * SLOT as u64
}

#[cfg(test)]
mod tests {
    use super::super::seal::Sealed;
    use super::*;

    fn open() -> (tempfile::TempDir, MasterKey, DataKeys) {
        let dir = tempfile::tempdir().unwrap();
        let master = MasterKey::open_or_create(&dir.path().join("m")).unwrap();
        let keys = DataKeys::open(&dir.path().join("k"), &master, true, true)
            .unwrap()
            .unwrap();
        (dir, master, keys)
    }

    #[test]
    fn a_destroyed_key_is_gone_from_the_file_and_its_neighbours_are_not() {
        let (dir, master, keys) = open();
        let sealed: Vec<_> = (0..3)
            .map(|slot| {
                keys.make(&master, slot)
                    .unwrap()
                    .seal(Sealed::Profile, "c", b"Gavin Belson")
                    .unwrap()
            })
            .collect();
        assert_eq!(keys.destroy(1).unwrap(), Destroyed::Destroyed);
        assert_eq!(keys.destroy(1).unwrap(), Destroyed::WasNot);
        assert!(matches!(
            keys.destroy(900),
            Err(Error::KeyMissing { slot: 900, .. })
        ));
        assert!(!keys.destroyed(900).unwrap(), "not there proves nothing");
        let other = DataKeys::open(&dir.path().join("k"), &master, false, false)
            .unwrap()
            .unwrap();
        assert!(other.get(&master, 1).unwrap().is_none());
        for slot in [0u64, 2] {
            let key = other.get(&master, slot).unwrap().unwrap();
            assert_eq!(
                &**key
                    .open(Sealed::Profile, "c", &sealed[slot as usize])
                    .unwrap(),
                b"Gavin Belson"
            );
            assert!(key.open(Sealed::Profile, "c", &sealed[1]).is_err());
        }
        let bytes = std::fs::read(dir.path().join("k")).unwrap();
        assert!(
            bytes[place(1) as usize..place(2) as usize]
                .iter()
                .all(|b| *b == 0)
        );
        assert_eq!(bytes.len() as u64, place(3));
    }

    #[test]
    fn a_slot_moved_to_another_place_does_not_open() {
        let (_dir, master, keys) = open();
        keys.make(&master, 0).unwrap();
        keys.make(&master, 1).unwrap();
        let mut bytes = [0u8; SLOT];
        keys.read(&mut bytes, place(0)).unwrap();
        keys.file.write_all_at(&bytes, place(1)).unwrap();
        assert!(matches!(
            keys.get(&master, 1),
            Err(Error::Damaged { slot: 1, .. })
        ));
        assert_eq!(keys.holds(&master, 1).unwrap(), Slot::Damaged);
        assert_eq!(keys.destroy(1).unwrap(), Destroyed::Destroyed);
        assert_eq!(keys.holds(&master, 1).unwrap(), Slot::Empty);
        assert_eq!(keys.holds(&master, 0).unwrap(), Slot::Key);
        assert_eq!(keys.holds(&master, 2).unwrap(), Slot::Beyond);
    }

    /// A process that has the file open destroys and makes nothing in one that was put in its place.
    #[test]
    fn a_key_file_that_was_replaced_or_removed_is_refused() {
        let (dir, master, keys) = open();
        keys.make(&master, 0).unwrap();
        let (path, copy) = (dir.path().join("k"), dir.path().join("copy"));
        std::fs::copy(&path, &copy).unwrap();
        std::fs::rename(&copy, &path).unwrap();
        assert!(matches!(keys.destroy(0), Err(Error::Replaced { .. })));
        assert!(matches!(keys.destroyed(0), Err(Error::Replaced { .. })));
        assert!(matches!(keys.make(&master, 1), Err(Error::Replaced { .. })));
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(keys.destroy(0), Err(Error::NoDataKeys { .. })));
        let link = dir.path().join("elsewhere");
        std::fs::write(&link, b"").unwrap();
        std::os::unix::fs::symlink(&link, &path).unwrap();
        assert!(matches!(keys.destroy(0), Err(Error::Replaced { .. })));
    }

    #[test]
    fn another_databases_key_file_is_refused() {
        let (dir, _, _) = open();
        let other = MasterKey::open_or_create(&dir.path().join("m2")).unwrap();
        let refused = DataKeys::open(&dir.path().join("k"), &other, true, true);
        assert!(matches!(refused, Err(Error::Mismatch { .. })));
    }
}
