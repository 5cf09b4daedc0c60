//! What a plan shows beside its steps.

use crate::domain::certificate::Rows;
use crate::domain::connection::{Label, Method, Status};
use crate::domain::consent::Consent;
use crate::domain::ids::{ConnectionId, InstitutionId, JobId, UserId};
use crate::domain::moment::Moment;
use crate::domain::rows::ConnectionRow;
use crate::domain::words::words;

/// The connection an action is aimed at, as it was when somebody looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) id: ConnectionId,
    pub(crate) user: UserId,
    pub(crate) institution: InstitutionId,
    pub(crate) institution_name: String,
    pub(crate) method: Method,
    pub(crate) status: Status,
    pub(crate) label: Label,
    pub(crate) version: i64,
}

impl Target {
    pub(crate) fn of(row: &ConnectionRow) -> Self {
        Self {
            id: row.id.clone(),
            user: row.user.clone(),
            institution: row.institution.clone(),
            institution_name: row.institution_name.clone(),
            method: row.method,
            status: row.status,
            label: row.label,
            version: row.version,
        }
    }
}

/// Another connection that shares something with the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sibling {
    pub(crate) id: ConnectionId,
    pub(crate) institution_name: String,
    pub(crate) method: Method,
    pub(crate) label: Label,
}

impl Sibling {
    pub(crate) fn of(row: &ConnectionRow) -> Self {
        Self {
            id: row.id.clone(),
            institution_name: row.institution_name.clone(),
            method: row.method,
            label: row.label,
        }
    }
}

/// Stored data in figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stored {
    /// Masked tails of the accounts, `•••• 4410`; their number is the number of accounts.
    pub(crate) accounts: Vec<String>,
    pub(crate) transactions: u64,
    /// The day of the first and of the last transaction.
    pub(crate) days: Option<(Moment, Moment)>,
    pub(crate) profiles: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Detail {
    #[default]
    None,
    One(Box<OneConnection>),
    User(Box<WholeUser>),
}

impl Detail {
    pub(crate) fn one(&self) -> Option<&OneConnection> {
        match self {
            Detail::One(one) => Some(one),
            Detail::None | Detail::User(_) => None,
        }
    }

    pub(crate) fn user(&self) -> Option<&WholeUser> {
        match self {
            Detail::User(user) => Some(user),
            Detail::None | Detail::One(_) => None,
        }
    }
}

/// What is shown of an act on one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OneConnection {
    pub(crate) target: Target,
    /// What goes with a purge or a move, and stays with a revoke.
    pub(crate) stored: Stored,
    /// Connections of the same user at the same bank, whose data a purge takes too.
    pub(crate) siblings: Vec<Sibling>,
    /// The user's connections with data at other banks, which a purge does not touch.
    pub(crate) kept: Vec<Sibling>,
    pub(crate) jobs_kept: u64,
    /// An open job: a refresh gives it back, a revoke ends it.
    pub(crate) open_job: Option<JobId>,
    /// What a refresh would meet; none for the other acts.
    pub(crate) outlook: Option<Outlook>,
}

/// How a refresh will probably go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outlook {
    /// When the connection last talked to the bank; none when it never did.
    pub(crate) last_used: Option<Moment>,
    /// Milliseconds a refresh should leave between itself and the last one.
    pub(crate) floor_ms: i64,
    /// Until when it would wait because another connection uses the same credentials.
    pub(crate) paused_until: Option<Moment>,
    /// Jobs running at the bank, and how many may.
    pub(crate) running: u64,
    pub(crate) per_bank: u64,
    /// Codes of the newest failures in a row, newest first.
    pub(crate) failures: Vec<String>,
    /// What speaks against it, for people.
    pub(crate) against: Vec<String>,
    /// The flag that carries it out all the same; may be empty.
    pub(crate) insists: &'static str,
}

impl Outlook {
    pub(crate) fn plain(&self) -> bool {
        self.against.is_empty()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WholeUser {
    pub(crate) user: UserId,
    /// The consent that ends, while one is active.
    pub(crate) consent: Option<Consent>,
    pub(crate) connections: Vec<UserConnection>,
    pub(crate) rows: Rows,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UserConnection {
    pub(crate) target: Target,
    /// Accounts and transactions it fetched that are stored.
    pub(crate) accounts: u64,
    pub(crate) transactions: u64,
    pub(crate) way: Way,
}

words! {
    Way [word words] {
        PurgedAndRevoked "purge-revoke" "purged, checked, then revoked";
        /// Active; its bank is purged through another connection.
        RevokedAfterSibling "revoke"
            "its data goes with the purge at this bank; then it is revoked";
        /// Not active, so it cannot be purged, but another connection of its bank can.
        EndsAfterSibling "end-with-consent"
            "not active, so it cannot be purged; its data goes with the purge at this bank, and it ends with the consent";
        /// Not active and cannot be purged: it ends, and its data goes, with the consent.
        EndsWithConsent "end-with-consent"
            "not active, so it cannot be purged; it ends with the user's consent, which deletes its data";
        /// The consent itself ends: it ends, and its data goes, with that.
        WithConsent "end-with-consent" "ends with the consent, and its data goes";
        /// Revoked before, with data that the purge of another connection reaches.
        StrandedBySibling "purge-by-sibling"
            "revoked with data left; that goes with the purge at this bank";
        /// Revoked before, with data that goes with the consent.
        StrandedWithConsent "delete-with-consent"
            "revoked with data left, which no purge reaches any more; the end of the consent deletes it";
        /// Revoked before, nothing left.
        Nothing "nothing" "revoked before, nothing left";
    }
}
