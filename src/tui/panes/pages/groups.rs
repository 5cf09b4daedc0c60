//! The list of connections by one field.

use super::said::Said;
use super::{Item, Listed};
use crate::domain::groups::Group;
use crate::domain::views::Size;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, thousands};
use crate::tui::widgets::table::{Cell, Column, Told, column, figures};

impl Listed for Group {
    const COLUMNS: &'static [Column<Self>] = &[
        figures("COUNT", 7, 0, |it, _| Cell::text(size(it.size))),
        column("GROUP", (12, 60), 0, |it, _| Cell::text(&it.name)),
        column("FIND", (12, 60), 1, |it, _| {
            Cell::dim(it.term.as_deref().unwrap_or(""))
        }),
    ];

    fn key(&self) -> String {
        let term = self.term.as_ref();
        term.unwrap_or(&self.name).clone()
    }

    fn item(self) -> Item {
        Item::Group(Box::new(self))
    }
}

fn size(size: Size) -> String {
    let more = if size.exact { "" } else { "+" };
    format!("{}{more}", thousands(size.count))
}

pub(super) fn name(it: &Group) -> String {
    format!("{}  {}", it.field.words(), it.name)
}

pub(super) fn detail(it: &Group, _: Told, wide: usize) -> Vec<Row> {
    let mut said = Said::new(6, wide);
    let rows = if it.size.exact { "" } else { "at least " };
    said.say("COUNT", &format!("{rows}{}", thousands(it.size.count)));
    match &it.filter {
        Some(filter) => said.say_as("FIND", filter, Role::Dim),
        None => said.say_as("FIND", "no filter finds these alone", Role::Dim),
    }
    said.rows
}
