//! A table of values: the cells of a row, which columns fit, and how wide they are.

use crate::domain::moment::Moment;
use crate::domain::text::Shown;
use crate::domain::time_format;
use crate::domain::zone::Zone;
use crate::tui::glyphs::Signs;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Canvas, span, thousands};
use ratatui::layout::Rect;

/// Cells between two columns.
const GAP: u16 = 2;

/// The longest part of a stored text that is looked at for a cell.
const CELL_CHARS: usize = 200;

/// With what a cell is made. What changes with the clock is not made here but drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told {
    pub(crate) signs: Signs,
    pub(crate) zone: Zone,
    pub(crate) now: Moment,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Words(Shown),
    Age(Moment),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    value: Value,
    role: Role,
}

impl Cell {
    pub(crate) fn of(text: impl AsRef<str>, role: Role) -> Self {
        let value = Value::Words(Shown::of_limited(text.as_ref(), CELL_CHARS));
        Self { value, role }
    }

    pub(crate) fn text(text: impl AsRef<str>) -> Self {
        Self::of(text, Role::Text)
    }

    pub(crate) fn dim(text: impl AsRef<str>) -> Self {
        Self::of(text, Role::Dim)
    }

    pub(crate) fn number(n: u64) -> Self {
        Self::text(thousands(n))
    }

    /// How long ago that was, as it is when it is drawn.
    pub(crate) fn age(at: Moment) -> Self {
        let (value, role) = (Value::Age(at), Role::Dim);
        Self { value, role }
    }

    fn width(&self) -> u16 {
        match &self.value {
            Value::Words(shown) => u16::try_from(shown.width()).unwrap_or(u16::MAX),
            Value::Age(_) => 7,
        }
    }
}

/// A column of a list, and how the cell of a row is made.
pub(crate) struct Column<T: 'static> {
    pub(crate) shape: Shape,
    pub(crate) cell: fn(&T, Told) -> Cell,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) title: &'static str,
    pub(crate) least: u16,
    pub(crate) most: u16,
    /// When it is given up: the lowest first, zero never.
    pub(crate) given_up: u8,
    pub(crate) right: bool,
}

pub(crate) const fn column<T>(
    title: &'static str,
    (least, most): (u16, u16),
    given_up: u8,
    cell: fn(&T, Told) -> Cell,
) -> Column<T> {
    let right = false;
    Column {
        shape: Shape {
            title,
            least,
            most,
            given_up,
            right,
        },
        cell,
    }
}

/// A column of numbers, which end at its right side.
pub(crate) const fn figures<T>(
    title: &'static str,
    least: u16,
    given_up: u8,
    cell: fn(&T, Told) -> Cell,
) -> Column<T> {
    let mut column = column(title, (least, 10), given_up, cell);
    column.shape.right = true;
    column
}

/// As wide as the widest of these cells, column by column.
pub(crate) fn widest<'a>(columns: usize, rows: impl Iterator<Item = &'a [Cell]>) -> Vec<u16> {
    let mut widest = vec![0; columns];
    for row in rows {
        for (widest, cell) in widest.iter_mut().zip(row) {
            *widest = cell.width().max(*widest);
        }
    }
    widest
}

/// The columns that fit into `room` cells, by index, with their widths: each as wide as its cells, the widest shrink
/// first, and what still does not fit is given up.
pub(crate) fn fit(shapes: &[Shape], widest: &[u16], room: u16) -> Vec<(usize, u16)> {
    let least = |at: usize| shapes[at].least.max(shapes[at].title.len() as u16);
    let mut kept: Vec<usize> = (0..shapes.len()).collect();
    let needed = |widths: &[u16]| {
        let gaps = GAP * (widths.len() as u16).saturating_sub(1);
        widths.iter().copied().fold(gaps, u16::saturating_add)
    };
    loop {
        let leasts: Vec<u16> = kept.iter().map(|at| least(*at)).collect();
        let next = kept
            .iter()
            .map(|at| shapes[*at].given_up)
            .filter(|up| *up > 0);
        match next.min() {
            Some(next) if needed(&leasts) > room => kept.retain(|at| shapes[*at].given_up != next),
            _ => break,
        }
    }
    let want = |at: &usize| {
        let widest = widest.get(*at).copied().unwrap_or(0);
        widest.min(shapes[*at].most).max(least(*at))
    };
    let mut widths: Vec<u16> = kept.iter().map(want).collect();
    while needed(&widths) > room {
        let spare = |at: usize| widths[at].saturating_sub(least(kept[at]));
        // the widest of those that may shrink; where none may, the widest of all
        let may: Vec<usize> = (0..widths.len()).filter(|at| spare(*at) > 0).collect();
        let among = if may.is_empty() {
            (0..widths.len()).collect()
        } else {
            may
        };
        let widest = among.into_iter().max_by_key(|at| widths[*at]);
        match widest.filter(|at| widths[*at] > 1) {
            Some(at) => widths[at] -= 1,
            None => break,
        }
    }
    kept.into_iter().zip(widths).collect()
}

