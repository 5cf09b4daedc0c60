//! What the keys of the panes do, one function for each that is more than a line.

use super::MANY_MARKS;
use crate::domain::connection::Method;
use crate::domain::diagnosis::{self, Facts};
use crate::domain::job::State;
use crate::domain::mask::Level;
use crate::domain::views::ConnectionRow;
use crate::tui::action::Action;
use crate::tui::availability::{judge, possible};
use crate::tui::dialogs::{self, Ask};
use crate::tui::effect::{CopyWhat, Effect, Subject};
use crate::tui::model::{Model, Over};
use crate::tui::panes::connections::update as list;
use crate::tui::panes::messages::Tone;
use crate::tui::panes::{Pane, help, job, why};

/// The first word of what an action is called, for a refusal.
pub(super) fn name(action: Action) -> &'static str {
    let words = action.words();
    words.split([':', ';', ',']).next().unwrap_or(words)
}

pub(super) fn moved(model: &mut Model, action: Action) -> Vec<Effect> {
    let room = model
        .room(model.focus)
        .map_or(1, |r| usize::from(r.height))
        .max(1) as isize;
    let by = match action {
        Action::MoveDown => 1,
        Action::MoveUp => -1,
        Action::PageDown => room,
        Action::PageUp => -room,
        Action::HalfPageDown => room / 2,
        Action::HalfPageUp => -room / 2,
        Action::MoveTop => isize::MIN,
        _ => isize::MAX,
    };
    match model.focus {
        Pane::Connections => return list::act(&mut model.list, action, model.at),
        Pane::Profile => {
            let most = crate::tui::view::profile_rows(model);
            model.profile.scroll = model.profile.scroll.saturating_add_signed(by).min(most);
        }
        Pane::Jobs => model.jobs.step(by),
        Pane::Job => {
            let most = crate::tui::view::job_rows(model);
            if let Some(job) = &mut model.job {
                match action {
                    Action::MoveDown | Action::MoveUp => job.move_by(by),
                    _ => job.scroll = job.scroll.saturating_add_signed(by).min(most),
                }
            }
        }
    }
    vec![]
}

pub(super) fn go(model: &mut Model, pane: Pane) {
    model.focus = match pane {
        Pane::Jobs if model.job.is_some() => Pane::Job,
        pane => pane,
    };
}

pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    match model.focus {
        Pane::Connections => {
            model.job = None;
            model.focus = Pane::Jobs;
        }
        Pane::Profile => {}
        Pane::Jobs => {
            if let Some(job) = model.jobs.current().cloned() {
                model.job = Some(job::Model::new(job.id.clone(), Some(job)));
                model.focus = Pane::Job;
            }
        }
        Pane::Job => {
            if let Some(job) = &mut model.job {
                job.detail = !job.detail;
            }
        }
    }
    vec![]
}

/// One step back: zoom, then the pane, then in the list the filter and the marks.
pub(super) fn back(model: &mut Model) -> Vec<Effect> {
    if model.zoom {
        model.zoom = false;
        return vec![];
    }
    match model.focus {
        Pane::Job => {
            model.job = None;
            model.focus = Pane::Jobs;
        }
        Pane::Jobs | Pane::Profile => model.focus = Pane::Connections,
        Pane::Connections if !model.list.filter.field.text().is_empty() => {
            let done = model.list.filter.set("");
            return list::refilter(&mut model.list, done, model.at);
        }
        Pane::Connections if model.list.marks.len() > MANY_MARKS => {
            dialogs::update::open(model, Ask::Unmark(model.list.marks.len()));
        }
        Pane::Connections => model.list.marks.clear(),
    }
    vec![]
}

pub(super) fn attention(model: &mut Model, action: Action) -> Vec<Effect> {
    go(model, Pane::Connections);
    let before = model.list.window.cursor;
    let effects = list::act(&mut model.list, action, model.at);
    if effects.is_empty() && model.list.window.cursor == before {
        let way = if action == Action::AttentionNext {
            "further down"
        } else {
            "further up"
        };
        model.say(Tone::Plain, format!("Nothing {way} needs anybody to act."));
    }
    effects
}

pub(super) fn show_why(model: &mut Model) -> Vec<Effect> {
    let Some(row) = model.selected().map(|line| line.row.clone()) else {
        return vec![];
    };
    let actions = possibilities(model, &row);
    let meaning = diagnosis::explain(&Facts::of_row(&row, model.now));
    let id = row.id.clone();
    let why = why::Model {
        id: id.clone(),
        row,
        meaning,
        actions,
        scroll: 0,
    };
    model.over = Some(Over::Why(Box::new(why)));
    vec![Effect::LoadWhy(id)]
}

