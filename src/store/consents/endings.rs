//! Consents that are to end by themselves. Each is marked first, and ends when it is still due a grace later, by the
//! clock and by the count since the start of the system.

use super::{Due, ENDING, FROM, ROW, consent};
use crate::domain::clock_check::Present;
use crate::domain::consent::Consent;
use crate::domain::moment::Moment;
use crate::store::codec::CONSENTED;
use crate::store::error::Result;
use crate::store::{ReadTxn, WriteTxn};
use rusqlite::params;

/// A mark that does not hold: the consent is not due any more, the clock went back, or the system was started since.
const STALE: &str = "c.status = 0 AND c.marked IS NOT NULL
  AND (c.expiry > ?1 OR c.marked > ?1 OR c.marked_boot IS NOT ?2 OR c.marked_up > ?3)";

impl ReadTxn<'_> {
    /// How many users have a consent whose end has come, and how many users there are.
    pub(crate) fn users_with_ended_consents(&self, now: Moment) -> Result<(u64, u64)> {
        let Due(index, at, condition) = ENDING;
        let sql = format!(
            "SELECT count(*) FROM consents c INDEXED BY {index}
             WHERE c.status = {CONSENTED} AND {condition} AND c.{at} <= ?1"
        );
        // a user has one active consent
        let due = self.value(&sql, [now])?;
        let all = match due {
            0 => 0,
            _ => self.value("SELECT count(*) FROM users", [])?,
        };
        Ok((due, all))
    }

    pub(crate) fn any_stale_mark(&self, present: &Present) -> Result<bool> {
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM consents c INDEXED BY consents_marked WHERE {STALE})"
        );
        let (start, up) = present.count();
        self.value(&sql, params![present.now, start, up])
    }

    pub(crate) fn any_ended_unmarked(&self, now: Moment) -> Result<bool> {
        let Due(index, at, condition) = ENDING;
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM consents c INDEXED BY {index}
             WHERE c.status = {CONSENTED} AND {condition} AND c.{at} <= ?1 AND c.marked IS NULL)"
        );
        self.value(&sql, [now])
    }

    /// Consents that were marked so long ago by both counts, the longest ago first.
    pub(crate) fn consents_to_end(
        &self,
        present: &Present,
        grace: i64,
        limit: usize,
    ) -> Result<Vec<Consent>> {
        let Due(_, at, condition) = ENDING;
        let sql = format!(
            "SELECT {ROW} FROM consents c INDEXED BY consents_marked {FROM}
             WHERE c.status = {CONSENTED} AND c.marked IS NOT NULL AND {condition} AND c.{at} <= ?1
               AND c.marked <= ?1 - ?4 AND c.marked_boot = ?2 AND c.marked_up <= ?3 - ?4
             ORDER BY c.marked, c.n LIMIT ?5"
        );
        let (start, up) = present.count();
        let values = params![present.now, start, up, grace, limit];
        self.all(&sql, values, consent)
    }

    /// When the consent that was marked first may end.
    pub(crate) fn next_marked_end(&self, grace: i64) -> Result<Option<Moment>> {
        let Due(_, _, condition) = ENDING;
        let sql = format!(
            "SELECT min(c.marked) FROM consents c INDEXED BY consents_marked
             WHERE c.status = {CONSENTED} AND c.marked IS NOT NULL AND {condition}"
        );
        let first: Option<Moment> = self.value(&sql, [])?;
        Ok(first.map(|at| at.plus_ms(grace)))
    }
}

impl WriteTxn<'_> {
    pub(crate) fn drop_stale_marks(&self, present: &Present) -> Result<()> {
        let sql = format!(
            "UPDATE consents SET marked = NULL
             WHERE n IN (SELECT c.n FROM consents c INDEXED BY consents_marked WHERE {STALE})"
        );
        let (start, up) = present.count();
        self.execute(&sql, params![present.now, start, up])
            .map(drop)
    }

    /// Marks every consent whose end has come and that is not marked.
    pub(crate) fn mark_ended(&self, present: &Present) -> Result<()> {
        let Due(index, at, condition) = ENDING;
        let sql = format!(
            "UPDATE consents SET marked = ?1, marked_boot = ?2, marked_up = ?3
             WHERE n IN (SELECT c.n FROM consents c INDEXED BY {index}
               WHERE c.status = {CONSENTED} AND {condition} AND c.{at} <= ?1 AND c.marked IS NULL)"
        );
        let (start, up) = present.count();
        self.execute(&sql, params![present.now, start, up])
            .map(drop)
    }
}
