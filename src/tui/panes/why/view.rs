//! Paints the explanation in a window as high as it needs.

use super::Model as Why;
use super::rows::rows;
use crate::tui::model::Model;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Canvas, span, text};
use ratatui::layout::Rect;

pub(crate) fn paint(canvas: &mut Canvas<'_>, model: &Model, why: &Why) {
    let area = model.over_area();
    let rows = rows(why, model.signs, usize::from(area.width.saturating_sub(4)));
    let high = (rows.len() as u16 + 2).min(area.height);
    let area = Rect {
        height: high,
        y: area.y + (area.height - high) / 2,
        ..area
    };
    let title = [
        span(format!("Why  {}  ", why.id.short()), Role::Title),
        text(&why.row.institution_name),
        span(format!(" ({})", why.row.method.words()), Role::Dim),
    ];
    let inner = canvas.window(area, &title, &[span("Esc closes", Role::Dim)]);
    canvas.scrolled(inner, &rows, why.scroll);
}
