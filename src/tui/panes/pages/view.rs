//! Paints a page: its list, and below it what is to be said of the row under the cursor.
//!
//! ```text
//! +- 5 Causes -------------------- row 1 of 6 +
//! |    COUNT  BANK    STEP     CODE           |
//! |> *    14  Hooli   sign-in  ...            |
//! +- Hooli -----------------------------------+
//! | WHY   the bank refused the sign-in        |
//! | NEXT  ask the user for the new password   |
//! +-------------------------------------------+
//! ```

use super::{Kind, Page};
use crate::tui::glyphs::{CURSOR, MARK};
use crate::tui::hit::Hit;
use crate::tui::model::Model;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Canvas, Row, inset, span, text, thousands, wrap};
use crate::tui::widgets::table::{self, Told};
use ratatui::layout::{Constraint, Layout as Split, Rect};

/// Cells before the first column: cursor, mark, a blank.
const GUTTER: u16 = 3;

/// Rows from which on the row under the cursor is told of below the list.
const ROOMY: u16 = 14;

/// The same of the page of what changed.
const SPACIOUS: u16 = 28;

/// The list, and what is below it; that has no height where there is no room for it.
fn parts(body: Rect, kind: Kind) -> [Rect; 2] {
    let below = match body.height {
        // its rows say all themselves, and are to be seen at once
        ..SPACIOUS if kind == Kind::Since => 0,
        ROOMY.. => (body.height / 3).clamp(6, 12),
        _ => 0,
    };
    Split::vertical([Constraint::Min(0), Constraint::Length(below)]).areas(body)
}

/// How many rows of the list are seen.
pub(crate) fn height(body: Rect, kind: Kind) -> usize {
    let [list, _] = parts(body, kind);
    // frame and titles
    usize::from(list.height.saturating_sub(3)).max(1)
}

pub(crate) fn paint(canvas: &mut Canvas<'_>, body: Rect, model: &Model, page: &Page) {
    let [list, below] = parts(body, page.kind);
    let mut title = vec![span(page.kind.title(), Role::Title)];
    if let Some(of) = &page.of {
        title.push(span(format!("  {}", of.short()), Role::Dim));
    }
    if !page.note.is_empty() {
        title.push(span(format!("  {}", page.note), Role::Dim));
    }
    let inner = canvas.frame(list, &title, &place(page), true);
    if page.lines.is_empty() {
        let rows = empty(page, usize::from(inner.width.saturating_sub(4)));
        let gap = u16::from(inner.height > 6);
        let area = Rect::new(
            inner.x + 2,
            inner.y + gap,
            inner.width.saturating_sub(3),
            inner.height.saturating_sub(gap),
        );
        canvas.rows(area, &rows);
    } else {
        lines(canvas, inner, model, page);
    }
    if let Some(line) = page.current().filter(|_| below.height > 0) {
        let told = Told {
            signs: model.signs,
            zone: model.zone,
            now: model.now,
        };
        let name = [span(line.item.name(), Role::Dim)];
        let inner = inset(canvas.frame(below, &name, &[], false));
        let rows = line.item.detail(told, usize::from(inner.width));
        canvas.scrolled(inner, &rows, 0);
    } else if below.height > 0 {
        canvas.frame(below, &[], &[], false);
    }
}

fn place(page: &Page) -> Row {
    let (one, many) = page.kind.row();
    let n = page.lines.len() as u64;
    let more = if page.more { "+" } else { "" };
    let words = match (page.read, n) {
        (false, _) => return vec![],
        (true, 0) => format!("no {many}"),
        (true, 1) => format!("1 {one}"),
        (true, n) => format!("row {} of {}{more}", page.cursor + 1, thousands(n)),
    };
    vec![span(words, Role::Dim)]
}

fn lines(canvas: &mut Canvas<'_>, area: Rect, model: &Model, page: &Page) {
    let shapes = page.kind.shapes();
    let inside = |y: u16| {
        let wide = area.width.saturating_sub(GUTTER + 1);
        Rect::new(area.x + GUTTER, y, wide, 1)
    };
    let fit = table::fit(&shapes, &page.widest, inside(area.y).width);
    table::heads(canvas, inside(area.y), &shapes, &fit);
    let seen = page.lines.iter().enumerate().skip(page.top);
    for ((at, line), y) in seen.zip(area.y + 1..area.bottom()) {
        if page.is_marked(line, &model.list.marks) {
            canvas.text(area.x + 1, y, 1, MARK, Role::Marked);
        }
        table::row(canvas, inside(y), &line.cells, &shapes, &fit, model.now);
        let row = Rect::new(area.x, y, area.width, 1);
        canvas.hits(row, Hit::Line(at));
        if at == page.cursor {
            canvas.text(area.x, y, 1, CURSOR, Role::Text);
            canvas.over(row, Role::Selected);
        }
    }
}

fn empty(page: &Page, wide: usize) -> Vec<Row> {
    if !page.read {
        return vec![vec![span("Reading ...", Role::Dim)]];
    }
    let filter = page.filter.field.text();
    if !filter.is_empty() {
        let nothing = vec![text("Nothing matches   "), span(filter, Role::Input)];
        return vec![nothing, vec![], vec![text("Esc clears the filter.")]];
    }
    let [what, would] = page.kind.empty();
    let mut rows = wrap(what, wide, Role::Text);
    rows.push(vec![]);
    rows.extend(wrap(would, wide, Role::Dim));
    rows
}

/// What is said beside the filter.
pub(crate) fn facts(model: &Model) -> Row {
    match model.list.marks.len() {
        0 => vec![],
        n => vec![span(
            format!("marked {}", thousands(n as u64)),
            Role::Marked,
        )],
    }
}
