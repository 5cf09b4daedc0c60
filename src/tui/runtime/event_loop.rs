//! The loop around the real terminal: wait for anything, take everything that waits, draw once.
//!
//! # Shutdown
//! Every way out drops the terminal, which restores it: the quit key, a signal, the terminal's own end,
//! an error. A panic restores it in its hook.

use super::executor::{Back, Documents, Hands, Request};
use crate::clock::Clock;
use crate::domain::mask::Level;
use crate::ops::Ops;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::event::{Event, Input as Happens};
use crate::tui::glyphs::Signs;
use crate::tui::keymap::{Keymap, Resolution};
use crate::tui::model::{Model, Setup};
use crate::tui::terminal::decode::TermEvent;
use crate::tui::terminal::input::{Batch, Input};
use crate::tui::terminal::key::Key;
use crate::tui::terminal::paste_guard::Guard;
use crate::tui::terminal::signals::{Ended, Signal, Signals};
use crate::tui::terminal::suspend::{self, Away};
use crate::tui::terminal::{NoTerminal, Terminal};
use crate::tui::theme::Theme;
use crate::tui::{update, view};
use std::collections::VecDeque;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// So many frames may follow each other at once: a key's own, and those of what it had read ...
const AT_ONCE: usize = 4;
/// ... but no more in this time, which makes twenty a second.
const SPAN: Duration = Duration::from_millis(200);

/// What the dashboard is opened with.
pub(crate) struct Live {
    /// The operations.
    pub(crate) ops: Ops,
    /// The clock, for running time.
    pub(crate) clock: Clock,
    /// Jobs that may run at one bank.
    pub(crate) per_bank: u32,
    /// The commands' documents.
    pub(crate) documents: Documents,
    /// Which keys mean what.
    pub(crate) keymap: Keymap,
    /// Colours.
    pub(crate) theme: Theme,
    /// Signs.
    pub(crate) signs: Signs,
    /// The word in brackets.
    pub(crate) environment: String,
    /// How much is hidden at first.
    pub(crate) level: Level,
    /// The least that is hidden.
    pub(crate) floor: Level,
    /// After so many milliseconds without a key names are hidden too.
    pub(crate) idle_after: Option<u64>,
    /// The value of `TERM`.
    pub(crate) term: Option<String>,
    /// The pager, a line for the shell.
    pub(crate) pager: String,
    /// Whether nobody else in this process looks for what other processes change.
    pub(crate) looks_for_others: bool,
}

/// How the dashboard ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// By the quit key.
    Quit,
    /// By a signal.
    Signal(Ended),
    /// The terminal went away.
    Vanished,
}

