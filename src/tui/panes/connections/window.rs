//! A stretch of an ordered list around the cursor, of any length: pages are added at its ends and dropped at the
//! far one. Cursor and top of the screen are bound to rows and stay with them.

use super::row_cells::{Line, Standing};
use crate::domain::diagnosis::Whose;
use crate::domain::ids::ConnectionId;
use crate::domain::mask::Level;
use crate::domain::views::{Place, Placed, Stretch};
use std::collections::{HashMap, HashSet, VecDeque};

pub(crate) const MOST: usize = 800;

pub(crate) const PAGE: usize = 200;

/// On a lower screen there are no headings.
const ROOM_FOR_HEADINGS: usize = 5;

#[derive(Clone, Debug, Default)]
pub(crate) struct Window {
    lines: VecDeque<Line>,
    pub(crate) cursor: usize,
    pub(crate) top: usize,
    /// Whether the list begins with the first row here.
    pub(crate) starts: bool,
    /// Whether the list ends with the last row here.
    pub(crate) ends: bool,
    /// How many rows of the list stand before these, where that is known.
    pub(crate) before: Option<u64>,
    /// Whether a heading stands over the rows of each mover.
    pub(crate) headed: bool,
    asked_before: bool,
    asked_after: bool,
}

impl Window {
    /// An empty one, with headings or without.
    pub(crate) fn new(headed: bool) -> Self {
        Self {
            headed,
            ..Self::default()
        }
    }

    pub(crate) fn lines(&self) -> &VecDeque<Line> {
        &self.lines
    }

    pub(crate) fn current(&self) -> Option<&Line> {
        self.lines.get(self.cursor)
    }

    pub(crate) fn line(&self, id: &ConnectionId) -> Option<&Line> {
        self.position(id).map(|at| &self.lines[at])
    }

    pub(crate) fn position(&self, id: &ConnectionId) -> Option<usize> {
        self.lines.iter().position(|line| line.id() == id)
    }

    pub(crate) fn whole(&self) -> bool {
        self.starts && self.ends
    }

    /// The lines on a screen of `height` rows.
    pub(crate) fn visible(&self, height: usize) -> impl Iterator<Item = &Line> {
        let shown = self.shown(height);
        self.lines.iter().skip(self.top).take(shown)
    }

    /// How many lines there is room for from the top on, among their headings; at least one.
    pub(crate) fn shown(&self, height: usize) -> usize {
        let (mut rows, mut shown) = (0, 0);
        for at in self.top..self.lines.len() {
            rows += 1 + usize::from(self.heads(at, self.top, height));
            if rows > height {
                break;
            }
            shown += 1;
        }
        shown.max(1)
    }

    /// Whether a heading stands over this line, where `top` is the first on the screen. The group of the first line is
    /// always named.
    pub(crate) fn heads(&self, at: usize, top: usize, height: usize) -> bool {
        self.headed
            && height >= ROOM_FOR_HEADINGS
            && (at == top || self.group(at) != self.group(at - 1))
    }

    /// Whose heading a line is under. One that is kept for the cursor only begins no group of its own.
    fn group(&self, at: usize) -> Option<Whose> {
        let line = self.lines.get(at)?;
        match line.standing {
            Standing::Elsewhere if at > 0 => self.group(at - 1),
            _ => Some(line.mover),
        }
    }

    /// How many rows of the screen the lines from `top` to `last` take with their headings.
    fn rows(&self, top: usize, last: usize, height: usize) -> usize {
        let heads = (top..=last).filter(|at| self.heads(*at, top, height));
        last + 1 - top + heads.count()
    }

    /// The first line of a screen that ends with the last line of all.
    fn last_top(&self, height: usize) -> usize {
        let Some(last) = self.lines.len().checked_sub(1) else {
            return 0;
        };
        let fits = |top: &usize| self.rows(*top, last, height) <= height;
        (last.saturating_sub(height)..last)
            .find(fits)
            .unwrap_or(last)
    }

    fn fill(&mut self, stretch: Stretch, level: Level) {
        *self = Self {
            starts: stretch.starts,
            ends: stretch.ends,
            before: stretch.before,
            headed: self.headed,
            ..Self::default()
        };
        let lines = stretch.rows.into_iter();
        self.lines = lines.map(|placed| Line::of(placed, level)).collect();
    }

    /// The cursor goes to `cursor`, else to the place that was read. `line` is the screen line it keeps if it can.
    pub(crate) fn open(
        &mut self,
        stretch: Stretch,
        level: Level,
        cursor: Option<&ConnectionId>,
        line: usize,
    ) {
        let place = stretch.place;
        self.fill(stretch, level);
        let end = self.lines.len().saturating_sub(1);
        self.cursor = cursor
            .and_then(|id| self.position(id))
            .unwrap_or_else(|| place.min(end));
        self.top = self.cursor.saturating_sub(line);
    }

    /// Takes what was read around the cursor's place. The cursor's row stays there, whatever became of it, until the
    /// cursor leaves it; the screen keeps its first row, or else the cursor its screen line.
    pub(crate) fn follow(&mut self, stretch: Stretch, level: Level, height: usize) {
        let Some(mut held) = self.current().cloned() else {
            self.fill(stretch, level);
            return;
        };
        let screen_line = self.cursor.saturating_sub(self.top);
        let top = self.lines.get(self.top).map(|line| line.row.id.clone());
        let mut place = stretch.place;
        self.fill(stretch, level);
        self.cursor = match self.position(held.id()) {
            // between its old neighbours
            Some(at) if at == place || at + 1 == place => at,
            found => {
                if let Some(at) = found {
                    self.lines.remove(at);
                    place -= usize::from(at < place);
                }
                if found.is_some() || held.standing == Standing::Moved {
                    held.standing = Standing::Elsewhere;
                }
                let at = place.min(self.lines.len());
                self.lines.insert(at, held);
                at
            }
        };
        let kept = top.and_then(|id| self.position(&id));
        self.top = kept
            .filter(|top| *top <= self.cursor && self.cursor - top < height.max(1))
            .unwrap_or_else(|| self.cursor.saturating_sub(screen_line));
    }

