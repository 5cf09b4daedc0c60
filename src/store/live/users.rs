//! Whose connections are mirrored, and what is to be read next.

use crate::domain::ids::{ConnectionId, JobId, UserId};
use crate::domain::live::{LiveUser, Progress};
use crate::domain::moment::Moment;
use crate::domain::views::{Anchor, Page};
use crate::store::error::Result;
use crate::store::sql::{numbers, page, place};
use crate::store::{ReadTxn, WriteTxn};
use rusqlite::params;

impl ReadTxn<'_> {
    pub(crate) fn live_user_page(
        &self,
        from: Option<&Anchor>,
        limit: usize,
    ) -> Result<Page<LiveUser>> {
        let [after] = numbers::<1>(from).unwrap_or([0]);
        let sql = "SELECT l.n, l.id, l.added, l.looked, l.gone, l.trouble,
              (SELECT count(*) FROM connections c WHERE c.user_n = (SELECT n FROM users WHERE id = l.id)) AS connections
            FROM live_users l WHERE l.n > ?1 ORDER BY l.n LIMIT ?2";
        let found = self.all(sql, params![after, limit + 1], |row| {
            let user = LiveUser {
                id: row.get("id")?,
                added: row.get("added")?,
                looked: row.get("looked")?,
                gone: row.get("gone")?,
                connections: row.get("connections")?,
                trouble: row.get("trouble")?,
            };
            Ok((place([row.get("n")?]), user))
        })?;
        Ok(page(found, limit, false))
    }

    pub(crate) fn live_users_named(&self, text: &str, limit: usize) -> Result<Vec<UserId>> {
        let sql = "SELECT id FROM live_users WHERE id = ?1 OR substr(id, -6) = ?1
              OR (id >= ?1 AND id < ?1 || char(1114111) AND length(?1) >= 4) LIMIT ?2";
        self.column(sql, params![text, limit])
    }

    pub(crate) fn is_live_user(&self, id: &UserId) -> Result<bool> {
        let sql = "SELECT count(*) FROM live_users WHERE id = ?1";
        Ok(self.value::<u64>(sql, [id])? > 0)
    }

    pub(crate) fn live_progress(&self) -> Result<Progress> {
        let sql = "SELECT count(*) AS users, coalesce(sum(looked IS NOT NULL OR gone IS NOT NULL), 0) AS looked,
              coalesce(sum(known IS NOT NULL OR gone IS NOT NULL), 0) AS known, coalesce(sum(gone IS NOT NULL), 0) AS gone,
              min(iif(gone IS NULL, looked, NULL)) AS oldest,
              (SELECT count(*) FROM connections WHERE origin = 1) AS connections,
              (SELECT count(*) FROM live_details WHERE read IS NOT NULL) AS detailed,
              (SELECT count(*) FROM outbox WHERE due IS NOT NULL) AS open,
              (SELECT count(*) FROM outbox WHERE due IS NOT NULL AND state = 4) AS unsure
            FROM live_users";
        let found = self.first(sql, [], |row| {
            Ok(Progress {
                users: row.get("users")?,
                looked: row.get("looked")?,
                known: row.get("known")?,
                gone: row.get("gone")?,
                detailed: row.get("detailed")?,
                connections: row.get("connections")?,
                open: row.get("open")?,
                unsure: row.get("unsure")?,
                oldest: row.get("oldest")?,
            })
        })?;
        Ok(found.unwrap_or_default())
    }

    /// Users of whom something is known to have changed, the longest first.
    pub(crate) fn stale_users(&self, limit: usize) -> Result<Vec<UserId>> {
        let sql = "SELECT id FROM live_users WHERE stale IS NOT NULL AND gone IS NULL ORDER BY stale, n LIMIT ?1";
        self.column(sql, [limit])
    }

    /// Users who were not read as a whole since then, those never read first.
    pub(crate) fn users_to_look_at(&self, before: Moment, limit: usize) -> Result<Vec<UserId>> {
        let sql =
            "SELECT id FROM live_users WHERE gone IS NULL AND (looked IS NULL OR looked <= ?1)
            ORDER BY looked, n LIMIT ?2";
        self.column(sql, params![before, limit])
    }

    /// The same for consents and the user's record.
    pub(crate) fn users_to_know(&self, before: Moment, limit: usize) -> Result<Vec<UserId>> {
        let sql = "SELECT id FROM live_users WHERE gone IS NULL AND looked IS NOT NULL AND (known IS NULL OR known <= ?1)
            ORDER BY known, n LIMIT ?2";
        self.column(sql, params![before, limit])
    }

    /// Jobs that the platform runs and that are due to be looked at.
    pub(crate) fn jobs_to_watch(&self, now: Moment, limit: usize) -> Result<Vec<JobId>> {
        let sql = "SELECT job_id FROM live_jobs WHERE next <= ?1 ORDER BY next LIMIT ?2";
        self.column(sql, params![now, limit])
    }

    pub(crate) fn watched(&self, job: &JobId) -> Result<Option<u32>> {
        self.find("SELECT tries FROM live_jobs WHERE job_id = ?1", [job])
    }

    pub(crate) fn details_wanted(&self, limit: usize) -> Result<Vec<ConnectionId>> {
        let sql = "SELECT connection_id FROM live_details WHERE wanted IS NOT NULL ORDER BY wanted LIMIT ?1";
        self.column(sql, [limit])
    }

    /// Active connections whose details were never read, or before then.
    pub(crate) fn details_missing(
        &self,
        before: Moment,
        limit: usize,
    ) -> Result<Vec<ConnectionId>> {
        let sql = "SELECT c.id FROM connections c LEFT JOIN live_details d ON d.connection_id = c.id
            WHERE c.origin = 1 AND c.status <> 5 AND (d.read IS NULL OR d.read <= ?1) ORDER BY d.read, c.n LIMIT ?2";
        self.column(sql, params![before, limit])
    }

    /// Whether nobody waits for the details of a connection of the platform, and they are older than this.
    pub(crate) fn details_are_old(&self, id: &ConnectionId, before: Moment) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM connections WHERE id = ?1 AND origin = 1) AND NOT EXISTS (
              SELECT 1 FROM live_details WHERE connection_id = ?1 AND (wanted IS NOT NULL OR read > ?2))";
        self.value(sql, params![id, before])
    }

    pub(crate) fn event_was_read(&self, id: &str) -> Result<bool> {
        self.value(
            "SELECT EXISTS (SELECT 1 FROM live_events WHERE id = ?1)",
            [id],
        )
    }
}

