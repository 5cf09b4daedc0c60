//! What keys and events do to the list. All reads go through [`ask`], so each question has its own generation.

use super::filter::Done;
use super::model::{Land, Model};
use super::row_cells::Line;
use super::window::PAGE;
use crate::domain::ids::ConnectionId;
use crate::domain::mask::Level;
use crate::domain::views::{Counts, Place, Sort, SortField, Stretch};
use crate::tui::action::Action;
use crate::tui::effect::Effect;

/// Milliseconds a row that is gone is still shown under the cursor.
pub(crate) const GONE_FOR: u64 = 800;

/// Milliseconds the cursor has to rest before the list is put in order by itself.
pub(crate) const STILL_FOR: u64 = 1_000;

/// The most rows that are marked at once.
const MOST_MARKS: usize = 10_000;

pub(crate) fn ask(model: &mut Model, from: Place, land: Land, at: u64) -> Vec<Effect> {
    model.generation += 1;
    model.loading = Some(at);
    model.land = land;
    model.sized = None;
    let (generation, query, sort) = (model.generation, model.filter.query.clone(), model.sort);
    // without a filter the size comes with the rows, and no mark is hidden
    let counted = query.expr.is_some().then(|| Effect::LoadFigures {
        generation,
        query: query.clone(),
        marks: model.marks.iter().cloned().collect(),
    });
    let rows = Effect::LoadPage {
        generation,
        query,
        sort,
        from,
        limit: PAGE,
    };
    [rows].into_iter().chain(counted).collect()
}

/// Reads the list again around the cursor's row, which keeps its line of the screen.
pub(crate) fn reorder(model: &mut Model, at: u64) -> Vec<Effect> {
    match model.current().map(|line| line.row.id.clone()) {
        Some(cursor) => ask(model, Place::Around(cursor), Land::Here, at),
        None => ask(model, Place::Start, Land::End, at),
    }
}

pub(crate) fn refilter(model: &mut Model, done: Done, at: u64) -> Vec<Effect> {
    match done {
        Done::Same => vec![],
        Done::Changed => {
            let land = model
                .current()
                .map(|l| l.row.id.clone())
                .map_or(Land::End, Land::Row);
            ask(model, Place::Start, land, at)
        }
    }
}

/// Goes back to the row the filter was opened on.
pub(crate) fn back_to_origin(model: &mut Model, done: Done, at: u64) -> Vec<Effect> {
    match (done, model.origin.take()) {
        (Done::Changed, Some((id, line))) => ask(model, Place::Around(id), Land::Line(line), at),
        (done, _) => refilter(model, done, at),
    }
}

/// Stays on the row under the cursor when the filter goes; from an empty list, back to where the filter was opened.
pub(crate) fn unfiltered(model: &mut Model, done: Done, at: u64) -> Vec<Effect> {
    match done {
        Done::Changed if model.current().is_some() => reorder(model, at),
        done => back_to_origin(model, done, at),
    }
}

pub(crate) fn act(model: &mut Model, action: Action, at: u64) -> Vec<Effect> {
    let page = model.window.shown(model.height) as isize;
    let half = (model.height / 2).max(1) as isize;
    match action {
        Action::MoveDown => model.window.step(1),
        Action::MoveUp => model.window.step(-1),
        Action::PageDown => model.window.scroll(page, model.height),
        Action::PageUp => model.window.scroll(-page, model.height),
        Action::HalfPageDown => model.window.scroll(half, model.height),
        Action::HalfPageUp => model.window.scroll(-half, model.height),
        Action::MoveTop if model.window.starts => model.window.step(isize::MIN),
        Action::MoveEnd if model.window.ends => model.window.step(isize::MAX),
        Action::MoveTop => return moved(model, at, |m| ask(m, Place::Start, Land::End, at)),
        Action::MoveEnd => return moved(model, at, |m| ask(m, Place::End, Land::End, at)),
        Action::Mark => mark(model),
        Action::MarkRange => mark_range(model),
        Action::MarkShown => return mark_shown(model),
        Action::MarkClear => model.marks.clear(),
        _ => {
            let sorted = sort_field(action).map(|field| sort(model, field, false, at));
            return sorted.unwrap_or_default();
        }
    }
    moved(model, at, |_| vec![])
}

fn moved(model: &mut Model, at: u64, then: impl FnOnce(&mut Model) -> Vec<Effect>) -> Vec<Effect> {
    model.moved_at = at;
    model.window.settle(model.height);
    then(model)
}

pub(crate) fn sort_field(action: Action) -> Option<SortField> {
    Some(match action {
        Action::SortLastUsed => SortField::LastUsed,
        Action::SortStatus => SortField::Status,
        Action::SortBank => SortField::Bank,
        Action::SortUser => SortField::User,
        Action::SortJob => SortField::Job,
        Action::SortSince => SortField::Since,
        Action::SortAccounts => SortField::Accounts,
        Action::SortTransactions => SortField::Transactions,
        Action::SortConsent => SortField::Consent,
        Action::SortVia => SortField::Via,
        Action::SortCreated => SortField::Created,
        Action::SortId => SortField::Id,
        Action::SortAttention => SortField::Mover,
        _ => return None,
    })
}

