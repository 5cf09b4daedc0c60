//! The key files beside the database. A data key is durable before the first row sealed with it; the head of the audit
//! is written after the commit that moved it.

mod binding;
mod files;
mod heads;

pub(crate) use binding::Loss;
pub(crate) use files::Files;

use super::error::{Error, Result};
use crate::domain::bank_data::Credentials;
use crate::domain::ids::InstitutionId;
use crate::domain::secret::Secret;
use crate::vault::{
    self, ApiKeyText, AuditHead, AuditKey, Binding, DataKey, DataKeys, Destroyed, Identity, Mac,
    MasterKey, Record, Slot, TokenKey,
};
use binding::Known;
use std::sync::atomic::{AtomicBool, Ordering};
use zeroize::Zeroizing;

pub(crate) struct Keys {
    files: Files,
    master: Option<MasterKey>,
    data: Option<DataKeys>,
    /// Why there are no data keys, when their file is there.
    unusable: Option<vault::Error>,
    head: Option<AuditHead>,
    known: Known,
    /// The files that were opened, the database first.
    opened: Vec<Identity>,
    unsynced: AtomicBool,
    moved: AtomicBool,
}

/// The row of a record, and whose it is; what does not apply is empty.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bound<'a> {
    pub(crate) row: &'a str,
    /// A number beside the row that grows with each one that is written.
    pub(crate) count: i64,
    pub(crate) user: &'a str,
    pub(crate) institution: &'a str,
}

impl<'a> Bound<'a> {
    /// A row of this id that belongs to nobody, or whose owner may change.
    pub(crate) fn row(row: &'a str) -> Self {
        Self {
            row,
            ..Self::default()
        }
    }

    /// A row of a user, under an id of its own or of the user.
    pub(crate) fn of_user(row: &'a str, user: &'a str) -> Self {
        Self {
            user,
            ..Self::row(row)
        }
    }
}

impl Keys {
    fn master(&self) -> Result<&MasterKey> {
        self.master.as_ref().ok_or_else(|| {
            vault::Error::Lost {
                path: self.files.master.clone(),
            }
            .into()
        })
    }

    fn data(&self) -> Result<&DataKeys> {
        self.data.as_ref().ok_or_else(|| {
            vault::Error::NoDataKeys {
                path: self.files.keys.clone(),
            }
            .into()
        })
    }

    pub(crate) fn files(&self) -> &Files {
        &self.files
    }

    pub(crate) fn have_master(&self) -> bool {
        self.master.is_some()
    }

    /// The data key in a slot; none when it was destroyed.
    pub(crate) fn data_key(&self, slot: i64) -> Result<Option<DataKey>> {
        Ok(self.data()?.get(self.master()?, slot.unsigned_abs())?)
    }

    /// Makes a data key; it is synced to disk before the running transaction commits.
    pub(crate) fn make_data_key(&self, slot: i64) -> Result<DataKey> {
        self.unmoved()?;
        self.unsynced.store(true, Ordering::Relaxed);
        Ok(self.data()?.make(self.master()?, slot.unsigned_abs())?)
    }

    /// The error for a slot beyond the end of the key file.
    pub(crate) fn missing(&self, slot: i64) -> Error {
        vault::Error::KeyMissing {
            path: self.files.keys.clone(),
            slot: slot.unsigned_abs(),
        }
        .into()
    }

    pub(crate) fn slot(&self, slot: i64) -> Result<Slot> {
        Ok(self.data()?.holds(self.master()?, slot.unsigned_abs())?)
    }

    /// Destroys the key in a slot, at once and irrevocably.
    pub(crate) fn destroy_data_key(&self, slot: i64) -> Result<Destroyed> {
        self.unmoved()?;
        Ok(self.data()?.destroy(slot.unsigned_abs())?)
    }

    pub(crate) fn destroyed(&self, slot: i64) -> Result<bool> {
        Ok(self.data()?.destroyed(slot.unsigned_abs())?)
    }

    pub(crate) fn seal_record(
        &self,
        record: Record,
        of: &Bound<'_>,
        plain: &[u8],
    ) -> Result<Vec<u8>> {
        let to = self.binding(of);
        Ok(self.master()?.seal_record(record, &to, plain)?)
    }

    pub(crate) fn open_record(
        &self,
        record: Record,
        of: &Bound<'_>,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>> {
        let to = self.binding(of);
        Ok(self.master()?.open_record(record, &to, sealed)?)
    }

    fn binding<'a>(&'a self, of: &Bound<'a>) -> Binding<'a> {
        Binding {
            database: self.known.id.as_deref().unwrap_or_default(),
            row: of.row,
            count: of.count,
            user: of.user,
            institution: of.institution,
        }
    }

    pub(crate) fn contact_digest(&self, contact: &Secret) -> Result<Vec<u8>> {
        Ok(self.master()?.contact_digest(contact)?)
    }

    pub(crate) fn id_digest(&self, id: &str) -> Result<Vec<u8>> {
        Ok(self.master()?.id_digest(id))
    }

    pub(crate) fn credential_digest(&self, credentials: &Credentials) -> Result<Vec<u8>> {
        Ok(self.master()?.credential_digest(credentials)?)
    }

    pub(crate) fn api_key_digest(&self, key: &ApiKeyText) -> Result<Mac> {
        Ok(self.master()?.api_key_digest(key))
    }

    pub(crate) fn is_api_key(&self, key: &ApiKeyText, digest: &[u8]) -> Result<bool> {
        Ok(self.master()?.is_api_key(key, digest))
    }

    /// The code that opens an auth link; none without the master key.
    pub(crate) fn link_code(&self, id: &str) -> Option<Secret> {
        self.master.as_ref().map(|master| master.link_code(id))
    }

    pub(crate) fn is_link_code(&self, id: &str, code: &Secret) -> Result<bool> {
        Ok(self.master()?.is_link_code(id, code))
    }

    pub(crate) fn token_key(&self) -> Result<TokenKey> {
        Ok(self.master()?.token_key())
    }

    pub(crate) fn audit_key(&self) -> Result<AuditKey> {
        Ok(self.master()?.audit_key())
    }

    /// The digest over what a row orders; none without the master key.
    pub(crate) fn row_tag(&self, what: &str, columns: &[Vec<u8>]) -> Option<Vec<u8>> {
        let database = self.known.id.as_deref().unwrap_or_default();
        let key = self.master.as_ref()?.audit_key();
        Some(key.tag(database, what, columns)[..16].to_vec())
    }

    /// Whether what an earlier version left open has its tags.
    pub(crate) fn open_rows_are_tagged(&self) -> Result<bool> {
        self.data
            .as_ref()
            .map_or(Ok(false), |data| Ok(data.tagged()?))
    }

    /// An error when the database, or a file beside it that was opened, was replaced or moved away since.
    pub(crate) fn unmoved(&self) -> Result<()> {
        for opened in &self.opened {
            opened.check()?;
        }
        Ok(())
    }

    /// The same of the database alone.
    pub(crate) fn database_unmoved(&self) -> Result<()> {
        self.opened
            .first()
            .map_or(Ok(()), |database| Ok(database.check()?))
    }

    /// Refuses a commit into a file that was replaced, and syncs new data keys to disk; runs right before a commit.
    pub(crate) fn before_commit(&self) -> Result<()> {
        self.unmoved()?;
        if self.unsynced.swap(false, Ordering::Relaxed) {
            self.data()?.sync()?;
        }
        Ok(())
    }
}

pub(super) fn unknown_bank(id: &InstitutionId) -> Error {
    super::error::absent("institution", id)
}
