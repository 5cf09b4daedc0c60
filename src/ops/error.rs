//! The errors of operations. Each variant has its own exit code.

use crate::domain::access::Lacking;
use crate::domain::act::Difference;
use crate::domain::person::Wrong;
use crate::domain::policy::Reason;
use crate::domain::query::Mistake;
use crate::engine;
use crate::store;

/// A refusal by a rule: what, why, and what to do instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The code in documents, as docs/domain.md lists it.
    pub(crate) code: &'static str,
    pub(crate) detail: String,
    pub(crate) advice: String,
}

impl Refusal {
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

    /// Detail and advice as sentences; a detail may lack its full stop.
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

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("there is no {kind} {id}")]
    NotFound { kind: &'static str, id: String },
    #[error("{id} fits {fits} {kind}s: {some}; give more of the id")]
    Ambiguous {
        id: String,
        kind: &'static str,
        /// How many it fits.
        fits: String,
        some: String,
    },
    #[error("{}", .0.sentence())]
    Refused(Refusal),
    /// The role of the caller is too low; nothing was done.
    #[error("{0}; nothing was done")]
    Forbidden(Lacking),
    #[error("{0}")]
    Unconfirmed(String),
    /// It changed since it was read; nothing was done.
    #[error("it changed meanwhile, nothing was done: {0}")]
    Changed(String),
    /// What a plan pins of a connection moved since it was planned; nothing was done.
    #[error("it changed meanwhile, nothing was done: {}", Difference::words(.0))]
    PlanChanged(Vec<Difference>),
    #[error("{0}")]
    Filter(Mistake),
    #[error("{0}")]
    Input(String),
    #[error("it has not ended after {0}; it goes on")]
    TimedOut(String),
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<engine::Error> for Error {
    fn from(error: engine::Error) -> Self {
        match error {
            engine::Error::Store(store) => Error::Store(store),
            engine::Error::Missing(id) => not_found("sequence", id),
            engine::Error::Workflow { .. } => Error::Input(error.to_string()),
            engine::Error::Overtaken(_) => Error::Changed(error.to_string()),
            engine::Error::Job { id, what } => Error::Changed(format!("job {id}: {what}")),
        }
    }
}

impl Error {
    /// Whether the fault lies in one row or in what is sealed for it, so that everything else can go on.
    pub(crate) fn of_one_row(&self) -> bool {
        matches!(self, Error::Store(store) if store.of_one_row())
    }
}

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

pub(crate) type Result<T> = std::result::Result<T, Error>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_printed_as_sentences() {
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
