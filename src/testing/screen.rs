//! A test driver of the screen: keys written as in the keymap go through it, effects come back, frames are
//! read as text and as roles. Guards are off; time moves only when it is told to.

use crate::domain::access::Role;
use crate::domain::act::{Plan, Selection};
use crate::domain::ids::ConnectionId;
use crate::domain::mask::Level;
use crate::domain::rows::ConnectionRow;
use crate::domain::views::{Page, Place, Seen, Stretch};
use crate::domain::zone::Zone;
use crate::testing::fixtures::{jobs, now, profile, rows};
use crate::testing::lists::{page, placed};
use crate::tui::effect::{Effect, Order, OrderId};
use crate::tui::event::{Event, Input};
use crate::tui::glyphs::Signs;
use crate::tui::keymap::Keymap;
use crate::tui::model::{Environment, Model, Settings, Setup};
use crate::tui::terminal::key::Key;
use crate::tui::theme::Theme;
use crate::tui::widgets::dump;
use crate::tui::{update, view};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::collections::BTreeMap;

pub(crate) struct Harness {
    pub(crate) model: Model,
}

impl Harness {
    /// A screen of that size before anything was read.
    pub(crate) fn bare(size: (u16, u16)) -> Self {
        let mut model = Model::new(Setup {
            size,
            settings: Settings {
                zone: Zone::UTC,
                keymap: Keymap::standard(),
                signs: Signs::Unicode,
                environment: Environment {
                    word: "DEMO".into(),
                    platform: None,
                },
                level: Level::Standard,
                floor: Level::Standard,
                idle_after: None,
                countdown: 0,
                refused_limit: 3,
                actor: "tester".into(),
                role: Role::Admin,
            },
            read_only: false,
            now: now(),
            at: 10_000,
        });
        update::begin(&mut model);
        Self { model }
    }

    /// A screen with these rows as its whole list.
    pub(crate) fn with(size: (u16, u16), rows: Vec<ConnectionRow>) -> Self {
        let mut desk = Self::bare(size);
        desk.answer_list(rows);
        desk
    }

    /// A screen with the usual fourteen rows, the panes read.
    pub(crate) fn new(size: (u16, u16)) -> Self {
        let mut desk = Self::with(size, rows());
        desk.answer_panes();
        desk
    }

    pub(crate) fn sees(&mut self, event: Event) -> Vec<Effect> {
        let mut effects = update::update(&mut self.model, Input::Event(event));
        effects.extend(self.rests());
        without_ids(effects)
    }

    /// After a batch of inputs, until the cursor has rested.
    fn rests(&mut self) -> Vec<Effect> {
        let mut effects = update::settle(&mut self.model);
        if let Some(at) = self.model.rest.ends(self.model.at) {
            let now = self.model.now;
            effects.extend(update::update(&mut self.model, Input::Tick { now, at }));
            effects.extend(update::settle(&mut self.model));
        }
        effects
    }

    /// Keys are pressed, each long after the one before.
    pub(crate) fn press(&mut self, keys: &str) -> Vec<Effect> {
        let keys = Key::parse_all(keys).expect("keys written by hand");
        let mut effects = vec![];
        for key in keys {
            let at = self.model.at + 1_000;
            effects.extend(update::update(&mut self.model, Input::Key { key, at }));
        }
        effects.extend(self.rests());
        without_ids(effects)
    }

    pub(crate) fn rush(&mut self, keys: &str) -> Vec<Effect> {
        let at = self.model.at;
        let keys = Key::parse_all(keys).expect("keys written by hand");
        let press = |key| update::update(&mut self.model, Input::Key { key, at });
        without_ids(keys.into_iter().flat_map(press).collect())
    }

    pub(crate) fn waits(&mut self, ms: u64) -> Vec<Effect> {
        let (now, at) = (self.model.now.plus_ms(ms as i64), self.model.at + ms);
        update::update(&mut self.model, Input::Tick { now, at })
    }

    /// Anything else comes in.
    pub(crate) fn gets(&mut self, input: Input) -> Vec<Effect> {
        without_ids(update::update(&mut self.model, input))
    }

    /// This order was carried out or refused.
    pub(crate) fn answers(&mut self, order: OrderId) {
        self.sees(Event::OrderAnswered(order));
    }

