//! The rows of the pages: the value of each, its cells, and what is told of it.

use super::activity::{self, Deed};
use super::audit::{self, AuditEntry};
use super::{Kind, banks, causes, groups, jobs, people, since, timeline, views};
use crate::domain::banks::BankNow;
use crate::domain::diagnosis::CauseShown;
use crate::domain::groups::Group;
use crate::domain::handling::ToAsk;
use crate::domain::ids::ConnectionId;
use crate::domain::job::Job;
use crate::domain::saved_view::SavedView;
use crate::domain::since::{self as changes, Change, Digest};
use crate::domain::timeline::Entry;
use crate::tui::effect::HoldOf;
use crate::tui::widgets::canvas::Row;
use crate::tui::widgets::table::{Cell, Column, Told};

/// What can be a row of a page.
pub(crate) trait Listed: Sized + 'static {
    const COLUMNS: &'static [Column<Self>];

    /// Tells it from the others, also when it is read again.
    fn key(&self) -> String;

    fn item(self) -> Item;
}

/// The value of a row.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    Deed(Box<Deed>),
    Cause(Box<CauseShown>),
    Bank(Box<BankNow>),
    Job(Box<Job>),
    Person(Box<ToAsk>),
    Audit(Box<AuditEntry>),
    Change(Box<Change>),
    Entry(Box<Entry>),
    Group(Box<Group>),
    View(Box<SavedView>),
}

impl Item {
    /// What stands over what is told of it.
    pub(super) fn name(&self) -> String {
        match self {
            Item::Deed(it) => format!("line {}", it.key()),
            Item::Cause(it) => causes::name(it),
            Item::Bank(it) => it.bank.record.name.clone(),
            Item::Job(job) => format!("{} {}", job.kind.word(), job.id.short()),
            Item::Person(it) => format!("{}  {}", it.name, it.connection.short()),
            Item::Audit(it) => audit::name(it),
            Item::Change(it) => it.what.word().to_owned(),
            Item::Entry(it) => it.what.word().to_owned(),
            Item::Group(it) => groups::name(it),
            Item::View(it) => it.name.clone(),
        }
    }

    /// What is told of it below the list, for so many cells.
    pub(super) fn detail(&self, told: Told, wide: usize) -> Vec<Row> {
        match self {
            Item::Deed(it) => activity::detail(it, told, wide),
            Item::Cause(it) => causes::detail(it, told, wide),
            Item::Bank(it) => banks::detail(it, told, wide),
            Item::Job(job) => jobs::detail(job, told, wide),
            Item::Person(it) => people::detail(it, told, wide),
            Item::Audit(it) => audit::detail(it, told, wide),
            Item::Change(it) => since::detail(it, told, wide),
            Item::Entry(it) => timeline::detail(it, told, wide),
            Item::Group(it) => groups::detail(it, told, wide),
            Item::View(it) => views::detail(it, told, wide),
        }
    }

    /// The one connection it is of; none where it is of several, or of none.
    pub(crate) fn connection(&self) -> Option<&ConnectionId> {
        match self {
            Item::Deed(_)
            | Item::Cause(_)
            | Item::Bank(_)
            | Item::Audit(_)
            | Item::Change(_)
            | Item::Entry(_)
            | Item::Group(_)
            | Item::View(_) => None,
            Item::Job(job) => Some(&job.connection),
            Item::Person(it) => Some(&it.connection),
        }
    }

    /// Whether what it stands for is found by its filter.
    pub(super) fn is_found(&self) -> bool {
        matches!(self, Item::Cause(_) | Item::Group(_))
    }

