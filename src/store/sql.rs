//! Runs statements, reads rows, cuts pages.

use super::error::Result;
use super::row::Row;
use super::{ReadTxn, WriteTxn};
use crate::domain::views::{Anchor, AnchorKey, Page, Size};
use rusqlite::types::{FromSql, Value};
use rusqlite::{Params, Rows, params, params_from_iter};

impl ReadTxn<'_> {
    pub(super) fn all<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.conn.prepare_cached(sql)?;
        read_all(statement.query(values)?, read)
    }

    /// Like [`ReadTxn::all`] with the first of these values, as many as the statement has.
    pub(super) fn all_used<T>(
        &self,
        sql: &str,
        values: &[Value],
        read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let used = statement.parameter_count().min(values.len());
        read_all(statement.query(params_from_iter(&values[..used]))?, read)
    }

    /// How many rows there are of `rows` (what stands after FROM), counting no further than `cap`, with the first of
    /// these values, as many as the statement has.
    pub(super) fn counted(&self, rows: &str, values: &[Value], cap: u64) -> Result<Size> {
        let most = cap.saturating_add(1).min(i64::MAX.unsigned_abs());
        let sql = format!("SELECT count(*) FROM (SELECT 1 FROM {rows} LIMIT {most})");
        let counts = self.all_used(&sql, values, |row| row.get::<_, u64>(0))?;
        let count = counts.into_iter().next().unwrap_or_default();
        Ok(Size {
            count: count.min(cap),
            exact: count <= cap,
        })
    }

    pub(super) fn first<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(values)?;
        rows.next()?.map(|row| read(&Row::of(row))).transpose()
    }

    pub(super) fn column<T: FromSql>(&self, sql: &str, values: impl Params) -> Result<Vec<T>> {
        self.all(sql, values, |row| row.get(0))
    }

    /// The first column of the first row, if there is one.
    pub(super) fn find<T: FromSql>(&self, sql: &str, values: impl Params) -> Result<Option<T>> {
        self.first(sql, values, |row| row.get(0))
    }

    /// The one value of a statement that always has a row: a count, a minimum, whether something exists.
    pub(super) fn value<T: FromSql>(&self, sql: &str, values: impl Params) -> Result<T> {
        let found = self.find(sql, values)?;
        found.ok_or_else(|| rusqlite::Error::QueryReturnedNoRows.into())
    }

    /// The ids in `table` that are, end with or begin with this text; `tail` is the shown end of the id backwards.
    pub(super) fn ids_named<T: FromSql>(
        &self,
        table: &str,
        text: &str,
        limit: usize,
    ) -> Result<Vec<T>> {
        let sql = format!(
            "SELECT id FROM {table} WHERE id = ?1
             UNION SELECT id FROM {table} WHERE tail = ?3 AND length(?1) = 6
             UNION SELECT id FROM {table} WHERE id >= ?1 AND id < ?1 || char(1114111) AND length(?1) >= 4
             LIMIT ?2"
        );
        let tail = backwards(text);
        self.column(&sql, params![text, limit, tail])
    }
}

impl WriteTxn<'_> {
    pub(super) fn execute(&self, sql: &str, values: impl Params) -> Result<usize> {
        Ok(self.conn.prepare_cached(sql)?.execute(values)?)
    }
}

fn read_all<T>(mut rows: Rows<'_>, mut read: impl FnMut(&Row<'_>) -> Result<T>) -> Result<Vec<T>> {
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(&Row::of(row))?);
    }
    Ok(found)
}

/// The last six letters of an id backwards, as the column `tail` holds them.
pub(super) fn backwards(text: &str) -> String {
    text.chars().rev().take(6).collect()
}

/// The place of a row in an order by number.
pub(super) fn place<const N: usize>(keys: [i64; N]) -> Anchor {
    Anchor(keys.map(AnchorKey::Number).to_vec())
}

pub(super) fn numbers<const N: usize>(from: Option<&Anchor>) -> Option<[i64; N]> {
    let keys: Option<Vec<i64>> = from?
        .0
        .iter()
        .map(|key| match key {
            AnchorKey::Number(n) => Some(*n),
            AnchorKey::Text(_) => None,
        })
        .collect();
    keys?.try_into().ok()
}

/// One row more than `limit` was asked for; `back`: read towards the top.
pub(super) fn page<T>(mut found: Vec<(Anchor, T)>, limit: usize, back: bool) -> Page<T> {
    let more = found.len() > limit;
    found.truncate(limit);
    if back {
        found.reverse();
    }
    Page {
        first: found.first().map(|(place, _)| place.clone()),
        last: found.last().map(|(place, _)| place.clone()),
        rows: found.into_iter().map(|(_, row)| row).collect(),
        more,
    }
}

/// A text column; what is not UTF-8 is shown as damaged and does not end the list.
pub(super) fn text(row: &Row<'_>, column: &str) -> Result<String> {
    let value = row.get_ref(column)?;
    Ok(super::codec::field_text(value).to_owned())
}
