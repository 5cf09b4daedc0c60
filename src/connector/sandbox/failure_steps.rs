//! The step at which each failure code appears by default, for test users and generated history.

use crate::domain::failure_codes::Failure;
use crate::domain::job::Title;

/// A failure that always comes at the same step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) step: Title,
    pub(crate) failure: Failure,
}

const AT_SIGN_IN: [&str; 8] = [
    "invalid-credentials",
    "authorization-failed",
    "invalid-connection",
    "system-unavailable",
    "maintenance",
    "institution-not-found",
    "institution-not-available",
    "institution-disabled",
];

const AT_TRANSACTIONS: [&str; 3] = ["unknown-error", "job-timed-out", "temporary-unavailable"];

/// The natural step of a code; an unknown one shows itself at the accounts.
pub(crate) fn step(code: &str) -> Title {
    if AT_SIGN_IN.contains(&code) {
        Title::VerifyCredentials
    } else if AT_TRANSACTIONS.contains(&code) {
        Title::RetrieveTransactions
    } else {
        Title::RetrieveAccounts
    }
}

pub(crate) fn wrong_answer() -> Failure {
    Failure::new(
        "invalid-credentials",
        "Cannot login to target institution, check credentials.",
        "The institution did not accept the answer to its challenge. Refresh to be asked again.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::failure_codes::RULES;

    #[test]
    fn the_lists_name_codes_that_exist() {
        for code in AT_SIGN_IN.into_iter().chain(AT_TRANSACTIONS) {
            assert!(RULES.iter().any(|r| r.code == code), "{code}");
        }
        assert_eq!(step("service-unavailable"), Title::RetrieveAccounts);
        assert_eq!(step("from-another-planet"), Title::RetrieveAccounts);
    }
}
