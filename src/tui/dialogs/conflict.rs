//! Between looking and sending, something changed: before and now, and nothing was done.

use super::{Button, Form, Press, Question, Reply, Scene};
use crate::domain::act::{ActKind, Difference, OneConnection, Target};
use crate::domain::ids::ConnectionId;
use crate::domain::rows::ConnectionRow;
use crate::domain::text::Shown;
use crate::domain::views::Placed;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, span, text, wrap};

#[derive(Debug)]
pub(crate) struct Conflict {
    pub(crate) kind: ActKind,
    pub(crate) id: ConnectionId,
    pub(crate) differences: Vec<Difference>,
}

impl Question for Conflict {
    fn title(&self) -> Row {
        let words = format!("Stopped before sending  {}", self.id.short());
        vec![span(words, Role::Title)]
    }

    fn content(&self, _: &Form, scene: Scene) -> Vec<Row> {
        let nothing = if self.kind == ActKind::Purge {
            "Nothing was deleted."
        } else {
            "Nothing was sent."
        };
        let says = format!("! It changed while this dialog was open. {nothing}");
        let mut rows = wrap(&says, scene.wide, Role::Warning);
        rows.push(vec![]);
        let wide = (scene.wide.saturating_sub(20) / 2).clamp(8, 24);
        let head = format!("  {:<18}{:<wide$}now", "", "when you looked");
        rows.push(vec![span(head, Role::Dim)]);
        let cell = |words: &str| Shown::of_limited(words, 60).cut(wide - 1).into_plain();
        rows.extend(self.differences.iter().map(|difference| {
            vec![
                span(format!("  {:<18}", difference.what), Role::Dim),
                text(format!("{:<wide$}", cell(&difference.before))),
                span(cell(&difference.now), Role::Warning),
            ]
        }));
        rows
    }

    fn buttons(&self, _: &Form) -> Vec<Button> {
        vec![
            Button::confirm("y  Show the new plan", true),
            Button::cancel("n  Cancel"),
        ]
    }

    fn press(&mut self, _: &mut Form, _: Press) -> Reply {
        Reply::Open(self.kind, self.id.clone())
    }
}

/// The row of this connection, when it is not what was looked at any more.
pub(super) fn changed<'a>(before: &Target, rows: &'a [Placed]) -> Option<&'a ConnectionRow> {
    rows.iter()
        .map(|placed| &placed.row)
        .find(|row| row.id == before.id && row.version != before.version)
}

impl Conflict {
    /// What a purge or revoke finds changed.
    pub(super) fn of(kind: ActKind, one: &OneConnection, now: &ConnectionRow) -> Self {
        let (before, stored) = (&one.target, &one.stored);
        // what a purge counted is of this connection alone only where no other shares it
        let alone = kind == ActKind::Revoke || one.siblings.is_empty();
        let job = now
            .last_job
            .as_ref()
            .map_or("none".into(), |j| format!("{} {}", j.kind.word(), j.state));
        let mut pairs = vec![(
            "status",
            before.label.word().to_owned(),
            now.label.word().to_owned(),
        )];
        if alone {
            let transactions = stored.transactions.to_string();
            pairs.extend([
                (
                    "accounts",
                    stored.accounts.len().to_string(),
                    now.accounts.to_string(),
                ),
                ("transactions", transactions, now.transactions.to_string()),
            ]);
        }
        pairs.retain(|(_, before, now)| before != now);
        if pairs.is_empty() {
            pairs.push(("newest job", "as listed then".into(), job));
        }
        let difference = |(what, before, now): (&str, String, String)| Difference {
            what: what.into(),
            before,
            now,
        };
        Self {
            kind,
            id: before.id.clone(),
            differences: pairs.into_iter().map(difference).collect(),
        }
    }
}
