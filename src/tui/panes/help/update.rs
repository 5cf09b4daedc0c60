//! Opening help, and the keys in it.

use super::{Line, Model as Help, groups, pages};
use crate::tui::action::Action;
use crate::tui::availability::possible;
use crate::tui::model::{Model, Over};
use crate::tui::panes::rows_moved;
use crate::tui::terminal::key::Key;

/// All that has a key in the place with the keys.
pub(crate) fn lines(model: &Model) -> Vec<Line> {
    let place = model.pane_layer();
    let line = |action: &Action| {
        let keys: Vec<String> = place
            .stack()
            .iter()
            .flat_map(|layer| model.keymap.bindings_of(*layer))
            .filter(|binding| binding.action == *action)
            .map(|binding| binding.keys.label())
            .collect();
        (!keys.is_empty()).then(|| Line {
            action: *action,
            keys: keys.join(" "),
            off: possible(model, *action).err().map(|r| r.to_string()),
        })
    };
    Action::ALL.iter().filter_map(line).collect()
}

pub(crate) fn open(model: &mut Model) {
    let place = model.pane_layer();
    let entries = groups::entries(&lines(model), model.signs);
    model.over = Some(Over::Help(Help {
        place,
        entries,
        search: Default::default(),
        cursor: 0,
    }));
}

/// Takes a key of help; an action when the line under the cursor is to be run.
pub(crate) fn act(model: &mut Model, action: Action) -> Option<Action> {
    if matches!(action, Action::PageDown | Action::PageUp) {
        turn(model, action);
        return None;
    }
    let Some(Over::Help(help)) = &mut model.over else {
        return None;
    };
    match action {
        Action::Back if !help.search.text().is_empty() => {
            help.search = Default::default();
            help.cursor = 0;
        }
        Action::Back => model.over = None,
        Action::PaneNext => help.step(1),
        Action::HelpRun => {
            let run = help.current()?;
            model.over = None;
            return Some(run);
        }
        _ => {
            if let Some(by) = rows_moved(action, 10) {
                help.step(by);
            }
        }
    }
    None
}

/// Goes to the first line of the next or the previous page.
fn turn(model: &mut Model, action: Action) {
    let Some(Over::Help(help)) = &model.over else {
        return;
    };
    let pages = pages::pages(model, help);
    let at = pages::page_of(&pages, help.cursor);
    let to = match action {
        Action::PageDown => at + 1,
        _ => at.saturating_sub(1),
    };
    let first = pages.get(to).and_then(pages::first_line);
    if let (Some(Over::Help(help)), Some(first)) = (&mut model.over, first) {
        help.cursor = first;
    }
}

pub(crate) fn type_key(model: &mut Model, key: Key) {
    if let Some(Over::Help(help)) = &mut model.over
        && help.search.press(key)
    {
        help.cursor = 0;
    }
}

pub(crate) fn paste(model: &mut Model, text: &str) {
    if let Some(Over::Help(help)) = &mut model.over {
        help.search.insert(text);
        help.cursor = 0;
    }
}
