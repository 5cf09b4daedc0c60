//! The pages: lists under the header in the place of the panes. One machinery for all of them; a page is a table of
//! columns over its values, and what its rows lead to.

mod activity;
pub(crate) mod audit;
mod banks;
mod causes;
mod jobs;
mod people;
pub(crate) mod update;
pub(crate) mod view;

use crate::domain::banks::BankNow;
use crate::domain::diagnosis::CauseShown;
use crate::domain::handling::ToAsk;
use crate::domain::ids::ConnectionId;
use crate::domain::job::Job;
use crate::domain::query::{Query, Scope, parse_in};
use crate::domain::zone::Zone;
use crate::tui::action::Action;
use crate::tui::availability::{Reason, off};
use crate::tui::effect::HoldOf;
use crate::tui::model::Model;
use crate::tui::panes::connections::filter::{Filter, Language};
use crate::tui::widgets::canvas::Row;
use crate::tui::widgets::table::{Cell, Column, Shape, Told, widest};
use activity::Deed;
use audit::AuditEntry;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Rows that are read at first; more are read as the cursor comes near the last.
const FIRST: usize = 200;

/// The most rows of a page.
const MOST: usize = 12_800;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Activity,
    Causes,
    Banks,
    Jobs,
    People,
    Audit,
}

impl Kind {
    pub(crate) const ALL: [Kind; 6] = [
        Kind::Activity,
        Kind::Causes,
        Kind::Banks,
        Kind::Jobs,
        Kind::People,
        Kind::Audit,
    ];

    pub(crate) fn opened_by(action: Action) -> Option<Self> {
        match action {
            Action::PageActivity => Some(Kind::Activity),
            Action::PageCauses => Some(Kind::Causes),
            Action::PageBanks => Some(Kind::Banks),
            Action::PageJobs => Some(Kind::Jobs),
            Action::PagePeople => Some(Kind::People),
            Action::PageAudit => Some(Kind::Audit),
            _ => None,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Kind::Activity => "4 Activity",
            Kind::Causes => "5 Causes",
            Kind::Banks => "6 Banks",
            Kind::Jobs => "7 All jobs",
            Kind::People => "8 People",
            Kind::Audit => "9 Audit",
        }
    }

    /// One of its rows and several: `cause`, `causes`.
    fn row(self) -> (&'static str, &'static str) {
        match self {
            Kind::Activity => ("line", "lines"),
            Kind::Causes => ("cause", "causes"),
            Kind::Banks => ("bank", "banks"),
            Kind::Jobs => ("job", "jobs"),
            Kind::People => ("person", "people"),
            Kind::Audit => ("line", "lines"),
        }
    }

    /// Of its filter; none where it has none.
    pub(crate) fn language(self) -> Option<Language> {
        match self {
            Kind::Causes => Some(Language::Of(Scope::Connections)),
            Kind::Activity => None,
            Kind::Banks => None,
            Kind::Jobs => Some(Language::Of(Scope::Jobs)),
            Kind::People => Some(Language::Of(Scope::Connections)),
            Kind::Audit => Some(Language::Audit),
        }
    }

    /// What would be here when nothing is.
    fn empty(self) -> [&'static str; 2] {
        match self {
            Kind::Activity => [
                "Nothing was done in this session.",
                "What is ordered here stands in a line with the command that does the same, and what came of it above.",
            ],
            Kind::Causes => [
                "No connection is broken.",
                "Connections that failed alike stand here in one row: bank, method, step and code, with whose move it is.",
            ],
            Kind::Banks => [
                "No bank is known.",
                "The banks of the sandbox, and those of imported documents, stand here with their state.",
            ],
            Kind::Jobs => [
                "No job has run.",
                "Every connect, refresh, new password, purge and revoke is a job and stands here, the newest first.",
            ],
            Kind::People => [
                "Nobody has to be asked.",
                "Users who have to act stand here: at a bank that asks them to sign in or to consent again, with what to say.",
            ],
            Kind::Audit => [
                "No line of the audit matches.",
                "Every act, refusal and look at personal data has a line here, the newest first.",
            ],
        }
    }

    /// The command that prints the same.
    fn command(self) -> &'static str {
        match self {
            Kind::Activity => "audit",
            Kind::Causes => "causes",
            Kind::Banks => "institutions",
            Kind::Jobs => "jobs",
            Kind::People => "connections",
            Kind::Audit => "audit",
        }
    }

    fn shapes(self) -> Vec<Shape> {
        fn of<T: Listed>() -> Vec<Shape> {
            T::COLUMNS.iter().map(|column| column.shape).collect()
        }
        match self {
            Kind::Activity => of::<Deed>(),
            Kind::Causes => of::<CauseShown>(),
            Kind::Banks => of::<BankNow>(),
            Kind::Jobs => of::<Job>(),
            Kind::People => of::<ToAsk>(),
            Kind::Audit => of::<AuditEntry>(),
        }
    }
}

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
}

