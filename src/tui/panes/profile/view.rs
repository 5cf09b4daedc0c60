//! Paints the profile with its frame.

use super::rows::rows;
use crate::tui::hit::Hit;
use crate::tui::model::Model;
use crate::tui::panes::Pane;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Canvas, inset, span};
use ratatui::layout::Rect;

pub(crate) fn paint(canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
    let title = model.pane_title(Pane::Profile, "2 Profile");
    let level = [span(format!("PII: {}", model.level.word()), Role::Dim)];
    let focused = model.focused(Pane::Profile);
    canvas.hits(area, Hit::Pane(Pane::Profile));
    let inner = inset(canvas.frame(area, &title, &level, focused));
    canvas.scrolled(inner, &rows(model, inner.width), model.profile.scroll);
}
