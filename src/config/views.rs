//! The files of the board: saved views, one table each, by hand or by the board; and what is kept between two starts, a
//! table for each database. Every mistake is told with its place, and what is right beside it is read.

use super::mistake::{Lines, Mistake, Position, quoted};
use super::syntax;
use crate::domain::groups::GroupField;
use crate::domain::list_columns::Column;
use crate::domain::mask::Level;
use crate::domain::query::{Scope, parse_in};
use crate::domain::saved_view::{KeptBoard, KeptSettings, SavedView};
use crate::domain::sort::Sort;
use crate::domain::zone::Zone;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

const VIEW: [&str; 4] = ["filter", "sort", "columns", "group"];

/// How many databases are remembered.
const BOARDS: usize = 20;

/// What a file of saved views begins with.
pub(crate) const HEAD: &str = "\
# Saved views of the list of connections: a table each, with any of
#   filter = \"status:invalid\"     in the language of docs/filters.md
#   sort = \"bank,last\"            as `connections --sort` takes it
#   columns = [\"label\", \"why\"]    as `connections --columns` takes them
#   group = \"bank\"                as `connections --group-by` takes it
";

struct Reader<'a> {
    lines: Lines<'a>,
    mistakes: Vec<Mistake>,
}

impl Reader<'_> {
    fn at<T>(&self, spanned: &Spanned<T>) -> Position {
        self.lines.at(spanned.span().start)
    }

    fn wrong<T>(&mut self, at: &Spanned<T>, what: impl Into<String>) {
        let at = self.at(at);
        self.mistakes.push(Mistake::new(at, what));
    }

    fn text(&mut self, value: &Spanned<DeValue<'_>>) -> Option<String> {
        let text = value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.wrong(value, "this has to be a text in quotes");
        }
        text
    }

    fn texts(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Vec<String>> {
        let texts = match value.get_ref() {
            DeValue::Array(all) => all
                .iter()
                .map(|one| one.get_ref().as_str().map(str::to_owned))
                .collect(),
            _ => None,
        };
        if texts.is_none() {
            self.wrong(value, "this has to be a list of texts in quotes");
        }
        texts
    }

    fn read<T>(
        &mut self,
        value: &Spanned<DeValue<'_>>,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let text = self.text(value)?;
        match read(&text) {
            Ok(read) => Some(read),
            Err(what) => {
                self.wrong(value, what);
                None
            }
        }
    }

    /// The keys of a view; the others are told to `other`, which says whether it knows them.
    fn view(
        &mut self,
        name: &str,
        table: &DeTable<'_>,
        other: &mut dyn FnMut(&mut Self, &str, &Spanned<DeValue<'_>>) -> bool,
    ) -> SavedView {
        let mut view = SavedView {
            name: name.to_owned(),
            ..SavedView::default()
        };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "filter" => {
                    let read = |text: &str| match parse_in(text, Scope::Connections, Zone::UTC) {
                        Ok(_) => Ok(text.to_owned()),
                        Err(mistake) => Err(mistake.to_string()),
                    };
                    view.filter = self.read(value, read).unwrap_or_default();
                }
                "sort" => view.sort = self.read(value, Sort::read).unwrap_or_default(),
                "group" => view.group = self.read(value, GroupField::named),
                "columns" => view.columns = self.columns(value),
                known => {
                    if !other(self, known, value) {
                        let what = format!(
                            "{} is not a key here; those of a view are {}",
                            quoted(known),
                            VIEW.join(", ")
                        );
                        self.wrong(key, what);
                    }
                }
            }
        }
        view
    }

    /// Reads what was set on the board; whether there is such a setting.
    fn setting(
        &mut self,
        settings: &mut KeptSettings,
        key: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> bool {
        match key {
            "theme" => settings.theme = self.text(value),
            "privacy" => settings.privacy = self.text(value).and_then(|it| Level::parse(&it)),
            "zone" => settings.zone = self.text(value).and_then(|it| Zone::named(&it)),
            "ascii" => settings.ascii = value.get_ref().as_bool(),
            "mouse" => settings.mouse = value.get_ref().as_bool(),
            _ => return false,
        }
        true
    }

    fn columns(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Vec<Column>> {
        let names = self.texts(value)?;
        let mut columns: Vec<Column> = vec![];
        for name in names {
            match Column::named(&name) {
                Ok(column) if columns.contains(&column) => {
                    self.wrong(value, format!("{} is given twice", quoted(&name)));
                }
                Ok(column) => columns.push(column),
                Err(what) => self.wrong(value, what),
            }
        }
        (!columns.is_empty()).then_some(columns)
    }
}

/// The views of the text in its order, and its mistakes.
pub(crate) fn views(text: &str) -> (Vec<SavedView>, Vec<Mistake>) {
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader {
        lines: Lines::of(text),
        mistakes: syntax::mistakes(text, &errors),
    };
    let mut views: Vec<(Position, SavedView)> = vec![];
    for (name, value) in document.get_ref() {
        let known = name.get_ref().as_ref();
        match (value.get_ref(), SavedView::bad_name(known)) {
            (DeValue::Table(table), None) => {
                let view = reader.view(known, table, &mut |_, _, _| false);
                views.push((reader.at(name), view));
            }
            (DeValue::Table(_), Some(bad)) => {
                reader.wrong(name, format!("{}: {bad}", quoted(known)))
            }
            _ => reader.wrong(
                name,
                format!(
                    "{} stands outside a view; write [NAME] above it",
                    quoted(known)
                ),
            ),
        }
    }
    views.sort_by_key(|(at, _)| *at);
    reader.mistakes.sort_by_key(|mistake| mistake.at);
    (
        views.into_iter().map(|(_, view)| view).collect(),
        reader.mistakes,
    )
}

/// What is kept for this database, and the mistakes of the text.
pub(crate) fn kept(text: &str, database: &str) -> (Option<KeptBoard>, Vec<Mistake>) {
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader {
        lines: Lines::of(text),
        mistakes: syntax::mistakes(text, &errors),
    };
    let found = document.get_ref().iter();
    let found = found
        .filter(|(name, _)| name.get_ref().as_ref() == database)
        .find_map(|(_, value)| value.get_ref().as_table());
    let board = found.map(|table| {
        let mut kept = KeptBoard::default();
        kept.view = reader.view("", table, &mut |reader, key, value| {
            match key {
                "cursor" => kept.cursor = reader.text(value),
                "page" => kept.page = reader.text(value),
                "pane" => kept.pane = reader.text(value),
                "zoom" => kept.zoom = value.get_ref().as_bool().unwrap_or_default(),
                "filters" => kept.filters = reader.texts(value).unwrap_or_default(),
                _ => return reader.setting(&mut kept.settings, key, value),
            }
            true
        });
        kept
    });
    (board, reader.mistakes)
}

/// The text with this view in the place of the one of its name, else at its end. Everything else stays as it is written.
pub(crate) fn with_view(text: &str, view: &SavedView) -> String {
    with_table(text, HEAD, &view.name, &view_lines(view))
}

/// The text without the view of this name.
pub(crate) fn without_view(text: &str, name: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    match place(&lines, name) {
        Some((from, to)) => joined(&lines[..from], "", &lines[to..]),
        None => text.to_owned(),
    }
}

/// The text with what is kept for this database as the newest; the oldest ones go.
pub(crate) fn with_board(text: &str, database: &str, kept: &KeptBoard) -> String {
    let mut lines = view_lines(&kept.view);
    let mut line = |key: &str, value: String| lines.push_str(&format!("{key} = {value}\n"));
    for (key, value) in [
        ("cursor", &kept.cursor),
        ("page", &kept.page),
        ("pane", &kept.pane),
    ] {
        if let Some(value) = value {
            line(key, self::text(value));
        }
    }
    if kept.zoom {
        line("zoom", "true".into());
    }
    if !kept.filters.is_empty() {
        line("filters", list(kept.filters.iter().map(String::as_str)));
    }
    let settings = &kept.settings;
    let texts = [
        ("theme", settings.theme.as_deref()),
        ("privacy", settings.privacy.map(|level| level.word())),
        ("zone", settings.zone.map(|zone| zone.title())),
    ];
    for (key, value) in texts {
        value
            .into_iter()
            .for_each(|value| line(key, self::text(value)));
    }
    for (key, value) in [("ascii", settings.ascii), ("mouse", settings.mouse)] {
        value.into_iter().for_each(|on| line(key, on.to_string()));
    }
    let mut rest = without_view(text, database);
    let names = |text: &str| text.lines().filter_map(name).collect::<Vec<_>>();
    while let Some(oldest) = names(&rest)
        .first()
        .filter(|_| names(&rest).len() >= BOARDS)
    {
        rest = without_view(&rest, oldest);
    }
    with_table(
        &rest,
        "# What the board goes on with, by database. It is written by the board.\n",
        database,
        &lines,
    )
}

fn view_lines(view: &SavedView) -> String {
    let filter = Some(view.filter.as_str()).filter(|filter| !filter.is_empty());
    let sort = Some(view.sort).filter(|sort| *sort != Sort::default());
    let columns = view.columns.as_ref();
    let keys = [
        ("filter", filter.map(text)),
        ("sort", sort.map(|sort| text(&sort.written()))),
        (
            "columns",
            columns.map(|all| list(all.iter().map(|it| it.word()))),
        ),
        ("group", view.group.map(|by| text(by.word()))),
    ];
    let lines = keys.into_iter();
    lines
        .filter_map(|(key, value)| Some(format!("{key} = {}\n", value?)))
        .collect()
}

/// A TOML text in one line, whatever is in it.
fn text(value: &str) -> String {
    let mut text = String::from("\"");
    for c in value.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            c if c.is_control() => text.push_str(&format!("\\U{:08X}", u32::from(c))),
            c => text.push(c),
        }
    }
    text.push('"');
    text
}

