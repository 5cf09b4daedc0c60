//! Requests of the HTTP API that may be sent again.

use super::error::Result;
use super::row::Row;
use super::{ReadTxn, WriteTxn};
use crate::domain::ids::JobId;
use crate::domain::moment::Moment;
use crate::domain::request::{Answer, Digest, Known, Mark};
use rusqlite::params;

fn known(row: &Row<'_>) -> Result<Known> {
    let (action, target): (Option<String>, Option<String>) =
        (row.get("action")?, row.get("target")?);
    let status: Option<u16> = row.get("status")?;
    let text: Option<String> = row.get("answer")?;
    Ok(Known {
        content: row.get("content")?,
        began: row.get("began")?,
        epoch: row.get("epoch")?,
        lease: row.get("lease")?,
        did: action.zip(target),
        answer: status.map(|status| Answer { status, text }),
    })
}

impl ReadTxn<'_> {
    pub(crate) fn request(&self, digest: &Digest) -> Result<Option<Known>> {
        let sql =
            "SELECT content, began, epoch, lease, action, target, status, answer FROM requests
            WHERE digest = ?1";
        self.first(sql, [digest], known)
    }

    /// The job that was made for a connection, or answered as this job, since a request began.
    pub(crate) fn job_since(&self, target: &str, began: Moment) -> Result<Option<JobId>> {
        let sql = "SELECT id FROM jobs WHERE id = ?1
            UNION ALL SELECT id FROM (SELECT id FROM jobs INDEXED BY jobs_connection
              WHERE connection_n = (SELECT n FROM connections WHERE id = ?1) AND created >= ?2
              ORDER BY created, n LIMIT 1)
            LIMIT 1";
        self.find(sql, params![target, began])
    }

    /// Whether there is one that began before this.
    pub(crate) fn any_request_before(&self, began: Moment) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM requests WHERE began < ?1)";
        self.value(sql, [began])
    }
}

impl WriteTxn<'_> {
    pub(crate) fn begin_request(
        &self,
        mark: &Mark,
        content: &Digest,
        now: Moment,
        lease: Moment,
    ) -> Result<()> {
        let sql = "INSERT INTO requests (digest, content, began, epoch, lease) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.execute(sql, params![mark.digest, content, now, mark.epoch, lease])
            .map(drop)
    }

    /// Takes a request over whose lease has ended.
    pub(crate) fn take_request(&self, mark: &Mark, lease: Moment) -> Result<()> {
        let sql = "UPDATE requests SET epoch = ?2, lease = ?3 WHERE digest = ?1";
        self.execute(sql, params![mark.digest, mark.epoch, lease])
            .map(drop)
    }

    pub(crate) fn prolong_request(&self, mark: &Mark, lease: Moment) -> Result<()> {
        let sql = "UPDATE requests SET lease = ?3 WHERE digest = ?1 AND epoch = ?2";
        self.execute(sql, params![mark.digest, mark.epoch, lease])
            .map(drop)
    }

    /// Notes what a request does, the first time. `false` when another has taken it over.
    pub(crate) fn request_does(&self, mark: &Mark, action: &str, target: &str) -> Result<bool> {
        let sql = "UPDATE requests SET action = coalesce(action, ?3), target = coalesce(target, ?4)
            WHERE digest = ?1 AND epoch = ?2";
        let changed = self.execute(sql, params![mark.digest, mark.epoch, action, target])?;
        Ok(changed == 1)
    }

    pub(crate) fn answer_request(&self, mark: &Mark, answer: &Answer) -> Result<()> {
        let sql = "UPDATE requests SET status = ?3, answer = ?4 WHERE digest = ?1 AND epoch = ?2";
        let Answer { status, text } = answer;
        self.execute(sql, params![mark.digest, mark.epoch, status, text])
            .map(drop)
    }

    /// Forgets a request that did nothing.
    pub(crate) fn drop_request(&self, mark: &Mark) -> Result<()> {
        let sql = "DELETE FROM requests WHERE digest = ?1 AND epoch = ?2 AND action IS NULL";
        self.execute(sql, params![mark.digest, mark.epoch])
            .map(drop)
    }

    pub(crate) fn forget_requests(&self, before: Moment) -> Result<()> {
        self.execute("DELETE FROM requests WHERE began < ?1", [before])
            .map(drop)
    }
}