/// Opens the dashboard and returns when it ends. `news` is what others have to tell the screen.
///
/// # Errors
/// When there is no terminal, or it cannot be taken.
pub(crate) async fn run(live: Live, news: UnboundedReceiver<Event>) -> Result<Ending, NoTerminal> {
    let mut terminal = Terminal::enter(live.term.as_deref(), live.signs)?;
    let mut signals = Signals::take()?;
    let clock = live.clock.clone();
    let mut input = Input::start(terminal.keys()?, move || millis(&clock))?;
    let (back, mut backs) = unbounded_channel();
    let mut news = Some(news);
    let hands = Hands::new(
        live.ops.clone(),
        live.per_bank,
        live.documents.clone(),
        back,
    );
    let mut model = Model::new(Setup {
        size: terminal.size()?,
        keymap: live.keymap.clone(),
        signs: live.signs,
        environment: live.environment.clone(),
        read_only: live.ops.store.read_only(),
        level: live.level,
        floor: live.floor,
        idle_after: live.idle_after,
        filter: String::new(),
        now: live.ops.now(),
        at: millis(&live.clock),
    });
    // asked for before the first page is read, so that no change in between is missed
    let mut wakes = live.ops.store.wakes();
    let mut seq = live.ops.changes(-1).await.map_or(0, |c| c.seq);
    let effects = update::begin(&mut model);
    let mut desk = Desk {
        live: &live,
        hands: &hands,
        guard: Guard::default(),
        away: None,
    };
    desk.begin(effects);
    let mut drawn: VecDeque<Instant> = VecDeque::with_capacity(AT_ONCE);
    let watching = live.looks_for_others;
    loop {
        let settled = update::settle(&mut model);
        desk.begin(settled);
        // the first page is worth a moment's wait: the first frame is then a full one
        let full = drawn.len() == AT_ONCE;
        let behind = drawn
            .front()
            .filter(|_| full)
            .map_or(Duration::ZERO, |first| SPAN.saturating_sub(first.elapsed()));
        if behind.is_zero() {
            if terminal
                .draw(|frame| view::view(&model, &live.theme, frame.buffer_mut()))
                .is_err()
            {
                return Ok(Ending::Vanished);
            }
            if full {
                drawn.pop_front();
            }
            drawn.push_back(Instant::now());
        }
        let tick = Duration::from_millis(update::events::wake_in(&model));
        let sleep = if behind.is_zero() {
            tick
        } else {
            behind.min(tick)
        };
        let sleep = if watching {
            sleep.min(Duration::from_millis(800))
        } else {
            sleep
        };
        tokio::select! {
            biased;
            signal = signals.next() => match signal {
                Signal::End(ended) => return Ok(Ending::Signal(ended)),
                Signal::Suspend => desk.away = Some(Leave::Suspend),
                Signal::Continued => terminal.redraw()?,
                Signal::Resized => {
                    // even when it came back to its old size: the terminal may have cut its picture in between
                    terminal.redraw()?;
                    let (width, height) = terminal.size()?;
                    desk.feed(&mut model, Happens::Resize(width, height));
                }
            },
            batch = input.next() => match batch {
                None => return Ok(Ending::Vanished),
                Some(batch) => desk.keys(&mut model, batch),
            },
            back = backs.recv() => desk.back(&mut model, &mut terminal, &mut backs, back),
            changed = wakes.changed() => {
                if changed.is_ok() {
                    seq = desk.changed(&mut model, seq).await;
                }
            }
            told = told(&mut news) => {
                if let Some(event) = told {
                    desk.feed(&mut model, Happens::Event(event));
                }
            }
            () = tokio::time::sleep(sleep) => {
                if watching && let Err(error) = live.ops.store.look_for_others() {
                    desk.feed(&mut model, Happens::Event(Event::Failed(error.to_string())));
                }
            }
        }
        desk.tick(&mut model);
        match desk.away.take() {
            None => {}
            Some(Leave::Quit) => return Ok(Ending::Quit),
            Some(Leave::Redraw) => terminal.redraw()?,
            Some(Leave::Suspend) => {
                if let Away::Ended(ended) =
                    suspend::suspend(&mut terminal, &mut input, &mut signals).await?
                {
                    return Ok(Ending::Signal(ended));
                }
                let (width, height) = terminal.size()?;
                desk.feed(&mut model, Happens::Resize(width, height));
            }
            Some(Leave::Page(text)) => {
                match suspend::page(&mut terminal, &mut input, &mut signals, &live.pager, text)
                    .await?
                {
                    Away::Ended(ended) => return Ok(Ending::Signal(ended)),
                    Away::Nowhere => {
                        let text = format!("the pager `{}` was not found; set PAGER", live.pager);
                        desk.feed(&mut model, Happens::Event(Event::Failed(text)));
                    }
                    Away::Back => {}
                }
                let (width, height) = terminal.size()?;
                desk.feed(&mut model, Happens::Resize(width, height));
            }
        }
    }
}

/// What only the holder of the terminal can do.
enum Leave {
    Quit,
    Redraw,
    Suspend,
    Page(String),
}

struct Desk<'a> {
    live: &'a Live,
    hands: &'a Hands,
    guard: Guard,
    away: Option<Leave>,
}

