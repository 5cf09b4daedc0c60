//! Imported documents that refer to something not in this file: stored sealed until it comes.

use crate::domain::ids::{InstitutionId, UserId};
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use crate::store::error::Result;
use crate::store::{ReadTxn, WriteTxn};
use crate::vault::Record;
use rusqlite::params;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// `account`, `transaction`, `job`, `connection`.
    pub(crate) kind: String,
    pub(crate) id: String,
    /// What it refers to and the file does not hold, for people: `connection 79630a12`.
    pub(crate) missing: String,
    pub(crate) user: Option<UserId>,
    pub(crate) institution: Option<InstitutionId>,
    pub(crate) body: Secret,
}

impl ReadTxn<'_> {
    pub(crate) fn any_waiting(&self) -> Result<bool> {
        self.value("SELECT EXISTS (SELECT 1 FROM waiting)", [])
    }

    /// Documents that wait, in order of kind and id, those after `(kind, id)`.
    pub(crate) fn waiting_after(
        &self,
        (kind, id): (&str, &str),
        limit: usize,
    ) -> Result<Vec<Waiting>> {
        let sql = "SELECT kind, id, missing, user_id, institution_id, sealed FROM waiting
            WHERE (kind, id) > (?1, ?2) ORDER BY kind, id LIMIT ?3";
        self.all(sql, params![kind, id, limit], |row| {
            let (kind, id): (String, String) = (row.get("kind")?, row.get("id")?);
            let sealed: Vec<u8> = row.get("sealed")?;
            let plain = self
                .keys
                .open_record(Record::Waiting, &format!("{kind}/{id}"), &sealed)?;
            Ok(Waiting {
                kind,
                id,
                missing: row.get("missing")?,
                user: row.get("user_id")?,
                institution: row.get("institution_id")?,
                body: Secret::new(String::from_utf8_lossy(&plain).into_owned()),
            })
        })
    }
}

impl WriteTxn<'_> {
    /// Stores a document until what it refers to comes. `true` when it was not stored before.
    pub(crate) fn keep_waiting(&self, waiting: &Waiting, now: Moment) -> Result<bool> {
        let row = format!("{}/{}", waiting.kind, waiting.id);
        let sql = "SELECT EXISTS (SELECT 1 FROM waiting WHERE kind = ?1 AND id = ?2)";
        let exists: bool = self.value(sql, [&waiting.kind, &waiting.id])?;
        let plain = waiting.body.expose().as_bytes();
        let sealed = self.keys.seal_record(Record::Waiting, &row, plain)?;
        let sql = "INSERT OR REPLACE INTO waiting (kind, id, missing, user_id, institution_id, at, sealed)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let values = params![
            waiting.kind,
            waiting.id,
            waiting.missing,
            waiting.user,
            waiting.institution,
            now,
            sealed,
        ];
        self.execute(sql, values)?;
        Ok(!exists)
    }

    /// Writes down that a document that waits lacks something else now. `false` when it lacks the same as before.
    pub(crate) fn set_missing(&self, kind: &str, id: &str, missing: &str) -> Result<bool> {
        let sql = "UPDATE waiting SET missing = ?3 WHERE kind = ?1 AND id = ?2 AND missing <> ?3";
        Ok(self.execute(sql, [kind, id, missing])? > 0)
    }

    pub(crate) fn drop_waiting(&self, kind: &str, id: &str) -> Result<()> {
        let sql = "DELETE FROM waiting WHERE kind = ?1 AND id = ?2";
        self.execute(sql, [kind, id]).map(drop)
    }
}
