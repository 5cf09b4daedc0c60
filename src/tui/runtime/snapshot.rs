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
use tokio::sync::mpsc::unbounded_channel;

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
    let (reports, mut arrived) = unbounded_channel();
    let ops = snapshot.ops;
    let executor = Executor::new(ops.clone(), snapshot.documents, reports);
    let mut model = Model::new(Setup {
        size: snapshot.size,
        settings: Settings {
            idle_after: None,
            ..snapshot.settings
        },
        read_only: snapshot.read_only,
        now: ops.now(),
        at: 0,
    });
    let mut jobs: Vec<JobId> = Vec::new();
    // running time stands on its own here: a second passes with every key, so that no guard is met
    let mut at = 10_000;
    let effects = update::begin(&mut model);
    begin(&executor, effects);
    quiet(&mut model, &executor, &mut arrived, &mut jobs).await;
    for key in snapshot.keys {
        at += 1_000;
        let tick = update::update(&mut model, Input::Tick { now: ops.now(), at });
        begin(&executor, tick);
        let effects = update::update(&mut model, Input::Key { key, at });
        begin(&executor, effects);
        quiet(&mut model, &executor, &mut arrived, &mut jobs).await;
    }
    while let Some(job) = jobs.pop() {
        let ended = ops.wait(&job, None, |_| {}).await?;
        let effects = update::update(
            &mut model,
            Input::Event(Event::Changed {
                ids: vec![ended.connection],
            }),
        );
        begin(&executor, effects);
        begin(&executor, vec![Effect::LoadCounts]);
        quiet(&mut model, &executor, &mut arrived, &mut jobs).await;
    }
    let tick = update::update(&mut model, Input::Tick { now: ops.now(), at });
    begin(&executor, tick);
    quiet(&mut model, &executor, &mut arrived, &mut jobs).await;
    let mut buffer = Buffer::empty(Rect::new(0, 0, snapshot.size.0, snapshot.size.1));
    view::view(&model, &Theme::indexed(), &mut buffer);
    Ok(dump::frame(&buffer, snapshot.roles))
}

fn begin(executor: &Executor, effects: Vec<Effect>) {
    for effect in effects {
        executor.begin(effect);
    }
}

/// Until nothing is being carried out and nothing waits to be told.
async fn quiet(
    model: &mut Model,
    executor: &Executor,
    arrived: &mut tokio::sync::mpsc::UnboundedReceiver<Report>,
    jobs: &mut Vec<JobId>,
) {
    loop {
        let settled = update::settle(model);
        begin(executor, settled);
        let report = match arrived.try_recv() {
            Ok(report) => report,
            Err(_) if executor.busy() == 0 && arrived.is_empty() => return,
            // the task that is busy sends an event when it ends
            Err(_) => match arrived.recv().await {
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
                jobs.push(job.clone());
            }
            let effects = update::update(model, Input::Event(event));
            begin(executor, effects);
        }
    }
}
