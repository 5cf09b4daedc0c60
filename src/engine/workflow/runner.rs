//! The one runner of workflows: take the lease, perform the current step, record it. A [`Runner`] may be dropped at any
//! time; the next one goes on.

use super::{Performer, keep_lease};
use crate::clock::Clock;
use crate::domain::act::{Plan, Standing, Step, StepAct};
use crate::domain::ids::{JobId, PlanId};
use crate::domain::moment::Moment;
use crate::engine::{Error, Result};
use crate::store::{ReadTxn, Store, WriteTxn};
use std::time::Duration;

/// How long a step that cannot be done now waits before it is tried again.
pub(crate) const AGAIN: Duration = Duration::from_secs(2);

/// Does the steps of a workflow; each looks first whether it is done, so that doing it again does no harm.
pub(crate) trait Steps: Send {
    type Error: From<Error> + From<crate::store::Error> + Send + 'static;

    fn perform(
        &mut self,
        plan: &Plan,
        step: &Step,
    ) -> impl Future<Output = std::result::Result<StepResult, Self::Error>> + Send;

    /// Whether another process has the lease by now.
    fn overtaken(error: &Self::Error) -> bool;
}

/// The result of a step.
pub(crate) enum StepResult {
    /// Done; with what it came to, in words, and the job that did it.
    Done(String, Option<JobId>),
    /// Done, and recorded in the transaction that did it.
    Recorded(Box<Plan>),
    Later(String, Moment),
    /// Something came between; this act has to be done again.
    Again(StepAct, String),
    Stopped(String),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Turn {
    /// A step is done, or has to be done anew; there is more.
    On(Plan),
    Ended(Plan),
    /// Nothing can be done before this moment.
    Waits(Plan, Moment),
}

impl Turn {
    pub(crate) fn plan(&self) -> &Plan {
        match self {
            Turn::On(plan) | Turn::Ended(plan) | Turn::Waits(plan, _) => plan,
        }
    }

    fn of(plan: Plan) -> Self {
        match plan.head.finished {
            Some(_) => Turn::Ended(plan),
            None => Turn::On(plan),
        }
    }
}

pub(crate) struct Runner<S> {
    store: Store,
    clock: Clock,
    by: Performer,
    id: PlanId,
    owner: String,
    steps: S,
}

impl<S: Steps> Runner<S> {
    pub(crate) fn new(store: &Store, clock: &Clock, by: Performer, id: &PlanId, steps: S) -> Self {
        Self {
            store: store.clone(),
            clock: clock.clone(),
            by,
            id: id.clone(),
            owner: store.holder(&clock.fresh_id()),
            steps,
        }
    }

    pub(crate) async fn step(&mut self) -> std::result::Result<Turn, S::Error> {
        let plan = match self.take().await? {
            Turn::On(plan) => plan,
            other => return Ok(other),
        };
        let step = plan.current().map(|at| plan.steps[at].clone());
        let step = step.ok_or_else(|| self.bad("is open and has no step"))?;
        let (store, clock, lease) = (&self.store, &self.clock, self.by.lease);
        let (id, epoch) = (&self.id, plan.head.epoch);
        let renew = || {
            let (id, until) = (id.clone(), clock.now().plus(lease));
            store.write(move |tx: &WriteTxn<'_>| -> Result<bool> {
                Ok(tx.extend_workflow(&id, epoch, until)?)
            })
        };
        let result = keep_lease(self.steps.perform(&plan, &step), lease, renew).await?;
        let turn = self.record(plan, result).await?;
        if let Turn::Ended(_) = turn {
            let forgotten = self
                .store
                .write(|tx: &WriteTxn<'_>| -> Result<()> { Ok(tx.forget_served_lists()?) });
            forgotten.await?;
        }
        Ok(turn)
    }

    /// Goes on until it ends or nothing can be done for `patience`; reports each change. None when time is up.
    pub(crate) async fn run_to_end(
        &mut self,
        patience: Duration,
        mut progress: impl FnMut(&Turn) + Send,
    ) -> std::result::Result<Option<Plan>, S::Error> {
        let mut waited = Duration::ZERO;
        loop {
            let turn = match self.step().await {
                // this process was silent for too long: it waits for the other one
                Err(error) if S::overtaken(&error) => continue,
                turn => turn?,
            };
            progress(&turn);
            match turn {
                Turn::On(_) => waited = Duration::ZERO,
                Turn::Ended(plan) => return Ok(Some(plan)),
                Turn::Waits(_, until) => {
                    if waited >= patience {
                        return Ok(None);
                    }
                    let ms = until.since(self.clock.now());
                    let pause = Duration::from_millis(ms.max(20).unsigned_abs()).min(AGAIN);
                    // another process that has it ends or dies without telling this one
                    tokio::time::sleep(pause).await;
                    waited += pause;
                }
            }
        }
    }

