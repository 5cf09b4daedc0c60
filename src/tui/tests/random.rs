//! Random keys, pastes, clicks and sizes from fixed seeds on a board over a real file, where jobs run and connections go.

use crate::domain::act::ActKind;
use crate::domain::ids::ConnectionId;
use crate::domain::query::Query;
use crate::testing::board::Board;
use crate::testing::lifecycle::Rig;
use crate::tui::dialogs::{Dialog, place};
use crate::tui::effect::{HoldOf, Order};
use crate::tui::event::Input;
use crate::tui::keymap::Keymap;
use crate::tui::model::Model;
use crate::tui::runtime::Still;
use crate::tui::terminal::key::{Code, Key};
use crate::tui::terminal::mouse::{Deed, Mouse};
use crate::world::WorldSettings;
use proptest::prelude::RngExt as _;
use proptest::test_runner::{RngAlgorithm, TestRng};
use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

const SIZES: [(u16, u16); 9] = [
    (120, 35),
    (80, 24),
    (200, 60),
    (40, 12),
    (60, 18),
    (250, 70),
    (120, 35),
    (1, 1),
    (39, 9),
];

const PASTES: [&str; 6] = [
    "status:invalid",
    "P\rX\r",
    "purge",
    "\u{1b}[A\u{0}",
    "王芳 \u{202e}abc",
    "a b c d e f g h i j k l m n o p",
];

/// Filters that keep many rows, so that there is something to act on.
const FILTERS: [&str; 5] = [
    "/status:active<enter>",
    "/is:attention<enter>",
    "/user:a<enter>",
    "<esc><esc><esc>",
    "1gg",
];

/// Of how many dialogs it is known what was typed in them.
const DIALOGS: usize = 12;

/// What a dialog was for, as far as it was on a frame, and the letters that were typed in it; pasted ones are not among
/// them.
#[derive(Default)]
struct Talk {
    shown: BTreeSet<ConnectionId>,
    typed: String,
}

impl Talk {
    /// Whether these words were typed, with other letters among them at most.
    fn says(&self, words: &str) -> bool {
        let mut typed = self.typed.chars();
        words.chars().all(|c| typed.any(|it| it == c))
    }
}

/// A hand that knows no aim, and what it has seen and typed.
struct Hand {
    dice: TestRng,
    keys: Vec<Key>,
    /// The connections that the last frame showed as what an act would be for; while a dialog is open, also those
    /// before.
    shown: BTreeSet<ConnectionId>,
    /// The last dialogs, the newest last.
    talks: VecDeque<Talk>,
    asking: bool,
    confirmed: usize,
    orders: usize,
    /// The connections of the world, by what a dialog calls them.
    named: Vec<(String, ConnectionId)>,
}