/// Orders the list by this field, or with `then` the rows that are equal in the first one.
pub(crate) fn sort(model: &mut Model, field: SortField, then: bool, at: u64) -> Vec<Effect> {
    let sort = match then {
        true => model.sort.asked_then(field),
        false => model.sort.asked(field),
    };
    ordered(model, sort, at)
}

pub(crate) fn ordered(model: &mut Model, sort: Sort, at: u64) -> Vec<Effect> {
    model.sort = sort;
    model.window.headed = sort.headed();
    ask(model, Place::Start, Land::End, at)
}

fn mark(model: &mut Model) {
    let Some(id) = model
        .current()
        .filter(|l| !l.gone())
        .map(|l| l.row.id.clone())
    else {
        return;
    };
    if !model.marks.remove(&id) {
        model.marks.insert(id.clone());
    }
    model.marked_last = Some(id);
    model.window.step(1);
}

fn mark_range(model: &mut Model) {
    let here = model.window.cursor;
    let from = model
        .marked_last
        .as_ref()
        .and_then(|id| model.window.position(id))
        .unwrap_or(here);
    let ids: Vec<ConnectionId> = model
        .window
        .lines()
        .range(from.min(here)..(from.max(here) + 1).min(model.window.lines().len()))
        .filter(|l| !l.gone())
        .map(|l| l.row.id.clone())
        .collect();
    model.marks.extend(ids);
    model.marked_last = model.current().map(|l| l.row.id.clone());
}

fn mark_shown(model: &mut Model) -> Vec<Effect> {
    if model.window.whole() {
        let ids: Vec<ConnectionId> = model
            .window
            .lines()
            .iter()
            .filter(|l| !l.gone())
            .map(|l| l.row.id.clone())
            .collect();
        model.marks.extend(ids);
        return vec![];
    }
    let (generation, query) = (model.generation, model.filter.query.clone());
    vec![Effect::LoadIds {
        generation,
        query,
        limit: MOST_MARKS,
    }]
}

/// The next row that needs action, from the other end of the list on when there is none; with whether it was found
/// only there.
pub(super) enum Attention {
    Here(bool),
    Asked(Effect),
    Nowhere,
}

pub(super) fn attention(model: &mut Model, forward: bool, at: u64) -> Attention {
    let needs = |line: &Line| line.row.attention && !line.gone();
    let (window, cursor) = (&model.window, model.window.cursor);
    let lines = window.lines();
    let further: Vec<usize> = match forward {
        true => (cursor + 1..lines.len()).collect(),
        false => (0..cursor.min(lines.len())).rev().collect(),
    };
    let around: Vec<usize> = match forward {
        true => (0..cursor.min(lines.len())).collect(),
        false => (cursor + 1..lines.len()).rev().collect(),
    };
    let first = |among: &[usize]| among.iter().copied().find(|i| needs(&lines[*i]));
    let found = match first(&further) {
        Some(found) => Some((found, false)),
        None if window.whole() => first(&around).map(|found| (found, true)),
        None => None,
    };
    if let Some((found, wrapped)) = found {
        model.window.cursor = found;
        model.moved_at = at;
        model.window.settle(model.height);
        return Attention::Here(wrapped);
    }
    let from = match window.edges() {
        Some(_) if window.whole() => return Attention::Nowhere,
        Some((before, after)) => {
            if forward {
                after
            } else {
                before
            }
        }
        // the rows may be on their way
        None => Place::Start,
    };
    Attention::Asked(Effect::FindAttention {
        generation: model.generation,
        query: model.filter.query.clone(),
        sort: model.sort,
        from,
        forward,
    })
}

pub(crate) fn page_loaded(
    model: &mut Model,
    generation: u64,
    from: &Place,
    stretch: Stretch,
    level: Level,
) -> Option<Counts> {
    if generation != model.generation {
        return None;
    }
    if model.loading.is_none() {
        model.window.extend(from, stretch, level);
        model.window.settle(model.height);
        return None;
    }
    model.loading = None;
    model.sorted = model.sort;
    let (counts, size) = (stretch.figures.counts, stretch.figures.size);
    model.size = size.or(model.sized.take());
    if model.filter.query.expr.is_none() {
        model.hidden.clear();
    }
    let line = model.window.cursor.saturating_sub(model.window.top);
    let window = &mut model.window;
    match std::mem::take(&mut model.land) {
        Land::Here => window.open(stretch, level, None, line),
        Land::End => window.open(stretch, level, None, 0),
        Land::Row(id) => window.open(stretch, level, Some(&id), line),
        Land::Line(line) => window.open(stretch, level, None, line),
    }
    window.settle(model.height);
    Some(counts)
}

/// The page of a fresh question could not be read: it is asked for again when what is shown is read again.
pub(crate) fn page_failed(model: &mut Model, generation: u64) {
    if generation != model.generation {
        return;
    }
    model.unread = model.loading.take().is_some();
    model.window.unasked();
}

/// After a batch of input: pages to read ahead.
pub(crate) fn settled(model: &mut Model) -> Vec<Effect> {
    if model.loading.is_some() {
        return vec![];
    }
    let wants = model.window.wants(model.height);
    let (generation, sort) = (model.generation, model.sort);
    let page = |from| Effect::LoadPage {
        generation,
        query: model.filter.query.clone(),
        sort,
        from,
        limit: PAGE,
    };
    wants.into_iter().map(page).collect()
}
