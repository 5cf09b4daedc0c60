//! How an operation can end other than well. Each variant is one exit code and one HTTP status.

use crate::domain::act::Difference;
use crate::domain::person::Wrong;
use crate::domain::policy::Reason;
use crate::domain::query::Mistake;
use crate::engine;
use crate::store;

/// A refusal by a rule: what, why, and what to do instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The code of domain 14.2 or 15.2.
    pub(crate) code: &'static str,
    /// The detail on the wire, exactly.
    pub(crate) detail: String,
    /// A sentence for a person: what happened and what to do next.
    pub(crate) advice: String,
}

impl Refusal {
    /// A refusal.
    pub(crate) fn new(
        code: &'static str,
        detail: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            code,
            detail: detail.into(),
            advice: advice.into(),
        }
    }

    /// Both, to be read one after the other; the wire's detail may lack its full stop.
    pub(crate) fn sentence(&self) -> String {
        let stop = if self.detail.ends_with(['.', '!', '?']) {
            ""
        } else {
            "."
        };
        format!("{}{stop} {}", self.detail, self.advice)
            .trim_end()
            .to_owned()
    }
}

/// How an operation failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// There is no such thing.
    #[error("there is no {kind} {id}")]
    NotFound {
        /// `connection`, `job`, `user`, ...
        kind: &'static str,
        /// What was asked for.
        id: String,
    },
    /// Several things answer to this; the text says which.
    #[error("{id} could be {count} things: {some}; give more of the id")]
    Ambiguous {
        /// What was asked for.
        id: String,
        /// How many.
        count: usize,
        /// The first few.
        some: String,
    },
    /// A rule or the state says no.
    #[error("{}", .0.sentence())]
    Refused(Refusal),
    /// A confirmation is missing or wrong.
    #[error("{0}")]
    Unconfirmed(String),
    /// It changed since it was looked at; nothing was done.
    #[error("it changed meanwhile, nothing was done: {0}")]
    Changed(String),
    /// What a plan pins of a connection moved since it was planned; nothing was done.
    #[error("it changed meanwhile, nothing was done: {}", Difference::words(.0))]
    PlanChanged(Vec<Difference>),
    /// The filter has a mistake.
    #[error("{0}")]
    Filter(Mistake),
    /// What was given does not read.
    #[error("{0}")]
    Input(String),
    /// Waited as long as was asked.
    #[error("it has not ended after {0}; it goes on")]
    TimedOut(String),
    /// The store.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<engine::Error> for Error {
    fn from(error: engine::Error) -> Self {
        match error {
            engine::Error::Store(store) => Error::Store(store),
            engine::Error::Workflow { .. } => Error::Input(error.to_string()),
            engine::Error::Overtaken(_) => Error::Changed(error.to_string()),
            engine::Error::Job { id, what } => Error::Changed(format!("job {id}: {what}")),
        }
    }
}

/// There is no `kind` with this id.
pub(crate) fn not_found(kind: &'static str, id: impl ToString) -> Error {
    Error::NotFound {
        kind,
        id: id.to_string(),
    }
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Refusal::new(reason.code, reason.detail, reason.words)
    }
}

impl From<Wrong> for Refusal {
    fn from(wrong: Wrong) -> Self {
        Refusal::new(wrong.code, wrong.detail, wrong.words)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Error::Refused(refusal)
    }
}

impl From<Mistake> for Error {
    fn from(mistake: Mistake) -> Self {
        Error::Filter(mistake)
    }
}

/// What an operation answers.
pub(crate) type Result<T> = std::result::Result<T, Error>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_reads_as_sentences() {
        for (detail, advice, read) in [
            (
                "Connection is not active.",
                "Refresh it.",
                "Connection is not active. Refresh it.",
            ),
            (
                "Connection type is not Web",
                "Authorise again.",
                "Connection type is not Web. Authorise again.",
            ),
            (
                "Requested resource is not found",
                "",
                "Requested resource is not found.",
            ),
        ] {
            assert_eq!(
                Error::Refused(Refusal::new("c", detail, advice)).to_string(),
                read
            );
        }
    }
}