    /// The bank that is held from its row; none where that is no bank.
    pub(super) fn bank(&self) -> Option<HoldOf> {
        let (id, name) = match self {
            // what is held as a bank is released as one; else its connections are held
            Item::Cause(it) if it.hold.is_some() => {
                (&it.cause.institution, &it.cause.institution_name)
            }
            Item::Bank(it) => (&it.bank.record.id, &it.bank.record.name),
            Item::Job(job) => (&job.institution, &job.institution_name),
            Item::Person(it) => (&it.institution, &it.institution_name),
            Item::Cause(_)
            | Item::Deed(_)
            | Item::Audit(_)
            | Item::Change(_)
            | Item::Entry(_)
            | Item::Group(_)
            | Item::View(_) => {
                return None;
            }
        };
        Some(HoldOf::Bank(id.clone(), name.clone()))
    }

    /// The filter of its connections; none where it has none.
    pub(super) fn filter(&self) -> Option<String> {
        match self {
            Item::Deed(_) => None,
            Item::Cause(it) => Some(it.cause.filter()),
            // what an incident hit is what its bank is looked at for
            Item::Bank(it) => Some(match it.bank.incidents().as_slice() {
                [] => format!("bank={}", it.bank.record.id),
                open => {
                    let numbers = open.iter().map(|open| open.number.to_string());
                    format!("incident:{}", numbers.collect::<Vec<_>>().join(","))
                }
            }),
            Item::Job(job) => Some(format!("id:{}", job.connection)),
            Item::Person(it) => Some(format!("id:{}", it.connection)),
            Item::Audit(it) => audit::filter(it),
            Item::Change(it) => it.filter.clone(),
            Item::Entry(_) => None,
            Item::Group(it) => it.filter.clone(),
            // it is opened as a whole
            Item::View(_) => None,
        }
    }
}

/// The rows of a page as they are read, the first ones of its list.
#[derive(Clone, Debug)]
pub(crate) enum Rows {
    /// Not read: the model has them.
    Activity(Vec<Deed>),
    Causes(Vec<CauseShown>),
    Banks(Vec<BankNow>),
    Jobs(Vec<Job>),
    People(Vec<ToAsk>),
    Audit(Vec<AuditEntry>),
    /// With so many lines at most.
    Since(Box<Digest>, usize),
    Timeline(Vec<Entry>),
    Groups(Vec<Group>),
    Views(Vec<SavedView>),
}

impl Rows {
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Rows::Activity(_) => Kind::Activity,
            Rows::Causes(_) => Kind::Causes,
            Rows::Banks(_) => Kind::Banks,
            Rows::Jobs(_) => Kind::Jobs,
            Rows::People(_) => Kind::People,
            Rows::Audit(_) => Kind::Audit,
            Rows::Since(..) => Kind::Since,
            Rows::Timeline(_) => Kind::Timeline,
            Rows::Groups(_) => Kind::Groups,
            Rows::Views(_) => Kind::Views,
        }
    }

    /// What stands beside the title.
    pub(super) fn note(&self, told: Told) -> String {
        match self {
            Rows::Since(digest, _) => since::note(digest, told),
            _ => String::new(),
        }
    }

    pub(super) fn lines(self, told: Told) -> Vec<Line> {
        match self {
            Rows::Activity(rows) => lines(rows, told),
            Rows::Causes(rows) => lines(rows, told),
            Rows::Banks(rows) => lines(rows, told),
            Rows::Jobs(rows) => lines(rows, told),
            Rows::People(rows) => lines(rows, told),
            Rows::Audit(rows) => lines(rows, told),
            Rows::Since(digest, most) => lines(changes::fit(&digest.changes, most), told),
            Rows::Timeline(rows) => lines(rows, told),
            Rows::Groups(rows) => lines(rows, told),
            Rows::Views(rows) => lines(rows, told),
        }
    }
}

fn lines<T: Listed>(rows: Vec<T>, told: Told) -> Vec<Line> {
    let line = |row: T| Line {
        key: row.key(),
        cells: T::COLUMNS.iter().map(|c| (c.cell)(&row, told)).collect(),
        item: row.item(),
    };
    rows.into_iter().map(line).collect()
}

#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) key: String,
    pub(crate) cells: Vec<Cell>,
    pub(crate) item: Item,
}
