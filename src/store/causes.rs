//! Broken connections, counted by what they failed with. Only broken ones are read: by the index of labels, and by that
//! of open jobs, which wait for a retry while their connection is active.

use super::ReadTxn;
use super::codec::{Coded, FETCHES};
use super::error::Result;
use super::search::{Asker, Compiled, Use};
use super::sql::text;
use crate::domain::connection::Label;
use crate::domain::diagnosis::Cause;
use crate::domain::job::{State, Title};
use crate::domain::moment::Moment;
use crate::domain::query::Query;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

impl ReadTxn<'_> {
    /// Of the connections that match, those that are broken, in groups; the largest group first.
    pub(crate) fn causes(&self, query: &Query, asker: &Asker) -> Result<Vec<Cause>> {
        let compiled = Compiled::connections(query, self, asker, Use::Place)?;
        let now = asker.now.0;
        let (invalid, failed) = (Label::Invalid.code(), Label::Failed.code());
        let sql = format!(
            "SELECT bank, bank_name, method, step, code, count(*) AS many, sum(retries) AS retrying,
               min(began) AS first, max(began) AS last, sum(began > {hour}) AS in_hour, sum(began > {day}) AS in_day,
               sum(began > {two} AND began <= {day}) AS day_before
             FROM (
               SELECT i.id AS bank, i.name AS bank_name, c.institution_n AS bank_n, c.method AS method,
                 iif(c.job_kind <= {FETCHES} AND c.job_code IS NOT NULL, c.job_step, NULL) AS step,
                 iif(c.job_kind <= {FETCHES}, c.job_code, NULL) AS code,
                 coalesce(c.job_kind <= {FETCHES} AND c.job_state < {ended}, 0) AS retries,
                 iif(c.label IN ({invalid}, {failed}), c.since, -c.job_recency) AS began
               FROM (SELECT n FROM connections WHERE label IN ({invalid}, {failed})
                     UNION SELECT connection_n FROM jobs
                     WHERE open = 1 AND state = {retry} AND kind <= {FETCHES}) d
               JOIN connections c ON c.n = d.n
               JOIN institutions i ON i.n = c.institution_n
               WHERE {filter})
             GROUP BY bank_n, method, step, code ORDER BY many DESC, first, bank, method, step, code",
            filter = compiled.sql,
            hour = now.saturating_sub(HOUR_MS),
            day = now.saturating_sub(DAY_MS),
            two = now.saturating_sub(2 * DAY_MS),
            retry = State::WaitingRetry.code(),
            ended = State::Succeeded.code(),
        );
        self.all_used(&sql, &compiled.values, |row| {
            let count = |name: &str| Ok::<_, super::Error>(row.get::<_, i64>(name)?.unsigned_abs());
            let step: Option<String> = row.get("step")?;
            Ok(Cause {
                institution: row.get("bank")?,
                institution_name: text(row, "bank_name")?,
                method: row.get("method")?,
                step: step.as_deref().map(Title::parse),
                code: row.get("code")?,
                count: count("many")?,
                retrying: count("retrying")?,
                first: Moment(row.get("first")?),
                last: Moment(row.get("last")?),
                hour: count("in_hour")?,
                day: count("in_day")?,
                before: count("day_before")?,
            })
        })
    }
}
