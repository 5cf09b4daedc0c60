//! The only writer to stdout and stderr; text from outside is made safe for the terminal here.

use super::args::{Format, Pick};
use super::exit::Failure;
use crate::domain::text::{Shown, escape_json, for_csv};
use crate::domain::zone::Zone;
use serde::Serialize;
use serde_json::Value;
use std::fmt;
use std::io::{self, BufWriter, IsTerminal as _, Write};

const SCHEMA: &[u8] = b"{\"schemaVersion\":1,";

/// A style of text; shown as a colour on a terminal only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    #[default]
    Plain,
    Good,
    Busy,
    Bad,
    Dim,
    Strong,
}

impl Tone {
    fn code(self) -> &'static str {
        match self {
            Tone::Plain => "",
            Tone::Good => "\x1b[32m",
            Tone::Busy => "\x1b[33m",
            Tone::Bad => "\x1b[31m",
            Tone::Dim => "\x1b[2m",
            Tone::Strong => "\x1b[1m",
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    pub(crate) form: Format,
    pub(crate) color: bool,
    pub(crate) ascii: bool,
    /// Whether stderr gets only errors.
    pub(crate) quiet: bool,
    pub(crate) verbose: u8,
    pub(crate) zone: Zone,
}

/// Text of the data, safe for a terminal and cut to 200 characters.
pub(crate) fn safe(text: &str) -> String {
    Shown::of_limited(text, 200).into_plain()
}

pub(crate) struct Out {
    to: BufWriter<Box<dyn Write + Send>>,
    pub(crate) manner: Manner,
    pub(crate) terminal: bool,
    /// How wide the terminal is; none when stdout is not one.
    pub(crate) columns: Option<usize>,
    /// What of a list is printed.
    pub(crate) pick: Pick,
    documented: bool,
    line: Vec<u8>,
}

impl Out {
    pub(crate) fn stdout(manner: Manner) -> Self {
        let stdout = io::stdout();
        let terminal = stdout.is_terminal();
        let columns = terminal
            .then(|| {
                rustix::termios::tcgetwinsize(&stdout)
                    .ok()
                    .map(|s| usize::from(s.ws_col))
            })
            .flatten()
            .filter(|columns| *columns >= 20);
        Self::new(Box::new(stdout), manner, terminal, columns)
    }

    pub(crate) fn new(
        to: Box<dyn Write + Send>,
        manner: Manner,
        terminal: bool,
        columns: Option<usize>,
    ) -> Self {
        let to = BufWriter::with_capacity(64 * 1024, to);
        Self {
            to,
            manner,
            terminal,
            columns,
            pick: Pick::default(),
            documented: false,
            line: Vec::new(),
        }
    }

    /// Whether something was printed already; then an error goes to stderr only.
    pub(crate) fn documented(&self) -> bool {
        self.documented
    }

    pub(crate) fn for_people(&self) -> bool {
        self.manner.form == Format::Table
    }

    /// Writes text that is already safe for a terminal.
    pub(crate) fn text(&mut self, text: &str) -> Result<(), Failure> {
        self.documented = true;
        // the mask is the only character of ours that is not ASCII
        if self.manner.ascii && self.for_people() && text.contains('•') {
            return Ok(self.to.write_all(text.replace('•', "*").as_bytes())?);
        }
        Ok(self.to.write_all(text.as_bytes())?)
    }

    pub(crate) fn line(&mut self, text: &str) -> Result<(), Failure> {
        self.text(text)?;
        self.text("\n")
    }

    /// Unchanged, like shell scripts.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.documented = true;
        Ok(self.to.write_all(bytes)?)
    }

    pub(crate) fn field(
        &mut self,
        width: usize,
        name: &str,
        value: impl fmt::Display,
    ) -> Result<(), Failure> {
        self.line(&format!("  {name:<width$} {}", safe(&value.to_string())))
    }

    pub(crate) fn verdict(&self, ok: bool) -> String {
        match ok {
            true => self.toned(Tone::Good, "ok "),
            false => self.toned(Tone::Bad, "BAD"),
        }
    }

    pub(crate) fn toned(&self, tone: Tone, text: &str) -> String {
        match (self.manner.color, tone) {
            (false, _) | (_, Tone::Plain) => text.to_owned(),
            (true, tone) => format!("{}{text}\x1b[0m", tone.code()),
        }
    }

    /// One document: as JSON, or with CSV its values as one row under their names.
    pub(crate) fn document(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        if self.manner.form == Format::Csv {
            let value = serde_json::to_value(value).map_err(io::Error::other)?;
            return self.row_of(&value);
        }
        self.object(value, true)?;
        self.text("\n")
    }

    fn row_of(&mut self, document: &Value) -> Result<(), Failure> {
        let rows = match &document["data"] {
            Value::Array(rows) if document["type"] == "list" => rows.as_slice(),
            _ => std::slice::from_ref(document),
        };
        let rows: Vec<Vec<(String, String)>> = rows.iter().map(flat).collect();
        let failed = |e: csv::Error| Failure::Output(io::Error::other(e));
        let mut csv = csv::WriterBuilder::new()
            .flexible(true)
            .from_writer(Vec::new());
        if let Some(first) = rows.first() {
            csv.write_record(first.iter().map(|(name, _)| name))
                .map_err(failed)?;
        }
        for row in &rows {
            csv.write_record(row.iter().map(|(_, value)| for_csv(value)))
                .map_err(failed)?;
        }
        let bytes = csv.into_inner();
        self.bytes(&bytes.map_err(|e| io::Error::other(e.to_string()))?)
    }

