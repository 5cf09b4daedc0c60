//! Waits for the end of a job.

use crate::domain::ids::JobId;
use crate::domain::job::Job;
use crate::domain::time_format;
use crate::ops::{Error, Ops, Result};
use std::time::Duration;

impl Ops {
    /// Waits until the job is as wanted, or until the time is up; answers it as it is then.
    pub(crate) async fn wait_until(
        &self,
        id: &JobId,
        most: Duration,
        wanted: impl Fn(&Job) -> bool,
    ) -> Result<Job> {
        match tokio::time::timeout(most, self.follow(id, |_| (), wanted)).await {
            Ok(done) => done,
            Err(_) => self.job(id).await,
        }
    }

    /// Reports each change. [`Error::TimedOut`] when the job has not ended after `timeout`; it goes on.
    pub(crate) async fn wait(
        &self,
        id: &JobId,
        timeout: Option<Duration>,
        changed: impl FnMut(&Job),
    ) -> Result<Job> {
        let follow = self.follow(id, changed, |job| !job.state.open());
        match timeout {
            None => follow.await,
            Some(most) => tokio::time::timeout(most, follow)
                .await
                .unwrap_or_else(|_| Err(Error::TimedOut(time_format::write(most)))),
        }
    }

    async fn follow(
        &self,
        id: &JobId,
        mut changed: impl FnMut(&Job),
        wanted: impl Fn(&Job) -> bool,
    ) -> Result<Job> {
        let mut wakes = self.store.wakes();
        let mut last: Option<Job> = None;
        loop {
            wakes.mark_unchanged();
            let job = self.job(id).await?;
            if last.as_ref() != Some(&job) {
                changed(&job);
            }
            if wanted(&job) {
                return Ok(job);
            }
            last = Some(job);
            self.committed(&mut wakes).await?;
        }
    }
}
