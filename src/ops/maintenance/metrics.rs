//! The figures that a monitor asks for again and again: kept ones only, so that a large file costs no more.

use crate::domain::job::{Kind, State};
use crate::domain::views::Counts;
use crate::ops::{Ops, Result};

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Metered {
    pub(crate) counts: Counts,
    pub(crate) jobs: Vec<(Kind, State, u64)>,
    pub(crate) workers: usize,
    /// For how long the job that is due first has been due.
    pub(crate) behind_ms: i64,
}

impl Ops {
    pub(crate) async fn metered(&self) -> Result<Metered> {
        let workers = self.workers(self.limits.heartbeat).await?;
        let now = self.now();
        self.read(move |rd| {
            let due = rd.first_due()?;
            Ok(Metered {
                counts: rd.counts(now)?,
                jobs: rd.job_counts()?,
                workers: workers.iter().filter(|(_, alive)| *alive).count(),
                behind_ms: due.map_or(0, |due| now.since(due).max(0)),
            })
        })
        .await
    }
}
