//! What a bank sends: the profile, accounts and transactions of domain 2.6, 5 and 6, with everything
//! personal in [`Secret`]s. Deliberately absent: ids of ours, which the store gives.

use super::moment::Moment;
use super::secret::Secret;

/// The person who logged in (domain 2.6).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// As the institution writes it.
    pub full_name: Secret,
    /// May be empty.
    pub first_name: Secret,
    /// May be empty.
    pub middle_name: Secret,
    /// May be empty.
    pub last_name: Secret,
    /// As the institution gives them; some mask them themselves.
    pub phones: Vec<Secret>,
    /// Likewise.
    pub emails: Vec<Secret>,
    /// Where the person lives.
    pub addresses: Vec<Address>,
}

/// A postal address (domain 2.6).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// Street and number.
    pub line1: Secret,
    /// Rarely given.
    pub line2: Option<Secret>,
    /// Rarely given.
    pub line3: Option<Secret>,
    /// Postal code.
    pub postcode: Secret,
    /// Suburb or city.
    pub city: Secret,
    /// State or territory.
    pub state: Secret,
    /// Country, in words.
    pub country: Secret,
    /// Two letters.
    pub country_code: Secret,
    /// All of it in one line.
    pub formatted: Secret,
}

/// An account as a bank sends it (domain 5). Amounts are in minor units of `currency`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankAccount {
    /// The bank's own stable reference; with the connection it decides our id.
    pub reference: String,
    /// `transaction`, `savings`, `credit-card`, ... (domain 5).
    pub class: String,
    /// ISO 4217.
    pub currency: String,
    /// Without pending transactions.
    pub balance: Option<i64>,
    /// What can be spent.
    pub available: Option<i64>,
    /// For cards and loans.
    pub credit_limit: Option<i64>,
    /// `available` or `unavailable`.
    pub status: String,
    /// The personal part.
    pub details: AccountDetails,
}

/// The part of an account that is stored sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountDetails {
    /// The name the user gave it or the bank did.
    pub name: Secret,
    /// BSB and number, or a card's last four.
    pub number: Secret,
    /// As given; empty when not.
    pub holder: Secret,
    /// The product's name.
    pub product: Secret,
    /// Fields of the wire that this version does not read, kept as JSON text.
    pub rest: Secret,
}

/// A transaction as a bank sends it (domain 6). The amount is in minor units of the account's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankTransaction {
    /// The bank's own stable reference. A pending one gets a new one at every refresh.
    pub reference: String,
    /// The `reference` of its account.
    pub account: String,
    /// Posted, or still pending.
    pub posted: bool,
    /// Negative when money goes out.
    pub amount: i64,
    /// `payment`, `transfer`, ... (domain 6).
    pub class: String,
    /// The day it was posted, or the day it was made when pending. Midnight UTC on web.
    pub at: Moment,
    /// The personal part.
    pub details: TransactionDetails,
}

/// The part of a transaction that is stored sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransactionDetails {
    /// What the statement says.
    pub description: Secret,
    /// May be empty.
    pub reference: Secret,
    /// What was derived from it (`enrich`, `subClass`) and unread fields of the wire, as JSON text.
    pub rest: Secret,
}

/// What a user typed to let us in (web).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credentials {
    /// The name at the bank.
    pub login: Secret,
    /// Its password.
    pub password: Secret,
    /// A second password some banks have.
    pub security_code: Option<Secret>,
    /// A second name some banks have.
    pub secondary_login: Option<Secret>,
}
