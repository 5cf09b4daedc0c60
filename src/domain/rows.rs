//! Rows of connections and accounts. The only personal value is the user's name.

use super::connection::{Label, Method, Origin, Status};
use super::counts;
use super::diagnosis::{Facts, Health, Toll, Whose};
use super::handling::Handling;
use super::ids::{AccountId, ConnectionId, InstitutionId, JobId, UserId};
use super::job::{self, Kind, State, Title};
use super::moment::Moment;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConnectionRow {
    pub(crate) id: ConnectionId,
    pub(crate) user: UserId,
    /// The name in the app's own record; may be empty, may be hostile.
    pub(crate) user_name: String,
    pub(crate) institution: InstitutionId,
    pub(crate) institution_name: String,
    pub(crate) method: Method,
    pub(crate) origin: Origin,
    pub(crate) status: Status,
    pub(crate) label: Label,
    /// Whether somebody has to act on it; of a row of a list, at the moment it was read.
    pub(crate) attention: bool,
    /// Who has to act on it next; nobody while it is quiet.
    pub(crate) mover: Whose,
    pub(crate) since: Moment,
    pub(crate) created: Moment,
    /// When it last talked to the bank; equals `created` before any contact.
    pub(crate) last_used: Moment,
    /// When the consent at the bank ends (open banking).
    pub(crate) expiry: Option<Moment>,
    /// Stored accounts that this connection fetched.
    pub(crate) accounts: u64,
    pub(crate) transactions: u64,
    /// Rises with every change; a dialog pins it.
    pub(crate) version: i64,
    pub(crate) last_job: Option<LastJob>,
    /// How its last fetches ended, at most seven, the newest last.
    pub(crate) runs: Vec<State>,
    pub(crate) ever_active: bool,
    /// Refused sign-ins in a row, by any connection with the same credentials.
    pub(crate) refused: u32,
    /// Whether that is too often, so that refreshes are held back.
    pub(crate) guarded: bool,
    pub(crate) handling: Handling,
    pub(crate) bank: AtBank,
}

/// What is known of a connection's bank by its method, and what that was to the connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct AtBank {
    /// The declared health of the connector, where it is a known word.
    pub(crate) declared: Option<Health>,
    /// The end of an outage of the sandbox.
    pub(crate) broken_until: Option<Moment>,
    /// The incident that is open there, and whether it hit this connection.
    pub(crate) incident: Option<Toll>,
    pub(crate) hit: bool,
    /// When fetches there were last seen to get through one after the other.
    pub(crate) works: Option<Moment>,
    /// When the connection's newest job was written last.
    pub(crate) asked: Option<Moment>,
}

impl AtBank {
    pub(crate) fn declared_at(&self, now: Moment) -> Option<Health> {
        match self.broken_until {
            Some(until) if until > now => Some(Health::MajorOutage),
            _ => self.declared,
        }
    }

    /// Whether others got through since this connection was tried last.
    pub(crate) fn mended(&self) -> bool {
        self.works
            .zip(self.asked)
            .is_some_and(|(works, asked)| works > asked)
    }
}

impl ConnectionRow {
    /// With its attention as it is at this moment: dates and leases pass without a write.
    #[must_use]
    pub(crate) fn judged(self, now: Moment) -> Self {
        let mover = match self.handling.quiet(now) {
            true => Whose::Nobody,
            false => Facts::of_row(&self, now).mover(),
        };
        Self {
            attention: mover.acts(),
            mover,
            ..self
        }
    }

    /// The first moment from which on time alone may change who has to act.
    pub(crate) fn changes(&self, now: Moment) -> Option<Moment> {
        let wakes = self.handling.snoozed.filter(|until| *until > now);
        let changes = Facts::of_row(self, now).changes();
        changes.into_iter().chain(wakes).min()
    }

    pub(crate) fn ever_used(&self) -> bool {
        self.last_used > self.created
    }

    /// Its status and what is stored of it: `active, 2 accounts, 80 transactions`.
    pub(crate) fn standing(&self) -> String {
        let accounts = counts::count(self.accounts, "account");
        let transactions = counts::count(self.transactions, "transaction");
        format!("{}, {accounts}, {transactions}", self.status.word())
    }

    /// `sign-in 2x`, or `held 3x` when no more is tried; none without refusals.
    pub(crate) fn sign_in_words(&self) -> Option<String> {
        let what = if self.guarded { "held" } else { "sign-in" };
        (self.refused > 0).then(|| format!("{what} {}x", self.refused))
    }
}

/// The newest job of a connection, as the list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LastJob {
    pub(crate) id: JobId,
    pub(crate) kind: Kind,
    pub(crate) state: State,
    pub(crate) label: job::Label,
    /// The code it failed with, or the last error while it waits for a retry.
    pub(crate) code: Option<String>,
    pub(crate) step: Title,
    /// That step's place, from 1.
    pub(crate) position: u8,
    pub(crate) of: u8,
    /// Until when it waits: for its turn, its next try, or the user's answer.
    pub(crate) due: Option<Moment>,
    /// How many attempts began.
    pub(crate) attempt: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AccountRow {
    pub(crate) id: AccountId,
    /// Masked name and number; none when the sealed part cannot be opened.
    pub(crate) shown: Option<AccountShown>,
    /// Whether it cannot be opened although the master key is here: its data key is gone, or it is damaged.
    pub(crate) lost: bool,
    /// `transaction`, `savings`, ...
    pub(crate) class: String,
    /// ISO 4217.
    pub(crate) currency: String,
    /// Minor units.
    pub(crate) balance: Option<i64>,
    /// Minor units.
    pub(crate) available: Option<i64>,
    /// `available` or `unavailable`.
    pub(crate) status: String,
    /// When the bank was last asked about it.
    pub(crate) updated: Moment,
    pub(crate) transactions: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AccountShown {
    pub(crate) product: String,
    pub(crate) number: String,
}
