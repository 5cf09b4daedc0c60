//! Paints the model, visible rows only, and changes nothing.
//!
//! ```text
//!  switchboard  [DEMO]  3,012 connections  ! 14 need action      live  09:41
//!  / is:attention                              14 of 3,012  sort: attention
//! +- panes ----------------------------------------------------------------+
//! +------------------------------------------------------------------------+
//!  r refresh  (P purge)  X revoke  w why  / filter  q quit  ? help
//! ```

mod bars;

use crate::domain::connection::Method;
use crate::domain::diagnosis::{self, Facts};
use crate::tui::layout::{Class, LEAST};
use crate::tui::model::{Model, Over};
use crate::tui::panes::connections::view as list;
use crate::tui::panes::messages::view as messages;
use crate::tui::panes::{Pane, help, job, jobs, profile, why};
use crate::tui::role::Role;
use crate::tui::theme::Theme;
use crate::tui::widgets::canvas::{Canvas, Row, Span, count, span, text, thousands, width, wrap};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Paints one frame.
pub(crate) fn view(model: &Model, theme: &Theme, buffer: &mut Buffer) {
    let mut canvas = Canvas::new(buffer, theme, model.signs);
    let area = canvas.area();
    canvas.fill(area, Role::Text);
    if model.class == Class::Tiny || area.width < LEAST.0 || area.height < LEAST.1 {
        tiny(&mut canvas, area, model);
    } else {
        whole(&mut canvas, model);
    }
    model.signs.settle(buffer);
}

fn tiny(canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
    let (columns, rows) = model.size;
    let mut kept = vec![count(model.list.marks.len() as u64, "mark")];
    if !model.list.filter.field.text().is_empty() {
        kept.push("1 filter".into());
    }
    if model.dialog.is_some() {
        kept.push("1 dialog".into());
    }
    let words = [
        format!(
            "switchboard needs {}x{}; this is {columns}x{rows}.",
            LEAST.0, LEAST.1
        ),
        format!("Nothing is lost: {}.  q quit", kept.join(", ")),
    ];
    let mut y = area.y;
    for words in words {
        for row in wrap(
            &words,
            usize::from(area.width.saturating_sub(1)),
            Role::Text,
        ) {
            if y < area.bottom() {
                canvas.row(area.x, y, area.width, &row);
            }
            y += 1;
        }
    }
}

fn whole(canvas: &mut Canvas<'_>, model: &Model) {
    let layout = model.layout();
    bars::header(canvas, layout.header, model);
    bars::band(canvas, layout.band, model);
    bars::filter(canvas, layout.filter, model);
    for (pane, area) in model.panes() {
        paint_pane(canvas, pane, area, model);
    }
    if let Some(strip) = layout.activity().filter(|_| !model.single()) {
        let title = [span("Activity  this sitting, newest first", Role::Dim)];
        let inner = inset(canvas.frame(strip, &title, &[], false));
        scrolled(
            canvas,
            inner,
            &messages::content(&model.notices, usize::from(inner.width)),
            0,
        );
    }
    bars::hints(canvas, layout.hints, model);
    match (&model.dialog, &model.over) {
        (Some(dialog), _) => crate::tui::dialogs::view::paint(canvas, model, dialog),
        (None, Some(over)) => paint_over(canvas, layout.body, model, over),
        (None, None) => bars::toasts(canvas, layout.body, model),
    }
}

