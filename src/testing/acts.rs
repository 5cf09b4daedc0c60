//! Acts on one connection as tests begin them: without a plan and without the confirming words.

use crate::domain::act::{ActKind, Force};
use crate::domain::ids::{ConnectionId, JobId};
use crate::domain::job::{Job, Kind};
use crate::ops::{Ops, Refreshed, Result};

impl Ops {
    pub(crate) async fn refresh(
        &self,
        id: &ConnectionId,
        force: impl Into<Force>,
    ) -> Result<Refreshed> {
        let (asked, force) = (id.clone(), force.into());
        self.act("refresh", id.as_str(), move |ops, tx| {
            ops.refresh_in(tx, &asked, Kind::Refresh, force)
        })
        .await
    }

    pub(crate) async fn purge(&self, id: &ConnectionId, reason: &str) -> Result<Job> {
        let (kind, force) = (ActKind::Purge, Force::default());
        Ok(self.do_one(kind, id, None, force, reason.into()).await?.0)
    }

    pub(crate) async fn revoke(&self, id: &ConnectionId, reason: &str) -> Result<Job> {
        let (kind, force) = (ActKind::Revoke, Force::default());
        Ok(self.do_one(kind, id, None, force, reason.into()).await?.0)
    }

    /// Goes on with a purge as the process that ordered it does.
    pub(crate) async fn finish_open_purge(&self, job: &JobId) -> Result<Job> {
        self.finish_purge(job).await
    }

    /// Writes the intent of a purge and goes no further, as if the process had died.
    pub(crate) async fn begin_purge(&self, id: &ConnectionId, reason: &str) -> Result<JobId> {
        let (asked, reason) = (id.clone(), reason.to_owned());
        let (kind, force) = (ActKind::Purge, Force::default());
        let begun = self.act("purge", id.as_str(), move |ops, tx| {
            ops.start_in(tx, kind, &asked, None, force, &reason)
        });
        Ok(begun.await?.job.expect("a purge has a job"))
    }
}
