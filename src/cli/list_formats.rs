//! Prints lists in any format, page by page; the first page decides the widths of a table's columns (table_columns.rs).

use super::args::Format;
use super::exit::Failure;
use super::output::Out;
pub(crate) use super::table_columns::{Cell, Column, date, number, text, when};
use super::table_columns::{heads, line, widths};
use crate::domain::moment::Moment;
use crate::domain::text::for_csv;
use serde::Serialize;
use serde_json::{Value, json};
use std::marker::PhantomData;

pub(crate) const PAGE: usize = 2_000;

/// Printed as JSON by its document, as CSV by fields of that document, as a table by columns.
pub(crate) trait Listed: Sized {
    type Doc<'a>: Serialize
    where
        Self: 'a;

    /// Paths in the document, in order: `institution.id` is headed `institutionId`, `totals.items as items` `items`.
    const FIELDS: &'static [&'static str];

    /// Further fields that are printed where they are asked for by name.
    const MORE: &'static [&'static str] = &[];

    fn doc(&self) -> Self::Doc<'_>;

    /// Fields that are not in the document, by name.
    fn extra(&self, _now: Moment) -> Value {
        Value::Null
    }

    fn columns() -> Vec<Column<Self>>;
}

pub(super) fn field(field: &'static str) -> (&'static str, String) {
    if let Some((path, name)) = field.split_once(" as ") {
        return (path, name.to_owned());
    }
    let mut parts = field.split('.');
    let mut name = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (first, rest) = part.split_at(1);
        name.push_str(&first.to_uppercase());
        name.push_str(rest);
    }
    (field, name)
}

fn found<'v>(document: &'v Value, extra: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.')
        .try_fold(document, |value, part| value.get(part))
        .or_else(|| extra.get(path))
}

