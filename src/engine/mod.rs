//! The only code that runs jobs: look, decide, claim, ask the bank, record, tell. Everything that must
//! hold is in the file; a worker that dies loses nothing, and a missed wake-up only costs time.
//! Deliberately absent: who may ask for a job, and any screen.

mod claim_policy;
mod lockout;
mod recorder;
mod transitions;
mod worker;
mod workflow;

#[cfg(test)]
pub(crate) use recorder::{Next, Recorder};
pub(crate) use worker::Worker;
pub(crate) use workflow::{
    AGAIN, Performer, Runner, StepResult, Steps, Turn, draft, finish_purge, record_step, scrubbed,
};

use crate::domain::ids::{JobId, PlanId};
use crate::store;

/// What can go wrong while running jobs.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The store.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A job in a state that its own rules exclude.
    #[error("job {id}: {what}")]
    Job {
        /// Which.
        id: JobId,
        /// What is wrong.
        what: String,
    },
    /// A workflow whose row cannot be.
    #[error("workflow {id} {what}")]
    Workflow { id: PlanId, what: String },
    /// Another process has the workflow in hand by now.
    #[error("another process goes on with sequence {0}")]
    Overtaken(PlanId),
}

/// What the engine answers.
pub(crate) type Result<T> = std::result::Result<T, Error>;
