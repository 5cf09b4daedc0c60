//! Orders a workflow, and goes on with one.

use super::apply::{Applied, Progress};
use super::steps::WorkflowSteps;
use super::whole_user::may_end;
use crate::domain::act::{ActKind, Confirmation, Plan, PlanHead, Step, StepAct};
use crate::domain::certificate::Certificate;
use crate::domain::ids::{ConnectionId, InstitutionId, PlanId, UserId};
use crate::domain::moment::Moment;
use crate::domain::time_format;
use crate::engine::{AGAIN, Runner, Turn};
use crate::ops::import::read_owners;
use crate::ops::{Error, Ops, Refusal, Result, not_found};
use crate::store::{ReadTxn, WriteTxn};
use std::time::Duration;

fn under_way(open: &PlanHead) -> Refusal {
    Refusal::new(
        "sequence-open",
        "Another operation is in progress for this user.",
        format!(
            "`{}` has to end first; `switchboard sequence {}` says where it stands, and the same command typed again \
             goes on with it.",
            open.kind.command(),
            open.id.short()
        ),
    )
}

/// The workflow of this kind that is under way already for this user (and connection).
pub(super) fn open_one(
    rd: &ReadTxn<'_>,
    kind: ActKind,
    user: &UserId,
    connection: Option<&ConnectionId>,
) -> Result<Option<Plan>> {
    match rd.open_workflow(user)? {
        Some(open) if open.kind == kind && open.connection.as_ref() == connection => {
            Ok(rd.plan(&open.id)?)
        }
        _ => Ok(None),
    }
}

fn what(step: &Step) -> (StepAct, &str) {
    (step.act, &step.target)
}

impl Ops {
    /// Refuses while a workflow is under way that new data of this user at this bank would come between.
    pub(crate) fn not_in_workflow(
        &self,
        rd: &ReadTxn<'_>,
        user: &UserId,
        at: &InstitutionId,
    ) -> Result<()> {
        match rd.open_workflow(user)?.filter(|open| open.concerns(at)) {
            Some(open) => Err(under_way(&open).into()),
            None => Ok(()),
        }
    }

    pub(super) async fn apply_workflow(
        &self,
        plan: &Plan,
        typed: &Confirmation,
        progress: impl FnMut(Progress<'_>) + Send,
    ) -> Result<Applied> {
        self.confirmed(plan, typed).await?;
        let id = self.begin_workflow(plan, typed.reason()).await?;
        Ok(Applied::Workflow(Box::new(
            self.resume(&id, progress).await?,
        )))
    }

    /// The same order is the same workflow. Refused while another workflow of the user is under way.
    pub(crate) async fn begin_workflow(&self, plan: &Plan, reason: &str) -> Result<PlanId> {
        if plan.head.applied.is_some() {
            return Ok(plan.head.id.clone());
        }
        let (kind, ordered, reason) = (plan.head.kind, plan.clone(), reason.to_owned());
        self.act(kind.word(), plan.head.target(), move |ops, tx| {
            let head = &ordered.head;
            let user = head.user.as_ref();
            let user = user.ok_or_else(|| not_found("user", head.target()))?;
            if let Some(open) = tx.open_workflow(user)? {
                return match open.kind == kind && open.connection == head.connection {
                    true => Ok(open.id),
                    false => Err(under_way(&open).into()),
                };
            }
            match (kind, &head.connection) {
                (ActKind::Migrate, Some(id)) => {
                    let row = tx.connection(id)?;
                    ops.may_migrate(tx, &row.ok_or_else(|| not_found("connection", id))?)?;
                }
                _ => {
                    may_end(tx, kind, user)?;
                    // who is to be ended must be who was looked at; figures may rise without harm, all of them go
                    let (_, again) = ops.counted_user(tx, kind, user)?;
                    let looked_at = ordered.steps.iter().map(what);
                    if !again.iter().map(what).eq(looked_at) {
                        return Err(Error::Changed(
                            "its connections are not those of the plan".into(),
                        ));
                    }
                }
            }
            ops.order(tx, ordered, reason)
        })
        .await
    }

    /// Writes the order and a draft of its certificate; ends open jobs, whose data is to go.
    fn order(&self, tx: &WriteTxn<'_>, mut plan: Plan, reason: String) -> Result<PlanId> {
        let now = self.now();
        let head = &mut plan.head;
        head.id = self.clock.fresh_id().into();
        (head.made, head.updated, head.applied) = (now, now, Some(now));
        head.lease = Some(now.plus(self.limits.lease));
        (head.actor, head.reason) = (self.caller.actor.clone(), reason);
        tx.insert_workflow(&plan)?;
        let head = &plan.head;
        let user = head.user.as_ref();
        let user = user.ok_or_else(|| not_found("user", head.target()))?;
        for connection in tx.connections_of(user, head.institution.as_ref())? {
            self.end_open_job(tx, &connection.id, now)?;
            tx.set_asking(&connection.id, false)?;
        }
        let begun = format!("begun: {}", head.id);
        let (kind, target) = (head.kind.word(), head.target());
        self.audit(tx, kind, target, &begun, &head.reason, now)?;
        if head.kind != ActKind::Migrate {
            read_owners(tx)?;
            let slots = tx.key_slots(user, None)?;
            tx.draft_certificate(&Certificate {
                id: head.id.to_string(),
                kind: head.kind.word().into(),
                user: Some(user.clone()),
                keys: slots.held,
                absent: slots.absent,
                before: tx.left_of(user)?,
                sqlite: tx.sqlite_version().into(),
                started: now,
                operator: self.caller.actor.clone(),
                reason: head.reason.clone(),
                ..Certificate::default()
            })?;
            self.list_user(tx, &plan, user)?;
        }
        Ok(plan.head.id)
    }

    pub(crate) fn runner(&self, id: &PlanId) -> Runner<WorkflowSteps> {
        let steps = WorkflowSteps::new(self);
        Runner::new(&self.store, &self.clock, self.performer(), id, steps)
    }

    /// How long a command waits for a deletion that cannot go on: until whoever had it in hand must have been replaced.
    pub(crate) fn patience(&self) -> Duration {
        (self.limits.lease * 3).max(AGAIN * 2)
    }

    /// Goes on to its end, or until nothing can be done for [`Ops::patience`].
    /// [`Error::TimedOut`] when it has not ended; maintenance goes on.
    pub(crate) async fn resume(
        &self,
        id: &PlanId,
        mut progress: impl FnMut(Progress<'_>) + Send,
    ) -> Result<Plan> {
        progress(Progress::Turn(&Turn::On(self.stored_workflow(id).await?)));
        let patience = self.patience();
        let ended = self
            .runner(id)
            .run_to_end(patience, |turn| progress(Progress::Turn(turn)))
            .await?;
        ended.ok_or_else(|| Error::TimedOut(time_format::write(patience)))
    }

    /// Answers when it can be done again.
    pub(crate) async fn go_on(&self, id: &PlanId) -> Result<Option<Moment>> {
        let mut runner = self.runner(id);
        loop {
            match runner.step().await {
                Ok(Turn::On(_)) => {}
                Ok(Turn::Ended(_)) => return Ok(None),
                Ok(Turn::Waits(_, until)) => return Ok(Some(until)),
                // somebody else was quicker
                Err(Error::Changed(_)) => return Ok(None),
                Err(other) => return Err(other),
            }
        }
    }
}