impl Hand {
    fn new(seed: u8, all: Vec<ConnectionId>) -> Self {
        let keymap = Keymap::standard();
        let bound = keymap.bindings().iter();
        let keys = bound.flat_map(|binding| binding.keys.0.clone()).collect();
        Self {
            dice: TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]),
            keys,
            shown: BTreeSet::new(),
            talks: VecDeque::new(),
            asking: false,
            confirmed: 0,
            orders: 0,
            named: all
                .into_iter()
                .map(|id| (id.short().to_owned(), id))
                .collect(),
        }
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.dice.random_range(0..all.len())].clone()
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.dice.random_range(0..100) < percent
    }

    /// The next keys: what a dialog asks for now and then, or else anything.
    fn keys(&mut self, model: &Model) -> Vec<Key> {
        let wanted = model.dialog.as_ref().and_then(wanted);
        let parse = |text: &str| Key::parse_all(text).expect("keys written by hand");
        match (wanted, self.dice.random_range(0..100)) {
            // all that it wants, and on to its button
            (Some(words), ..20) => {
                let mut keys: Vec<Key> = parse("<end>");
                keys.extend(words.chars().map(Key::char));
                keys.extend(parse("<tab>because<tab><tab><enter>"));
                keys
            }
            // the words in part, or only what presses a button
            (Some(words), 20..30) => {
                let part = self.dice.random_range(0..words.len().max(1));
                let mut keys: Vec<Key> = words.chars().take(part).map(Key::char).collect();
                keys.extend(parse("<tab><enter>"));
                keys
            }
            (_, 30..40) => parse("<tab><enter>"),
            (None, 40..44) => {
                let filter = self.of(&FILTERS);
                parse(filter)
            }
            (None, 44..54) => {
                let act = self.of(&["r", "P", "X", "H", "T", "Z", "A", "U", "M", "D", "u", " "]);
                parse(&act.replace(' ', "<space>"))
            }
            (_, 54..58) => {
                let c = self.dice.random_range(' '..='~');
                vec![Key::char(c)]
            }
            _ => {
                let keys = self.keys.clone();
                vec![self.of(&keys)]
            }
        }
    }

    /// Clicks once or twice, or turns the wheel; the lower rows, with buttons and hints, more often.
    fn clicks(&mut self, (width, height): (u16, u16)) -> Vec<Input> {
        let x = self.dice.random_range(0..width);
        let low = self.chance(40);
        let y = self
            .dice
            .random_range(if low { height * 2 / 3 } else { 0 }..height);
        let wheel = [Deed::Wheel(3), Deed::Wheel(-3)];
        let deeds = match self.dice.random_range(0..10) {
            0..3 => vec![self.of(&wheel)],
            3..6 => vec![Deed::Press; 2],
            _ => vec![Deed::Press],
        };
        let mouse = |deed| Input::Mouse {
            mouse: Mouse { deed, x, y },
            at: 0,
        };
        deeds.into_iter().map(mouse).collect()
    }

    /// What the frame shows that acts are for. Drawing must not panic at any size.
    fn looks(&mut self, still: &Still) {
        let _ = still.frame();
        let model = &still.model;
        let dialog = model.dialog.as_ref();
        if dialog.is_none() || !self.asking {
            self.shown.clear();
        }
        self.asking = dialog.is_some();
        self.shown.extend(model.list.targets());
        if let Some(line) = model.list.current() {
            self.shown.insert(line.row.id.clone());
        }
        self.shown.extend(model.list.marks.iter().cloned());
        if let Some(job) = model.job_at_hand().or(model.asking()) {
            self.shown.insert(job.connection.clone());
        }
        if let Some(target) = dialog.and_then(|dialog| dialog.form.target.as_ref()) {
            self.shown.insert(target.id.clone());
        }
        if let Some(dialog) = dialog {
            let rows = place::content(model, dialog, 80);
            let spans = rows.iter().flatten().map(|span| span.text.plain());
            let text = spans.collect::<Vec<_>>().join(" ");
            let named = self.named.iter().filter(|(name, _)| text.contains(name));
            self.shown.extend(named.map(|(_, id)| id.clone()));
        }
        if let Some(page) = model.pages.shown() {
            self.shown.extend(page.of.clone());
            let current = page.current().and_then(|line| line.item.connection());
            self.shown.extend(current.cloned());
        }
        if self.asking
            && let Some(talk) = self.talks.back_mut()
        {
            talk.shown.extend(self.shown.iter().cloned());
        }
    }

    /// Judges what was ordered by what was shown and typed.
    fn judges(&mut self, order: &Order) {
        self.orders += 1;
        let aim = aim(order);
        let (plan, typed) = match order {
            // a refresh deletes nothing and takes a key
            Order::Apply { plan, typed, .. }
                if plan.needs_words() && plan.head.kind != ActKind::Refresh =>
            {
                (plan, typed)
            }
            _ => {
                let shown = aim.iter().all(|id| self.shown.contains(id));
                assert!(shown, "not shown: {order:?}, shown {:?}", self.shown);
                return;
            }
        };
        self.confirmed += 1;
        let words = typed.words.as_deref().unwrap_or_default();
        assert!(plan.armed_by(words), "{words:?} does not arm {plan:?}");
        // what counts down is sent when other things are shown: what counts is the dialog in which it was typed
        let confirms =
            |talk: &Talk| talk.says(words.trim()) && aim.iter().all(|id| talk.shown.contains(id));
        let by_hand = self.talks.iter().any(confirms);
        assert!(by_hand, "{words:?} was not typed in a dialog for {aim:?}");
        let reasoned = !plan.needs_reason() || !typed.reason().is_empty();
        assert!(reasoned, "{plan:?} without a reason");
    }
}

/// The words that the open dialog wants.
fn wanted(dialog: &Dialog) -> Option<String> {
    let field = dialog.form.fields.iter().find(|field| field.arms)?;
    let words = field.caption.strip_prefix("Type  ")?;
    Some(words.split_once("  to enable")?.0.to_owned())
}

