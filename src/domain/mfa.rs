//! The challenge a bank puts to the user during a job (docs/domain.md 11).

use super::moment::Moment;
use crate::domain::words::words;

words! {
    ChallengeMethod [word] parse {
        Token "token";
        SecurityQuestions "security-questions";
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Challenge {
    pub(crate) method: ChallengeMethod,
    pub(crate) description: String,
    /// One entry per answer wanted, in order.
    pub(crate) input: Vec<String>,
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
