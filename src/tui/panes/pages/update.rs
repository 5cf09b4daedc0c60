//! What keys and events do to the pages.

use super::{FIRST, Kind, MOST, Page, Rows, Trail, activity};
use crate::domain::act::{ActKind, Selection};
use crate::domain::groups::GroupField;
use crate::domain::ids::ConnectionId;
use crate::tui::action::Action;
use crate::tui::dialogs;
use crate::tui::effect::Effect;
use crate::tui::kept;
use crate::tui::model::Model;
use crate::tui::panes::connections::filter::Done;
use crate::tui::panes::connections::{live, update as list};
use crate::tui::panes::messages::Tone;
use crate::tui::panes::{Pane, job, rows_moved};
use crate::tui::terminal::key::Key;
use crate::tui::widgets::table::Told;

/// The most connections that a row marks at once.
const MOST_MARKS: usize = 10_000;

pub(crate) fn open(model: &mut Model, kind: Kind) {
    model.pages.shown = Some(kind);
    if let Some(page) = model.pages.shown_mut() {
        page.stale = true;
    }
}

/// Takes an action of the page that is shown; none when it is not the page's.
pub(crate) fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    if action == Action::Timeline {
        timeline(model);
        return Some(vec![]);
    }
    if let Some(kind) = Kind::opened_by(action) {
        model.pages.under = None;
        open(model, kind);
        return Some(vec![]);
    }
    let page = model.pages.shown_mut()?;
    if let Some(by) = rows_moved(action, page.height) {
        page.step(by);
        return Some(vec![]);
    }
    match action {
        Action::Open => return Some(onward(model)),
        Action::Back => return Some(back(model)),
        Action::Filter => {
            page.filter.begin();
            return Some(vec![Effect::LoadBanks]);
        }
        Action::Mark => return Some(mark(model)),
        Action::Refresh if model.list.marks.is_empty() => return Some(refresh(model)),
        Action::Hold if model.list.marks.is_empty() => return Some(hold(model)),
        Action::Note | Action::Take | Action::Snooze if model.list.marks.is_empty() => {
            let connection = page.connection().cloned();
            return Some(connection.map_or(vec![], |id| {
                dialogs::start::start_handling(model, action, id)
            }));
        }
        Action::Invite if model.list.marks.is_empty() => {
            let of = page.connection().cloned().into_iter().collect();
            return Some(dialogs::start::start_invite(model, of));
        }
        Action::ViewDelete => {
            kept::delete_view(model);
            return Some(vec![]);
        }
        Action::Reload => page.stale = true,
        // these belong to the panes, which come back
        Action::PaneConnections
        | Action::PaneProfile
        | Action::PaneJobs
        | Action::PaneNext
        | Action::PanePrevious
        | Action::AttentionNext
        | Action::AttentionPrevious => model.pages.shown = None,
        _ => {}
    }
    None
}

/// The history of the connection under the cursor, of the list or of a page.
fn timeline(model: &mut Model) {
    let of = match model.pages.shown() {
        Some(page) => page.connection().cloned(),
        None => model.selected().map(|line| line.row.id.clone()),
    };
    let Some(of) = of else { return };
    model.pages.under = model.pages.kind();
    open(model, Kind::Timeline);
    if let Some(page) = model.pages.shown_mut()
        && page.of.as_ref() != Some(&of)
    {
        page.lines.clear();
        (page.cursor, page.top, page.read, page.asked, page.due) = (0, 0, false, None, 0);
        page.of = Some(of);
    }
}

/// The list of connections by this field, as its filter is now.
pub(crate) fn group(model: &mut Model, by: GroupField) {
    let filter = model.list.filter.clone();
    model.pages.under = None;
    open(model, Kind::Groups);
    if let Some(page) = model.pages.shown_mut() {
        page.lines.clear();
        (page.cursor, page.top, page.limit) = (0, 0, FIRST);
        (page.read, page.stale, page.asked, page.due) = (false, true, None, 0);
        (page.by, page.filter) = (by, filter);
    }
}

