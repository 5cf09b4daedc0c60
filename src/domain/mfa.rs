//! The challenge a bank puts to the user in the middle of a job (domain 11).

use super::moment::Moment;

/// How the bank wants to be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChallengeMethod {
    /// A code from a message or a device.
    Token,
    /// Questions agreed on earlier.
    SecurityQuestions,
}

impl ChallengeMethod {
    /// The wire word.
    pub fn word(self) -> &'static str {
        match self {
            ChallengeMethod::Token => "token",
            ChallengeMethod::SecurityQuestions => "security-questions",
        }
    }

    /// Reads that word.
    pub fn parse(word: &str) -> Option<Self> {
        [ChallengeMethod::Token, ChallengeMethod::SecurityQuestions]
            .into_iter()
            .find(|m| m.word() == word)
    }
}

/// An open challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// How it wants to be answered.
    pub method: ChallengeMethod,
    /// A sentence for the user.
    pub description: String,
    /// One entry per answer wanted, in order.
    pub input: Vec<String>,
    /// When it lapses.
    pub expires: Moment,
}

impl Challenge {
    /// Without what the bank said, which may name its customer.
    pub fn wiped(self) -> Self {
        Self {
            description: String::new(),
            input: vec![],
            ..self
        }
    }
}