/// What is possible with a connection and what is not, with the reason.
fn possibilities(model: &Model, row: &ConnectionRow) -> Vec<(String, Result<(), String>)> {
    let place = model.pane_layer();
    let third = match row.method {
        Method::Web => (Action::UpdateCredentials, "new password"),
        Method::OpenBanking => (Action::Authorise, "at the bank"),
    };
    let asks = row
        .last_job
        .as_ref()
        .is_some_and(|job| job.state == State::WaitingMfa);
    let mut actions = if asks {
        vec![(Action::Answer, "answer")]
    } else {
        vec![]
    };
    actions.extend([
        (Action::Refresh, "refresh"),
        third,
        (Action::Purge, "purge"),
        (Action::Revoke, "revoke"),
    ]);
    let words = |(action, words)| {
        let key = model.hints.key(place, action).unwrap_or("");
        (
            format!("{key} {words}"),
            judge(row, action).map_err(|reason| reason.to_string()),
        )
    };
    actions.into_iter().map(words).collect()
}

/// An explanation that is open while its connection changes is asked for anew.
pub(super) fn renew_why(model: &mut Model, rows: &[ConnectionRow]) -> Option<Effect> {
    let Some(Over::Why(why)) = &model.over else {
        return None;
    };
    let row = rows
        .iter()
        .find(|row| row.id == why.id && **row != why.row)?
        .clone();
    let (actions, id) = (possibilities(model, &row), row.id.clone());
    if let Some(Over::Why(why)) = &mut model.over {
        (why.row, why.actions) = (row, actions);
    }
    Some(Effect::LoadWhy(id))
}

pub(super) fn show_help(model: &mut Model) -> Vec<Effect> {
    let place = model.pane_layer();
    let line = |action: &Action| {
        let keys: Vec<String> = place
            .stack()
            .iter()
            .flat_map(|layer| model.keymap.bindings_of(*layer))
            .filter(|binding| binding.action == *action)
            .map(|binding| binding.keys.label())
            .collect();
        let off = possible(model, *action)
            .err()
            .map(|reason| reason.to_string());
        (!keys.is_empty()).then(|| help::Line {
            action: *action,
            keys: keys.join(" "),
            off,
        })
    };
    let lines = Action::ALL.iter().filter_map(line).collect();
    model.over = Some(Over::Help(help::Model {
        place,
        lines,
        search: Default::default(),
        cursor: 0,
    }));
    vec![]
}

pub(super) fn follow(model: &mut Model) -> Vec<Effect> {
    if let Some(job) = model.job.as_mut().filter(|_| model.focus == Pane::Job) {
        job.follow();
        return vec![];
    }
    let open = model.jobs.jobs.iter().find(|j| j.state.open()).cloned();
    let id = match &open {
        Some(job) => job.id.clone(),
        None => match model.selected().and_then(|l| l.row.last_job.as_ref()) {
            Some(job) => job.id.clone(),
            None => return vec![],
        },
    };
    let effects = if open.is_none() {
        vec![Effect::LoadJob(id.clone())]
    } else {
        vec![]
    };
    model.jobs.follow = Some(id.clone());
    model.jobs.cursor = Some(id.clone());
    model.job = Some(job::Model::new(id, open));
    model.focus = Pane::Job;
    effects
}

pub(super) fn copy(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(subject) = model.subject() else {
        return vec![];
    };
    let what = match action {
        Action::CopyId => CopyWhat::Id,
        Action::CopyUser => CopyWhat::User,
        Action::CopyJson => CopyWhat::Json,
        Action::CopyText => CopyWhat::Support,
        Action::CopyCommand => {
            let command = match &subject {
                Subject::Connection(id) => format!("switchboard connection {id}"),
                Subject::Job(id) => format!("switchboard job {id} --follow"),
            };
            return vec![Effect::CopyText(command)];
        }
        _ => return vec![],
    };
    vec![Effect::Copy {
        subject,
        what,
        level: model.level,
    }]
}

pub(super) fn privacy(model: &mut Model) {
    show_at(model, model.level.toggled(model.floor));
}

/// Nobody was here for long: names are hidden too until the next key.
pub(super) fn nobody_here(model: &mut Model) {
    let idle = model
        .idle_after
        .is_some_and(|after| model.at.saturating_sub(model.touched) >= after);
    if idle && model.away.is_none() && model.level < Level::Strict {
        model.away = Some(model.level);
        show_at(model, Level::Strict);
    }
}

/// Somebody is here again.
pub(super) fn somebody_here(model: &mut Model) {
    model.touched = model.at;
    if let Some(level) = model.away.take() {
        show_at(model, level);
    }
}

fn show_at(model: &mut Model, level: Level) {
    model.level = level;
    model.list.window.remask(model.level);
    // What was read at the other level is dropped at once, not when the new one comes.
    model.profile.shown = None;
    model.profile.asked = None;
}

pub(super) fn reload(model: &mut Model) -> Vec<Effect> {
    model.profile.asked = None;
    model.jobs.asked = None;
    let mut effects = list::reorder(&mut model.list, true, model.at);
    effects.push(Effect::LoadCounts);
    if let Some(job) = &model.job {
        effects.push(Effect::LoadJob(job.id.clone()));
    }
    effects
}

pub(super) fn quit(model: &mut Model) -> Vec<Effect> {
    if model.sent == 0 {
        return vec![Effect::Quit];
    }
    dialogs::update::open(model, Ask::Quit(model.sent));
    vec![]
}