    pub(crate) fn extend(&mut self, from: &Place, stretch: Stretch, level: Level) {
        let fresh: Vec<Line> = {
            let here: HashSet<&ConnectionId> = self.lines.iter().map(Line::id).collect();
            let rows = stretch.rows.into_iter();
            rows.filter(|placed| !here.contains(&placed.row.id))
                .map(|placed| Line::of(placed, level))
                .collect()
        };
        let count = fresh.len();
        match from {
            Place::After(_) => {
                self.asked_after = false;
                self.ends = stretch.ends;
                self.lines.extend(fresh);
                self.trim_front();
            }
            Place::Before(_) => {
                self.asked_before = false;
                self.starts = stretch.starts;
                self.before = if self.starts {
                    Some(0)
                } else {
                    self.before.map(|n| n.saturating_sub(count as u64))
                };
                for line in fresh.into_iter().rev() {
                    self.lines.push_front(line);
                }
                self.cursor += count;
                self.top += count;
                self.trim_back();
            }
            Place::Start | Place::End | Place::Around(_) | Place::At(_) => {}
        }
    }

    fn trim_front(&mut self) {
        while self.lines.len() > MOST && self.top >= PAGE {
            self.lines.drain(..PAGE);
            self.cursor -= PAGE;
            self.top -= PAGE;
            self.starts = false;
            self.before = self.before.map(|n| n + PAGE as u64);
        }
    }

    fn trim_back(&mut self) {
        while self.lines.len() > MOST {
            let keep = self.lines.len() - PAGE;
            if self.cursor >= keep || self.top >= keep {
                break;
            }
            self.lines.truncate(keep);
            self.ends = false;
        }
    }

    /// The pages to read next, when fewer than three screens of `height` rows remain on a side.
    pub(crate) fn wants(&mut self, height: usize) -> Vec<Place> {
        let margin = height.max(1) * 3;
        let mut wants = Vec::new();
        let Some((before, after)) = self.edges() else {
            return wants;
        };
        if !self.ends && !self.asked_after && self.cursor + margin >= self.lines.len() {
            self.asked_after = true;
            wants.push(after);
        }
        if !self.starts && !self.asked_before && self.cursor < margin {
            self.asked_before = true;
            wants.push(before);
        }
        wants
    }

    /// A page that was asked for could not be read.
    pub(crate) fn unasked(&mut self) {
        (self.asked_before, self.asked_after) = (false, false);
    }

    pub(crate) fn edges(&self) -> Option<(Place, Place)> {
        let (front, back) = (self.lines.front()?, self.lines.back()?);
        Some((
            Place::Before(front.at.clone()),
            Place::After(back.at.clone()),
        ))
    }

    pub(crate) fn step(&mut self, by: isize) {
        let last = self.lines.len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
    }

    pub(crate) fn scroll(&mut self, by: isize, height: usize) {
        self.top = self.top.saturating_add_signed(by);
        self.step(by);
        self.settle(height);
    }

    /// Moves no more than needed.
    pub(crate) fn settle(&mut self, height: usize) {
        let height = height.max(1);
        self.cursor = self.cursor.min(self.lines.len().saturating_sub(1));
        self.top = self.top.min(self.last_top(height)).min(self.cursor);
        self.top = self.top.max((self.cursor + 1).saturating_sub(height));
        while self.top < self.cursor && self.rows(self.top, self.cursor, height) > height {
            self.top += 1;
        }
    }

    /// Takes rows that were read again. They keep their places. `now` is the running time.
    pub(crate) fn renew(
        &mut self,
        rows: &[Placed],
        left: &[ConnectionId],
        gone: &[ConnectionId],
        level: Level,
        now: u64,
    ) {
        let fresh: HashMap<&ConnectionId, &Placed> =
            rows.iter().map(|placed| (&placed.row.id, placed)).collect();
        let (left, gone): (HashSet<_>, HashSet<_>) = (left.iter().collect(), gone.iter().collect());
        for line in &mut self.lines {
            if gone.contains(line.id()) {
                if !line.gone() {
                    line.standing = Standing::Gone(now);
                }
            } else if let Some(placed) = fresh.get(line.id()) {
                line.renew(placed, left.contains(&placed.row.id), level);
            }
        }
    }

    /// Takes a row out; those on the screen stay on their lines where they can.
    pub(crate) fn remove(&mut self, id: &ConnectionId) {
        let Some(at) = self.position(id) else { return };
        self.lines.remove(at);
        self.cursor -= usize::from(at < self.cursor);
        self.top -= usize::from(at < self.top);
        self.cursor = self.cursor.min(self.lines.len().saturating_sub(1));
    }

    pub(crate) fn remask(&mut self, level: Level) {
        for line in &mut self.lines {
            let (standing, at, row) = (line.standing, line.at.clone(), line.row.clone());
            let mover = line.mover;
            *line = Line {
                standing,
                ..Line::of(Placed { at, mover, row }, level)
            };
        }
    }
}
