//! Imported documents that refer to something not in this file: kept sealed until it comes.

use crate::domain::ids::{InstitutionId, UserId};
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use crate::store::error::Result;
use crate::store::{ReadTxn, WriteTxn};
use crate::vault::Record;
use rusqlite::params;

/// A document that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// `account`, `transaction`, `job`, `connection`.
    pub(crate) kind: String,
    /// Its own id.
    pub(crate) id: String,
    /// What it refers to and nobody has, for people: `connection 79630a12`.
    pub(crate) missing: String,
    /// Whose it is, where it says so.
    pub(crate) user: Option<UserId>,
    /// At which bank, where it says so.
    pub(crate) institution: Option<InstitutionId>,
    /// The document, as it came.
    pub(crate) body: Secret,
}

impl ReadTxn<'_> {
    /// Every document that waits, in order of kind and id.
    pub(crate) fn waiting(&self) -> Result<Vec<Waiting>> {
        self.waiting_after(("", ""), usize::MAX >> 1)
    }
}

impl WriteTxn<'_> {
    /// Keeps a document until what it refers to comes. `true` when it was not kept before.
    pub(crate) fn keep_waiting(&self, waiting: &Waiting, now: Moment) -> Result<bool> {
        let row = format!("{}/{}", waiting.kind, waiting.id);
        let exists: bool = self
            .conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM waiting WHERE kind = ?1 AND id = ?2)")?
            .query_row([&waiting.kind, &waiting.id], |r| r.get(0))?;
        let sealed =
            self.keys
                .seal_record(Record::Waiting, &row, waiting.body.expose().as_bytes())?;
        let sql = "INSERT OR REPLACE INTO waiting (kind, id, missing, user_id, institution_id, at, sealed)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        self.conn.prepare_cached(sql)?.execute(params![
            waiting.kind,
            waiting.id,
            waiting.missing,
            waiting.user.as_ref().map(UserId::as_str),
            waiting.institution.as_ref().map(InstitutionId::as_str),
            now.0,
            sealed,
        ])?;
        Ok(!exists)
    }

    /// Drops a document that waits no more.
    pub(crate) fn drop_waiting(&self, kind: &str, id: &str) -> Result<()> {
        self.conn
            .prepare_cached("DELETE FROM waiting WHERE kind = ?1 AND id = ?2")?
            .execute([kind, id])?;
        Ok(())
    }
}
