//! The columns of a table: their cells, their widths, and the lines they make.

use super::output::{Out, Tone};
use crate::domain::moment::Moment;
use crate::domain::text::Shown;
use crate::domain::zone::Zone;
use std::borrow::Cow;

#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    text: Shown,
    tone: Tone,
}

impl Cell {
    pub(crate) fn toned(tone: Tone, text: &str) -> Self {
        Self {
            text: Shown::of_limited(text, 200),
            tone,
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Cell::toned(Tone::Plain, text)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        number.to_string().into()
    }
}

pub(crate) struct Column<T> {
    name: Cow<'static, str>,
    /// How wide it gets at most.
    most: usize,
    right: bool,
    content: Content<T>,
}

enum Content<T> {
    /// Made of the row and the time now.
    Cell(fn(&T, Moment) -> Cell),
    /// A time, told in the zone; the first column of times names it.
    Time(fn(&T) -> Moment),
    /// A date that a bank gave.
    Date(fn(&T) -> Moment),
}

impl<T> Column<T> {
    pub(super) fn cell(&self, row: &T, now: Moment, zone: Zone) -> Cell {
        match self.content {
            Content::Cell(cell) => cell(row, now),
            Content::Time(at) => zone.date_time(at(row)).into(),
            Content::Date(at) => zone.bank_date(at(row)).into(),
        }
    }
}

/// `cell` is given the row and the time now.
pub(crate) fn text<T>(
    name: impl Into<Cow<'static, str>>,
    most: usize,
    cell: fn(&T, Moment) -> Cell,
) -> Column<T> {
    Column {
        name: name.into(),
        most,
        right: false,
        content: Content::Cell(cell),
    }
}

/// A date of the row that a bank gave.
pub(crate) fn date<T>(name: &'static str, at: fn(&T) -> Moment) -> Column<T> {
    Column {
        content: Content::Date(at),
        ..when(name, at)
    }
}

/// A time of the row.
pub(crate) fn when<T>(name: &'static str, at: fn(&T) -> Moment) -> Column<T> {
    Column {
        name: name.into(),
        most: 16,
        right: false,
        content: Content::Time(at),
    }
}

pub(crate) fn number<T>(name: &'static str, cell: fn(&T, Moment) -> Cell) -> Column<T> {
    Column {
        name: name.into(),
        most: 12,
        right: true,
        content: Content::Cell(cell),
    }
}

/// The names of the columns; the first time says in which zone all of them are.
pub(super) fn heads<T>(columns: &[Column<T>], zone: Zone) -> Vec<Cell> {
    let time = |c: &Column<T>| !matches!(c.content, Content::Cell(_));
    let first = columns.iter().position(time);
    let name = |(at, column): (usize, &Column<T>)| match first {
        Some(first) if first == at => format!("{} ({})", column.name, zone.title()),
        _ => column.name.clone().into_owned(),
    };
    let strong = |name: String| Cell::toned(Tone::Strong, &name);
    columns.iter().enumerate().map(name).map(strong).collect()
}

/// As wide as the cells need, at most the column's maximum; on a narrow terminal the widest shrink first.
pub(super) fn widths<T>(
    columns: &[Column<T>],
    heads: &[Cell],
    rows: &[Vec<Cell>],
    room: Option<usize>,
) -> Vec<usize> {
    let mut widths: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| {
            let widest = rows
                .iter()
                .filter_map(|row| row.get(at))
                .map(|cell| cell.text.width())
                .max()
                .unwrap_or(0);
            let head = heads[at].text.width();
            widest.min(column.most).max(head)
        })
        .collect();
    let Some(room) = room else { return widths };
    let gaps = 2 * columns.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > room {
        let Some(widest) = widths.iter_mut().max().filter(|w| **w > 6) else {
            break;
        };
        *widest -= 1;
    }
    widths
}

pub(super) fn line<T>(
    out: &Out,
    columns: &[Column<T>],
    widths: &[usize],
    cells: &[Cell],
) -> String {
    let mut line = String::new();
    for (at, ((column, width), cell)) in columns.iter().zip(widths).zip(cells).enumerate() {
        if at > 0 {
            line.push_str("  ");
        }
        let cut = cell.text.cut(*width);
        let pad = " ".repeat(width.saturating_sub(cut.width()));
        let text = out.toned(cell.tone, cut.plain());
        let last = at + 1 == columns.len();
        match (column.right, last) {
            (true, _) => line.extend([pad.as_str(), text.as_str()]),
            (false, true) => line.push_str(&text),
            (false, false) => line.extend([text.as_str(), pad.as_str()]),
        }
    }
    line
}
