//! The sort and copy menus: the keys of one layer, at the lower right.

use crate::tui::hit::Hit;
use crate::tui::model::Model;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Canvas, Row, span, text};
use ratatui::layout::Rect;

pub(crate) fn paint(canvas: &mut Canvas<'_>, body: Rect, model: &Model, title: &str) {
    let hints = model.hints.at(model.place());
    let widest = hints.iter().map(|h| h.key.len() + h.words.len()).max();
    let widest = widest.unwrap_or(0) as u16;
    // on a low screen in two columns
    let room = body.height.saturating_sub(2).max(1);
    let columns = if hints.len() > usize::from(room) {
        2
    } else {
        1
    };
    let rows = (hints.len() as u16).div_ceil(columns).min(room);
    let (high, wide) = (rows + 2, columns * (widest + 4) + 4);
    let area = Rect::new(
        body.right().saturating_sub(wide + 2).max(body.x),
        body.bottom() - high,
        wide.min(body.width),
        high,
    );
    let inner = canvas.window(area, &[span(title, Role::Title)], &[]);
    for (at, part) in hints.chunks(usize::from(rows)).take(2).enumerate() {
        let row = |hint: &crate::tui::footer::Hint| -> Row {
            vec![
                span(format!("{:<4}", hint.key), Role::HintKey),
                text(hint.words),
            ]
        };
        let x = inner.x + at as u16 * (widest + 4);
        let column = Rect {
            x,
            width: inner.right().saturating_sub(x),
            ..inner
        };
        for (hint, y) in part.iter().zip(column.top()..column.bottom()) {
            let line = Rect::new(x, y, widest + 4, 1).intersection(column);
            canvas.hits(line, Hit::Run(hint.action));
        }
        canvas.rows(column, &part.iter().map(row).collect::<Vec<_>>());
    }
}
