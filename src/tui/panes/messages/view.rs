//! The rows of the messages, newest first.

use super::{Model, Tone};
use crate::domain::time_format;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, span, wrap};

/// The role of a message.
pub(crate) fn role(tone: Tone) -> Role {
    match tone {
        Tone::Good => Role::Good,
        Tone::Bad => Role::Danger,
        Tone::Plain => Role::Text,
    }
}

/// The sign of a message.
pub(crate) fn sign(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "+",
        Tone::Bad => "!",
        Tone::Plain => "-",
    }
}

/// The rows of the pane.
pub(crate) fn content(model: &Model, wide: usize) -> Vec<Row> {
    if model.all.is_empty() {
        return vec![vec![span("Nothing was said in this sitting.", Role::Dim)]];
    }
    let mut rows = Vec::new();
    for message in &model.all {
        let head = format!(
            "{}  {} ",
            time_format::clock(message.when),
            sign(message.tone)
        );
        for (i, line) in wrap(&message.text, wide.saturating_sub(12), role(message.tone))
            .into_iter()
            .enumerate()
        {
            let mut row = vec![span(
                if i == 0 { head.clone() } else { " ".repeat(12) },
                Role::Dim,
            )];
            row.extend(line);
            rows.push(row);
        }
    }
    rows
}
