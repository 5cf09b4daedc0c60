//! Holds. Whether one is in force is a comparison of times, so each ends at its time and nobody has to end it.

use super::codec::{Coded, FETCHES};
use super::error::Result;
use super::row::Row;
use super::sql::{numbers, page, place, text};
use super::{ReadTxn, WriteTxn};
use crate::domain::hold::Hold;
use crate::domain::ids::{ConnectionId, HoldId, InstitutionId, JobId};
use crate::domain::job::{Kind, State};
use crate::domain::moment::Moment;
use crate::domain::views::{Anchor, Page};
use rusqlite::params;

const COLUMNS: &str =
    "h.n, h.id, i.id AS bank, i.name AS bank_name, h.connections, h.made, h.until, h.ends, h.actor,
  h.reason, h.released";

fn hold(row: &Row<'_>) -> Result<Hold> {
    let bank: Option<InstitutionId> = row.get("bank")?;
    let bank = bank.map(|id| Ok::<_, super::Error>((id, text(row, "bank_name")?)));
    Ok(Hold {
        id: row.get("id")?,
        bank: bank.transpose()?,
        connections: row.get::<_, i64>("connections")?.unsigned_abs(),
        made: row.get("made")?,
        until: row.get("until")?,
        ends: row.get("ends")?,
        actor: text(row, "actor")?,
        reason: text(row, "reason")?,
        released: row.get("released")?,
    })
}

/// Whether a hold in force keeps the job `j` from being claimed. A hold keeps back refreshes and retries; it lets a
/// first connect or a new password try, for which a person waits, and a job go on whose user has answered the bank.
pub(super) fn held_back(now: &str) -> String {
    format!(
        "((j.kind = {refresh} OR j.state = {retry}) AND j.kind <= {FETCHES} AND j.state IN ({queued}, {paused}, {retry})
           AND (EXISTS (SELECT 1 FROM holds h WHERE h.institution_n = j.institution_n AND h.ends > {now})
             OR EXISTS (SELECT 1 FROM held_connections x JOIN holds h ON h.n = x.hold_n
                        WHERE x.connection_n = j.connection_n AND h.ends > {now}))
           AND NOT EXISTS (SELECT 1 FROM job_answers w WHERE w.job_n = j.n))",
        refresh = Kind::Refresh.code(),
        retry = State::WaitingRetry.code(),
        queued = State::Queued.code(),
        paused = State::Paused.code(),
    )
}

