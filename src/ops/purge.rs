//! Purge (docs/domain.md 12.5): all fetched data of the connection's user at its institution, gone for good; the
//! connection stays active. The intent is on disk before anything is destroyed, so that a crash is
//! finished and never mistaken for done.

use super::{Error, Ops, Refusal, Result};
use crate::domain::connection::{Happening, transition};
use crate::domain::ids::{ConnectionId, JobId};
use crate::domain::job::{Job, Kind, State, Step, Title};
use crate::domain::mask::Level;
use crate::domain::plan::{PurgePlan, Sibling, Stored, Target};
use crate::domain::policy::{self, Act};
use crate::domain::secret::Secret;
use crate::domain::views::ConnectionRow;
use crate::engine;
use crate::store::{Guard, NewEvent, NewJob, PurgeCounts, ReadTxn, WriteTxn};

impl Target {
    pub(crate) fn of(row: &ConnectionRow) -> Self {
        Self {
            id: row.id.clone(),
            user: row.user.clone(),
            institution: row.institution.clone(),
            institution_name: row.institution_name.clone(),
            method: row.method,
            status: row.status,
            label: row.label,
            version: row.version,
        }
    }
}

pub(crate) fn sibling(row: &ConnectionRow) -> Sibling {
    Sibling {
        id: row.id.clone(),
        institution_name: row.institution_name.clone(),
        method: row.method,
        label: row.label,
    }
}

/// What was counted, as a short text: equal texts mean that nothing changed.
pub(super) fn fingerprint(row: &ConnectionRow, counts: &PurgeCounts) -> String {
    format!(
        "{}-{}-{}-{}",
        row.status.word(),
        counts.accounts,
        counts.transactions,
        counts.profiles
    )
}

pub(crate) fn stored(
    rd: &ReadTxn<'_>,
    row: &ConnectionRow,
    siblings: &[ConnectionRow],
) -> Result<Stored> {
    let counts = rd.purge_counts(&row.user, &row.institution)?;
    let mut accounts = Vec::new();
    for connection in std::iter::once(row).chain(siblings) {
        for account in rd.accounts_of(&connection.id, Level::Standard)? {
            accounts.push(
                account
                    .shown
                    .map_or_else(|| "••••".to_owned(), |shown| shown.number),
            );
        }
    }
    // accounts whose connection is not in this file count too, and have no tail to show
    accounts.resize(
        usize::try_from(counts.accounts)
            .unwrap_or(accounts.len())
            .max(accounts.len()),
        "••••".to_owned(),
    );
    Ok(Stored {
        accounts,
        transactions: counts.transactions,
        days: rd.purge_span(&row.user, &row.institution)?,
        profiles: counts.profiles,
    })
}

impl Ops {
    /// Counts what a purge would delete and what it would leave.
    ///
    /// # Errors
    /// When the connection is unknown or purge is not possible; the refusal names the road.
    pub(crate) async fn plan_purge(&self, id: &ConnectionId) -> Result<PurgePlan> {
        let (ops, asked) = (self.clone(), id.clone());
        self.store
            .read(move |rd| ops.plan_purge_in(rd, &asked))
            .await
    }

    fn plan_purge_in(&self, rd: &ReadTxn<'_>, id: &ConnectionId) -> Result<PurgePlan> {
        let Some(row) = rd.connection(id)? else {
            return Err(Error::NotFound {
                kind: "connection",
                id: id.to_string(),
            });
        };
        self.may_purge(rd, &row)?;
        let all = rd.connections_of(&row.user, None)?;
        let (here, elsewhere): (Vec<_>, Vec<_>) = all
            .into_iter()
            .filter(|c| c.id != row.id)
            .partition(|c| c.institution == row.institution);
        let counts = rd.purge_counts(&row.user, &row.institution)?;
        Ok(PurgePlan {
            id: self.clock.fresh_id().into(),
            target: Target::of(&row),
            stored: stored(rd, &row, &here)?,
            siblings: here.iter().map(sibling).collect(),
            kept: elsewhere
                .iter()
                .filter(|c| c.accounts > 0)
                .map(sibling)
                .collect(),
            jobs_kept: rd.jobs_kept(id)?,
            fingerprint: fingerprint(&row, &counts),
            counted: self.now(),
        })
    }

