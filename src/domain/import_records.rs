//! Whole records for bulk writes. Writing one twice is the same as once.

use super::bank_data::{BankAccount, BankTransaction, Credentials, Profile};
use super::connection::{Method, Origin, Status};
use super::consent::Consent;
use super::ids::{AccountId, ConnectionId, EventId, InstitutionId, JobId, TransactionId, UserId};
use super::job::{Kind, State, Step};
use super::mask::BankWords;
use super::mfa::Challenge;
use super::moment::Moment;
use super::secret::Secret;

/// A bank and the ways to reach it (docs/domain.md 9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InstitutionRecord {
    pub(crate) id: InstitutionId,
    pub(crate) name: String,
    pub(crate) short_name: String,
    /// `Bank`, `Test Bank`, `Credit Union`, ...
    pub(crate) kind: String,
    /// `Australia` or `New Zealand`.
    pub(crate) country: String,
    pub(crate) tier: String,
    pub(crate) connectors: Vec<ConnectorRecord>,
}

/// One way to reach a bank (docs/domain.md 9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConnectorRecord {
    pub(crate) method: Method,
    /// `alpha`, `beta`, `live`.
    pub(crate) stage: String,
    /// `operational`, `degraded-performance`, ...
    pub(crate) status: String,
    /// `user`, `user-mfa`, `user-mfa-intermittent`, `token`, `other`.
    pub(crate) authorization: String,
}

/// A user in the app's own record (docs/domain.md 4). Names may be empty and are searched by operators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UserRecord {
    pub(crate) id: UserId,
    /// The name in one piece, or the pieces joined.
    pub(crate) name: String,
    pub(crate) first_name: String,
    pub(crate) middle_name: String,
    pub(crate) last_name: String,
    pub(crate) email: Option<Secret>,
    pub(crate) mobile: Option<Secret>,
    /// When it was made, where that is known.
    pub(crate) created: Option<Moment>,
}

impl UserRecord {
    /// A user of whom nothing is known but the id.
    pub(crate) fn bare(id: UserId) -> Self {
        Self {
            id,
            name: String::new(),
            first_name: String::new(),
            middle_name: String::new(),
            last_name: String::new(),
            email: None,
            mobile: None,
            created: None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConnectionRecord {
    pub(crate) id: ConnectionId,
    pub(crate) user: UserId,
    pub(crate) institution: InstitutionId,
    pub(crate) method: Method,
    /// Where it comes from when it is new; a known one keeps its own.
    pub(crate) origin: Origin,
    pub(crate) status: Status,
    /// Whether it ever was active; an active one always was.
    pub(crate) ever_active: bool,
    /// Since when it has its status, where that is known.
    pub(crate) since: Option<Moment>,
    pub(crate) created: Moment,
    pub(crate) last_used: Moment,
    /// When the consent at the bank ends (open banking).
    pub(crate) expiry: Option<Moment>,
    pub(crate) mfa_enabled: bool,
    pub(crate) profile: Option<Profile>,
    pub(crate) credentials: Option<Credentials>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AccountRecord {
    pub(crate) id: AccountId,
    pub(crate) user: UserId,
    /// Which connection fetched it; it may have gone since.
    pub(crate) connection: Option<ConnectionId>,
    pub(crate) institution: InstitutionId,
    pub(crate) account: BankAccount,
    pub(crate) updated: Moment,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TransactionRecord {
    pub(crate) id: TransactionId,
    pub(crate) account: AccountId,
    pub(crate) transaction: BankTransaction,
    /// With how many decimals a document's amount was read; none: those of the account's currency.
    pub(crate) decimals: Option<u32>,
    /// The currency that its document names; none: that of the account.
    pub(crate) currency: Option<String>,
    /// The day it was made, where it is posted and that is known.
    pub(crate) made: Option<Moment>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JobRecord {
    pub(crate) id: JobId,
    pub(crate) connection: ConnectionId,
    pub(crate) kind: Kind,
    pub(crate) state: State,
    pub(crate) steps: Vec<Step>,
    pub(crate) created: Moment,
    pub(crate) updated: Moment,
    pub(crate) ended: Option<Moment>,
    pub(crate) attempt: u32,
    pub(crate) next_attempt: Option<Moment>,
    pub(crate) challenge: Option<Challenge>,
    /// The texts of its document that are masked in it.
    pub(crate) words: BankWords,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EventRecord {
    pub(crate) id: EventId,
    pub(crate) at: Moment,
    /// `connection`, `account`, `transactions`, `consent`, `user`.
    pub(crate) entity: String,
    /// `created`, `updated`, `activated`, ...
    pub(crate) event_type: String,
    pub(crate) user: UserId,
    pub(crate) connection: Option<ConnectionId>,
    pub(crate) count: Option<u64>,
}

/// An imported document that waits for what it refers to, or until it can be read. What it holds is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WaitingRow {
    /// `account`, `transaction`, `job`, ...
    pub(crate) kind: String,
    /// Its id, with its owner in front when two owners' documents have the same.
    pub(crate) id: String,
    pub(crate) missing: String,
    pub(crate) user: Option<UserId>,
    pub(crate) institution: Option<InstitutionId>,
    /// When it came.
    pub(crate) at: Moment,
}

/// Records that go in together, users before what refers to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Batch {
    pub(crate) institutions: Vec<InstitutionRecord>,
    pub(crate) users: Vec<UserRecord>,
    pub(crate) connections: Vec<ConnectionRecord>,
    pub(crate) accounts: Vec<AccountRecord>,
    pub(crate) transactions: Vec<TransactionRecord>,
    pub(crate) jobs: Vec<JobRecord>,
    pub(crate) events: Vec<EventRecord>,
    pub(crate) consents: Vec<Consent>,
}
