//! The queue: which jobs are due, which worker holds them for how long, and how many run.

use crate::domain::connection::Method;
use crate::domain::ids::{InstitutionId, JobId};
use crate::domain::job::{Kind, State, Title};
use crate::domain::moment::Moment;
use crate::store::codec::FETCHES;
use crate::store::error::Result;
use crate::store::holds::held_back;
use crate::store::{ReadTxn, WriteTxn};
use rusqlite::params;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Due {
    /// The number of its row, which finds it also when its id does not read.
    pub(crate) n: i64,
    pub(crate) id: JobId,
    pub(crate) institution: InstitutionId,
    pub(crate) kind: Kind,
    pub(crate) state: State,
    pub(crate) due: Moment,
}

impl ReadTxn<'_> {
    /// The oldest of a state, at most `each` per institution, and those after `horizon`; without jobs whose credentials a
    /// running job signs in with, and without jobs that a hold keeps back.
    pub(crate) fn due_jobs(
        &self,
        state: State,
        now: Moment,
        horizon: Moment,
        each: usize,
    ) -> Result<Vec<Due>> {
        let next = "SELECT min(institution_n) FROM jobs WHERE open = 1 AND state = ?1 AND institution_n > ?2";
        let held = held_back("?9");
        let sql = format!(
            "SELECT j.n, j.id, i.id AS bank, j.due, j.kind FROM jobs j JOIN institutions i ON i.n = j.institution_n
            WHERE j.open = 1 AND j.state = ?1 AND j.institution_n = ?2 AND j.due > ?3 AND j.due <= ?4
              AND NOT (j.step = ?6 AND j.method = ?8 AND j.kind <= {FETCHES} AND EXISTS (
                SELECT 1 FROM credentials mine JOIN credentials k ON k.digest = mine.digest
                JOIN jobs o ON o.connection_n = k.connection_n AND o.open = 1 AND o.kind <= {FETCHES} AND o.state = ?7
                WHERE mine.connection_n = j.connection_n AND k.connection_n <> j.connection_n
                  AND o.institution_n = j.institution_n))
              AND NOT {held}
            ORDER BY j.due, j.n LIMIT ?5"
        );
        let mut found = Vec::new();
        let mut after = i64::MIN;
        // one step of the index per institution that has any, so that a full queue at one bank hides no other
        while let Some(institution) = self.value::<Option<i64>>(next, params![state, after])? {
            for (after, until) in [(Moment(i64::MIN), now), (horizon, Moment(i64::MAX))] {
                let values = params![
                    state,
                    institution,
                    after,
                    until,
                    each,
                    Title::VerifyCredentials.word(),
                    State::Running,
                    Method::Web,
                    now
                ];
                found.extend(self.all(&sql, values, |row| {
                    Ok(Due {
                        n: row.get("n")?,
                        id: row.get("id")?,
                        institution: row.get("bank")?,
                        kind: row.get("kind")?,
                        state,
                        due: row.get("due")?,
                    })
                })?);
            }
            after = institution;
        }
        found.sort_by_key(|d| d.due);
        Ok(found)
    }

    /// How many jobs run at each institution that has any, over every process.
    pub(crate) fn running(&self) -> Result<Vec<(InstitutionId, usize)>> {
        let sql = format!(
            "SELECT i.id, count(*) AS jobs FROM jobs j JOIN institutions i ON i.n = j.institution_n
            WHERE j.open = 1 AND j.state = ?1 AND j.kind <= {FETCHES} GROUP BY j.institution_n"
        );
        self.all(&sql, [State::Running], |row| {
            Ok((row.get("id")?, row.get("jobs")?))
        })
    }

    /// Ordered and not yet done, or being proven, in any process. One that waits for a reader to close is not.
    pub(crate) fn purging(&self) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM jobs WHERE open = 1 AND kind = ?1 AND (state = ?2 OR step = ?3))";
        let ordered = Title::DestroyKey.word();
        self.value(sql, params![Kind::Purge, State::Running, ordered])
    }

    pub(crate) fn next_due(&self, now: Moment) -> Result<Option<Moment>> {
        let sql = "SELECT min(due) FROM jobs WHERE open = 1 AND due IS NOT NULL AND due > ?1";
        let due: Option<Moment> = self.value(sql, [now])?;
        // what a hold keeps back is due at its end
        let hold = self.next_hold_end(now)?;
        Ok(due.into_iter().chain(hold).min())
    }

    /// All jobs by kind and state, as triggers count them.
    pub(crate) fn job_counts(&self) -> Result<Vec<(Kind, State, u64)>> {
        let sql = "SELECT kind, state, value FROM job_counts ORDER BY kind, state";
        self.all(sql, [], |row| {
            Ok((row.get("kind")?, row.get("state")?, row.get("value")?))
        })
    }

    /// When the queued job is due that is due first.
    pub(crate) fn first_due(&self) -> Result<Option<Moment>> {
        let sql = "SELECT min(due) FROM jobs WHERE open = 1 AND due IS NOT NULL";
        self.value(sql, [])
    }

    pub(crate) fn open_jobs(&self) -> Result<Vec<(State, u64)>> {
        let sql = "SELECT count(*) FROM jobs WHERE open = 1 AND state = ?1";
        let mut found = Vec::new();
        for state in State::ALL.into_iter().filter(|s| s.open()) {
            found.push((state, self.value(sql, [state])?));
        }
        found.retain(|(_, count)| *count > 0);
        Ok(found)
    }
}

impl WriteTxn<'_> {
    pub(crate) fn beat(&self, owner: &str, until: Moment) -> Result<Vec<JobId>> {
        let sql =
            "UPDATE jobs SET due = ?2 WHERE open = 1 AND state = ?3 AND owner = ?1 RETURNING id";
        self.column(sql, params![owner, until, State::Running])
    }

    /// Extends the lease of one running job; `false` when another worker has claimed it since.
    pub(crate) fn extend_lease(&self, id: &JobId, epoch: i64, until: Moment) -> Result<bool> {
        let sql =
            "UPDATE jobs SET due = ?3 WHERE id = ?1 AND epoch = ?2 AND open = 1 AND state = ?4";
        Ok(self.execute(sql, params![id, epoch, until, State::Running])? == 1)
    }
}