    /// An act on the connection under the cursor was counted.
    pub(crate) fn plans(&mut self, plan: Plan) -> Vec<Effect> {
        let id = plan.head.connection.clone().expect("of one connection");
        let (selection, plan) = (Selection::One(id), Box::new(plan));
        self.sees(Event::ActPlanned { selection, plan })
    }

    /// The order that was sent last is refused.
    pub(crate) fn refuses(&mut self, reason: &str) {
        let order = *self.model.in_flight.last().expect("an order is in flight");
        let reason = reason.into();
        self.sees(Event::OrderRefused { order, reason });
        self.sees(Event::OrderAnswered(order));
    }

    /// Answers the newest question about the list with these rows as all of it.
    pub(crate) fn answer_list(&mut self, rows: Vec<ConnectionRow>) -> Vec<Effect> {
        let generation = self.model.list.generation;
        self.sees(Event::PageLoaded {
            generation,
            from: Place::Start,
            page: page(rows, false),
        })
    }

    /// What is shown was read again: these rows are new or changed, and these are no longer in the list.
    pub(crate) fn reads(
        &mut self,
        rows: Vec<ConnectionRow>,
        left: &[ConnectionId],
        gone: &[ConnectionId],
    ) -> Vec<Effect> {
        let list = &self.model.list;
        let lines = list.window.lines().iter().map(|line| line.row.clone());
        let mut all: BTreeMap<ConnectionId, ConnectionRow> = lines
            .chain(rows.clone())
            .map(|row| (row.id.clone(), row))
            .collect();
        all.retain(|id, _| !left.contains(id) && !gone.contains(id));
        let cursor = list.current().map(|line| line.row.id.clone());
        let place = all.keys().filter(|id| Some(*id) < cursor.as_ref()).count();
        let stretch = page(all.into_values().collect(), false);
        let seen = Seen {
            stretch: Stretch { place, ..stretch },
            connections: rows.into_iter().map(placed).collect(),
            left: left.to_vec(),
            gone: gone.to_vec(),
            ..Seen::default()
        };
        let generation = list.generation;
        let seen = Box::new(seen);
        self.sees(Event::Seen { generation, seen })
    }

    /// Answers the panes of the selected connection.
    pub(crate) fn answer_panes(&mut self) {
        let Some(row) = self.model.selected().map(|l| l.row.clone()) else {
            return;
        };
        let level = self.model.level;
        self.sees(Event::ProfileLoaded {
            id: row.id.clone(),
            level,
            pane: Some(Box::new(profile(&row, level))),
        });
        let jobs = row.last_job.as_ref().map_or(vec![], |_| jobs(&row));
        self.sees(Event::JobsLoaded(
            row.id.clone(),
            Page {
                rows: jobs,
                first: None,
                last: None,
                more: false,
            },
        ));
    }

    fn buffer(&self) -> Buffer {
        self.drawn_on(self.model.size)
    }

    /// The frame on a buffer of another size than the model was told of.
    pub(crate) fn drawn_on(&self, (width, height): (u16, u16)) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        view::view(&self.model, &Theme::indexed(), &mut buffer);
        buffer
    }

    pub(crate) fn screen(&self) -> String {
        dump::frame(&self.buffer(), false)
    }

    pub(crate) fn cell(&self, x: u16, y: u16) -> String {
        self.buffer()[(x, y)].symbol().to_owned()
    }

    /// The frame as text and its roles.
    pub(crate) fn roles(&self) -> String {
        dump::frame(&self.buffer(), true)
    }
}

/// Orders as they are compared: without the numbers they were given.
fn without_ids(effects: Vec<Effect>) -> Vec<Effect> {
    let plain = |effect| match effect {
        Effect::Order(_, order) => ordered(order),
        other => other,
    };
    effects.into_iter().map(plain).collect()
}

/// The effect that sends an order.
pub(crate) fn ordered(order: Order) -> Effect {
    Effect::Order(OrderId::default(), order)
}

/// Compares a frame, its text and its roles, with the snapshot of that name.
pub(crate) fn shot(name: &str, desk: &Harness) {
    compare(name, desk.roles());
}

/// Compares frames with the snapshot of that name.
pub(crate) fn compare(name: &str, frames: String) {
    let snapshots = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tui/tests/snapshots");
    insta::with_settings!({
        snapshot_path => snapshots,
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, frames);
    });
}
