//! One step of the screen, pure, and the only writer of the model.
//! Feed every waiting input to [`update`], then call [`settle`] once, then draw.

pub(crate) mod events;
mod mouse;
pub(crate) mod view_actions;

use crate::domain::views::Place;
use crate::tui::action::Action;
use crate::tui::availability::possible;
use crate::tui::dialogs;
use crate::tui::effect::Effect;
use crate::tui::event::Input;
use crate::tui::kept;
use crate::tui::keymap::Resolution;
use crate::tui::layer::Layer;
use crate::tui::layout::Class;
use crate::tui::model::{Model, Over};
use crate::tui::panes::connections::model::Land;
use crate::tui::panes::connections::{keys as list, live, update as list_update};
use crate::tui::panes::messages::Tone;
use crate::tui::panes::palette::{self, Run};
use crate::tui::panes::{
    Pane, columns, help, job, jobs, messages, pages, profile, rows_moved, why,
};
use crate::tui::terminal::key::Key;
pub(crate) use events::wake_in;

pub(crate) fn begin(model: &mut Model) -> Vec<Effect> {
    let mut effects = list_update::ask(&mut model.list, Place::Start, Land::End, model.at);
    effects.push(Effect::LoadBanks);
    effects
}

pub(crate) fn update(model: &mut Model, input: Input) -> Vec<Effect> {
    let effects = match input {
        Input::Key { key, at } => {
            model.at = model.at.max(at);
            press(model, key)
        }
        Input::Mouse { mouse, at } => {
            model.at = model.at.max(at);
            mouse::mouse(model, mouse)
        }
        Input::Paste(text) => paste(model, &text),
        Input::Burst(count) => {
            let words =
                format!("{count} keys came at once and were dropped: nothing here takes text.");
            model.say(Tone::Bad, words);
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
    dialogs::update::note_read(model);
    effects
}

/// After a batch of inputs: what the new place of the cursor wants read.
pub(crate) fn settle(model: &mut Model) -> Vec<Effect> {
    let mut effects = list_update::settled(&mut model.list);
    effects.extend(live::read_again(model));
    effects.extend(pages::update::read_again(model));
    effects.extend(beside(model));
    effects
}

/// The other panes follow a cursor that rests.
fn beside(model: &mut Model) -> Vec<Effect> {
    let mut rest = std::mem::take(&mut model.rest);
    let Some(row) = model.selected().map(|line| &line.row) else {
        return vec![];
    };
    let follow = rest.on(row, model.at).then(|| row.id.clone());
    model.rest = rest;
    let Some(id) = follow else { return vec![] };
    job::update::follow_cursor(model, &id);
    let profile = profile::update::follow_cursor(model, &id);
    let jobs = jobs::update::follow_cursor(model, &id);
    profile.into_iter().chain(jobs).collect()
}

pub(crate) fn resolve(model: &Model, key: Key) -> Resolution {
    let place = if model.class == Class::Tiny {
        Layer::Move
    } else {
        model.place()
    };
    model.keymap.resolve(place.stack(), &model.pending, key)
}

fn press(model: &mut Model, key: Key) -> Vec<Effect> {
    let meant = resolve(model, key);
    model.notices.key();
    view_actions::somebody_here(model);
    let mut effects = view_actions::looks(model);
    effects.extend(pressed(model, key, meant));
    effects
}

fn pressed(model: &mut Model, key: Key, meant: Resolution) -> Vec<Effect> {
    if model.class == Class::Tiny {
        // Nobody acts on what they cannot see.
        return match meant {
            Resolution::Action(Action::Quit | Action::QuitNow) => vec![Effect::Quit],
            Resolution::Action(Action::Suspend) => vec![Effect::Suspend],
            _ => vec![],
        };
    }
    let action = match &meant {
        Resolution::Action(action) => Some(*action),
        Resolution::Pending(_) | Resolution::None => None,
    };
    if !dialogs::update::admits(model, key, action) {
        return vec![];
    }
    model.last_key = Some((model.at, key));
    let place = model.place();
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
        Resolution::None if !model.pending.is_empty() => {
            let keys = model.pending.iter().chain([&key]).map(|key| key.label());
            let keys = keys.collect::<Vec<_>>().join(" ");
            forget_keys(model);
            model.say(Tone::Plain, format!("No binding is {keys}."));
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
        Layer::Filter if model.pages.kind().is_some() => {
            return pages::update::filter_type(model, key);
        }
        Layer::Filter => return list::filter_type(model, key),
        Layer::Typed | Layer::Dialog => return dialogs::update::type_key(model, key),
        Layer::Help => help::update::type_key(model, key),
        Layer::Palette => return palette::update::type_key(model, key),
        Layer::Sort | Layer::Group | Layer::Copy => {
            model.over = None;
            let words = format!("{} is not in that menu.", key.label());
            model.say(Tone::Plain, words);
        }
        _ => {}
    }
    vec![]
}

fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    match model.place() {
        _ if model.class == Class::Tiny => {}
        Layer::Filter if model.pages.kind().is_some() => {
            return pages::update::filter_paste(model, text);
        }
        Layer::Filter => return list::filter_paste(model, text),
        Layer::Help => help::update::paste(model, text),
        Layer::Palette => return palette::update::paste(model, text),
        Layer::Typed | Layer::Dialog => dialogs::update::paste(model, text),
        _ => model.say(
            Tone::Bad,
            "Pasted text was dropped: nothing here takes text. / takes a filter.",
        ),
    }
    vec![]
}

fn act(model: &mut Model, place: Layer, action: Action) -> Vec<Effect> {
    match (action, place) {
        (Action::QuitNow, _) => vec![Effect::Quit],
        (Action::Suspend, _) => vec![Effect::Suspend],
        (Action::Redraw, _) => vec![Effect::Redraw],
        (_, Layer::Dialog | Layer::Typed) => dialogs::update::act(model, action),
        (_, Layer::Filter) if model.pages.kind().is_some() => {
            pages::update::filter_act(model, action)
        }
        (_, Layer::Filter) => list::filter_act(model, action),
        (_, Layer::Help) => match help::update::act(model, action) {
            Some(run) => act(model, model.place(), run),
            None => vec![],
        },
        (_, Layer::Palette) => match palette::update::act(model, action) {
            Some(Run::Act(run)) => act(model, model.place(), run),
            Some(other) => palette::update::set(model, other),
            None => vec![],
        },
        (_, Layer::Messages | Layer::Why) => over(model, action),
        (_, Layer::Sort) => {
            let then = matches!(model.over, Some(Over::Sort { then: true }));
            let asks = action == Action::SortThen && !then;
            model.over = asks.then_some(Over::Sort { then: true });
            match list_update::sort_field(action) {
                Some(field) => list_update::sort(&mut model.list, field, then, model.at),
                None => vec![],
            }
        }
        (Action::Help, Layer::Columns) => {
            help::update::open(model);
            vec![]
        }
        (Action::Quit, Layer::Columns) => view_actions::quit(model),
        (_, Layer::Columns) => {
            columns::update::act(model, action);
            vec![]
        }
        (_, Layer::Group) => {
            model.over = None;
            if let Some(by) = pages::update::group_field(action) {
                pages::update::group(model, by);
            }
            vec![]
        }
        (_, Layer::Copy) => {
            model.over = None;
            view_actions::copy(model, action)
        }
        _ => pane(model, action),
    }
}

fn over(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Quit => return view_actions::quit(model),
        Action::Help => help::update::open(model),
        Action::Back | Action::Why | Action::Messages => model.over = None,
        _ => {
            let page = usize::from(model.size.1.saturating_sub(6));
            if let Some(by) = rows_moved(action, page) {
                match &model.over {
                    Some(Over::Why(_)) => why::update::scroll(model, by),
                    _ => messages::update::scroll(model, by),
                }
            }
        }
    }
    vec![]
}

