//! The floor: the least that a ratatui program over SQLite can do. A table of connections with a window that is read by
//! key, on one thread, without anything that `switchboard` is for. What it takes is the limit to compare with.

use ratatui::crossterm::event::{self, Event, KeyCode};
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Modifier;
use ratatui::widgets::{Block, Paragraph, Row, Table, TableState};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};
use std::path::Path;

const COLUMNS: [&str; 8] = [
    "n", "id", "user", "bank", "status", "method", "used", "accounts",
];
const WIDTHS: [u16; 8] = [8, 36, 24, 26, 8, 12, 20, 8];
/// How many rows are read at a time, and kept at most.
const READ: usize = 200;
const KEPT: usize = 800;

/// Copies what the floor shows from a database of `switchboard`.
pub(crate) fn make(from: &Path, to: &Path) {
    let db = Connection::open(to).expect("a new file");
    db.execute_batch(&format!(
        "PRAGMA journal_mode = OFF; ATTACH '{}' AS w;
         CREATE TABLE rows (n INTEGER PRIMARY KEY, id TEXT, user TEXT, bank TEXT, status TEXT, method TEXT, used INTEGER,
           accounts INTEGER);
         INSERT INTO rows SELECT c.n, c.id, u.name, i.name,
           CASE c.label WHEN 0 THEN 'active' WHEN 1 THEN 'invalid' ELSE 'other' END,
           CASE c.method WHEN 0 THEN 'web' ELSE 'open' END, c.last_used, c.accounts
         FROM w.connections c JOIN w.users u ON u.n = c.user_n JOIN w.institutions i ON i.n = c.institution_n;
         CREATE INDEX by_use ON rows (used, n); CREATE INDEX by_status ON rows (status, used, n);",
        from.display()
    ))
    .expect("a copy of the connections");
}

struct Floor {
    db: Connection,
    rows: Vec<[String; 8]>,
    /// The first row on the screen, and the one under the cursor below it.
    top: usize,
    cursor: usize,
    only: Option<&'static str>,
    ascending: bool,
}

impl Floor {
    fn page(&self, from: Option<&[String; 8]>, back: bool) -> Vec<[String; 8]> {
        let (sign, order) = match self.ascending == back {
            true => ("<", "DESC"),
            false => (">", "ASC"),
        };
        let mut terms = vec![];
        let mut values: Vec<Value> = vec![];
        if let Some(status) = self.only {
            terms.push("status = ?".to_owned());
            values.push(status.to_owned().into());
        }
        if let Some(row) = from {
            terms.push(format!("(used, n) {sign} (?, ?)"));
            for text in [&row[6], &row[0]] {
                values.push(text.parse::<i64>().expect("a number").into());
            }
        }
        let condition = match terms.is_empty() {
            true => "1".to_owned(),
            false => terms.join(" AND "),
        };
        let sql = format!(
            "SELECT {} FROM rows WHERE {condition} ORDER BY used {order}, n {order} LIMIT {READ}",
            COLUMNS
                .map(|name| format!("CAST({name} AS TEXT)"))
                .join(", ")
        );
        let mut statement = self.db.prepare_cached(&sql).expect("a statement");
        let found = statement.query_map(params_from_iter(values), |row| {
            let mut cells = <[String; 8]>::default();
            for (at, cell) in cells.iter_mut().enumerate() {
                *cell = row.get(at)?;
            }
            Ok(cells)
        });
        let mut found: Vec<_> = found
            .expect("rows")
            .map(|row| row.expect("a row"))
            .collect();
        if back {
            found.reverse();
        }
        found
    }

    fn start(&mut self) {
        (self.rows, self.top, self.cursor) = (self.page(None, false), 0, 0);
    }

    fn end(&mut self, height: usize) {
        self.rows = self.page(None, true);
        self.top = self.rows.len().saturating_sub(height);
        self.cursor = height - 1;
    }

    fn down(&mut self, by: usize, height: usize) {
        if by == 1 && self.cursor + 1 < height {
            self.cursor += 1;
            return;
        }
        self.top += by;
        if self.top + height > self.rows.len() {
            let more = self.page(self.rows.last(), false);
            self.rows.extend(more);
            if self.rows.len() > KEPT {
                self.rows.drain(..READ);
                self.top -= READ;
            }
        }
        self.top = self.top.min(self.rows.len().saturating_sub(height));
    }
}

/// Shows the file until `q`.
pub(crate) fn run(path: &Path) -> std::io::Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags).expect("the file of the floor");
    let mut floor = Floor {
        db,
        rows: vec![],
        top: 0,
        cursor: 0,
        only: None,
        ascending: false,
    };
    floor.start();
    ratatui::run(|terminal| {
        loop {
            let height = usize::from(terminal.size()?.height) - 5;
            terminal.draw(|frame| {
                let [head, list, foot] = Layout::vertical([
                    Constraint::Length(1),
                    Constraint::Min(1),
                    Constraint::Length(1),
                ])
                .areas::<3>(frame.area());
                paint(frame, &floor, [head, list, foot], height);
            })?;
            let Event::Key(key) = event::read()? else {
                continue;
            };
            match key.code {
                KeyCode::Down => floor.down(1, height),
                KeyCode::PageDown => floor.down(height, height),
                KeyCode::Char('G') => floor.end(height),
                KeyCode::Char('g') => floor.start(),
                KeyCode::Char('f') => {
                    floor.only = floor.only.is_none().then_some("invalid");
                    floor.start();
                }
                KeyCode::Char('s') => {
                    floor.ascending = !floor.ascending;
                    floor.start();
                }
                KeyCode::Char('q') => return Ok(()),
                _ => {}
            }
        }
    })
}

fn paint(
    frame: &mut ratatui::Frame<'_>,
    floor: &Floor,
    [head, list, foot]: [Rect; 3],
    height: usize,
) {
    frame.render_widget(Paragraph::new("floor"), head);
    let shown = floor.rows.iter().skip(floor.top).take(height);
    let rows = shown.map(|row| Row::new(row.iter().map(String::as_str)));
    let table = Table::new(rows, WIDTHS.map(Constraint::Length))
        .header(Row::new(COLUMNS))
        .block(Block::bordered().title("connections"))
        .row_highlight_style(Modifier::REVERSED);
    let mut state = TableState::new().with_selected(floor.cursor);
    frame.render_stateful_widget(table, list, &mut state);
    let words = format!("READY {:?} {}", floor.only, floor.ascending);
    frame.render_widget(Paragraph::new(words), foot);
}
