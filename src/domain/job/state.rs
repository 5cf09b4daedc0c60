//! The state of a job and the legal moves between states.

use crate::domain::words::words;
use std::fmt;

words! {
    State [word] parse {
        Queued "queued";
        /// Held back: the same credentials were used, or the user has not authorised yet.
        Paused "paused";
        Running "running";
        WaitingMfa "waiting-mfa";
        /// The bank was not there; tried again later.
        WaitingRetry "waiting-retry";
        Succeeded "succeeded";
        Failed "failed";
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Command {
    Claim,
    /// Its worker is gone: back to the queue.
    Rescue,
    /// It has to wait for a time or a person outside the bank's challenge.
    Hold,
    /// What it waited for is there, or somebody brought it forward.
    Release,
    Ask,
    Answer,
    Retry,
    Finish,
    /// A step failed for good, from outside or inside.
    Fail,
    /// An operator wants no more of it.
    Cancel,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a job that is {from} cannot take {command:?}")]
pub(crate) struct Refused {
    pub(crate) from: State,
    pub(crate) command: Command,
}

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
        (from, C::Cancel) if from.open() => Ok(S::Cancelled),
        _ => Err(Refused { from, command }),
    }
}
