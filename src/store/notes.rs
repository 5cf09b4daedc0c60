//! What operators wrote about connections, and how they share the work on them.

use super::error::{Result, absent};
use super::sql::text;
use super::{Bound, ReadTxn, WriteTxn};
use crate::domain::ids::{ConnectionId, InstitutionId, UserId};
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use crate::vault::{Record, codec};
use rusqlite::params;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Note {
    pub(crate) id: String,
    pub(crate) at: Moment,
    pub(crate) actor: String,
    /// None when it cannot be opened.
    pub(crate) text: Option<Secret>,
}

fn bound<'a>(id: &'a str, (user, bank): &'a (UserId, InstitutionId)) -> Bound<'a> {
    Bound {
        user: user.as_str(),
        institution: bank.as_str(),
        ..Bound::row(id)
    }
}

impl ReadTxn<'_> {
    fn owner_of(&self, id: &ConnectionId) -> Result<(UserId, InstitutionId)> {
        let sql =
            "SELECT u.id AS user, i.id AS bank FROM connections c JOIN users u ON u.n = c.user_n
            JOIN institutions i ON i.n = c.institution_n WHERE c.id = ?1";
        let found = self.first(sql, [id], |row| Ok((row.get("user")?, row.get("bank")?)))?;
        found.ok_or_else(|| absent("connection", id))
    }

    /// An error when a note cannot be opened.
    pub(crate) fn note_opens(&self, id: &str) -> Result<()> {
        let sql = "SELECT c.id, t.sealed FROM notes t JOIN connections c ON c.n = t.connection_n WHERE t.id = ?1";
        let found = self.first(sql, [id], |row| {
            Ok((
                row.get::<_, ConnectionId>("id")?,
                row.get::<_, Vec<u8>>("sealed")?,
            ))
        })?;
        let (of, sealed) = found.ok_or_else(|| absent("note", id))?;
        let owner = self.owner_of(&of)?;
        let opened = self
            .keys
            .open_record(Record::Note, &bound(id, &owner), &sealed);
        opened.map(drop)
    }

    /// The newest, at most `limit`, oldest first.
    pub(crate) fn notes_of(&self, id: &ConnectionId, limit: usize) -> Result<Vec<Note>> {
        let owner = self.owner_of(id)?;
        let sql = "SELECT t.id, t.at, t.actor, t.sealed FROM notes t
            WHERE t.connection_n = (SELECT n FROM connections WHERE id = ?1) ORDER BY t.at DESC, t.n DESC LIMIT ?2";
        let mut notes = self.all(sql, params![id, limit], |row| {
            let (note, sealed): (String, Vec<u8>) = (row.get("id")?, row.get("sealed")?);
            let plain = self
                .keys
                .open_record(Record::Note, &bound(&note, &owner), &sealed);
            let parts = plain.ok().and_then(|plain| codec::read_list(&plain).ok());
            Ok(Note {
                at: row.get("at")?,
                actor: text(row, "actor")?,
                text: parts.and_then(|mut parts| parts.pop()),
                id: note,
            })
        })?;
        notes.reverse();
        Ok(notes)
    }
}

impl WriteTxn<'_> {
    pub(crate) fn put_note(
        &self,
        of: &ConnectionId,
        id: &str,
        actor: &str,
        note: Secret,
        now: Moment,
    ) -> Result<()> {
        let owner = self.owner_of(of)?;
        let plain = codec::write_list(&[note]);
        let sealed = self
            .keys
            .seal_record(Record::Note, &bound(id, &owner), &plain)?;
        let sql = "INSERT INTO notes (id, connection_n, at, actor, sealed)
            SELECT ?2, n, ?3, ?4, ?5 FROM connections WHERE id = ?1";
        self.execute(sql, params![of, id, now, actor, sealed])
            .map(drop)
    }

    /// Somebody takes a connection on, or gives it back.
    pub(crate) fn set_taken(&self, id: &ConnectionId, by: Option<&str>, now: Moment) -> Result<()> {
        let sql = "UPDATE connections SET taken_by = ?2, taken = iif(?2 IS NULL, NULL, ?3), version = version + 1
            WHERE id = ?1";
        self.execute(sql, params![id, by, now]).map(drop)
    }

    /// It asks for nobody until then; none ends that.
    pub(crate) fn set_snoozed(&self, id: &ConnectionId, until: Option<Moment>) -> Result<()> {
        let sql = "UPDATE connections SET snoozed = ?2, version = version + 1 WHERE id = ?1";
        self.execute(sql, params![id, until]).map(drop)
    }

    pub(crate) fn set_asked(&self, id: &ConnectionId, now: Moment) -> Result<()> {
        let sql = "UPDATE connections SET asked = ?2, version = version + 1 WHERE id = ?1";
        self.execute(sql, params![id, now]).map(drop)
    }
}