pub(crate) fn heads(canvas: &mut Canvas<'_>, area: Rect, shapes: &[Shape], fit: &[(usize, u16)]) {
    let mut x = area.x;
    for (at, width) in fit {
        let shape = &shapes[*at];
        if shape.right {
            canvas.right(x + width, area.y, *width, &[span(shape.title, Role::Dim)]);
        } else {
            canvas.text(x, area.y, *width, shape.title, Role::Dim);
        }
        x += width + GAP;
    }
}

pub(crate) fn row(
    canvas: &mut Canvas<'_>,
    area: Rect,
    cells: &[Cell],
    shapes: &[Shape],
    fit: &[(usize, u16)],
    now: Moment,
) {
    let mut x = area.x;
    for (at, width) in fit {
        let Some(cell) = cells.get(*at) else { continue };
        match &cell.value {
            Value::Words(shown) if shapes[*at].right => {
                let words = [span(shown.plain(), cell.role)];
                canvas.right(x + width, area.y, *width, &words);
            }
            Value::Words(shown) => {
                canvas.shown(x, area.y, *width, shown, cell.role);
            }
            Value::Age(then) => {
                let age = time_format::age(*then, now);
                canvas.text(x, area.y, *width, &age, cell.role);
            }
        }
        x += width + GAP;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPES: [Shape; 4] = [
        shape("COUNT", 5, 10, 0),
        shape("BANK", 8, 24, 0),
        shape("STEP", 7, 12, 1),
        shape("REMEDY", 10, 60, 2),
    ];

    const fn shape(title: &'static str, least: u16, most: u16, given_up: u8) -> Shape {
        let right = false;
        Shape {
            title,
            least,
            most,
            given_up,
            right,
        }
    }

    fn fitted(widest: [u16; 4], room: u16) -> Vec<(&'static str, u16)> {
        let fit = fit(&SHAPES, &widest, room);
        fit.into_iter()
            .map(|(at, width)| (SHAPES[at].title, width))
            .collect()
    }

    #[test]
    fn columns_are_as_wide_as_their_cells_and_the_widest_shrinks_first() {
        let cells = [3, 14, 8, 100];
        for (room, wanted) in [
            (
                120,
                vec![("COUNT", 5), ("BANK", 14), ("STEP", 8), ("REMEDY", 60)],
            ),
            (
                60,
                vec![("COUNT", 5), ("BANK", 14), ("STEP", 8), ("REMEDY", 27)],
            ),
            (
                38,
                vec![("COUNT", 5), ("BANK", 9), ("STEP", 8), ("REMEDY", 10)],
            ),
            (35, vec![("COUNT", 5), ("BANK", 13), ("REMEDY", 13)]),
            (20, vec![("COUNT", 5), ("BANK", 13)]),
            (12, vec![("COUNT", 5), ("BANK", 5)]),
        ] {
            assert_eq!(fitted(cells, room), wanted, "{room}");
        }
    }

    #[test]
    fn columns_never_take_more_than_there_is() {
        for room in 8..200 {
            let fit = fitted([10, 30, 12, 200], room);
            let used: u16 = fit.iter().map(|(_, width)| width + GAP).sum::<u16>() - GAP;
            assert!(used <= room, "{room}: {fit:?}");
        }
    }
}
