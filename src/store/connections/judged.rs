//! Who has to act next on a connection, and how its last fetches ended, as columns of its row. Triggers mark the rows
//! from which that follows; they are judged by the rule of the domain at the end of the transaction. What time alone
//! changes is judged again when it is due.

use super::{ROW, connection_row};
use crate::domain::diagnosis::Whose;
use crate::domain::moment::Moment;
use crate::domain::rows::ConnectionRow;
use crate::store::codec::{Coded, FETCHES};
use crate::store::error::Result;
use crate::store::row::Row;
use crate::store::{ReadTxn, WriteTxn};
use rusqlite::{Connection, params};

/// Rows that are read at once, so that a large import does not hold all of them.
const PART: usize = 500;

/// How many ended fetches a row tells of.
const RUNS: usize = 7;

/// Who has to act, and when that has to be judged again.
type Judgement = (Whose, Option<Moment>);

/// Judges what was written in this transaction.
pub(in crate::store) fn judge_written(conn: &Connection, now: Moment) -> Result<()> {
    while judge_some(conn, Moment(0), now, PART)? == PART {}
    Ok(())
}

/// Judges at most so many of those that had to be judged again at `due`; says how many there were.
fn judge_some(conn: &Connection, due: Moment, now: Moment, limit: usize) -> Result<usize> {
    let sql = format!("SELECT {ROW} WHERE c.judge_at IS NOT NULL AND c.judge_at <= ?1 LIMIT ?2");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params![due, limit])?;
    let mut judged: Vec<(i64, Option<Judgement>)> = vec![];
    while let Some(row) = rows.next()? {
        let row = Row::of(row);
        // a row that does not read keeps its place, and nothing else has to wait for it
        let found = connection_row(&row).ok().map(|row| {
            let changes = row.changes(now);
            (row.judged(now).mover, changes)
        });
        judged.push((row.get("n")?, found));
    }
    drop(rows);
    let sql = format!(
        "UPDATE connections SET mover = coalesce(?2, mover), judge_at = ?3, runs = coalesce((
            SELECT group_concat(state, '' ORDER BY created, n) FROM (
              SELECT state, created, n FROM jobs
              WHERE connection_n = ?1 AND open = 0 AND kind <= {FETCHES}
              ORDER BY created DESC, n DESC LIMIT {RUNS})), '')
         WHERE n = ?1"
    );
    let mut write = conn.prepare_cached(&sql)?;
    for (n, found) in &judged {
        let (mover, due) = found.map_or((None, None), |(mover, due)| (Some(mover), due));
        write.execute(params![n, mover, due])?;
    }
    Ok(judged.len())
}

impl ReadTxn<'_> {
    /// When the next connection has to be judged again.
    pub(crate) fn next_judgement(&self) -> Result<Option<Moment>> {
        self.value(
            "SELECT min(judge_at) FROM connections WHERE judge_at IS NOT NULL",
            [],
        )
    }

    /// Those that time has changed since they were judged: who had to act then, and who has to now.
    pub(super) fn judged_late(&self, now: Moment) -> Result<Vec<(Whose, Whose)>> {
        let sql = format!("SELECT {ROW} WHERE c.judge_at IS NOT NULL AND c.judge_at <= ?1");
        let change = |row: &Row<'_>| {
            let row: Option<ConnectionRow> = connection_row(row).ok();
            Ok(row.map(|row| (row.mover, row.judged(now).mover)))
        };
        Ok(self
            .all(&sql, [now], change)?
            .into_iter()
            .flatten()
            .collect())
    }
}

impl WriteTxn<'_> {
    /// Judges again what is due, at most so many; says how many there were.
    pub(crate) fn judge_due(&self, now: Moment, limit: usize) -> Result<usize> {
        judge_some(self.conn, now, now, limit)
    }
}

/// The states of ended fetches as the column holds them, one digit each.
pub(super) fn runs(digits: &str) -> Vec<crate::domain::job::State> {
    digits
        .chars()
        .filter_map(|digit| digit.to_digit(10))
        .filter_map(|code| Coded::decode(code.into()).ok())
        .collect()
}