impl ReadTxn<'_> {
    /// The hold in force for a connection; of several the one that ends last.
    pub(crate) fn hold_of(&self, id: &ConnectionId, now: Moment) -> Result<Option<Hold>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM holds h LEFT JOIN institutions i ON i.n = h.institution_n WHERE h.n IN (
               SELECT b.n FROM holds b WHERE b.institution_n = (SELECT institution_n FROM connections WHERE id = ?1)
                 AND b.ends > ?2
               UNION SELECT b.n FROM held_connections x JOIN holds b ON b.n = x.hold_n
                 WHERE x.connection_n = (SELECT n FROM connections WHERE id = ?1) AND b.ends > ?2)
             ORDER BY h.ends DESC, h.n DESC LIMIT 1"
        );
        self.first(&sql, params![id, now], hold)
    }

    /// The hold in force for a whole bank; of several the one that ends last.
    pub(crate) fn hold_of_bank(&self, id: &InstitutionId, now: Moment) -> Result<Option<Hold>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM holds h JOIN institutions i ON i.n = h.institution_n
             WHERE i.id = ?1 AND h.ends > ?2 ORDER BY h.ends DESC, h.n DESC LIMIT 1"
        );
        self.first(&sql, params![id, now], hold)
    }

    /// Every hold that there was for a connection or its bank since it was made, oldest first.
    pub(crate) fn holds_of(&self, id: &ConnectionId) -> Result<Vec<Hold>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM holds h LEFT JOIN institutions i ON i.n = h.institution_n WHERE h.n IN (
               SELECT b.n FROM connections c JOIN holds b ON b.institution_n = c.institution_n
                 WHERE c.id = ?1 AND b.ends > c.created
               UNION SELECT x.hold_n FROM held_connections x
                 WHERE x.connection_n = (SELECT n FROM connections WHERE id = ?1))
             ORDER BY h.made, h.n"
        );
        self.all(&sql, [id], hold)
    }

    /// Whether a hold keeps this job from being claimed.
    pub(crate) fn job_held_back(&self, id: &JobId, now: Moment) -> Result<bool> {
        let held = held_back("?2");
        let sql = format!("SELECT EXISTS (SELECT 1 FROM jobs j WHERE j.id = ?1 AND {held})");
        self.value(&sql, params![id, now])
    }

    /// When the next of the holds in force ends: then what it kept back is due.
    pub(crate) fn next_hold_end(&self, now: Moment) -> Result<Option<Moment>> {
        self.value("SELECT min(ends) FROM holds WHERE ends > ?1", [now])
    }

    pub(crate) fn hold(&self, id: &HoldId) -> Result<Option<Hold>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM holds h LEFT JOIN institutions i ON i.n = h.institution_n WHERE h.id = ?1"
        );
        self.first(&sql, [id], hold)
    }

    pub(crate) fn holds_named(&self, text: &str, limit: usize) -> Result<Vec<HoldId>> {
        self.ids_named("holds", text, limit)
    }

    /// The holds in force, the next to end first.
    pub(crate) fn hold_page(
        &self,
        now: Moment,
        from: Option<&Anchor>,
        limit: usize,
    ) -> Result<Page<Hold>> {
        let [ends, n] = numbers::<2>(from).unwrap_or([now.0, i64::MAX]);
        let sql = format!(
            "SELECT {COLUMNS} FROM holds h LEFT JOIN institutions i ON i.n = h.institution_n
             WHERE (h.ends, h.n) > (?1, ?2) ORDER BY h.ends, h.n LIMIT ?3"
        );
        let found = self.all(&sql, params![ends, n, limit + 1], |row| {
            Ok((place([row.get("ends")?, row.get("n")?]), hold(row)?))
        })?;
        Ok(page(found, limit, false))
    }

    pub(crate) fn hold_size(&self, now: Moment) -> Result<u64> {
        self.value("SELECT count(*) FROM holds WHERE ends > ?1", [now])
    }

    /// The connections that a hold of chosen ones is for.
    pub(crate) fn held_by(&self, id: &HoldId) -> Result<Vec<ConnectionId>> {
        let sql = "SELECT c.id FROM held_connections x JOIN connections c ON c.n = x.connection_n
            WHERE x.hold_n = (SELECT n FROM holds WHERE id = ?1) ORDER BY c.n";
        self.column(sql, [id])
    }
}

impl WriteTxn<'_> {
    pub(crate) fn put_hold(&self, hold: &Hold, of: &[ConnectionId]) -> Result<()> {
        let sql =
            "INSERT INTO holds (id, institution_n, connections, made, until, ends, actor, reason)
            VALUES (?1, (SELECT n FROM institutions WHERE id = ?2), ?3, ?4, ?5, ?6, ?7, ?8)";
        let bank = hold.bank.as_ref().map(|(id, _)| id);
        let values = params![
            hold.id,
            bank,
            hold.connections,
            hold.made,
            hold.until,
            hold.ends,
            hold.actor,
            hold.reason
        ];
        self.execute(sql, values)?;
        let n = self.conn.last_insert_rowid();
        for id in of {
            let sql = "INSERT INTO held_connections (connection_n, hold_n)
                SELECT n, ?2 FROM connections WHERE id = ?1";
            self.execute(sql, params![id, n])?;
        }
        Ok(())
    }

    /// Ends a hold now. `false`: it had ended already.
    pub(crate) fn release_hold(&self, id: &HoldId, by: &str, now: Moment) -> Result<bool> {
        let sql = "UPDATE holds SET ends = ?2, released = ?3 WHERE id = ?1 AND ends > ?2";
        Ok(self.execute(sql, params![id, now, by])? == 1)
    }
}
