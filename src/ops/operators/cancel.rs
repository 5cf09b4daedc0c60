//! Cancels jobs, plans and workflows. What has not begun ends now; of what runs the current step ends and nothing follows.
//! Nothing is half-written: each is one transaction, and what cannot be taken back is refused.

use crate::domain::act::{Plan, Stage, StepAct};
use crate::domain::connection::Status;
use crate::domain::counts::count;
use crate::domain::ids::{JobId, PlanId};
use crate::domain::job::{Job, Kind, State, StepStatus, Title};
use crate::domain::moment::Moment;
use crate::domain::policy;
use crate::ops::{Error, Ops, Refusal, Result, not_found};
use crate::store::{Guard, NewEvent, WriteTxn};

/// The code of a refusal to cancel, as docs/domain.md lists it.
const CODE: &str = "not-cancellable";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cancelled {
    Now,
    /// Its current step ends first.
    AfterItsStep,
}

impl Cancelled {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Cancelled::Now => "cancelled",
            Cancelled::AfterItsStep => "ends-after-its-step",
        }
    }

    /// For people.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Cancelled::Now => "it is cancelled",
            Cancelled::AfterItsStep => "its running step ends first; then it is cancelled",
        }
    }
}

fn no(detail: impl Into<String>, advice: impl Into<String>) -> Error {
    Refusal::new(CODE, detail, advice).into()
}

/// Whether a purge has destroyed anything.
fn destroyed(job: &Job) -> bool {
    let done = |title: &Title| {
        let step = job.steps.iter().find(|step| step.title == *title);
        step.is_none_or(|step| step.status == StepStatus::Success)
    };
    done(&Title::DestroyKey)
}

impl Ops {
    pub(crate) async fn cancel_job(&self, id: &JobId, reason: &str) -> Result<(Job, Cancelled)> {
        let (asked, reason) = (id.clone(), reason.to_owned());
        let how = self
            .act("cancel", id.as_str(), move |ops, tx| {
                let now = ops.now();
                let job = tx.job(&asked)?.ok_or_else(|| not_found("job", &asked))?;
                if let Some(row) = tx.connection(&job.connection)? {
                    policy::executes(row.origin).map_err(Refusal::from)?;
                }
                let how = ops.cancel_in(tx, job, now)?;
                ops.audit(tx, "cancel", asked.as_str(), how.word(), &reason, now)?;
                Ok(how)
            })
            .await?;
        self.forget_lists().await?;
        Ok((self.job(id).await?, how))
    }

    fn cancel_in(&self, tx: &WriteTxn<'_>, mut job: Job, now: Moment) -> Result<Cancelled> {
        let id = job.id.short().to_owned();
        if !job.state.open() {
            let ended = format!("Job {id} has ended: {}.", job.state);
            return Err(no(ended, "There is nothing left to cancel."));
        }
        let taken_back = self.take_back(tx, &job, now)?;
        if taken_back == Some(false) {
            return Err(no(
                format!("Job {id} was sent to the platform, so it cannot be taken back."),
                "`switchboard outbox` says what came of it.",
            ));
        }
        let there = tx
            .connection(&job.connection)?
            .is_some_and(|row| !policy::runs_here(row.origin));
        if there && taken_back.is_none() && job.kind != Kind::Purge {
            return Err(no(
                format!("The platform runs job {id}, and has no call that cancels one."),
                "It ends by itself.",
            ));
        }
        if job.kind == Kind::Purge {
            if destroyed(&job) {
                return Err(no(
                    "The key of the data is destroyed, so this purge cannot be cancelled.",
                    format!(
                        "It goes on until nothing is left; `switchboard job {id}` says how far it is."
                    ),
                ));
            }
            self.not_in_workflow(tx, &job.user, &job.institution)?;
        } else if !self.established(tx, &job)? {
            return Err(no(
                "The connection exists by this job only, so without it nothing would be left to go on with.",
                format!(
                    "`switchboard revoke {}` ends the connection and the job.",
                    job.connection.short()
                ),
            ));
        } else if job.state == State::Running {
            tx.want_job_cancelled(&job.id, &self.caller.actor)?;
            return Ok(Cancelled::AfterItsStep);
        }
        let guard = Guard::of(&job);
        job.cancel(now)
            .map_err(|refused| Error::Input(refused.to_string()))?;
        if !tx.save_job(&job, guard)? {
            return Err(Error::Changed(format!("job {id} went on")));
        }
        tx.drop_answers(&job.id)?;
        tx.set_asking(&job.connection, false)?;
        if job.kind == Kind::Purge {
            tx.drop_list(job.id.as_str())?;
            tx.drop_draft(job.id.as_str())?;
        }
        let event = NewEvent::of_job("job", "updated", &job, &self.caller.actor);
        self.record_event(tx, &event, now)?;
        Ok(Cancelled::Now)
    }

