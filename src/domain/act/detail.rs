//! What a plan shows beside its steps: the one connection it is about, or all of a user.

use crate::domain::certificate::Rows;
use crate::domain::connection::{Label, Method, Status};
use crate::domain::consent::Consent;
use crate::domain::ids::{ConnectionId, InstitutionId, JobId, UserId};
use crate::domain::moment::Moment;
use crate::domain::rows::ConnectionRow;

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

/// What a plan shows beside its steps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Nothing: the steps say it all.
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

/// What speaks for and against a refresh, and how it will probably go.
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
    /// What makes it doubtful, in words for people; empty when nothing does.
    pub(crate) against: Vec<String>,
    /// The flag the command needs to be carried out all the same; empty when none.
    pub(crate) insists: &'static str,
}

impl Outlook {
    /// Whether nothing speaks against it.
    pub(crate) fn plain(&self) -> bool {
        self.against.is_empty()
    }
}

/// What is shown of an act on all of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WholeUser {
    pub(crate) user: UserId,
    /// The consent that ends, while one is active.
    pub(crate) consent: Option<Consent>,
    pub(crate) connections: Vec<UserConnection>,
    pub(crate) rows: Rows,
}

/// One connection of a user whose data goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UserConnection {
    pub(crate) target: Target,
    /// Accounts and transactions it fetched that are stored.
    pub(crate) accounts: u64,
    pub(crate) transactions: u64,
    pub(crate) way: Way,
}

/// What becomes of one connection of a user whose data goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
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
