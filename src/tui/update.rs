//! One step of the screen: something comes in, the model changes, requests go out. Pure, and the only
//! writer of the model.
//!
//! Feed every waiting input to [`update`], then call [`settle`] once, then draw. Deliberately absent:
//! waiting for anything.

pub mod events;
#[cfg(test)]
mod tests;

use crate::domain::meaning::{self, Facts};
use crate::tui::action::Action;
use crate::tui::dialogs::{self, Ask};
use crate::tui::effect::{CopyWhat, Effect, From, Subject};
use crate::tui::event::Input;
use crate::tui::key::Key;
use crate::tui::keymap::Resolution;
use crate::tui::layer::Layer;
use crate::tui::layout::Class;
use crate::tui::model::{Model, Over};
use crate::tui::panes::connections::model::Land;
use crate::tui::panes::connections::update as list;
use crate::tui::panes::messages::Tone;
use crate::tui::panes::{Pane, help, job, jobs, why};
use crate::tui::possible::{judge, possible};

/// Above how many marks Esc asks before it clears them.
const MANY_MARKS: usize = 20;

/// The first requests of a screen.
pub fn begin(model: &mut Model) -> Vec<Effect> {
    let mut effects = list::ask(&mut model.list, From::Start, Land::End, model.at);
    effects.push(Effect::LoadCounts);
    effects
}

/// Takes one input.
pub fn update(model: &mut Model, input: Input) -> Vec<Effect> {
    let effects = match input {
        Input::Key { key, at } => {
            model.at = model.at.max(at);
            press(model, key)
        }
        Input::Paste(text) => paste(model, &text),
        Input::Burst(count) => {
            model.say(Tone::Bad, format!("{count} keys came at once and were dropped; text is typed after / only."));
            vec![]
        }
        Input::Resize(width, height) => {
            model.size = (width, height);
            model.class = Class::of(width, height, Some(model.class));
            vec![]
        }
        Input::Tick { now, at } => events::tick(model, now, at),
        Input::Event(event) => events::event(model, event),
    };
    model.lay_out();
    dialogs::update::look(model);
    effects
}

/// After a batch of inputs: what the new place of the cursor wants read.
pub fn settle(model: &mut Model) -> Vec<Effect> {
    let mut effects = list::settled(&mut model.list);
    let Some(id) = model.selected().map(|line| line.row.id.clone()) else { return effects };
    if model.profile.asked.as_ref() != Some(&id) {
        model.profile.asked = Some(id.clone());
        model.profile.scroll = 0;
        effects.push(Effect::LoadProfile { id: id.clone(), level: model.level });
    }
    if model.jobs.asked.as_ref() != Some(&id) {
        model.jobs.asked = Some(id.clone());
        effects.push(Effect::LoadJobs { id: id.clone(), limit: jobs::LIMIT });
    }
    let other = |job: &job::Model| job.job.as_ref().is_some_and(|j| j.connection != id);
    if model.focus != Pane::Job && model.job.as_ref().is_some_and(other) {
        model.job = None;
    }
    effects
}

fn press(model: &mut Model, key: Key) -> Vec<Effect> {
    model.notices.key();
    let place = if model.class == Class::Tiny { Layer::Move } else { model.place() };
    let meant = model.keymap.resolve(place.stack(), &model.pending, key);
    if model.class == Class::Tiny {
        // Nobody acts on what they cannot see.
        return match meant {
            Resolution::Action(Action::Quit | Action::QuitNow) => vec![Effect::Quit],
            Resolution::Action(Action::Suspend) => vec![Effect::Suspend],
            _ => vec![],
        };
    }
    let action = if let Resolution::Action(action) = &meant { Some(*action) } else { None };
    if !dialogs::update::admits(model, key, action) {
        return vec![];
    }
    model.last_key = Some((model.at, key));
    let begun = !model.pending.is_empty();
    match meant {
        Resolution::Pending(which) => {
            model.pending.push(key);
            model.which = which;
            vec![]
        }
        Resolution::Action(action) => {
            forget_keys(model);
            act(model, place, action)
        }
        Resolution::None if begun => {
            forget_keys(model);
            model.say(Tone::Plain, format!("{} goes on to nothing.", key.label()));
            vec![]
        }
        Resolution::None => text_key(model, place, key),
    }
}