/// Empty when it is null or missing.
fn value(document: &Value, extra: &Value, path: &str) -> String {
    match found(document, extra, path) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

type Field = (&'static str, String);

/// The fields that are printed, by their names: all, or those that were asked for.
fn picked<T: Listed>(wanted: &[String]) -> Result<Vec<Field>, Failure> {
    let all: Vec<Field> = T::FIELDS.iter().copied().map(field).collect();
    let more = T::MORE.iter().copied().map(field);
    let known: Vec<Field> = all.iter().cloned().chain(more).collect();
    let one = |name: &String| {
        let named = |(path, known): &&Field| name == known || name == path;
        if let Some(field) = known.iter().find(named) {
            return Ok(field.clone());
        }
        let names: Vec<&str> = known.iter().map(|(_, name)| name.as_str()).collect();
        Err(Failure::Usage(format!(
            "--columns: there is no column `{name}`; the columns are {}",
            names.join(", ")
        )))
    };
    match wanted {
        [] => Ok(all),
        wanted => wanted.iter().map(one).collect(),
    }
}

pub(crate) struct Printer<'o, T> {
    out: &'o mut Out,
    now: Moment,
    fields: Vec<Field>,
    /// The size of the list, when only that is printed.
    counted: Option<u64>,
    widths: Option<Vec<usize>>,
    count: u64,
    csv_begun: bool,
    rows: PhantomData<fn(&T)>,
}

impl<'o, T: Listed> Printer<'o, T> {
    /// `size` is the number of rows there are in all, if known.
    pub(crate) fn begin(out: &'o mut Out, now: Moment, size: Option<u64>) -> Result<Self, Failure> {
        let fields = picked::<T>(&out.pick.columns)?;
        if out.manner.form == Format::Json && !out.pick.count {
            let size = size.map_or_else(String::new, |n| format!(",\"size\":{n}"));
            out.text(&format!(
                "{{\"schemaVersion\":1,\"type\":\"list\"{size},\"data\":["
            ))?;
        }
        let counted = size.filter(|_| out.pick.count);
        Ok(Self {
            out,
            now,
            fields,
            counted,
            widths: None,
            count: 0,
            csv_begun: false,
            rows: PhantomData,
        })
    }

    /// Whether nothing has to be read any more: only the size is printed, and it is known.
    pub(crate) fn knows_enough(&self) -> bool {
        self.counted.is_some()
    }

    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    pub(crate) fn rows(&mut self, rows: &[T]) -> Result<(), Failure> {
        if self.out.pick.count {
            self.count += rows.len() as u64;
            return Ok(());
        }
        match self.out.manner.form {
            Format::Json => {
                for row in rows {
                    if self.count > 0 {
                        self.out.text(",")?;
                    }
                    self.out.text("\n")?;
                    self.document(row, false)?;
                    self.count += 1;
                }
            }
            Format::Jsonl => {
                for row in rows {
                    self.document(row, true)?;
                    self.out.text("\n")?;
                    self.count += 1;
                }
            }
            Format::Csv => {
                let mut csv = csv::Writer::from_writer(Vec::new());
                let failed = |e: csv::Error| Failure::Output(std::io::Error::other(e));
                if !self.csv_begun {
                    csv.write_record(self.fields.iter().map(|(_, name)| name))
                        .map_err(failed)?;
                    self.csv_begun = true;
                }
                for row in rows {
                    let (document, extra) = whole_row(row, self.now)?;
                    let values = self
                        .fields
                        .iter()
                        .map(|(path, _)| for_csv(&value(&document, &extra, path)));
                    csv.write_record(values).map_err(failed)?;
                    self.count += 1;
                }
                let bytes = csv
                    .into_inner()
                    .map_err(|e| Failure::Output(std::io::Error::other(e.to_string())))?;
                self.out.bytes(&bytes)?;
            }
            Format::Table if !self.out.pick.columns.is_empty() => {
                let name = |(_, name): &Field| text(name.clone(), 60, |_: &T, _| Cell::default());
                let columns: Vec<Column<T>> = self.fields.iter().map(name).collect();
                let mut cells = Vec::with_capacity(rows.len());
                for row in rows {
                    let (document, extra) = whole_row(row, self.now)?;
                    let cell = |(path, _): &Field| value(&document, &extra, path).into();
                    cells.push(self.fields.iter().map(cell).collect());
                }
                self.table(&columns, &cells)?;
                self.count += rows.len() as u64;
            }
            Format::Table => {
                let columns = T::columns();
                let (now, zone) = (self.now, self.out.manner.zone);
                let row = |row| columns.iter().map(|c| c.cell(row, now, zone)).collect();
                let cells: Vec<Vec<Cell>> = rows.iter().map(row).collect();
                self.table(&columns, &cells)?;
                self.count += rows.len() as u64;
            }
        }
        Ok(())
    }

    /// The document of a row, or the fields of it that were asked for.
    fn document(&mut self, row: &T, versioned: bool) -> Result<(), Failure> {
        if self.out.pick.columns.is_empty() {
            return self.out.object(&row.doc(), versioned);
        }
        let (document, extra) = whole_row(row, self.now)?;
        let value = |path: &str| found(&document, &extra, path).cloned().unwrap_or_default();
        let some = self.fields.iter();
        let some = some.map(|(path, name)| (name.clone(), value(path)));
        self.out.object(&Value::Object(some.collect()), versioned)
    }

    fn table(&mut self, columns: &[Column<T>], rows: &[Vec<Cell>]) -> Result<(), Failure> {
        if self.widths.is_none() {
            if rows.is_empty() {
                return Ok(());
            }
            let heads = heads(columns, self.out.manner.zone);
            let widths = widths(columns, &heads, rows, self.out.columns);
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

    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        self.out.flush()
    }

    /// `next` is the cursor of what follows.
    pub(crate) fn end(self, next: Option<String>) -> Result<(), Failure> {
        if self.out.pick.count {
            let count = self.counted.unwrap_or(self.count);
            return match self.out.for_people() {
                true => self.out.line(&count.to_string()),
                false => self.out.document(&json!({"type": "count", "count": count})),
            };
        }
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

fn whole_row<T: Listed>(row: &T, now: Moment) -> Result<(Value, Value), Failure> {
    let document = serde_json::to_value(row.doc()).map_err(std::io::Error::other)?;
    Ok((document, row.extra(now)))
}

/// Any form but a table; answers whether it did. `document` replaces the row's own JSON.
pub(crate) fn single<T: Listed, D: Serialize>(
    out: &mut Out,
    row: &T,
    document: impl FnOnce() -> D,
) -> Result<bool, Failure> {
    match out.manner.form {
        Format::Table => return Ok(false),
        Format::Json | Format::Jsonl => out.document(&document())?,
        Format::Csv => whole(out, Moment(0), None, std::slice::from_ref(row))?,
    }
    Ok(true)
}

pub(crate) fn whole<T: Listed>(
    out: &mut Out,
    now: Moment,
    size: Option<u64>,
    rows: &[T],
) -> Result<(), Failure> {
    let mut printer = Printer::begin(out, now, size)?;
    printer.rows(rows)?;
    printer.end(None)
}

#[cfg(test)]
mod tests {
    use super::super::output::tests::kept;
    use super::*;

    struct Item(&'static str, u64);

    impl Listed for Item {
        type Doc<'a> = serde_json::Value;
        const FIELDS: &'static [&'static str] = &["name", "n"];

        fn doc(&self) -> serde_json::Value {
            serde_json::json!({"name": self.0, "n": self.1})
        }

        fn columns() -> Vec<Column<Self>> {
            vec![
                text("NAME", 8, |i, _| i.0.into()),
                number("N", |i, _| i.1.into()),
            ]
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
    fn columns_are_aligned_by_display_width_and_cut() {
        let text = printed(
            Format::Table,
            &[&[Item("日本語", 7), Item("a very long name", 12)]],
            None,
        );
        assert_eq!(text, "NAME       N\n日本語     7\na very ~  12\n");
    }

    #[test]
    fn control_characters_and_formulas_are_defused() {
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
    fn csv_fields_are_paths_in_the_document() {
        assert_eq!(field("lastJob.id"), ("lastJob.id", "lastJobId".into()));
        assert_eq!(field("a.b as c"), ("a.b", "c".into()));
        let document = serde_json::json!({"a": {"b": 3}, "n": null, "t": "x"});
        let extra = serde_json::json!({"e": true});
        for (path, text) in [
            ("a.b", "3"),
            ("n", ""),
            ("n.m", ""),
            ("t", "x"),
            ("e", "true"),
        ] {
            assert_eq!(value(&document, &extra, path), text, "{path}");
        }
    }

    #[test]
    fn a_json_list_is_one_document_over_all_pages() {
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
