//! What an ending would do, counted before it is done: moving a connection to open banking, erasing a user,
//! ending a consent, deleting a user. Pure data. Deliberately absent: doing it.

use super::certificate::Rows;
use super::consent::Consent;
use super::ids::{ConnectionId, UserId};
use super::plan::{Stored, Target};
use super::sequence::{Kind, Step};

/// What a move to open banking would do (docs/domain.md 12.8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MigratePlan {
    /// The web connection.
    pub(crate) target: Target,
    /// What goes with the purge.
    pub(crate) stored: Stored,
    /// The acts, in order; the last one names the connection that will be.
    pub(crate) steps: Vec<Step>,
}

impl MigratePlan {
    /// The words that arm it.
    pub(crate) fn words(&self) -> String {
        format!("migrate {}", self.target.id.tail())
    }
}

/// What becomes of one connection of a user whose data goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Active: purged, checked, revoked.
    PurgedAndRevoked,
    /// Active, at a bank that is purged through another one: revoked.
    RevokedAfterSibling,
    /// Not active, so no purge is possible on it, but one of its bank goes through another connection.
    EndsAfterSibling,
    /// Not active, so no purge is possible: it ends, and its data goes, with the consent.
    EndsWithConsent,
    /// The consent itself is what ends: whatever it is now, it ends with that, and its data goes.
    WithConsent,
    /// Revoked before, with data left that the purge of another connection reaches.
    StrandedBySibling,
    /// Revoked before, with data left that no purge reaches: it goes with the consent.
    StrandedWithConsent,
    /// Revoked before, nothing left.
    Nothing,
}

impl Way {
    /// The word in documents.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Way::PurgedAndRevoked => "purge-revoke",
            Way::RevokedAfterSibling => "revoke",
            Way::EndsAfterSibling | Way::EndsWithConsent | Way::WithConsent => "end-with-consent",
            Way::StrandedBySibling => "purge-by-sibling",
            Way::StrandedWithConsent => "delete-with-consent",
            Way::Nothing => "nothing",
        }
    }

    /// The same for a person.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Way::PurgedAndRevoked => "purged, checked, then revoked",
            Way::RevokedAfterSibling => {
                "its data goes with the purge at this bank; then it is revoked"
            }
            Way::EndsAfterSibling => {
                "not active, so it cannot be purged; its data goes with the purge at this bank, and it ends with the consent"
            }
            Way::EndsWithConsent => {
                "not active, so it cannot be purged; it ends with the user's consent, which deletes its data"
            }
            Way::WithConsent => "ends with the consent, and its data goes",
            Way::StrandedBySibling => {
                "revoked with data left; that goes with the purge at this bank"
            }
            Way::StrandedWithConsent => {
                "revoked with data left, which no purge reaches any more; the end of the consent deletes it"
            }
            Way::Nothing => "revoked before, nothing left",
        }
    }
}

/// One connection in the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EraseItem {
    /// Which.
    pub(crate) target: Target,
    /// Accounts it fetched that are stored.
    pub(crate) accounts: u64,
    /// Transactions, likewise.
    pub(crate) transactions: u64,
    /// What becomes of it.
    pub(crate) way: Way,
}

/// What erasing or deleting a user, or ending a consent, would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ErasePlan {
    /// Which of them.
    pub(crate) kind: Kind,
    /// Whose.
    pub(crate) user: UserId,
    /// The consent that ends, while one is active.
    pub(crate) consent: Option<Consent>,
    /// Every connection of the user.
    pub(crate) items: Vec<EraseItem>,
    /// What is stored, by table.
    pub(crate) rows: Rows,
    /// The acts, in order.
    pub(crate) steps: Vec<Step>,
}

impl ErasePlan {
    /// The words that arm it.
    pub(crate) fn words(&self) -> String {
        match (self.kind, &self.consent) {
            (Kind::EndConsent, Some(consent)) => consent.words(),
            (Kind::DeleteUser, _) => format!("delete {}", self.user.tail()),
            _ => format!("erase {}", self.user.tail()),
        }
    }

    /// The connections that the plan purges through, one of each bank.
    pub(crate) fn purged(&self) -> impl Iterator<Item = &ConnectionId> {
        self.items
            .iter()
            .filter(|i| i.way == Way::PurgedAndRevoked)
            .map(|i| &i.target.id)
    }
}
