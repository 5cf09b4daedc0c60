//! The only code that runs jobs: it claims a due job, asks the bank, and records the answer. All state is in the file,
//! so a worker that dies loses nothing, and a missed wake-up only costs time.

mod certificate;
mod claim_policy;
mod heartbeat;
mod lockout;
mod moves;
mod purge;
mod question;
mod recorder;
mod transitions;
mod worker;

pub(crate) use certificate::{counted, draft};
pub(crate) use moves::write_move;
pub(crate) use purge::{Finisher, done, finish_purge, gone};
#[cfg(test)]
pub(crate) use recorder::{Next, Recorder};
pub(crate) use worker::Worker;

use crate::domain::ids::JobId;
use crate::store;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A job in a state that its own rules exclude.
    #[error("job {id}: {what}")]
    Job { id: JobId, what: String },
}

pub(crate) type Result<T> = std::result::Result<T, Error>;
