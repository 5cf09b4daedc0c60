//! What the list shows is as the file is: after every commit it is read again, in one view of the file.

use super::events::rows_loaded;
use super::model::Land;
use super::row_cells::Standing;
use super::turns::Turns;
use super::update;
use super::window::PAGE;
use crate::domain::ids::{ConnectionId, JobId};
use crate::domain::views::{Marks, Place, Seen, Shown};
use crate::tui::effect::Effect;
use crate::tui::endings;
use crate::tui::model::{Model, Over};
use crate::tui::panes::messages::Tone;
use crate::tui::panes::{jobs, why};

/// The least milliseconds between two readings; a slow one is followed by a longer pause.
const PAUSE: u64 = 250;
const LONG_PAUSE: u64 = 1_000;

/// Marks and open jobs that one reading looks at: some milliseconds. The rest is looked at in the next ones.
const PART: usize = 2_000;

/// Milliseconds after which a failed reading is tried again.
pub(crate) const AGAIN: u64 = 1_000;

#[derive(Clone, Debug, Default)]
pub(crate) struct Live {
    /// Whether something was committed since it was last read.
    stale: bool,
    /// Whether rows may have to be put in order once the cursor rests.
    unsorted: bool,
    /// Since which running time an answer is awaited.
    asked: Option<u64>,
    /// The running time before which nothing is read again.
    due: u64,
    marks: Turns<ConnectionId>,
    jobs: Turns<JobId>,
    /// The marks that the reading under way looks at.
    looked_at: Vec<ConnectionId>,
}

impl Live {
    /// Something was committed.
    pub(crate) fn changed(&mut self) {
        self.stale = true;
        self.marks.again();
        self.jobs.again();
    }
}

/// Whether the cursor has rested long enough for rows to move around it.
fn at_rest(model: &Model) -> bool {
    model.at.saturating_sub(model.list.moved_at) >= update::STILL_FOR
}

/// Time went on: a list at rest is put in order, and a row that is gone leaves the cursor.
pub(crate) fn tick(model: &mut Model) {
    if at_rest(model) && std::mem::take(&mut model.list.live.unsorted) {
        model.list.live.stale = true;
    }
    let line = model.list.current();
    let gone = line.and_then(|line| match line.standing {
        Standing::Gone(since) => Some((line.row.id.clone(), since)),
        _ => None,
    });
    let Some((id, since)) = gone else { return };
    let covered = model.dialog.is_some() || model.over.is_some();
    if !covered && model.at.saturating_sub(since) >= update::GONE_FOR {
        model.list.window.remove(&id);
        model.list.live.stale = true;
        let rest = match model.list.current() {
            Some(_) => "; the cursor is on its neighbour",
            None => "",
        };
        model.say(Tone::Plain, format!("{} is gone{rest}.", id.short()));
    }
}

/// When the list has to be looked at again although nothing happens.
pub(crate) fn wakes(model: &Model) -> [Option<u64>; 3] {
    let (list, live) = (&model.list, &model.list.live);
    let free = live.asked.is_none() && list.loading.is_none();
    let gone = match list.current().map(|line| line.standing) {
        Some(Standing::Gone(since)) if model.dialog.is_none() && model.over.is_none() => {
            Some(since + update::GONE_FOR)
        }
        _ => None,
    };
    [
        (live.stale && free).then_some(live.due),
        live.unsorted.then_some(list.moved_at + update::STILL_FOR),
        gone,
    ]
}

/// Reads again what is shown, once something was committed and when it is time.
pub(crate) fn read_again(model: &mut Model) -> Vec<Effect> {
    let (list, live) = (&model.list, &model.list.live);
    if !live.stale || live.asked.is_some() || list.loading.is_some() || model.at < live.due {
        return vec![];
    }
    if model.list.unread {
        (model.list.unread, model.list.live.stale) = (false, false);
        return update::ask(&mut model.list, Place::Start, Land::End, model.at);
    }
    let visible = list
        .window
        .visible(list.height.max(1))
        .chain(list.current());
    let mut connections: Vec<_> = visible.map(|line| line.row.id.clone()).collect();
    let target = model.dialog.as_ref().and_then(|d| d.form.target.as_ref());
    connections.extend(target.map(|target| target.id.clone()));
    if let Some(Over::Why(why)) = &model.over {
        connections.push(why.id.clone());
    }
    connections.sort_unstable();
    connections.dedup();
    let shown = Shown {
        place: list.current().map(|line| line.at.clone()),
        limit: PAGE,
        connections,
        marks: vec![],
        jobs: vec![],
    };
    let list = &mut model.list;
    let marks = list.live.marks.next(list.marks.iter(), PART);
    list.live.looked_at.clone_from(&marks);
    let jobs = list.live.jobs.next(model.endings.open(), PART);
    let shown = Shown {
        marks,
        jobs,
        ..shown
    };
    let list = &model.list;
    let mut effects = vec![Effect::ReadAgain {
        generation: list.generation,
        query: list.filter.query.clone(),
        sort: list.sort,
        shown: Box::new(shown),
    }];
    effects.extend(panes(model));
    let at = model.at;
    let live = &mut model.list.live;
    (live.stale, live.asked) = (false, Some(at));
    effects
}

