//! Reads the file with plain SQLite, without code of the program, for epochs, owners and times in milliseconds.

use super::harness::Desk;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Row};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// The code of a running job.
const RUNNING: i64 = 2;

/// A read-only connection.
pub(crate) struct Raw(Connection);

/// A row of the jobs.
#[derive(Clone, Debug)]
pub(crate) struct RawJob {
    pub(crate) state: i64,
    pub(crate) open: bool,
    pub(crate) epoch: i64,
    pub(crate) owner: Option<String>,
    pub(crate) deaths: i64,
    pub(crate) bank: i64,
    created: i64,
    steps: String,
}

impl RawJob {
    pub(crate) fn running(&self) -> bool {
        self.state == RUNNING
    }

    /// Start of its first step and end of its last, in milliseconds.
    pub(crate) fn span(&self) -> Option<(i64, i64)> {
        let steps: Value = serde_json::from_str(&self.steps).unwrap();
        let steps = steps.as_array().unwrap();
        let at = |place: usize| {
            steps
                .iter()
                .filter_map(move |step| step.get(place).and_then(Value::as_i64))
        };
        Some((self.created + at(2).min()?, self.created + at(3).max()?))
    }
}

impl Raw {
    pub(crate) fn of(desk: &Desk) -> Self {
        Self::at(&desk.path("w.db"))
    }

    pub(crate) fn at(path: &Path) -> Self {
        let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        conn.busy_timeout(Duration::from_secs(30)).unwrap();
        Self(conn)
    }

    pub(crate) fn number(&self, sql: &str) -> i64 {
        self.0.query_row(sql, [], |r| r.get(0)).unwrap()
    }

    /// The rows of a query, each as one text.
    pub(crate) fn lines(&self, sql: &str) -> Vec<String> {
        let mut query = self.0.prepare(sql).unwrap();
        let columns = query.column_count();
        let line = |r: &Row<'_>| {
            let cells = (0..columns).map(|n| match r.get_ref_unwrap(n) {
                ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                ValueRef::Integer(number) => number.to_string(),
                other => format!("{other:?}"),
            });
            Ok(cells.collect::<Vec<String>>().join(" "))
        };
        query
            .query_map([], line)
            .unwrap()
            .map(|row| row.unwrap())
            .collect()
    }

    pub(crate) fn jobs(&self) -> BTreeMap<String, RawJob> {
        let sql =
            "SELECT id, state, open, epoch, owner, deaths, institution_n, created, steps FROM jobs";
        let mut query = self.0.prepare_cached(sql).unwrap();
        let rows = query.query_map([], |r| {
            let job = RawJob {
                state: r.get(1)?,
                open: r.get(2)?,
                epoch: r.get(3)?,
                owner: r.get(4)?,
                deaths: r.get(5)?,
                bank: r.get(6)?,
                created: r.get(7)?,
                steps: r.get(8)?,
            };
            Ok((r.get(0)?, job))
        });
        rows.unwrap().map(|row| row.unwrap()).collect()
    }

    pub(crate) fn job(&self, id: &str) -> RawJob {
        self.jobs()
            .remove(id)
            .unwrap_or_else(|| panic!("there is no job {id}"))
    }

    /// The actors of a job's events, in order.
    pub(crate) fn tellers(&self, job: &str) -> Vec<String> {
        let sql = "SELECT actor FROM events WHERE job_id = ?1 AND entity IN ('job', 'account', 'transactions')
            AND type = 'updated' ORDER BY seq";
        let mut query = self.0.prepare_cached(sql).unwrap();
        query
            .query_map([job], |r| r.get(0))
            .unwrap()
            .map(|row| row.unwrap())
            .collect()
    }

    /// Effects that a job had more than once.
    pub(crate) fn doubled(&self) -> Vec<String> {
        self.lines(
            "SELECT job_id, entity, count(*) FROM events WHERE job_id IS NOT NULL AND entity IN ('account', 'transactions')
             GROUP BY job_id, entity HAVING count(*) > 1",
        )
    }

    /// Running jobs at each bank.
    pub(crate) fn running(&self) -> Vec<(i64, i64)> {
        let sql = "SELECT institution_n, count(*) FROM jobs WHERE open = 1 AND state = 2 AND kind <= 2 GROUP BY 1";
        let mut query = self.0.prepare_cached(sql).unwrap();
        query
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))
            .unwrap()
            .map(|row| row.unwrap())
            .collect()
    }
}

/// Whether some process is writing now.
pub(crate) fn locked(desk: &Desk) -> bool {
    let conn = Connection::open(desk.path("w.db")).unwrap();
    conn.busy_timeout(Duration::ZERO).unwrap();
    conn.execute_batch("BEGIN IMMEDIATE; ROLLBACK").is_err()
}

/// Leaves the newest request as it is when its process dies between what it did and the keeping of its answer, and its
/// lease has run out.
pub(crate) fn forget_answer(desk: &Desk) {
    let conn = Connection::open(desk.path("w.db")).unwrap();
    conn.busy_timeout(Duration::from_secs(30)).unwrap();
    let sql = "UPDATE requests SET status = NULL, answer = NULL, lease = 0
        WHERE n = (SELECT max(n) FROM requests)";
    assert_eq!(conn.execute(sql, []).unwrap(), 1);
}

/// What must hold between two reads of the jobs.
pub(crate) fn only_forwards(before: &BTreeMap<String, RawJob>, after: &BTreeMap<String, RawJob>) {
    for (id, old) in before {
        let new = after.get(id).unwrap_or_else(|| panic!("job {id} is gone"));
        assert!(
            new.epoch >= old.epoch,
            "the epoch of {id} fell: {old:?} {new:?}"
        );
        let taken = old.owner.is_some() && new.owner.is_some() && old.owner != new.owner;
        assert!(
            !taken || new.epoch > old.epoch,
            "{id} changed hands under one epoch: {old:?} {new:?}"
        );
        assert!(
            old.open || (old.state, old.epoch) == (new.state, new.epoch),
            "{id} moved after its end: {new:?}"
        );
    }
}
