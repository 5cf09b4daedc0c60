//! Paints help: the search, and under it the lines that match.

use super::{Model as Help, pages};
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

pub(crate) fn paint(canvas: &mut Canvas<'_>, model: &Model, help: &Help) {
    let area = pages::area(model);
    let all = pages::pages(model, help);
    let at = pages::page_of(&all, help.cursor);
    let narrow = area.width < 66;
    let hint = match all.len() {
        0 | 1 if narrow => "type to search".to_owned(),
        0 | 1 => "type to search  Enter runs".to_owned(),
        of if narrow => format!("page {} of {of}", at + 1),
        of => format!("type to search  page {} of {of}", at + 1),
    };
    let title = match narrow {
        true => "Help".to_owned(),
        false => format!("Help  keys for: {}", help.place.name()),
    };
    let none = help.matching().is_empty();
    searched(
        canvas,
        area,
        &Searched {
            title: &title,
            hint: &hint,
            label: "search: ",
            typed: help.search.text(),
            rows: vec![],
            none: if none { "No action matches." } else { "" },
            cursor: 0,
        },
    );
    let columns = pages::columns(pages::below(area));
    let page = all.into_iter().nth(at).unwrap_or_default();
    for (column, rows) in columns.into_iter().zip(page) {
        let mut before = None;
        for ((of, row), y) in rows.into_iter().zip(column.top()..column.bottom()) {
            let Some(of) = of else {
                canvas.row(column.x, y, column.width, &row);
                continue;
            };
            let sign = match of == help.cursor && before != Some(of) {
                true => CURSOR,
                false => " ",
            };
            before = Some(of);
            let used = canvas.row(column.x, y, column.width, &[text(format!("{sign} "))]);
            canvas.row(column.x + used, y, column.width - used, &row);
            let line = Rect::new(column.x, y, column.width, 1);
            canvas.hits(line, Hit::Line(of));
            if of == help.cursor {
                canvas.over(line, Role::Selected);
            }
        }
    }
}
