//! Lists of jobs, and one job.

use crate::domain::ids::{ConnectionId, JobId};
use crate::domain::job::Job;
use crate::domain::query::Query;
use crate::domain::views::{Page, Size};
use crate::ops::{List, Ops, Result, not_found};

impl Ops {
    /// Newest first.
    pub(crate) async fn jobs(&self, list: List) -> Result<Page<Job>> {
        let asker = self.asker();
        self.read(move |rd| Ok(rd.job_page(&list.query, list.from.as_ref(), list.limit, &asker)?))
            .await
    }

    /// How many jobs match, counting no further than `cap`.
    pub(crate) async fn job_size(&self, query: &Query, cap: u64) -> Result<Size> {
        let (query, asker) = (query.clone(), self.asker());
        self.read(move |rd| Ok(rd.job_size(&query, cap, &asker)?))
            .await
    }

    pub(crate) async fn jobs_of(&self, id: &ConnectionId, limit: usize) -> Result<Vec<Job>> {
        let asked = id.clone();
        self.read(move |rd| Ok(rd.jobs_of(&asked, limit)?)).await
    }

    pub(crate) async fn job(&self, id: &JobId) -> Result<Job> {
        let asked = id.clone();
        let found = self.read(move |rd| Ok(rd.job_shown(&asked)?)).await?;
        found.ok_or_else(|| not_found("job", id))
    }
}
