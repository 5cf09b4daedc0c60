//! What changed since whoever is here left: by cause, in as many lines as the page has.

use super::said::Said;
use super::{Item, Listed};
use crate::domain::since::{Change, Digest, What};
use crate::tui::role::Role;
use crate::tui::widgets::canvas::Row;
use crate::tui::widgets::table::{Cell, Column, Told, column, figures};

impl Listed for Change {
    const COLUMNS: &'static [Column<Self>] = &[
        figures("COUNT", 5, 0, |it, _| Cell::number(it.count)),
        column("WHAT", (7, 8), 0, |it, _| {
            Cell::of(it.what.word(), role(it.what))
        }),
        column("CHANGED", (20, 100), 0, |it, _| Cell::text(&it.text)),
        column("BY", (6, 18), 1, |it, _| Cell::dim(&it.by)),
        column("LAST", (7, 7), 2, |it, _| Cell::age(it.last)),
    ];

    fn key(&self) -> String {
        format!("{} {} {}", self.what.word(), self.by, self.text)
    }

    fn item(self) -> Item {
        Item::Change(Box::new(self))
    }
}

fn role(what: What) -> Role {
    match what {
        What::Incident | What::Broke => Role::Danger,
        What::Healed | What::New => Role::Good,
        What::Yours => Role::Title,
        What::Hold => Role::Pending,
        What::Revoked | What::Consent | What::Act => Role::Text,
    }
}

/// Since when the page tells.
pub(super) fn note(digest: &Digest, told: Told) -> String {
    let at = told.zone.spoken(digest.since, told.now);
    let cut = if digest.cut { "; only the newest" } else { "" };
    format!("since {at}, {}{cut}", digest.from.words())
}

pub(super) fn detail(it: &Change, told: Told, wide: usize) -> Vec<Row> {
    let mut said = Said::new(6, wide);
    let what = format!("{}: {}", it.count, it.text);
    said.say("WHAT", &what);
    said.say("BY", &it.by);
    said.say("LAST", &told.zone.full(it.last));
    said.say_as("SORT", it.what.about(), Role::Dim);
    let find = match &it.filter {
        Some(filter) => filter.as_str(),
        None if it.what == What::Act => "page 9, the audit, has each line",
        None => "",
    };
    said.say_as("FIND", find, Role::Dim);
    said.rows
}
