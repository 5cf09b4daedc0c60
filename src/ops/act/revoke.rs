//! Revoke: ends the link and its open job, destroys credentials and profile; the fetched data stays under the user.

use super::apply::{Started, unchanged};
use crate::domain::act::{ActKind, Outcome, Pins};
use crate::domain::connection::Happening;
use crate::domain::counts;
use crate::domain::failure_codes::{Blame, Failure};
use crate::domain::ids::ConnectionId;
use crate::domain::job::{Command, Kind, State, Step, StepStatus, next};
use crate::domain::live::RemoteAct;
use crate::domain::moment::Moment;
use crate::domain::policy::{self, Act, Executor};
use crate::domain::rows::ConnectionRow;
use crate::ops::live::steps_there;
use crate::ops::{Error, Ops, Refusal, Result, not_found};
use crate::store::{Change, Guard, NewJob, WriteTxn};

impl Ops {
    pub(super) fn revoke_in(
        &self,
        tx: &WriteTxn<'_>,
        id: &ConnectionId,
        pins: Option<&Pins>,
        reason: &str,
    ) -> Result<Started> {
        let now = self.now();
        let row = tx
            .connection(id)?
            .ok_or_else(|| not_found("connection", id))?;
        policy::may(Act::Revoke, row.origin, row.method, row.label).map_err(Refusal::from)?;
        unchanged(tx, ActKind::Revoke, &row, pins)?;
        if policy::executes(row.origin) == Ok(Executor::Platform) {
            return self.revoke_there(tx, &row, reason, now);
        }
        self.end_open_job(tx, id, now)?;
        self.end(tx, &row, Happening::Revoked, now)?;
        let job = self.job_id();
        let note = format!(
            "data kept: {}, {}",
            counts::count(row.accounts, "account"),
            counts::count(row.transactions, "transaction")
        );
        let steps = Kind::Revoke.steps().iter().cloned().map(|title| Step {
            status: StepStatus::Success,
            started: Some(now),
            ended: Some(now),
            note: Some(note.clone()),
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
        let became = tx.connection(id)?.map(|row| row.standing());
        let change = Change {
            was: row.standing(),
            became: became.unwrap_or_default(),
        };
        let entry = self.entry("revoke", id.as_str(), "done", reason);
        tx.append_audit_of(&entry, &change, now)?;
        Ok(Started::new(Outcome::Done, job))
    }

    /// Orders the end of a connection of the platform. It ends here when the platform says that it did there.
    fn revoke_there(
        &self,
        tx: &WriteTxn<'_>,
        row: &ConnectionRow,
        reason: &str,
        now: Moment,
    ) -> Result<Started> {
        if let Some(open) = tx.open_outgoing(row.id.as_str(), RemoteAct::Revoke)? {
            return Ok(Started::new(Outcome::Deduplicated, open.job));
        }
        let job = self.job_id();
        tx.insert_job(&NewJob {
            id: job.clone(),
            connection: row.id.clone(),
            kind: Kind::Revoke,
            state: State::Queued,
            steps: steps_there(Kind::Revoke),
            due: None,
            created: now,
            actor: self.caller.actor.clone(),
        })?;
        self.intend(tx, RemoteAct::Revoke, row, &job, reason)?;
        let change = Change {
            was: row.standing(),
            became: String::new(),
        };
        let entry = self.entry("revoke", row.id.as_str(), "intended", reason);
        tx.append_audit_of(&entry, &change, now)?;
        Ok(Started::new(Outcome::Queued, job))
    }

    /// Ends a connection and destroys its credentials and profile.
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

    /// A worker that runs the job finds its epoch gone.
    pub(crate) fn end_open_job(
        &self,
        tx: &WriteTxn<'_>,
        id: &ConnectionId,
        now: Moment,
    ) -> Result<()> {
        let Some(mut job) = tx.open_job(id)? else {
            return Ok(());
        };
        let guard = Guard::of(&job);
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
