//! One stage of a job, and the label that follows from all of them (domain 3.4).

use super::Title;
use crate::domain::failure::Failure;
use crate::domain::moment::Moment;

/// Where one step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum StepStatus {
    /// Not reached, or waiting for its next attempt.
    Pending,
    /// Under way, or waiting for the user's answer.
    InProgress,
    /// Done.
    Success,
    /// Failed for good.
    Failed,
}

impl StepStatus {
    /// Every status.
    pub(crate) const ALL: [StepStatus; 4] = [
        StepStatus::Pending,
        StepStatus::InProgress,
        StepStatus::Success,
        StepStatus::Failed,
    ];

    /// The wire word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            StepStatus::Pending => "pending",
            StepStatus::InProgress => "in-progress",
            StepStatus::Success => "success",
            StepStatus::Failed => "failed",
        }
    }

    /// Reads that word.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        StepStatus::ALL.into_iter().find(|s| s.word() == word)
    }
}

/// One stage of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// What it does.
    pub(crate) title: Title,
    /// Where it stands.
    pub(crate) status: StepStatus,
    /// When it began, this attempt.
    pub(crate) started: Option<Moment>,
    /// When it ended.
    pub(crate) ended: Option<Moment>,
    /// Why it failed; on a step that waits for its retry, the last error.
    pub(crate) failure: Option<Failure>,
    /// What it brought, for people: `3 accounts`, `1,284 (17 new)`. Ids and counts only.
    pub(crate) note: Option<String>,
}

impl Step {
    /// A step not reached yet.
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

/// The three words of the job history (domain 3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Label {
    /// Queued, paused, running, waiting.
    Pending,
    /// Every step succeeded.
    Success,
    /// At least one step failed.
    Failed,
}

impl Label {
    /// Every label.
    pub(crate) const ALL: [Label; 3] = [Label::Pending, Label::Success, Label::Failed];

    /// The rule of domain 3.4, top to bottom.
    pub(crate) fn of(steps: &[Step]) -> Self {
        if steps.iter().any(|s| s.status == StepStatus::Failed) {
            Label::Failed
        } else if !steps.is_empty() && steps.iter().all(|s| s.status == StepStatus::Success) {
            Label::Success
        } else {
            Label::Pending
        }
    }

    /// The word.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Label::Pending => "Pending",
            Label::Success => "Success",
            Label::Failed => "Failed",
        }
    }

    /// Reads it, in any case.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Label::ALL
            .into_iter()
            .find(|l| l.name().eq_ignore_ascii_case(word))
    }
}