    pub(super) fn may_purge(&self, rd: &ReadTxn<'_>, row: &ConnectionRow) -> Result<()> {
        policy::may(Act::Purge, row.method, row.label).map_err(Refusal::from)?;
        if let Some(job) = rd.fetching(&row.user, &row.institution)? {
            return Err(Error::Refused(Refusal::new(
                "parameter-not-valid",
                "A job is in progress for this connection.",
                format!("Job {job} is fetching from this bank; purge when it has ended."),
            )));
        }
        Ok(())
    }

    /// Purges. `fingerprint` is the plan's: when something else is counted now, nothing is deleted. Answers
    /// when the data key is destroyed and the rows are gone; the scrub has then ended too, or says that it
    /// is pending.
    ///
    /// # Errors
    /// When it is refused, or changed since it was planned.
    pub(crate) async fn purge(
        &self,
        id: &ConnectionId,
        fingerprint: Option<&str>,
        reason: &str,
    ) -> Result<Job> {
        let job = self.job_id();
        let (asked, new) = (id.clone(), job.clone());
        let (planned, reason) = (fingerprint.map(str::to_owned), reason.to_owned());
        let begun = self
            .act("purge", id.as_str(), move |ops, tx| {
                ops.begin_purge_in(tx, &asked, &new, planned.as_deref(), &reason)
            })
            .await?;
        let needles = match begun {
            Begun::New(needles) => needles,
            Begun::Open(open) => return Ok(*open),
        };
        self.carry_purge_through(&job, needles).await
    }

    /// What follows the intent: the key, the rows, the scrub and the proof.
    pub(super) async fn carry_purge_through(
        &self,
        job: &JobId,
        needles: Vec<Secret>,
    ) -> Result<Job> {
        let by = self.performer();
        engine::finish_purge(&self.store, &self.clock, &by, job, needles).await?;
        self.job(job).await
    }

    /// Writes the intent down, having collected in memory what to look for afterwards.
    pub(super) fn begin_purge_in(
        &self,
        tx: &WriteTxn<'_>,
        id: &ConnectionId,
        job: &JobId,
        planned: Option<&str>,
        reason: &str,
    ) -> Result<Begun> {
        let now = self.now();
        let Some(row) = tx.connection(id)? else {
            return Err(Error::NotFound {
                kind: "connection",
                id: id.to_string(),
            });
        };
        if let Some(open) = tx.open_purge(&row.user, &row.institution)? {
            return Ok(Begun::Open(Box::new(open)));
        }
        self.may_purge(tx, &row)?;
        let counts = tx.purge_counts(&row.user, &row.institution)?;
        let counted = fingerprint(&row, &counts);
        if let Some(planned) = planned.filter(|planned| *planned != counted) {
            return Err(Error::Changed(format!("it was {planned}, it is {counted}")));
        }
        let needles = tx.needles(&row.user, &row.institution)?;
        tx.insert_job(&NewJob {
            id: job.clone(),
            connection: id.clone(),
            kind: Kind::Purge,
            state: State::Queued,
            steps: Kind::Purge
                .steps()
                .iter()
                .cloned()
                .map(Step::pending)
                .collect(),
            due: Some(now.plus(self.limits.lease)),
            created: now,
            actor: self.caller.actor.clone(),
        })?;
        tx.append_audit(&self.entry("purge", id.as_str(), "begun", reason), now)?;
        if let Some(made) = tx.job(job)? {
            tx.draft_certificate(&engine::draft(tx, &made, &self.caller.actor, reason)?)?;
        }
        Ok(Begun::New(needles))
    }
}

/// How a purge began.
pub(super) enum Begun {
    /// Its intent is on disk; these values are to be looked for afterwards.
    New(Vec<Secret>),
    /// One was under way.
    Open(Box<Job>),
}
