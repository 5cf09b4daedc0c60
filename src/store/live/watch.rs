//! What a mirror changes in the tables of connections, accounts and jobs, and an import does not.

use crate::domain::connection::Origin;
use crate::domain::ids::{AccountId, ConnectionId, InstitutionId, JobId, UserId};
use crate::store::error::Result;
use crate::store::{ReadTxn, WriteTxn};
use rusqlite::params;

impl ReadTxn<'_> {
    /// The connections of a user that the platform owns and that have not ended.
    pub(crate) fn live_connections_of(&self, user: &UserId) -> Result<Vec<ConnectionId>> {
        let sql = "SELECT id FROM connections WHERE user_n = (SELECT n FROM users WHERE id = ?1) AND origin = ?2
              AND status <> 5 ORDER BY n";
        self.column(sql, params![user, Origin::Live])
    }

    /// The open jobs of a user that the platform runs.
    pub(crate) fn live_jobs_of(&self, user: &UserId) -> Result<Vec<JobId>> {
        let sql = "SELECT j.id FROM jobs j JOIN connections c ON c.n = j.connection_n
            WHERE c.user_n = (SELECT n FROM users WHERE id = ?1) AND c.origin = ?2 AND j.open = 1 AND j.kind <= 2
              AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.job_id = j.id AND o.act = 0 AND o.due IS NOT NULL)";
        self.column(sql, params![user, Origin::Live])
    }

    pub(crate) fn accounts_at(&self, user: &UserId, at: &InstitutionId) -> Result<Vec<AccountId>> {
        let sql = "SELECT id FROM accounts WHERE user_n = (SELECT n FROM users WHERE id = ?1)
              AND institution_n = (SELECT n FROM institutions WHERE id = ?2) ORDER BY n";
        self.column(sql, params![user, at])
    }
}

impl WriteTxn<'_> {
    /// An imported connection that was found on the platform under the same id is the platform's.
    pub(crate) fn set_live(&self, id: &ConnectionId) -> Result<bool> {
        let sql = "UPDATE connections SET origin = ?2, version = version + 1 WHERE id = ?1 AND origin <> ?2";
        Ok(self.execute(sql, params![id, Origin::Live])? == 1)
    }

    /// How many transactions the platform counts for an account; none of them is copied.
    pub(crate) fn set_transaction_count(&self, id: &AccountId, count: u64) -> Result<bool> {
        let sql = "UPDATE accounts SET transactions = ?2 WHERE id = ?1 AND transactions <> ?2 RETURNING connection_n";
        let changed: Option<Option<i64>> = self.find(sql, params![id, count])?;
        if let Some(Some(connection)) = changed {
            self.recount(connection)?;
        }
        Ok(changed.is_some())
    }

    /// An account that the platform does not hold any more.
    pub(crate) fn remove_account(&self, id: &AccountId) -> Result<()> {
        let sql =
            "DELETE FROM transactions WHERE account_n = (SELECT n FROM accounts WHERE id = ?1)";
        self.execute(sql, [id])?;
        let sql = "DELETE FROM accounts WHERE id = ?1 RETURNING connection_n";
        let of: Option<Option<i64>> = self.find(sql, [id])?;
        of.flatten().map_or(Ok(()), |n| self.recount(n))
    }

    pub(crate) fn remove_profile(&self, id: &ConnectionId) -> Result<bool> {
        let sql =
            "DELETE FROM profiles WHERE connection_n = (SELECT n FROM connections WHERE id = ?1)";
        Ok(self.execute(sql, [id])? == 1)
    }

    /// A job of this file gets the id that the platform gave it. When that one is known already, this one goes.
    pub(crate) fn name_job(&self, old: &JobId, new: &JobId) -> Result<()> {
        if old == new {
            return Ok(());
        }
        let n: Option<i64> = self.find("SELECT n FROM jobs WHERE id = ?1", [old])?;
        let Some(n) = n else { return Ok(()) };
        let known: Option<i64> = self.find("SELECT n FROM jobs WHERE id = ?1", [new])?;
        match known {
            None => {
                self.execute("UPDATE jobs SET id = ?2 WHERE n = ?1", params![n, new])?;
                self.tag_job(n)?;
            }
            Some(known) => {
                let sql = "UPDATE connections SET job_n = ?2, job_recency = (SELECT -created FROM jobs WHERE n = ?2)
                    WHERE job_n = ?1";
                self.execute(sql, params![n, known])?;
                self.execute("DELETE FROM jobs WHERE n = ?1", [n])?;
            }
        }
        let sql = "UPDATE OR REPLACE live_jobs SET job_id = ?2 WHERE job_id = ?1";
        self.execute(sql, params![old, new]).map(drop)
    }
}
