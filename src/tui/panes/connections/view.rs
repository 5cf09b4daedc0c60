//! Paints the list.

use super::columns::{self, Column, GUTTER, Shape};
use super::empty;
use super::model::Model;
use super::row_cells::{Line, Standing};
use crate::domain::job::{self, State};
use crate::domain::moment::Moment;
use crate::domain::rows::ConnectionRow;
use crate::domain::time_format;
use crate::tui::glyphs::{CURSOR, MARK, MOVED};
use crate::tui::model::Model as Screen;
use crate::tui::panes::Pane;
use crate::tui::panes::jobs::countdown;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Canvas, Span, span, thousands};
use ratatui::layout::Rect;

const WORDY: u16 = 18;

pub(crate) fn paint(canvas: &mut Canvas<'_>, area: Rect, screen: &Screen) {
    let list = &screen.list;
    let title = screen.pane_title(Pane::Connections, "1 Connections");
    let focused = screen.focused(Pane::Connections);
    let area = canvas.frame(area, &title, &place(list), focused);
    let lines = list.window.lines().len();
    if lines > 0 {
        rows(canvas, area, list, screen.now, screen.titled());
        if usize::from(area.height) > lines + 3 {
            empty::hidden(canvas, area, screen);
        }
        return;
    }
    let gap = u16::from(area.height > 10);
    let below = Rect {
        x: area.x + 2,
        y: area.y + gap,
        width: area.width.saturating_sub(3),
        height: area.height.saturating_sub(gap),
    };
    canvas.rows(below, &empty::rows(screen));
}

fn place(model: &Model) -> Vec<Span> {
    let Some(line) = model.current() else {
        return vec![];
    };
    let size = model.size.map_or("...".into(), |s| {
        format!("{}{}", thousands(s.count), if s.exact { "" } else { "+" })
    });
    let words = match line.standing {
        Standing::Gone(_) => format!("gone; {size} rows"),
        Standing::Left => format!("left the filter; {size} rows"),
        _ => {
            let number = model.number().map_or("?".into(), thousands);
            format!("row {number} of {size}")
        }
    };
    vec![span(words, Role::Dim)]
}

fn rows(canvas: &mut Canvas<'_>, area: Rect, model: &Model, now: Moment, titled: bool) {
    let columns = columns::fit(area.width);
    let mut y = area.y;
    if titled && area.height > 2 {
        heads(canvas, area, &columns, model);
        y += 1;
    }
    let height = usize::from(area.bottom().saturating_sub(y));
    let lines = model.window.lines();
    for (at, line) in lines.iter().enumerate().skip(model.window.top).take(height) {
        let selected = at == model.window.cursor;
        let marked = model.marks.contains(line.id());
        row(
            canvas,
            Rect {
                y,
                height: 1,
                ..area
            },
            &columns,
            line,
            selected,
            marked,
            now,
        );
        y += 1;
    }
}

fn heads(canvas: &mut Canvas<'_>, area: Rect, columns: &[(Shape, u16)], model: &Model) {
    let mut x = area.x + GUTTER;
    for (shape, width) in columns {
        let turned = if model.sort.reversed { "v" } else { "^" };
        let mark = if shape.sort == Some(model.sort.field) {
            turned
        } else {
            ""
        };
        let title = format!("{}{mark}", shape.title);
        if matches!(shape.column, Column::Accounts | Column::Transactions) {
            canvas.right(x + width, area.y, *width, &[span(title, Role::Dim)]);
        } else {
            canvas.text(x, area.y, *width, &title, Role::Dim);
        }
        x += width + 1;
    }
}

