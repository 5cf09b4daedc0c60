//! The keys of the list.

use super::events::{attention_found, wrapped};
use super::row_cells::{Line, Standing};
use super::update::{self, Attention};
use crate::tui::action::Action;
use crate::tui::dialogs;
use crate::tui::dialogs::yes_no::ClearMarks;
use crate::tui::effect::Effect;
use crate::tui::model::Model;
use crate::tui::panes::messages::Tone;
use crate::tui::panes::{Pane, pages};
use crate::tui::terminal::key::Key;

/// Above how many marks Esc asks before it clears them.
const MANY_MARKS: usize = 20;

pub(crate) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let before = model.list.current().cloned();
    let effects = match action {
        Action::Open => {
            model.job = None;
            model.focus = Pane::Jobs;
            vec![]
        }
        Action::Back => back(model),
        Action::AttentionNext | Action::AttentionPrevious => attention(model, action),
        _ => update::act(&mut model.list, action, model.at),
    };
    if let Some(before) = before {
        left_behind(model, &before);
    }
    effects
}

/// The cursor goes to this line.
pub(crate) fn click(model: &mut Model, at: usize) {
    moves(model, |model| model.list.window.cursor = at);
}

pub(crate) fn wheel(model: &mut Model, by: isize) {
    moves(model, |model| {
        model.list.window.scroll(by, model.list.height);
    });
}

fn moves(model: &mut Model, go: impl FnOnce(&mut Model)) {
    let before = model.list.current().cloned();
    go(model);
    model.list.moved_at = model.at;
    model.list.window.settle(model.list.height);
    if let Some(before) = before {
        left_behind(model, &before);
    }
}

/// A row that was kept for the cursor only is taken out once the cursor has left it.
fn left_behind(model: &mut Model, before: &Line) {
    let list = &mut model.list;
    let (id, at) = (&before.row.id, list.window.position(&before.row.id));
    let here = list.current().is_some_and(|line| &line.row.id == id);
    let why = match before.standing {
        Standing::Left => "no longer matches the filter",
        Standing::Elsewhere => "has its place elsewhere in this order now",
        Standing::Gone(_) => "is gone",
        Standing::Settled | Standing::Moved => return,
    };
    let Some(at) = at.filter(|_| !here && list.loading.is_none()) else {
        return;
    };
    let beside = at.abs_diff(list.window.cursor) == 1;
    list.window.remove(id);
    list.window.settle(list.height);
    list.live.changed();
    let rest = if beside {
        "; the cursor is on its neighbour"
    } else {
        ""
    };
    model.say(Tone::Plain, format!("{} {why}{rest}.", id.short()));
}

/// Esc goes back to the page one came from; else it clears the filter, and after it the marks.
fn back(model: &mut Model) -> Vec<Effect> {
    if let Some(effects) = pages::update::back_to_page(model) {
        return effects;
    }
    let marks = model.list.marks.len();
    if !model.list.filter.field.text().is_empty() {
        let done = model.list.filter.set("");
        return update::unfiltered(&mut model.list, done, model.at);
    }
    if marks > MANY_MARKS {
        let question = Box::new(ClearMarks(marks));
        dialogs::update::open(model, question, Default::default());
    } else {
        model.list.marks.clear();
    }
    vec![]
}

fn attention(model: &mut Model, action: Action) -> Vec<Effect> {
    let forward = action == Action::AttentionNext;
    match update::attention(&mut model.list, forward, model.at) {
        Attention::Here(around) => {
            if around {
                wrapped(model, forward);
            }
            vec![]
        }
        Attention::Asked(effect) => vec![effect],
        Attention::Nowhere => attention_found(model, model.list.generation, None, forward),
    }
}

/// The names of the banks are read again, because they may have changed.
pub(crate) fn begin_filter(model: &mut Model) -> Vec<Effect> {
    model.go(Pane::Connections);
    let list = &mut model.list;
    let line = list.window.cursor.saturating_sub(list.window.top);
    let here = list.current().map(|current| (current.row.id.clone(), line));
    list.origin = here.or(list.origin.take());
    list.filter.begin();
    vec![Effect::LoadBanks]
}

pub(crate) fn filter_act(model: &mut Model, action: Action) -> Vec<Effect> {
    let done = model.list.filter.act(action);
    if action == Action::Back {
        return update::back_to_origin(&mut model.list, done, model.at);
    }
    update::refilter(&mut model.list, done, model.at)
}

pub(crate) fn filter_type(model: &mut Model, key: Key) -> Vec<Effect> {
    let done = model.list.filter.press(key);
    update::refilter(&mut model.list, done, model.at)
}

pub(crate) fn filter_paste(model: &mut Model, text: &str) -> Vec<Effect> {
    let done = model.list.filter.paste(text);
    update::refilter(&mut model.list, done, model.at)
}
