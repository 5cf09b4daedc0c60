//! People: whom to ask to act again, with what to say and the link to send.

use super::{Item, Listed};
use crate::domain::handling::ToAsk;
use crate::domain::time_format;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, hanging, span};
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
    let mut rows = vec![];
    let mut say = |head: &str, body: &str, role: Role| {
        let head = span(format!("{head:<7}"), Role::Dim);
        hanging(&mut rows, head, body, role, wide);
    };
    let none = || "none on record".to_owned();
    let contact = format!(
        "{}, {}",
        it.mobile.clone().unwrap_or_else(none),
        it.email.clone().unwrap_or_else(none)
    );
    say("WHY", &it.headline, Role::Text);
    say("SAY", &it.text, Role::Text);
    say("TO", &contact, Role::Text);
    let link = match &it.link {
        Some((id, ends)) => format!(
            "/connect/{id} (below the address of the consent page), until {}",
            told.zone.full(*ends)
        ),
        None => "none yet; asking makes one".into(),
    };
    say("LINK", &link, Role::Text);
    let asked = match it.asked {
        Some(at) => format!(
            "{} ({})",
            told.zone.full(at),
            time_format::ago(at, told.now)
        ),
        None => "never".into(),
    };
    say("ASKED", &asked, Role::Text);
    let command = format!("switchboard invite {} --mark-asked", it.connection.short());
    say("", &command, Role::Dim);
    rows
}
