//! The audit: who did what and what was refused, the newest first.

use super::said::Said;
use super::{Item, Listed};
use crate::domain::moment::Moment;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::Row;
use crate::tui::widgets::table::{Cell, Column, Told, column, figures};

/// A line of the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuditEntry {
    pub(crate) seq: i64,
    pub(crate) at: Moment,
    pub(crate) actor: String,
    pub(crate) face: String,
    pub(crate) action: String,
    /// The id of what it is about; may be empty.
    pub(crate) target: String,
    pub(crate) outcome: String,
    pub(crate) reason: String,
    /// What it found and what it left, in words; may be empty.
    pub(crate) was: String,
    pub(crate) became: String,
}

impl Listed for AuditEntry {
    const COLUMNS: &'static [Column<Self>] = &[
        figures("LINE", 4, 3, |it, _| Cell::dim(it.seq.to_string())),
        column("WHEN", (11, 11), 0, |it, told| {
            Cell::dim(told.zone.when(it.at, told.now))
        }),
        column("ACTOR", (6, 18), 5, |it, _| Cell::text(&it.actor)),
        column("BY", (6, 10), 1, |it, _| Cell::dim(&it.face)),
        column("ACTION", (8, 20), 0, |it, _| Cell::text(&it.action)),
        column("OF", (6, 6), 4, |it, _| Cell::dim(short(&it.target))),
        column("OUTCOME", (24, 60), 0, |it, _| {
            let refused = it.outcome.starts_with("refused");
            let role = if refused { Role::Warning } else { Role::Text };
            Cell::of(&it.outcome, role)
        }),
        column("REASON", (6, 40), 2, |it, _| Cell::dim(&it.reason)),
    ];

    fn key(&self) -> String {
        self.seq.to_string()
    }

    fn item(self) -> Item {
        Item::Audit(Box::new(self))
    }
}

/// The end of an id; what is shorter is a name and stays whole.
fn short(target: &str) -> &str {
    let from = target.char_indices().rev().nth(5).map_or(0, |(at, _)| at);
    if target.len() > 20 {
        &target[from..]
    } else {
        target
    }
}

pub(super) fn name(it: &AuditEntry) -> String {
    format!("line {}  {}", it.seq, it.action)
}

pub(super) fn filter(it: &AuditEntry) -> Option<String> {
    let target = it.target.as_str();
    let id = !target.is_empty()
        && target
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-');
    id.then(|| format!("id:{target} or user:{target} or bank={target}"))
}

pub(super) fn detail(it: &AuditEntry, told: Told, wide: usize) -> Vec<Row> {
    let mut said = Said::new(9, wide);
    said.say("when", &told.zone.full(it.at));
    said.say("actor", &format!("{} (by {})", it.actor, it.face));
    said.say("of", &it.target);
    said.say("outcome", &it.outcome);
    said.say("was", &it.was);
    said.say("then", &it.became);
    said.say("reason", &it.reason);
    said.rows
}
