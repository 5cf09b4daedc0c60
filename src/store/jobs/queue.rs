//! What waits for a worker and what one holds: due jobs, leases, and how many run. Deliberately absent: who
//! may claim (the engine).

use crate::domain::ids::{InstitutionId, JobId};
use crate::domain::job::{Kind, State, Title};
use crate::domain::moment::Moment;
use crate::store::codec::Coded;
use crate::store::error::Result;
use crate::store::{ReadTxn, WriteTxn};
use rusqlite::params;

/// A job somebody has to look at, by the numbers a claim is decided on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Due {
    /// Which job.
    pub(crate) id: JobId,
    /// At which bank.
    pub(crate) institution: InstitutionId,
    /// What for.
    pub(crate) kind: Kind,
    /// Where it stands.
    pub(crate) state: State,
    /// Since when it is due.
    pub(crate) due: Moment,
}

impl ReadTxn<'_> {
    /// The oldest due jobs of a state at each institution, at most `each` per institution, and those that
    /// wait for a moment beyond `horizon`. What would sign in with credentials that another job signs in with
    /// just now is left out.
    pub(crate) fn due_jobs(
        &self,
        state: State,
        now: Moment,
        horizon: Moment,
        each: usize,
    ) -> Result<Vec<Due>> {
        let mut found = Vec::new();
        let mut after = i64::MIN;
        let next = "SELECT min(institution_n) FROM jobs WHERE open = 1 AND state = ?1 AND institution_n > ?2";
        let rows = "SELECT j.id, i.id, j.due, j.kind FROM jobs j JOIN institutions i ON i.n = j.institution_n
            WHERE j.open = 1 AND j.state = ?1 AND j.institution_n = ?2 AND j.due > ?3 AND j.due <= ?4
              AND NOT (j.step = ?6 AND j.method = 0 AND j.kind <= 2 AND EXISTS (
                SELECT 1 FROM credentials mine JOIN credentials k ON k.digest = mine.digest
                JOIN jobs o ON o.connection_n = k.connection_n AND o.open = 1 AND o.kind <= 2 AND o.state = ?7
                WHERE mine.connection_n = j.connection_n AND k.connection_n <> j.connection_n
                  AND o.institution_n = j.institution_n))
            ORDER BY j.due, j.n LIMIT ?5";
        let (signs_in, running) = (Title::VerifyCredentials, State::Running.code());
        // one hop of the index per institution that has any, so that a full queue at one bank hides no other
        while let Some(institution) = self
            .conn
            .prepare_cached(next)?
            .query_row(params![state.code(), after], |r| r.get::<_, Option<i64>>(0))?
        {
            let mut query = self.conn.prepare_cached(rows)?;
            for (after, until) in [(i64::MIN, now.0), (horizon.0, i64::MAX)] {
                let values = params![
                    state.code(),
                    institution,
                    after,
                    until,
                    each as i64,
                    signs_in.word(),
                    running
                ];
                let mut rows = query.query(values)?;
                while let Some(r) = rows.next()? {
                    found.push(Due {
                        id: r.get::<_, String>(0)?.into(),
                        institution: r.get::<_, String>(1)?.into(),
                        kind: Kind::decode(r.get(3)?)?,
                        state,
                        due: Moment(r.get(2)?),
                    });
                }
            }
            after = institution;
        }
        found.sort_by_key(|d| d.due);
        Ok(found)
    }

    /// How many jobs run at each institution that has any, over every process.
    pub(crate) fn running(&self) -> Result<Vec<(InstitutionId, usize)>> {
        let sql = "SELECT i.id, count(*) FROM jobs j JOIN institutions i ON i.n = j.institution_n
            WHERE j.open = 1 AND j.state = ?1 AND j.kind <= 2 GROUP BY j.institution_n";
        let mut query = self.conn.prepare_cached(sql)?;
        let rows = query.query_map([State::Running.code()], |r| {
            Ok((
                r.get::<_, String>(0)?.into(),
                r.get::<_, i64>(1)?.unsigned_abs() as usize,
            ))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Whether a purge is under way in any process: meant and not yet done, or being proven. One that waits
    /// for a reader to go is not.
    pub(crate) fn purging(&self) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM jobs WHERE open = 1 AND kind = ?1 AND (state = ?2 OR step = ?3))";
        let meant = Title::DestroyKey.word();
        let values = params![Kind::Purge.code(), State::Running.code(), meant];
        Ok(self
            .conn
            .prepare_cached(sql)?
            .query_row(values, |r| r.get(0))?)
    }

    /// When an open job that is not due yet will be.
    pub(crate) fn next_due(&self, now: Moment) -> Result<Option<Moment>> {
        let sql = "SELECT min(due) FROM jobs WHERE open = 1 AND due IS NOT NULL AND due > ?1";
        let due: Option<i64> = self
            .conn
            .prepare_cached(sql)?
            .query_row([now.0], |r| r.get(0))?;
        Ok(due.map(Moment))
    }

    /// How many jobs are open, by state.
    pub(crate) fn open_jobs(&self) -> Result<Vec<(State, u64)>> {
        let mut query = self
            .conn
            .prepare_cached("SELECT count(*) FROM jobs WHERE open = 1 AND state = ?1")?;
        let mut found = Vec::new();
        for state in State::ALL.into_iter().filter(|s| s.open()) {
            let count: i64 = query.query_row([state.code()], |r| r.get(0))?;
            if count > 0 {
                found.push((state, count.unsigned_abs()));
            }
        }
        Ok(found)
    }
}

impl WriteTxn<'_> {
    /// Moves the lease of every job this worker runs; answers which those are.
    pub(crate) fn beat(&self, owner: &str, until: Moment) -> Result<Vec<JobId>> {
        let sql =
            "UPDATE jobs SET due = ?2 WHERE open = 1 AND state = ?3 AND owner = ?1 RETURNING id";
        let mut query = self.conn.prepare_cached(sql)?;
        let rows = query.query_map(params![owner, until.0, State::Running.code()], |r| {
            r.get::<_, String>(0)
        })?;
        Ok(rows
            .map(|id| id.map(JobId::from))
            .collect::<rusqlite::Result<_>>()?)
    }

    /// Moves the lease of one running job, unless somebody took it since; answers whether it did.
    pub(crate) fn extend_lease(&self, id: &JobId, epoch: i64, until: Moment) -> Result<bool> {
        let sql =
            "UPDATE jobs SET due = ?3 WHERE id = ?1 AND epoch = ?2 AND open = 1 AND state = ?4";
        let values = params![id.as_str(), epoch, until.0, State::Running.code()];
        Ok(self.conn.prepare_cached(sql)?.execute(values)? == 1)
    }
}
