//! What events do to the list.

use super::live::marks_read;
use super::model::Land;
use super::update;
use crate::domain::ids::ConnectionId;
use crate::domain::views::{Figures, Marks, Place, Placed, Sort};
use crate::tui::effect::Effect;
use crate::tui::model::Model;
use crate::tui::panes::messages::Tone;

/// Rows that were read again take their new facts where they stand.
pub(crate) fn rows_loaded(
    model: &mut Model,
    rows: &[Placed],
    left: &[ConnectionId],
    gone: &[ConnectionId],
) {
    let (level, at) = (model.level, model.at);
    model.list.window.renew(rows, left, gone, level, at);
}

pub(crate) fn figures_loaded(model: &mut Model, generation: u64, figures: Figures, marks: Marks) {
    if generation != model.list.generation {
        return;
    }
    model.counts = Some(figures.counts);
    if let Some(down) = figures.down {
        model.down = down;
    }
    match model.list.loading {
        Some(_) => model.list.sized = figures.size,
        None => model.list.size = figures.size,
    }
    marks_read(model, marks);
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

/// The list goes back to the order it had, or else to the first one.
pub(crate) fn not_ordered(model: &mut Model, generation: u64, reason: &str) -> Vec<Effect> {
    if generation != model.list.generation {
        return vec![];
    }
    model.say(Tone::Bad, format!("Not sorted: {reason}."));
    let before = model.list.sorted;
    let sort = match before == model.list.sort {
        true => Sort::default(),
        false => before,
    };
    update::ordered(&mut model.list, sort, model.at)
}

/// The search for the next row that needs action has ended; `around` when it went on from the other end of the list.
pub(crate) fn attention_found(
    model: &mut Model,
    generation: u64,
    found: Option<(ConnectionId, bool)>,
    forward: bool,
) -> Vec<Effect> {
    if generation != model.list.generation {
        return vec![];
    }
    let here = model.list.current().map(|line| &line.row.id);
    match found {
        Some((id, _)) if here == Some(&id) => {
            model.say(Tone::Plain, "No further connection needs action.");
            vec![]
        }
        Some((id, around)) => {
            if around {
                wrapped(model, forward);
            }
            go_to(model, id)
        }
        None => {
            let filtered = model.list.filter.query.expr.is_some();
            let of = if filtered { " of this filter" } else { "" };
            let words = format!("No further connection{of} needs action.");
            model.say(Tone::Plain, words);
            vec![]
        }
    }
}

pub(super) fn wrapped(model: &mut Model, forward: bool) {
    let words = match forward {
        true => "The end was passed: this is the first one that needs action.",
        false => "The start was passed: this is the last one that needs action.",
    };
    model.say(Tone::Plain, words);
}

pub(crate) fn go_to(model: &mut Model, id: ConnectionId) -> Vec<Effect> {
    model.list.moved_at = model.at;
    let place = Place::Around(id);
    update::ask(&mut model.list, place, Land::Here, model.at)
}
