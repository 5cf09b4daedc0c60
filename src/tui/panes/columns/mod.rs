//! Which columns the list has, and in which order: a window over the panes.

pub(crate) mod update;
pub(crate) mod view;

use crate::domain::list_columns::Column;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Model {
    /// Every column with whether it is shown, in the order of the list.
    pub(crate) lines: Vec<(Column, bool)>,
    pub(crate) cursor: usize,
}

impl Model {
    pub(crate) fn of(shown: &[Column]) -> Self {
        let hidden = Column::ALL.into_iter().filter(|it| !shown.contains(it));
        let shown = shown.iter().map(|it| (*it, true));
        Self {
            lines: shown.chain(hidden.map(|it| (it, false))).collect(),
            cursor: 0,
        }
    }

    pub(crate) fn shown(&self) -> Vec<Column> {
        let shown = self.lines.iter().filter(|(_, shown)| *shown);
        shown.map(|(column, _)| *column).collect()
    }
}
