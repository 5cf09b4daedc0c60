//! The header of the key file beyond its mark: the id of the file, the highest line of the audit that was committed, and
//! whether what an earlier version left open has its tags.

use super::DataKeys;
use crate::vault::error::{Error, Result};
use crate::vault::master::MasterKey;
use crate::vault::private_file::random;
use std::os::unix::fs::FileExt;

const ID: usize = 16;
const ID_AT: u64 = 16;
const HIGHEST_AT: u64 = 32;
const TAGGED_AT: u64 = 56;

impl DataKeys {
    /// Gives the file its id where it has none, as files of earlier versions do, and makes that durable.
    pub(crate) fn name(&self, master: &MasterKey) -> Result<[u8; ID]> {
        if let Some(id) = self.id()? {
            return Ok(id);
        }
        let mut id = [0u8; ID];
        random(&mut id)?;
        self.file
            .write_all_at(&id, ID_AT)
            .map_err(Error::io(&self.path))?;
        self.set_highest(master, 0)?;
        self.file.sync_all().map_err(Error::io(&self.path))?;
        Ok(id)
    }

    /// The id of this file; none in one of an earlier version.
    pub(crate) fn id(&self) -> Result<Option<[u8; ID]>> {
        let mut id = [0u8; ID];
        self.read(&mut id, ID_AT)?;
        Ok(Some(id).filter(|id| *id != [0u8; ID]))
    }

    /// The highest line of the audit that was committed; none when it was not written with the master key.
    pub(crate) fn highest(&self, master: &MasterKey) -> Result<Option<u64>> {
        let mut bytes = [0u8; 24];
        self.read(&mut bytes, HIGHEST_AT)?;
        let seq = u64::from_be_bytes(bytes[..8].try_into().expect("8 bytes"));
        let id = self.id()?.unwrap_or_default();
        Ok(Some(seq).filter(|seq| master.highest_tag(&id, *seq) == bytes[8..]))
    }

    pub(crate) fn set_highest(&self, master: &MasterKey, seq: u64) -> Result<()> {
        let mut bytes = [0u8; 24];
        bytes[..8].copy_from_slice(&seq.to_be_bytes());
        let id = self.id()?.unwrap_or_default();
        bytes[8..].copy_from_slice(&master.highest_tag(&id, seq));
        self.file
            .write_all_at(&bytes, HIGHEST_AT)
            .map_err(Error::io(&self.path))
    }

    /// Whether the jobs and plans that an earlier version left open have got their tags.
    pub(crate) fn tagged(&self) -> Result<bool> {
        let mut byte = [0u8; 1];
        self.read(&mut byte, TAGGED_AT)?;
        Ok(byte == [1])
    }

    /// Notes it for good: here, where nobody who can only change the database can undo it.
    pub(crate) fn set_tagged(&self) -> Result<()> {
        self.file
            .write_all_at(&[1], TAGGED_AT)
            .and_then(|()| self.file.sync_data())
            .map_err(Error::io(&self.path))
    }
}
