//! Everything the screen knows. Only `update` writes it, only `view` reads it.

use crate::domain::access;
use crate::domain::ids::ConnectionId;
use crate::domain::job::{Job, State, countdown};
use crate::domain::mask::Level;
use crate::domain::moment::Moment;
use crate::domain::rows::ConnectionRow;
use crate::domain::saved_view::KeptSettings;
use crate::domain::text::Shown;
use crate::domain::views::{BankDown, Counts};
use crate::domain::zone::Zone;
use crate::tui::action::Action;
use crate::tui::countdown::Countdown;
use crate::tui::deeds;
use crate::tui::dialogs::Dialog;
use crate::tui::effect::{Effect, Order, OrderId, Subject};
use crate::tui::endings::Endings;
use crate::tui::event::Trouble;
use crate::tui::footer::Hints;
use crate::tui::glyphs::Signs;
use crate::tui::keymap::Keymap;
use crate::tui::layer::Layer;
use crate::tui::layout::Class;
use crate::tui::panes::connections::filter::Filter;
use crate::tui::panes::connections::row_cells::Line;
use crate::tui::panes::messages::Tone;
use crate::tui::panes::{
    Pane, columns, connections, help, job, jobs, messages, pages, palette, profile, why,
};
use crate::tui::rest::Rest;
use crate::tui::role::Role;
pub(crate) use crate::tui::settings::{Environment, Settings, Setup};
use crate::tui::terminal::key::Key;
use crate::tui::widgets::canvas::{Row, span};
use ratatui::layout::Rect;
use std::collections::BTreeSet;

/// What lies over the panes.
#[derive(Clone, Debug)]
pub(crate) enum Over {
    /// The keys of the place it was opened from.
    Help(help::Model),
    Palette(Box<palette::Model>),
    Messages,
    /// Why a connection is as it is.
    Why(Box<why::Model>),
    /// What to order the list by, or with it what to order equal rows by.
    Sort {
        then: bool,
    },
    Copy,
    Columns(columns::Model),
    /// What to group the list by.
    Group,
}

#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) size: (u16, u16),
    pub(crate) class: Class,
    pub(crate) now: Moment,
    /// In which times are told.
    pub(crate) zone: Zone,
    /// Running time in milliseconds.
    pub(crate) at: u64,
    pub(crate) environment: Environment,
    pub(crate) read_only: bool,
    pub(crate) actor: String,
    pub(crate) role: access::Role,
    /// How many refused sign-ins in a row hold back more.
    pub(crate) refused_limit: u32,
    pub(crate) keymap: Keymap,
    pub(crate) hints: Hints,
    pub(crate) signs: Signs,
    /// As the terminal and the command line have them.
    pub(crate) first_signs: Signs,
    /// Whether the terminal tells of the mouse.
    pub(crate) mouse: bool,
    /// What was set in the palette, now or in an earlier session.
    pub(crate) set: KeptSettings,
    /// With the running time it was pressed at.
    pub(crate) last_key: Option<(u64, Key)>,
    /// The running time of the last click, and where.
    pub(crate) last_click: Option<(u64, u16, u16)>,
    pub(crate) rest: Rest,
    pub(crate) pending: Vec<Key>,
    pub(crate) which: Vec<(Key, Action)>,
    pub(crate) level: Level,
    pub(crate) floor: Level,
    /// Milliseconds; none never hides names.
    pub(crate) idle_after: Option<u64>,
    pub(crate) touched: u64,
    /// When it was kept last that somebody looks.
    pub(crate) looked: u64,
    /// The level to go back to with the next key, while idle.
    pub(crate) away: Option<Level>,
    pub(crate) focus: Pane,
    pub(crate) zoom: bool,
    pub(crate) list: connections::model::Model,
    pub(crate) profile: profile::Model,
    pub(crate) jobs: jobs::Model,
    pub(crate) job: Option<job::Model>,
    pub(crate) pages: pages::Pages,
    pub(crate) over: Option<Over>,
    pub(crate) dialog: Option<Dialog>,
    pub(crate) notices: messages::Model,
    pub(crate) counts: Option<Counts>,
    /// The banks that are known to be down.
    pub(crate) down: Vec<BankDown>,
    /// Why what is shown cannot be read again; none while it can.
    pub(crate) unread: Option<String>,
    /// Why commits of other processes are not noticed; none while they are.
    pub(crate) unwatched: Option<String>,
    pub(crate) endings: Endings,
    pub(crate) countdown: Countdown,
    pub(crate) trouble: Option<Trouble>,
    /// When the platform answered last, where this file mirrors one.
    pub(crate) heard: Option<Moment>,
    pub(crate) in_flight: BTreeSet<OrderId>,
    last_order: OrderId,
}

