//! Why a connection is as it is. What the row tells is there at once; the store's fuller answer takes
//! its place when it comes.

use crate::domain::diagnosis::Meaning;
use crate::domain::ids::ConnectionId;
use crate::domain::views::ConnectionRow;
use crate::tui::glyphs::Signs;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, span, text, wrap};

/// The pane's state.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    /// Which connection.
    pub(crate) id: ConnectionId,
    /// Its row when it was opened.
    pub(crate) row: ConnectionRow,
    /// The answer.
    pub(crate) meaning: Meaning,
    /// What is possible and what is not, with the reason.
    pub(crate) actions: Vec<(String, Result<(), String>)>,
    /// Rows scrolled away.
    pub(crate) scroll: usize,
}

/// The rows of the pane.
pub(crate) fn content(model: &Model, signs: Signs, wide: usize) -> Vec<Row> {
    let (row, meaning) = (&model.row, &model.meaning);
    let mut rows = vec![vec![
        span(
            format!("{} {}", signs.label(row.label), row.label.word()),
            Role::of(row.label),
        ),
        span(format!("  {}", meaning.since), Role::Dim),
    ]];
    rows.extend(wrap(&meaning.headline, wide, Role::Text));
    rows.push(vec![]);
    rows.push(vec![
        span("Whose move   ", Role::Title),
        text(meaning.whose.words()),
    ]);
    list(&mut rows, "What to do", &meaning.what_to_do, wide);
    list(
        &mut rows,
        "What will not help",
        &meaning.will_not_help,
        wide,
    );
    list(&mut rows, "What speaks for it", &meaning.evidence, wide);
    list(
        &mut rows,
        "Tell the customer",
        std::slice::from_ref(&meaning.tell_customer),
        wide,
    );
    rows.push(vec![]);
    for (title, wanted) in [("Allowed now  ", true), ("Not now      ", false)] {
        for (i, (words, allowed)) in model
            .actions
            .iter()
            .filter(|(_, a)| a.is_ok() == wanted)
            .enumerate()
        {
            let words = match allowed {
                Ok(()) => words.clone(),
                Err(reason) => format!("{words}: {reason}"),
            };
            for (j, line) in wrap(&words, wide.saturating_sub(13), Role::Text)
                .into_iter()
                .enumerate()
            {
                let mut row = vec![span(
                    if i + j == 0 { title } else { "             " },
                    Role::Title,
                )];
                row.extend(line);
                rows.push(row);
            }
        }
    }
    rows
}

fn list(rows: &mut Vec<Row>, title: &str, lines: &[String], wide: usize) {
    if lines.iter().all(String::is_empty) {
        return;
    }
    rows.push(vec![]);
    rows.push(vec![span(title, Role::Title)]);
    for line in lines {
        for (i, wrapped) in wrap(line, wide.saturating_sub(4), Role::Text)
            .into_iter()
            .enumerate()
        {
            let mut row = vec![span(if i == 0 { "  - " } else { "    " }, Role::Dim)];
            row.extend(wrapped);
            rows.push(row);
        }
    }
}
