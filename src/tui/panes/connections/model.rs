//! The list's state: the window, the question it answers, and the marks.

use super::filter::Filter;
use super::live::Live;
use super::row_cells::{Line, Standing};
use super::window::Window;
use crate::domain::ids::ConnectionId;
use crate::domain::list_columns::Column;
use crate::domain::views::{Size, Sort};
use std::collections::HashSet;

#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) window: Window,
    pub(crate) filter: Filter,
    pub(crate) sort: Sort,
    /// Of the rows that are here.
    pub(crate) sorted: Sort,
    pub(crate) columns: Vec<Column>,
    /// Rises with every fresh question; answers to older ones are dropped.
    pub(crate) generation: u64,
    pub(crate) size: Option<Size>,
    /// The size of a fresh question whose rows have not come yet.
    pub(crate) sized: Option<Size>,
    pub(crate) live: Live,
    pub(crate) marks: HashSet<ConnectionId>,
    /// Those that the filter does not let through, as far as that was read.
    pub(crate) hidden: HashSet<ConnectionId>,
    /// The last row that was marked, where a range begins.
    pub(crate) marked_last: Option<ConnectionId>,
    /// Whether a fresh question waits for its first page, since this running time.
    pub(crate) loading: Option<u64>,
    /// Whether that page could not be read.
    pub(crate) unread: bool,
    /// Where the cursor goes when that page comes.
    pub(crate) land: Land,
    /// The row the filter was opened on, and its line of the screen.
    pub(crate) origin: Option<(ConnectionId, usize)>,
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
    /// On this row if it is there; the cursor keeps its line of the screen.
    Row(ConnectionId),
    /// On the row the page was read for, on this line of the screen.
    Line(usize),
}

impl Default for Model {
    fn default() -> Self {
        let sort = Sort::default();
        Self {
            window: Window::new(sort.headed()),
            filter: Filter::default(),
            sort,
            sorted: sort,
            columns: Column::USUAL.to_vec(),
            generation: 0,
            size: None,
            sized: None,
            live: Live::default(),
            marks: HashSet::new(),
            hidden: HashSet::new(),
            marked_last: None,
            loading: None,
            unread: false,
            land: Land::default(),
            origin: None,
            moved_at: 0,
            height: 0,
        }
    }
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

    /// The marked connections that the filter hides. Until that was read, those that are not among the rows here.
    pub(crate) fn hidden_marks(&self) -> Vec<ConnectionId> {
        let hides = |id: &&ConnectionId| match self.size {
            Some(_) => self.hidden.contains(*id),
            None => self.window.line(id).is_none(),
        };
        let mut hidden: Vec<ConnectionId> = self.marks.iter().filter(hides).cloned().collect();
        hidden.sort_unstable();
        hidden
    }

    /// The number of the cursor's row in the list; none where it has none, or where that is not known.
    pub(crate) fn number(&self) -> Option<u64> {
        let window = &self.window;
        let line = window.current()?;
        if line.gone() || line.standing == Standing::Left {
            return None;
        }
        match (window.before, self.size) {
            // one that is kept for the cursor only may stand behind the last one
            (Some(before), size) => {
                let number = before + window.cursor as u64 + 1;
                let exact = size.filter(|size| size.exact);
                Some(exact.map_or(number, |size| number.min(size.count.max(1))))
            }
            (None, Some(size)) if size.exact && window.ends => Some(
                (size.count + window.cursor as u64 + 1).saturating_sub(window.lines().len() as u64),
            ),
            _ => None,
        }
    }
}
