//! One step of the screen: something comes in, the model changes, requests go out. Pure, and the only
//! writer of the model.
//!
//! Feed every waiting input to [`update`], then call [`settle`] once, then draw. Deliberately absent:
//! waiting for anything.

mod acts;
pub(crate) mod events;

use crate::domain::policy::Act;
use crate::tui::action::Action;
use crate::tui::availability::{judge, possible};
use crate::tui::dialogs;
use crate::tui::effect::{Effect, From};
use crate::tui::event::Input;
use crate::tui::keymap::Resolution;
use crate::tui::layer::Layer;
use crate::tui::layout::Class;
use crate::tui::model::{Model, Over};
use crate::tui::panes::connections::model::Land;
use crate::tui::panes::connections::update as list;
use crate::tui::panes::messages::Tone;
use crate::tui::panes::{Pane, job, jobs};
use crate::tui::terminal::key::Key;
use acts::{
    attention, back, copy, follow, go, moved, name, open, privacy, quit, reload, show_help,
    show_why,
};
pub(crate) use events::wake_in;

/// Above how many marks Esc asks before it clears them.
const MANY_MARKS: usize = 20;

/// The first requests of a screen.
pub(crate) fn begin(model: &mut Model) -> Vec<Effect> {
    let mut effects = list::ask(&mut model.list, From::Start, Land::End, model.at);
    effects.extend([Effect::LoadCounts, Effect::LoadBanks]);
    effects
}

/// Takes one input.
pub(crate) fn update(model: &mut Model, input: Input) -> Vec<Effect> {
    let effects = match input {
        Input::Key { key, at } => {
            model.at = model.at.max(at);
            press(model, key)
        }
        Input::Paste(text) => paste(model, &text),
        Input::Burst(count) => {
            model.say(
                Tone::Bad,
                format!("{count} keys came at once and were dropped; text is typed after / only."),
            );
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
pub(crate) fn settle(model: &mut Model) -> Vec<Effect> {
    let mut effects = list::settled(&mut model.list);
    let Some(id) = model.selected().map(|line| line.row.id.clone()) else {
        return effects;
    };
    if model.profile.asked.as_ref() != Some(&id) {
        model.profile.asked = Some(id.clone());
        model.profile.scroll = 0;
        effects.push(Effect::LoadProfile {
            id: id.clone(),
            level: model.level,
        });
    }
    if model.jobs.asked.as_ref() != Some(&id) {
        model.jobs.asked = Some(id.clone());
        effects.push(Effect::LoadJobs {
            id: id.clone(),
            limit: jobs::LIMIT,
        });
    }
    let other = |job: &job::Model| job.job.as_ref().is_some_and(|j| j.connection != id);
    if model.focus != Pane::Job && model.job.as_ref().is_some_and(other) {
        model.job = None;
    }
    effects
}

fn press(model: &mut Model, key: Key) -> Vec<Effect> {
    model.notices.key();
    acts::somebody_here(model);
    let place = if model.class == Class::Tiny {
        Layer::Move
    } else {
        model.place()
    };
    let meant = model.keymap.resolve(place.stack(), &model.pending, key);
    if model.class == Class::Tiny {
        // Nobody acts on what they cannot see.
        return match meant {
            Resolution::Action(Action::Quit | Action::QuitNow) => vec![Effect::Quit],
            Resolution::Action(Action::Suspend) => vec![Effect::Suspend],
            _ => vec![],
        };
    }
    let action = if let Resolution::Action(action) = &meant {
        Some(*action)
    } else {
        None
    };
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
            model.say(
                Tone::Bad,
                "Pasted text was dropped: nothing here takes text. / takes a filter.",
            );
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
            if action == Action::Back {
                vec![]
            } else {
                list::act(&mut model.list, action, model.at)
            }
        }
        Layer::Copy => {
            model.over = None;
            copy(model, action)
        }
        _ => pane(model, action),
    }
}

fn in_help(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(Over::Help(help)) = &mut model.over else {
        return vec![];
    };
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
            let Some(action) = help.current() else {
                return vec![];
            };
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
        let target = model
            .target()
            .and_then(|id| model.line(&id))
            .map(|line| line.row.clone());
        match (action, target) {
            (A::Purge, Some(row))
                if !model.read_only
                    && model.list.marks.len() < 2
                    && judge(&row, A::Purge).is_err() =>
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
        A::Mark | A::MarkRange | A::MarkShown | A::MarkClear => {
            return list::act(&mut model.list, action, model.at);
        }
        A::SortLastUsed
        | A::SortStatus
        | A::SortBank
        | A::SortUser
        | A::SortJob
        | A::SortAttention => {
            return list::act(&mut model.list, action, model.at);
        }
        A::Refresh => return dialogs::update::refresh(model),
        A::Purge if model.list.marks.len() > 1 => return dialogs::bulk::open(model, Act::Purge),
        A::Revoke if model.list.marks.len() > 1 => return dialogs::bulk::open(model, Act::Revoke),
        A::Purge => {
            return model
                .target()
                .map_or(vec![], |id| dialogs::update::purge(model, id));
        }
        A::Revoke => {
            return model
                .target()
                .map_or(vec![], |id| dialogs::update::revoke(model, id));
        }
        A::Answer => dialogs::update::answer(model),
        A::RefreshUser
        | A::UpdateCredentials
        | A::Authorise
        | A::Connect
        | A::Migrate
        | A::Erase => {
            return dialogs::form::open(model, action);
        }
        A::Why => return show_why(model),
        A::Follow => return follow(model),
        A::Copy => model.over = Some(Over::Copy),
        A::CopyId | A::CopyUser | A::CopyJson | A::CopyCommand | A::CopyText => {
            return copy(model, action);
        }
        A::Raw => {
            return model
                .subject()
                .map(|subject| Effect::Page {
                    subject,
                    level: model.level,
                })
                .into_iter()
                .collect();
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