impl Desk<'_> {
    fn begin(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Quit => self.away = Some(Leave::Quit),
                Effect::Redraw => self.away = Some(Leave::Redraw),
                Effect::Suspend => self.away = Some(Leave::Suspend),
                other => self.hands.begin(other),
            }
        }
    }

    fn feed(&mut self, model: &mut Model, happens: Happens) {
        let effects = update::update(model, happens);
        self.begin(effects);
    }

    fn tick(&mut self, model: &mut Model) {
        let tick = Happens::Tick {
            now: self.live.ops.now(),
            at: millis(&self.live.clock),
        };
        self.feed(model, tick);
    }

    /// Keys that arrived together go through the guard together; each is told where it meets the model.
    fn keys(&mut self, model: &mut Model, batch: Batch) {
        let mut keys: Vec<(u64, Key)> = Vec::new();
        for (at, event) in batch {
            if let TermEvent::Key(key) = event {
                keys.push((at, key));
                continue;
            }
            self.press(model, &mut keys);
            match event {
                TermEvent::Paste(text) => self.feed(model, Happens::Paste(text)),
                TermEvent::Key(_) | TermEvent::FocusGained | TermEvent::FocusLost => {}
            }
        }
        self.press(model, &mut keys);
    }

    fn press(&mut self, model: &mut Model, keys: &mut Vec<(u64, Key)>) {
        let mut waiting = std::mem::take(keys);
        // a key that opens an input is judged alone: what comes with it is text for that input
        while !waiting.is_empty() && !model.place().takes_text() && opens_input(model, waiting[0].1)
        {
            let (at, key) = waiting.remove(0);
            self.feed(model, Happens::Key { key, at });
        }
        if waiting.is_empty() {
            return;
        }
        let at = waiting[0].0;
        let admitted = self.guard.admit(&waiting, model.place().takes_text());
        if let Some(dropped) = admitted.dropped {
            self.feed(model, Happens::Burst(dropped));
        }
        for key in admitted.keys {
            self.feed(model, Happens::Key { key, at });
            let settled = update::settle(model);
            self.begin(settled);
        }
    }

    fn back(
        &mut self,
        model: &mut Model,
        terminal: &mut Terminal,
        backs: &mut UnboundedReceiver<Back>,
        first: Option<Back>,
    ) {
        let mut next = first;
        while let Some(back) = next {
            match back {
                Back::Event(event) => self.feed(model, Happens::Event(event)),
                Back::Done => {}
                Back::Request(Request::Page(text)) => self.away = Some(Leave::Page(text)),
                Back::Request(Request::Copy(text, name)) => {
                    let told = match terminal.copy(&text) {
                        Ok(()) => Event::Copied(name),
                        Err(error) => Event::Failed(error.to_string()),
                    };
                    self.feed(model, Happens::Event(told));
                }
            }
            next = backs.try_recv().ok();
        }
    }

    /// Somebody committed: which connections does it touch?
    async fn changed(&mut self, model: &mut Model, seq: i64) -> i64 {
        match self.live.ops.changes(seq).await {
            Ok(changes) => {
                let event = match changes.ids {
                    None => Some(Event::WorldMoved),
                    Some(ids) if ids.is_empty() => None,
                    Some(ids) => Some(Event::Changed { ids }),
                };
                if let Some(event) = event {
                    self.feed(model, Happens::Event(event));
                }
                changes.seq
            }
            Err(error) => {
                self.feed(model, Happens::Event(Event::Failed(error.to_string())));
                seq
            }
        }
    }
}

fn opens_input(model: &Model, key: Key) -> bool {
    let meant = model
        .keymap
        .resolve(model.place().stack(), &model.pending, key);
    matches!(meant, Resolution::Action(Action::Filter))
}

/// The next news; once nobody is left who could have any, there is none for ever.
async fn told(news: &mut Option<UnboundedReceiver<Event>>) -> Option<Event> {
    let Some(open) = news else {
        return std::future::pending().await;
    };
    let event = open.recv().await;
    if event.is_none() {
        *news = None;
    }
    event
}

fn millis(clock: &Clock) -> u64 {
    u64::try_from(clock.monotonic().as_millis()).unwrap_or(u64::MAX)
}
