//! Where the lines of help stand: in one column or two, page after page. Nothing is cut: what is too long goes on below.

use super::{Entry, Model as Help};
use crate::tui::layout::Class;
use crate::tui::model::Model;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, span, wrap};
use ratatui::layout::Rect;

/// The least width of a column where there are two.
const COLUMN: u16 = 52;
const WIDEST: u16 = 150;
const BETWEEN: u16 = 2;
/// The width of the keys, where no more are needed.
const KEYS: usize = 6;

/// A row of a column, and which line of help it belongs to; a heading to none.
pub(super) type Placed = (Option<usize>, Row);

/// What is shown at once.
pub(super) type Page = Vec<Vec<Placed>>;

pub(super) fn area(model: &Model) -> Rect {
    let body = model.layout().body;
    if model.class <= Class::Stacked {
        return body;
    }
    let (columns, _) = model.size;
    let wide = columns.saturating_sub(4).min(WIDEST);
    let high = body.height.saturating_sub(2);
    Rect::new((columns - wide) / 2, body.y + 1, wide, high)
}

/// Where the lines stand, under the search and a blank row.
pub(super) fn below(area: Rect) -> Rect {
    let inner = Rect::new(
        area.x + 2,
        area.y + 1,
        area.width.saturating_sub(4),
        area.height.saturating_sub(2),
    );
    Rect {
        y: inner.y + 2,
        height: inner.height.saturating_sub(2),
        ..inner
    }
}

pub(super) fn columns(room: Rect) -> Vec<Rect> {
    let count = match room.width >= COLUMN * 2 + BETWEEN {
        true => 2,
        false => 1,
    };
    let wide = (room.width - BETWEEN * (count - 1)) / count;
    let column = |at| Rect {
        x: room.x + at * (wide + BETWEEN),
        width: wide,
        ..room
    };
    (0..count).map(column).collect()
}

fn rows(entry: &Entry, keys: usize, wide: usize) -> Vec<Row> {
    let role = |on| match entry.off {
        Some(_) => Role::Disabled,
        None => on,
    };
    // many keys make only their own line narrower
    let keys = keys.max(entry.keys.chars().count());
    let room = wide.saturating_sub(keys + 4);
    let off = entry.off.as_ref();
    let mut words = wrap(&entry.words, room, role(Role::Text));
    words.extend(
        off.map(|why| wrap(&format!("off: {why}"), room, Role::Disabled))
            .unwrap_or_default(),
    );
    let named = |(at, row): (usize, Row)| {
        let key = if at == 0 { entry.keys.as_str() } else { "" };
        let head = span(format!("{key:<keys$}  "), role(Role::HintKey));
        std::iter::once(head).chain(row).collect()
    };
    words.into_iter().enumerate().map(named).collect()
}

/// The lines that match on their pages. Headings are left out while something is searched for.
pub(super) fn pages(model: &Model, help: &Help) -> Vec<Page> {
    let columns = columns(below(area(model)));
    let (wide, high) = (columns[0].width, usize::from(columns[0].height).max(1));
    let matching = help.matching();
    let longest = matching
        .iter()
        .map(|entry| entry.keys.chars().count())
        .max();
    let keys = longest.unwrap_or(0).min(KEYS);
    let mut parts: Vec<Vec<Placed>> = vec![vec![]];
    let mut group = "";
    for (at, entry) in matching.into_iter().enumerate() {
        let mut block: Vec<Placed> = vec![];
        let last = parts.last().map_or(0, Vec::len);
        if help.search.text().is_empty() && entry.group != group {
            group = entry.group;
            if last > 0 {
                block.push((None, vec![]));
            }
            block.push((None, vec![span(group, Role::Heading)]));
        }
        let own = rows(entry, keys, usize::from(wide));
        block.extend(own.into_iter().map(|row| (Some(at), row)));
        if last > 0 && last + block.len() > high {
            // a column begins without a blank row
            block.retain(|(of, row)| of.is_some() || !row.is_empty());
            parts.push(vec![]);
        }
        if let Some(part) = parts.last_mut() {
            part.extend(block);
        }
    }
    parts.chunks(columns.len()).map(<[_]>::to_vec).collect()
}

/// The page with this line, and how many there are.
pub(super) fn page_of(pages: &[Page], line: usize) -> usize {
    let holds = |page: &Page| page.iter().flatten().any(|(of, _)| *of == Some(line));
    pages.iter().position(holds).unwrap_or(0)
}

/// The first line of a page.
pub(super) fn first_line(page: &Page) -> Option<usize> {
    page.iter().flatten().find_map(|(of, _)| *of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::screen::Harness;
    use crate::tui::model::Over;
    use crate::tui::widgets::canvas::width;

    #[test]
    fn point_11_every_line_of_help_is_whole_on_some_page_of_every_size() {
        for size in [
            (40, 12),
            (60, 18),
            (80, 24),
            (120, 35),
            (200, 60),
            (250, 70),
        ] {
            let mut desk = Harness::new(size);
            desk.press("?");
            let Some(Over::Help(help)) = &desk.model.over else {
                panic!("help is not open")
            };
            let all = pages(&desk.model, help);
            let column = columns(below(area(&desk.model)))[0];
            for (at, entry) in help.matching().into_iter().enumerate() {
                let rows = all.iter().flatten().flatten();
                let own = rows.filter(|(of, _)| *of == Some(at)).map(|(_, row)| row);
                let mut told = String::new();
                for row in own {
                    assert!(
                        width(row) <= usize::from(column.width) - 2,
                        "{size:?} {entry:?}"
                    );
                    for span in row {
                        told.push_str(span.text.plain());
                        told.push(' ');
                    }
                }
                let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
                let off = entry.off.as_ref().map(|why| format!("off: {why}"));
                let wanted = [&entry.keys, &entry.words, &off.unwrap_or_default()];
                assert_eq!(
                    plain(&told),
                    plain(&wanted.map(String::as_str).join(" ")),
                    "{size:?}"
                );
            }
            // and each page is reached
            for _ in 1..all.len() {
                desk.press("<pgdn>");
            }
            let title = format!("page {0} of {0}", all.len());
            assert!(
                all.len() == 1 || desk.screen().contains(&title),
                "{}",
                desk.screen()
            );
        }
    }
}
