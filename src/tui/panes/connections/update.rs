//! What keys and events do to the list. All reads go through [`ask`], so each question has its own generation.

use super::filter::Done;
use super::model::{Land, Model};
use super::row_cells::Line;
use super::window::PAGE;
use crate::domain::ids::ConnectionId;
use crate::domain::mask::Level;
use crate::domain::views::{ConnectionRow, Page, Place, Size, SortField};
use crate::tui::action::Action;
use crate::tui::effect::Effect;

/// Milliseconds a vanished row stays on screen.
pub(crate) const GONE_FOR: u64 = 3_000;

/// Milliseconds the cursor has to rest before the list is put in order by itself.
pub(crate) const STILL_FOR: u64 = 2_000;

/// The most rows that are marked at once.
const MOST_MARKS: usize = 10_000;

pub(crate) fn ask(model: &mut Model, from: Place, land: Land, at: u64) -> Vec<Effect> {
    model.generation += 1;
    model.loading = Some(at);
    model.land = land;
    let (generation, query, sort) = (model.generation, model.filter.query.clone(), model.sort);
    vec![
        Effect::LoadPage {
            generation,
            query: query.clone(),
            sort,
            from,
            limit: PAGE,
        },
        Effect::LoadSize { generation, query },
    ]
}

/// Keeps the cursor's row: by hand on its line of the screen, by itself under the same first row.
pub(crate) fn reorder(model: &mut Model, by_hand: bool, at: u64) -> Vec<Effect> {
    let Some(cursor) = model.current().map(|l| l.row.id.clone()) else {
        return ask(model, Place::Start, Land::End, at);
    };
    let top = model
        .window
        .lines()
        .get(model.window.top)
        .map(|l| l.row.id.clone());
    let land = match top {
        Some(top) if !by_hand => Land::Keep {
            cursor: cursor.clone(),
            top,
        },
        _ => Land::Here,
    };
    ask(model, Place::Around(cursor), land, at)
}

pub(crate) fn refilter(model: &mut Model, done: Done, at: u64) -> Vec<Effect> {
    match done {
        Done::Same => vec![],
        Done::Changed => {
            // Around a row that no longer matches, the store reads from the start.
            let land = model
                .current()
                .map(|l| l.row.id.clone())
                .map_or(Land::End, Land::Row);
            ask(model, Place::Start, land, at)
        }
    }
}

pub(crate) fn act(model: &mut Model, action: Action, at: u64) -> Vec<Effect> {
    let (page, half) = (
        model.height.max(1) as isize,
        (model.height / 2).max(1) as isize,
    );
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
        Action::SortLastUsed => return sort(model, SortField::LastUsed, at),
        Action::SortStatus => return sort(model, SortField::Status, at),
        Action::SortBank => return sort(model, SortField::Bank, at),
        Action::SortUser => return sort(model, SortField::User, at),
        Action::SortJob => return sort(model, SortField::Job, at),
        Action::SortAttention => return sort(model, SortField::Attention, at),
        Action::Mark => mark(model),
        Action::MarkRange => mark_range(model),
        Action::MarkShown => return mark_shown(model),
        Action::MarkClear => model.marks.clear(),
        Action::AttentionNext => return attention(model, true, at),
        Action::AttentionPrevious => return attention(model, false, at),
        _ => return vec![],
    }
    moved(model, at, |_| vec![])
}

fn moved(model: &mut Model, at: u64, then: impl FnOnce(&mut Model) -> Vec<Effect>) -> Vec<Effect> {
    model.moved_at = at;
    model.window.settle(model.height);
    then(model)
}

fn sort(model: &mut Model, field: SortField, at: u64) -> Vec<Effect> {
    model.sort.reversed = model.sort.field == field && !model.sort.reversed;
    model.sort.field = field;
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

fn attention(model: &mut Model, forward: bool, at: u64) -> Vec<Effect> {
    let needs = |line: &Line| line.row.attention && !line.gone();
    let (lines, cursor) = (model.window.lines(), model.window.cursor);
    let found = if forward {
        (cursor + 1..lines.len()).find(|i| needs(&lines[*i]))
    } else {
        (0..cursor.min(lines.len()))
            .rev()
            .find(|i| needs(&lines[*i]))
    };
    if let Some(found) = found {
        model.window.cursor = found;
        return moved(model, at, |_| vec![]);
    }
    let past_the_end = if forward {
        model.window.ends
    } else {
        model.window.starts
    };
    let Some((before, after)) = model.window.edges().filter(|_| !past_the_end) else {
        return vec![];
    };
    vec![Effect::FindAttention {
        generation: model.generation,
        query: model.filter.query.clone(),
        sort: model.sort,
        from: if forward { after } else { before },
    }]
}

pub(crate) fn page_loaded(
    model: &mut Model,
    generation: u64,
    from: &Place,
    page: Page<ConnectionRow>,
    level: Level,
) {
    if generation != model.generation {
        return;
    }
    if model.loading.is_none() {
        model.window.extend(from, page, level);
        model.window.settle(model.height);
        return;
    }
    model.loading = None;
    model.sorted_size = None;
    let line = model.window.cursor.saturating_sub(model.window.top);
    let here = match from {
        Place::Around(id) => Some(id.clone()),
        _ => None,
    };
    match std::mem::take(&mut model.land) {
        Land::Here => model.window.open(from, page, level, here.as_ref(), line),
        Land::End => model.window.open(from, page, level, None, 0),
        Land::Row(id) => model.window.open(from, page, level, Some(&id), line),
        Land::Keep { cursor, top } => {
            model.window.open(from, page, level, Some(&cursor), line);
            if let Some(top) = model.window.position(&top) {
                model.window.top = top;
            }
        }
    }
    model.window.settle(model.height);
}

pub(crate) fn size_loaded(model: &mut Model, generation: u64, size: Size) {
    if generation == model.generation {
        model.size = Some(size);
        model.sorted_size.get_or_insert(size);
    }
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
