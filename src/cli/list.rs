//! Printing lists: page by page in any form, so that memory stays flat whatever the length. A table's
//! columns are as wide as its first page needs.

use super::args::Format;
use super::exit::Failure;
use super::output::{Out, Tone};
use crate::domain::text::{Shown, for_csv};
use serde::Serialize;

/// How many rows are asked for at a time.
pub(crate) const PAGE: usize = 2_000;

/// One cell of a table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    text: Shown,
    tone: Tone,
}

impl Cell {
    /// Text from anywhere.
    pub(crate) fn of(text: &str) -> Self {
        Self {
            text: Shown::of_limited(text, 200),
            tone: Tone::Plain,
        }
    }

    /// The same in a tone.
    pub(crate) fn toned(tone: Tone, text: &str) -> Self {
        Self {
            tone,
            ..Self::of(text)
        }
    }
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    /// Its heading.
    pub(crate) name: &'static str,
    /// How wide it gets at most.
    pub(crate) most: usize,
    /// Whether numbers stand in it.
    pub(crate) right: bool,
}

/// A column of text.
pub(crate) const fn text(name: &'static str, most: usize) -> Column {
    Column {
        name,
        most,
        right: false,
    }
}

/// A column of numbers.
pub(crate) const fn number(name: &'static str) -> Column {
    Column {
        name,
        most: 12,
        right: true,
    }
}

/// What a list can be made of.
pub(crate) trait Listed {
    /// Its document.
    type Doc<'a>: Serialize
    where
        Self: 'a;
    /// The columns of its table.
    const COLUMNS: &'static [Column];
    /// The header of its CSV.
    const FIELDS: &'static [&'static str];

    /// Its document.
    fn doc(&self) -> Self::Doc<'_>;
    /// Its cells, as many as columns.
    fn cells(&self, now: crate::domain::moment::Moment) -> Vec<Cell>;
    /// Its record, as many as fields.
    fn record(&self) -> Vec<String>;
}

/// A list being printed.
pub(crate) struct Printer<'o> {
    out: &'o mut Out,
    now: crate::domain::moment::Moment,
    widths: Option<Vec<usize>>,
    count: u64,
    csv_begun: bool,
}

impl<'o> Printer<'o> {
    /// Begins a list. `size` is how many there are in all, where that is known.
    ///
    /// # Errors
    /// When stdout takes no more.
    pub(crate) fn begin(
        out: &'o mut Out,
        now: crate::domain::moment::Moment,
        size: Option<u64>,
    ) -> Result<Self, Failure> {
        if out.manner.form == Format::Json {
            let size = size.map_or_else(String::new, |n| format!(",\"size\":{n}"));
            out.text(&format!(
                "{{\"schemaVersion\":1,\"type\":\"list\"{size},\"data\":["
            ))?;
        }
        Ok(Self {
            out,
            now,
            widths: None,
            count: 0,
            csv_begun: false,
        })
    }

    /// How many rows went out.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// Prints rows.
    ///
    /// # Errors
    /// When stdout takes no more.
    pub(crate) fn rows<T: Listed>(&mut self, rows: &[T]) -> Result<(), Failure> {
        match self.out.manner.form {
            Format::Json => {
                for row in rows {
                    if self.count > 0 {
                        self.out.text(",")?;
                    }
                    self.out.text("\n")?;
                    self.out.object(&row.doc(), false)?;
                    self.count += 1;
                }
            }
            Format::Jsonl => {
                for row in rows {
                    self.out.document(&row.doc())?;
                    self.count += 1;
                }
            }
            Format::Csv => {
                let mut csv = csv::Writer::from_writer(Vec::new());
                let failed = |e: csv::Error| Failure::Output(std::io::Error::other(e));
                if !self.csv_begun {
                    csv.write_record(T::FIELDS).map_err(failed)?;
                    self.csv_begun = true;
                }
                for row in rows {
                    csv.write_record(row.record().iter().map(|cell| for_csv(cell)))
                        .map_err(failed)?;
                    self.count += 1;
                }
                let bytes = csv
                    .into_inner()
                    .map_err(|e| Failure::Output(std::io::Error::other(e.to_string())))?;
                self.out.bytes(&bytes)?;
            }
            Format::Table => {
                let cells: Vec<Vec<Cell>> = rows.iter().map(|row| row.cells(self.now)).collect();
                self.table(T::COLUMNS, &cells)?;
                self.count += rows.len() as u64;
            }
        }
        Ok(())
    }