    fn bad(&self, what: &str) -> Error {
        Error::Workflow {
            id: self.id.clone(),
            what: what.to_owned(),
        }
    }

    /// Takes it in hand, unless it has ended or somebody else has it.
    async fn take(&self) -> Result<Turn> {
        let (id, owner, clock) = (self.id.clone(), self.owner.clone(), self.clock.clone());
        let by = self.by.clone();
        let (lease, missing) = (self.by.lease, Error::Missing(self.id.clone()));
        self.store
            .write(move |tx: &WriteTxn<'_>| {
                let now = clock.now();
                let mut plan = tx.plan(&id)?.ok_or(missing)?;
                if plan.head.finished.is_some() {
                    return Ok(Turn::Ended(plan));
                }
                if let Some(until) = plan.head.held(&owner, now, lease) {
                    return Ok(Turn::Waits(plan, until));
                }
                tx.plan_is_genuine(&id)?;
                if let Some(who) = tx.plan_cancelled_by(&id)?
                    && !purge_begun(tx, &plan)?
                {
                    let was = plan.clone();
                    plan.head.epoch += 1;
                    plan.cancel(&format!("cancelled by {who}"), now);
                    let ended = record_step(tx, &was, plan, &by, now)?;
                    return Ok(Turn::Ended(ended));
                }
                let epoch = plan.head.epoch;
                plan.take(&owner, now, lease);
                tx.save_workflow_head(&plan.head, epoch)?;
                Ok(Turn::On(plan))
            })
            .await
    }

    async fn record(&self, mut plan: Plan, result: StepResult) -> Result<Turn> {
        let (now, was) = (self.clock.now(), plan.clone());
        match result {
            StepResult::Recorded(plan) => return Ok(Turn::of(*plan)),
            StepResult::Done(why, job) => plan.succeed(why, job, now),
            StepResult::Later(why, until) => plan.wait(&why, until, now),
            StepResult::Again(act, why) => plan.back_to(act, &why, now),
            StepResult::Stopped(why) => plan.stop(&why, now),
        }
        let waits = plan.head.lease.filter(|_| plan.head.owner.is_none());
        let by = self.by.clone();
        let plan = self
            .store
            .write(move |tx: &WriteTxn<'_>| record_step(tx, &was, plan, &by, now))
            .await?;
        Ok(match waits {
            Some(until) => Turn::Waits(plan, until),
            None => Turn::of(plan),
        })
    }
}

/// Whether its current step is a purge that has begun: its key may be destroyed, so it ends before anything stops.
fn purge_begun(rd: &ReadTxn<'_>, plan: &Plan) -> Result<bool> {
    let Some(step) = plan.current().map(|at| &plan.steps[at]) else {
        return Ok(false);
    };
    if step.act != StepAct::Purge {
        return Ok(false);
    }
    let Some(row) = rd.connection(&step.connection())? else {
        return Ok(false);
    };
    Ok(rd.open_purge(&row.user, &row.institution)?.is_some())
}

/// Writes a workflow after a step, which found it as `was`, and audits its end.
/// An error when another process has the lease by now; that undoes the whole transaction.
pub(crate) fn record_step(
    tx: &WriteTxn<'_>,
    was: &Plan,
    mut plan: Plan,
    by: &Performer,
    now: Moment,
) -> Result<Plan> {
    let head = &mut plan.head;
    if head.owner.is_some() {
        head.lease = Some(now.plus(by.lease));
    }
    if !tx.save_workflow(&plan, was)? {
        return Err(Error::Overtaken(plan.head.id));
    }
    let id = &plan.head.id;
    let outcome = match plan.standing() {
        Standing::Open => return Ok(plan),
        Standing::Done => format!("done: {id}"),
        Standing::Stopped => {
            tx.drop_draft(id.as_str())?;
            // values that were found again are kept; before that step none of its own was destroyed
            match was.current().map(|at| was.steps[at].act) {
                Some(StepAct::Verify) => tx.keep_list(id.as_str())?,
                _ => tx.drop_list(id.as_str())?,
            }
            format!("stopped: {id}")
        }
    };
    let entry = by.entry(plan.head.kind.word(), plan.head.target(), &outcome);
    tx.append_audit(&entry, now)?;
    Ok(plan)
}