    /// Writes a value as JSON; with `versioned`, `schemaVersion` comes first.
    pub(crate) fn object(
        &mut self,
        value: &impl Serialize,
        versioned: bool,
    ) -> Result<(), Failure> {
        self.documented = true;
        let mut line = std::mem::take(&mut self.line);
        line.clear();
        serde_json::to_writer(&mut line, value).map_err(io::Error::other)?;
        let text = std::str::from_utf8(&line).expect("a serialiser writes UTF-8");
        let text = escape_json(text);
        let bytes = text.as_bytes();
        match bytes.split_first() {
            Some((b'{', rest)) if versioned => {
                self.to.write_all(SCHEMA)?;
                self.to.write_all(rest)?;
            }
            _ => self.to.write_all(bytes)?,
        }
        drop(text);
        self.line = line;
        Ok(())
    }

    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        Ok(self.to.flush()?)
    }

    /// On stderr, unless quiet.
    pub(crate) fn say(&mut self, text: &str) {
        if !self.manner.quiet {
            self.talk(text);
        }
    }

    /// On stderr, when verbose.
    pub(crate) fn detail(&mut self, text: &str) {
        if self.manner.verbose > 0 {
            self.talk(text);
        }
    }

    /// On stderr, even when quiet.
    pub(crate) fn complain(&mut self, text: &str) {
        self.talk(text);
    }

    fn talk(&mut self, text: &str) {
        // stdout first, so that both appear in order on a terminal
        let _ = self.to.flush();
        let mut stderr = io::stderr().lock();
        for line in text.lines() {
            // a failure to write to stderr cannot be reported
            let _ = writeln!(stderr, "{}", Shown::of_limited(line, 2_000).into_plain());
        }
    }
}

/// The values of a document by name: those of an object in it under both names, those of a list in one cell.
fn flat(document: &Value) -> Vec<(String, String)> {
    fn cell(value: &Value) -> String {
        match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            Value::Array(items) if items.iter().all(|item| !item.is_object()) => {
                items.iter().map(cell).collect::<Vec<_>>().join("; ")
            }
            other => other.to_string(),
        }
    }
    fn add(into: &mut Vec<(String, String)>, before: &str, value: &Value) {
        let Value::Object(fields) = value else {
            into.push((before.to_owned(), cell(value)));
            return;
        };
        for (name, value) in fields {
            let mut letters = name.chars();
            let name = match (before, letters.next()) {
                ("", _) | (_, None) => name.clone(),
                (before, Some(first)) => {
                    format!("{before}{}{}", first.to_uppercase(), letters.as_str())
                }
            };
            add(into, &name, value);
        }
    }
    let mut row = vec![];
    add(&mut row, "", document);
    row
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    /// A writer that can be looked at afterwards.
    #[derive(Clone, Default)]
    pub(crate) struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Kept {
        pub(crate) fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    pub(crate) fn kept(form: Format) -> (Out, Kept) {
        let kept = Kept::default();
        let manner = Manner {
            form,
            color: false,
            ascii: false,
            quiet: true,
            verbose: 0,
            zone: Zone::UTC,
        };
        (Out::new(Box::new(kept.clone()), manner, false, None), kept)
    }

    #[test]
    fn documents_have_a_version_and_escape_control_characters() {
        let (mut out, kept) = kept(Format::Json);
        out.document(&serde_json::json!({"name": "a\u{202e}b\u{9b}c"}))
            .unwrap();
        out.flush().unwrap();
        assert_eq!(
            kept.text(),
            "{\"schemaVersion\":1,\"name\":\"a\\u202eb\\u009bc\"}\n"
        );
        assert!(out.documented());
    }

    #[test]
    fn documents_are_one_row_with_csv() {
        let (mut out, kept) = kept(Format::Csv);
        let document = serde_json::json!({
            "type": "x", "formula": "=1+1", "none": null, "list": ["a", "b"], "inner": {"ok": true}, "rows": [{"n": 1}],
        });
        out.document(&document).unwrap();
        out.flush().unwrap();
        let text = kept.text();
        let mut read = csv::Reader::from_reader(text.as_bytes());
        let names = read.headers().unwrap().clone();
        let row = read.records().next().unwrap().unwrap();
        for (name, value) in [
            ("type", "x"),
            ("formula", "'=1+1"),
            ("none", ""),
            ("list", "a; b"),
            ("innerOk", "true"),
            ("rows", r#"[{"n":1}]"#),
        ] {
            let at = names.iter().position(|it| it == name).unwrap();
            assert_eq!(&row[at], value, "{name}");
        }
    }

    #[test]
    fn tones_are_coloured_only_with_color_on() {
        let (mut out, _) = kept(Format::Table);
        assert_eq!(out.toned(Tone::Bad, "x"), "x");
        out.manner.color = true;
        assert_eq!(out.toned(Tone::Bad, "x"), "\u{1b}[31mx\u{1b}[0m");
    }
}
