//! The history of one connection in one order, the newest first; it is there after a revoke too.

use super::said::Said;
use super::{Item, Listed};
use crate::domain::timeline::{Entry, What};
use crate::tui::role::Role;
use crate::tui::widgets::canvas::Row;
use crate::tui::widgets::table::{Cell, Column, Told, column};

impl Listed for Entry {
    const COLUMNS: &'static [Column<Self>] = &[
        column("WHEN", (11, 11), 0, |it, told| {
            Cell::dim(told.zone.when(it.at, told.now))
        }),
        column("WHAT", (7, 8), 0, |it, _| {
            Cell::of(it.what.word(), role(it.what))
        }),
        column("HAPPENED", (20, 120), 0, |it, _| Cell::text(&it.text)),
        column("BY", (6, 18), 1, |it, _| Cell::dim(&it.actor)),
    ];

    fn key(&self) -> String {
        format!("{} {} {}", self.what.word(), self.id, self.at.0)
    }

    fn item(self) -> Item {
        Item::Entry(Box::new(self))
    }
}

fn role(what: What) -> Role {
    match what {
        What::Act => Role::Title,
        What::Hold => Role::Pending,
        What::Status | What::Job | What::Consent | What::Note => Role::Text,
    }
}

pub(super) fn detail(it: &Entry, told: Told, wide: usize) -> Vec<Row> {
    let mut said = Said::new(9, wide);
    said.say("when", &told.zone.full(it.at));
    said.say(it.what.word(), &it.text);
    said.say("by", &it.actor);
    said.say("id", &it.id);
    said.rows
}
