//! Where a job stands and which moves it may make: the finer state behind the label.

use crate::domain::words::words;
use std::fmt;

words! {
    /// The finer state behind the label.
    State [word] parse {
        /// Due, or due at a known time.
        Queued "queued";
        /// Held back: the same credentials were used, or the user has not authorised yet.
        Paused "paused";
        /// A worker holds it.
        Running "running";
        /// The user has to answer.
        WaitingMfa "waiting-mfa";
        /// The bank was not there; tried again later.
        WaitingRetry "waiting-retry";
        /// Every step succeeded.
        Succeeded "succeeded";
        /// A step failed for good.
        Failed "failed";
        /// Taken back before it began.
        Cancelled "cancelled";
    }
}

impl State {
    /// Whether the job can still do something. While one is open, a refresh gives it back.
    pub(crate) fn open(self) -> bool {
        !matches!(self, State::Succeeded | State::Failed | State::Cancelled)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What is done to a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Command {
    /// A worker takes it.
    Claim,
    /// Its worker is gone: back to the queue.
    Rescue,
    /// It has to wait for a time or a person outside the bank's challenge.
    Hold,
    /// What it waited for is there, or somebody brought it forward.
    Release,
    /// The bank asks the user.
    Ask,
    /// The user answered.
    Answer,
    /// Tried again later.
    Retry,
    /// The last step succeeded.
    Finish,
    /// A step failed for good, from outside or inside.
    Fail,
}

/// A move a job cannot make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a job that is {from} cannot take {command:?}")]
pub(crate) struct Refused {
    /// Where it stands.
    pub(crate) from: State,
    /// What was asked.
    pub(crate) command: Command,
}

/// The job's state machine.
pub(crate) fn next(from: State, command: Command) -> Result<State, Refused> {
    use Command as C;
    use State as S;
    match (from, command) {
        (S::Queued, C::Claim) => Ok(S::Running),
        (S::Running, C::Rescue) => Ok(S::Queued),
        (S::Running | S::Queued, C::Hold) => Ok(S::Paused),
        (S::Paused | S::WaitingRetry | S::Queued, C::Release) => Ok(S::Queued),
        (S::Running, C::Ask) => Ok(S::WaitingMfa),
        (S::WaitingMfa, C::Answer) => Ok(S::Queued),
        (S::Running, C::Retry) => Ok(S::WaitingRetry),
        (S::Running, C::Finish) => Ok(S::Succeeded),
        (from, C::Fail) if from.open() => Ok(S::Failed),
        _ => Err(Refused { from, command }),
    }
}
