//! Between looking and sending, something moved: before and now, and nothing was done.

use super::Scene;
use crate::domain::ids::ConnectionId;
use crate::domain::plan::Difference;
use crate::tui::action::Action;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, span, text, wrap};

/// The message.
#[derive(Clone, Debug)]
pub struct Changed {
    /// What was going to be done.
    pub action: Action,
    /// To which connection.
    pub id: ConnectionId,
    /// What differs.
    pub differences: Vec<Difference>,
}

/// The rows.
pub fn content(ask: &Changed, scene: Scene) -> Vec<Row> {
    let nothing = if ask.action == Action::Purge { "Nothing was deleted." } else { "Nothing was sent." };
    let mut rows = wrap(&format!("! It changed while this dialog was open. {nothing}"), scene.wide, Role::Warning);
    rows.push(vec![]);
    let wide = (scene.wide.saturating_sub(20) / 2).clamp(8, 24);
    rows.push(vec![span(format!("  {:<18}{:<wide$}now", "", "when you looked"), Role::Dim)]);
    for difference in &ask.differences {
        let cell = |words: &str| crate::domain::text::Shown::of_limited(words, 60).cut(wide - 1).into_plain();
        rows.push(vec![
            span(format!("  {:<18}", difference.what), Role::Dim),
            text(format!("{:<wide$}", cell(&difference.before))),
            span(cell(&difference.now), Role::Warning),
        ]);
    }
    rows
}
