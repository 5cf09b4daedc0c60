//! The detail of a row: heads in a column, and beside each what is said under it.

use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, hanging, span};

pub(super) struct Said {
    pub(super) rows: Vec<Row>,
    /// The width of the heads.
    heads: usize,
    /// The width of the page.
    wide: usize,
}

impl Said {
    pub(super) fn new(heads: usize, wide: usize) -> Self {
        Self {
            rows: vec![],
            heads,
            wide,
        }
    }

    /// Says nothing of what is empty.
    pub(super) fn say(&mut self, head: &str, body: &str) {
        self.say_as(head, body, Role::Text);
    }

    pub(super) fn say_as(&mut self, head: &str, body: &str, role: Role) {
        if !body.is_empty() {
            let head = span(format!("{head:<width$}", width = self.heads), Role::Dim);
            hanging(&mut self.rows, head, body, role, self.wide);
        }
    }
}
