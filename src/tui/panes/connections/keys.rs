//! The keys of the list.

use super::update;
use crate::tui::action::Action;
use crate::tui::dialogs;
use crate::tui::dialogs::yes_no::ClearMarks;
use crate::tui::effect::Effect;
use crate::tui::model::Model;
use crate::tui::panes::Pane;
use crate::tui::panes::messages::Tone;
use crate::tui::terminal::key::Key;

/// Above how many marks Esc asks before it clears them.
const MANY_MARKS: usize = 20;

pub(crate) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Open => {
            model.job = None;
            model.focus = Pane::Jobs;
            vec![]
        }
        Action::Back => back(model),
        Action::AttentionNext | Action::AttentionPrevious => attention(model, action),
        _ => update::act(&mut model.list, action, model.at),
    }
}

/// Esc clears the filter, and after it the marks.
fn back(model: &mut Model) -> Vec<Effect> {
    let marks = model.list.marks.len();
    if !model.list.filter.field.text().is_empty() {
        let done = model.list.filter.set("");
        return update::refilter(&mut model.list, done, model.at);
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
    let before = model.list.window.cursor;
    let effects = update::act(&mut model.list, action, model.at);
    if effects.is_empty() && model.list.window.cursor == before {
        none_further(model, action);
    }
    effects
}

fn none_further(model: &mut Model, action: Action) {
    let (way, other, words) = match action {
        Action::AttentionNext => ("below", Action::AttentionPrevious, "the previous one"),
        _ => ("above", Action::AttentionNext, "the next one"),
    };
    let key = model.keymap.hint(model.pane_layer().stack(), other);
    let back = key.map_or(String::new(), |key| format!(" {key} goes to {words}."));
    model.say(Tone::Plain, format!("No more need action {way}.{back}"));
}

pub(crate) fn begin_filter(model: &mut Model) {
    model.go(Pane::Connections);
    model.list.filter.begin();
}

pub(crate) fn filter_act(model: &mut Model, action: Action) -> Vec<Effect> {
    let done = model.list.filter.act(action);
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
