//! Imported documents that refer to something not in this file: stored sealed until it comes.

use crate::domain::ids::{AccountId, ConnectionId, InstitutionId, UserId};
use crate::domain::import_records::WaitingRow;
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use crate::domain::views::{Anchor, AnchorKey, Page};
use crate::store::error::Result;
use crate::store::row::Row;
use crate::store::sql::page;
use crate::store::{Bound, ReadTxn, WriteTxn};
use crate::vault::Record;
use rusqlite::params;

/// Documents of the user number `?1` at the bank number `?2`: by their owner, by the connection or the account that
/// they name, or by an account that waits itself.
pub(in crate::store) const OF_PAIR: &str = "
  (user_id = (SELECT id FROM users WHERE n = ?1) AND institution_id = (SELECT id FROM institutions WHERE n = ?2))
  OR connection_id IN (SELECT id FROM connections WHERE user_n = ?1 AND institution_n = ?2)
  OR account_id IN (SELECT id FROM accounts WHERE user_n = ?1 AND institution_n = ?2)
  OR account_id IN (SELECT a.id FROM waiting a WHERE a.kind = 'account' AND (
    (a.user_id = (SELECT id FROM users WHERE n = ?1) AND a.institution_id = (SELECT id FROM institutions WHERE n = ?2))
    OR a.connection_id IN (SELECT id FROM connections WHERE user_n = ?1 AND institution_n = ?2)))";

/// The same of the user number `?1` at whichever bank.
pub(in crate::store) const OF_USER: &str = "
  user_id = (SELECT id FROM users WHERE n = ?1)
  OR connection_id IN (SELECT id FROM connections WHERE user_n = ?1)
  OR account_id IN (SELECT id FROM accounts WHERE user_n = ?1)
  OR account_id IN (SELECT a.id FROM waiting a WHERE a.kind = 'account' AND (
    a.user_id = (SELECT id FROM users WHERE n = ?1)
    OR a.connection_id IN (SELECT id FROM connections WHERE user_n = ?1)))";

/// Whose a document that waits is, and what it names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) user: Option<UserId>,
    pub(crate) institution: Option<InstitutionId>,
    pub(crate) connection: Option<ConnectionId>,
    pub(crate) account: Option<AccountId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// `account`, `transaction`, `job`, `connection`.
    pub(crate) kind: String,
    pub(crate) id: String,
    /// What it refers to and the file does not hold, for people: `connection 79630a12`.
    pub(crate) missing: String,
    pub(crate) owner: Owner,
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
        let sql = "SELECT * FROM waiting WHERE (kind, id) > (?1, ?2) ORDER BY kind, id LIMIT ?3";
        self.all(sql, params![kind, id, limit], |row| self.waiting_row(row))
    }

    /// Whose the connection is that a document names, or else the account, where the file knows it.
    pub(crate) fn known_owner(&self, named: &Owner) -> Result<Option<(UserId, InstitutionId)>> {
        let of = |table: &str| {
            format!(
                "SELECT u.id AS user, i.id AS bank FROM {table} t JOIN users u ON u.n = t.user_n
                 JOIN institutions i ON i.n = t.institution_n WHERE t.id = ?1"
            )
        };
        let read = |row: &Row<'_>| Ok((row.get("user")?, row.get("bank")?));
        let known = match &named.connection {
            Some(id) => self.first(&of("connections"), [id], read)?,
            None => None,
        };
        match (known, &named.account) {
            (None, Some(id)) => self.first(&of("accounts"), [id], read),
            (known, _) => Ok(known),
        }
    }

    fn waiting_row(&self, row: &Row<'_>) -> Result<Waiting> {
        let (kind, id): (String, String) = (row.get("kind")?, row.get("id")?);
        let sealed: Vec<u8> = row.get("sealed")?;
        let plain = self.keys.open_record(
            Record::Waiting,
            &Bound::row(&format!("{kind}/{id}")),
            &sealed,
        )?;
        Ok(Waiting {
            kind,
            id,
            missing: row.get("missing")?,
            owner: Owner {
                user: row.get("user_id")?,
                institution: row.get("institution_id")?,
                connection: row.get("connection_id")?,
                account: row.get("account_id")?,
            },
            body: Secret::new(String::from_utf8_lossy(&plain).into_owned()),
        })
    }

    /// Documents whose owner an older version read, up to `limit`; one that does not open has no owner to be read.
    pub(crate) fn waiting_unowned(
        &self,
        limit: usize,
    ) -> Result<Vec<(String, String, Option<Waiting>)>> {
        let sql = "SELECT * FROM waiting WHERE owned = 0 LIMIT ?1";
        self.all(sql, [limit], |row| {
            let waiting = self.waiting_row(row).ok();
            Ok((row.get("kind")?, row.get("id")?, waiting))
        })
    }
}

