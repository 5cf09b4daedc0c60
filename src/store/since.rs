//! What changed since a time, along the indexes of times; the newest when there is more than is looked at.

use super::codec::{Coded, FETCHES};
use super::error::Result;
use super::row::Row;
use super::sql::text;
use super::{ReadTxn, WriteTxn};
use crate::domain::hold::Hold;
use crate::domain::job::{State, Title};
use crate::domain::moment::Moment;
use crate::domain::since::{Changed, Looked};
use rusqlite::params;

impl ReadTxn<'_> {
    /// The connections whose status has changed since then, as `actor` sees them, the newest first.
    pub(crate) fn changed_since(
        &self,
        then: Moment,
        actor: &str,
        limit: usize,
    ) -> Result<Vec<Changed>> {
        let failed = State::Failed.code();
        // the first change of an event says what it was before
        let sql = format!(
            "SELECT c.id, i.id AS bank, i.name AS bank_name, c.method, c.label, c.since, c.created > ?1 AS made,
               (SELECT e.type FROM events e WHERE e.connection_id = c.id AND e.seq > ?2 AND e.entity = 'connection'
                  AND e.type IN ('activated', 'invalidated') ORDER BY e.seq LIMIT 1) AS first,
               EXISTS (SELECT 1 FROM jobs f WHERE f.connection_n = c.n AND f.created <= ?1 AND f.ended <= ?1
                  AND f.kind <= {FETCHES}) AS tried,
               EXISTS (SELECT 1 FROM jobs f WHERE f.connection_n = c.n AND f.created <= ?1 AND f.ended <= ?1
                  AND f.kind <= {FETCHES} AND f.state = {failed}) AS failed,
               coalesce(c.taken_by = ?3, 0) AS taken,
               EXISTS (SELECT 1 FROM audit l WHERE l.target = c.id AND l.action = 'snooze' AND l.actor = ?3
                  AND l.at <= c.since AND l.outcome LIKE 'quiet%') AS put_off,
               iif(j.code IS NULL, NULL, j.step) AS step, j.code
             FROM connections c INDEXED BY connections_since
             JOIN institutions i ON i.n = c.institution_n
             LEFT JOIN jobs j ON j.n = c.job_n AND j.kind <= {FETCHES}
             WHERE c.since > ?1 ORDER BY c.since DESC, c.n DESC LIMIT ?4"
        );
        let last = self.last_event_at(then)?;
        self.all(&sql, params![then, last, actor, limit], changed)
    }

    /// The place of the last event that was told then.
    fn last_event_at(&self, then: Moment) -> Result<i64> {
        let sql = "SELECT seq FROM events INDEXED BY events_at WHERE at <= ?1 ORDER BY at DESC, seq DESC LIMIT 1";
        Ok(self.find(sql, [then])?.unwrap_or(0))
    }

    /// How many connections were put off until a time since then, and when the last of these times was.
    pub(crate) fn woken_since(&self, then: Moment, now: Moment) -> Result<(u64, Option<Moment>)> {
        let sql = "SELECT count(*) AS many, max(snoozed) AS last FROM connections c INDEXED BY connections_snoozed
            WHERE c.snoozed > ?1 AND c.snoozed <= ?2";
        let found = self.first(sql, [then, now], |row| {
            let many: i64 = row.get("many")?;
            Ok((many.unsigned_abs(), row.get("last")?))
        })?;
        Ok(found.unwrap_or((0, None)))
    }

    /// The holds that were in force at any time since then, the next to end first.
    pub(crate) fn holds_since(&self, then: Moment, limit: usize) -> Result<Vec<Hold>> {
        Ok(self.hold_page(then, None, limit)?.rows)
    }

    /// When this actor looked, in this sitting and before.
    pub(crate) fn looked(&self, actor: &str) -> Result<Option<Looked>> {
        let Some(kept) = self.meta(&key(actor))? else {
            return Ok(None);
        };
        let mut times = kept.split(' ').map(|it| it.parse().map(Moment));
        Ok(match times.next() {
            Some(Ok(last)) => Some(Looked {
                last,
                before: times.next().and_then(std::result::Result::ok),
            }),
            _ => None,
        })
    }
}

impl WriteTxn<'_> {
    pub(crate) fn set_look(&self, actor: &str, looked: Looked) -> Result<()> {
        let before = looked
            .before
            .map_or_else(String::new, |at| at.0.to_string());
        self.set_meta(&key(actor), &format!("{} {before}", looked.last.0))
    }
}

fn key(actor: &str) -> String {
    format!("looked {actor}")
}

fn changed(row: &Row<'_>) -> Result<Changed> {
    let first: Option<String> = row.get("first")?;
    let step: Option<String> = row.get("step")?;
    Ok(Changed {
        connection: row.get("id")?,
        institution: row.get("bank")?,
        institution_name: text(row, "bank_name")?,
        method: row.get("method")?,
        label: row.get("label")?,
        since: row.get("since")?,
        made: row.get("made")?,
        rose: first.map(|word| word == "activated"),
        tried: row.get("tried")?,
        failed: row.get("failed")?,
        taken: row.get("taken")?,
        put_off: row.get("put_off")?,
        step: step.as_deref().map(Title::parse),
        code: row.get("code")?,
    })
}
