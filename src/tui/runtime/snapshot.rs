//! One frame as text: the same model, keys and effects as the live screen, without a terminal. The frame
//! is taken when the keys have been worked off and every job they started has ended.

use super::executor::{Back, Documents, Hands};
use crate::domain::ids::JobId;
use crate::domain::mask::Level;
use crate::ops::{Ops, Result};
use crate::tui::effect::Effect;
use crate::tui::event::{Event, Input};
use crate::tui::glyphs::Signs;
use crate::tui::keymap::Keymap;
use crate::tui::model::{Model, Setup};
use crate::tui::terminal::key::Key;
use crate::tui::theme::Theme;
use crate::tui::widgets::dump;
use crate::tui::{update, view};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tokio::sync::mpsc::unbounded_channel;

/// What a frame is made of.
pub(crate) struct Still {
    /// The operations.
    pub(crate) ops: Ops,
    /// Jobs that may run at one bank.
    pub(crate) per_bank: u32,
    /// The commands' documents.
    pub(crate) documents: Documents,
    /// Which keys mean what.
    pub(crate) keymap: Keymap,
    /// Signs.
    pub(crate) signs: Signs,
    /// The word in brackets.
    pub(crate) environment: String,
    /// How much is hidden at first.
    pub(crate) level: Level,
    /// The least that is hidden.
    pub(crate) floor: Level,
    /// Columns and rows.
    pub(crate) size: (u16, u16),
    /// What is pressed.
    pub(crate) keys: Vec<Key>,
    /// Whether nothing may be changed, as the person asked.
    pub(crate) read_only: bool,
    /// Whether the style roles are added.
    pub(crate) roles: bool,
}

/// Works the keys off and draws one frame.
///
/// # Errors
/// When the store fails.
pub(crate) async fn still(still: Still) -> Result<String> {
    let (back, mut backs) = unbounded_channel();
    let hands = Hands::new(still.ops.clone(), still.per_bank, still.documents, back);
    let mut model = Model::new(Setup {
        size: still.size,
        keymap: still.keymap,
        signs: still.signs,
        environment: still.environment,
        read_only: still.read_only,
        level: still.level,
        floor: still.floor,
        idle_after: None,
        filter: String::new(),
        now: still.ops.now(),
        at: 0,
    });
    let mut jobs: Vec<JobId> = Vec::new();
    // running time stands on its own here: a second passes with every key, so that no guard is met
    let mut at = 10_000;
    let effects = update::begin(&mut model);
    begin(&hands, effects);
    quiet(&mut model, &hands, &mut backs, &mut jobs).await;
    for key in still.keys {
        at += 1_000;
        let tick = update::update(
            &mut model,
            Input::Tick {
                now: still.ops.now(),
                at,
            },
        );
        begin(&hands, tick);
        let effects = update::update(&mut model, Input::Key { key, at });
        begin(&hands, effects);
        quiet(&mut model, &hands, &mut backs, &mut jobs).await;
    }
    while let Some(job) = jobs.pop() {
        let ended = still.ops.wait(&job, None, |_| {}).await?;
        let effects = update::update(
            &mut model,
            Input::Event(Event::Changed {
                ids: vec![ended.connection],
            }),
        );
        begin(&hands, effects);
        begin(&hands, vec![Effect::LoadCounts]);
        quiet(&mut model, &hands, &mut backs, &mut jobs).await;
    }
    let tick = update::update(
        &mut model,
        Input::Tick {
            now: still.ops.now(),
            at,
        },
    );
    begin(&hands, tick);
    quiet(&mut model, &hands, &mut backs, &mut jobs).await;
    let mut buffer = Buffer::empty(Rect::new(0, 0, still.size.0, still.size.1));
    view::view(&model, &Theme::indexed(), &mut buffer);
    Ok(dump::frame(&buffer, still.roles))
}

fn begin(hands: &Hands, effects: Vec<Effect>) {
    for effect in effects {
        hands.begin(effect);
    }
}

/// Until nothing is being carried out and nothing waits to be told.
async fn quiet(
    model: &mut Model,
    hands: &Hands,
    backs: &mut tokio::sync::mpsc::UnboundedReceiver<Back>,
    jobs: &mut Vec<JobId>,
) {
    loop {
        let settled = update::settle(model);
        begin(hands, settled);
        let back = match backs.try_recv() {
            Ok(back) => back,
            Err(_) if hands.busy() == 0 && backs.is_empty() => return,
            // the task that is busy sends an event when it ends
            Err(_) => match backs.recv().await {
                Some(back) => back,
                None => return,
            },
        };
        if let Back::Event(event) = back {
            if let Event::RefreshQueued { job, .. } = &event {
                jobs.push(job.clone());
            }
            let effects = update::update(model, Input::Event(event));
            begin(hands, effects);
        }
    }
}