fn row(
    canvas: &mut Canvas<'_>,
    area: Rect,
    columns: &[(Shape, u16)],
    line: &Line,
    selected: bool,
    marked: bool,
    now: Moment,
) {
    let y = area.y;
    if selected {
        canvas.text(area.x, y, 1, CURSOR, Role::Text);
    }
    if marked {
        canvas.text(area.x + 1, y, 1, MARK, Role::Marked);
    }
    if !matches!(line.standing, Standing::Settled | Standing::Gone(_)) {
        canvas.text(area.x + 2, y, 1, MOVED, Role::Busy);
    }
    let mut x = area.x + GUTTER;
    if line.gone() {
        let words = format!("gone     {} {}", line.id.plain(), line.bank.plain());
        canvas.text(x, y, area.right().saturating_sub(x), &words, Role::Disabled);
    } else {
        for (shape, width) in columns {
            cell(canvas, x, y, *width, shape.column, line, now);
            x += width + 1;
        }
    }
    if selected {
        canvas.over(area, Role::Selected);
    }
}

fn cell(
    canvas: &mut Canvas<'_>,
    x: u16,
    y: u16,
    width: u16,
    column: Column,
    line: &Line,
    now: Moment,
) {
    let row = &line.row;
    match column {
        Column::Id => {
            canvas.shown(x, y, width, &line.id, Role::Dim);
        }
        Column::Status => {
            let role = Role::of(row.label);
            canvas.text(x, y, 1, canvas.signs.label(row.label), role);
            canvas.text(x + 2, y, width.saturating_sub(2), row.label.word(), role);
        }
        Column::Bank => {
            canvas.shown(x, y, width, &line.bank, Role::Text);
        }
        Column::Via => {
            canvas.text(x, y, width, row.method.short(), Role::Dim);
        }
        Column::User => {
            user(canvas, x, y, width, line);
        }
        Column::Last => {
            let last = time_format::age_or_never(row.ever_used().then_some(row.last_used), now);
            canvas.text(x, y, width, &last, Role::Dim);
        }
        Column::Accounts => number(canvas, x, y, width, row.accounts),
        Column::Transactions => number(canvas, x, y, width, row.transactions),
        Column::Job => {
            let (sign, role) = job_sign(canvas, row);
            canvas.text(x, y, 1, sign, role);
            let wide = width.saturating_sub(2);
            let runs = row
                .last_job
                .as_ref()
                .is_some_and(|job| job.state == State::Running);
            if let Some(ends) = row.handling.held_until(now).filter(|_| !runs) {
                let words = format!("held {}", time_format::span(ends.since(now)));
                canvas.text(x + 2, y, wide, &words, Role::Pending);
                return;
            }
            match line
                .row
                .last_job
                .as_ref()
                .and_then(|job| countdown::words(job.state, job.due, now, wide < WORDY))
            {
                Some(waits) => canvas.text(x + 2, y, wide, &waits, role),
                None => canvas.shown(x + 2, y, wide, &line.job, role),
            };
        }
    }
}

fn number(canvas: &mut Canvas<'_>, x: u16, y: u16, width: u16, n: u64) {
    canvas.right(x + width, y, width, &[span(thousands(n), Role::Dim)]);
}

fn job_sign(canvas: &Canvas<'_>, row: &ConnectionRow) -> (&'static str, Role) {
    let Some(job) = &row.last_job else {
        return ("-", Role::Dim);
    };
    let role = match (job.state, job.label) {
        (State::Running, _) => Role::Busy,
        (State::Cancelled, _) => Role::Deleted,
        (_, job::Label::Failed) => Role::Failed,
        (_, job::Label::Success) => Role::Dim,
        (_, job::Label::Pending) => Role::Pending,
    };
    (canvas.signs.job(job.state), role)
}

/// A name that is partly question marks in ASCII has the end of its user's id too: two such names stay two.
fn user(canvas: &mut Canvas<'_>, x: u16, y: u16, width: u16, line: &Line) {
    let tail = line.row.user.short();
    let room = usize::from(width).saturating_sub(tail.len() + 1);
    if canvas.signs.keeps(line.user.plain()) || room == 0 {
        canvas.shown(x, y, width, &line.user, Role::Text);
        return;
    }
    let used = canvas.shown(x, y, room as u16, &line.user, Role::Text);
    canvas.text(x + used + 1, y, tail.len() as u16, tail, Role::Dim);
}
