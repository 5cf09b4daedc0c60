//! What came of cancelling one of several jobs.

use super::job;
use crate::cli::list_formats::{Column, Listed, text};
use crate::domain::job::Job;
use serde_json::{Value, json};

pub(crate) struct CancelDoc {
    pub(crate) outcome: &'static str,
    /// Why not, where it was refused.
    pub(crate) why: String,
    pub(crate) job: Job,
}

impl Listed for CancelDoc {
    type Doc<'a> = Value;

    const FIELDS: &'static [&'static str] = &["jobId", "connectionId", "outcome", "reason"];

    fn doc(&self) -> Value {
        json!({
            "jobId": self.job.id.as_str(),
            "connectionId": self.job.connection.as_str(),
            "outcome": self.outcome,
            "reason": self.why,
            "job": job(&self.job),
        })
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            text("JOB", 8, |c, _| c.job.id.short().into()),
            text("CONNECTION", 10, |c, _| c.job.connection.short().into()),
            text("OUTCOME", 20, |c, _| c.outcome.into()),
            text("WHY", 120, |c, _| c.why.as_str().into()),
        ]
    }
}