fn paint_pane(canvas: &mut Canvas<'_>, pane: Pane, area: Rect, model: &Model) {
    let focused = model.focus == pane && model.dialog.is_none() && model.over.is_none();
    let title = |name: &str| -> Vec<Span> {
        let role = if focused { Role::Title } else { Role::Dim };
        let mut title = vec![span(name, role)];
        if pane != Pane::Connections
            && let Some(line) = model.list.current()
        {
            title.push(span(format!("  {}", line.id.plain()), Role::Dim));
        }
        title
    };
    match pane {
        Pane::Connections => {
            let inner = canvas.frame(
                area,
                &title(pane.title()),
                &list::place(&model.list),
                focused,
            );
            connections(canvas, inner, model);
        }
        Pane::Profile => {
            let right = [span(format!("PII: {}", model.level.word()), Role::Dim)];
            let inner = inset(canvas.frame(area, &title(pane.title()), &right, focused));
            let rows = profile_content(model, inner.width);
            scrolled(canvas, inner, &rows, model.profile.scroll);
        }
        Pane::Jobs => {
            let follows = if model.jobs.follow.is_some() {
                "following"
            } else {
                ""
            };
            let right = [span(follows, Role::Busy)];
            let inner = canvas.frame(
                area,
                &title(pane.title()),
                &right[..usize::from(!follows.is_empty())],
                focused,
            );
            if let Some(line) = model.list.current() {
                let steps = !model.panes().iter().any(|(other, _)| *other == Pane::Job);
                let scene = jobs::view::Scene {
                    now: model.now,
                    focused,
                    steps,
                };
                jobs::view::paint(canvas, inner, &model.jobs, &line.row, scene);
            }
        }
        Pane::Job => open_job(canvas, area, model, focused),
    }
}

fn inset(area: Rect) -> Rect {
    Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    }
}

fn scrolled(canvas: &mut Canvas<'_>, area: Rect, rows: &[Row], scroll: usize) {
    let scroll = scroll.min(rows.len().saturating_sub(usize::from(area.height)));
    for (row, y) in rows.iter().skip(scroll).zip(area.top()..area.bottom()) {
        canvas.row(area.x, y, area.width, row);
    }
    if rows.len() > scroll + usize::from(area.height) && area.width > 12 {
        canvas.right(
            area.right(),
            area.bottom(),
            area.width,
            &[span(" more ", Role::Dim)],
        );
    }
}

fn profile_content(model: &Model, wide: u16) -> Vec<Row> {
    let Some(line) = model.list.current() else {
        return vec![];
    };
    let pane = model.profile.of(&line.row.id);
    profile::view::content(&line.row, pane, model.signs, model.now, usize::from(wide))
}

/// How far the profile can be scrolled.
pub(crate) fn profile_rows(model: &Model) -> usize {
    let Some(room) = model.room(Pane::Profile) else {
        return 0;
    };
    profile_content(model, room.width.saturating_sub(2))
        .len()
        .saturating_sub(usize::from(room.height))
}

fn open_job(canvas: &mut Canvas<'_>, area: Rect, model: &Model, focused: bool) {
    // Beside the list of jobs, the one under its cursor is open without being opened.
    let shown = match (&model.job, model.jobs.current()) {
        (Some(job), _) => Some(job.clone()),
        (None, Some(job)) => Some(job::Model::new(job.id.clone(), Some(job.clone()))),
        (None, None) => None,
    };
    let Some(shown) = shown else {
        canvas.frame(area, &[span("Job", Role::Dim)], &[], false);
        return;
    };
    let mut title = vec![span(
        format!("3 Jobs > {}", shown.id.short()),
        if focused { Role::Title } else { Role::Dim },
    )];
    if let Some(job) = &shown.job {
        title.push(span(
            format!("  {}  {} ", job.kind.word(), job.connection.short()),
            Role::Dim,
        ));
        title.push(span(&job.institution_name, Role::Dim));
    }
    let running = shown.job.as_ref().is_some_and(|j| j.state.open());
    let right = [span("following", Role::Busy)];
    let right = &right[..usize::from(running && shown.follow)];
    let inner = inset(canvas.frame(area, &title, right, focused));
    let method = model.list.current().map_or(Method::Web, |l| l.row.method);
    let (rows, cursor) = job::view::content(
        &shown,
        method,
        model.signs,
        model.now,
        usize::from(inner.width),
    );
    // The cursor's row stays on screen, with what is written under it as far as it fits.
    let after = if shown.detail { 8 } else { 0 };
    let kept = (cursor + 1 + after)
        .saturating_sub(usize::from(inner.height))
        .min(cursor);
    scrolled(canvas, inner, &rows, kept.max(shown.scroll));
}

