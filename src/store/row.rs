//! One row of a result. Every column is read here, by one rule: a text that is not UTF-8 is shown as damaged, so that it
//! costs itself only and ends no list. What is read so is shown, or compared; it does not read as JSON or as an id.

use super::codec::readable;
use super::error::{Error, Result};
use rusqlite::RowIndex;
use rusqlite::types::{FromSql, FromSqlError, ValueRef};

pub(super) struct Row<'a>(&'a rusqlite::Row<'a>);

impl<'a> Row<'a> {
    pub(super) fn of(row: &'a rusqlite::Row<'a>) -> Self {
        Self(row)
    }

    pub(super) fn get<I: RowIndex, T: FromSql>(&self, column: I) -> Result<T> {
        let value = readable(self.0.get_ref(column)?);
        T::column_result(value).map_err(|error| match error {
            // a conversion of `codec` refused the value
            FromSqlError::Other(source) => match source.downcast::<Error>() {
                Ok(own) => *own,
                Err(other) => unexpected(&other.to_string()),
            },
            other => unexpected(&other.to_string()),
        })
    }

    pub(super) fn get_ref<I: RowIndex>(&self, column: I) -> Result<ValueRef<'_>> {
        Ok(self.0.get_ref(column)?)
    }
}

fn unexpected(why: &str) -> Error {
    Error::Row {
        table: "a table",
        what: format!("a value of another kind ({why})"),
    }
}