    fn table(&mut self, columns: &[Column], rows: &[Vec<Cell>]) -> Result<(), Failure> {
        if self.widths.is_none() {
            if rows.is_empty() {
                return Ok(());
            }
            let widths = widths(columns, rows, self.out.columns);
            let heads: Vec<Cell> = columns
                .iter()
                .map(|c| Cell::toned(Tone::Strong, c.name))
                .collect();
            let line = line(self.out, columns, &widths, &heads);
            self.out.line(&line)?;
            self.widths = Some(widths);
        }
        let widths = self.widths.take().expect("set above");
        for cells in rows {
            let line = line(self.out, columns, &widths, cells);
            self.out.line(&line)?;
        }
        self.widths = Some(widths);
        Ok(())
    }

    /// Hands over what is kept, for whoever reads along.
    ///
    /// # Errors
    /// When stdout takes no more.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        self.out.flush()
    }

    /// Ends the list. `next` is where it goes on.
    ///
    /// # Errors
    /// When stdout takes no more.
    pub(crate) fn end(self, next: Option<String>) -> Result<(), Failure> {
        match self.out.manner.form {
            Format::Json => {
                let next = next.map_or_else(String::new, |n| format!(",\"next\":\"{n}\""));
                self.out
                    .text(&format!("\n],\"count\":{}{next}}}\n", self.count))?;
            }
            Format::Table if self.count == 0 => self.out.say("nothing matches"),
            Format::Table | Format::Jsonl | Format::Csv => {
                if let Some(next) = next {
                    self.out.say(&format!("there is more: --cursor {next}"));
                }
            }
        }
        Ok(())
    }
}

/// As wide as the cells need, no wider than the column's most; on a terminal the widest give way first.
fn widths(columns: &[Column], rows: &[Vec<Cell>], room: Option<usize>) -> Vec<usize> {
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
            widest.max(column.name.len()).min(column.most)
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

fn line(out: &Out, columns: &[Column], widths: &[usize], cells: &[Cell]) -> String {
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

#[cfg(test)]
mod tests {
    use super::super::output::tests::kept;
    use super::*;
    use crate::domain::moment::Moment;

    struct Item(&'static str, u64);

    impl Listed for Item {
        type Doc<'a> = serde_json::Value;
        const COLUMNS: &'static [Column] = &[text("NAME", 8), number("N")];
        const FIELDS: &'static [&'static str] = &["name", "n"];

        fn doc(&self) -> serde_json::Value {
            serde_json::json!({"name": self.0, "n": self.1})
        }

        fn cells(&self, _now: Moment) -> Vec<Cell> {
            vec![Cell::of(self.0), Cell::of(&self.1.to_string())]
        }

        fn record(&self) -> Vec<String> {
            vec![self.0.into(), self.1.to_string()]
        }
    }

    fn printed(form: Format, pages: &[&[Item]], next: Option<&str>) -> String {
        let (mut out, kept) = kept(form);
        let mut printer = Printer::begin(&mut out, Moment(0), Some(9)).unwrap();
        for page in pages {
            printer.rows(page).unwrap();
        }
        printer.end(next.map(str::to_owned)).unwrap();
        out.flush().unwrap();
        kept.text()
    }

    #[test]
    fn columns_are_aligned_by_cells_and_cut() {
        let text = printed(
            Format::Table,
            &[&[Item("日本語", 7), Item("a very long name", 12)]],
            None,
        );
        assert_eq!(text, "NAME       N\n日本語     7\na very ~  12\n");
    }

    #[test]
    fn nothing_acts_on_the_terminal_or_the_spreadsheet() {
        let items: &[Item] = &[Item("a\u{1b}[2Jb", 1), Item("=1+1", 2)];
        for form in [Format::Table, Format::Csv, Format::Json, Format::Jsonl] {
            assert!(
                !printed(form, &[items], None).contains('\u{1b}'),
                "{form:?}"
            );
        }
        assert!(printed(Format::Csv, &[items], None).contains("'=1+1,2"));
    }

    #[test]
    fn a_list_is_one_document_over_all_its_pages() {
        let text = printed(
            Format::Json,
            &[&[Item("a", 1)], &[Item("b", 2)]],
            Some("c.n1"),
        );
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["schemaVersion"], 1);
        assert_eq!(
            (&read["count"], &read["size"], &read["next"]),
            (&2.into(), &9.into(), &"c.n1".into())
        );
        assert_eq!(read["data"][1]["name"], "b");
        let empty: serde_json::Value =
            serde_json::from_str(&printed(Format::Json, &[], None)).unwrap();
        assert_eq!((&empty["count"], empty.get("next")), (&0.into(), None));
        assert_eq!(
            printed(Format::Jsonl, &[&[Item("a", 1)]], None),
            "{\"schemaVersion\":1,\"n\":1,\"name\":\"a\"}\n"
        );
    }
}
