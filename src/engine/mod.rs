//! Runs jobs: claims a due job, asks the bank, records the answer. All state is in the file, so a dead worker loses
//! nothing, and a missed wake-up only costs time.

mod bank_words;
mod claim_policy;
mod damage;
mod heartbeat;
mod job_outcome;
mod lockout;
mod moves;
mod question;
mod recorder;
mod worker;
mod workflow;

pub(crate) use moves::write_move;
#[cfg(test)]
pub(crate) use recorder::{Next, Recorder};
pub(crate) use worker::Worker;
pub(crate) use workflow::{
    AGAIN, Performer, Runner, StepResult, Steps, Turn, draft, finish_purge, record_step,
};

use crate::domain::ids::{JobId, PlanId};
use crate::domain::job::Refused;
use crate::store;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A job in a state that its own rules exclude.
    #[error("job {id}: {what}")]
    Job { id: JobId, what: String },
    #[error("there is no sequence {0}")]
    Missing(PlanId),
    #[error("workflow {id} {what}")]
    Workflow { id: PlanId, what: String },
    /// Another process has the workflow in hand by now.
    #[error("another process goes on with sequence {0}")]
    Overtaken(PlanId),
}

pub(crate) type Result<T> = std::result::Result<T, Error>;

/// The error of a job in a state that its own rules exclude.
fn illegal(id: &JobId, refused: Refused) -> Error {
    Error::Job {
        id: id.clone(),
        what: refused.to_string(),
    }
}
