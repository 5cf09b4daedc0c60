//! What events do to the list.

use super::model::Land;
use super::update;
use crate::domain::ids::ConnectionId;
use crate::domain::views::{ConnectionRow, Place};
use crate::tui::effect::Effect;
use crate::tui::model::Model;
use crate::tui::panes::messages::Tone;

/// Time went on: rows that vanished go after a while, and a list at rest is put in order.
pub(crate) fn tick(model: &mut Model) -> Vec<Effect> {
    if let Some(id) = model.list.window.bury(model.at, update::GONE_FOR) {
        let words = format!("{} is gone; the cursor is on its neighbour.", id.short());
        model.say(Tone::Plain, words);
    }
    let still = model.at.saturating_sub(model.list.moved_at) >= update::STILL_FOR;
    let quiet = model.dialog.is_none() && model.over.is_none() && !model.list.filter.typing;
    if still && quiet && model.list.unsorted() && model.list.loading.is_none() {
        return update::reorder(&mut model.list, false, model.at);
    }
    vec![]
}

/// When the list has to be looked at again although nothing happens.
pub(crate) fn wakes(model: &Model) -> [Option<u64>; 2] {
    let list = &model.list;
    [
        list.window.oldest_gone().map(|at| at + update::GONE_FOR),
        list.unsorted().then_some(list.moved_at + update::STILL_FOR),
    ]
}

pub(crate) fn rows_loaded(
    model: &mut Model,
    generation: u64,
    rows: Vec<ConnectionRow>,
    left: &[ConnectionId],
    gone: &[ConnectionId],
) {
    let marks = &mut model.list.marks;
    let lost = gone.iter().filter(|id| marks.remove(*id)).count();
    if lost > 0 {
        let words = match lost {
            1 => "1 marked connection no longer exists; unmarked.".to_owned(),
            n => format!("{n} marked connections no longer exist; unmarked."),
        };
        model.say(Tone::Plain, words);
    }
    if generation == model.list.generation {
        let (sort, level, at) = (model.list.sort, model.level, model.at);
        model.list.window.renew(rows, left, gone, sort, level, at);
    }
}

pub(crate) fn ids_loaded(model: &mut Model, generation: u64, ids: Vec<ConnectionId>, all: bool) {
    if generation != model.list.generation {
        return;
    }
    let count = ids.len();
    model.list.marks.extend(ids);
    let more = if all {
        ""
    } else {
        "; there are more than can be marked at once"
    };
    model.say(Tone::Plain, format!("{count} marked{more}."));
}

pub(crate) fn attention_found(
    model: &mut Model,
    generation: u64,
    id: Option<ConnectionId>,
) -> Vec<Effect> {
    if generation != model.list.generation {
        return vec![];
    }
    match id {
        Some(id) => go_to(model, id),
        None => {
            model.say(Tone::Plain, "No further connection needs action.");
            vec![]
        }
    }
}

pub(crate) fn go_to(model: &mut Model, id: ConnectionId) -> Vec<Effect> {
    model.list.moved_at = model.at;
    let place = Place::Around(id);
    update::ask(&mut model.list, place, Land::Here, model.at)
}
