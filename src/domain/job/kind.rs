//! What a job is for, and what its steps do.

use crate::domain::words::words;
use std::sync::Arc;

words! {
    Kind [word] parse {
        Connect "connect";
        Refresh "refresh";
        UpdateCredentials "update-credentials";
        Purge "purge";
        Revoke "revoke";
    }
}

impl Kind {
    /// Whether the job asks the bank for data; at most one such is open per connection.
    pub(crate) fn fetches(self) -> bool {
        matches!(
            self,
            Kind::Connect | Kind::Refresh | Kind::UpdateCredentials
        )
    }

    /// The steps it starts with (docs/domain.md 3.2; purge as `docs/purge.md` tells).
    pub(crate) fn steps(self) -> &'static [Title] {
        match self {
            Kind::Connect | Kind::Refresh | Kind::UpdateCredentials => &[
                Title::VerifyCredentials,
                Title::RetrieveAccounts,
                Title::RetrieveTransactions,
            ],
            Kind::Purge => &[
                Title::DestroyKey,
                Title::DeleteRows,
                Title::Scrub,
                Title::Verify,
            ],
            Kind::Revoke => &[Title::EndConnection],
        }
    }
}

/// What a step does. The first five are the wire's; the others belong to local log entries.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Title {
    /// Sign in; on open banking, the authorisation.
    VerifyCredentials,
    /// The bank asks the user something. Always second.
    MfaChallenge,
    RetrieveAccounts,
    RetrieveTransactions,
    /// Fetch the documents of a government connector.
    RetrieveStatements,
    DestroyKey,
    DeleteRows,
    /// Purge: overwrite what the deleted rows left in the file.
    Scrub,
    Verify,
    EndConnection,
    /// A title that came from elsewhere, kept as it is.
    Other(Arc<str>),
}

impl Title {
    pub(crate) const NAMED: [Title; 10] = [
        Title::VerifyCredentials,
        Title::MfaChallenge,
        Title::RetrieveAccounts,
        Title::RetrieveTransactions,
        Title::RetrieveStatements,
        Title::DestroyKey,
        Title::DeleteRows,
        Title::Scrub,
        Title::Verify,
        Title::EndConnection,
    ];

    pub(crate) fn word(&self) -> &str {
        match self {
            Title::VerifyCredentials => "verify-credentials",
            Title::MfaChallenge => "mfa-challenge",
            Title::RetrieveAccounts => "retrieve-accounts",
            Title::RetrieveTransactions => "retrieve-transactions",
            Title::RetrieveStatements => "retrieve-statements",
            Title::DestroyKey => "destroy-key",
            Title::DeleteRows => "delete-rows",
            Title::Scrub => "scrub",
            Title::Verify => "verify",
            Title::EndConnection => "end-connection",
            Title::Other(word) => word,
        }
    }

    /// The short name on the screen.
    pub(crate) fn short(&self) -> &str {
        match self {
            Title::VerifyCredentials => "sign-in",
            Title::MfaChallenge => "challenge",
            Title::RetrieveAccounts => "accounts",
            Title::RetrieveTransactions => "transactions",
            Title::RetrieveStatements => "statements",
            Title::DestroyKey => "data key",
            Title::DeleteRows => "rows",
            Title::EndConnection => "end link",
            other => other.word(),
        }
    }

    /// Reads a wire title; an unknown one is kept.
    pub(crate) fn parse(word: &str) -> Self {
        Title::NAMED
            .into_iter()
            .find(|t| t.word() == word)
            .unwrap_or_else(|| Title::Other(word.into()))
    }
}
