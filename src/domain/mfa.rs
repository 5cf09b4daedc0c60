//! The challenge a bank puts to the user in the middle of a job (domain 11).

use super::moment::Moment;

/// How the bank wants to be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ChallengeMethod {
    /// A code from a message or a device.
    Token,
    /// Questions agreed on earlier.
    SecurityQuestions,
}

impl ChallengeMethod {
    /// The wire word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            ChallengeMethod::Token => "token",
            ChallengeMethod::SecurityQuestions => "security-questions",
        }
    }

    /// Reads that word.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        [ChallengeMethod::Token, ChallengeMethod::SecurityQuestions]
            .into_iter()
            .find(|m| m.word() == word)
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
