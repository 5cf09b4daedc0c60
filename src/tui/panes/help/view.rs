//! Paints help: the search, and under it the lines that match.

use super::Model as Help;
use crate::tui::glyphs::CURSOR;
use crate::tui::hit::Hit;
use crate::tui::model::Model;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Canvas, Row, span, text};
use ratatui::layout::Rect;

/// A list in a window that typing narrows.
pub(crate) struct Searched<'a> {
    pub(crate) title: &'a str,
    pub(crate) hint: &'a str,
    /// Before what is typed.
    pub(crate) label: &'a str,
    pub(crate) typed: &'a str,
    pub(crate) rows: Vec<Row>,
    /// What is said when there are no rows.
    pub(crate) none: &'a str,
    pub(crate) cursor: usize,
}

pub(crate) fn searched(canvas: &mut Canvas<'_>, area: Rect, list: &Searched<'_>) {
    let title = [span(list.title, Role::Title)];
    let inner = canvas.window(area, &title, &[span(list.hint, Role::Dim)]);
    if inner.height < 2 {
        return;
    }
    let search = [
        span(list.label, Role::Dim),
        span(list.typed, Role::Input),
        span(" ", Role::Caret),
    ];
    canvas.row(inner.x, inner.y, inner.width, &search);
    let below = Rect {
        y: inner.y + 2,
        height: inner.height.saturating_sub(2),
        ..inner
    };
    if list.rows.is_empty() {
        canvas.rows(below, &[vec![span(list.none, Role::Dim)]]);
        return;
    }
    let cursor = |(at, row): (usize, &Row)| {
        let sign = if at == list.cursor { CURSOR } else { " " };
        let mut marked = vec![text(format!("{sign} "))];
        marked.extend(row.iter().cloned());
        marked
    };
    let rows: Vec<Row> = list.rows.iter().enumerate().map(cursor).collect();
    let scroll = (list.cursor + 1).saturating_sub(usize::from(below.height));
    canvas.scrolled(below, &rows, scroll);
    for (at, y) in (scroll..rows.len()).zip(below.top()..below.bottom()) {
        canvas.hits(Rect::new(below.x, y, below.width, 1), Hit::Line(at));
    }
    let line = (list.cursor - scroll) as u16;
    if line < below.height {
        let y = below.y + line;
        let row = Rect {
            y,
            height: 1,
            ..below
        };
        canvas.over(row, Role::Selected);
    }
}

fn rows(model: &Help) -> Vec<Row> {
    let widths = model.lines.iter().map(|l| l.keys.chars().count());
    let wide = widths.max().unwrap_or(0).min(20);
    let row = |line: &super::Line| {
        let role = |on| {
            if line.off.is_some() {
                Role::Disabled
            } else {
                on
            }
        };
        let off = line.off.as_ref().map(|why| format!("  (off: {why})"));
        vec![
            span(format!("{:<wide$}  ", line.keys), role(Role::HintKey)),
            span(line.action.words(), role(Role::Text)),
            span(off.unwrap_or_default(), Role::Disabled),
        ]
    };
    model.matching().into_iter().map(row).collect()
}

pub(crate) fn paint(canvas: &mut Canvas<'_>, model: &Model, help: &Help) {
    searched(
        canvas,
        model.over_area(),
        &Searched {
            title: &format!("Help  keys for: {}", help.place.name()),
            hint: "type to search  Enter runs  Esc closes",
            label: "search: ",
            typed: help.search.text(),
            rows: rows(help),
            none: "No action matches.",
            cursor: help.cursor,
        },
    );
}