impl WriteTxn<'_> {
    /// `false`: it is there already.
    pub(crate) fn add_live_user(&self, id: &UserId, now: Moment) -> Result<bool> {
        let sql = "INSERT INTO live_users (id, added) VALUES (?1, ?2)
            ON CONFLICT (id) DO NOTHING";
        Ok(self.execute(sql, params![id, now])? == 1)
    }

    pub(crate) fn remove_live_user(&self, id: &UserId) -> Result<bool> {
        Ok(self.execute("DELETE FROM live_users WHERE id = ?1", [id])? == 1)
    }

    /// Something of this user is known to have changed. `false`: the user is not mirrored.
    pub(crate) fn set_stale(&self, id: &UserId, now: Moment) -> Result<bool> {
        let sql =
            "UPDATE live_users SET stale = coalesce(stale, ?2) WHERE id = ?1 AND gone IS NULL";
        Ok(self.execute(sql, params![id, now])? == 1)
    }

    /// After a long time away nothing that was read counts.
    pub(crate) fn all_stale(&self, now: Moment) -> Result<()> {
        let sql =
            "UPDATE live_users SET stale = coalesce(stale, ?1), known = NULL WHERE gone IS NULL";
        self.execute(sql, [now]).map(drop)
    }

    /// What changed after the reading began is read again.
    pub(crate) fn set_looked(&self, id: &UserId, began: Moment, now: Moment) -> Result<()> {
        let sql = "UPDATE live_users SET looked = ?3, stale = iif(stale <= ?2, NULL, stale), gone = NULL, trouble = ''
            WHERE id = ?1";
        self.execute(sql, params![id, began, now]).map(drop)
    }

    pub(crate) fn set_known(&self, id: &UserId, now: Moment) -> Result<()> {
        let sql = "UPDATE live_users SET known = ?2 WHERE id = ?1";
        self.execute(sql, params![id, now]).map(drop)
    }

    pub(crate) fn set_gone(&self, id: &UserId, now: Moment) -> Result<()> {
        let sql = "UPDATE live_users SET gone = coalesce(gone, ?2), looked = ?2, stale = NULL WHERE id = ?1";
        self.execute(sql, params![id, now]).map(drop)
    }

    /// A reading that failed for this user only: it has its next turn like the others.
    pub(crate) fn set_user_trouble(&self, id: &UserId, said: &str, now: Moment) -> Result<()> {
        let sql = "UPDATE live_users SET trouble = ?2, looked = ?3, stale = NULL WHERE id = ?1";
        self.execute(sql, params![id, said, now]).map(drop)
    }

    pub(crate) fn watch_job(&self, job: &JobId, next: Moment, tries: u32) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO live_jobs (job_id, next, tries) VALUES (?1, ?2, ?3)";
        self.execute(sql, params![job, next, tries]).map(drop)
    }

    pub(crate) fn unwatch_job(&self, job: &JobId) -> Result<()> {
        self.execute("DELETE FROM live_jobs WHERE job_id = ?1", [job])
            .map(drop)
    }

    pub(crate) fn set_details_wanted(&self, id: &ConnectionId, now: Moment) -> Result<()> {
        let sql = "INSERT INTO live_details (connection_id, wanted) VALUES (?1, ?2)
            ON CONFLICT (connection_id) DO UPDATE SET wanted = coalesce(wanted, excluded.wanted)";
        self.execute(sql, params![id, now]).map(drop)
    }

    pub(crate) fn set_detailed(&self, id: &ConnectionId, now: Moment) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO live_details (connection_id, read, wanted) VALUES (?1, ?2, NULL)";
        self.execute(sql, params![id, now]).map(drop)
    }

    pub(crate) fn remember_event(&self, id: &str, at: Moment) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO live_events (id, at) VALUES (?1, ?2)";
        self.execute(sql, params![id, at]).map(drop)
    }

    pub(crate) fn forget_events(&self, before: Moment) -> Result<()> {
        self.execute("DELETE FROM live_events WHERE at < ?1", [before])
            .map(drop)
    }
}
