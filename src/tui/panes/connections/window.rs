//! A stretch of an ordered list around the cursor, of any length: pages are added at its ends and dropped at the
//! far one. Cursor and top of the screen are bound to rows and stay with them.

use super::row_cells::{Line, Standing};
use crate::domain::ids::ConnectionId;
use crate::domain::mask::Level;
use crate::domain::views::{Anchor, ConnectionRow, Page, Place, Sort};
use std::collections::{HashMap, VecDeque};

pub(crate) const MOST: usize = 800;

pub(crate) const PAGE: usize = 200;

/// The keys of the first and the last row of a page that was added, and how many of its rows are here.
#[derive(Clone, Debug, PartialEq)]
struct Chunk {
    rows: usize,
    first: Anchor,
    last: Anchor,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Window {
    lines: VecDeque<Line>,
    chunks: VecDeque<Chunk>,
    pub(crate) cursor: usize,
    pub(crate) top: usize,
    /// Whether the list begins with the first row here.
    pub(crate) starts: bool,
    /// Whether the list ends with the last row here.
    pub(crate) ends: bool,
    /// How many rows of the list stand before these, where that is known.
    pub(crate) before: Option<u64>,
    asked_before: bool,
    asked_after: bool,
}

impl Window {
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

    /// The cursor goes to `cursor`, else to the end the page was read from. `line` is the screen line the cursor keeps if it can.
    pub(crate) fn open(
        &mut self,
        from: &Place,
        page: Page<ConnectionRow>,
        level: Level,
        cursor: Option<&ConnectionId>,
        line: usize,
    ) {
        let count = page.rows.len();
        let (starts, ends) = match from {
            Place::Start | Place::After(_) => (matches!(from, Place::Start), !page.more),
            Place::End | Place::Before(_) => (!page.more, matches!(from, Place::End)),
            // Only asking further tells where a stretch in the middle ends.
            Place::Around(_) => (count == 0, count == 0),
        };
        *self = Self {
            starts,
            ends,
            before: starts.then_some(0),
            ..Self::default()
        };
        self.lines = page
            .rows
            .into_iter()
            .map(|row| Line::of(row, level))
            .collect();
        if let (Some(first), Some(last)) = (page.first, page.last) {
            self.chunks.push_back(Chunk {
                rows: count,
                first,
                last,
            });
        }
        let end = self.lines.len().saturating_sub(1);
        self.cursor = match cursor.and_then(|id| self.position(id)) {
            Some(at) => at,
            None if matches!(from, Place::End) => end,
            None => 0,
        };
        self.top = self.cursor.saturating_sub(line);
    }

    pub(crate) fn extend(&mut self, from: &Place, page: Page<ConnectionRow>, level: Level) {
        let fresh: Vec<Line> = {
            let here: std::collections::HashSet<&ConnectionId> =
                self.lines.iter().map(Line::id).collect();
            page.rows
                .into_iter()
                .filter(|r| !here.contains(&r.id))
                .map(|r| Line::of(r, level))
                .collect()
        };
        let count = fresh.len();
        let chunk = page.first.zip(page.last).map(|(first, last)| Chunk {
            rows: count,
            first,
            last,
        });
        match from {
            Place::After(_) => {
                self.asked_after = false;
                self.ends = !page.more;
                self.lines.extend(fresh);
                self.chunks.extend(chunk);
                self.trim_front();
            }
            Place::Before(_) => {
                self.asked_before = false;
                self.starts = !page.more;
                self.before = if self.starts {
                    Some(0)
                } else {
                    self.before.map(|n| n.saturating_sub(count as u64))
                };
                for line in fresh.into_iter().rev() {
                    self.lines.push_front(line);
                }
                if let Some(chunk) = chunk {
                    self.chunks.push_front(chunk);
                }
                self.cursor += count;
                self.top += count;
                self.trim_back();
            }
            Place::Start | Place::End | Place::Around(_) => {}
        }
    }

    fn trim_front(&mut self) {
        while self.lines.len() > MOST && self.chunks.len() > 1 {
            let rows = self.chunks[0].rows;
            if self.top < rows {
                break;
            }
            self.chunks.pop_front();
            self.lines.drain(..rows);
            self.cursor -= rows;
            self.top -= rows;
            self.starts = false;
            self.before = self.before.map(|n| n + rows as u64);
        }
    }

