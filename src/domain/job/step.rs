//! One step of a job, and the label that follows from all of them (docs/domain.md 3.4).

use super::Title;
use crate::domain::failure_codes::Failure;
use crate::domain::moment::Moment;
use crate::domain::words::words;

words! {
    StepStatus [word] parse {
        /// Not reached, or waiting for its next attempt.
        Pending "pending";
        /// Under way, or waiting for the user's answer.
        InProgress "in-progress";
        Success "success";
        Failed "failed";
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) title: Title,
    pub(crate) status: StepStatus,
    pub(crate) started: Option<Moment>,
    pub(crate) ended: Option<Moment>,
    /// Why it failed; on a step that waits for its retry, the last error.
    pub(crate) failure: Option<Failure>,
    /// What it brought, for people: `3 accounts`, `1,284 (17 new)`. Ids and counts only.
    pub(crate) note: Option<String>,
}

impl Step {
    pub(crate) fn pending(title: Title) -> Self {
        Self {
            title,
            status: StepStatus::Pending,
            started: None,
            ended: None,
            failure: None,
            note: None,
        }
    }
}

words! {
    /// The three words of the job history (docs/domain.md 3.4).
    Label [name] {
        Pending "Pending";
        Success "Success";
        Failed "Failed";
    }
}

impl Label {
    /// The rule of docs/domain.md 3.4, top to bottom.
    pub(crate) fn of(steps: &[Step]) -> Self {
        if steps.iter().any(|s| s.status == StepStatus::Failed) {
            Label::Failed
        } else if !steps.is_empty() && steps.iter().all(|s| s.status == StepStatus::Success) {
            Label::Success
        } else {
            Label::Pending
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        Label::ALL
            .into_iter()
            .find(|l| l.name().eq_ignore_ascii_case(word))
    }
}
