//! The moves of a workflow: a plan whose steps are done in order. Each step is safe to do again, so whoever comes
//! after a crash goes on at the first that is not done.

use super::kind::StepAct;
use super::outcome::Outcome;
use super::plan::{Plan, PlanHead, Step};
use crate::domain::ids::{InstitutionId, JobId};
use crate::domain::job::StepStatus;
use crate::domain::moment::Moment;
use std::time::Duration;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Standing {
    Open,
    Done,
    /// A step cannot be done; what was done before it stays done.
    Stopped,
}

impl Standing {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Standing::Open => "open",
            Standing::Done => "done",
            Standing::Stopped => "stopped",
        }
    }
}

impl PlanHead {
    /// Until when somebody else has it in hand. A lease longer than any can be was written by a clock that was
    /// wrong.
    pub(crate) fn held(&self, by_whom: &str, now: Moment, lease: Duration) -> Option<Moment> {
        let other = self.owner.as_deref().is_some_and(|owner| owner != by_whom);
        self.lease
            .filter(|until| other && *until > now && *until <= now.plus(lease * 2))
    }

    /// Whether new data of this bank would come between its steps.
    pub(crate) fn concerns(&self, at: &InstitutionId) -> bool {
        self.institution.as_ref().is_none_or(|own| own == at)
    }

    /// What the audit says it was done to.
    pub(crate) fn target(&self) -> &str {
        match (&self.connection, &self.user) {
            (Some(connection), _) => connection.as_str(),
            (None, Some(user)) => user.as_str(),
            (None, None) => self.id.as_str(),
        }
    }
}

impl Plan {
    /// The first step that is not done.
    pub(crate) fn current(&self) -> Option<usize> {
        self.steps
            .iter()
            .position(|step| step.outcome != Some(Outcome::Done))
    }

    pub(crate) fn standing(&self) -> Standing {
        match self.current().map(|at| self.steps[at].outcome) {
            None => Standing::Done,
            Some(Some(_)) => Standing::Stopped,
            Some(None) => Standing::Open,
        }
    }

    /// Where a step stands; the first that is not done is under way while somebody has the workflow in hand.
    pub(crate) fn step_status(&self, at: usize) -> StepStatus {
        match self.steps[at].outcome {
            Some(Outcome::Done) => StepStatus::Success,
            Some(_) => StepStatus::Failed,
            None if self.head.owner.is_some() && self.current() == Some(at) => {
                StepStatus::InProgress
            }
            None => StepStatus::Pending,
        }
    }

    /// Takes it in hand: the epoch rises and the current step begins.
    pub(crate) fn take(&mut self, owner: &str, now: Moment, lease: Duration) {
        self.head.epoch += 1;
        self.head.owner = Some(owner.to_owned());
        self.head.lease = Some(now.plus(lease));
        self.head.updated = now;
    }

    /// The current step is done. An empty `why` says nothing.
    pub(crate) fn succeed(&mut self, why: String, job: Option<JobId>, now: Moment) {
        if let (Some(step), Some(job)) = (self.settle(Outcome::Done, why, now), job) {
            step.job = Some(job);
        }
        if self.current().is_none() {
            self.end("done", now);
        }
    }

    /// The current step cannot be done now; whoever comes next tries again from `until` on.
    pub(crate) fn wait(&mut self, why: &str, until: Moment, now: Moment) {
        if let Some(at) = self.current() {
            self.steps[at].why = why.to_owned();
        }
        self.head.owner = None;
        self.head.lease = Some(until);
        self.head.updated = now;
    }

    /// Something came between: the last step of this kind and all that follow have to be done again.
    pub(crate) fn back_to(&mut self, act: StepAct, why: &str, now: Moment) {
        let Some(at) = self.current() else { return };
        let from = self.steps[..at]
            .iter()
            .rposition(|step| step.act == act)
            .unwrap_or(at);
        for step in &mut self.steps[from..] {
            (step.outcome, step.ended) = (None, None);
        }
        self.steps[from].why = why.to_owned();
        self.head.updated = now;
    }

    /// The current step can never be done.
    pub(crate) fn stop(&mut self, why: &str, now: Moment) {
        self.settle(Outcome::Failed, why.to_owned(), now);
        self.end(why, now);
    }

    fn settle(&mut self, outcome: Outcome, why: String, now: Moment) -> Option<&mut Step> {
        self.head.updated = now;
        let at = self.current()?;
        let step = &mut self.steps[at];
        (step.outcome, step.ended, step.why) = (Some(outcome), Some(now), why);
        Some(step)
    }

    fn end(&mut self, how: &str, now: Moment) {
        self.head.result = how.to_owned();
        self.head.finished = Some(now);
        self.head.owner = None;
        self.head.lease = None;
    }
}