/// To the connections of the row under the cursor.
fn onward(model: &mut Model) -> Vec<Effect> {
    let Some(page) = model.pages.shown() else {
        return vec![];
    };
    if let Some(view) = page.view().cloned() {
        return kept::open_view(model, &view);
    }
    let Some(filter) = page.current().and_then(|line| line.item.filter()) else {
        return vec![];
    };
    let job = page.job().cloned();
    let before = model.list.filter.field.text().to_owned();
    model.pages.trail = Some(Trail {
        from: page.kind,
        set: filter.clone(),
        before,
    });
    model.pages.shown = None;
    model.focus = Pane::Connections;
    if let Some(job) = job {
        model.job = Some(job::Model::new(job.id.clone(), Some(job)));
        model.focus = Pane::Job;
    }
    let done = model.list.filter.set(&filter);
    list::refilter(&mut model.list, done, model.at)
}

/// Esc: first the filter goes, then the page.
fn back(model: &mut Model) -> Vec<Effect> {
    // the filter of groups is the list's
    let filtered = |page: &Page| page.kind != Kind::Groups && !page.filter.field.text().is_empty();
    if !model.pages.shown().is_some_and(filtered) {
        model.pages.shown = model.pages.under.take();
        return vec![];
    }
    let page = model.pages.shown_mut();
    let done = page.map_or(Done::Same, |page| page.filter.set(""));
    refilter(model, done)
}

/// From the list of connections back to the page it was reached from, unless its filter was changed since.
pub(crate) fn back_to_page(model: &mut Model) -> Option<Vec<Effect>> {
    let trail = model.pages.trail.take()?;
    if model.list.filter.field.text() != trail.set {
        return None;
    }
    open(model, trail.from);
    let done = model.list.filter.set(&trail.before);
    Some(list::refilter(&mut model.list, done, model.at))
}

/// Marks the connections of the row, or takes their marks away again.
fn mark(model: &mut Model) -> Vec<Effect> {
    let Some(page) = model.pages.shown_mut() else {
        return vec![];
    };
    let (Some(line), Some(query)) = (page.current(), page.query()) else {
        return vec![];
    };
    let (kind, key) = (page.kind, line.key.clone());
    if let Some(id) = line.item.connection().cloned() {
        page.step(1);
        if !model.list.marks.remove(&id) {
            model.list.marks.insert(id);
            model.list.live.changed();
        }
        return vec![];
    }
    let marked = page.marked.remove(&key).unwrap_or_default();
    page.step(1);
    let marks = &mut model.list.marks;
    let before = marks.len();
    marked.iter().for_each(|id| {
        marks.remove(id);
    });
    if marks.len() < before {
        let words = format!("{} unmarked.", before - marks.len());
        model.say(Tone::Plain, words);
        return vec![];
    }
    vec![Effect::LoadRowIds {
        kind,
        key,
        query,
        limit: MOST_MARKS,
    }]
}

pub(crate) fn ids_loaded(
    model: &mut Model,
    kind: Kind,
    key: String,
    ids: Vec<ConnectionId>,
    all: bool,
) {
    let more = if all {
        ""
    } else {
        "; there are more than can be marked at once"
    };
    model.say(Tone::Plain, format!("{} marked{more}.", ids.len()));
    model.list.marks.extend(ids.iter().cloned());
    // which of them the list's filter hides is read with the list
    model.list.live.changed();
    if let Some(page) = model.pages.kept.get_mut(&kind) {
        page.marked.insert(key, ids);
    }
}

/// The refresh of all connections of the row.
fn refresh(model: &mut Model) -> Vec<Effect> {
    let page = model.pages.shown();
    let line = page.and_then(Page::current);
    let selection = match line.and_then(|line| line.item.connection()) {
        Some(id) => Some(Selection::One(id.clone())),
        None => page
            .and_then(Page::query)
            .map(|query| Selection::Found(Box::new(query))),
    };
    selection.map_or(vec![], |selection| {
        dialogs::start::start_act(model, ActKind::Refresh, selection, None)
    })
}

/// The hold of what the row stands for.
fn hold(model: &mut Model) -> Vec<Effect> {
    let of = model.pages.shown().and_then(Page::held);
    of.map_or(vec![], |of| dialogs::start::start_hold(model, of))
}

pub(crate) fn filter_act(model: &mut Model, action: Action) -> Vec<Effect> {
    let page = model.pages.shown_mut();
    let done = page.map_or(Done::Same, |page| page.filter.act(action));
    refilter(model, done)
}

