//! What is said of a connection's status.

use super::Model;
use crate::tui::glyphs::Signs;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, hanging, span, text, wrap};

pub(super) fn rows(model: &Model, signs: Signs, wide: usize) -> Vec<Row> {
    let (row, meaning) = (&model.row, &model.meaning);
    let sign = signs.label(row.label);
    let mut rows = vec![vec![
        span(format!("{sign} {}", row.label.word()), Role::of(row.label)),
        span(format!("  {}", meaning.since), Role::Dim),
    ]];
    rows.extend(wrap(&meaning.headline, wide, Role::Text));
    rows.push(vec![]);
    rows.push(vec![
        span("Next step    ", Role::Title),
        text(meaning.whose.words()),
    ]);
    let customer = std::slice::from_ref(&meaning.tell_customer);
    for (title, lines) in [
        ("What to do", &meaning.what_to_do[..]),
        ("Won't help", &meaning.will_not_help),
        ("Evidence", &meaning.evidence),
        ("Tell the customer", customer),
    ] {
        if lines.iter().all(String::is_empty) {
            continue;
        }
        rows.push(vec![]);
        rows.push(vec![span(title, Role::Title)]);
        for line in lines {
            hanging(&mut rows, span("  - ", Role::Dim), line, Role::Text, wide);
        }
    }
    rows.push(vec![]);
    for (title, wanted) in [("Allowed now  ", true), ("Not now      ", false)] {
        let actions = model.actions.iter().filter(|(_, a)| a.is_ok() == wanted);
        for (i, (words, allowed)) in actions.enumerate() {
            let words = match allowed {
                Ok(()) => words.clone(),
                Err(reason) => format!("{words}: {reason}"),
            };
            let head = if i == 0 { title } else { "             " };
            hanging(&mut rows, span(head, Role::Title), &words, Role::Text, wide);
        }
    }
    rows
}
