//! Tags of open jobs and plans: a keyed digest over what the row orders. A row without the right one was not written by
//! this program, or was changed by something else since, and is not carried out. What has ended loses its tag, so that
//! it cannot be opened again.

use super::error::{Error, Result};
use super::keys::Keys;
use super::{ReadTxn, WriteTxn};
use crate::domain::ids::{ConnectionId, JobId, PlanId};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// What a job orders; nothing of this changes while it is open, but its owner when its connection moves.
const JOB: &str =
    "SELECT id, kind, connection_n, user_n, institution_n, created FROM jobs WHERE n = ?1";
const PLAN: &str = "SELECT id, kind, workflow, forced, forced_sign_in, made, user_id, connection_id, institution_id, size
    FROM plans WHERE n = ?1";
const STEPS: &str =
    "SELECT place, act, target, planned, pin_status, pin_accounts, pin_transactions, pin_profiles,
      pin_last_contact, within FROM plan_steps WHERE plan_n = ?1 ORDER BY place";

/// The table, its name for people, the statements whose rows the tag covers.
struct Tagged {
    table: &'static str,
    what: &'static str,
    covers: &'static [&'static str],
}

const JOBS: Tagged = Tagged {
    table: "jobs",
    what: "job",
    covers: &[JOB],
};
const PLANS: Tagged = Tagged {
    table: "plans",
    what: "plan",
    covers: &[PLAN, STEPS],
};

impl Tagged {
    /// The tag that the row of this number has to have; none without the master key.
    fn right(&self, conn: &Connection, keys: &Keys, n: i64) -> Result<Option<Vec<u8>>> {
        let mut parts = vec![];
        for sql in self.covers {
            let mut query = conn.prepare_cached(sql)?;
            let mut rows = query.query([n])?;
            while let Some(row) = rows.next()? {
                columns(row, &mut parts)?;
            }
        }
        Ok(keys.row_tag(self.what, &parts))
    }

    fn write(&self, conn: &Connection, keys: &Keys, n: i64) -> Result<()> {
        let tag = self.right(conn, keys, n)?;
        let sql = format!("UPDATE {} SET tag = ?2 WHERE n = ?1", self.table);
        conn.prepare_cached(&sql)?.execute(params![n, tag])?;
        Ok(())
    }

    /// Without the master key nothing can be told, and nothing that it protects can be destroyed either.
    fn is_right(&self, conn: &Connection, keys: &Keys, n: i64) -> Result<bool> {
        let Some(right) = self.right(conn, keys, n)? else {
            return Ok(true);
        };
        let sql = format!("SELECT tag FROM {} WHERE n = ?1", self.table);
        let found: Option<Vec<u8>> = conn.prepare_cached(&sql)?.query_row([n], |r| r.get(0))?;
        Ok(found.is_some_and(|found| found == right))
    }

    fn number(&self, conn: &Connection, id: &str) -> Result<Option<i64>> {
        let sql = format!("SELECT n FROM {} WHERE id = ?1", self.table);
        let mut query = conn.prepare_cached(&sql)?;
        Ok(query.query_row([id], |row| row.get(0)).optional()?)
    }

    fn must_be_right(&self, rd: &ReadTxn<'_>, id: &str) -> Result<()> {
        match self.number(rd.conn, id)? {
            Some(n) if !self.is_right(rd.conn, rd.keys, n)? => Err(Error::NotWrittenHere {
                what: self.what,
                id: id.into(),
            }),
            _ => Ok(()),
        }
    }
}

/// The columns of a row, each with its type in front.
fn columns(row: &Row<'_>, parts: &mut Vec<Vec<u8>>) -> Result<()> {
    for at in 0..row.as_ref().column_count() {
        parts.push(match row.get_ref(at)? {
            ValueRef::Null => vec![0],
            ValueRef::Integer(n) => [&[1][..], &n.to_be_bytes()].concat(),
            ValueRef::Real(x) => [&[2][..], &x.to_be_bytes()].concat(),
            ValueRef::Text(text) => [&[3][..], text].concat(),
            ValueRef::Blob(bytes) => [&[4][..], bytes].concat(),
        });
    }
    Ok(())
}

fn open_rows(conn: &Connection) -> Result<Vec<(&'static Tagged, i64)>> {
    let mut found = vec![];
    for (tagged, sql) in [
        (&JOBS, "SELECT n FROM jobs WHERE open = 1"),
        (&PLANS, "SELECT n FROM plans WHERE finished IS NULL"),
    ] {
        let mut query = conn.prepare_cached(sql)?;
        for n in query.query_map([], |row| row.get(0))? {
            found.push((tagged, n?));
        }
    }
    Ok(found)
}

/// Tags what an earlier version left open. Runs once in the life of a key file.
pub(super) fn tag_open_rows(conn: &Connection, keys: &Keys) -> Result<()> {
    for (tagged, n) in open_rows(conn)? {
        tagged.write(conn, keys, n)?;
    }
    Ok(())
}

impl ReadTxn<'_> {
    /// [`Error::NotWrittenHere`] when the job was not written by this program. A job that is not there is no error.
    pub(crate) fn job_is_genuine(&self, id: &JobId) -> Result<()> {
        JOBS.must_be_right(self, id.as_str())
    }

    /// The same for a plan or workflow with its steps.
    pub(crate) fn plan_is_genuine(&self, id: &PlanId) -> Result<()> {
        PLANS.must_be_right(self, id.as_str())
    }

    /// How many open jobs and plans were not written by this program. None are as long as those of an earlier version
    /// have no tags yet: the next process that writes makes them.
    pub(crate) fn strange_rows(&self) -> Result<u64> {
        let mut strange = 0;
        if !self.keys.open_rows_are_tagged()? {
            return Ok(strange);
        }
        for (tagged, n) in open_rows(self.conn)? {
            strange += u64::from(!tagged.is_right(self.conn, self.keys, n)?);
        }
        Ok(strange)
    }
}

impl WriteTxn<'_> {
    pub(super) fn tag_job(&self, n: i64) -> Result<()> {
        JOBS.write(self.conn, self.keys, n)
    }

    /// When all of its steps are in.
    pub(super) fn tag_plan(&self, id: &PlanId) -> Result<()> {
        match PLANS.number(self.conn, id.as_str())? {
            Some(n) => PLANS.write(self.conn, self.keys, n),
            None => Ok(()),
        }
    }

    /// Its open jobs belong to another user or bank now.
    pub(super) fn tag_jobs_again(&self, id: &ConnectionId) -> Result<()> {
        let sql = "SELECT n FROM jobs WHERE open = 1 AND connection_n = (SELECT n FROM connections WHERE id = ?1)";
        for n in self.column::<i64>(sql, [id])? {
            self.tag_job(n)?;
        }
        Ok(())
    }
}
