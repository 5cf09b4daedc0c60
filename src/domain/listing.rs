//! What lists and panes show: flat values read in one go, with nothing personal in them but the
//! user's own name in the app's record.

use super::connection::{Label, Method, Status};
use super::ids::{AccountId, ConnectionId, InstitutionId, JobId, UserId};
use super::job::{self, Kind, State, Title};
use super::mask::MaskedProfile;
use super::meaning::Around;
use super::moment::Moment;
use super::plan::{Sibling, Stored};

/// One row of the connections list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionRow {
    /// Its id.
    pub id: ConnectionId,
    /// Whose.
    pub user: UserId,
    /// The name in the app's own record; may be empty, may be hostile.
    pub user_name: String,
    /// Which bank.
    pub institution: InstitutionId,
    /// That bank's name.
    pub institution_name: String,
    /// How it is reached.
    pub method: Method,
    /// On the wire.
    pub status: Status,
    /// On the screen.
    pub label: Label,
    /// Whether somebody has to act.
    pub attention: bool,
    /// Since when it has this label.
    pub since: Moment,
    /// When it was made.
    pub created: Moment,
    /// When it last talked to the bank; equals `created` before any contact.
    pub last_used: Moment,
    /// When the consent arrangement ends (open banking).
    pub expiry: Option<Moment>,
    /// Stored accounts that this connection fetched.
    pub accounts: u64,
    /// Stored transactions that it fetched.
    pub transactions: u64,
    /// Rises with every change; a dialog pins it.
    pub version: i64,
    /// Its newest job.
    pub last_job: Option<LastJob>,
    /// Whether it ever was active.
    pub ever_active: bool,
    /// How often in a row the bank refused its credentials, whichever connection tried them.
    pub refused: u32,
    /// Whether that is so often that refreshes are held back.
    pub guarded: bool,
}

impl ConnectionRow {
    /// Whether it ever talked to the bank.
    pub fn ever_used(&self) -> bool {
        self.last_used > self.created
    }

    /// A few words on refused sign-ins, where there are any: `sign-in 2x`, or `held 3x` when no more is tried.
    pub fn sign_in_words(&self) -> Option<String> {
        let what = if self.guarded { "held" } else { "sign-in" };
        (self.refused > 0).then(|| format!("{what} {}x", self.refused))
    }
}

/// The newest job of a connection, as the list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastJob {
    /// Its id.
    pub id: JobId,
    /// What for.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// The history's word.
    pub label: job::Label,
    /// The code it failed with, or the last error while it waits for a retry.
    pub code: Option<String>,
    /// The step it stands at, or failed at.
    pub step: Title,
    /// That step's place, from 1.
    pub position: u8,
    /// How many steps it has.
    pub of: u8,
    /// Until when it waits: for its turn, its next try, or the user's answer.
    pub due: Option<Moment>,
}

/// How many connections have each label, and how many need action. Kept, never counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    by_label: [u64; 7],
    /// How many need somebody to act.
    pub attention: u64,
}

impl Counts {
    /// Sets the count of one label.
    pub fn set(&mut self, label: Label, count: u64) {
        self.by_label[label as usize] = count;
    }

    /// How many have this label.
    pub fn of(&self, label: Label) -> u64 {
        self.by_label[label as usize]
    }

    /// How many there are, the deleted ones included.
    pub fn total(&self) -> u64 {
        self.by_label.iter().sum()
    }
}

/// What a list is ordered by. Each has an index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SortField {
    /// Those that need action first, then by last use.
    #[default]
    Attention,
    /// By `last_used`.
    LastUsed,
    /// By label, then last use.
    Status,
    /// By bank name, then last use.
    Bank,
    /// By user, then last use.
    User,
    /// By when the newest job was made.
    Job,
}

impl SortField {
    /// Every field.
    pub const ALL: [SortField; 6] = [
        SortField::Attention,
        SortField::LastUsed,
        SortField::Status,
        SortField::Bank,
        SortField::User,
        SortField::Job,
    ];

    /// The word of `--sort` and the title.
    pub fn word(self) -> &'static str {
        match self {
            SortField::Attention => "attention",
            SortField::LastUsed => "last",
            SortField::Status => "status",
            SortField::Bank => "bank",
            SortField::User => "user",
            SortField::Job => "job",
        }
    }

    /// Reads that word; `lastUsed` too.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "lastUsed" | "last-used" => Some(SortField::LastUsed),
            _ => SortField::ALL.into_iter().find(|f| f.word() == word),
        }
    }
}

/// A field and a direction. The natural direction of `LastUsed` and `Job` is newest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sort {
    /// By what.
    pub field: SortField,
    /// Turned round.
    pub reversed: bool,
}

/// A place in an ordered list: the keys of a row, so that the next page starts after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor(pub Vec<AnchorKey>);

/// One key of an anchor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnchorKey {
    /// A number or a time.
    Number(i64),
    /// A text.
    Text(String),
}

/// A page of an ordered list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// In list order, whichever way it was read.
    pub rows: Vec<T>,
    /// Where the first row stands.
    pub first: Option<Anchor>,
    /// Where the last row stands.
    pub last: Option<Anchor>,
    /// Whether the list goes on in the direction it was read.
    pub more: bool,
}

/// How many rows match; `exact` is false when counting stopped at the cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Rows counted.
    pub count: u64,
    /// Whether that is all of them.
    pub exact: bool,
}

/// One account as panes and documents show it; the number is masked already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// Its id.
    pub id: AccountId,
    /// Masked name and number; none when the sealed part cannot be opened.
    pub shown: Option<AccountShown>,
    /// `transaction`, `savings`, ...
    pub class: String,
    /// ISO 4217.
    pub currency: String,
    /// Minor units.
    pub balance: Option<i64>,
    /// Minor units.
    pub available: Option<i64>,
    /// `available` or `unavailable`.
    pub status: String,
    /// When the bank was last asked about it.
    pub updated: Moment,
    /// Stored transactions of it.
    pub transactions: u64,
}

/// The masked part of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountShown {
    /// The product's name.
    pub product: String,
    /// Last four digits.
    pub number: String,
}

/// One connection with what panes and documents show of it; everything personal is masked already.
#[derive(Clone, Debug, PartialEq)]
pub struct ConnectionPane {
    /// Its labels and times.
    pub row: ConnectionRow,
    /// The person who logged in; none when the bank gave nothing or it was purged.
    pub profile: Option<MaskedProfile>,
    /// The accounts this connection fetched.
    pub accounts: Vec<AccountRow>,
    /// What is stored of the user at this bank, by whatever connection.
    pub stored: Stored,
    /// Other connections of the same user.
    pub siblings: Vec<Sibling>,
    /// When background refreshing comes to it; none when it does not.
    pub next_background: Option<Moment>,
    /// How its bank, its user's permission and its user's data stand.
    pub around: Around,
}
