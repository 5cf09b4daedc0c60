//! Paints the list.

use super::columns::{self, Column, GUTTER, Shape};
use super::empty;
use super::heading;
use super::model::Model;
use super::row_cells::{Line, Standing};
use crate::domain::diagnosis::brief;
use crate::domain::job::State;
use crate::domain::rows::ConnectionRow;
use crate::domain::time_format;
use crate::tui::glyphs::{CURSOR, MARK, MOVED, TAKEN};
use crate::tui::hit::Hit;
use crate::tui::model::Model as Screen;
use crate::tui::panes::Pane;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Canvas, Span, span, thousands};
use ratatui::layout::Rect;

/// How many ended fetches a row shows.
const RUNS: usize = 7;

pub(crate) fn paint(canvas: &mut Canvas<'_>, area: Rect, screen: &Screen) {
    let list = &screen.list;
    let title = screen.pane_title(Pane::Connections, "1 Connections");
    let focused = screen.focused(Pane::Connections);
    canvas.hits(area, Hit::Pane(Pane::Connections));
    let area = canvas.frame(area, &title, &place(list), focused);
    if !list.window.lines().is_empty() {
        let used = rows(canvas, area, screen);
        if area.height > used + 2 {
            empty::hidden(canvas, area, used, screen);
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

/// Says how many rows of the area it took.
fn rows(canvas: &mut Canvas<'_>, area: Rect, screen: &Screen) -> u16 {
    let model = &screen.list;
    let columns = columns::fit(area.width, &model.columns);
    let mut y = area.y;
    if screen.titled() && area.height > 2 {
        heads(canvas, area, &columns, model);
        y += 1;
    }
    let height = usize::from(area.bottom().saturating_sub(y));
    let window = &model.window;
    let shown = window.shown(height);
    for (at, line) in window
        .lines()
        .iter()
        .enumerate()
        .skip(window.top)
        .take(shown)
    {
        let place = |y| Rect {
            y,
            height: 1,
            ..area
        };
        if window.heads(at, window.top, height) {
            heading::paint(canvas, place(y), screen, line.mover);
            y += 1;
        }
        if y >= area.bottom() {
            break;
        }
        let selected = at == window.cursor;
        let marked = model.marks.contains(line.id());
        canvas.hits(place(y), Hit::Row(at));
        row(canvas, place(y), &columns, line, selected, marked, screen);
        y += 1;
    }
    y - area.y
}

fn heads(canvas: &mut Canvas<'_>, area: Rect, columns: &[(Shape, u16)], model: &Model) {
    let mut x = area.x + GUTTER;
    for (shape, width) in columns {
        let turned = canvas.signs.turned(model.sort.reversed);
        let mark = if shape.sort == Some(model.sort.field) {
            turned
        } else {
            ""
        };
        let room = usize::from(*width).saturating_sub(mark.chars().count());
        let title: String = shape.title.chars().take(room).chain(mark.chars()).collect();
        if matches!(
            shape.column,
            Column::Accounts | Column::Transactions | Column::Runs
        ) {
            canvas.right(x + width, area.y, *width, &[span(title, Role::Dim)]);
        } else {
            canvas.text(x, area.y, *width, &title, Role::Dim);
        }
        if let Some(field) = shape.sort {
            canvas.hits(Rect::new(x, area.y, *width, 1), Hit::Sort(field));
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
    screen: &Screen,
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
    } else if line.row.handling.taken_by.is_some() && !line.gone() {
        canvas.text(area.x + 2, y, 1, TAKEN, Role::Dim);
    }
    let mut x = area.x + GUTTER;
    if line.gone() {
        let words = format!("gone     {} {}", line.id.plain(), line.bank.plain());
        canvas.text(x, y, area.right().saturating_sub(x), &words, Role::Disabled);
    } else {
        for (shape, width) in columns {
            cell(canvas, x, y, *width, shape.column, line, screen);
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
    screen: &Screen,
) {
    let (row, now) = (&line.row, screen.now);
    match column {
        Column::Id => {
            canvas.shown(x, y, width, &line.id, Role::Dim);
        }
        Column::Status => {
            canvas.text(x, y, 1, canvas.signs.label(row.label), sign_role(row));
            let word = row.label.word();
            canvas.text(x + 2, y, width.saturating_sub(2), word, Role::Text);
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
        Column::Since => {
            let since = time_format::age(row.since, now);
            canvas.text(x, y, width, &since, Role::Dim);
        }
        Column::Asked => {
            let last = time_format::age_or_never(row.ever_used().then_some(row.last_used), now);
            canvas.text(x, y, width, &last, Role::Dim);
        }
        Column::Created => {
            let made = time_format::age(row.created, now);
            canvas.text(x, y, width, &made, Role::Dim);
        }
        Column::Consent => {
            let ends = row.expiry.map(|at| time_format::until(at, now));
            canvas.text(x, y, width, &ends.unwrap_or_default(), Role::Dim);
        }
        Column::Runs => runs(canvas, x, y, width, row),
        Column::Accounts => number(canvas, x, y, width, row.accounts),
        Column::Transactions => number(canvas, x, y, width, row.transactions),
        Column::Why => match row.handling.held_until(now) {
            Some(ends) => {
                let words = format!("held {}", time_format::span(ends.since(now)));
                canvas.text(x, y, width, &words, Role::Pending);
            }
            None => {
                let role = if row.attention { Role::Text } else { Role::Dim };
                canvas.text(
                    x,
                    y,
                    width,
                    &brief(row, now, Some(screen.refused_limit)),
                    role,
                );
            }
        },
    }
}

/// Of what is broken, only what is ours to mend is alarming.
pub(super) fn sign_role(row: &ConnectionRow) -> Role {
    use crate::domain::connection::Label;
    use crate::domain::diagnosis::Whose;
    match (row.label, row.mover) {
        (Label::Deleted, _) => Role::Deleted,
        (_, Whose::Us) => Role::Ours,
        (Label::Failed, _) => Role::Invalid,
        (label, _) => Role::of(label),
    }
}

/// The last fetches as signs, the newest at the right end; one that is open is the newest.
fn runs(canvas: &mut Canvas<'_>, x: u16, y: u16, width: u16, row: &ConnectionRow) {
    let open = row.last_job.as_ref();
    let open = open.filter(|job| job.state.open() && job.kind.fetches());
    let states: Vec<State> = row
        .runs
        .iter()
        .copied()
        .chain(open.map(|job| job.state))
        .collect();
    let first = states.len().saturating_sub(RUNS);
    let signs: Vec<Span> = states[first..]
        .iter()
        .map(|state| span(canvas.signs.job(*state), run_role(*state)))
        .collect();
    canvas.right(x + width, y, width, &signs);
}

fn run_role(state: State) -> Role {
    match state {
        State::Failed => Role::Warning,
        State::Succeeded | State::Cancelled => Role::Dim,
        state if state.open() => Role::Busy,
        _ => Role::Dim,
    }
}

fn number(canvas: &mut Canvas<'_>, x: u16, y: u16, width: u16, n: u64) {
    canvas.right(x + width, y, width, &[span(thousands(n), Role::Dim)]);
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
