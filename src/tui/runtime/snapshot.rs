//! One frame as text, without a terminal, taken when the keys and every job they started are done.

use super::executor::{Documents, Executor, Report};
use crate::domain::act::ActKind;
use crate::domain::ids::JobId;
use crate::ops::{Ops, Result};
use crate::tui::effect::Effect;
use crate::tui::event::{Event, Input};
use crate::tui::model::{Model, Settings, Setup};
use crate::tui::terminal::key::Key;
use crate::tui::theme::Theme;
use crate::tui::widgets::dump;
use crate::tui::{update, view};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

pub(crate) struct Snapshot {
    pub(crate) ops: Ops,
    pub(crate) documents: Documents,
    pub(crate) settings: Settings,
    /// Columns and rows.
    pub(crate) size: (u16, u16),
    pub(crate) keys: Vec<Key>,
    pub(crate) read_only: bool,
    pub(crate) roles: bool,
}

pub(crate) async fn snapshot(snapshot: Snapshot) -> Result<String> {
    let ops = snapshot.ops.clone();
    let (keys, roles) = (snapshot.keys.clone(), snapshot.roles);
    let held = ops.held().await?;
    // what was pressed is done in the one frame that is printed
    let mut still = Still::open(Snapshot {
        settings: Settings {
            countdown: 0,
            ..snapshot.settings
        },
        ..snapshot
    })
    .await;
    if let Some(held) = held {
        let event = Event::TroubleChanged(Some(super::trouble(&held)));
        still.told(event).await;
    }
    for key in keys {
        still.press(key).await;
    }
    while let Some(job) = still.jobs.pop() {
        ops.wait(&job, None, |_| {}).await?;
        still.changed(1_000).await;
    }
    still.pass(1_000).await;
    Ok(dump::frame(&still.frame(), roles))
}

/// The screen without a terminal: what goes in is carried out until nothing is left to do. Running time stands on its
/// own here and moves only when it is told to.
pub(crate) struct Still {
    pub(crate) model: Model,
    ops: Ops,
    executor: Executor,
    arrived: UnboundedReceiver<Report>,
    /// The refreshes that were ordered.
    jobs: Vec<JobId>,
    at: u64,
    /// What was ordered, for a test that judges it.
    #[cfg(test)]
    pub(crate) ordered: Vec<crate::tui::effect::Order>,
}

impl Still {
    pub(crate) async fn open(snapshot: Snapshot) -> Self {
        let (reports, arrived) = unbounded_channel();
        let ops = snapshot.ops;
        let at = 10_000;
        let model = Model::new(Setup {
            size: snapshot.size,
            settings: Settings {
                idle_after: None,
                ..snapshot.settings
            },
            read_only: snapshot.read_only,
            now: ops.now(),
            at,
        });
        let mut still = Self {
            model,
            executor: Executor::new(ops.clone(), snapshot.documents, reports),
            ops,
            arrived,
            jobs: vec![],
            at,
            #[cfg(test)]
            ordered: vec![],
        };
        let effects = update::begin(&mut still.model);
        still.begin(effects);
        still.quiet().await;
        still
    }

    /// Presses a key a second after the one before, so that no guard is met.
    pub(crate) async fn press(&mut self, key: Key) {
        self.at += 1_000;
        self.tick();
        let at = self.at;
        self.feed(Input::Key { key, at });
        self.quiet().await;
    }

    /// So many milliseconds later.
    pub(crate) async fn pass(&mut self, ms: u64) {
        self.at += ms;
        self.tick();
        self.quiet().await;
    }

    /// Something was committed, and is heard of so many milliseconds later.
    pub(crate) async fn changed(&mut self, ms: u64) {
        self.at += ms;
        self.tick();
        self.feed(Input::Event(Event::Changed));
        self.quiet().await;
    }

    /// Something is told to the screen.
    pub(crate) async fn told(&mut self, event: Event) {
        self.feed(Input::Event(event));
        self.quiet().await;
    }

    pub(crate) fn frame(&self) -> Buffer {
        let (width, height) = self.model.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        view::view(&self.model, &Theme::indexed(), &mut buffer);
        buffer
    }

    /// Takes an input so many milliseconds later, and leaves what it asks for on its way.
    #[cfg(test)]
    pub(crate) fn gets(&mut self, later: u64, input: impl FnOnce(u64) -> Input) {
        self.at += later;
        self.tick();
        self.feed(input(self.at));
    }

    fn tick(&mut self) {
        let (now, at) = (self.ops.now(), self.at);
        self.feed(Input::Tick { now, at });
    }

    fn feed(&mut self, input: Input) {
        let effects = update::update(&mut self.model, input);
        self.begin(effects);
    }

    fn begin(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::UseZone(zone) = &effect {
                self.executor.use_zone(*zone);
            }
            #[cfg(test)]
            if let Effect::Order(_, order) = &effect {
                self.ordered.push(order.clone());
            }
            self.executor.begin(effect);
        }
    }

    /// Until nothing is being carried out and nothing waits to be told.
    async fn quiet(&mut self) {
        loop {
            let settled = update::settle(&mut self.model);
            self.begin(settled);
            let report = match self.arrived.try_recv() {
                Ok(report) => report,
                Err(_) if self.executor.busy() == 0 && self.arrived.is_empty() => {
                    match self.model.rest.ends(self.at) {
                        Some(at) => {
                            self.at = at;
                            self.tick();
                            continue;
                        }
                        None => return,
                    }
                }
                // the task that is busy sends an event when it ends
                Err(_) => match self.arrived.recv().await {
                    Some(report) => report,
                    None => return,
                },
            };
            if let Report::Event(event) = report {
                if let Event::ActDone {
                    kind: ActKind::Refresh,
                    job,
                    ..
                } = &event
                {
                    self.jobs.push(job.clone());
                }
                self.feed(Input::Event(event));
            }
        }
    }
}
