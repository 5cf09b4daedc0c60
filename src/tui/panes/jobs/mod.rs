//! The job history of the selected connection, newest first, and the steps of the one under the cursor.

pub(crate) mod cells;
pub(crate) mod update;
pub(crate) mod view;

use crate::domain::ids::{ConnectionId, JobId};
use crate::domain::job::{Job, State, countdown};
use crate::domain::moment::Moment;

pub(crate) const LIMIT: usize = 50;

#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    pub(crate) of: Option<ConnectionId>,
    pub(crate) asked: Option<ConnectionId>,
    /// Newest first.
    pub(crate) jobs: Vec<Job>,
    pub(crate) more: bool,
    pub(crate) cursor: Option<JobId>,
    /// The job that is followed: it takes the cursor when it appears.
    pub(crate) follow: Option<JobId>,
}

impl Model {
    pub(crate) fn at(&self) -> usize {
        self.cursor
            .as_ref()
            .and_then(|id| self.jobs.iter().position(|j| j.id == *id))
            .unwrap_or(0)
    }

    pub(crate) fn current(&self) -> Option<&Job> {
        self.jobs.get(self.at())
    }

    pub(crate) fn step(&mut self, by: isize) {
        let last = self.jobs.len().saturating_sub(1);
        let at = self.at().saturating_add_signed(by).min(last);
        self.cursor = self.jobs.get(at).map(|j| j.id.clone());
        self.follow = None;
    }

    pub(crate) fn load(&mut self, of: ConnectionId, jobs: Vec<Job>, more: bool) {
        let other = self.of.as_ref() != Some(&of);
        self.of = Some(of);
        self.jobs = jobs;
        self.more = more;
        let here = |id: &&JobId| self.jobs.iter().any(|j| j.id == **id);
        if let Some(id) = self.follow.as_ref().filter(here) {
            self.cursor = Some(id.clone());
        } else if other || self.cursor.as_ref().filter(here).is_none() {
            self.cursor = self.jobs.first().map(|j| j.id.clone());
        }
    }

    pub(crate) fn renew(&mut self, job: &Job) {
        if let Some(old) = self.jobs.iter_mut().find(|j| j.id == job.id) {
            old.clone_from(job);
        }
    }

    pub(crate) fn open(&self) -> bool {
        self.jobs.iter().any(|j| j.state.open())
    }

    pub(crate) fn ticks(&self, now: Moment) -> bool {
        self.jobs.iter().any(|job| ticks(job, now))
    }
}

/// Whether its words change every second: it runs, or somebody may wait for its turn.
pub(crate) fn ticks(job: &Job, now: Moment) -> bool {
    job.state == State::Running || countdown::by_the_second(job.state, countdown::due(job), now)
}
