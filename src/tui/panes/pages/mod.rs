//! The pages: lists under the header in the place of the panes. One machinery for all of them; a page is a table of
//! columns over its values, and what its rows lead to.

mod activity;
pub(crate) mod audit;
mod banks;
mod causes;
mod groups;
mod item;
mod jobs;
mod kind;
mod people;
mod said;
mod since;
mod timeline;
pub(crate) mod update;
pub(crate) mod view;
mod views;

use crate::domain::groups::GroupField;
use crate::domain::ids::ConnectionId;
use crate::domain::job::Job;
use crate::domain::query::{Query, Scope, parse_in};
use crate::domain::saved_view::SavedView;
use crate::domain::zone::Zone;
use crate::tui::action::Action;
use crate::tui::availability::{Reason, off};
use crate::tui::effect::HoldOf;
use crate::tui::model::Model;
use crate::tui::panes::connections::filter::Filter;
use crate::tui::widgets::table::widest;
pub(crate) use item::{Item, Line, Listed, Rows};
pub(crate) use kind::Kind;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Rows that are read at first; more are read as the cursor comes near the last.
const FIRST: usize = 200;

/// The most rows of a page.
const MOST: usize = 12_800;

/// The page that is shown, what is kept of the others, and the way back to one.
#[derive(Clone, Debug)]
pub(crate) struct Pages {
    shown: Option<Kind>,
    kept: BTreeMap<Kind, Page>,
    /// Rises with every question of any page.
    generation: u64,
    trail: Option<Trail>,
    /// The page under the one that is shown, where it was opened from a page.
    under: Option<Kind>,
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
            under: None,
        }
    }

    /// The list of connections is shown again, and nothing leads back.
    pub(crate) fn close(&mut self) {
        (self.shown, self.trail, self.under) = (None, None, None);
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
            .filter(|page| matches!(page.kind, Kind::People | Kind::Timeline | Kind::Groups))
        {
            page.lines.clear();
            (page.read, page.stale, page.asked, page.due) = (false, true, None, 0);
            page.generation = 0;
        }
    }

    /// Back to the panes.
    pub(crate) fn leave(&mut self) {
        self.shown = None;
    }

    pub(crate) fn use_zone(&mut self, zone: Zone) {
        for page in self.kept.values_mut() {
            (page.filter.zone, page.stale) = (zone, true);
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
    /// What stands beside the title.
    note: String,
    pub(crate) filter: Filter,
    /// The connection it is about, where it is about one.
    pub(crate) of: Option<ConnectionId>,
    /// What its rows are grouped by, where they are groups.
    pub(crate) by: GroupField,
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
            note: String::new(),
            filter,
            of: None,
            by: GroupField::default(),
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

    /// The cursor stays on its row, and the row on its line of the screen; where the first row was shown, the first one
    /// now is, too.
    fn load(&mut self, lines: Vec<Line>, more: bool) {
        let before = self.current().map(|line| line.key.clone());
        let now = before.and_then(|key| lines.iter().position(|line| line.key == key));
        if let Some(now) = now {
            self.top = match self.top {
                0 => 0,
                top => (top + now).saturating_sub(self.cursor),
            };
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

    pub(crate) fn click(&mut self, at: usize) {
        self.cursor = at;
        self.settle();
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
        let item = &self.current()?.item;
        item.bank().or_else(|| {
            item.is_found()
                .then(|| self.query())
                .flatten()
                .map(|query| HoldOf::Found(Box::new(query)))
        })
    }

    /// The one connection of the row under the cursor.
    fn connection(&self) -> Option<&ConnectionId> {
        self.current()?.item.connection()
    }

    /// The saved view under the cursor.
    pub(crate) fn view(&self) -> Option<&SavedView> {
        match &self.current()?.item {
            Item::View(view) => Some(view),
            _ => None,
        }
    }

    /// The job under the cursor.
    pub(crate) fn job(&self) -> Option<&Job> {
        match &self.current()?.item {
            Item::Job(job) => Some(job),
            _ => None,
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
        if let Some(Item::View(view)) = self.current().map(|line| &line.item) {
            return view.command();
        }
        if let Some(of) = &self.of {
            return format!("switchboard {command} {}", of.short());
        }
        match filter {
            filter if self.kind == Kind::Groups => {
                let quoted = match filter {
                    "" => String::new(),
                    filter => format!(" '{}'", filter.replace('\'', "'\\''")),
                };
                format!(
                    "switchboard {command}{quoted} --group-by {}",
                    self.by.word()
                )
            }
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
    let marked = !model.list.marks.is_empty();
    match action {
        // the marked ones are meant, whatever the row
        A::Refresh | A::Hold | A::Invite | A::Note | A::Take | A::Snooze if marked => Ok(()),
        A::Open
        | A::Mark
        | A::Refresh
        | A::Hold
        | A::Invite
        | A::Note
        | A::Take
        | A::Snooze
        | A::Timeline
            if page.current().is_none() =>
        {
            off("nothing is listed here")
        }
        A::Invite if page.kind != Kind::People => {
            off("this is for a user who has to act; the page of people lists them")
        }
        A::Timeline | A::Note | A::Take | A::Snooze if page.connection().is_none() => {
            off("this row is not of one connection")
        }
        A::Open | A::ViewDelete if page.view().is_some() => Ok(()),
        A::ViewDelete => off("this is for saved views; o lists them"),
        A::Open | A::Mark | A::Refresh if page.query().is_none() => {
            off("this row has no connection")
        }
        A::Hold if page.held().is_none() => off("this row has no connection to hold"),
        A::MarkClear if !marked => off("nothing is marked"),
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
        A::Zoom | A::Sort | A::Columns | A::Group | A::MarkRange | A::MarkShown => {
            off("this is for the list of connections")
        }
        _ => Ok(()),
    }
}
