//! One row of a result. Every column is read here, by one rule: a text that is not UTF-8 is shown as damaged, so that it
//! costs itself only and ends no list. What is read so is shown, or compared; it does not read as JSON or as an id.

use super::codec::readable;
use super::error::{Error, Result};
use rusqlite::types::{FromSql, FromSqlError, ValueRef};
use std::cell::Cell;

pub(super) struct Row<'a> {
    row: &'a rusqlite::Row<'a>,
    /// The column after the one that was read last.
    next: Cell<usize>,
}

/// A column by its place, from 0, or by its name.
pub(super) trait Column {
    fn place(&self, row: &Row<'_>) -> rusqlite::Result<usize>;
}

impl Column for usize {
    fn place(&self, _: &Row<'_>) -> rusqlite::Result<usize> {
        Ok(*self)
    }
}

impl Column for &str {
    /// Columns are read nearly in their order, so the search begins where the last one ended: each name that is compared
    /// costs more than reading a number does. No two columns of a statement may have one name.
    fn place(&self, row: &Row<'_>) -> rusqlite::Result<usize> {
        let statement = row.row.as_ref();
        let named = |at: &usize| {
            let name = statement.column_name(*at);
            name.is_ok_and(|name| name.eq_ignore_ascii_case(self))
        };
        let (columns, next) = (statement.column_count(), row.next.get());
        let found = (next..columns).chain(0..next).find(named);
        let found = found.ok_or_else(|| rusqlite::Error::InvalidColumnName((*self).into()))?;
        debug_assert_eq!(
            (0..columns).filter(named).count(),
            1,
            "two columns `{self}`"
        );
        row.next.set(found + 1);
        Ok(found)
    }
}

impl<'a> Row<'a> {
    pub(super) fn of(row: &'a rusqlite::Row<'a>) -> Self {
        let next = Cell::new(0);
        Self { row, next }
    }

    pub(super) fn get<C: Column, T: FromSql>(&self, column: C) -> Result<T> {
        let value = readable(self.get_ref(column)?);
        T::column_result(value).map_err(|error| match error {
            // a conversion of `codec` refused the value
            FromSqlError::Other(source) => match source.downcast::<Error>() {
                Ok(own) => *own,
                Err(other) => unexpected(&other.to_string()),
            },
            other => unexpected(&other.to_string()),
        })
    }

    pub(super) fn get_ref<C: Column>(&self, column: C) -> Result<ValueRef<'_>> {
        Ok(self.row.get_ref(column.place(self)?)?)
    }
}

fn unexpected(why: &str) -> Error {
    Error::Row {
        table: "a table",
        what: format!("a value of another kind ({why})"),
    }
}
