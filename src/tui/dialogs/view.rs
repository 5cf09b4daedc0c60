//! Paints a dialog.

use super::Dialog;
use super::place::{content, foot, place};
use crate::tui::hit::Hit;
use crate::tui::model::Model;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Canvas, span};
use ratatui::layout::Rect;

pub(crate) fn paint(canvas: &mut Canvas<'_>, model: &Model, dialog: &Dialog) {
    let place = place(model, dialog);
    canvas.fill(place.outer, Role::Text);
    canvas.hits(place.outer, Hit::Nothing);
    canvas.frame(place.outer, &dialog.question.title(), &[], true);
    let rows = content(model, dialog, place.text.width);
    canvas.rows(place.text, &rows[dialog.scroll.min(rows.len())..]);
    if dialog.scroll < place.end() {
        canvas.right(
            place.outer.right() - 2,
            place.text.bottom(),
            place.text.width,
            &[span("more below", Role::Warning)],
        );
    }
    let foot = foot(dialog, place.foot.width, model.size.1);
    canvas.rows(place.foot, &foot.rows);
    for (spot, row, x, cells) in foot.spots {
        let at = Rect::new(place.foot.x + x, place.foot.y + row as u16, cells, 1);
        canvas.hits(at.intersection(place.foot), Hit::Spot(spot));
    }
}
