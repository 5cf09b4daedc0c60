//! Carries out a plan. Each step is counted again in the transaction of its act, which also writes its outcome, so a
//! crash loses no outcome and repeats nothing, and any number of processes may apply a plan at a time. Refreshes are
//! only queued; purges and revokes begin one after another, and purges that have begun end together.

use super::count::{figures, of_one, refused};
use crate::domain::act::{
    ActKind, Confirmation, Detail, Difference, Force, Objection, Outcome, Pins, Plan, PlanHead,
    Step,
};
use crate::domain::ids::{ConnectionId, JobId, PlanId};
use crate::domain::job::{Job, Kind};
use crate::domain::rows::ConnectionRow;
use crate::engine::Turn;
use crate::ops::{Error, Ops, Refusal, Result, not_found};
use crate::store::{ReadTxn, WriteTxn};
use futures::stream::FuturesUnordered;
use futures::{FutureExt as _, StreamExt as _, TryFutureExt as _};

/// How many steps are read and begun at a time. Refreshes share a commit, purges one scrub and one search of the file.
/// Few enough that an interrupted plan has not begun all of its purges.
const TOGETHER: usize = 64;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Applied {
    /// The job of an act on one connection, and whether it was open already.
    One {
        job: Box<Job>,
        deduplicated: bool,
    },
    /// A plan on several as it is now, and whether nothing of it was left to do before.
    Several {
        plan: Box<Plan>,
        over: bool,
    },
    Workflow(Box<Plan>),
}

pub(crate) enum Progress<'a> {
    Steps(u64),
    /// A workflow had a turn.
    Turn(&'a Turn),
}

/// What an act on a connection came to, or began.
pub(crate) struct Started {
    pub(super) outcome: Outcome,
    pub(super) why: String,
    pub(crate) job: Option<JobId>,
    /// Whether that job was open already.
    pub(super) joined: bool,
    /// Whether a purge was begun, which has to be finished.
    pub(super) purge: bool,
}

impl Started {
    pub(super) fn new(outcome: Outcome, job: JobId) -> Self {
        Self {
            job: Some(job),
            joined: outcome == Outcome::Deduplicated,
            ..Self::left(outcome, "")
        }
    }

    fn left(outcome: Outcome, why: impl Into<String>) -> Self {
        Self {
            outcome,
            why: why.into(),
            job: None,
            joined: false,
            purge: false,
        }
    }
}

pub(super) fn unchanged(
    rd: &ReadTxn<'_>,
    kind: ActKind,
    row: &ConnectionRow,
    pins: Option<&Pins>,
) -> Result<()> {
    let Some(pins) = pins else { return Ok(()) };
    let now = Pins::of(kind, row, &figures(rd, kind, row)?);
    let differences = pins.differences(&now);
    match differences.is_empty() {
        true => Ok(()),
        false => Err(Error::PlanChanged(differences)),
    }
}

