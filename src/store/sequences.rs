//! Sequences: one row each, written whole by whoever holds its epoch. Deliberately absent: which step comes
//! next (the domain) and doing it (the operations).

use super::codec::Coded;
use super::error::Result;
use super::json_columns;
use super::search::backwards;
use super::{ReadTxn, WriteTxn};
use crate::domain::ids::{SequenceId, UserId};
use crate::domain::moment::Moment;
use crate::domain::sequence::{Kind, Sequence};
use crate::domain::views::{Anchor, AnchorKey, Page};
use rusqlite::{OptionalExtension, Row, params};

const ROW: &str = "n, id, kind, user_id, connection_id, institution_id, created, updated, ended, steps, result, epoch,
  owner, lease, actor, reason FROM sequences";

impl Coded for Kind {
    const CODES: &'static [Self] = &Kind::ALL;
    const TABLE: &'static str = "sequences";
}

fn read(row: &Row<'_>) -> rusqlite::Result<Result<Sequence>> {
    let (kind, steps) = (row.get(2)?, row.get::<_, String>(9)?);
    let text = |at: usize| row.get::<_, String>(at);
    let made = Sequence {
        id: text(1)?.into(),
        kind: Kind::Migrate,
        user: text(3)?.into(),
        connection: row.get::<_, Option<String>>(4)?.map(Into::into),
        institution: row.get::<_, Option<String>>(5)?.map(Into::into),
        created: Moment(row.get(6)?),
        updated: Moment(row.get(7)?),
        ended: row.get::<_, Option<i64>>(8)?.map(Moment),
        steps: vec![],
        result: text(10)?,
        epoch: row.get(11)?,
        owner: row.get(12)?,
        lease: row.get::<_, Option<i64>>(13)?.map(Moment),
        actor: text(14)?,
        reason: text(15)?,
    };
    let decode = || {
        Ok(Sequence {
            kind: Kind::decode(kind)?,
            steps: json_columns::steps_read(&steps)?,
            ..made
        })
    };
    Ok(decode())
}

impl ReadTxn<'_> {
    /// One sequence.
    pub(crate) fn sequence(&self, id: &SequenceId) -> Result<Option<Sequence>> {
        let sql = format!("SELECT {ROW} WHERE id = ?1");
        self.conn
            .prepare_cached(&sql)?
            .query_row([id.as_str()], read)
            .optional()?
            .transpose()
    }

    /// The one that is under way for a user.
    pub(crate) fn open_sequence(&self, user: &UserId) -> Result<Option<Sequence>> {
        let sql = format!("SELECT {ROW} WHERE user_id = ?1 AND open = 1");
        self.conn
            .prepare_cached(&sql)?
            .query_row([user.as_str()], read)
            .optional()?
            .transpose()
    }

    /// Every one that is under way, the longest ago ordered first.
    pub(crate) fn open_sequences(&self) -> Result<Vec<Sequence>> {
        let sql = format!("SELECT {ROW} INDEXED BY sequences_one WHERE open = 1");
        let mut query = self.conn.prepare_cached(&sql)?;
        let rows = query.query_map([], read)?;
        let mut found: Vec<Sequence> = rows.map(|r| r?).collect::<Result<_>>()?;
        found.sort_by_key(|s| s.created);
        Ok(found)
    }

    /// How many there are.
    pub(crate) fn sequence_size(&self) -> Result<u64> {
        let sql = "SELECT count(*) FROM sequences INDEXED BY sequences_created";
        Ok(self
            .conn
            .prepare_cached(sql)?
            .query_row([], |r| r.get::<_, i64>(0))?
            .unsigned_abs())
    }

    /// A page of all of them, newest first, after `from`.
    pub(crate) fn sequence_page(
        &self,
        from: Option<&Anchor>,
        limit: usize,
    ) -> Result<Page<Sequence>> {
        let (created, n) = match from.map(|a| a.0.as_slice()) {
            Some([AnchorKey::Number(created), AnchorKey::Number(n)]) => (*created, *n),
            _ => (i64::MAX, i64::MAX),
        };
        let sql = format!(
            "SELECT {ROW} WHERE (created, n) < (?1, ?2) ORDER BY created DESC, n DESC LIMIT ?3"
        );
        let mut query = self.conn.prepare_cached(&sql)?;
        let mut found = query.query(params![created, n, limit as i64 + 1])?;
        let (mut rows, mut anchors) = (Vec::new(), Vec::new());
        while let Some(row) = found.next()? {
            anchors.push(Anchor(vec![
                AnchorKey::Number(row.get(6)?),
                AnchorKey::Number(row.get(0)?),
            ]));
            rows.push(read(row)??);
        }
        let more = rows.len() > limit;
        rows.truncate(limit);
        anchors.truncate(limit);
        Ok(Page {
            first: anchors.first().cloned(),
            last: anchors.last().cloned(),
            rows,
            more,
        })
    }

    /// The ids that end with, begin with or are this text; at most `limit`.
    pub(crate) fn sequences_named(&self, text: &str, limit: usize) -> Result<Vec<SequenceId>> {
        let sql = "SELECT id FROM sequences WHERE id = ?1
            UNION SELECT id FROM sequences WHERE tail = ?3 AND length(?1) = 6
            UNION SELECT id FROM sequences WHERE id >= ?1 AND id < ?1 || char(1114111) AND length(?1) >= 4
            LIMIT ?2";
        let mut query = self.conn.prepare_cached(sql)?;
        let ids = query.query_map(params![text, limit as i64, backwards(text)], |r| {
            r.get::<_, String>(0)
        })?;
        Ok(ids
            .map(|id| id.map(SequenceId::from))
            .collect::<rusqlite::Result<_>>()?)
    }
}

