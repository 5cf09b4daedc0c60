//! The list's state: the window, the question it answers, and the marks.

use super::filter::Filter;
use super::row_cells::Line;
use super::window::Window;
use crate::domain::ids::ConnectionId;
use crate::domain::views::{Size, Sort};
use std::collections::HashSet;

#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    pub(crate) window: Window,
    pub(crate) filter: Filter,
    pub(crate) sort: Sort,
    /// Rises with every fresh question; answers to older ones are dropped.
    pub(crate) generation: u64,
    pub(crate) size: Option<Size>,
    /// How many matched when the rows were last put in order.
    pub(crate) sorted_size: Option<Size>,
    pub(crate) marks: HashSet<ConnectionId>,
    /// The last row that was marked, where a range begins.
    pub(crate) marked_last: Option<ConnectionId>,
    /// Whether a fresh question waits for its first page, since this running time.
    pub(crate) loading: Option<u64>,
    /// Where the cursor goes when that page comes.
    pub(crate) land: Land,
    /// The running time of the last key that moved the cursor.
    pub(crate) moved_at: u64,
    /// Rows on screen, set when the layout is.
    pub(crate) height: usize,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Land {
    /// On the row the page was read for, on the line of the screen it had.
    #[default]
    Here,
    /// On the first row, the last one for a page read from the end.
    End,
    /// On this row; the screen keeps its first row.
    Row(ConnectionId),
    /// On this row, and this one stays the first on the screen.
    Keep {
        cursor: ConnectionId,
        top: ConnectionId,
    },
}

impl Model {
    pub(crate) fn current(&self) -> Option<&Line> {
        self.window.current()
    }

    /// The marked connections if there are any, else the one under the cursor.
    pub(crate) fn targets(&self) -> Vec<ConnectionId> {
        if self.marks.is_empty() {
            return self
                .current()
                .map(|line| line.row.id.clone())
                .into_iter()
                .collect();
        }
        // In list order as far as the rows are here, so that a preview reads like the list.
        let mut ids: Vec<ConnectionId> = self
            .window
            .lines()
            .iter()
            .map(Line::id)
            .filter(|id| self.marks.contains(*id))
            .cloned()
            .collect();
        let mut rest: Vec<ConnectionId> = self
            .marks
            .iter()
            .filter(|id| !ids.contains(id))
            .cloned()
            .collect();
        rest.sort();
        ids.append(&mut rest);
        ids
    }

    /// How many rows appeared since the list was put in order.
    pub(crate) fn fresh(&self) -> u64 {
        match (self.size, self.sorted_size) {
            (Some(now), Some(then)) if now.exact && then.exact => {
                now.count.saturating_sub(then.count)
            }
            _ => 0,
        }
    }

    /// Whether rows appeared or moved since the list was put in order.
    pub(crate) fn unsorted(&self) -> bool {
        self.window.unsettled() || self.fresh() > 0
    }

    pub(crate) fn number(&self) -> Option<u64> {
        let window = &self.window;
        match (window.before, self.size) {
            (Some(before), _) => Some(before + window.cursor as u64 + 1),
            (None, Some(size)) if size.exact && window.ends => Some(
                (size.count + window.cursor as u64 + 1).saturating_sub(window.lines().len() as u64),
            ),
            _ => None,
        }
    }
}
