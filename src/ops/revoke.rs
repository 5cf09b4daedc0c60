//! Revoke (docs/domain.md 12.6): the link ends for good, credentials and profile are destroyed, the fetched data
//! stays under the user. An open job ends with it.

use super::purge::stored;
use super::{Error, Ops, Refusal, Result};
use crate::domain::connection::Happening;
use crate::domain::failure::{Blame, Failure};
use crate::domain::ids::{ConnectionId, JobId};
use crate::domain::job::{Command, Job, Kind, State, Step, StepStatus, next};
use crate::domain::moment::Moment;
use crate::domain::plan::{RevokePlan, Target};
use crate::domain::policy::{self, Act};
use crate::domain::time_format;
use crate::domain::views::ConnectionRow;
use crate::store::{Guard, NewJob, ReadTxn, WriteTxn};

pub(super) fn fingerprint(row: &ConnectionRow) -> String {
    format!(
        "{}-{}-{}",
        row.status.word(),
        row.accounts,
        row.transactions
    )
}

pub(super) fn may(row: &ConnectionRow) -> std::result::Result<(), Refusal> {
    policy::may(Act::Revoke, row.method, row.label).map_err(Refusal::from)
}

impl Ops {
    /// Counts what a revoke would leave behind.
    ///
    /// # Errors
    /// When the connection is unknown or revoked already.
    pub(crate) async fn plan_revoke(&self, id: &ConnectionId) -> Result<RevokePlan> {
        let (ops, asked) = (self.clone(), id.clone());
        self.store
            .read(move |rd: &ReadTxn<'_>| {
                let Some(row) = rd.connection(&asked)? else {
                    return Err(Error::NotFound {
                        kind: "connection",
                        id: asked.to_string(),
                    });
                };
                may(&row)?;
                Ok(RevokePlan {
                    id: ops.clock.fresh_id().into(),
                    target: Target::of(&row),
                    stored: stored(rd, &row, &[])?,
                    open_job: rd.open_job(&asked)?.map(|j| j.id),
                    fingerprint: fingerprint(&row),
                    counted: ops.now(),
                })
            })
            .await
    }

    /// Revokes.
    ///
    /// # Errors
    /// When it is revoked already, unknown, or changed since it was planned.
    pub(crate) async fn revoke(
        &self,
        id: &ConnectionId,
        planned: Option<&str>,
        reason: &str,
    ) -> Result<Job> {
        let (asked, planned, reason) = (id.clone(), planned.map(str::to_owned), reason.to_owned());
        let job = self
            .act("revoke", id.as_str(), move |ops, tx| {
                ops.revoke_in(tx, &asked, planned.as_deref(), &reason)
            })
            .await?;
        self.job(&job).await
    }

    /// The same within a transaction.
    pub(super) fn revoke_in(
        &self,
        tx: &WriteTxn<'_>,
        id: &ConnectionId,
        planned: Option<&str>,
        reason: &str,
    ) -> Result<JobId> {
        let now = self.now();
        let Some(row) = tx.connection(id)? else {
            return Err(Error::NotFound {
                kind: "connection",
                id: id.to_string(),
            });
        };
        may(&row)?;
        let counted = fingerprint(&row);
        if let Some(planned) = planned.filter(|planned| *planned != counted) {
            return Err(Error::Changed(format!("it was {planned}, it is {counted}")));
        }
        self.end_open_job(tx, id, now)?;
        self.end(tx, &row, Happening::Revoked, now)?;
        let job = self.job_id();
        let steps = Kind::Revoke.steps().iter().cloned().map(|title| Step {
            status: StepStatus::Success,
            started: Some(now),
            ended: Some(now),
            note: Some(format!(
                "data kept: {}, {}",
                time_format::count(row.accounts, "account"),
                time_format::count(row.transactions, "transaction")
            )),
            ..Step::pending(title)
        });
        tx.insert_job(&NewJob {
            id: job.clone(),
            connection: id.clone(),
            kind: Kind::Revoke,
            state: State::Succeeded,
            steps: steps.collect(),
            due: None,
            created: now,
            actor: self.caller.actor.clone(),
        })?;
        tx.append_audit(&self.entry("revoke", id.as_str(), "done", reason), now)?;
        Ok(job)
    }

    /// Moves a connection to its end and destroys what lets us in and who logged in.
    pub(crate) fn end(
        &self,
        tx: &WriteTxn<'_>,
        row: &ConnectionRow,
        happening: Happening,
        now: Moment,
    ) -> Result<()> {
        self.transit(tx, row, happening, now)?;
        tx.set_asking(&row.id, false)?;
        Ok(tx.forget_login(&row.id)?)
    }

    /// An open job of the connection fails at its current step (docs/domain.md 12.6); a worker that runs it finds
    /// its epoch gone.
    pub(crate) fn end_open_job(
        &self,
        tx: &WriteTxn<'_>,
        id: &ConnectionId,
        now: Moment,
    ) -> Result<()> {
        let Some(mut job) = tx.open_job(id)? else {
            return Ok(());
        };
        let guard = Guard {
            epoch: job.epoch,
            state: job.state,
        };
        job.state =
            next(job.state, Command::Fail).map_err(|refused| Error::Input(refused.to_string()))?;
        job.epoch += 1;
        let at = job.current();
        if let Some(step) = job.steps.get_mut(at) {
            step.status = StepStatus::Failed;
            step.started = step.started.or(Some(now));
            step.ended = Some(now);
            step.failure = Some(Failure::of("invalid-connection"));
        }
        debug_assert_eq!(Failure::of("invalid-connection").blame(false), Blame::User);
        job.updated = now;
        job.ended = Some(now);
        job.owner = None;
        job.lease_until = None;
        job.next_attempt = None;
        job.challenge = None;
        tx.save_job(&job, guard)?;
        tx.drop_answers(&job.id)?;
        Ok(())
    }
}