impl Item {
    /// What stands over what is told of it.
    fn name(&self) -> String {
        match self {
            Item::Deed(it) => it.key(),
            Item::Cause(it) => causes::name(it),
            Item::Bank(it) => it.bank.record.name.clone(),
            Item::Job(job) => format!("{} {}", job.kind.word(), job.id.short()),
            Item::Person(it) => format!("{}  {}", it.name, it.connection.short()),
            Item::Audit(it) => audit::name(it),
        }
    }

    /// What is told of it below the list, for so many cells.
    fn detail(&self, told: Told, wide: usize) -> Vec<Row> {
        match self {
            Item::Deed(it) => activity::detail(it, told, wide),
            Item::Cause(it) => causes::detail(it, told, wide),
            Item::Bank(it) => banks::detail(it, told, wide),
            Item::Job(job) => jobs::detail(job, told, wide),
            Item::Person(it) => people::detail(it, told, wide),
            Item::Audit(it) => audit::detail(it, told, wide),
        }
    }

    /// The one connection it is of; none where it is of several, or of none.
    pub(crate) fn connection(&self) -> Option<&ConnectionId> {
        match self {
            Item::Deed(_) | Item::Cause(_) | Item::Bank(_) | Item::Audit(_) => None,
            Item::Job(job) => Some(&job.connection),
            Item::Person(it) => Some(&it.connection),
        }
    }

    /// The filter of its connections; none where it has none.
    fn filter(&self) -> Option<String> {
        match self {
            Item::Deed(_) => None,
            Item::Cause(it) => Some(it.cause.filter()),
            Item::Bank(it) => Some(format!("bank={}", it.bank.record.id)),
            Item::Job(job) => Some(format!("id:{}", job.connection)),
            Item::Person(it) => Some(format!("id:{}", it.connection)),
            Item::Audit(it) => audit::filter(it),
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
        }
    }