fn forget_keys(model: &mut Model) {
    model.pending.clear();
    model.which.clear();
}

/// A key that means nothing where it was pressed: text where text is taken.
fn text_key(model: &mut Model, place: Layer, key: Key) -> Vec<Effect> {
    match place {
        Layer::Filter => {
            let done = model.list.filter.press(key);
            list::refilter(&mut model.list, done, model.at)
        }
        Layer::Typed | Layer::Dialog => dialogs::update::type_key(model, key),
        Layer::Help => {
            if let Some(Over::Help(help)) = &mut model.over
                && help.search.press(key)
            {
                help.cursor = 0;
            }
            vec![]
        }
        Layer::Sort | Layer::Copy => {
            model.over = None;
            model.say(Tone::Plain, format!("{} is not in that menu.", key.label()));
            vec![]
        }
        _ => vec![],
    }
}

fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    match model.place() {
        _ if model.class == Class::Tiny => vec![],
        Layer::Filter => {
            let done = model.list.filter.paste(text);
            list::refilter(&mut model.list, done, model.at)
        }
        Layer::Help => {
            if let Some(Over::Help(help)) = &mut model.over {
                help.search.insert(text);
                help.cursor = 0;
            }
            vec![]
        }
        Layer::Typed | Layer::Dialog => {
            dialogs::update::paste(model, text);
            vec![]
        }
        _ => {
            model.say(Tone::Bad, "Pasted text was dropped: nothing here takes text. / takes a filter.");
            vec![]
        }
    }
}

fn act(model: &mut Model, place: Layer, action: Action) -> Vec<Effect> {
    match action {
        Action::QuitNow => return vec![Effect::Quit],
        Action::Suspend => return vec![Effect::Suspend],
        Action::Redraw => return vec![Effect::Redraw],
        _ => {}
    }
    match place {
        Layer::Dialog | Layer::Typed => dialogs::update::act(model, action),
        Layer::Filter => {
            let done = model.list.filter.act(action);
            list::refilter(&mut model.list, done, model.at)
        }
        Layer::Help => in_help(model, action),
        Layer::Messages | Layer::Why => over(model, action),
        Layer::Sort => {
            model.over = None;
            if action == Action::Back { vec![] } else { list::act(&mut model.list, action, model.at) }
        }
        Layer::Copy => {
            model.over = None;
            copy(model, action)
        }
        _ => pane(model, action),
    }
}

fn in_help(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(Over::Help(help)) = &mut model.over else { return vec![] };
    match action {
        Action::Back if !help.search.text().is_empty() => {
            help.search = Default::default();
            help.cursor = 0;
        }
        Action::Back => model.over = None,
        Action::MoveDown | Action::PaneNext => help.step(1),
        Action::MoveUp => help.step(-1),
        Action::PageDown => help.step(10),
        Action::PageUp => help.step(-10),
        Action::MoveTop => help.step(isize::MIN),
        Action::MoveEnd => help.step(isize::MAX),
        Action::HelpRun => {
            let Some(action) = help.current() else { return vec![] };
            model.over = None;
            return act(model, model.place(), action);
        }
        _ => {}
    }
    vec![]
}

/// Messages and why: text that scrolls.
fn over(model: &mut Model, action: Action) -> Vec<Effect> {
    let page = usize::from(model.size.1).saturating_sub(6).max(1) as isize;
    let by = match action {
        Action::MoveDown => 1,
        Action::MoveUp => -1,
        Action::PageDown => page,
        Action::PageUp => -page,
        Action::HalfPageDown => page / 2,
        Action::HalfPageUp => -page / 2,
        Action::MoveTop => isize::MIN,
        Action::MoveEnd => isize::MAX,
        Action::Quit => return quit(model),
        Action::Help => return show_help(model),
        Action::Back | Action::Why | Action::Messages => {
            model.over = None;
            return vec![];
        }
        _ => return vec![],
    };
    let most = crate::tui::view::over_rows(model);
    let scroll = match &mut model.over {
        Some(Over::Why(why)) => &mut why.scroll,
        _ => &mut model.notices.scroll,
    };
    *scroll = scroll.saturating_add_signed(by).min(most);
    vec![]
}

