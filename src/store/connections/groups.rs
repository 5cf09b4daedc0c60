//! How many connections of a list have each value of a field. Only so many rows are read; behind them the sizes are
//! lower bounds.

use crate::domain::groups::{GroupField, GroupValue};
use crate::domain::query::Query;
use crate::store::ReadTxn;
use crate::store::error::{Error, Result};
use crate::store::search::{Asker, Compiled, Use};
use crate::store::sql::text;
use rusqlite::types::ValueRef;

const fn key(field: GroupField) -> &'static str {
    match field {
        GroupField::Status => "c.label",
        GroupField::Mover => "c.mover",
        GroupField::Bank => "c.institution_n",
        GroupField::Via => "c.method",
        GroupField::User => "c.user_n",
        GroupField::Code => "(SELECT e.code FROM jobs e WHERE e.n = c.job_n)",
    }
}

/// The id and the name that belong to the key `g.k`.
const fn named(field: GroupField) -> (&'static str, &'static str) {
    match field {
        GroupField::Bank => (
            "(SELECT id FROM institutions WHERE n = g.k)",
            "(SELECT name FROM institutions WHERE n = g.k)",
        ),
        GroupField::User => (
            "(SELECT id FROM users WHERE n = g.k)",
            "(SELECT name FROM users WHERE n = g.k)",
        ),
        GroupField::Code => ("g.k", "g.k"),
        GroupField::Status | GroupField::Mover | GroupField::Via => ("NULL", "NULL"),
    }
}

impl ReadTxn<'_> {
    /// The largest groups first, at most `limit`, and whether all rows of the list were counted.
    pub(crate) fn connection_groups(
        &self,
        query: &Query,
        field: GroupField,
        (cap, limit): (u64, usize),
        asker: &Asker,
    ) -> Result<(Vec<(GroupValue, u64)>, bool)> {
        let compiled = Compiled::connections(query, self, asker, Use::Count)?;
        let (id, name) = named(field);
        let sql = format!(
            "SELECT k, {id} AS id, {name} AS name, many, sum(many) OVER () AS whole FROM (
               SELECT k, count(*) AS many FROM (
                 SELECT {} AS k FROM connections c {} WHERE {} LIMIT {})
               GROUP BY k) g
             ORDER BY many DESC, k LIMIT {limit}",
            key(field),
            compiled.joins,
            compiled.sql,
            cap + 1,
        );
        let found = self.all_used(&sql, &compiled.values, |row| {
            let count = |name: &str| Ok::<_, Error>(row.get::<_, i64>(name)?.unsigned_abs());
            let named = |column: &str| match row.get_ref(column)? {
                ValueRef::Null => Ok(None),
                _ => text(row, column).map(Some),
            };
            let pair = || {
                Ok::<_, Error>((
                    named("id")?.unwrap_or_default(),
                    named("name")?.unwrap_or_default(),
                ))
            };
            let value = match field {
                GroupField::Status => GroupValue::Status(row.get("k")?),
                GroupField::Mover => GroupValue::Mover(row.get("k")?),
                GroupField::Via => GroupValue::Via(row.get("k")?),
                GroupField::Bank => {
                    let (id, name) = pair()?;
                    GroupValue::Bank(id, name)
                }
                GroupField::User => {
                    let (id, name) = pair()?;
                    GroupValue::User(id, name)
                }
                GroupField::Code => GroupValue::Code(named("id")?),
            };
            Ok(((value, count("many")?), count("whole")?))
        })?;
        let whole = found.first().is_none_or(|(_, whole)| *whole <= cap);
        Ok((found.into_iter().map(|(group, _)| group).collect(), whole))
    }
}
