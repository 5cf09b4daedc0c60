//! Paints the messages: in a window, in a strip at the bottom of a large screen, and as toasts.

use super::rows::{rows, toast};
use crate::tui::model::Model;
use crate::tui::panes::Pane;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Canvas, inset, span, width};
use ratatui::layout::Rect;

pub(crate) fn paint(canvas: &mut Canvas<'_>, model: &Model) {
    let title = [span("Messages this session", Role::Title)];
    let closes = [span("Esc closes", Role::Dim)];
    let inner = canvas.window(model.over_area(), &title, &closes);
    let rows = rows(model, usize::from(inner.width));
    canvas.scrolled(inner, &rows, model.notices.scroll);
}

pub(crate) fn strip(canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
    let title = [span("Activity  this session, newest first", Role::Dim)];
    let inner = inset(canvas.frame(area, &title, &[], false));
    let rows = rows(model, usize::from(inner.width));
    canvas.scrolled(inner, &rows, 0);
}

/// Toasts at the lower right, never over the row under the cursor.
pub(crate) fn toasts(canvas: &mut Canvas<'_>, body: Rect, model: &Model) {
    let list = model.room(Pane::Connections);
    let window = &model.list.window;
    let line = window.cursor.saturating_sub(window.top) as u16;
    let cursor = list.map(|room| room.y + u16::from(model.titled()) + line);
    let mut y = body.bottom();
    for message in model.notices.toasts() {
        y = y.saturating_sub(1);
        if cursor == Some(y) {
            y = y.saturating_sub(1);
        }
        if y < body.y {
            return;
        }
        let row = [toast(message.tone, &message.text)];
        let wide = (width(&row) as u16).min(body.width);
        let area = Rect::new(body.right() - wide, y, wide, 1);
        canvas.fill(area, Role::Text);
        canvas.row(area.x, y, wide, &row);
    }
}
