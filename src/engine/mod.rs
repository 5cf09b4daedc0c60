//! The only code that runs jobs: look, decide, claim, ask the bank, record, tell. Everything that must
//! hold is in the file; a worker that dies loses nothing, and a missed wake-up only costs time.
//! Deliberately absent: who may ask for a job, and any screen.

mod certificate;
mod claim_policy;
mod lockout;
mod purge;
mod recorder;
mod transitions;
mod worker;

pub(crate) use certificate::{counted, draft};
pub(crate) use purge::{Finisher, done, finish_purge, gone};
#[cfg(test)]
pub(crate) use recorder::{Next, Recorder};
pub(crate) use worker::Worker;

use crate::domain::ids::JobId;
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
}

/// What the engine answers.
pub(crate) type Result<T> = std::result::Result<T, Error>;
