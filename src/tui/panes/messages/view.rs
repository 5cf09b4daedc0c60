//! Paints the messages: in a window, in a strip at the bottom of a large screen, and the last one in the line for news.

use super::Tone;
use super::rows::{rows, told};
use crate::tui::model::Model;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Canvas, Row, inset, span, width};
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

/// What was said last, in one line under the panes: dim once it is old. At its right end, how many bad ones wait.
pub(crate) fn news(canvas: &mut Canvas<'_>, line: Rect, model: &Model) {
    let notices = &model.notices;
    let fresh = notices.toasts().next();
    let Some(message) = fresh.or(notices.last_told()).filter(|_| line.height > 0) else {
        return;
    };
    let shown = usize::from(message.tone == Tone::Bad);
    let waiting: Row = match notices.unseen.saturating_sub(shown) {
        0 => vec![],
        n => vec![span(format!("! {n} more"), Role::Warning)],
    };
    let at = model.zone.when(message.when, model.now);
    let said = told(message.tone, &at, &message.text, fresh.is_some());
    let room = line.width.saturating_sub(width(&waiting) as u16 + 4);
    canvas.row(line.x + 1, line.y, room, &said);
    canvas.right(line.right().saturating_sub(1), line.y, line.width, &waiting);
}

/// On a screen without a line for news, over the hints while they are fresh.
pub(crate) fn over_hints(canvas: &mut Canvas<'_>, hints: Rect, model: &Model) {
    if model.notices.toasts().next().is_none() || hints.height == 0 {
        return;
    }
    let line = Rect { height: 1, ..hints };
    canvas.fill(line, Role::Text);
    news(canvas, line, model);
}
