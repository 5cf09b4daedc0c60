//! Rows of lists and panes. The only personal value is the user's name.

use super::act::{Sibling, Stored};
use super::connection::{Label, Method, Status};
use super::diagnosis::Around;
use super::ids::{AccountId, ConnectionId, InstitutionId, JobId, UserId};
use super::job::{self, Kind, State, Title};
use super::mask::MaskedProfile;
use super::moment::Moment;
use crate::domain::words::words;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConnectionRow {
    pub(crate) id: ConnectionId,
    pub(crate) user: UserId,
    /// The name in the app's own record; may be empty, may be hostile.
    pub(crate) user_name: String,
    pub(crate) institution: InstitutionId,
    pub(crate) institution_name: String,
    pub(crate) method: Method,
    pub(crate) status: Status,
    pub(crate) label: Label,
    pub(crate) attention: bool,
    pub(crate) since: Moment,
    pub(crate) created: Moment,
    /// When it last talked to the bank; equals `created` before any contact.
    pub(crate) last_used: Moment,
    /// When the consent arrangement ends (open banking).
    pub(crate) expiry: Option<Moment>,
    /// Stored accounts that this connection fetched.
    pub(crate) accounts: u64,
    pub(crate) transactions: u64,
    /// Rises with every change; a dialog pins it.
    pub(crate) version: i64,
    pub(crate) last_job: Option<LastJob>,
    pub(crate) ever_active: bool,
    /// Refused sign-ins in a row, by any connection with the same credentials.
    pub(crate) refused: u32,
    /// Whether that is too often, so that refreshes are held back.
    pub(crate) guarded: bool,
}

impl ConnectionRow {
    pub(crate) fn ever_used(&self) -> bool {
        self.last_used > self.created
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
}

/// How many connections have each label, and how many need action. Kept, never counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    by_label: [u64; 7],
    pub(crate) attention: u64,
}

impl Counts {
    pub(crate) fn set(&mut self, label: Label, count: u64) {
        self.by_label[label as usize] = count;
    }

    pub(crate) fn of(&self, label: Label) -> u64 {
        self.by_label[label as usize]
    }

    /// How many there are, the deleted ones included.
    pub(crate) fn total(&self) -> u64 {
        self.by_label.iter().sum()
    }
}

words! {
    #[derive(Default)]
    SortField [word] {
        /// Those that need action first, then by last use.
        #[default]
        Attention "attention";
        LastUsed "last";
        Status "status";
        Bank "bank";
        User "user";
        Job "job";
    }
}

impl SortField {
    pub(crate) fn parse(word: &str) -> Option<Self> {
        match word {
            "lastUsed" | "last-used" => Some(SortField::LastUsed),
            _ => SortField::ALL.into_iter().find(|f| f.word() == word),
        }
    }
}

/// A field and a direction. The natural direction of `LastUsed` and `Job` is newest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Sort {
    pub(crate) field: SortField,
    pub(crate) reversed: bool,
}

/// A place in an ordered list: the keys of a row, so that the next page starts after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Anchor(pub(crate) Vec<AnchorKey>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AnchorKey {
    Number(i64),
    Text(String),
}

/// From where a page of an ordered list is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Start,
    End,
    After(Anchor),
    Before(Anchor),
    /// Around this connection, it among them; from the start when it is not in the list.
    Around(ConnectionId),
}

/// The user's answer at the bank, when it asks whether they authorise a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BankAnswer {
    Authorise,
    Deny,
    /// The user leaves without an answer; nothing changes.
    Abandon,
}

impl BankAnswer {
    pub(crate) fn word(self) -> &'static str {
        match self {
            BankAnswer::Authorise => "authorise",
            BankAnswer::Deny => "deny",
            BankAnswer::Abandon => "abandon",
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Page<T> {
    /// In list order, whichever way it was read.
    pub(crate) rows: Vec<T>,
    pub(crate) first: Option<Anchor>,
    pub(crate) last: Option<Anchor>,
    /// Whether the list goes on in the direction it was read.
    pub(crate) more: bool,
}

/// How many rows match; `exact` is false when counting stopped at the cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) count: u64,
    pub(crate) exact: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AccountRow {
    pub(crate) id: AccountId,
    /// Masked name and number; none when the sealed part cannot be opened.
    pub(crate) shown: Option<AccountShown>,
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

/// One connection with what panes and documents show of it; everything personal is masked already.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ConnectionPane {
    pub(crate) row: ConnectionRow,
    /// The person who logged in; none when the bank gave nothing or it was purged.
    pub(crate) profile: Option<MaskedProfile>,
    pub(crate) accounts: Vec<AccountRow>,
    /// What is stored of the user at this bank, by whatever connection.
    pub(crate) stored: Stored,
    pub(crate) siblings: Vec<Sibling>,
    /// When background refreshing comes to it; none when it does not.
    pub(crate) next_background: Option<Moment>,
    pub(crate) around: Around,
}
