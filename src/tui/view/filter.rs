//! The row of the filter, and under it what is wrong with it or what Tab offers.

use crate::domain::text::Shown;
use crate::tui::model::Model;
use crate::tui::panes::connections::filter::Filter;
use crate::tui::panes::pages;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Canvas, Row, span, text, thousands, width};
use ratatui::layout::Rect;

pub(super) fn paint(canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
    let filter = model.filter();
    let right = match model.pages.kind() {
        Some(_) => pages::view::facts(model),
        None => facts(model, area.width),
    };
    let wide = area.width.saturating_sub(width(&right) as u16 + 4);
    canvas.text(
        area.x + 1,
        area.y,
        1,
        "/",
        if filter.typing {
            Role::HintKey
        } else {
            Role::Dim
        },
    );
    let x = area.x + 3;
    let unfiltered = model
        .pages
        .kind()
        .is_some_and(|kind| kind.language().is_none());
    if filter.typing || !filter.field.text().is_empty() {
        let (before, after) = filter.field.window(usize::from(wide));
        let caret = canvas.text(x, area.y, wide, before, Role::Input);
        canvas.text(x + caret, area.y, wide - caret, after, Role::Input);
        if filter.typing {
            canvas.over(Rect::new(x + caret, area.y, 1, 1), Role::Caret);
        }
    } else {
        let words = if unfiltered {
            "this page has no filter"
        } else {
            "no filter"
        };
        canvas.text(x, area.y, wide, words, Role::Dim);
    }
    canvas.right(area.right() - 1, area.y, area.width, &right);
    if area.height > 1 {
        explain(canvas, x, area, filter);
    }
}

fn facts(model: &Model, wide: u16) -> Row {
    let list = &model.list;
    let mut row: Row = vec![];
    let total = model.counts.map(|c| c.total());
    if let Some(size) = list.size {
        let more = if size.exact { "" } else { "+" };
        let of = total.map_or(String::new(), |total| format!(" of {}", thousands(total)));
        row.push(text(format!("{}{more}{of}", thousands(size.count))));
    }
    if !list.marks.is_empty() {
        let marked = thousands(list.marks.len() as u64);
        let hidden = match list.hidden_marks().len() {
            0 => String::new(),
            n => format!(" ({} hidden)", thousands(n as u64)),
        };
        row.push(span(format!("  marked {marked}{hidden}"), Role::Marked));
    }
    if wide >= 60 {
        row.push(span(format!("  sort: {}", list.sort.words()), Role::Dim));
    }
    row
}

fn explain(canvas: &mut Canvas<'_>, x: u16, area: Rect, filter: &Filter) {
    let y = area.y + 1;
    let room = area.right().saturating_sub(x);
    let Some(mistake) = &filter.mistake else {
        if let Some(offer) = filter.offer() {
            canvas.text(
                x,
                y,
                room,
                &format!("Tab: {}  {}", offer.text, offer.words),
                Role::Dim,
            );
        }
        return;
    };
    let chars = |n: usize| filter.field.text().chars().take(n).collect::<String>();
    let cells = |n: usize| Shown::of(&chars(n)).width();
    let (start, end) = (
        cells(mistake.start),
        cells(mistake.end).max(cells(mistake.start) + 1),
    );
    let mut words = format!("{} {}", "^".repeat(end - start), mistake.message);
    if let Some(suggestion) = &mistake.suggestion {
        words.push_str(&format!("; Tab takes {suggestion}"));
    }
    // Near the right edge the words begin further left than what they point at.
    let start = (start as u16).min(room.saturating_sub(words.chars().count() as u16));
    canvas.text(x + start, y, room - start, &words, Role::Danger);
}