impl Model {
    /// Follow it with [`crate::tui::update::begin`].
    pub(crate) fn new(setup: Setup) -> Self {
        let (width, height) = setup.size;
        let settings = setup.settings;
        let mut model = Self {
            size: setup.size,
            class: Class::of(width, height, None),
            now: setup.now,
            zone: settings.zone,
            at: setup.at,
            environment: settings.environment,
            read_only: setup.read_only,
            actor: settings.actor,
            role: settings.role,
            refused_limit: settings.refused_limit,
            hints: Hints::of(&settings.keymap),
            keymap: settings.keymap,
            signs: settings.signs,
            first_signs: settings.signs,
            mouse: false,
            set: KeptSettings::default(),
            last_key: None,
            last_click: None,
            rest: Rest::default(),
            pending: vec![],
            which: vec![],
            level: settings.level.max(settings.floor),
            floor: settings.floor,
            idle_after: settings.idle_after,
            touched: setup.at,
            looked: setup.at,
            away: None,
            focus: Pane::default(),
            zoom: false,
            list: connections::model::Model::default(),
            profile: profile::Model::default(),
            jobs: jobs::Model::default(),
            job: None,
            pages: pages::Pages::new(settings.zone),
            over: None,
            dialog: None,
            notices: messages::Model::default(),
            counts: None,
            down: vec![],
            unread: None,
            unwatched: None,
            endings: Endings::default(),
            countdown: Countdown::lasting(settings.countdown),
            trouble: None,
            heard: None,
            in_flight: BTreeSet::new(),
            last_order: OrderId::default(),
        };
        model.list.filter.zone = model.zone;
        model.lay_out();
        model
    }

    pub(crate) fn place(&self) -> Layer {
        if let Some(dialog) = &self.dialog {
            return dialog.layer();
        }
        match (&self.over, self.filter().typing) {
            (Some(Over::Help(_)), _) => Layer::Help,
            (Some(Over::Palette(_)), _) => Layer::Palette,
            (Some(Over::Messages), _) => Layer::Messages,
            (Some(Over::Why(_)), _) => Layer::Why,
            (Some(Over::Sort { .. }), _) => Layer::Sort,
            (Some(Over::Copy), _) => Layer::Copy,
            (Some(Over::Columns(_)), _) => Layer::Columns,
            (Some(Over::Group), _) => Layer::Group,
            (None, true) => Layer::Filter,
            (None, false) => self.pane_layer(),
        }
    }

    /// The layer of the pane with the keys, whatever lies over it.
    pub(crate) fn pane_layer(&self) -> Layer {
        match self.focus {
            _ if self.pages.kind().is_some() => Layer::Page,
            Pane::Connections => Layer::Connections,
            Pane::Profile => Layer::Profile,
            Pane::Jobs => Layer::Jobs,
            Pane::Job => Layer::Job,
        }
    }

    /// Of the page that is shown, or of the list of connections.
    pub(crate) fn filter(&self) -> &Filter {
        match self.pages.shown() {
            Some(page) => &page.filter,
            None => &self.list.filter,
        }
    }

    pub(crate) fn filter_mut(&mut self) -> &mut Filter {
        match self.pages.shown_mut() {
            Some(page) => &mut page.filter,
            None => &mut self.list.filter,
        }
    }

    pub(crate) fn selected(&self) -> Option<&Line> {
        self.list.current().filter(|line| !line.gone())
    }

    /// The connection that the panes beside the list show: the one under the cursor, or while that moves, the one on
    /// which it rested last.
    pub(crate) fn beside(&self) -> Option<&ConnectionRow> {
        let current = || self.list.current().map(|line| &line.row);
        self.rest.left().or_else(current)
    }

