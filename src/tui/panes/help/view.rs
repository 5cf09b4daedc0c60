//! Paints help: the search, and under it the lines that match.

use super::Model as Help;
use crate::tui::glyphs::CURSOR;
use crate::tui::model::Model;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Canvas, Row, span, text};
use ratatui::layout::Rect;

fn rows(model: &Help) -> Vec<Row> {
    let lines = model.matching();
    if lines.is_empty() {
        return vec![vec![span("No action matches.", Role::Dim)]];
    }
    let widths = model.lines.iter().map(|l| l.keys.chars().count());
    let wide = widths.max().unwrap_or(0).min(20);
    let row = |(i, line): (usize, &&super::Line)| {
        let role = |on| {
            if line.off.is_some() {
                Role::Disabled
            } else {
                on
            }
        };
        let cursor = if i == model.cursor { CURSOR } else { " " };
        let off = line.off.as_ref().map(|why| format!("  (off: {why})"));
        vec![
            text(format!("{cursor} ")),
            span(format!("{:<wide$}  ", line.keys), role(Role::HintKey)),
            span(line.action.words(), role(Role::Text)),
            span(off.unwrap_or_default(), Role::Disabled),
        ]
    };
    lines.iter().enumerate().map(row).collect()
}

pub(crate) fn paint(canvas: &mut Canvas<'_>, model: &Model, help: &Help) {
    let title = [span(
        format!("Help  keys for: {}", help.place.name()),
        Role::Title,
    )];
    let keys = [span("type to search  Enter runs  Esc closes", Role::Dim)];
    let inner = canvas.window(model.over_area(), &title, &keys);
    if inner.height < 2 {
        return;
    }
    let search = [
        span("search: ", Role::Dim),
        span(help.search.text(), Role::Input),
        span(" ", Role::Caret),
    ];
    canvas.row(inner.x, inner.y, inner.width, &search);
    let below = Rect {
        y: inner.y + 2,
        height: inner.height.saturating_sub(2),
        ..inner
    };
    let scroll = (help.cursor + 1).saturating_sub(usize::from(below.height));
    canvas.scrolled(below, &rows(help), scroll);
    let line = (help.cursor - scroll) as u16;
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
