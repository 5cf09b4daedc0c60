//! Paints an open job with its frame.

use super::Model as OpenJob;
use super::rows::rows;
use crate::tui::hit::Hit;
use crate::tui::model::Model;
use crate::tui::panes::Pane;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Canvas, inset, span, width};
use ratatui::layout::Rect;

pub(crate) fn paint(canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
    canvas.hits(area, Hit::Pane(Pane::Job));
    // Beside the list of jobs, the one under its cursor is open without being opened.
    let under_cursor = model.jobs.current();
    let under_cursor = under_cursor.map(|job| OpenJob::new(job.id.clone(), Some(job.clone())));
    let Some(shown) = model.job.clone().or(under_cursor) else {
        canvas.frame(area, &[span("Job", Role::Dim)], &[], false);
        return;
    };
    let focused = model.focused(Pane::Job);
    let role = if focused { Role::Title } else { Role::Dim };
    let mut title = vec![span(format!("3 Jobs > {}", shown.id.short()), role)];
    if let Some(job) = &shown.job {
        let (kind, connection) = (job.kind.word(), job.connection.short());
        title.push(span(format!("  {kind}  {connection} "), Role::Dim));
        title.push(span(&job.institution_name, Role::Dim));
    }
    let running = shown.job.as_ref().is_some_and(|j| j.state.open());
    let following = [span("following", Role::Busy)];
    let following = &following[..usize::from(running && shown.follow)];
    // what says that the cursor goes along is worth more than the name of the bank
    while title.len() > 1 && width(&title) + width(following) + 9 > usize::from(area.width) {
        title.pop();
    }
    let inner = inset(canvas.frame(area, &title, following, focused));
    let (rows, cursor) = rows(model, &shown, inner.width);
    // The cursor's row stays on screen, with what is written under it as far as it fits.
    let after = if shown.detail { 8 } else { 0 };
    let kept = (cursor + 1 + after)
        .saturating_sub(usize::from(inner.height))
        .min(cursor);
    canvas.scrolled(inner, &rows, kept.max(shown.scroll));
}