/// How far an open job can be scrolled.
pub(crate) fn job_rows(model: &Model) -> usize {
    let (Some(room), Some(job)) = (model.room(Pane::Job), &model.job) else {
        return 0;
    };
    let method = model.list.current().map_or(Method::Web, |l| l.row.method);
    let wide = usize::from(room.width.saturating_sub(2));
    job::view::content(job, method, model.signs, model.now, wide)
        .0
        .len()
        .saturating_sub(usize::from(room.height))
}

fn connections(canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
    let list = &model.list;
    if !list.window.lines().is_empty() {
        list::rows(canvas, area, list, model.now, model.titled());
        if let (true, true) = (
            list.window.whole(),
            usize::from(area.height) > list.window.lines().len() + 3,
        ) {
            hidden(canvas, area, model);
        }
        return;
    }
    let key = |action| {
        model
            .hints
            .key(crate::tui::layer::Layer::Connections, action)
            .unwrap_or("?")
            .to_owned()
    };
    let rows: Vec<Row> = match (list.loading, list.filter.field.text().is_empty()) {
        (Some(_), _) => vec![vec![span("Reading the list ...", Role::Dim)]],
        (None, false) => {
            let total = model.counts.map_or(0, |c| c.total());
            vec![
                vec![
                    text("Nothing matches   "),
                    span(list.filter.field.text(), Role::Input),
                ],
                vec![],
                vec![text(format!(
                    "{} hidden.",
                    count(total, "connection") + if total == 1 { " is" } else { " are" }
                ))],
                vec![
                    text("Esc clears the filter; "),
                    text(key(crate::tui::action::Action::Filter)),
                    text(" changes it."),
                ],
            ]
        }
        (None, true) => vec![
            vec![text("No connections yet.")],
            vec![],
            vec![text("A connection appears here when a user links a bank.")],
            vec![],
            vec![
                span("  switchboard demo       ", Role::HintKey),
                text("a made-up world; nothing is sent"),
            ],
            vec![
                span("  switchboard connect    ", Role::HintKey),
                text("link a bank for a user"),
            ],
            vec![
                span("  switchboard import     ", Role::HintKey),
                text("read documents in the API's shapes"),
            ],
            vec![],
            vec![text(
                "Run one of them in another terminal; this list follows by itself.",
            )],
        ],
    };
    for (row, y) in rows
        .iter()
        .zip(area.top() + u16::from(area.height > 10)..area.bottom())
    {
        canvas.row(area.x + 2, y, area.width.saturating_sub(3), row);
    }
}

/// How much the filter hides, under the last row.
fn hidden(canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
    let lines = model.list.window.lines().len() as u64;
    let Some(total) = model
        .counts
        .map(|c| c.total())
        .filter(|total| *total > lines)
    else {
        return;
    };
    let y = area.y + u16::from(model.titled()) + lines as u16 + 1;
    let words = format!(
        "-- {} shown, {} hidden by the filter (Esc clears it) --",
        thousands(lines),
        thousands(total - lines)
    );
    canvas.text(
        area.x + 3,
        y,
        area.width.saturating_sub(4),
        &words,
        Role::Dim,
    );
}

/// Where what lies over the panes stands: as much of the screen as it can use.
fn over_area(model: &Model, body: Rect) -> Rect {
    let (columns, _) = model.size;
    if model.class <= Class::Single {
        return body;
    }
    let wide = columns.saturating_sub(4).min(100);
    let high = body.height.saturating_sub(2);
    Rect::new((columns - wide) / 2, body.y + 1, wide, high)
}

fn over_content(model: &Model, wide: u16) -> Vec<Row> {
    let wide = usize::from(wide);
    match &model.over {
        Some(Over::Why(why)) => why::content(why, model.signs, wide),
        Some(Over::Messages) => messages::content(&model.notices, wide),
        Some(Over::Help(help)) => help::content(help),
        Some(Over::Sort | Over::Copy) | None => vec![],
    }
}

/// How far what lies over the panes can be scrolled.
pub(crate) fn over_rows(model: &Model) -> usize {
    let area = over_area(model, model.layout().body);
    over_content(model, area.width.saturating_sub(4))
        .len()
        .saturating_sub(usize::from(area.height.saturating_sub(2)))
}

