//! The challenge a bank puts to the user in the middle of a job (docs/domain.md 11).

use super::moment::Moment;
use crate::domain::words::words;

words! {
    /// How the bank wants to be answered.
    ChallengeMethod [word] parse {
        /// A code from a message or a device.
        Token "token";
        /// Questions agreed on earlier.
        SecurityQuestions "security-questions";
    }
}

/// An open challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Challenge {
    /// How it wants to be answered.
    pub(crate) method: ChallengeMethod,
    /// A sentence for the user.
    pub(crate) description: String,
    /// One entry per answer wanted, in order.
    pub(crate) input: Vec<String>,
    /// When it lapses.
    pub(crate) expires: Moment,
}

impl Challenge {
    /// Without what the bank said, which may name its customer.
    pub(crate) fn wiped(self) -> Self {
        Self {
            description: String::new(),
            input: vec![],
            ..self
        }
    }
}