    /// The one connection an action is for: the only marked one, else the selected one.
    pub(crate) fn target(&self) -> Option<ConnectionId> {
        match self.list.marks.len() {
            0 => self.selected().map(|line| line.row.id.clone()),
            1 => self.list.marks.iter().next().cloned(),
            _ => None,
        }
    }

    pub(crate) fn line(&self, id: &ConnectionId) -> Option<&Line> {
        self.list.window.line(id).filter(|line| !line.gone())
    }

    /// The job that is open, or the one under the cursor where jobs have the keys.
    pub(crate) fn job_at_hand(&self) -> Option<&Job> {
        if let Some(page) = self.pages.shown() {
            return page.job();
        }
        match self.focus {
            Pane::Job => self.job.as_ref().and_then(|j| j.job.as_ref()),
            Pane::Jobs => self.jobs.current(),
            Pane::Connections | Pane::Profile => None,
        }
    }

    pub(crate) fn subject(&self) -> Option<Subject> {
        match self.job_at_hand() {
            Some(job) => Some(Subject::Job(job.id.clone())),
            None if self.pages.kind().is_some() => None,
            None => self
                .selected()
                .map(|line| Subject::Connection(line.row.id.clone())),
        }
    }

    pub(crate) fn asking(&self) -> Option<&Job> {
        let asks = |job: &&Job| job.state == State::WaitingMfa && job.challenge.is_some();
        self.job_at_hand()
            .filter(asks)
            .or_else(|| self.jobs.jobs.iter().find(asks))
    }

    /// Whether anything on the screen changes with every second.
    pub(crate) fn ticks(&self) -> bool {
        let now = self.now;
        let open = self.job.as_ref().and_then(|open| open.job.as_ref());
        let row = |line: &Line| {
            let job = line.row.last_job.as_ref();
            job.is_some_and(|job| countdown::by_the_second(job.state, job.due, now))
        };
        let listed = self
            .panes()
            .iter()
            .any(|(pane, _)| *pane == Pane::Connections);
        let mut shown = self
            .list
            .window
            .lines()
            .iter()
            .skip(self.list.window.top)
            .take(self.list.window.shown(self.list.height));
        self.countdown.len() > 0
            || self.jobs.ticks(now)
            || open.is_some_and(|job| jobs::ticks(job, now))
            || (listed && shown.any(row))
    }

    pub(crate) fn order(&mut self, order: Order) -> Effect {
        let (words, command) = (deeds::words(&order), deeds::command(&order));
        self.notices
            .ordered(format!("{words}: ordered."), command, self.now);
        self.last_order.0 += 1;
        self.in_flight.insert(self.last_order);
        Effect::Order(self.last_order, order)
    }

    /// An open job takes the keys of the jobs.
    pub(crate) fn go(&mut self, pane: Pane) {
        self.focus = match pane {
            Pane::Jobs if self.job.is_some() => Pane::Job,
            pane => pane,
        };
    }

    pub(crate) fn focused(&self, pane: Pane) -> bool {
        let paged = self.pages.kind().is_some();
        !paged && self.focus == pane && self.dialog.is_none() && self.over.is_none()
    }

    pub(crate) fn pane_title(&self, pane: Pane, name: &str) -> Row {
        let role = if self.focused(pane) {
            Role::Title
        } else {
            Role::Dim
        };
        let mut title = vec![span(name, role)];
        if pane != Pane::Connections
            && let Some(row) = self.beside()
        {
            let id = Shown::of(row.id.short());
            title.push(span(format!("  {}", id.plain()), Role::Dim));
        }
        title
    }

    pub(crate) fn over_area(&self) -> Rect {
        let body = self.layout().body;
        if self.class <= Class::Single {
            return body;
        }
        let (columns, _) = self.size;
        let wide = columns.saturating_sub(4).min(100);
        let high = body.height.saturating_sub(2);
        Rect::new((columns - wide) / 2, body.y + 1, wide, high)
    }

    pub(crate) fn say(&mut self, tone: Tone, text: impl Into<String>) {
        self.notices.say(tone, text, self.now, self.at);
    }

    /// A message that nobody has to look at now.
    pub(crate) fn note(&mut self, tone: Tone, text: impl Into<String>) {
        self.notices.note(tone, text, self.now);
    }
}
