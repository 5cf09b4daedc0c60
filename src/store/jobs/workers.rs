//! Which processes run jobs, by their own word.

use crate::domain::moment::Moment;
use crate::store::error::Result;
use crate::store::{ReadTxn, Store, WriteTxn};
use rusqlite::params;

/// A process that runs jobs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WorkerRow {
    /// Its name, new at every start.
    pub(crate) id: String,
    /// Its process.
    pub(crate) pid: u32,
    /// What it was started as.
    pub(crate) face: String,
    /// When it started.
    pub(crate) started: Moment,
    /// When it last said that it lives.
    pub(crate) beat: Moment,
}

impl Store {
    /// What a holder is written down as: its process first, so that whoever waits for it is told which that is.
    pub(crate) fn holder(&self, id: &str) -> String {
        format!("{}:{id}", std::process::id())
    }
}

impl ReadTxn<'_> {
    /// Every worker that has not said goodbye.
    pub(crate) fn workers(&self) -> Result<Vec<WorkerRow>> {
        let mut query = self
            .conn
            .prepare_cached("SELECT id, pid, face, started, beat FROM workers ORDER BY started")?;
        let rows = query.query_map([], |r| {
            Ok(WorkerRow {
                id: r.get(0)?,
                pid: r.get(1)?,
                face: r.get(2)?,
                started: Moment(r.get(3)?),
                beat: Moment(r.get(4)?),
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl WriteTxn<'_> {
    /// Says that this worker lives; drops those that have not said so since `forget`.
    pub(crate) fn worker_lives(
        &self,
        id: &str,
        face: &str,
        now: Moment,
        forget: Moment,
    ) -> Result<()> {
        let sql = "INSERT INTO workers (id, pid, face, started, beat) VALUES (?1, ?2, ?3, ?4, ?4)
            ON CONFLICT (id) DO UPDATE SET beat = excluded.beat";
        self.conn
            .prepare_cached(sql)?
            .execute(params![id, std::process::id(), face, now.0])?;
        self.conn
            .prepare_cached("DELETE FROM workers WHERE beat < ?1")?
            .execute([forget.0])?;
        Ok(())
    }

    /// Says goodbye.
    pub(crate) fn worker_leaves(&self, id: &str) -> Result<()> {
        self.conn
            .prepare_cached("DELETE FROM workers WHERE id = ?1")?
            .execute([id])?;
        Ok(())
    }
}
