//! Reads every row of every table, and says which cannot be read and which hold texts that are damaged.

use crate::domain::counts::count;
use crate::store::error::{Error, Result};
use crate::store::file::open;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::path::Path;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Table {
    name: String,
    /// Those that were read.
    rows: u64,
    /// Rows with a text that is not UTF-8.
    pub(super) damaged: u64,
    /// Whether reading ended before the last row.
    broken: bool,
}

/// What to do about a file with damaged pages.
pub(crate) const WHAT_TO_DO: &str = "stop every program that uses the database, keep a copy of all its files as they are, \
    and restore the newest backup. Without one, `sqlite3 FILE .recover` saves the rows of tables that can be read. What was \
    purged after the backup was made is in it again: purge it again";

/// What can still be read of a database that may be too damaged to be opened; a sentence each.
pub(crate) fn what_can_be_read(path: &Path) -> Vec<String> {
    let looked = || -> Result<Vec<Table>> { read_tables(&open::reader(path)?) };
    match looked() {
        Ok(tables) => told(&tables),
        Err(_) => vec!["the list of tables cannot be read, and without it no table".into()],
    }
}

/// The tables of a damaged file in sentences: first what cannot be read.
pub(super) fn told(tables: &[Table]) -> Vec<String> {
    let broken = tables.iter().filter(|table| table.broken);
    let mut said: Vec<String> = broken
        .map(|table| {
            let rows = count(table.rows, "row");
            format!(
                "table {}: damaged after {rows} that can be read",
                table.name
            )
        })
        .collect();
    let whole: Vec<String> = tables
        .iter()
        .filter(|table| !table.broken && table.rows > 0)
        .map(|table| format!("{} ({})", table.name, table.rows))
        .collect();
    if !whole.is_empty() {
        said.push(format!(
            "tables that can be read whole: {}",
            whole.join(", ")
        ));
    }
    said
}

/// Rows with damaged texts, a sentence for each table.
pub(super) fn texts(tables: &[Table]) -> Vec<String> {
    let damaged = tables.iter().filter(|table| table.damaged > 0);
    damaged
        .map(|table| {
            format!(
                "table {}: {} with a text that is damaged and shown as {}; the next change or import of the row replaces it",
                table.name,
                count(table.damaged, "row"),
                crate::store::codec::DAMAGED_TEXT
            )
        })
        .collect()
}

pub(super) fn read_tables(conn: &Connection) -> Result<Vec<Table>> {
    // the index of names has tables of its own, which hold no rows of this program
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
        AND name NOT LIKE 'user\\_words%' ESCAPE '\\' ORDER BY name";
    let mut query = conn.prepare(sql)?;
    let names = query.query_map([], |row| row.get::<_, String>(0))?;
    let names: Vec<String> = names.collect::<rusqlite::Result<_>>()?;
    names.into_iter().map(|name| read(conn, name)).collect()
}

fn read(conn: &Connection, name: String) -> Result<Table> {
    let mut table = Table {
        name,
        ..Table::default()
    };
    let sql = format!(
        "SELECT * FROM \"{}\" NOT INDEXED",
        table.name.replace('"', "\"\"")
    );
    match rows(conn, &sql, &mut table) {
        Ok(()) => {}
        Err(Error::Pages | Error::Sql(_)) => table.broken = true,
        Err(other) => return Err(other),
    }
    Ok(table)
}

fn rows(conn: &Connection, sql: &str, table: &mut Table) -> Result<()> {
    let mut query = conn.prepare(sql)?;
    let columns = query.column_count();
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let mut damaged = false;
        for column in 0..columns {
            if let ValueRef::Text(bytes) = row.get_ref(column)? {
                damaged |= std::str::from_utf8(bytes).is_err();
            }
        }
        table.rows += 1;
        table.damaged += u64::from(damaged);
    }
    Ok(())
}