fn paint_over(canvas: &mut Canvas<'_>, body: Rect, model: &Model, over: &Over) {
    let area = over_area(model, body);
    let title = |words: &str| [span(words, Role::Title)];
    match over {
        Over::Help(help) => paint_help(canvas, area, model, help),
        Over::Messages => {
            canvas.fill(area, Role::Text);
            let inner = inset(canvas.frame(
                area,
                &title("Messages of this sitting"),
                &[span("Esc closes", Role::Dim)],
                true,
            ));
            scrolled(
                canvas,
                inner,
                &over_content(model, inner.width),
                model.notices.scroll,
            );
        }
        Over::Why(why) => {
            let rows = over_content(model, area.width.saturating_sub(4));
            let high = (rows.len() as u16 + 2).min(area.height);
            let area = Rect {
                height: high,
                y: area.y + (area.height - high) / 2,
                ..area
            };
            canvas.fill(area, Role::Text);
            let mut words = vec![
                span(format!("Why  {}  ", why.id.short()), Role::Title),
                text(&why.row.institution_name),
            ];
            words.push(span(format!(" ({})", why.row.method.words()), Role::Dim));
            let inner = inset(canvas.frame(area, &words, &[span("Esc closes", Role::Dim)], true));
            scrolled(canvas, inner, &rows, why.scroll);
        }
        Over::Sort | Over::Copy => {
            let name = if matches!(over, Over::Sort) {
                "Sort by"
            } else {
                "Copy"
            };
            let hints = model.hints.at(model.place());
            let wide = hints
                .iter()
                .map(|h| h.key.len() + h.words.len())
                .max()
                .unwrap_or(0) as u16
                + 8;
            let high = (hints.len() as u16 + 2).min(body.height);
            let area = Rect::new(
                body.right().saturating_sub(wide + 2),
                body.bottom() - high,
                wide.min(body.width),
                high,
            );
            canvas.fill(area, Role::Text);
            let inner = inset(canvas.frame(area, &title(name), &[], true));
            for (hint, y) in hints.iter().zip(inner.top()..inner.bottom()) {
                let row = [
                    span(format!("{:<4}", hint.key), Role::HintKey),
                    text(hint.words),
                ];
                canvas.row(inner.x, y, inner.width, &row);
            }
        }
    }
}

fn paint_help(canvas: &mut Canvas<'_>, area: Rect, model: &Model, help: &help::Model) {
    canvas.fill(area, Role::Text);
    let title = [span(
        format!("Help  keys for: {}", help.place.name()),
        Role::Title,
    )];
    let inner = inset(canvas.frame(
        area,
        &title,
        &[span("type to search  Enter runs  Esc closes", Role::Dim)],
        true,
    ));
    if inner.height < 2 {
        return;
    }
    let search: Row = vec![
        span("search: ", Role::Dim),
        span(help.search.text(), Role::Input),
        span(" ", Role::Caret),
    ];
    canvas.row(inner.x, inner.y, inner.width, &search);
    let rows = over_content(model, inner.width);
    let below = Rect {
        y: inner.y + 2,
        height: inner.height.saturating_sub(2),
        ..inner
    };
    let scroll = (help.cursor + 1).saturating_sub(usize::from(below.height));
    scrolled(canvas, below, &rows, scroll);
    if (scroll..scroll + usize::from(below.height)).contains(&help.cursor) && !rows.is_empty() {
        let y = below.y + (help.cursor - scroll) as u16;
        canvas.over(
            Rect {
                y,
                height: 1,
                ..below
            },
            Role::Selected,
        );
    }
}

/// Why the selected connection is as it is, in one line.
fn peek(model: &Model) -> Row {
    let Some(line) = model.selected() else {
        return vec![];
    };
    let meaning = diagnosis::explain(&Facts::of_row(&line.row, model.now));
    let mut row = vec![span(
        format!("{} {}: ", line.id.plain(), line.row.label.word()),
        Role::of(line.row.label),
    )];
    row.push(text(&meaning.headline));
    if width(&row) < 200 {
        row.push(span(
            format!(" Move: {}.", meaning.whose.words()),
            Role::Dim,
        ));
    }
    row
}
