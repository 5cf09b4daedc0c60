//! What a mouse does: nothing that no key does, and in a dialog nothing that its words do not allow.

use super::{act, forget_keys, view_actions};
use crate::tui::action::Action;
use crate::tui::dialogs;
use crate::tui::effect::Effect;
use crate::tui::hit::Hit;
use crate::tui::layer::Layer;
use crate::tui::layout::Class;
use crate::tui::model::{Model, Over};
use crate::tui::panes::connections::{keys as list, update as list_update};
use crate::tui::panes::{Pane, job, profile};
use crate::tui::terminal::mouse::{Deed, Mouse};
use crate::tui::view;

/// Milliseconds in which a second click on the same cell opens.
const TWICE: u64 = 400;

pub(super) fn mouse(model: &mut Model, mouse: Mouse) -> Vec<Effect> {
    // nobody acts on what they cannot see
    if model.class == Class::Tiny {
        return vec![];
    }
    model.notices.key();
    view_actions::somebody_here(model);
    let mut effects = view_actions::looks(model);
    let hit = view::hit(model, mouse.x, mouse.y);
    effects.extend(match mouse.deed {
        Deed::Press => click(model, mouse, hit),
        Deed::Wheel(by) => wheel(model, by, hit),
    });
    effects
}

fn click(model: &mut Model, mouse: Mouse, hit: Option<Hit>) -> Vec<Effect> {
    let Mouse { x, y, .. } = mouse;
    let before = model.last_click.replace((model.at, x, y));
    let twice = before.is_some_and(|(at, was_x, was_y)| {
        (was_x, was_y) == (x, y) && model.at.saturating_sub(at) <= TWICE
    });
    if twice {
        model.last_click = None;
    }
    forget_keys(model);
    let mut effects = match hit {
        Some(Hit::Pane(_) | Hit::Row(_) | Hit::Sort(_) | Hit::Job(_)) => typed(model),
        _ => vec![],
    };
    effects.extend(match hit {
        None | Some(Hit::Nothing) => vec![],
        Some(Hit::Run(action)) if dialogs::update::too_soon(model, action) => vec![],
        Some(Hit::Run(action)) => act(model, model.place(), action),
        Some(Hit::Spot(spot)) => dialogs::update::click(model, spot),
        Some(Hit::Sort(field)) => list_update::sort(&mut model.list, field, false, model.at),
        Some(Hit::Pane(pane)) => {
            go(model, pane);
            vec![]
        }
        Some(Hit::Row(at)) => {
            model.go(Pane::Connections);
            list::click(model, at);
            opened(model, twice, Action::Open)
        }
        Some(Hit::Job(at)) => {
            model.job = None;
            model.go(Pane::Jobs);
            let by = at as isize - model.jobs.at() as isize;
            model.jobs.step(by);
            opened(model, twice, Action::Open)
        }
        Some(Hit::Line(at)) => line(model, at, twice),
    });
    effects
}

/// A filter that is being typed is kept.
fn typed(model: &mut Model) -> Vec<Effect> {
    match model.place() {
        Layer::Filter => act(model, Layer::Filter, Action::FilterAccept),
        _ => vec![],
    }
}

fn opened(model: &mut Model, twice: bool, action: Action) -> Vec<Effect> {
    match twice {
        true => act(model, model.place(), action),
        false => vec![],
    }
}

/// Beside the list of jobs, a job is shown that is not open.
fn go(model: &mut Model, pane: Pane) {
    model.go(match pane {
        Pane::Job => Pane::Jobs,
        pane => pane,
    });
}

fn line(model: &mut Model, at: usize, twice: bool) -> Vec<Effect> {
    match &mut model.over {
        Some(Over::Help(help)) => {
            help.cursor = at;
            opened(model, twice, Action::HelpRun)
        }
        Some(Over::Palette(palette)) => {
            palette.click(at);
            opened(model, twice, Action::HelpRun)
        }
        Some(Over::Columns(columns)) => {
            columns.cursor = at.min(columns.lines.len().saturating_sub(1));
            opened(model, twice, Action::ColumnShow)
        }
        Some(_) => vec![],
        None => {
            let mut effects = typed(model);
            if let Some(page) = model.pages.shown_mut() {
                page.click(at);
                effects.extend(opened(model, twice, Action::Open));
            }
            effects
        }
    }
}

/// Scrolls what lies on top, or the pane under the mouse, which does not get the keys for it.
fn wheel(model: &mut Model, by: isize, hit: Option<Hit>) -> Vec<Effect> {
    if model.dialog.is_some() {
        dialogs::update::scroll(model, by);
        return vec![];
    }
    let place = model.place();
    match (&model.over, hit) {
        (Some(Over::Sort { .. } | Over::Copy | Over::Group), _) => {}
        (Some(_), _) => return steps(model, place, by),
        (None, _) if model.pages.kind().is_some() && place != Layer::Filter => {
            return steps(model, place, by);
        }
        (None, Some(Hit::Row(_) | Hit::Sort(_) | Hit::Pane(Pane::Connections))) => {
            list::wheel(model, by);
        }
        (None, Some(Hit::Job(_) | Hit::Pane(Pane::Jobs))) => model.jobs.step(by),
        (None, Some(Hit::Pane(Pane::Profile))) => profile::update::scroll(model, by),
        (None, Some(Hit::Pane(Pane::Job))) => job::update::scroll(model, by),
        (None, _) => {}
    }
    vec![]
}

fn steps(model: &mut Model, place: Layer, by: isize) -> Vec<Effect> {
    let action = match by {
        ..0 => Action::MoveUp,
        _ => Action::MoveDown,
    };
    let step = |_| act(model, place, action);
    (0..by.unsigned_abs()).flat_map(step).collect()
}
