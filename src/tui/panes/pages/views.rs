//! Saved views: each a filter, an order, columns and groups under a name.

use super::said::Said;
use super::{Item, Listed};
use crate::domain::saved_view::SavedView;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::Row;
use crate::tui::widgets::table::{Cell, Column, Told, column};

impl Listed for SavedView {
    const COLUMNS: &'static [Column<Self>] = &[
        column("NAME", (12, 60), 0, |it, _| Cell::text(&it.name)),
        column("FILTER", (12, 60), 3, |it, _| Cell::text(&it.filter)),
        column("SORT", (8, 30), 1, |it, _| Cell::dim(it.sort.written())),
        column("GROUP", (6, 8), 2, |it, _| Cell::dim(group(it))),
    ];

    fn key(&self) -> String {
        self.name.clone()
    }

    fn item(self) -> Item {
        Item::View(Box::new(self))
    }
}

fn group(it: &SavedView) -> &'static str {
    it.group.map_or("", |by| by.word())
}

pub(super) fn detail(it: &SavedView, _: Told, wide: usize) -> Vec<Row> {
    let mut said = Said::new(8, wide);
    let filter = match it.filter.as_str() {
        "" => "none",
        filter => filter,
    };
    said.say("FILTER", filter);
    said.say("SORT", &it.sort.words());
    if let Some(columns) = &it.columns {
        let names: Vec<&str> = columns.iter().map(|it| it.word()).collect();
        said.say("COLUMNS", &names.join(", "));
    }
    if let Some(by) = it.group {
        said.say("GROUP", by.words());
    }
    said.say_as("COMMAND", &it.command(), Role::Dim);
    said.rows
}
