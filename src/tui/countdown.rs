//! A purge or revoke that was confirmed counts down before it is sent, and can be taken back until then. Nothing is
//! written before the end, so a crash in between means that it was not done.

use crate::domain::act::ActKind;
use crate::tui::dialogs::act::verb;
use crate::tui::effect::{Effect, Order};
use crate::tui::model::Model;
use crate::tui::panes::messages::Tone;

#[derive(Debug, Default)]
pub(crate) struct Countdown {
    /// Milliseconds; none is sent at once.
    lasts: u64,
    /// The oldest first.
    waiting: Vec<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    order: Order,
    kind: ActKind,
    /// Its connection, or its plan.
    target: String,
    /// `Purge of 62c177`.
    words: String,
    /// The running time at which it is sent.
    due: u64,
}

impl Countdown {
    pub(crate) fn lasting(lasts: u64) -> Self {
        let waiting = vec![];
        Self { lasts, waiting }
    }

    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// What is sent next and in how many seconds, and how many more there are.
    pub(crate) fn next(&self, at: u64) -> Option<(&str, u64, usize)> {
        let next = self.waiting.first()?;
        let left = next.due.saturating_sub(at).div_ceil(1_000);
        Some((&next.words, left, self.waiting.len() - 1))
    }

    pub(crate) fn due(&self) -> Option<u64> {
        self.waiting.iter().map(|it| it.due).min()
    }
}

/// Takes an order that counts down first; gives back any other.
pub(crate) fn begin(model: &mut Model, order: Order) -> Option<Order> {
    let Order::Apply { plan, .. } = &order else {
        return Some(order);
    };
    let kind = plan.head.kind;
    if model.countdown.lasts == 0 || !kind.counts_down() {
        return Some(order);
    }
    let target = plan.about();
    let whom = plan.whom();
    let waiting = Waiting {
        words: format!("{} of {whom}", verb(kind)),
        due: model.at + model.countdown.lasts,
        order,
        kind,
        target,
    };
    model.countdown.waiting.push(waiting);
    None
}

/// Sends what has counted down.
pub(crate) fn send(model: &mut Model) -> Vec<Effect> {
    let at = model.at;
    let waiting = std::mem::take(&mut model.countdown.waiting);
    let (due, left): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|it| it.due <= at);
    model.countdown.waiting = left;
    let mut effects = vec![];
    for it in due {
        effects.push(model.order(it.order));
    }
    effects
}

/// Takes back what was confirmed last; the audit keeps that it was.
pub(crate) fn take_back(model: &mut Model) -> Option<Effect> {
    let it = model.countdown.waiting.pop()?;
    let words = format!("{}: taken back; nothing was done.", it.words);
    model.say(Tone::Good, words);
    let (kind, target) = (it.kind, it.target);
    Some(Effect::NoteCancelled { kind, target })
}
