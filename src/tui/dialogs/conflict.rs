//! Between looking and sending, something moved: before and now, and nothing was done.

use super::Ask;
use super::Scene;
use crate::domain::act::{Difference, Target};
use crate::domain::ids::ConnectionId;
use crate::domain::views::ConnectionRow;
use crate::tui::action::Action;
use crate::tui::model::Model;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, span, text, wrap};

/// The message.
#[derive(Clone, Debug)]
pub(crate) struct Changed {
    /// What was going to be done.
    pub(crate) action: Action,
    /// To which connection.
    pub(crate) id: ConnectionId,
    /// What differs.
    pub(crate) differences: Vec<Difference>,
}

/// The rows.
pub(crate) fn content(ask: &Changed, scene: Scene) -> Vec<Row> {
    let nothing = if ask.action == Action::Purge {
        "Nothing was deleted."
    } else {
        "Nothing was sent."
    };
    let mut rows = wrap(
        &format!("! It changed while this dialog was open. {nothing}"),
        scene.wide,
        Role::Warning,
    );
    rows.push(vec![]);
    let wide = (scene.wide.saturating_sub(20) / 2).clamp(8, 24);
    rows.push(vec![span(
        format!("  {:<18}{:<wide$}now", "", "when you looked"),
        Role::Dim,
    )]);
    for difference in &ask.differences {
        let cell = |words: &str| {
            crate::domain::text::Shown::of_limited(words, 60)
                .cut(wide - 1)
                .into_plain()
        };
        rows.push(vec![
            span(format!("  {:<18}", difference.what), Role::Dim),
            text(format!("{:<wide$}", cell(&difference.before))),
            span(cell(&difference.now), Role::Warning),
        ]);
    }
    rows
}

/// What moved between the row a dialog is aimed at and that row as it is now.
pub(super) fn differences(model: &Model, before: &Target, now: &ConnectionRow) -> Vec<Difference> {
    let stored = match model.dialog.as_ref().map(|d| &d.ask) {
        Some(Ask::Purge(ask)) if ask.plan.as_ref().is_some_and(|p| p.siblings.is_empty()) => {
            ask.plan.as_ref().map(|p| &p.stored)
        }
        Some(Ask::Revoke(ask)) => ask.plan.as_ref().map(|p| &p.stored),
        _ => None,
    };
    let job = now
        .last_job
        .as_ref()
        .map_or("none".into(), |j| format!("{} {}", j.kind.word(), j.state));
    let mut pairs = vec![(
        "status",
        before.label.word().to_owned(),
        now.label.word().to_owned(),
    )];
    if let Some(stored) = stored {
        pairs.push((
            "accounts",
            stored.accounts.len().to_string(),
            now.accounts.to_string(),
        ));
        pairs.push((
            "transactions",
            stored.transactions.to_string(),
            now.transactions.to_string(),
        ));
    }
    pairs.retain(|(_, before, now)| before != now);
    if pairs.is_empty() {
        pairs.push(("newest job", "as listed then".into(), job));
    }
    pairs
        .into_iter()
        .map(|(what, before, now)| Difference {
            what: what.into(),
            before,
            now,
        })
        .collect()
}
