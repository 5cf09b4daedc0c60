//! What was purged, so that an older document does not bring it back unasked.

use crate::domain::ids::{AccountId, InstitutionId, UserId};
use crate::domain::moment::Moment;
use crate::store::error::Result;
use crate::store::{ReadTxn, WriteTxn};
use rusqlite::params;

impl ReadTxn<'_> {
    /// Until when the data of a user at a bank was purged.
    pub(crate) fn purged_until(&self, user: &UserId, at: &InstitutionId) -> Result<Option<Moment>> {
        let sql = "SELECT at FROM purged WHERE user_id = ?1 AND institution_id = ?2";
        self.find(sql, params![user, at])
    }

    pub(crate) fn any_purged(&self) -> Result<bool> {
        self.value("SELECT EXISTS (SELECT 1 FROM purged)", [])
    }

    /// Until when the data of an account was purged; the account may be back by now.
    pub(crate) fn account_purged_until(&self, id: &AccountId) -> Result<Option<Moment>> {
        let sql = "SELECT at FROM purged_accounts WHERE digest = ?1";
        self.find(sql, [self.keys.id_digest(id.as_str())?])
    }
}

impl WriteTxn<'_> {
    /// Notes that what is stored of a user at a bank is about to be purged.
    pub(crate) fn note_purge(&self, user: &UserId, at: &InstitutionId, now: Moment) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO purged (user_id, institution_id, at) VALUES (?1, ?2, ?3)";
        self.execute(sql, params![user, at, now])?;
        let sql = "SELECT id FROM accounts WHERE user_n = (SELECT n FROM users WHERE id = ?1)
            AND institution_n = (SELECT n FROM institutions WHERE id = ?2)";
        for id in self.column::<AccountId>(sql, params![user, at])? {
            self.note_purged_account(&id, now)?;
        }
        Ok(())
    }

    pub(crate) fn note_purged_account(&self, id: &AccountId, at: Moment) -> Result<()> {
        let digest = self.keys.id_digest(id.as_str())?;
        let sql = "INSERT OR REPLACE INTO purged_accounts (digest, at) VALUES (?1, ?2)";
        self.execute(sql, params![digest, at]).map(drop)
    }

    /// Forgets a purge, because its data was brought back on purpose.
    pub(crate) fn forget_purge(&self, user: &UserId, at: &InstitutionId) -> Result<()> {
        let sql = "DELETE FROM purged WHERE user_id = ?1 AND institution_id = ?2";
        self.execute(sql, params![user, at]).map(drop)
    }

    pub(crate) fn forget_purged_account(&self, id: &AccountId) -> Result<()> {
        let digest = self.keys.id_digest(id.as_str())?;
        self.execute("DELETE FROM purged_accounts WHERE digest = ?1", [digest])
            .map(drop)
    }
}