impl Ops {
    /// For an act on one connection, a kept plan on several, or a workflow. [`Error::Unconfirmed`] when the words or
    /// the reason are missing.
    pub(crate) async fn apply(
        &self,
        plan: &Plan,
        typed: &Confirmation,
        progress: impl FnMut(Progress<'_>) + Send,
    ) -> Result<Applied> {
        let kind = plan.head.kind;
        self.permit(kind.word(), &plan.about()).await?;
        if kind != ActKind::Refresh {
            self.store.make_room()?;
        }
        match &plan.detail {
            _ if kind.is_workflow() => self.apply_workflow(plan, typed, progress).await,
            Detail::One(one) => self.apply_one(plan, &one.target.id, typed).await,
            _ => self.apply_kept(&plan.head.id, typed, progress).await,
        }
    }

    /// Whether it may be carried out by whoever typed this. `Ok(false)`: nothing of it is left to do.
    pub(super) async fn confirmed(&self, plan: &Plan, typed: &Confirmation) -> Result<bool> {
        match self.judged(plan, typed).await {
            unconfirmed @ Err(Error::Unconfirmed(_)) => {
                let target = plan.about();
                self.noting(plan.head.kind, &target, unconfirmed).await
            }
            other => other,
        }
    }

    async fn judged(&self, plan: &Plan, typed: &Confirmation) -> Result<bool> {
        let (head, id) = (&plan.head, plan.head.id.short());
        let several = plan.is_for_several();
        let confirm = format!("--confirm \"{}\"", plan.words());
        let unconfirmed = |words: String| Err(Error::Unconfirmed(words));
        match plan.may_apply(typed, self.now()) {
            Ok(()) => Ok(true),
            Err(Objection::Finished) => Ok(false),
            Err(Objection::Lapsed) => {
                let until = head.expires.map(|at| at.rfc3339()).unwrap_or_default();
                let refusal = Refusal::new(
                    "plan-lapsed",
                    format!("Plan {id} could be carried out until {until}."),
                    "Nothing was changed; make it again, so that everything is counted anew.",
                );
                Err(self.refused("apply", head.id.as_str(), refusal).await)
            }
            Err(Objection::Words) if several => unconfirmed(format!(
                "nothing was changed; to carry out plan {id}: {confirm}"
            )),
            Err(Objection::Reason) if several => unconfirmed(format!(
                "nothing was changed; a {} of more than one needs --reason \"why\"",
                head.kind.word()
            )),
            Err(Objection::Words | Objection::Reason) => {
                let reason = match plan.needs_reason() {
                    true => " --reason \"why\"",
                    false => "",
                };
                unconfirmed(format!("nothing was changed; to do it: {confirm}{reason}"))
            }
        }
    }

    async fn apply_one(
        &self,
        plan: &Plan,
        id: &ConnectionId,
        typed: &Confirmation,
    ) -> Result<Applied> {
        self.confirmed(plan, typed).await?;
        let (kind, force) = (plan.head.kind, plan.head.force);
        let pins = plan.steps.first().map(|step| step.pins.clone());
        let (job, deduplicated) = self
            .do_one(kind, id, pins, force, typed.reason().to_owned())
            .await?;
        Ok(Applied::One {
            job: Box::new(job),
            deduplicated,
        })
    }

    /// Does an act to one connection; answers its job, and whether that was open already.
    pub(crate) async fn do_one(
        &self,
        kind: ActKind,
        id: &ConnectionId,
        pins: Option<Pins>,
        force: Force,
        reason: String,
    ) -> Result<(Job, bool)> {
        let asked = id.clone();
        let started = self
            .act(kind.word(), id.as_str(), move |ops, tx| {
                ops.start_in(tx, kind, &asked, pins.as_ref(), force, &reason)
            })
            .await;
        let started = match started {
            changed @ Err(Error::PlanChanged(_)) => self.noting(kind, id.as_str(), changed).await?,
            other => other?,
        };
        let deduplicated = started.joined;
        let job = started.job.ok_or_else(|| not_found("job", id))?;
        let job = match started.purge {
            true => self.finish_purge(&job).await?,
            false => self.job(&job).await?,
        };
        Ok((job, deduplicated))
    }

    /// Begins an act on a connection within a transaction; `pins` are what must not have moved.
    pub(crate) fn start_in(
        &self,
        tx: &WriteTxn<'_>,
        kind: ActKind,
        id: &ConnectionId,
        pins: Option<&Pins>,
        force: Force,
        reason: &str,
    ) -> Result<Started> {
        match kind {
            ActKind::Purge => self.purge_in(tx, id, pins, reason),
            ActKind::Revoke => self.revoke_in(tx, id, pins, reason),
            ActKind::Refresh => {
                let refreshed = self.refresh_in(tx, id, Kind::Refresh, force)?;
                let outcome = match (refreshed.deduplicated, refreshed.forward) {
                    (true, false) => Outcome::Deduplicated,
                    _ => Outcome::Queued,
                };
                Ok(Started {
                    joined: refreshed.deduplicated,
                    ..Started::new(outcome, refreshed.job.id)
                })
            }
            workflow => Err(of_one(workflow)),
        }
    }

    /// Carries out a plan on several that was kept.
    pub(crate) async fn apply_kept(
        &self,
        id: &PlanId,
        typed: &Confirmation,
        mut progress: impl FnMut(Progress<'_>) + Send,
    ) -> Result<Applied> {
        let head = self.plan_head(id).await?;
        let plan = Plan::without_steps(head);
        self.permit(plan.head.kind.word(), id.as_str()).await?;
        if !self.confirmed(&plan, typed).await? {
            return self.applied(id, true).await;
        }
        let head = plan.head;
        self.begin_apply(&head, typed.reason()).await?;
        let note = format!("plan {}: {}", id.short(), typed.reason());
        let note = note.trim_end_matches([':', ' ']).to_owned();
        let (mut after, mut done) = (None, 0);
        loop {
            let asked = id.clone();
            let left = self
                .read(move |rd| Ok(rd.plan_steps(&asked, after, true, TOGETHER)?))
                .await?;
            let Some(last) = left.last() else { break };
            after = Some(last.place);
            let mut under_way = FuturesUnordered::new();
            for step in left {
                if head.kind == ActKind::Refresh {
                    under_way.push(self.begin_step(&head, step, &note).map_ok(drop).boxed());
                    continue;
                }
                // in their order: what a step comes to may depend on an earlier one
                match self.begin_step(&head, step, &note).await? {
                    Some(purge) => under_way.push(self.end_purge(purge).boxed()),
                    None => {
                        done += 1;
                        progress(Progress::Steps(done));
                    }
                }
            }
            while let Some(ended) = under_way.next().await {
                ended?;
                done += 1;
                progress(Progress::Steps(done));
            }
            // whoever stops it is heard before the next ones begin
            tokio::task::yield_now().await;
        }
        self.end_apply(id).await?;
        self.applied(id, false).await
    }

    async fn end_purge(&self, id: JobId) -> Result<()> {
        self.finish_purge(&id).await.map(drop)
    }

    async fn applied(&self, id: &PlanId, over: bool) -> Result<Applied> {
        Ok(Applied::Several {
            plan: Box::new(self.stored_plan(id).await?),
            over,
        })
    }

    async fn begin_apply(&self, head: &PlanHead, reason: &str) -> Result<()> {
        let (head, reason) = (head.clone(), reason.to_owned());
        self.write(move |ops, tx| {
            let now = ops.now();
            let known = tx.plan_head(&head.id)?;
            if known.is_some_and(|known| known.finished.is_some()) {
                // another process has carried it out meanwhile; what has ended has no tag any more
                return Ok(());
            }
            tx.plan_is_genuine(&head.id)?;
            tx.begin_plan(&head.id, &reason, now)?;
            let outcome = format!("begun: {}", head.words());
            ops.audit(tx, "apply", head.id.as_str(), &outcome, &reason, now)
        })
        .await
    }

    async fn end_apply(&self, id: &PlanId) -> Result<()> {
        let id = id.clone();
        self.write(move |ops, tx| {
            let now = ops.now();
            match tx.finish_plan(&id, now)? {
                true => ops.audit(tx, "apply", id.as_str(), "done", "", now),
                false => Ok(()),
            }
        })
        .await
    }

    /// One step's turn, in one transaction. A purge that was begun is given back: it has to be finished.
    async fn begin_step(&self, head: &PlanHead, step: Step, note: &str) -> Result<Option<JobId>> {
        let (head, note) = (head.clone(), note.to_owned());
        self.write(move |ops, tx| {
            let now = ops.now();
            let known = tx.plan_step(&head.id, step.place)?;
            if known.is_none_or(|step| step.outcome.is_some()) {
                // another process had its turn with it
                return Ok(None);
            }
            let led = ops.step_in(tx, &head, &step, &note)?;
            let settled = Step {
                outcome: Some(led.outcome),
                why: led.why,
                job: led.job.clone(),
                ended: Some(now),
                ..step
            };
            tx.save_steps(&head.id, &[settled])?;
            Ok(led.job.filter(|_| led.purge))
        })
        .await
    }

    /// Counts a step again and, when nothing moved, does it.
    fn step_in(
        &self,
        tx: &WriteTxn<'_>,
        head: &PlanHead,
        step: &Step,
        note: &str,
    ) -> Result<Started> {
        if let Some(with) = step.within {
            return within(tx, head, step, with);
        }
        if step.planned != Outcome::WouldRun {
            return Ok(Started::left(step.planned, &step.reason));
        }
        let (kind, id) = (head.kind, step.connection());
        let Some(row) = tx.connection(&id)? else {
            let gone = "there is no such connection any more";
            return Ok(Started::left(Outcome::Gone, gone));
        };
        let done = unchanged(tx, kind, &row, Some(&step.pins))
            .and_then(|()| self.start_in(tx, kind, &id, None, head.force, note));
        let (outcome, why, said) = match done {
            Err(Error::PlanChanged(differences)) => {
                let why = format!("changed: {}", Difference::words(&differences));
                let said = format!("skipped: {why}");
                (Outcome::Skipped, why, said)
            }
            Err(Error::Refused(refusal)) => {
                let said = format!("refused: {}", refusal.code);
                (refused(&refusal), refusal.sentence(), said)
            }
            done => return done,
        };
        self.audit(tx, kind.word(), id.as_str(), &said, note, self.now())?;
        Ok(Started::left(outcome, why))
    }
}

/// One whose data goes with another's purge: it comes to what that one came to.
fn within(tx: &WriteTxn<'_>, head: &PlanHead, step: &Step, with: u32) -> Result<Started> {
    let other = tx.plan_step(&head.id, with)?;
    Ok(match other.and_then(|other| other.job) {
        Some(job) => Started {
            why: step.reason.clone(),
            ..Started::new(Outcome::Deduplicated, job)
        },
        None => Started::left(
            Outcome::Skipped,
            format!("nothing was purged: {}", step.reason),
        ),
    })
}
