//! Records whole, with their personal data: what the HTTP API answers to whoever may see it.

use super::bank_data::{AccountDetails, Profile, TransactionDetails};
use super::holdings::{AccountHeld, TransactionRow};
use super::ids::{AccountId, ConnectionId, JobId};
use super::import_records::UserRecord;
use super::person::Business;
use super::rows::ConnectionRow;

#[derive(Clone, Debug)]
pub(crate) struct UserWhole {
    pub(crate) user: UserRecord,
    pub(crate) business: Option<Business>,
    /// Those that are not revoked, oldest first.
    pub(crate) connections: Vec<ConnectionId>,
    /// Those of revoked connections included.
    pub(crate) accounts: Vec<AccountId>,
}

#[derive(Clone, Debug)]
pub(crate) struct ConnectionWhole {
    pub(crate) row: ConnectionRow,
    pub(crate) mfa_enabled: bool,
    /// None when the bank gave nothing, it was purged, or its key is missing.
    pub(crate) profile: Option<Profile>,
    pub(crate) accounts: Vec<AccountWhole>,
}

/// Who signed in at a bank: the profile of a connection that is not revoked.
#[derive(Clone, Debug)]
pub(crate) struct IdentityWhole {
    pub(crate) row: ConnectionRow,
    pub(crate) profile: Profile,
    /// The newest job that asked the bank; none when it was imported without one.
    pub(crate) job: Option<JobId>,
}

#[derive(Clone, Debug)]
pub(crate) struct AccountWhole {
    pub(crate) held: AccountHeld,
    /// None when it cannot be opened.
    pub(crate) details: Option<AccountDetails>,
}

#[derive(Clone, Debug)]
pub(crate) struct TransactionWhole {
    pub(crate) row: TransactionRow,
    /// None when it cannot be opened.
    pub(crate) details: Option<TransactionDetails>,
}
