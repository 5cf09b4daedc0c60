//! What is foreseen for a step, or came of it, and how many steps stand at each outcome.

use super::figures::Figures;

/// What is foreseen for a step, or came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Outcome {
    /// Foreseen: nothing stands against it.
    WouldRun,
    Done,
    Queued,
    /// A job that does the same was there already.
    Deduplicated,
    /// Left out: too soon, or not as it was when it was counted.
    Skipped,
    /// There is no such connection any more.
    Gone,
    Refused,
    Failed,
}

impl Outcome {
    /// Every outcome, in the order a summary names them.
    pub(crate) const ALL: [Outcome; 8] = [
        Outcome::WouldRun,
        Outcome::Done,
        Outcome::Queued,
        Outcome::Deduplicated,
        Outcome::Skipped,
        Outcome::Gone,
        Outcome::Refused,
        Outcome::Failed,
    ];

    /// The word in documents and in the file.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Outcome::WouldRun => "would-run",
            Outcome::Done => "done",
            Outcome::Queued => "queued",
            Outcome::Deduplicated => "deduplicated",
            Outcome::Skipped => "skipped",
            Outcome::Gone => "gone",
            Outcome::Refused => "refused",
            Outcome::Failed => "failed",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        Outcome::ALL
            .into_iter()
            .find(|outcome| outcome.word() == word)
    }

    /// Whether work is left where it stands: a mark stays on it.
    pub(crate) fn left(self) -> bool {
        matches!(
            self,
            Outcome::WouldRun | Outcome::Skipped | Outcome::Refused | Outcome::Failed
        )
    }
}

/// What was foreseen, or came of it, added up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(super) counts: [u64; 8],
    /// What those that would run were counted to hold.
    pub(crate) figures: Figures,
}

impl Tally {
    pub(crate) fn count(&self, outcome: Outcome) -> u64 {
        self.counts[outcome as usize]
    }

    pub(crate) fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The outcomes that occur, in words: `3 done, 1 skipped`.
    pub(crate) fn words(&self) -> String {
        let occur = Outcome::ALL.into_iter().filter(|o| self.count(*o) > 0);
        occur
            .map(|o| format!("{} {}", self.count(o), o.word()))
            .collect::<Vec<_>>()
            .join(", ")
    }
}
