//! Pages, orders and places of lists, what the profile pane shows, and the user's answer at the bank. Personal data
//! is masked.

use super::act::{Sibling, Stored};
use super::connection::Label;
use super::diagnosis::{Around, Outage, Whose};
use super::handling::NoteShown;
use super::ids::{ConnectionId, JobId};
use super::insight::Insights;
use super::job::Job;
use super::mask::MaskedProfile;
use super::moment::Moment;
use super::rows::{AccountRow, ConnectionRow};
pub(crate) use super::sort::{Sort, SortField};

/// How many connections have each label, and on how many each has to act. Kept, never counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    // a list of more than four thousand million is not to come
    by_label: [u32; 7],
    by_mover: [u32; 5],
}

impl Counts {
    pub(crate) fn set(&mut self, label: Label, count: u64) {
        self.by_label[label as usize] = u32::try_from(count).unwrap_or(u32::MAX);
    }

    pub(crate) fn of(&self, label: Label) -> u64 {
        self.by_label[label as usize].into()
    }

    pub(crate) fn set_mover(&mut self, mover: Whose, count: u64) {
        self.by_mover[mover as usize] = u32::try_from(count).unwrap_or(u32::MAX);
    }

    /// One more of `to`, and one less of `from`.
    pub(crate) fn passed_on(&mut self, from: Whose, to: Whose) {
        self.by_mover[to as usize] += 1;
        self.by_mover[from as usize] = self.by_mover[from as usize].saturating_sub(1);
    }

    pub(crate) fn whose(&self, mover: Whose) -> u64 {
        self.by_mover[mover as usize].into()
    }

    /// On how many somebody has to act.
    pub(crate) fn attention(&self) -> u64 {
        let acting = Whose::ORDER.into_iter().filter(|whose| whose.acts());
        acting.map(|whose| self.whose(whose)).sum()
    }

    /// How many neither need anybody nor have ended.
    pub(crate) fn fine(&self) -> u64 {
        self.whose(Whose::Nobody)
            .saturating_sub(self.of(Label::Deleted))
    }

    /// How many there are, the deleted ones included.
    pub(crate) fn total(&self) -> u64 {
        self.by_label.iter().map(|n| u64::from(*n)).sum()
    }
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
    /// Around this connection, it among them, or around where it would stand; from the start when it is not there.
    Around(ConnectionId),
    /// Around this place, whatever stands there.
    At(Anchor),
}

/// A row of the list of connections and its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Placed {
    pub(crate) at: Anchor,
    /// Who it stands under in the order by who has to act.
    pub(crate) mover: Whose,
    pub(crate) row: ConnectionRow,
}

/// A bank that is known to be down, and by what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BankDown {
    pub(crate) name: String,
    pub(crate) outage: Outage,
}

/// What the screen says of the list as a whole, read together with its rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    pub(crate) counts: Counts,
    /// The banks that are down; none where that was not asked.
    pub(crate) down: Option<Vec<BankDown>>,
    /// How many rows match; none where counting them would have held up the rows.
    pub(crate) size: Option<Size>,
}

/// A part of the list of connections, in list order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Stretch {
    pub(crate) rows: Vec<Placed>,
    /// The index of the row it was read around, or of the first one after that place.
    pub(crate) place: usize,
    /// Whether the list begins with the first row.
    pub(crate) starts: bool,
    /// Whether the list ends with the last row.
    pub(crate) ends: bool,
    /// How many rows of the list stand before these, where that is known.
    pub(crate) before: Option<u64>,
    pub(crate) figures: Figures,
}

/// What the screen shows and wants to know again after something was committed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Shown {
    /// The place of the row under the cursor; none reads from the start.
    pub(crate) place: Option<Anchor>,
    /// How many rows to read around it.
    pub(crate) limit: usize,
    pub(crate) connections: Vec<ConnectionId>,
    pub(crate) marks: Vec<ConnectionId>,
    /// Open jobs whose end is to be told.
    pub(crate) jobs: Vec<JobId>,
}

/// The answer to [`Shown`], of one view of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Seen {
    pub(crate) stretch: Stretch,
    /// The connections asked for that are there, whether they match the filter or not.
    pub(crate) connections: Vec<Placed>,
    /// Those of them that the filter no longer lets through.
    pub(crate) left: Vec<ConnectionId>,
    pub(crate) gone: Vec<ConnectionId>,
    pub(crate) marks: Marks,
    /// Those of the jobs that have ended, and the ids of those that are not there any more.
    pub(crate) ended: Vec<Job>,
    pub(crate) lost: Vec<JobId>,
}

/// What became of marked connections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    /// Those that the filter does not let through.
    pub(crate) hidden: Vec<ConnectionId>,
    pub(crate) gone: Vec<ConnectionId>,
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

/// One connection with what panes and documents show of it; everything personal is masked already.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ConnectionPane {
    pub(crate) row: ConnectionRow,
    /// The person who logged in; none when the bank gave nothing or it was purged.
    pub(crate) profile: Option<MaskedProfile>,
    pub(crate) accounts: Vec<AccountRow>,
    /// What was derived of the newest transactions.
    pub(crate) insights: Insights,
    /// What is stored of the user at this bank, by whatever connection.
    pub(crate) stored: Stored,
    pub(crate) siblings: Vec<Sibling>,
    /// The newest notes of operators, the newest first.
    pub(crate) notes: Vec<NoteShown>,
    /// When background refreshing comes to it; none when it does not.
    pub(crate) next_background: Option<Moment>,
    pub(crate) around: Around,
}