    /// Whether the connection of a job had been there without it.
    fn established(&self, tx: &WriteTxn<'_>, job: &Job) -> Result<bool> {
        let row = tx.connection(&job.connection)?;
        Ok(row.is_none_or(|row| matches!(row.status, Status::Active | Status::Invalid)))
    }

    /// The keys of lists that are not needed any more, in a transaction of their own.
    async fn forget_lists(&self) -> Result<()> {
        self.write(|_, tx| Ok(tx.forget_served_lists()?)).await
    }

    /// Leaves out the steps whose turn has not come, and cancels the jobs that the plan began.
    pub(crate) async fn cancel_plan(&self, id: &PlanId, reason: &str) -> Result<(Plan, String)> {
        let (asked, reason) = (id.clone(), reason.to_owned());
        let said = self
            .act("cancel", id.as_str(), move |ops, tx| {
                let now = ops.now();
                let head = tx
                    .plan_head(&asked)?
                    .filter(|head| !head.kind.is_workflow())
                    .ok_or_else(|| not_found("plan", &asked))?;
                let by = format!("cancelled by {}", ops.caller.actor);
                let skipped = match head.stage(now) {
                    Stage::Finished => 0,
                    Stage::Open | Stage::Lapsed | Stage::Begun => {
                        tx.skip_steps_left(&asked, &by, now)?
                    }
                };
                let mut jobs = [0_u64; 3];
                for job in tx.open_jobs_of_plan(&asked)? {
                    let Some(job) = tx.job(&job)? else { continue };
                    let at = match ops.cancel_in(tx, job, now) {
                        Ok(Cancelled::Now) => 0,
                        Ok(Cancelled::AfterItsStep) => 1,
                        Err(Error::Refused(_)) => 2,
                        Err(other) => return Err(other),
                    };
                    jobs[at] += 1;
                }
                if skipped == 0 && jobs[0] + jobs[1] == 0 {
                    let detail = match jobs[2] {
                        0 => format!("Plan {} is over.", asked.short()),
                        left => format!(
                            "Of plan {} only {} left, whose keys are destroyed.",
                            asked.short(),
                            count(left, "purge")
                        ),
                    };
                    return Err(no(detail, "There is nothing left to cancel."));
                }
                tx.finish_plan(&asked, now)?;
                let said = told(skipped as u64, jobs);
                ops.audit(tx, "cancel", asked.as_str(), &said, &reason, now)?;
                Ok(said)
            })
            .await?;
        self.forget_lists().await?;
        Ok((self.stored_plan(id).await?, said))
    }

    /// A step that runs ends first; the steps behind it are not done.
    pub(crate) async fn cancel_workflow(
        &self,
        id: &PlanId,
        reason: &str,
    ) -> Result<(Plan, Cancelled)> {
        let (asked, reason) = (id.clone(), reason.to_owned());
        self.act("cancel", id.as_str(), move |ops, tx| {
            let now = ops.now();
            let plan = tx
                .plan(&asked)?
                .ok_or_else(|| not_found("sequence", &asked))?;
            let id = asked.short();
            let step = plan.current().map(|at| plan.steps[at].act);
            let Some(step) = step.filter(|_| plan.head.finished.is_none()) else {
                return Err(no(
                    format!("Sequence {id} has ended: {}.", plan.head.result),
                    "There is nothing left to cancel.",
                ));
            };
            if !matches!(step, StepAct::Purge | StepAct::Revoke | StepAct::Connect) {
                return Err(no(
                    format!(
                        "Sequence {id} is at {}, which cannot be taken back.",
                        step.word()
                    ),
                    format!(
                        "It goes on to its end; `switchboard sequence {id}` says how far it is."
                    ),
                ));
            }
            tx.want_workflow_cancelled(&asked, &ops.caller.actor)?;
            let said = format!("cancelled before {}", step.word());
            ops.audit(tx, "cancel", asked.as_str(), &said, &reason, now)
        })
        .await?;
        // ends it here, unless another process is at a step of it
        self.go_on(id).await?;
        self.forget_lists().await?;
        let plan = self.stored_workflow(id).await?;
        let how = match plan.head.finished {
            Some(_) => Cancelled::Now,
            None => Cancelled::AfterItsStep,
        };
        Ok((plan, how))
    }
}

/// `4 steps skipped, 2 jobs cancelled, 1 job ends after its step`.
fn told(skipped: u64, [cancelled, ending, on]: [u64; 3]) -> String {
    let part = |n: u64, one: &str, what: &str| (n > 0).then(|| format!("{} {what}", count(n, one)));
    let parts = [
        part(skipped, "step", "skipped"),
        part(cancelled, "job", "cancelled"),
        part(ending, "job", "to end after the running step"),
        part(on, "job", "that cannot be cancelled"),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
