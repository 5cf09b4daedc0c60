//! Outcomes and durations of our own fetches per bank and method, and the figures last computed from them.

use crate::domain::connection::Method;
use crate::domain::health::{FetchOutcome, Times};
use crate::domain::ids::InstitutionId;
use crate::domain::job::{Label, State, Title};
use crate::domain::moment::Moment;
use crate::store::codec::{self, Coded, FETCHES};
use crate::store::error::Result;
use crate::store::row::Row;
use crate::store::sql::text;
use crate::store::{ReadTxn, WriteTxn};
use rusqlite::params;

impl ReadTxn<'_> {
    /// Newest first, at most `limit`. What waits for its next attempt comes before what has ended.
    pub(crate) fn outcomes(
        &self,
        at: &InstitutionId,
        method: Method,
        since: Moment,
        limit: usize,
    ) -> Result<Vec<FetchOutcome>> {
        let waiting = format!(
            "SELECT j.updated AS at, j.code, j.step FROM jobs j INDEXED BY jobs_retried
            WHERE j.open = 1 AND j.state = {retry} AND j.kind <= {FETCHES} AND j.code IS NOT NULL
              AND j.institution_n = (SELECT n FROM institutions WHERE id = ?1)
              AND j.method = ?2 AND j.updated >= ?3 ORDER BY j.updated DESC LIMIT ?4",
            retry = State::WaitingRetry.code()
        );
        let ended = format!(
            "SELECT j.ended AS at, j.code, j.step FROM jobs j INDEXED BY jobs_outcomes
            WHERE j.open = 0 AND j.kind <= {FETCHES} AND j.institution_n = (SELECT n FROM institutions WHERE id = ?1)
              AND j.method = ?2 AND j.ended >= ?3 AND (j.label = {success} OR j.code IS NOT NULL)
            ORDER BY j.ended DESC LIMIT ?4",
            success = Label::Success.code()
        );
        let outcome = |row: &Row<'_>| {
            let step: String = row.get("step")?;
            Ok(FetchOutcome {
                at: row.get("at")?,
                code: row.get("code")?,
                at_challenge: step == Title::MfaChallenge.word(),
            })
        };
        let mut found = self.all(&waiting, params![at, method, since, limit], outcome)?;
        let room = limit.saturating_sub(found.len());
        found.extend(self.all(&ended, params![at, method, since, room], outcome)?);
        Ok(found)
    }

    /// How long each step of the newest successful fetches took, in milliseconds, at most `limit` fetches.
    pub(crate) fn step_times(
        &self,
        at: &InstitutionId,
        method: Method,
        since: Moment,
        limit: usize,
    ) -> Result<Vec<Vec<(Title, i64)>>> {
        let sql = format!(
            "SELECT j.steps, j.created FROM jobs j INDEXED BY jobs_outcomes
            WHERE j.open = 0 AND j.kind <= {FETCHES} AND j.institution_n = (SELECT n FROM institutions WHERE id = ?1)
              AND j.method = ?2 AND j.ended >= ?3 AND j.label = ?4 ORDER BY j.ended DESC LIMIT ?5"
        );
        let values = params![at, method, since, Label::Success, limit];
        self.all(&sql, values, |row| {
            let steps = codec::shown_text(row.get_ref("steps")?);
            let steps = codec::steps_read(steps, row.get("created")?).unwrap_or_default();
            let timed = steps
                .into_iter()
                .filter_map(|s| Some((s.title, s.ended?.since(s.started?).max(0))));
            Ok(timed.collect())
        })
    }

    /// Milliseconds a fetch at this bank took lately; none when there is none.
    pub(crate) fn usual_fetch(&self, at: &InstitutionId) -> Result<Option<i64>> {
        const LATELY: usize = 15;
        let sql = format!(
            "SELECT steps, created, ended FROM jobs INDEXED BY jobs_outcomes
             WHERE open = 0 AND kind <= {FETCHES} AND institution_n = (SELECT n FROM institutions WHERE id = ?1)
               AND method = ?2 AND label = ?3 ORDER BY ended DESC LIMIT ?4"
        );
        let mut took = vec![];
        for method in Method::ALL {
            let values = params![at, method, Label::Success, LATELY];
            took.extend(self.all(&sql, values, |row| {
                let steps = codec::shown_text(row.get_ref("steps")?);
                let steps = codec::steps_read(steps, row.get("created")?).unwrap_or_default();
                let began = steps.first().and_then(|step| step.started);
                let ended: Option<Moment> = row.get("ended")?;
                Ok(began
                    .zip(ended)
                    .map(|(began, ended)| ended.since(began).max(0)))
            })?);
        }
        let mut took: Vec<i64> = took.into_iter().flatten().collect();
        took.sort_unstable();
        Ok(took.get(took.len() / 2).copied())
    }

    /// How long the steps took when that was last computed, and when that was.
    pub(crate) fn stats(
        &self,
        at: &InstitutionId,
        method: Method,
    ) -> Result<Option<(Option<Times>, Moment)>> {
        let sql = "SELECT stats, measured FROM connectors
            WHERE institution_n = (SELECT n FROM institutions WHERE id = ?1) AND method = ?2 AND measured IS NOT NULL";
        self.first(sql, params![at, method], |row| {
            let stats: Option<String> = row.get("stats")?;
            // computed anew within a day
            let times = stats
                .as_deref()
                .and_then(|text| codec::times_read(text).ok());
            Ok((times, row.get("measured")?))
        })
    }

    /// The connectors whose figures were computed before a moment, never, or by a clock that was ahead.
    pub(crate) fn unmeasured(
        &self,
        before: Moment,
        now: Moment,
    ) -> Result<Vec<(InstitutionId, Method)>> {
        let sql =
            "SELECT i.id, k.method FROM connectors k JOIN institutions i ON i.n = k.institution_n
            WHERE k.measured IS NULL OR k.measured <= ?1 OR k.measured > ?2";
        self.all(sql, [before, now], |row| {
            Ok((row.get("id")?, row.get("method")?))
        })
    }

    /// When the oldest figures after a moment were computed.
    pub(crate) fn oldest_measure(&self, after: Moment, now: Moment) -> Result<Option<Moment>> {
        let sql = "SELECT min(measured) FROM connectors WHERE measured > ?1 AND measured <= ?2";
        self.value(sql, [after, now])
    }

    /// The banks with an open incident, and those that are reported to be down.
    pub(crate) fn troubled_banks(&self, now: Moment) -> Result<Vec<(InstitutionId, String)>> {
        let sql = "SELECT id, name FROM institutions WHERE n IN (
               SELECT institution_n FROM incidents WHERE ended IS NULL
               UNION SELECT institution_n FROM outages WHERE until > ?1
               UNION SELECT institution_n FROM connectors WHERE status = 'major-outage')
             ORDER BY folded, n";
        self.all(sql, [now], |row| Ok((row.get("id")?, text(row, "name")?)))
    }

    pub(crate) fn running_at(&self, at: &InstitutionId) -> Result<u64> {
        let sql = format!(
            "SELECT count(*) FROM jobs j INDEXED BY jobs_open WHERE j.open = 1 AND j.state = ?2
              AND j.kind <= {FETCHES} AND j.institution_n = (SELECT n FROM institutions WHERE id = ?1)"
        );
        self.value(&sql, params![at, State::Running])
    }

    /// Fetches at a bank that are open and do not run: they wait for their turn, a time, a retry or an answer.
    pub(crate) fn waiting_at(&self, at: &InstitutionId) -> Result<u64> {
        let sql = format!(
            "SELECT count(*) FROM jobs j INDEXED BY jobs_open WHERE j.open = 1 AND j.state <> ?2
              AND j.kind <= {FETCHES} AND j.institution_n = (SELECT n FROM institutions WHERE id = ?1)"
        );
        self.value(&sql, params![at, State::Running])
    }
}

impl WriteTxn<'_> {
    /// Stores how long the steps of a connector take; none when nothing was timed.
    pub(crate) fn put_stats(
        &self,
        at: &InstitutionId,
        method: Method,
        times: Option<&Times>,
        now: Moment,
    ) -> Result<()> {
        let sql = "UPDATE connectors SET stats = ?3, measured = ?4
            WHERE institution_n = (SELECT n FROM institutions WHERE id = ?1) AND method = ?2";
        self.execute(sql, params![at, method, times.map(codec::times_text), now])?;
        let here = "institution_n = (SELECT n FROM institutions WHERE id = ?1) AND method = ?2";
        let sql = format!("DELETE FROM usual_steps WHERE {here}");
        self.execute(&sql, params![at, method])?;
        for (title, span) in times.iter().flat_map(|times| &times.steps) {
            let sql =
                "INSERT INTO usual_steps SELECT n, ?2, ?3, ?4, ?5 FROM institutions WHERE id = ?1";
            let sample = span.sample.cast_signed();
            self.execute(sql, params![at, method, title.word(), sample, span.p50_ms])?;
        }
        Ok(())
    }
}