/// The panes beside the list, and what lies over it.
fn panes(model: &Model) -> Vec<Effect> {
    let mut effects = vec![];
    if let Some(id) = model.selected().map(|line| line.row.id.clone()) {
        let level = model.level;
        let limit = jobs::LIMIT;
        effects.push(Effect::LoadProfile {
            id: id.clone(),
            level,
        });
        effects.push(Effect::LoadJobs { id, limit });
    }
    effects.extend((model.job.as_ref()).map(|open| Effect::LoadJob(open.id.clone())));
    if let Some(Over::Why(why)) = &model.over {
        effects.push(Effect::LoadWhy(why.id.clone()));
    }
    effects
}

/// When the next reading may begin, after one that was asked for at that running time.
pub(crate) fn next_reading(asked: Option<u64>, at: u64) -> u64 {
    let took = asked.map_or(0, |since| at.saturating_sub(since));
    at + (4 * took).clamp(PAUSE, LONG_PAUSE)
}

/// What is shown was read again.
pub(crate) fn seen(model: &mut Model, generation: u64, seen: Seen) -> Vec<Effect> {
    let at = model.at;
    let live = &mut model.list.live;
    live.due = next_reading(live.asked.take(), at);
    model.unread = None;
    endings::ended(model, &seen.ended, &seen.lost);
    if generation != model.list.generation {
        model.list.live.changed();
        return vec![];
    }
    let live = &mut model.list.live;
    live.stale |= live.marks.waits() || live.jobs.waits();
    let Seen {
        mut stretch,
        mut connections,
        left,
        gone,
        marks,
        ..
    } = seen;
    model.counts = Some(stretch.figures.counts);
    model.list.size = stretch.figures.size;
    if let Some(down) = stretch.figures.down.take() {
        model.down = down;
    }
    for id in std::mem::take(&mut model.list.live.looked_at) {
        model.list.hidden.remove(&id);
    }
    some_marks_read(model, marks);
    let effects = why::update::rows_loaded(model, &connections);
    let here = |id| connections.iter().any(|placed| &placed.row.id == id);
    let others = stretch.rows.iter().filter(|placed| !here(&placed.row.id));
    let others: Vec<_> = others.cloned().collect();
    connections.extend(others);
    rows_loaded(model, &connections, &left, &gone);
    if at_rest(model) {
        let (level, height) = (model.level, model.list.height);
        model.list.window.follow(stretch, level, height);
        model.list.window.settle(height);
        model.list.live.unsorted = false;
    } else {
        model.list.live.unsorted = true;
    }
    effects.into_iter().collect()
}

/// Something could not be read: the screen says so, and it is tried again.
pub(crate) fn failed(model: &mut Model, reason: String) {
    let at = model.at;
    let live = &mut model.list.live;
    live.changed();
    (live.asked, live.due) = (None, at + AGAIN);
    if model.unread.as_ref() != Some(&reason) {
        model.say(Tone::Bad, format!("Not live: {reason}."));
    }
    model.unread = Some(reason);
}

/// Whether commits of other processes are noticed, or why not.
pub(crate) fn watched(model: &mut Model, failed: Option<String>) {
    match &failed {
        Some(reason) if model.unwatched != failed => {
            model.say(Tone::Bad, format!("Not live: {reason}."));
        }
        Some(_) => {}
        None => model.list.live.changed(),
    }
    model.unwatched = failed;
}

/// All marks were looked at.
pub(super) fn marks_read(model: &mut Model, read: Marks) {
    model.list.hidden.clear();
    some_marks_read(model, read);
}

fn some_marks_read(model: &mut Model, read: Marks) {
    let list = &mut model.list;
    list.hidden.extend(read.hidden);
    list.hidden.retain(|id| list.marks.contains(id));
    let lost = read.gone.iter().filter(|id| list.marks.remove(*id)).count();
    let words = match lost {
        0 => return,
        1 => "1 marked connection no longer exists; unmarked.".to_owned(),
        n => format!("{n} marked connections no longer exist; unmarked."),
    };
    model.say(Tone::Plain, words);
}