/// The single connections that an order is for.
fn aim(order: &Order) -> Vec<ConnectionId> {
    match order {
        Order::Apply { plan, .. } => match plan.detail.one() {
            Some(one) => vec![one.target.id.clone()],
            None => vec![],
        },
        Order::UpdateCredentials { id, .. } | Order::Authorise { id, .. } => vec![id.clone()],
        Order::Handle { of, .. } | Order::Invite { of, .. } => of.clone(),
        Order::Hold { of, .. } => match of {
            HoldOf::Connections(ids) => ids.clone(),
            HoldOf::Bank(..) | HoldOf::Found(_) => vec![],
        },
        _ => vec![],
    }
}

async fn world() -> Rig {
    let rig = Rig::new().await;
    let settings = WorldSettings {
        connections: 120,
        seed: 7,
        transactions_per_account: 1,
        at: rig.clock.now(),
        scenario: None,
    };
    rig.ops.generate(settings, |_| ()).await.unwrap();
    rig
}

/// So many inputs from this seed. Says how many orders there were, and how many of them wanted words.
async fn plays(seed: u8, inputs: usize) -> (usize, usize) {
    let rig = world().await;
    let countdown = if seed.is_multiple_of(2) { 0 } else { 3_000 };
    let mut still = Board::counting_down(&rig.ops, SIZES[0], countdown)
        .await
        .still;
    let (all, _) = rig.ops.ids(Query::default(), 1_000).await.unwrap();
    let mut hand = Hand::new(seed, all);
    let mut given = 0;
    while given < inputs {
        hand.looks(&still);
        let input: Vec<Input> = match hand.dice.random_range(0..100) {
            0..3 => {
                let (width, height) = hand.of(&SIZES);
                vec![Input::Resize(width, height)]
            }
            3..6 => vec![Input::Paste(hand.of(&PASTES).to_owned())],
            6..16 => hand.clicks(still.model.size),
            _ => {
                let key = |key| Input::Key { key, at: 0 };
                hand.keys(&still.model).into_iter().map(key).collect()
            }
        };
        for input in input {
            let later = hand.of(&[1, 40, 500, 1_000]);
            note_typed(&mut hand, &input, &still.model);
            still.gets(later, |at| match input {
                Input::Key { key, .. } => Input::Key { key, at },
                Input::Mouse { mouse, .. } => Input::Mouse { mouse, at },
                other => other,
            });
            given += 1;
        }
        judge(&mut hand, &mut still);
        // answers come now and then only after the next keys
        if hand.chance(80) {
            still.pass(1).await;
            judge(&mut hand, &mut still);
        }
        if hand.dice.random_range(0..300) == 0 {
            rig.clock.advance(Duration::from_secs(90));
            rig.work().await;
            still.changed(600).await;
            judge(&mut hand, &mut still);
        }
        // nobody stays in a screen that is too small
        if still.model.size.0 < 40 && hand.chance(30) {
            still.gets(1, |_| Input::Resize(SIZES[0].0, SIZES[0].1));
        }
    }
    rig.work().await;
    rig.healthy().await;
    (hand.orders, hand.confirmed)
}

fn judge(hand: &mut Hand, still: &mut Still) {
    for order in std::mem::take(&mut still.ordered) {
        hand.judges(&order);
    }
}

fn note_typed(hand: &mut Hand, input: &Input, model: &Model) {
    if model.dialog.is_none() {
        match hand.talks.back_mut() {
            Some(talk) if talk.typed.is_empty() => talk.shown.clear(),
            _ => hand.talks.push_back(Talk::default()),
        }
        if hand.talks.len() > DIALOGS {
            hand.talks.pop_front();
        }
    } else if let Input::Key { key, .. } = input
        && let Code::Char(c) = key.code
        && let Some(talk) = hand.talks.back_mut()
    {
        talk.typed.push(c);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn point_60_random_keys_neither_break_the_board_nor_act_without_their_words() {
    let (orders, confirmed) = plays(1, 3_000).await;
    // answers come from threads, so that a seed does not give the same orders each time
    assert!(orders > 5, "{orders} {confirmed}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::disallowed_macros, reason = "the figures of a long test")]
#[ignore = "long: a hundred thousand random inputs from ten seeds"]
async fn point_60_a_hundred_thousand_random_inputs_break_nothing() {
    let (mut orders, mut confirmed) = (0, 0);
    for seed in 2..12 {
        let (ordered, words) = plays(seed, 10_000).await;
        (orders, confirmed) = (orders + ordered, confirmed + words);
    }
    // answers come from threads, so that it is not the same number each time
    assert!(confirmed > 25, "{confirmed}");
    eprintln!("100,000 inputs from 10 seeds: {orders} orders, {confirmed} of them with words");
}
