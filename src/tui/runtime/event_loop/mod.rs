//! The loop around the real terminal: wait for anything, take everything that waits, draw once.
//! Every way out drops the terminal, which restores it; a panic restores it in its hook.

mod input;

use super::executor::{Documents, Executor, Report};
use super::frames::Frames;
use super::views::Views;
use crate::clock::Clock;
use crate::domain::saved_view::KeptBoard;
use crate::ops::Ops;
use crate::tui::effect::Effect;
use crate::tui::event::{Event, Input};
use crate::tui::model::{Model, Settings, Setup};
use crate::tui::terminal::input::InputReader;
use crate::tui::terminal::paste_guard::Guard;
use crate::tui::terminal::signals::{Ended, Signal, Signals};
use crate::tui::terminal::suspend::{self, Return};
use crate::tui::terminal::{NoTerminal, Terminal};
use crate::tui::theme::Theme;
use crate::tui::{kept, receipt, update, view};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::watch;

/// A shipped theme by its name, as this terminal and the configuration have it; none where there is only the first.
pub(crate) type Themes = Arc<dyn Fn(&str) -> Option<Theme> + Send + Sync>;

pub(crate) struct Dashboard {
    pub(crate) ops: Ops,
    pub(crate) clock: Clock,
    pub(crate) documents: Documents,
    pub(crate) settings: Settings,
    pub(crate) theme: Theme,
    pub(crate) themes: Themes,
    pub(crate) term: Option<String>,
    pub(crate) pager: String,
    pub(crate) mouse: bool,
    /// What links begin with; empty where it is not configured.
    pub(crate) base_url: String,
    /// Whether the terminal is asked what its background is, to choose the theme by it.
    pub(crate) asks_background: bool,
    pub(crate) views: Option<Views>,
    /// What the last session left.
    pub(crate) kept: Option<KeptBoard>,
    /// Whether the database stays when the board is left.
    pub(crate) stays: bool,
}

/// How the board was left, what it goes on with, and what is said of the session.
#[derive(Debug)]
pub(crate) struct Left {
    pub(crate) ending: Ending,
    pub(crate) kept: KeptBoard,
    pub(crate) receipt: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Quit,
    Signal(Ended),
    Vanished,
    /// A file of the database was replaced: nothing may be written any more.
    Moved,
}

/// `news` is what others have to tell the screen.
pub(crate) async fn run(
    dashboard: Dashboard,
    news: UnboundedReceiver<Event>,
) -> Result<Left, NoTerminal> {
    let (ops, clock) = (dashboard.ops.clone(), dashboard.clock.clone());
    let (term, signs) = (dashboard.term.as_deref(), dashboard.settings.signs);
    let terminal = Terminal::enter(term, signs, dashboard.mouse)?;
    let signals = Signals::take()?;
    let mut input = InputReader::start(terminal.keys()?, move || millis(&clock))?;
    let mut early = vec![];
    if dashboard.asks_background {
        terminal.ask_background()?;
        early = input::answered(&mut input).await;
    }
    let (reports, arrived) = unbounded_channel();
    let mut model = Model::new(Setup {
        size: terminal.size()?,
        settings: dashboard.settings.clone(),
        read_only: ops.store.read_only(),
        now: ops.now(),
        at: millis(&dashboard.clock),
    });
    model.mouse = dashboard.mouse;
    // asked for before the first page is read, so that no change in between is missed
    let wakes = ops.store.wakes();
    let effects = match &dashboard.kept {
        Some(kept) => kept::go_on(&mut model, kept),
        None => update::begin(&mut model),
    };
    let mut event_loop = EventLoop {
        executor: Executor::new(ops, dashboard.documents.clone(), reports)
            .with_views(dashboard.views.clone())
            .with_base(&dashboard.base_url),
        dashboard: &dashboard,
        model,
        theme: dashboard.theme.clone(),
        terminal,
        guard: Guard::default(),
        request: None,
        asks_background: dashboard.asks_background,
    };
    let blind = event_loop.watch_others();
    event_loop.begin(effects);
    for batch in early {
        event_loop.keys(batch);
    }
    let sources = Sources {
        signals,
        input,
        arrived,
        wakes,
        blind,
        news: Some(news),
    };
    let ending = event_loop.run(sources).await?;
    Ok(Left {
        ending,
        kept: kept::keep(&event_loop.model),
        receipt: receipt::lines(&event_loop.model, dashboard.stays),
    })
}

