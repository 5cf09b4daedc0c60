//! Which processes run jobs.

use crate::domain::moment::Moment;
use crate::store::error::Result;
use crate::store::{ReadTxn, Store, WriteTxn};
use rusqlite::params;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WorkerRow {
    pub(crate) id: String,
    pub(crate) pid: u32,
    pub(crate) face: String,
    pub(crate) started: Moment,
    pub(crate) beat: Moment,
}

impl Store {
    /// The text that names a holder: its process first, so that whoever waits for it is told which that is.
    pub(crate) fn holder(&self, id: &str) -> String {
        format!("{}:{id}", std::process::id())
    }
}

impl ReadTxn<'_> {
    pub(crate) fn workers(&self) -> Result<Vec<WorkerRow>> {
        let sql = "SELECT id, pid, face, started, beat FROM workers ORDER BY started";
        self.all(sql, [], |row| {
            Ok(WorkerRow {
                id: row.get("id")?,
                pid: row.get("pid")?,
                face: row.get("face")?,
                started: row.get("started")?,
                beat: row.get("beat")?,
            })
        })
    }
}

impl WriteTxn<'_> {
    /// Records that this worker lives; deletes those that have not said so since `forget`.
    pub(crate) fn worker_lives(
        &self,
        id: &str,
        face: &str,
        now: Moment,
        forget: Moment,
    ) -> Result<()> {
        let sql = "INSERT INTO workers (id, pid, face, started, beat) VALUES (?1, ?2, ?3, ?4, ?4)
            ON CONFLICT (id) DO UPDATE SET beat = excluded.beat";
        self.execute(sql, params![id, std::process::id(), face, now])?;
        self.execute("DELETE FROM workers WHERE beat < ?1", [forget])
            .map(drop)
    }

    pub(crate) fn worker_leaves(&self, id: &str) -> Result<()> {
        self.execute("DELETE FROM workers WHERE id = ?1", [id])
            .map(drop)
    }
}
