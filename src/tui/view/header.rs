//! The first row, and under it what stands in the way of trust.

use crate::domain::connection::Label;
use crate::domain::text::Shown;
use crate::tui::model::Model;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Canvas, Row, Span, count, span, text, thousands, width};
use ratatui::layout::Rect;

pub(super) fn paint(canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
    let mut left: Row = vec![span("switchboard", Role::Title)];
    if !model.environment.is_empty() {
        left.push(span(format!("  [{}]", model.environment), Role::Warning));
    }
    if model.read_only {
        left.push(span("  READ-ONLY", Role::Warning));
    }
    if let Some(trouble) = &model.trouble {
        left.push(span(format!("  {}", trouble.word), Role::Danger));
    }
    // Seconds are told only while a job is watched: a clock that moves costs a write each time.
    let watched = model.ticks();
    let clock = if watched {
        model.zone.clock(model.now)
    } else {
        model.zone.clock_minutes(model.now)
    };
    let mut right: Row = vec![];
    if model.notices.unseen > 0 {
        right.push(span(format!("! {}  ", model.notices.unseen), Role::Warning));
    }
    if area.width >= 100 {
        right.push(span(format!("PII: {}  ", model.level.word()), Role::Text));
    }
    match model.unwatched.as_ref().or(model.unread.as_ref()) {
        Some(reason) => {
            let room = usize::from(area.width / 4).max(9);
            let stopped = Shown::of_limited(&format!("stopped: {reason}"), 120).cut(room);
            right.push(Span {
                text: stopped,
                role: Role::Danger,
            });
            right.push(text("  "));
        }
        None if area.width >= 60 => right.push(match model.heard {
            // of a platform, what is shown is as old as what was read there
            Some(heard) => span(
                format!("as of {}  ", model.zone.clock_minutes(heard)),
                Role::Good,
            ),
            None => span("live  ", Role::Good),
        }),
        None => {}
    }
    right.push(text(clock));
    if area.width >= 60 {
        right.push(text(format!(" {}", model.zone.name(model.now))));
    }
    let room =
        usize::from(area.width.saturating_sub(4)).saturating_sub(width(&left) + width(&right));
    left.extend(counts(model, room));
    canvas.row(area.x + 1, area.y, area.width.saturating_sub(1), &left);
    canvas.right(area.right() - 1, area.y, area.width, &right);
    canvas.over(area, Role::Header);
}

/// Each label, or the sum and who needs action, or the sum, as there is room.
fn counts(model: &Model, room: usize) -> Row {
    let Some(counts) = &model.counts else {
        return vec![];
    };
    let sum = text(format!("  {}", count(counts.total(), "connection")));
    let attention = thousands(counts.attention);
    let need = span(format!("  ! {attention} need action"), Role::Warning);
    let labels = |words: bool| -> Row {
        let label = |label: Label| {
            let (sign, n) = (model.signs.label(label), thousands(counts.of(label)));
            let word = if words {
                format!(" {}", label.word())
            } else {
                String::new()
            };
            span(format!("  {sign} {n}{word}"), Role::of(label))
        };
        Label::ALL.map(label).to_vec()
    };
    let all = [
        vec![sum.clone(), text(":")],
        labels(true),
        vec![need.clone()],
    ]
    .concat();
    let choices = [
        all,
        labels(true),
        vec![sum.clone(), need],
        labels(false),
        vec![sum],
    ];
    choices
        .into_iter()
        .find(|row| width(row) <= room)
        .unwrap_or_default()
}

pub(super) fn band(canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
    let Some(trouble) = &model.trouble else {
        return;
    };
    let rows = [
        span(format!("x {}", trouble.what), Role::Danger),
        span(format!("  {}", trouble.advice), Role::Text),
    ];
    for (row, y) in rows.into_iter().zip(area.top()..area.bottom()) {
        canvas.row(area.x + 1, y, area.width.saturating_sub(2), &[row]);
    }
    canvas.over(area, Role::Band);
}