    fn trim_back(&mut self) {
        while self.lines.len() > MOST && self.chunks.len() > 1 {
            let rows = self.chunks[self.chunks.len() - 1].rows;
            let keep = self.lines.len() - rows;
            if self.cursor >= keep || self.top >= keep {
                break;
            }
            self.chunks.pop_back();
            self.lines.truncate(keep);
            self.ends = false;
        }
    }

    /// The pages to read next, when fewer than three screens of `height` rows remain on a side.
    pub(crate) fn wants(&mut self, height: usize) -> Vec<Place> {
        let margin = height.max(1) * 3;
        let mut wants = Vec::new();
        if !self.ends
            && !self.asked_after
            && self.cursor + margin >= self.lines.len()
            && let Some(chunk) = self.chunks.back()
        {
            self.asked_after = true;
            wants.push(Place::After(chunk.last.clone()));
        }
        if !self.starts
            && !self.asked_before
            && self.cursor < margin
            && let Some(chunk) = self.chunks.front()
        {
            self.asked_before = true;
            wants.push(Place::Before(chunk.first.clone()));
        }
        wants
    }

    pub(crate) fn edges(&self) -> Option<(Place, Place)> {
        let (front, back) = (self.chunks.front()?, self.chunks.back()?);
        Some((
            Place::Before(front.first.clone()),
            Place::After(back.last.clone()),
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
        self.top = self.top.min(self.lines.len().saturating_sub(height));
        self.top = self
            .top
            .clamp((self.cursor + 1).saturating_sub(height), self.cursor);
    }

    /// Takes rows that were read again. They keep their places. `now` is the running time.
    pub(crate) fn renew(
        &mut self,
        rows: Vec<ConnectionRow>,
        left: &[ConnectionId],
        gone: &[ConnectionId],
        sort: Sort,
        level: Level,
        now: u64,
    ) {
        let mut fresh: HashMap<ConnectionId, ConnectionRow> =
            rows.into_iter().map(|r| (r.id.clone(), r)).collect();
        for line in &mut self.lines {
            if gone.contains(line.id()) {
                if !line.gone() {
                    line.standing = Standing::Gone(now);
                }
            } else if let Some(row) = fresh.remove(line.id()) {
                let left = left.contains(&row.id);
                line.renew(row, sort, left, level);
            }
        }
    }

    /// Says which row the cursor had to leave.
    pub(crate) fn bury(&mut self, now: u64, after: u64) -> Option<ConnectionId> {
        let mut lost = None;
        let mut at = 0;
        while at < self.lines.len() {
            match self.lines[at].standing {
                Standing::Gone(since) if now.saturating_sub(since) >= after => {
                    let line = self.lines.remove(at).expect("the index was just looked at");
                    self.shrink_chunk(at);
                    if at == self.cursor {
                        lost = Some(line.row.id);
                    } else if at < self.cursor {
                        self.cursor -= 1;
                    }
                    if at < self.top {
                        self.top -= 1;
                    }
                }
                _ => at += 1,
            }
        }
        self.cursor = self.cursor.min(self.lines.len().saturating_sub(1));
        lost
    }

    fn shrink_chunk(&mut self, mut at: usize) {
        for chunk in &mut self.chunks {
            if at < chunk.rows {
                chunk.rows -= 1;
                return;
            }
            at -= chunk.rows;
        }
    }

    /// Whether any row would stand elsewhere if the list were sorted now.
    pub(crate) fn unsettled(&self) -> bool {
        self.lines
            .iter()
            .any(|line| line.standing == Standing::Moved)
    }

    /// The earliest running time at which a row vanished that is still shown.
    pub(crate) fn oldest_gone(&self) -> Option<u64> {
        self.lines
            .iter()
            .filter_map(|l| {
                if let Standing::Gone(at) = l.standing {
                    Some(at)
                } else {
                    None
                }
            })
            .min()
    }

    pub(crate) fn remask(&mut self, level: Level) {
        for line in &mut self.lines {
            let standing = line.standing;
            *line = Line {
                standing,
                ..Line::of(line.row.clone(), level)
            };
        }
    }
}
