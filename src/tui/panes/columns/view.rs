//! Paints the columns.

use super::Model;
use crate::tui::glyphs::CURSOR;
use crate::tui::hit::Hit;
use crate::tui::model::Model as Screen;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Canvas, Row, span, text};
use ratatui::layout::Rect;

/// Cells of the window, with its frame.
const WIDE: u16 = 40;

pub(crate) fn paint(canvas: &mut Canvas<'_>, body: Rect, screen: &Screen, model: &Model) {
    let wide = WIDE.min(body.width);
    let high = (model.lines.len() as u16 + 2).min(body.height);
    let area = Rect::new(
        body.x + (body.width - wide) / 2,
        body.y + (body.height - high) / 2,
        wide,
        high,
    );
    let title = [span("Columns", Role::Title)];
    let count = format!("{} of {}", model.shown().len(), model.lines.len());
    let inner = canvas.window(area, &title, &[span(count, Role::Dim)]);
    let room = usize::from(inner.height).max(1);
    let top = (model.cursor + 1).saturating_sub(room);
    let fitted =
        crate::tui::panes::connections::columns::fit(screen.list_width(), &screen.list.columns);
    let row = |(at, (column, shown)): (usize, &(_, bool))| -> Row {
        let column: crate::domain::list_columns::Column = *column;
        let cursor = if at == model.cursor { CURSOR } else { " " };
        let tick = if *shown { "[x]" } else { "[ ]" };
        let here = fitted.iter().any(|(shape, _)| shape.column == column);
        let narrow = if *shown && !here { " no room" } else { "" };
        vec![
            text(format!("{cursor} {tick} ")),
            span(
                format!("{:<8} ", column.title()),
                if *shown { Role::Text } else { Role::Dim },
            ),
            span(format!("{}{narrow}", column.word()), Role::Dim),
        ]
    };
    let lines = model.lines.iter().enumerate().skip(top).take(room);
    canvas.rows(inner, &lines.map(row).collect::<Vec<Row>>());
    for (at, y) in (top..model.lines.len()).zip(inner.top()..inner.bottom()) {
        canvas.hits(Rect::new(inner.x, y, inner.width, 1), Hit::Line(at));
    }
    let selected = Rect {
        y: inner.y + (model.cursor - top) as u16,
        height: 1,
        ..inner
    };
    canvas.over(selected, Role::Selected);
}
