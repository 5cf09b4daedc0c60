//! The sort and copy menus: the keys of one layer, at the lower right.

use crate::tui::model::Model;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Canvas, Row, span, text};
use ratatui::layout::Rect;

pub(crate) fn paint(canvas: &mut Canvas<'_>, body: Rect, model: &Model, title: &str) {
    let hints = model.hints.at(model.place());
    let widest = hints.iter().map(|h| h.key.len() + h.words.len()).max();
    let wide = widest.unwrap_or(0) as u16 + 8;
    let high = (hints.len() as u16 + 2).min(body.height);
    let area = Rect::new(
        body.right().saturating_sub(wide + 2),
        body.bottom() - high,
        wide.min(body.width),
        high,
    );
    let inner = canvas.window(area, &[span(title, Role::Title)], &[]);
    let row = |hint: &crate::tui::footer::Hint| -> Row {
        vec![
            span(format!("{:<4}", hint.key), Role::HintKey),
            text(hint.words),
        ]
    };
    canvas.rows(inner, &hints.iter().map(row).collect::<Vec<_>>());
}
