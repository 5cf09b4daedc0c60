//! Whole records as they enter the store in bulk: from an import, or from a made-up world. Ids are
//! given, nothing is fetched, and writing the same record twice leaves what once leaves.

use super::connection::{Method, Status};
use super::consent::Consent;
use super::ids::{AccountId, ConnectionId, EventId, InstitutionId, JobId, TransactionId, UserId};
use super::job::{Kind, State, Step};
use super::mfa::Challenge;
use super::moment::Moment;
use super::records::{BankAccount, BankTransaction, Credentials, Profile};
use super::secret::Secret;

/// A bank and the ways to reach it (domain 9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstitutionRecord {
    /// `AU00000`.
    pub id: InstitutionId,
    /// Its full name.
    pub name: String,
    /// Its short name.
    pub short_name: String,
    /// `Bank`, `Test Bank`, `Credit Union`, ...
    pub kind: String,
    /// `Australia` or `New Zealand`.
    pub country: String,
    /// `1` (biggest) to `4`.
    pub tier: String,
    /// The ways to reach it.
    pub connectors: Vec<ConnectorRecord>,
}

/// One way to reach a bank (domain 9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectorRecord {
    /// Which way.
    pub method: Method,
    /// `alpha`, `beta`, `live`.
    pub stage: String,
    /// `operational`, `degraded-performance`, ...
    pub status: String,
    /// `user`, `user-mfa`, `user-mfa-intermittent`, `token`, `other`.
    pub authorization: String,
}

/// A person in the app's own record (domain 4). The names are searched by operators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRecord {
    /// Its id.
    pub id: UserId,
    /// The name in one piece, or the pieces joined.
    pub name: String,
    /// May be empty.
    pub first_name: String,
    /// May be empty.
    pub middle_name: String,
    /// May be empty.
    pub last_name: String,
    /// Sealed, found by its digest.
    pub email: Option<Secret>,
    /// Sealed, found by its digest.
    pub mobile: Option<Secret>,
    /// When it was made, where that is known.
    pub created: Option<Moment>,
}

/// A connection with what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionRecord {
    /// Its id.
    pub id: ConnectionId,
    /// Whose.
    pub user: UserId,
    /// Which bank.
    pub institution: InstitutionId,
    /// How it is reached.
    pub method: Method,
    /// On the wire.
    pub status: Status,
    /// Whether it ever was active; an active one always was.
    pub ever_active: bool,
    /// Since when it has its status, where that is known.
    pub since: Option<Moment>,
    /// When it was made.
    pub created: Moment,
    /// When it last talked to the bank.
    pub last_used: Moment,
    /// When the consent arrangement ends (open banking).
    pub expiry: Option<Moment>,
    /// Whether its jobs meet a challenge.
    pub mfa_enabled: bool,
    /// The person who logged in.
    pub profile: Option<Profile>,
    /// What lets us in.
    pub credentials: Option<Credentials>,
}

/// A stored account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRecord {
    /// Its id.
    pub id: AccountId,
    /// Whose.
    pub user: UserId,
    /// Which connection fetched it; it may have gone since.
    pub connection: Option<ConnectionId>,
    /// At which bank.
    pub institution: InstitutionId,
    /// What the bank sent.
    pub account: BankAccount,
    /// When the bank was last asked about it.
    pub updated: Moment,
}

/// A stored transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransactionRecord {
    /// Its id.
    pub id: TransactionId,
    /// Of which account.
    pub account: AccountId,
    /// What the bank sent.
    pub transaction: BankTransaction,
}

/// A job as history holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRecord {
    /// Its id.
    pub id: JobId,
    /// Which connection it worked on.
    pub connection: ConnectionId,
    /// What for.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// Its stages.
    pub steps: Vec<Step>,
    /// When it was made.
    pub created: Moment,
    /// When a step last changed.
    pub updated: Moment,
    /// When it ended.
    pub ended: Option<Moment>,
    /// How many attempts began.
    pub attempt: u32,
    /// When the next is due.
    pub next_attempt: Option<Moment>,
    /// What the bank asks, while it does.
    pub challenge: Option<Challenge>,
}

/// A line of the change feed that lies in the past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRecord {
    /// Its id.
    pub id: EventId,
    /// When.
    pub at: Moment,
    /// `connection`, `account`, `transactions`, `consent`, `user`.
    pub entity: String,
    /// `created`, `updated`, `activated`, ...
    pub event_type: String,
    /// Whose.
    pub user: UserId,
    /// Which connection, if one.
    pub connection: Option<ConnectionId>,
    /// How many, for transactions.
    pub count: Option<u64>,
}

/// Records that go in together, users before what refers to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Banks.
    pub institutions: Vec<InstitutionRecord>,
    /// People.
    pub users: Vec<UserRecord>,
    /// Links.
    pub connections: Vec<ConnectionRecord>,
    /// Fetched accounts.
    pub accounts: Vec<AccountRecord>,
    /// Fetched transactions.
    pub transactions: Vec<TransactionRecord>,
    /// History.
    pub jobs: Vec<JobRecord>,
    /// The change feed.
    pub events: Vec<EventRecord>,
    /// What users have permitted.
    pub consents: Vec<Consent>,
}
