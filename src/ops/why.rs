//! Explain one connection: the facts are collected here in one view of the file, the words are the
//! domain's.

use super::{Error, Ops, Result};
use crate::domain::ids::ConnectionId;
use crate::domain::job::{Job, StepStatus, Title};
use crate::domain::listing::ConnectionRow;
use crate::domain::meaning::{Facts, Health, Meaning, Outcomes, explain};
use crate::domain::moment::Moment;
use crate::store::Rd;

/// How far back others' outcomes at the bank are looked at.
const HOUR_MS: i64 = 3_600_000;

/// How many jobs back a fetch is looked for; purges may lie before it.
const BACK: usize = 20;

/// Whether a purge has destroyed its key and still overwrites what was freed.
fn scrubs(job: &Job) -> bool {
    let gone = |s: &crate::domain::job::Step| s.title == Title::DestroyKey && s.status == StepStatus::Success;
    job.steps.iter().any(gone)
}

pub(super) fn facts(rd: &Rd<'_>, row: &ConnectionRow, now: Moment) -> Result<Facts> {
    let mut facts = Facts::of_row(row, now);
    let jobs = rd.jobs_of(&row.id, BACK)?;
    if let Some(fetch) = jobs.iter().find(|j| j.kind.fetches()) {
        facts = facts.with_job(fetch);
    }
    let connectors = rd.institution(&row.institution)?.map_or_else(Vec::new, |i| i.connectors);
    facts.health = connectors.iter().find(|c| c.method == row.method).and_then(|c| Health::parse(&c.status));
    if rd.outage(&row.institution)?.is_some_and(|until| until > now) {
        facts.health = Some(Health::MajorOutage);
    }
    let (passed, failed) = rd.bank_outcomes(&row.institution, row.method, now.plus_ms(-HOUR_MS))?;
    facts.outcomes = Some(Outcomes { passed, failed });
    facts.scrub_pending = rd.open_purge(&row.user, &row.institution)?.is_some_and(|job| scrubs(&job));
    Ok(facts)
}

impl Ops {
    /// Why this connection is as it is.
    ///
    /// # Errors
    /// When there is no such connection.
    pub async fn why(&self, id: &ConnectionId) -> Result<(ConnectionRow, Meaning)> {
        let (asked, now) = (id.clone(), self.now());
        self.store
            .read(move |rd| {
                let Some(row) = rd.connection(&asked)? else {
                    return Err(Error::NotFound { kind: "connection", id: asked.to_string() });
                };
                let meaning = explain(&facts(rd, &row, now)?);
                Ok((row, meaning))
            })
            .await
    }
}
