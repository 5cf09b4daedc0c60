//! The heading over the rows of each mover.

use crate::domain::diagnosis::Whose;
use crate::domain::text::Shown;
use crate::tui::model::Model;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Canvas, Row, Span, span, thousands, width};
use ratatui::layout::Rect;

pub(super) fn paint(canvas: &mut Canvas<'_>, line: Rect, model: &Model, mover: Whose) {
    let head = span(words(model, mover), Role::Heading);
    let left = head.text.width() as u16 + 1;
    canvas.row(line.x, line.y, line.width, &[head]);
    let room = line.width.saturating_sub(left + 4);
    let trouble = trouble(model, mover, usize::from(room));
    let right = width(&trouble) as u16;
    let rule = line
        .width
        .saturating_sub(left + right + u16::from(right > 0));
    let signs = canvas
        .signs
        .frame()
        .horizontal_top
        .repeat(usize::from(rule));
    canvas.text(line.x + left, line.y, rule, &signs, Role::Border);
    canvas.right(line.right(), line.y, line.width, &trouble);
}

/// `ours 14`. With a filter there is no counter; then the rows are counted where all of them are here.
fn words(model: &Model, mover: Whose) -> String {
    let list = &model.list;
    let kept = list.filter.query.expr.is_none();
    let count = match (kept, &model.counts) {
        (true, Some(counts)) => Some(counts.whose(mover)),
        (false, _) if list.window.whole() => {
            let lines = list.window.lines().iter();
            Some(lines.filter(|line| line.mover == mover).count() as u64)
        }
        _ => None,
    };
    match count {
        Some(count) => format!(" {} {}", mover.heading(), thousands(count)),
        None => format!(" {}", mover.heading()),
    }
}

/// The banks that are down, beside what is the banks' to do.
fn trouble(model: &Model, mover: Whose, room: usize) -> Row {
    let Some(first) = model.down.first().filter(|_| mover == Whose::Bank) else {
        return vec![];
    };
    let name = Shown::of_limited(&first.name, 60).cut(26).into_plain();
    let more = match model.down.len() {
        1 => String::new(),
        n => format!(", {} more down", n - 1),
    };
    let whole = Shown::of(&format!("{name} {}{more}", first.outage.brief()));
    vec![Span {
        text: whole.cut(room),
        role: Role::Warning,
    }]
}