impl ReadTxn<'_> {
    /// The documents that wait, without what they hold.
    pub(crate) fn waiting_page(
        &self,
        from: Option<&Anchor>,
        limit: usize,
    ) -> Result<Page<WaitingRow>> {
        let (kind, id) = match from.map(|from| from.0.as_slice()) {
            Some([AnchorKey::Text(kind), AnchorKey::Text(id)]) => (kind.as_str(), id.as_str()),
            _ => ("", ""),
        };
        let sql = "SELECT kind, id, missing, user_id, institution_id, at FROM waiting
            WHERE (kind, id) > (?1, ?2) ORDER BY kind, id LIMIT ?3";
        let found = self.all(sql, params![kind, id, limit + 1], |row| {
            let waiting = WaitingRow {
                kind: row.get("kind")?,
                id: row.get("id")?,
                missing: row.get("missing")?,
                user: row.get("user_id")?,
                institution: row.get("institution_id")?,
                at: row.get("at")?,
            };
            let place = [&waiting.kind, &waiting.id].map(|key| AnchorKey::Text(key.clone()));
            Ok((Anchor(place.to_vec()), waiting))
        })?;
        Ok(page(found, limit, false))
    }

    pub(crate) fn waiting_size(&self) -> Result<u64> {
        self.value("SELECT count(*) FROM waiting", [])
    }

    /// The document that waits under this name.
    pub(crate) fn waiting_body(&self, kind: &str, id: &str) -> Result<Option<Secret>> {
        let sql = "SELECT sealed FROM waiting WHERE kind = ?1 AND id = ?2";
        let Some(sealed) = self.find::<Vec<u8>>(sql, [kind, id])? else {
            return Ok(None);
        };
        let row = format!("{kind}/{id}");
        let plain = self
            .keys
            .open_record(Record::Waiting, &Bound::row(&row), &sealed)?;
        Ok(Some(Secret::new(
            String::from_utf8_lossy(&plain).into_owned(),
        )))
    }
}

impl WriteTxn<'_> {
    /// Stores a document until what it refers to comes. `true` when it was not stored before.
    pub(crate) fn keep_waiting(&self, waiting: &Waiting, now: Moment) -> Result<bool> {
        let row = format!("{}/{}", waiting.kind, waiting.id);
        let sql = "SELECT EXISTS (SELECT 1 FROM waiting WHERE kind = ?1 AND id = ?2)";
        let exists: bool = self.value(sql, [&waiting.kind, &waiting.id])?;
        let plain = waiting.body.expose().as_bytes();
        let sealed = self
            .keys
            .seal_record(Record::Waiting, &Bound::row(&row), plain)?;
        let sql = "INSERT OR REPLACE INTO waiting (kind, id, missing, user_id, institution_id, connection_id,
              account_id, owned, at, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8, ?9)";
        let values = params![
            waiting.kind,
            waiting.id,
            waiting.missing,
            waiting.owner.user,
            waiting.owner.institution,
            waiting.owner.connection,
            waiting.owner.account,
            now,
            sealed,
        ];
        self.execute(sql, values)?;
        Ok(!exists)
    }

    /// Writes whose a document is; none when that cannot be read from it, and then it keeps the owner it had.
    pub(crate) fn own_waiting(&self, kind: &str, id: &str, owner: Option<&Owner>) -> Result<()> {
        let sql = "UPDATE waiting SET owned = 1 WHERE kind = ?1 AND id = ?2";
        self.execute(sql, [kind, id])?;
        let Some(owner) = owner else { return Ok(()) };
        let sql = "UPDATE waiting SET user_id = ?3, institution_id = ?4, connection_id = ?5, account_id = ?6
            WHERE kind = ?1 AND id = ?2";
        let values = params![
            kind,
            id,
            owner.user,
            owner.institution,
            owner.connection,
            owner.account
        ];
        self.execute(sql, values).map(drop)
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
