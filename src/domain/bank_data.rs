//! What a bank sends: the profile, accounts and transactions of docs/domain.md 2.6, 5 and 6, with everything
//! personal in [`Secret`]s. Deliberately absent: ids of ours, which the store gives.

use super::moment::Moment;
use super::secret::Secret;

/// The person who logged in (docs/domain.md 2.6).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Profile {
    /// As the institution writes it.
    pub(crate) full_name: Secret,
    /// May be empty.
    pub(crate) first_name: Secret,
    /// May be empty.
    pub(crate) middle_name: Secret,
    /// May be empty.
    pub(crate) last_name: Secret,
    /// As the institution gives them; some mask them themselves.
    pub(crate) phones: Vec<Secret>,
    /// Likewise.
    pub(crate) emails: Vec<Secret>,
    /// Where the person lives.
    pub(crate) addresses: Vec<Address>,
}

/// A postal address (docs/domain.md 2.6).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Address {
    /// Street and number.
    pub(crate) line1: Secret,
    /// Rarely given.
    pub(crate) line2: Option<Secret>,
    /// Rarely given.
    pub(crate) line3: Option<Secret>,
    /// Postal code.
    pub(crate) postcode: Secret,
    /// Suburb or city.
    pub(crate) city: Secret,
    /// State or territory.
    pub(crate) state: Secret,
    /// Country, in words.
    pub(crate) country: Secret,
    /// Two letters.
    pub(crate) country_code: Secret,
    /// All of it in one line.
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
    /// Without pending transactions.
    pub(crate) balance: Option<i64>,
    /// What can be spent.
    pub(crate) available: Option<i64>,
    /// For cards and loans.
    pub(crate) credit_limit: Option<i64>,
    /// `available` or `unavailable`.
    pub(crate) status: String,
    /// The personal part.
    pub(crate) details: AccountDetails,
}

/// The part of an account that is stored sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AccountDetails {
    /// The name the user gave it or the bank did.
    pub(crate) name: Secret,
    /// BSB and number, or a card's last four.
    pub(crate) number: Secret,
    /// As given; empty when not.
    pub(crate) holder: Secret,
    /// The product's name.
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
    /// Posted, or still pending.
    pub(crate) posted: bool,
    /// Negative when money goes out.
    pub(crate) amount: i64,
    /// `payment`, `transfer`, ... (docs/domain.md 6).
    pub(crate) class: String,
    /// The day it was posted, or the day it was made when pending. Midnight UTC on web.
    pub(crate) at: Moment,
    /// The personal part.
    pub(crate) details: TransactionDetails,
}

/// The part of a transaction that is stored sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TransactionDetails {
    /// What the statement says.
    pub(crate) description: Secret,
    /// May be empty.
    pub(crate) reference: Secret,
    /// What was derived from it (`enrich`, `subClass`) and unread fields of the wire, as JSON text.
    pub(crate) rest: Secret,
}

/// What a user typed to let us in (web).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Credentials {
    /// The name at the bank.
    pub(crate) login: Secret,
    pub(crate) password: Secret,
    /// A second password some banks have.
    pub(crate) security_code: Option<Secret>,
    /// A second name some banks have.
    pub(crate) secondary_login: Option<Secret>,
}
