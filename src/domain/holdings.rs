//! What was fetched, as lists show it: accounts and transactions of a user, wherever they came from. Nothing
//! personal is in a row that is not masked already. Deliberately absent: what money means.

use super::ids::{AccountId, ConnectionId, InstitutionId, TransactionId, UserId};
use super::listing::AccountRow;
use super::moment::Moment;

/// Whose data, and which part of it. What is none is not asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Of this user.
    pub user: Option<UserId>,
    /// Fetched by this connection, revoked ones included.
    pub connection: Option<ConnectionId>,
    /// At this bank.
    pub institution: Option<InstitutionId>,
    /// Of this account.
    pub account: Option<AccountId>,
    /// Posted ones, or pending ones.
    pub posted: Option<bool>,
}

/// An account with where it hangs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountHeld {
    /// What an account shows anywhere.
    pub row: AccountRow,
    /// Whose.
    pub user: UserId,
    /// Which connection fetched it; it may not be in this file.
    pub connection: Option<ConnectionId>,
    /// At which bank.
    pub institution: InstitutionId,
    /// For cards and loans, in minor units.
    pub credit_limit: Option<i64>,
    /// Its connection was revoked before the data was purged, or is not in this file.
    pub stranded: bool,
    /// First and last day of its transactions.
    pub span: Option<(Moment, Moment)>,
}

/// A transaction in a list. What the statement says is sealed and not opened for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransactionRow {
    /// Its id.
    pub id: TransactionId,
    /// Of which account.
    pub account: AccountId,
    /// Which connection fetched it.
    pub connection: Option<ConnectionId>,
    /// At which bank.
    pub institution: InstitutionId,
    /// Whose.
    pub user: UserId,
    /// Posted, or still pending.
    pub posted: bool,
    /// The day it was posted, or made when pending.
    pub at: Moment,
    /// Minor units; negative when money goes out.
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
    /// `payment`, `transfer`, ...
    pub class: String,
}