impl WriteTxn<'_> {
    /// Writes a new one. At most one is under way per user: whoever asks looks first.
    pub(crate) fn insert_sequence(&self, new: &Sequence) -> Result<()> {
        let sql = "INSERT INTO sequences (id, kind, user_id, connection_id, institution_id, open, created, updated,
              ended, steps, result, epoch, owner, lease, actor, reason)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";
        self.conn.prepare_cached(sql)?.execute(params![
            new.id.as_str(),
            new.kind.code(),
            new.user.as_str(),
            new.connection.as_ref().map(|id| id.as_str()),
            new.institution.as_ref().map(|id| id.as_str()),
            new.ended.is_none(),
            new.created.0,
            new.updated.0,
            new.ended.map(|at| at.0),
            json_columns::steps_text(&new.steps),
            new.result,
            new.epoch,
            new.owner,
            new.lease.map(|at| at.0),
            new.actor,
            new.reason,
        ])?;
        Ok(())
    }

    /// Writes one as it is now, if nobody has taken it in hand since `epoch`. `false`: somebody has.
    pub(crate) fn save_sequence(&self, it: &Sequence, epoch: i64) -> Result<bool> {
        let sql = "UPDATE sequences SET open = ?3, updated = ?4, ended = ?5, steps = ?6, result = ?7, epoch = ?8,
              owner = ?9, lease = ?10 WHERE id = ?1 AND epoch = ?2 AND open = 1";
        let written = self.conn.prepare_cached(sql)?.execute(params![
            it.id.as_str(),
            epoch,
            it.ended.is_none(),
            it.updated.0,
            it.ended.map(|at| at.0),
            json_columns::steps_text(&it.steps),
            it.result,
            it.epoch,
            it.owner,
            it.lease.map(|at| at.0),
        ])?;
        Ok(written == 1)
    }

    /// Moves the lease of one that is still held by this epoch.
    pub(crate) fn extend_sequence(
        &self,
        id: &SequenceId,
        epoch: i64,
        until: Moment,
    ) -> Result<bool> {
        let sql = "UPDATE sequences SET lease = ?3 WHERE id = ?1 AND epoch = ?2 AND open = 1";
        Ok(self
            .conn
            .prepare_cached(sql)?
            .execute(params![id.as_str(), epoch, until.0])?
            == 1)
    }
}