    fn lines(self, told: Told) -> Vec<Line> {
        match self {
            Rows::Activity(rows) => lines(rows, told),
            Rows::Causes(rows) => lines(rows, told),
            Rows::Banks(rows) => lines(rows, told),
            Rows::Jobs(rows) => lines(rows, told),
            Rows::People(rows) => lines(rows, told),
            Rows::Audit(rows) => lines(rows, told),
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

/// The page that is shown, what is kept of the others, and the way back to one.
#[derive(Clone, Debug)]
pub(crate) struct Pages {
    shown: Option<Kind>,
    kept: BTreeMap<Kind, Page>,
    /// Rises with every question of any page.
    generation: u64,
    trail: Option<Trail>,
}

/// From a page to the list of connections.
#[derive(Clone, Debug)]
struct Trail {
    from: Kind,
    /// The filter that was set to show what the row leads to, and the one before it.
    set: String,
    before: String,
}

impl Pages {
    pub(crate) fn new(zone: Zone) -> Self {
        let page = |kind: Kind| {
            let filter = Filter::of(kind.language().unwrap_or_default(), zone);
            (kind, Page::new(kind, filter))
        };
        Self {
            shown: None,
            kept: Kind::ALL.into_iter().map(page).collect(),
            generation: 0,
            trail: None,
        }
    }

    pub(crate) fn kind(&self) -> Option<Kind> {
        self.shown
    }

    pub(crate) fn shown(&self) -> Option<&Page> {
        self.kept.get(&self.shown?)
    }

    pub(crate) fn shown_mut(&mut self) -> Option<&mut Page> {
        self.kept.get_mut(&self.shown?)
    }

    /// The number of the newest question.
    #[cfg(test)]
    pub(crate) fn asked(&self) -> u64 {
        self.generation
    }

    /// Names may be shown otherwise now: what was read is dropped at once.
    pub(crate) fn forget(&mut self) {
        for page in self
            .kept
            .values_mut()
            .filter(|page| page.kind == Kind::People)
        {
            page.lines.clear();
            (page.read, page.stale, page.asked, page.due) = (false, true, None, 0);
            page.generation = 0;
        }
    }

    /// Something was committed, or what is told depends on the time.
    pub(crate) fn changed(&mut self) {
        self.kept.values_mut().for_each(|page| page.stale = true);
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) kind: Kind,
    pub(crate) lines: Vec<Line>,
    pub(crate) filter: Filter,
    pub(crate) cursor: usize,
    pub(crate) top: usize,
    /// Rows on screen, set when the layout is.
    pub(crate) height: usize,
    /// Whether the list goes on behind these rows.
    pub(crate) more: bool,
    /// Whether its rows were ever read.
    pub(crate) read: bool,
    /// The connections of the rows that were marked here, by the rows' keys.
    marked: HashMap<String, Vec<ConnectionId>>,
    /// As wide as the widest cell, column by column.
    widest: Vec<u16>,
    limit: usize,
    generation: u64,
    stale: bool,
    asked: Option<u64>,
    due: u64,
}

impl Page {
    fn new(kind: Kind, filter: Filter) -> Self {
        Self {
            kind,
            lines: vec![],
            filter,
            cursor: 0,
            top: 0,
            height: 1,
            more: false,
            read: false,
            marked: HashMap::new(),
            widest: vec![],
            limit: FIRST,
            generation: 0,
            stale: true,
            asked: None,
            due: 0,
        }
    }

    pub(crate) fn current(&self) -> Option<&Line> {
        self.lines.get(self.cursor)
    }

    /// The cursor stays on its row, and the row on its line of the screen.
    fn load(&mut self, lines: Vec<Line>, more: bool) {
        let before = self.current().map(|line| line.key.clone());
        let now = before.and_then(|key| lines.iter().position(|line| line.key == key));
        if let Some(now) = now {
            self.top = (self.top + now).saturating_sub(self.cursor);
            self.cursor = now;
        }
        self.widest = widest(
            self.kind.shapes().len(),
            lines.iter().map(|line| line.cells.as_slice()),
        );
        (self.lines, self.more, self.read) = (lines, more, true);
        self.settle();
    }

    pub(crate) fn settle(&mut self) {
        let height = self.height.max(1);
        self.cursor = self.cursor.min(self.lines.len().saturating_sub(1));
        self.top = self.top.min(self.lines.len().saturating_sub(height));
        self.top = self
            .top
            .clamp((self.cursor + 1).saturating_sub(height), self.cursor);
    }

    fn step(&mut self, by: isize) {
        let last = self.lines.len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
        self.settle();
    }

    /// The connections of the row under the cursor, as a question.
    fn query(&self) -> Option<Query> {
        let filter = self.current()?.item.filter()?;
        // it is written from a row, so it reads; a code that does not is found by nobody
        parse_in(&filter, Scope::Connections, self.filter.zone).ok()
    }

    /// Whose refreshes a hold of the row under the cursor keeps back.
    fn held(&self) -> Option<HoldOf> {
        match &self.current()?.item {
            // the bank's hold, where there is one, is what can be released here
            Item::Cause(it) if it.hold.is_some() => {
                let cause = &it.cause;
                let (id, name) = (cause.institution.clone(), cause.institution_name.clone());
                Some(HoldOf::Bank(id, name))
            }
            Item::Cause(_) => Some(HoldOf::Found(Box::new(self.query()?))),
            Item::Deed(_) => None,
            Item::Audit(_) => None,
            Item::Person(it) => {
                let (id, name) = (it.institution.clone(), it.institution_name.clone());
                Some(HoldOf::Bank(id, name))
            }
            Item::Bank(it) => {
                let record = &it.bank.record;
                Some(HoldOf::Bank(record.id.clone(), record.name.clone()))
            }
            Item::Job(job) => {
                let (id, name) = (job.institution.clone(), job.institution_name.clone());
                Some(HoldOf::Bank(id, name))
            }
        }
    }

    /// The job under the cursor.
    pub(crate) fn job(&self) -> Option<&Job> {
        match &self.current()?.item {
            Item::Job(job) => Some(job),
            Item::Deed(_) | Item::Cause(_) | Item::Bank(_) | Item::Person(_) | Item::Audit(_) => {
                None
            }
        }
    }

    /// Whether the connections of a row are marked.
    fn is_marked(&self, line: &Line, marks: &HashSet<ConnectionId>) -> bool {
        match line.item.connection() {
            Some(id) => marks.contains(id),
            None => {
                let ids = self.marked.get(&line.key);
                ids.is_some_and(|ids| ids.iter().any(|id| marks.contains(id)))
            }
        }
    }

    /// The command that prints what the page shows.
    pub(crate) fn command(&self) -> String {
        if let Some(Item::Deed(deed)) = self.current().map(|line| &line.item)
            && let Some(command) = deed.command()
        {
            return command.to_owned();
        }
        let (command, filter) = (self.kind.command(), self.filter.field.text().trim());
        match filter {
            // its words are the options of the command
            words if self.kind == Kind::Audit && !words.is_empty() => {
                let words = words
                    .split_whitespace()
                    .filter_map(|word| word.split_once(':'));
                let options = words.map(|(key, value)| format!(" --{key} {value}"));
                format!("switchboard {command}{}", options.collect::<String>())
            }
            "" => format!("switchboard {command}"),
            filter => format!("switchboard {command} '{}'", filter.replace('\'', "'\\''")),
        }
    }
}

/// Whether an action is possible on the page that is shown.
pub(crate) fn possible(model: &Model, page: &Page, action: Action) -> Result<(), Reason> {
    use Action as A;
    match action {
        A::Open | A::Mark | A::Refresh | A::Hold if page.current().is_none() => {
            off("nothing is listed here")
        }
        A::MarkClear if model.list.marks.is_empty() => off("nothing is marked"),
        A::Filter if page.kind.language().is_none() => off("this page has no filter"),
        A::Purge
        | A::Revoke
        | A::RefreshUser
        | A::UpdateCredentials
        | A::Authorise
        | A::Migrate
        | A::Erase
        | A::Answer
        | A::Why
        | A::Follow => off("this is for a connection; Enter goes to those of the row"),
        A::Raw if page.job().is_none() => off("no row of this page is a document"),
        A::Zoom | A::Sort | A::MarkRange | A::MarkShown => {
            off("this is for the list of connections")
        }
        _ => Ok(()),
    }
}
