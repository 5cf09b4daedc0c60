//! What a bank says in its own words is masked before it reaches a job; the words themselves are kept sealed.

use crate::connector::Outcome;
use crate::domain::mask::BankWords;

/// The answer as a job may hold it, and the words that are masked in it.
pub(super) struct Heard {
    pub(super) outcome: Option<Outcome>,
    pub(super) words: BankWords,
}

pub(super) fn heard(outcome: &Outcome) -> Heard {
    let mut words = BankWords::default();
    let outcome = match outcome {
        // of the connector, which did not ask the bank
        Outcome::Failed(failure) if failure.is_lack() => None,
        Outcome::Failed(failure) => Some(Outcome::Failed(words.heard_failure(failure))),
        Outcome::Challenge {
            method,
            description,
            input,
        } => Some(Outcome::Challenge {
            method: *method,
            description: words.heard(description),
            input: input.iter().map(|asked| words.heard(asked)).collect(),
        }),
        Outcome::Done { .. }
        | Outcome::Accounts { .. }
        | Outcome::Transactions(_)
        | Outcome::AwaitsAuthorisation => None,
    };
    Heard { outcome, words }
}