/// What a key means while nothing lies over the panes. Every action is named, so that one nobody
/// handles does not compile.
fn pane(model: &mut Model, action: Action) -> Vec<Effect> {
    use Action as A;
    if let Err(reason) = possible(model, action) {
        let target = model.target().and_then(|id| model.line(&id)).map(|line| line.row.clone());
        match (action, target) {
            (A::Purge, Some(row))
                if !model.read_only && model.list.marks.len() < 2 && judge(&row, A::Purge).is_err() =>
            {
                dialogs::update::no_purge(model, row);
            }
            _ => model.say(Tone::Bad, format!("{}: {reason}.", name(action))),
        }
        return vec![];
    }
    match action {
        A::MoveDown
        | A::MoveUp
        | A::MoveTop
        | A::MoveEnd
        | A::HalfPageDown
        | A::HalfPageUp
        | A::PageDown
        | A::PageUp => {
            return moved(model, action);
        }
        A::Open => return open(model),
        A::Back => return back(model),
        A::PaneNext => go(model, model.focus.walked(1)),
        A::PanePrevious => go(model, model.focus.walked(-1)),
        A::PaneConnections => go(model, Pane::Connections),
        A::PaneProfile => go(model, Pane::Profile),
        A::PaneJobs => go(model, Pane::Jobs),
        A::Zoom => model.zoom = !model.zoom,
        A::AttentionNext | A::AttentionPrevious => return attention(model, action),
        A::Filter => {
            go(model, Pane::Connections);
            model.list.filter.begin();
        }
        A::Sort => model.over = Some(Over::Sort),
        A::Mark | A::MarkRange | A::MarkShown | A::MarkClear => return list::act(&mut model.list, action, model.at),
        A::SortLastUsed | A::SortStatus | A::SortBank | A::SortUser | A::SortJob | A::SortAttention => {
            return list::act(&mut model.list, action, model.at);
        }
        A::Refresh => return dialogs::update::refresh(model),
        A::Purge => return model.target().map_or(vec![], |id| dialogs::update::purge(model, id)),
        A::Revoke => return model.target().map_or(vec![], |id| dialogs::update::revoke(model, id)),
        A::Answer => dialogs::update::answer(model),
        A::Why => return show_why(model),
        A::Follow => return follow(model),
        A::Copy => model.over = Some(Over::Copy),
        A::CopyId | A::CopyUser | A::CopyJson | A::CopyCommand | A::CopyText => return copy(model, action),
        A::Raw => {
            return model.subject().map(|subject| Effect::Page { subject, level: model.level }).into_iter().collect();
        }
        A::Privacy => privacy(model),
        A::Messages => {
            model.notices.scroll = 0;
            model.notices.unseen = 0;
            model.over = Some(Over::Messages);
        }
        A::Help => return show_help(model),
        A::Reload => return reload(model),
        A::Quit => return quit(model),
        // Handled before, or alive in other places only.
        A::Redraw
        | A::Suspend
        | A::QuitNow
        | A::FilterAccept
        | A::FilterComplete
        | A::FilterEarlier
        | A::FilterLater
        | A::DialogYes
        | A::DialogNo
        | A::DialogPress
        | A::DialogNext
        | A::DialogPrevious
        | A::HelpRun => {}
    }
    vec![]
}

/// The first word of what an action is called, for a refusal.
fn name(action: Action) -> &'static str {
    let words = action.words();
    words.split([':', ';', ',']).next().unwrap_or(words)
}

