//! Look back: the history of jobs, newest first, and the feed of what happened, in order.

use crate::domain::job::Job;
use crate::domain::query::Query;
use crate::domain::views::{Page, Size};
use crate::ops::{List, Ops, Result};
use crate::store::Event;

impl Ops {
    /// A page of the history.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn jobs(&self, list: List) -> Result<Page<Job>> {
        let asker = self.asker();
        self.store
            .read(move |rd| Ok(rd.job_page(&list.query, list.from.as_ref(), list.limit, &asker)?))
            .await
    }

    /// How many jobs match, counting no further than `cap`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn job_size(&self, query: &Query, cap: u64) -> Result<Size> {
        let (query, asker) = (query.clone(), self.asker());
        self.store
            .read(move |rd| Ok(rd.job_size(&query, cap, &asker)?))
            .await
    }

    /// The events after a place.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn events_after(&self, seq: i64, limit: usize) -> Result<Vec<Event>> {
        self.store
            .read(move |rd| Ok(rd.events_after(seq, limit)?))
            .await
    }

    /// The place of the newest event; 0 when there is none.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn last_event(&self) -> Result<i64> {
        self.store.read(|rd| Ok(rd.last_event()?)).await
    }
}
