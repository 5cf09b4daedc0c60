//! How fetches went at each bank by each way, and how long they took, by our own jobs; and what was made of it
//! the last time. Deliberately absent: what the figures mean (`domain/health`).

use crate::domain::connection::Method;
use crate::domain::health::{Outcome, Times};
use crate::domain::ids::InstitutionId;
use crate::domain::job::{Label, State, Title};
use crate::domain::moment::Moment;
use crate::store::codec::{self, Coded};
use crate::store::error::Result;
use crate::store::{ReadTxn, WriteTxn};
use rusqlite::{OptionalExtension, params};

impl ReadTxn<'_> {
    /// The newest outcomes of fetches at a bank by this way since a moment, newest first, at most `limit`.
    /// What failed and waits for its next attempt comes before what has ended.
    pub(crate) fn outcomes(
        &self,
        at: &InstitutionId,
        method: Method,
        since: Moment,
        limit: usize,
    ) -> Result<Vec<Outcome>> {
        let waiting = "SELECT j.updated, j.code, j.step FROM jobs j INDEXED BY jobs_open
            WHERE j.open = 1 AND j.state = ?4 AND j.institution_n = (SELECT n FROM institutions WHERE id = ?1)
              AND j.method = ?2 AND j.updated >= ?3 AND j.code IS NOT NULL LIMIT ?5";
        let ended = "SELECT j.created, j.code, j.step FROM jobs j INDEXED BY jobs_outcomes
            WHERE j.open = 0 AND j.kind <= 2 AND j.institution_n = (SELECT n FROM institutions WHERE id = ?1)
              AND j.method = ?2 AND j.created >= ?3 AND (j.label = ?4 OR j.code IS NOT NULL)
            ORDER BY j.created DESC LIMIT ?5";
        let mut found = Vec::new();
        for (sql, code) in [
            (waiting, State::WaitingRetry.code()),
            (ended, Label::Success.code()),
        ] {
            let mut query = self.conn.prepare_cached(sql)?;
            let room = limit.saturating_sub(found.len()) as i64;
            let mut rows = query.query(params![at.as_str(), method.code(), since.0, code, room])?;
            while let Some(r) = rows.next()? {
                let at_challenge = r
                    .get_ref(2)?
                    .as_bytes()
                    .is_ok_and(|step| step == CHALLENGE.as_bytes());
                found.push(Outcome {
                    at: Moment(r.get(0)?),
                    code: r.get(1)?,
                    at_challenge,
                });
            }
        }
        Ok(found)
    }

    /// How long each step of the newest fetches that went well took, in milliseconds, at most `limit` fetches.
    pub(crate) fn step_times(
        &self,
        at: &InstitutionId,
        method: Method,
        since: Moment,
        limit: usize,
    ) -> Result<Vec<Vec<(Title, i64)>>> {
        let sql = "SELECT j.steps, j.created FROM jobs j INDEXED BY jobs_outcomes
            WHERE j.open = 0 AND j.kind <= 2 AND j.institution_n = (SELECT n FROM institutions WHERE id = ?1)
              AND j.method = ?2 AND j.created >= ?3 AND j.label = ?4 ORDER BY j.created DESC LIMIT ?5";
        let mut query = self.conn.prepare_cached(sql)?;
        let values = params![
            at.as_str(),
            method.code(),
            since.0,
            Label::Success.code(),
            limit as i64
        ];
        let mut rows = query.query(values)?;
        let mut found = Vec::new();
        while let Some(r) = rows.next()? {
            let steps = codec::steps_read(&r.get::<_, String>(0)?, Moment(r.get(1)?))?;
            let lengths = steps
                .into_iter()
                .filter_map(|s| Some((s.title, s.ended?.since(s.started?).max(0))));
            found.push(lengths.collect());
        }
        Ok(found)
    }

    /// How long the steps took when that was last computed, and when that was.
    pub(crate) fn stats(
        &self,
        at: &InstitutionId,
        method: Method,
    ) -> Result<Option<(Option<Times>, Moment)>> {
        let sql = "SELECT stats, measured FROM connectors
            WHERE institution_n = (SELECT n FROM institutions WHERE id = ?1) AND method = ?2 AND measured IS NOT NULL";
        let mut query = self.conn.prepare_cached(sql)?;
        let found = query.query_row(params![at.as_str(), method.code()], |r| {
            Ok((r.get::<_, Option<String>>(0)?, Moment(r.get(1)?)))
        });
        let Some((stats, measured)) = found.optional()? else {
            return Ok(None);
        };
        Ok(Some((
            stats.as_deref().map(codec::times_read).transpose()?,
            measured,
        )))
    }

    /// The ways to banks whose figures were computed before a moment, never, or by a clock that was ahead.
    pub(crate) fn unmeasured(
        &self,
        before: Moment,
        now: Moment,
    ) -> Result<Vec<(InstitutionId, Method)>> {
        let sql =
            "SELECT i.id, k.method FROM connectors k JOIN institutions i ON i.n = k.institution_n
            WHERE k.measured IS NULL OR k.measured <= ?1 OR k.measured > ?2";
        let mut query = self.conn.prepare_cached(sql)?;
        let mut rows = query.query([before.0, now.0])?;
        let mut found = Vec::new();
        while let Some(r) = rows.next()? {
            found.push((r.get::<_, String>(0)?.into(), Method::decode(r.get(1)?)?));
        }
        Ok(found)
    }

    /// When the oldest figures after a moment were computed.
    pub(crate) fn oldest_measure(&self, after: Moment, now: Moment) -> Result<Option<Moment>> {
        let sql = "SELECT min(measured) FROM connectors WHERE measured > ?1 AND measured <= ?2";
        let oldest: Option<i64> = self
            .conn
            .prepare_cached(sql)?
            .query_row([after.0, now.0], |r| r.get(0))?;
        Ok(oldest.map(Moment))
    }

    /// How many fetches run at a bank just now, over every process.
    pub(crate) fn running_at(&self, at: &InstitutionId) -> Result<u64> {
        let sql = "SELECT count(*) FROM jobs j INDEXED BY jobs_open WHERE j.open = 1 AND j.state = ?2 AND j.kind <= 2
            AND j.institution_n = (SELECT n FROM institutions WHERE id = ?1)";
        let values = params![at.as_str(), State::Running.code()];
        let count: i64 = self
            .conn
            .prepare_cached(sql)?
            .query_row(values, |r| r.get(0))?;
        Ok(count.unsigned_abs())
    }
}

/// As the column holds it.
const CHALLENGE: &str = "mfa-challenge";

impl WriteTxn<'_> {
    /// Keeps how long the steps of a way to a bank take; none when nothing was timed.
    pub(crate) fn put_stats(
        &self,
        at: &InstitutionId,
        method: Method,
        times: Option<&Times>,
        now: Moment,
    ) -> Result<()> {
        let sql = "UPDATE connectors SET stats = ?3, measured = ?4
            WHERE institution_n = (SELECT n FROM institutions WHERE id = ?1) AND method = ?2";
        let values = params![
            at.as_str(),
            method.code(),
            times.map(codec::times_text),
            now.0
        ];
        self.conn.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_of_a_challenge_is_the_columns() {
        assert_eq!(Title::MfaChallenge.word(), CHALLENGE);
    }
}
