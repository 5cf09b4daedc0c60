//! The messages as rows, newest first.

use super::Tone;
use crate::tui::model::Model as Screen;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, hanging, span};

fn look(tone: Tone) -> (&'static str, Role) {
    match tone {
        Tone::Good => ("+", Role::Good),
        Tone::Bad => ("!", Role::Danger),
        Tone::Plain => ("-", Role::Text),
    }
}

/// One message in one line; the sign has the colour.
pub(super) fn told(tone: Tone, at: &str, text: &str, fresh: bool) -> Row {
    let (sign, role) = look(tone);
    let words = if fresh { Role::Text } else { Role::Dim };
    vec![
        span(format!("{sign} "), if fresh { role } else { Role::Dim }),
        span(format!("{at}  "), Role::Dim),
        span(text, words),
    ]
}

/// Each with the time it was said at, of the day it was said on.
pub(super) fn rows(screen: &Screen, wide: usize) -> Vec<Row> {
    let model = &screen.notices;
    if model.all.is_empty() {
        return vec![vec![span("No messages yet.", Role::Dim)]];
    }
    let mut rows = Vec::new();
    for message in &model.all {
        let (sign, role) = look(message.tone);
        let head = format!("{}  {sign} ", screen.zone.when(message.when, screen.now));
        hanging(&mut rows, span(head, Role::Dim), &message.text, role, wide);
    }
    rows
}
