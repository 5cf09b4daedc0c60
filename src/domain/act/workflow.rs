//! State changes of a workflow. Each step is safe to repeat, so after a crash it goes on at the first not done.

use super::kind::StepAct;
use super::outcome::Outcome;
use super::plan::{Plan, PlanHead, Step};
use crate::domain::ids::{InstitutionId, JobId};
use crate::domain::job::StepStatus;
use crate::domain::moment::Moment;
use crate::domain::words::words;
use std::time::Duration;

words! {
    Standing [word] {
        Open "open";
        Done "done";
        /// A step cannot be done; what was done before it stays done.
        Stopped "stopped";
    }
}

/// Whether a lease has not run out. One that ends later than any can was written by a wrong clock.
pub(crate) fn lease_holds(until: Moment, now: Moment, lease: Duration) -> bool {
    until > now && until <= now.plus(lease * 2)
}

impl PlanHead {
    /// Until when another process holds the lease.
    pub(crate) fn held(&self, by_whom: &str, now: Moment, lease: Duration) -> Option<Moment> {
        let other = self.owner.as_deref().is_some_and(|owner| owner != by_whom);
        self.lease
            .filter(|until| other && lease_holds(*until, now, lease))
    }

    /// Whether new data of this bank would come between its steps.
    pub(crate) fn concerns(&self, at: &InstitutionId) -> bool {
        self.institution.as_ref().is_none_or(|own| own == at)
    }

    pub(crate) fn target(&self) -> &str {
        match (&self.connection, &self.user) {
            (Some(connection), _) => connection.as_str(),
            (None, Some(user)) => user.as_str(),
            (None, None) => self.id.as_str(),
        }
    }
}

impl Plan {
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

    /// The first that is not done is in progress while the lease is held.
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

    /// Takes the lease: the epoch rises and the current step begins.
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

    /// The current step and those behind it are not done.
    pub(crate) fn cancel(&mut self, why: &str, now: Moment) {
        self.settle(Outcome::Skipped, why.to_owned(), now);
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