struct Sources {
    signals: Signals,
    input: InputReader,
    arrived: UnboundedReceiver<Report>,
    wakes: watch::Receiver<u64>,
    /// Why commits of other processes are not seen; none where nothing watches for them.
    blind: Option<watch::Receiver<Option<String>>>,
    news: Option<UnboundedReceiver<Event>>,
}

enum TerminalRequest {
    Quit,
    Redraw,
    Suspend,
    Page(String),
}

struct EventLoop<'a> {
    dashboard: &'a Dashboard,
    executor: Executor,
    model: Model,
    theme: Theme,
    terminal: Terminal,
    guard: Guard,
    request: Option<TerminalRequest>,
    /// Until it was answered, or a theme was chosen.
    asks_background: bool,
}

impl EventLoop<'_> {
    async fn run(&mut self, mut sources: Sources) -> Result<Ending, NoTerminal> {
        let store = self.dashboard.ops.store.clone();
        let mut frames = Frames::default();
        loop {
            self.settle();
            let behind = frames.behind();
            if behind.is_zero() {
                if self.draw().is_err() {
                    return Ok(Ending::Vanished);
                }
                frames.drawn();
            }
            let mut sleep = Duration::from_millis(update::wake_in(&self.model));
            if !behind.is_zero() {
                sleep = sleep.min(behind);
            }
            tokio::select! {
                biased;
                signal = sources.signals.next() => match signal {
                    Signal::End(ended) => return Ok(Ending::Signal(ended)),
                    Signal::Suspend => self.request = Some(TerminalRequest::Suspend),
                    Signal::Continued => self.terminal.redraw()?,
                    Signal::Resized => {
                        // even when it came back to its old size: the terminal may have cut its picture in between
                        self.terminal.redraw()?;
                        self.resize()?;
                    }
                },
                _ = store.moved() => return Ok(Ending::Moved),
                batch = sources.input.next() => match batch {
                    None => return Ok(Ending::Vanished),
                    Some(batch) => {
                        self.keys(batch);
                        frames.pressed = true;
                    }
                },
                report = sources.arrived.recv() => self.reports(&mut sources.arrived, report),
                changed = sources.wakes.changed() => {
                    if changed.is_ok() {
                        self.tell(Event::Changed);
                    }
                }
                told = told(&mut sources.news) => {
                    if let Some(event) = told {
                        self.tell(event);
                    }
                }
                unwatched = changed(&mut sources.blind) => self.tell(Event::Unwatched(unwatched)),
                // a timer, as nothing wakes the loop when ages and countdowns change
                () = tokio::time::sleep(sleep) => {}
            }
            self.tick();
            if let Some(request) = self.request.take()
                && let Some(ending) = self.grant(request, &mut sources).await?
            {
                return Ok(ending);
            }
        }
    }

    fn draw(&mut self) -> std::io::Result<()> {
        let (model, theme) = (&self.model, &self.theme);
        self.terminal
            .draw(|frame| view::view(model, theme, frame.buffer_mut()))
    }

    /// Returns an ending when that was the last of it.
    async fn grant(
        &mut self,
        request: TerminalRequest,
        sources: &mut Sources,
    ) -> Result<Option<Ending>, NoTerminal> {
        let (input, signals) = (&mut sources.input, &mut sources.signals);
        let back = match request {
            TerminalRequest::Quit => return Ok(Some(Ending::Quit)),
            TerminalRequest::Redraw => {
                self.terminal.redraw()?;
                return Ok(None);
            }
            TerminalRequest::Suspend => {
                match suspend::suspend(&mut self.terminal, input, signals).await? {
                    Return::Nowhere => Return::Back,
                    other => other,
                }
            }
            TerminalRequest::Page(text) => {
                let pager = &self.dashboard.pager;
                suspend::page(&mut self.terminal, input, signals, pager, text).await?
            }
        };
        match back {
            Return::Ended(ended) => return Ok(Some(Ending::Signal(ended))),
            Return::Nowhere => {
                let pager = &self.dashboard.pager;
                let text = format!("the pager `{pager}` was not found; set PAGER");
                self.tell(Event::Failed(text));
            }
            Return::Back => {}
        }
        self.resize()?;
        Ok(None)
    }

    fn resize(&mut self) -> std::io::Result<()> {
        let (width, height) = self.terminal.size()?;
        self.feed(Input::Resize(width, height));
        Ok(())
    }

    fn begin(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Quit => self.request = Some(TerminalRequest::Quit),
                Effect::Redraw => self.request = Some(TerminalRequest::Redraw),
                Effect::Suspend => self.request = Some(TerminalRequest::Suspend),
                Effect::UseZone(zone) => self.executor.use_zone(zone),
                Effect::UseTheme(name) => self.use_theme(name),
                Effect::UseMouse(on) => {
                    // a terminal that is gone ends the loop with its next frame
                    let _ = self.terminal.use_mouse(on);
                }
                other => self.executor.begin(other),
            }
        }
    }

    fn use_theme(&mut self, name: &str) {
        self.asks_background = false;
        match (self.dashboard.themes)(name) {
            Some(theme) => self.theme = theme,
            None => self.tell(Event::Failed("the theme stays: NO_COLOR is set".to_owned())),
        }
    }

    fn feed(&mut self, input: Input) {
        let effects = update::update(&mut self.model, input);
        self.begin(effects);
    }

    fn tell(&mut self, event: Event) {
        self.feed(Input::Event(event));
    }

    fn settle(&mut self) {
        let effects = update::settle(&mut self.model);
        self.begin(effects);
    }

    fn tick(&mut self) {
        let (now, at) = (self.dashboard.ops.now(), millis(&self.dashboard.clock));
        self.feed(Input::Tick { now, at });
    }

    fn reports(&mut self, arrived: &mut UnboundedReceiver<Report>, first: Option<Report>) {
        let mut next = first;
        while let Some(report) = next {
            match report {
                Report::Event(event) => self.tell(event),
                Report::Done => {}
                Report::Page(text) => self.request = Some(TerminalRequest::Page(text)),
                Report::Copy(text, name) => {
                    let copied = self.terminal.copy(&text);
                    self.tell(copied.map_or_else(
                        |error| Event::Failed(error.to_string()),
                        |()| Event::Copied(name),
                    ));
                }
            }
            next = arrived.try_recv().ok();
        }
    }

    /// Has this loop woken by commits of other processes.
    fn watch_others(&mut self) -> Option<watch::Receiver<Option<String>>> {
        let mut blind = match self.dashboard.ops.store.watch_others() {
            Ok(blind) => blind,
            Err(error) => {
                self.tell(Event::Unwatched(Some(error.to_string())));
                return None;
            }
        };
        if let Some(why) = blind.borrow_and_update().clone() {
            self.tell(Event::Unwatched(Some(why)));
        }
        Some(blind)
    }
}

/// What `blind` changes to; one that never changes again is waited for without end.
async fn changed(blind: &mut Option<watch::Receiver<Option<String>>>) -> Option<String> {
    if let Some(open) = blind
        && open.changed().await.is_ok()
    {
        return open.borrow_and_update().clone();
    }
    std::future::pending().await
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
