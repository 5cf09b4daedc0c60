//! One job, opened: its steps with times and detail, and for a failure what happened and who acts next.

mod rows;
pub(crate) mod update;
pub(crate) mod view;

use crate::domain::ids::JobId;
use crate::domain::job::{Job, StepStatus};

#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) id: JobId,
    /// As it was read last; none while it is read for the first time, or when it no longer exists.
    pub(crate) job: Option<Job>,
    /// Looked for and not found.
    pub(crate) missing: bool,
    pub(crate) step: usize,
    pub(crate) detail: bool,
    /// Whether the cursor goes along with the running step.
    pub(crate) follow: bool,
    pub(crate) scroll: usize,
}

impl Model {
    pub(crate) fn new(id: JobId, job: Option<Job>) -> Self {
        let follow = job.as_ref().is_none_or(|j| j.state.open());
        let mut model = Self {
            id,
            job: None,
            missing: false,
            step: 0,
            detail: false,
            follow,
            scroll: 0,
        };
        if let Some(job) = job {
            model.step = job.current();
            model.renew(job);
        }
        model
    }

    pub(crate) fn renew(&mut self, job: Job) {
        if self.follow {
            let running = job
                .steps
                .iter()
                .position(|s| s.status == StepStatus::InProgress);
            self.step = running.unwrap_or_else(|| job.current());
        }
        self.step = self.step.min(job.steps.len().saturating_sub(1));
        self.job = Some(job);
    }

    pub(crate) fn move_by(&mut self, by: isize) {
        let last = self
            .job
            .as_ref()
            .map_or(0, |j| j.steps.len().saturating_sub(1));
        self.step = self.step.saturating_add_signed(by).min(last);
        self.scroll = 0;
        self.follow = false;
    }

    pub(crate) fn follow(&mut self) {
        self.follow = true;
        self.scroll = 0;
        if let Some(job) = self.job.take() {
            self.renew(job);
        }
    }
}
