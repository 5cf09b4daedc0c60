//! Activity: what was ordered in this sitting, each with its command, and what was said.

use super::said::Said;
use super::{Item, Listed};
use crate::domain::moment::Moment;
use crate::tui::panes::messages::{self, Tone};
use crate::tui::role::Role;
use crate::tui::widgets::canvas::Row;
use crate::tui::widgets::table::{Cell, Column, Told, column};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Deed {
    /// Its number in the sitting.
    n: u64,
    when: Moment,
    tone: Tone,
    text: String,
    command: Option<String>,
}

/// All that is kept, the newest first.
pub(super) fn deeds(said: &messages::Model) -> Vec<Deed> {
    let deed = |(at, message): (u64, &messages::Message)| Deed {
        n: said.said.saturating_sub(at),
        when: message.when,
        tone: message.tone,
        text: message.text.clone(),
        command: message.command.clone(),
    };
    (0..).zip(&said.all).map(deed).collect()
}

impl Listed for Deed {
    const COLUMNS: &'static [Column<Self>] = &[
        column("WHEN", (11, 11), 1, |it, told| {
            Cell::dim(told.zone.when(it.when, told.now))
        }),
        column("WHAT", (20, 90), 0, |it, _| {
            let role = match (it.tone, &it.command) {
                (Tone::Bad, _) => Role::Danger,
                (Tone::Good, _) => Role::Good,
                (Tone::Plain, _) => Role::Text,
            };
            Cell::of(&it.text, role)
        }),
        column("COMMAND", (20, 100), 2, |it, _| {
            Cell::dim(it.command.as_deref().unwrap_or(""))
        }),
    ];

    fn key(&self) -> String {
        self.n.to_string()
    }

    fn item(self) -> Item {
        Item::Deed(Box::new(self))
    }
}

impl Deed {
    pub(super) fn command(&self) -> Option<&str> {
        self.command.as_deref()
    }
}

pub(super) fn detail(it: &Deed, told: Told, wide: usize) -> Vec<Row> {
    let mut said = Said::new(9, wide);
    said.say("when", &told.zone.full(it.when));
    said.say("what", &it.text);
    if let Some(command) = &it.command {
        said.say("command", command);
    }
    said.rows
}
