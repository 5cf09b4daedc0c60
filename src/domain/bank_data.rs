//! What a bank sends: profile, accounts and transactions (docs/domain.md 2.6, 5 and 6).

use super::moment::Moment;
use super::secret::Secret;

/// The person who logged in (docs/domain.md 2.6). Names may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Profile {
    pub(crate) full_name: Secret,
    pub(crate) first_name: Secret,
    pub(crate) middle_name: Secret,
    pub(crate) last_name: Secret,
    /// As the institution gives them; some mask them themselves.
    pub(crate) phones: Vec<Secret>,
    pub(crate) emails: Vec<Secret>,
    pub(crate) addresses: Vec<Address>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) line1: Secret,
    pub(crate) line2: Option<Secret>,
    pub(crate) line3: Option<Secret>,
    pub(crate) postcode: Secret,
    pub(crate) city: Secret,
    pub(crate) state: Secret,
    pub(crate) country: Secret,
    pub(crate) country_code: Secret,
    pub(crate) formatted: Secret,
}

/// An account as a bank sends it (docs/domain.md 5). Amounts are in minor units of `currency`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BankAccount {
    /// The bank's own stable reference; with the connection it decides our id.
    pub(crate) reference: String,
    /// `transaction`, `savings`, `credit-card`, ... (docs/domain.md 5).
    pub(crate) class: String,
    /// ISO 4217.
    pub(crate) currency: String,
    pub(crate) balance: Option<i64>,
    pub(crate) available: Option<i64>,
    pub(crate) credit_limit: Option<i64>,
    /// `available` or `unavailable`.
    pub(crate) status: String,
    pub(crate) details: AccountDetails,
}

/// The part of an account that is stored sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AccountDetails {
    pub(crate) name: Secret,
    /// BSB and number, or a card's last four.
    pub(crate) number: Secret,
    pub(crate) holder: Secret,
    pub(crate) product: Secret,
    /// Fields of the wire that this version does not read, kept as JSON text.
    pub(crate) rest: Secret,
}

/// A transaction as a bank sends it (docs/domain.md 6). The amount is in minor units of the account's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BankTransaction {
    /// The bank's own stable reference. A pending one gets a new one at every refresh.
    pub(crate) reference: String,
    /// The `reference` of its account.
    pub(crate) account: String,
    pub(crate) posted: bool,
    pub(crate) amount: i64,
    /// `payment`, `transfer`, ... (docs/domain.md 6).
    pub(crate) class: String,
    /// The day it was posted, or the day it was made when pending. Midnight UTC on web.
    pub(crate) at: Moment,
    pub(crate) details: TransactionDetails,
}

/// The part of a transaction that is stored sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TransactionDetails {
    pub(crate) description: Secret,
    pub(crate) reference: Secret,
    /// What was derived from it (`enrich`, `subClass`) and unread fields of the wire, as JSON text.
    pub(crate) rest: Secret,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Credentials {
    pub(crate) login: Secret,
    pub(crate) password: Secret,
    pub(crate) security_code: Option<Secret>,
    pub(crate) secondary_login: Option<Secret>,
}