fn list<'t>(values: impl Iterator<Item = &'t str>) -> String {
    format!("[{}]", values.map(text).collect::<Vec<_>>().join(", "))
}

fn with_table(text: &str, head: &str, name: &str, body: &str) -> String {
    let table = format!("[{}]\n{body}", self::text(name));
    let lines: Vec<&str> = text.lines().collect();
    match place(&lines, name) {
        Some((from, to)) => joined(&lines[..from], &table, &lines[to..]),
        None if text.trim().is_empty() => format!("{head}\n{table}"),
        None => format!("{}\n\n{table}", text.trim_end()),
    }
}

fn joined(before: &[&str], table: &str, after: &[&str]) -> String {
    let lines = |lines: &[&str]| {
        lines
            .iter()
            .map(|line| format!("{line}\n"))
            .collect::<String>()
    };
    format!("{}{table}{}", lines(before), lines(after))
}

/// The lines of the table of this name, with the blank ones before the next; comments before the next are the next's.
fn place(lines: &[&str], wanted: &str) -> Option<(usize, usize)> {
    let from = lines
        .iter()
        .position(|line| name(line).as_deref() == Some(wanted))?;
    let next = lines[from + 1..]
        .iter()
        .position(|line| line.trim_start().starts_with('['));
    let Some(next) = next.map(|at| from + 1 + at) else {
        return Some((from, lines.len()));
    };
    let own = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let last = lines[from..next].iter().rposition(own).unwrap_or(0) + from;
    Some((from, last + 1))
}

/// The name of the table that this line begins.
fn name(line: &str) -> Option<String> {
    let line = line.trim_start();
    if !line.starts_with('[') || line.starts_with("[[") {
        return None;
    }
    let table: toml::Table = toml::from_str(line).ok()?;
    table.keys().next().cloned()
}

#[cfg(test)]
#[path = "views_tests.rs"]
mod tests;
