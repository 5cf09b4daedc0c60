//! The messages as rows, newest first.

use super::{Model, Tone};
use crate::domain::time_format;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, Span, hanging, span};

fn look(tone: Tone) -> (&'static str, Role) {
    match tone {
        Tone::Good => ("+", Role::Good),
        Tone::Bad => ("!", Role::Danger),
        Tone::Plain => ("-", Role::Text),
    }
}

pub(super) fn toast(tone: Tone, text: &str) -> Span {
    let (sign, role) = look(tone);
    span(format!(" {sign} {text} "), role)
}

pub(super) fn rows(model: &Model, wide: usize) -> Vec<Row> {
    if model.all.is_empty() {
        return vec![vec![span("No messages yet.", Role::Dim)]];
    }
    let mut rows = Vec::new();
    for message in &model.all {
        let (sign, role) = look(message.tone);
        let head = format!("{}  {sign} ", time_format::clock(message.when));
        hanging(&mut rows, span(head, Role::Dim), &message.text, role, wide);
    }
    rows
}
