//! Stored accounts and transactions as lists show them. Personal values are masked already.

use super::ids::{AccountId, ConnectionId, InstitutionId, TransactionId, UserId};
use super::insight::Insight;
use super::moment::Moment;
use super::query::Cmp;
use super::rows::AccountRow;

/// Whose data, and which part of it. What is none is not asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct HoldingsFilter {
    pub(crate) user: Option<UserId>,
    /// Fetched by this connection, revoked ones included.
    pub(crate) connection: Option<ConnectionId>,
    pub(crate) institution: Option<InstitutionId>,
    pub(crate) account: Option<AccountId>,
    pub(crate) posted: Option<bool>,
    pub(crate) transaction: Option<TransactionId>,
    /// Further conditions; all of them hold.
    pub(crate) terms: Vec<HeldTerm>,
}

/// What an account belongs to, or is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeldBy {
    Account,
    Connection,
    Institution,
}

/// A condition of the reference's filters (docs/domain.md 15.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HeldTerm {
    Of(HeldBy, String),
    NotOf(HeldBy, String),
    /// Transactions only: posted on such a day. `pending` says whether those that are not posted yet hold too.
    Day {
        cmp: Cmp,
        at: Moment,
        pending: bool,
    },
    /// Transactions only.
    Posted(bool),
    /// Transactions only: money goes out.
    Debit(bool),
    /// Transactions only.
    Class(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AccountHeld {
    pub(crate) row: AccountRow,
    pub(crate) user: UserId,
    /// Which connection fetched it; it may not be in this file.
    pub(crate) connection: Option<ConnectionId>,
    pub(crate) institution: InstitutionId,
    /// For cards and loans, in minor units.
    pub(crate) credit_limit: Option<i64>,
    /// Its connection was revoked before the data was purged, or is not in this file.
    pub(crate) stranded: bool,
    /// First and last day of its transactions.
    pub(crate) span: Option<(Moment, Moment)>,
}

/// A transaction in a list. What the statement says is not among it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TransactionRow {
    pub(crate) id: TransactionId,
    pub(crate) account: AccountId,
    pub(crate) connection: Option<ConnectionId>,
    pub(crate) institution: InstitutionId,
    pub(crate) user: UserId,
    pub(crate) posted: bool,
    /// The day it was posted, or made when pending.
    pub(crate) at: Moment,
    /// The day a posted one was made, where that is known.
    pub(crate) made: Option<Moment>,
    /// Minor units of its own currency; negative when money goes out.
    pub(crate) amount: i64,
    /// Its own, which may differ from that of its account.
    pub(crate) currency: String,
    /// `payment`, `transfer`, ...
    pub(crate) class: String,
    /// What was derived of it, masked; none where nothing was, or where the sealed part was not opened.
    pub(crate) insight: Option<Insight>,
}
