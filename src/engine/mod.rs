//! The only code that runs jobs: look, decide, claim, ask the bank, record, tell. Everything that must
//! hold is in the file; a worker that dies loses nothing, and a missed wake-up only costs time.
//! Deliberately absent: who may ask for a job, and any screen.

mod advance;
mod certificate;
mod guard;
mod pass;
mod purge;
mod record;
mod settings;
mod worker;

pub use advance::{Settled, claim, settle};
pub use certificate::{counted, draft};
pub use pass::{Facts, claims};
pub use purge::{Finisher, done, finish_purge, gone};
pub use record::{Next, Recorder};
pub use settings::Settings;
pub use worker::Worker;

use crate::domain::ids::JobId;
use crate::store;

/// What can go wrong while running jobs.
#[derive(Debug, thiserror::Error)]
pub enum Error {
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
pub type Result<T> = std::result::Result<T, Error>;