pub(crate) fn filter_type(model: &mut Model, key: Key) -> Vec<Effect> {
    let page = model.pages.shown_mut();
    let done = page.map_or(Done::Same, |page| page.filter.press(key));
    refilter(model, done)
}

pub(crate) fn filter_paste(model: &mut Model, text: &str) -> Vec<Effect> {
    let page = model.pages.shown_mut();
    let done = page.map_or(Done::Same, |page| page.filter.paste(text));
    refilter(model, done)
}

/// The new question is asked at once; an answer to the one before is dropped.
fn refilter(model: &mut Model, done: Done) -> Vec<Effect> {
    if done == Done::Changed
        && let Some(page) = model.pages.shown_mut()
    {
        (page.cursor, page.top, page.limit) = (0, 0, FIRST);
        (page.stale, page.asked, page.due) = (true, None, 0);
    }
    vec![]
}

/// When the page that is shown has to be read again although nothing happens.
pub(crate) fn wakes(model: &Model) -> Option<u64> {
    let page = model.pages.shown()?;
    (page.stale && page.asked.is_none()).then_some(page.due)
}

/// Reads the page that is shown: once something was committed and when it is time, or when the cursor comes near the
/// last row that was read.
pub(crate) fn read_again(model: &mut Model) -> Option<Effect> {
    if model.pages.kind() == Some(Kind::Activity) {
        told(model);
        return None;
    }
    let (at, level) = (model.at, model.level);
    let generation = model.pages.generation + 1;
    let page = model.pages.shown_mut()?;
    // as many lines as there is room for
    if page.kind == Kind::Since && page.limit != page.height {
        (page.limit, page.stale, page.due) = (page.height, true, at);
    }
    let near = page.cursor + page.height.max(1) >= page.lines.len();
    let wants = page.more && near && page.limit < MOST;
    if page.asked.is_some() || !(wants || page.stale && at >= page.due) {
        return None;
    }
    if wants {
        page.limit = (page.limit * 2).min(MOST);
    }
    (page.stale, page.asked, page.generation) = (false, Some(at), generation);
    let effect = Effect::LoadRows {
        kind: page.kind,
        generation,
        of: page.of.clone(),
        by: page.by,
        query: page.filter.query.clone(),
        limit: page.limit,
        level,
    };
    model.pages.generation = generation;
    Some(effect)
}

/// What was said since: nothing has to be read for it.
fn told(model: &mut Model) {
    let (signs, zone, now) = (model.signs, model.zone, model.now);
    let rows = Rows::Activity(activity::deeds(&model.notices));
    let said = model.notices.said;
    let Some(page) = model.pages.shown_mut() else {
        return;
    };
    if !page.read || page.generation != said || page.stale {
        (page.generation, page.stale) = (said, false);
        page.load(rows.lines(Told { signs, zone, now }), false);
    }
}

pub(crate) fn loaded(model: &mut Model, generation: u64, rows: Rows, more: bool) {
    let (signs, zone, now, at) = (model.signs, model.zone, model.now, model.at);
    let Some(page) = model.pages.kept.get_mut(&rows.kind()) else {
        return;
    };
    if page.generation != generation {
        return;
    }
    page.due = live::next_reading(page.asked.take(), at);
    let told = Told { signs, zone, now };
    page.note = rows.note(told);
    page.load(rows.lines(told), more);
}

/// It is tried again, and until then the header says why it is not as the file is.
pub(crate) fn failed(model: &mut Model, kind: Kind, generation: u64, reason: String) {
    let at = model.at;
    let page = model.pages.kept.get_mut(&kind);
    let Some(page) = page.filter(|page| page.generation == generation) else {
        return;
    };
    (page.stale, page.asked, page.due) = (true, None, at + live::AGAIN);
    live::failed(model, reason);
}

/// The field that an action groups by.
pub(crate) fn group_field(action: Action) -> Option<GroupField> {
    Some(match action {
        Action::GroupStatus => GroupField::Status,
        Action::GroupMover => GroupField::Mover,
        Action::GroupBank => GroupField::Bank,
        Action::GroupVia => GroupField::Via,
        Action::GroupUser => GroupField::User,
        Action::GroupCode => GroupField::Code,
        _ => return None,
    })
}
