//! The foreseen or actual outcome of a step, and counts of outcomes.

use super::figures::Figures;
use crate::domain::words::words;

words! {
    /// In the order a summary names them.
    Outcome [word] parse {
        /// Foreseen: nothing stands against it.
        WouldRun "would-run";
        Done "done";
        Queued "queued";
        /// A job that does the same was there already.
        Deduplicated "deduplicated";
        /// Left out: too soon, or not as it was when it was counted.
        Skipped "skipped";
        /// There is no such connection any more.
        Gone "gone";
        Refused "refused";
        Failed "failed";
    }
}

impl Outcome {
    /// Whether work is left where it stands: a mark stays on it.
    pub(crate) fn left(self) -> bool {
        matches!(
            self,
            Outcome::WouldRun | Outcome::Skipped | Outcome::Refused | Outcome::Failed
        )
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    counts: [u64; 8],
    /// What those that would run were counted to hold.
    pub(crate) figures: Figures,
}

impl Tally {
    pub(crate) fn count(&self, outcome: Outcome) -> u64 {
        self.counts[outcome as usize]
    }

    /// Counts `n` steps that stand alike; those that would run were counted to hold `figures`.
    pub(crate) fn add(&mut self, planned: Outcome, stands: Outcome, n: u64, figures: Figures) {
        self.counts[stands as usize] += n;
        if planned == Outcome::WouldRun {
            self.figures.accounts += figures.accounts;
            self.figures.transactions += figures.transactions;
            self.figures.profiles += figures.profiles;
        }
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
