//! The first row: who has to act on how many. Under it what stands in the way of trust.

use crate::domain::diagnosis::Whose;
use crate::domain::text::Shown;
use crate::tui::action::Action;
use crate::tui::layout::Layout;
use crate::tui::model::Model;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Canvas, Row, Span, span, text, thousands, width};
use ratatui::layout::Rect;

pub(super) fn paint(canvas: &mut Canvas<'_>, layout: &Layout, model: &Model) {
    let area = layout.header;
    let mut left: Row = vec![span("switchboard", Role::Title)];
    let word = &model.environment.word;
    if !word.is_empty() {
        left.push(text("  "));
        left.push(span(format!("[{word}]"), environment(word)));
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
    if model.notices.unseen > 0 && layout.news.height == 0 {
        right.push(span(format!("! {}  ", model.notices.unseen), Role::Warning));
    }
    if area.width >= 100 {
        right.push(span(format!("PII {}  ", model.level.word()), Role::Text));
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

/// A place where acts are real is not to be taken for another.
fn environment(word: &str) -> Role {
    let word = word.to_ascii_lowercase();
    match word.starts_with("prod") || word == "live" {
        true => Role::Production,
        false => Role::Dim,
    }
}

/// Who has to act on how many, and what goes on or is fine, as far as there is room.
fn counts(model: &Model, room: usize) -> Row {
    let Some(counts) = &model.counts else {
        return vec![];
    };
    let of = |whose| thousands(counts.whose(whose));
    let need = match counts.attention() {
        0 => "nobody has to act".to_owned(),
        1 => "1 needs someone".to_owned(),
        n => format!("{} need someone", thousands(n)),
    };
    let ours = match counts.whose(Whose::Us) {
        0 => Role::Text,
        _ => Role::Ours,
    };
    let dot = || span(format!(" {} ", model.signs.dot()), Role::Dim);
    let who = vec![
        text(": "),
        span(format!("{} us", of(Whose::Us)), ours),
        dot(),
        text(format!("{} bank", of(Whose::Bank))),
        dot(),
        text(format!("{} user", of(Whose::User))),
    ];
    let who = if counts.attention() > 0 { who } else { vec![] };
    let running = span(format!("   {} running", of(Whose::System)), Role::Dim);
    let fine = span(format!("   {} fine", thousands(counts.fine())), Role::Dim);
    let whole = vec![text("   "), text(need)];
    let choices = [
        [whole.clone(), who.clone(), vec![running, fine]].concat(),
        [whole.clone(), who].concat(),
        whole,
        vec![text(format!("  ! {}", thousands(counts.attention())))],
    ];
    choices
        .into_iter()
        .find(|row| width(row) <= room)
        .unwrap_or_default()
}

pub(super) fn band(canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
    let mut rows = vec![];
    if let Some(trouble) = &model.trouble {
        rows.push(vec![span(format!("x {}", trouble.what), Role::Danger)]);
        rows.push(vec![span(format!("  {}", trouble.advice), Role::Text)]);
    }
    if let Some((words, seconds, more)) = model.countdown.next(model.at) {
        let more = match more {
            0 => String::new(),
            n => format!(", {n} more after it"),
        };
        let key = model.hints.key(model.pane_layer(), Action::TakeBack);
        let mut row = vec![span(
            format!("~ {words} is sent in {seconds}s{more}."),
            Role::Warning,
        )];
        row.extend(key.map(|key| span(format!("  {key} takes it back"), Role::HintKey)));
        rows.push(row);
    }
    for (row, y) in rows.into_iter().zip(area.top()..area.bottom()) {
        canvas.row(area.x + 1, y, area.width.saturating_sub(2), &row);
    }
    canvas.over(area, Role::Band);
}