fn moved(model: &mut Model, action: Action) -> Vec<Effect> {
    let room = model.room(model.focus).map_or(1, |r| usize::from(r.height)).max(1) as isize;
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
            if let Some(job) = &mut model.job {
                job.move_by(by);
            }
        }
    }
    vec![]
}

fn go(model: &mut Model, pane: Pane) {
    model.focus = match pane {
        Pane::Jobs if model.job.is_some() => Pane::Job,
        pane => pane,
    };
}

fn open(model: &mut Model) -> Vec<Effect> {
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
fn back(model: &mut Model) -> Vec<Effect> {
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

fn attention(model: &mut Model, action: Action) -> Vec<Effect> {
    go(model, Pane::Connections);
    let before = model.list.window.cursor;
    let effects = list::act(&mut model.list, action, model.at);
    if effects.is_empty() && model.list.window.cursor == before {
        let way = if action == Action::AttentionNext { "further down" } else { "further up" };
        model.say(Tone::Plain, format!("Nothing {way} needs anybody to act."));
    }
    effects
}

fn show_why(model: &mut Model) -> Vec<Effect> {
    let Some(row) = model.selected().map(|line| line.row.clone()) else { return vec![] };
    let place = model.pane_layer();
    let actions = [(Action::Refresh, "refresh"), (Action::Purge, "purge"), (Action::Revoke, "revoke")];
    let actions = actions.map(|(action, words)| {
        let key = model.hints.key(place, action).unwrap_or("");
        (format!("{key} {words}"), judge(&row, action).map_err(|reason| reason.to_string()))
    });
    let meaning = meaning::explain(&Facts::of_row(&row, model.now));
    let id = row.id.clone();
    let why = why::Model { id: id.clone(), row, meaning, actions: actions.into(), scroll: 0 };
    model.over = Some(Over::Why(Box::new(why)));
    vec![Effect::LoadWhy(id)]
}

fn show_help(model: &mut Model) -> Vec<Effect> {
    let place = model.pane_layer();
    let line = |action: &Action| {
        let keys: Vec<String> = place
            .stack()
            .iter()
            .flat_map(|layer| model.keymap.bindings_of(*layer))
            .filter(|binding| binding.action == *action)
            .map(|binding| binding.keys.label())
            .collect();
        let off = possible(model, *action).err().map(|reason| reason.to_string());
        (!keys.is_empty()).then(|| help::Line { action: *action, keys: keys.join(" "), off })
    };
    let lines = Action::ALL.iter().filter_map(line).collect();
    model.over = Some(Over::Help(help::Model { place, lines, search: Default::default(), cursor: 0 }));
    vec![]
}

fn follow(model: &mut Model) -> Vec<Effect> {
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
    let effects = if open.is_none() { vec![Effect::LoadJob(id.clone())] } else { vec![] };
    model.jobs.follow = Some(id.clone());
    model.jobs.cursor = Some(id.clone());
    model.job = Some(job::Model::new(id, open));
    model.focus = Pane::Job;
    effects
}

fn copy(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(subject) = model.subject() else { return vec![] };
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
    vec![Effect::Copy { subject, what, level: model.level }]
}

fn privacy(model: &mut Model) {
    model.level = model.level.toggled(model.floor);
    model.list.window.remask(model.level);
    // What was read at the other level is dropped at once, not when the new one comes.
    model.profile.shown = None;
    model.profile.asked = None;
}

fn reload(model: &mut Model) -> Vec<Effect> {
    model.profile.asked = None;
    model.jobs.asked = None;
    let mut effects = list::reorder(&mut model.list, true, model.at);
    effects.push(Effect::LoadCounts);
    if let Some(job) = &model.job {
        effects.push(Effect::LoadJob(job.id.clone()));
    }
    effects
}

fn quit(model: &mut Model) -> Vec<Effect> {
    if model.sent == 0 {
        return vec![Effect::Quit];
    }
    dialogs::update::open(model, Ask::Quit(model.sent));
    vec![]
}
