//! People: whom to ask to act again, with what to say and the link to send.

use super::said::Said;
use super::{Item, Listed};
use crate::domain::handling::ToAsk;
use crate::domain::time_format;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::Row;
use crate::tui::widgets::table::{Cell, Column, Told, column};

impl Listed for ToAsk {
    const COLUMNS: &'static [Column<Self>] = &[
        column("USER", (10, 26), 0, |it, _| match it.name.trim() {
            "" => Cell::dim(it.user.short()),
            name => Cell::text(name),
        }),
        column("BANK", (10, 26), 4, |it, _| {
            Cell::text(&it.institution_name)
        }),
        column("VIA", (3, 3), 1, |it, _| Cell::dim(it.method.short())),
        column("SINCE", (7, 7), 5, |it, _| Cell::age(it.since)),
        column("WHY", (26, 60), 0, |it, _| Cell::text(&it.headline)),
        column("MOBILE", (11, 18), 3, |it, _| {
            Cell::dim(it.mobile.as_deref().unwrap_or("none"))
        }),
        column("EMAIL", (12, 28), 2, |it, _| {
            Cell::dim(it.email.as_deref().unwrap_or("none"))
        }),
        column("ASKED", (7, 7), 0, |it, _| match it.asked {
            Some(at) => Cell::age(at),
            None => Cell::of("never", Role::Warning),
        }),
    ];

    fn key(&self) -> String {
        self.connection.to_string()
    }

    fn item(self) -> Item {
        Item::Person(Box::new(self))
    }
}

pub(super) fn detail(it: &ToAsk, told: Told, wide: usize) -> Vec<Row> {
    let mut said = Said::new(7, wide);
    let none = || "none on record".to_owned();
    let contact = format!(
        "{}, {}",
        it.mobile.clone().unwrap_or_else(none),
        it.email.clone().unwrap_or_else(none)
    );
    said.say("WHY", &it.headline);
    said.say("SAY", &it.text);
    said.say("TO", &contact);
    let link = match &it.link {
        Some((words, ends)) => format!("{words}, until {}", told.zone.full(*ends)),
        None => "none yet; asking makes one".into(),
    };
    said.say("LINK", &link);
    let asked = match it.asked {
        Some(at) => format!(
            "{} ({})",
            told.zone.full(at),
            time_format::ago(at, told.now)
        ),
        None => "never".into(),
    };
    said.say("ASKED", &asked);
    let command = format!("switchboard invite {} --mark-asked", it.connection.short());
    said.say_as("", &command, Role::Dim);
    said.rows
}
