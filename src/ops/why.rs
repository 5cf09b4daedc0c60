//! Why a connection is as it is: the facts gathered for the table of meanings.

use super::{Error, Ops, Result};
use crate::domain::ids::ConnectionId;
use crate::domain::job::{Kind, State};
use crate::domain::meaning::{Facts, Health, Meaning, Outcomes, explain};
use crate::store::Rd;

/// Outcomes at the bank are counted over the last hour.
const HOUR: i64 = 3_600_000;

impl Ops {
    /// What happened, since when, whose move it is, what to do, what will not help.
    ///
    /// # Errors
    /// When there is no such connection.
    pub async fn why(&self, id: &ConnectionId) -> Result<Meaning> {
        let (ops, asked) = (self.clone(), id.clone());
        self.store.read(move |rd| Ok(explain(&ops.facts(rd, &asked)?))).await
    }

    fn facts(&self, rd: &Rd<'_>, id: &ConnectionId) -> Result<Facts> {
        let Some(row) = rd.connection(id)? else {
            return Err(Error::NotFound { kind: "connection", id: id.to_string() });
        };
        let now = self.now();
        let mut facts = Facts::of_row(&row, now);
        let jobs = rd.jobs_of(id, 10)?;
        if let Some(newest) = jobs.iter().find(|j| j.kind.fetches()) {
            facts = facts.with_job(newest);
        }
        facts.scrub_pending = jobs.iter().any(|j| j.kind == Kind::Purge && j.state != State::Failed && j.state.open());
        let (passed, failed) = rd.bank_outcomes(&row.institution, now.plus_ms(-HOUR))?;
        facts.outcomes = (passed + failed > 0).then_some(Outcomes { passed, failed });
        facts.health = rd
            .institution(&row.institution)?
            .and_then(|i| i.connectors.into_iter().find(|c| c.method == row.method))
            .and_then(|c| Health::parse(&c.status));
        Ok(facts)
    }
}