/// Every action is named, so that one nobody handles does not compile.
fn pane(model: &mut Model, action: Action) -> Vec<Effect> {
    use Action as A;
    if let Err(reason) = possible(model, action) {
        view_actions::impossible(model, action, &reason.to_string());
        return vec![];
    }
    if let Some(effects) = pages::update::act(model, action) {
        return effects;
    }
    match action {
        A::MoveDown
        | A::MoveUp
        | A::MoveTop
        | A::MoveEnd
        | A::HalfPageDown
        | A::HalfPageUp
        | A::PageDown
        | A::PageUp
        | A::Open => return focused(model, action),
        A::Back if model.zoom => model.zoom = false,
        A::Back => return focused(model, action),
        A::PaneNext => model.go(model.focus.walked(1)),
        A::PanePrevious => model.go(model.focus.walked(-1)),
        A::PaneConnections => model.go(Pane::Connections),
        A::PaneProfile => model.go(Pane::Profile),
        A::PaneJobs => model.go(Pane::Jobs),
        A::Zoom => model.zoom = !model.zoom,
        A::AttentionNext | A::AttentionPrevious => {
            model.go(Pane::Connections);
            return list::act(model, action);
        }
        A::Filter => return list::begin_filter(model),
        A::Sort => model.over = Some(Over::Sort { then: false }),
        A::Mark
        | A::MarkRange
        | A::MarkShown
        | A::MarkClear
        | A::SortLastUsed
        | A::SortStatus
        | A::SortBank
        | A::SortUser
        | A::SortJob
        | A::SortSince
        | A::SortAccounts
        | A::SortTransactions
        | A::SortConsent
        | A::SortVia
        | A::SortCreated
        | A::SortId
        | A::SortAttention => return list::act(model, action),
        A::Refresh
        | A::Purge
        | A::Revoke
        | A::Hold
        | A::Invite
        | A::Note
        | A::Take
        | A::Snooze
        | A::RefreshUser
        | A::UpdateCredentials
        | A::Authorise
        | A::Connect
        | A::Migrate
        | A::Erase => return dialogs::start::start(model, action),
        A::TakeBack => return dialogs::start::take_back(model),
        A::Answer => dialogs::start::answer(model),
        A::Why => return why::update::open(model),
        A::Follow => return job::update::follow(model),
        A::Columns => columns::update::open(model),
        A::Group => model.over = Some(Over::Group),
        A::ViewSave => kept::save_view(model),
        A::Copy => model.over = Some(Over::Copy),
        A::CopyId | A::CopyUser | A::CopyLink | A::CopyJson | A::CopyCommand | A::CopyText => {
            return view_actions::copy(model, action);
        }
        A::Raw => return view_actions::page(model),
        A::Privacy => view_actions::privacy(model),
        A::Messages => messages::update::open(model),
        A::Help => help::update::open(model),
        A::Palette => return palette::update::open(model),
        A::Reload => return view_actions::reload(model),
        A::Quit => return view_actions::quit(model),
        // Handled before, or alive in other places only.
        A::PageActivity
        | A::PageCauses
        | A::PageBanks
        | A::PageJobs
        | A::PagePeople
        | A::PageAudit
        | A::PageSince
        | A::Timeline
        | A::SortThen
        | A::Views
        | A::ViewDelete
        | A::ColumnShow
        | A::GroupStatus
        | A::GroupMover
        | A::GroupBank
        | A::GroupVia
        | A::GroupUser
        | A::GroupCode
        | A::ColumnDown
        | A::ColumnUp
        | A::ColumnsUsual
        | A::Redraw
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

fn focused(model: &mut Model, action: Action) -> Vec<Effect> {
    match model.focus {
        Pane::Connections => return list::act(model, action),
        Pane::Profile => profile::update::act(model, action),
        Pane::Jobs => jobs::update::act(model, action),
        Pane::Job => job::update::act(model, action),
    }
    vec![]
}
