//! The outbox: acts that are to be done at the platform, each committed before its call is made. What is over stays as
//! history. An act that began with a job of this file has the id which that job had first.

use crate::domain::ids::{InstitutionId, JobId, OutboxId, PlanId};
use crate::domain::live::{Outgoing, RemoteAct, Sending};
use crate::domain::moment::Moment;
use crate::domain::views::{Anchor, Page};
use crate::store::error::Result;
use crate::store::row::Row;
use crate::store::sql::{numbers, page, place};
use crate::store::{ReadTxn, WriteTxn};
use rusqlite::params;

const ROW: &str = "o.n, o.id, o.act, o.target, o.user_id, o.institution_id, o.job_id, o.workflow, o.state, o.made, o.changed,
  o.due, o.sent, o.tries, o.epoch, o.status, o.correlation, o.said, o.before, o.after, o.actor, o.face, o.reason
  FROM outbox o";

fn outgoing(row: &Row<'_>) -> Result<Outgoing> {
    Ok(Outgoing {
        id: row.get("id")?,
        act: row.get("act")?,
        target: row.get("target")?,
        user: row.get("user_id")?,
        institution: row.get("institution_id")?,
        job: row.get("job_id")?,
        workflow: row.get("workflow")?,
        state: row.get("state")?,
        made: row.get("made")?,
        changed: row.get("changed")?,
        due: row.get("due")?,
        sent: row.get("sent")?,
        tries: row.get("tries")?,
        epoch: row.get("epoch")?,
        status: row.get("status")?,
        correlation: row.get("correlation")?,
        said: row.get("said")?,
        before: row.get("before")?,
        after: row.get("after")?,
        actor: row.get("actor")?,
        face: row.get("face")?,
        reason: row.get("reason")?,
    })
}

impl ReadTxn<'_> {
    /// The act on this target that is not over.
    pub(crate) fn open_outgoing(&self, target: &str, act: RemoteAct) -> Result<Option<Outgoing>> {
        let sql = format!("SELECT {ROW} WHERE o.target = ?1 AND o.act = ?2 AND o.due IS NOT NULL");
        self.first(&sql, params![target, act], outgoing)
    }

    /// The newest act of this kind that a workflow waits for.
    pub(crate) fn outgoing_of_workflow(
        &self,
        workflow: &PlanId,
        act: RemoteAct,
    ) -> Result<Option<Outgoing>> {
        let sql =
            format!("SELECT {ROW} WHERE o.workflow = ?1 AND o.act = ?2 ORDER BY o.n DESC LIMIT 1");
        self.first(&sql, params![workflow, act], outgoing)
    }

    pub(crate) fn outgoing(&self, id: &OutboxId) -> Result<Option<Outgoing>> {
        self.first(&format!("SELECT {ROW} WHERE o.id = ?1"), [id], outgoing)
    }

    /// The newest act that this job stands for.
    pub(crate) fn outgoing_of_job(&self, job: &JobId) -> Result<Option<Outgoing>> {
        let sql = format!("SELECT {ROW} WHERE o.job_id = ?1 ORDER BY o.n DESC LIMIT 1");
        self.first(&sql, [job], outgoing)
    }

    /// What has to be gone on with, in the order it was made.
    pub(crate) fn outgoing_due(&self, now: Moment, limit: usize) -> Result<Vec<Outgoing>> {
        let sql = format!("SELECT {ROW} WHERE o.due <= ?1 ORDER BY o.due, o.n LIMIT ?2");
        self.all(&sql, params![now, limit], outgoing)
    }

    /// Newest first.
    pub(crate) fn outbox_page(
        &self,
        only_open: bool,
        from: Option<&Anchor>,
        limit: usize,
    ) -> Result<Page<Outgoing>> {
        let [before] = numbers::<1>(from).unwrap_or([i64::MAX]);
        let which = if only_open {
            "AND o.due IS NOT NULL"
        } else {
            ""
        };
        let sql = format!("SELECT {ROW} WHERE o.n < ?1 {which} ORDER BY o.n DESC LIMIT ?2");
        let found = self.all(&sql, params![before, limit + 1], |row| {
            Ok((place([row.get("n")?]), outgoing(row)?))
        })?;
        Ok(page(found, limit, false))
    }

    pub(crate) fn outbox_size(&self, only_open: bool) -> Result<u64> {
        let which = if only_open {
            "WHERE due IS NOT NULL"
        } else {
            ""
        };
        self.value(&format!("SELECT count(*) FROM outbox {which}"), [])
    }

    /// The id that a platform gave to a job of this file.
    pub(crate) fn renamed_job(&self, id: &JobId) -> Result<Option<JobId>> {
        self.find(
            "SELECT job_id FROM outbox WHERE id = ?1 AND job_id <> ?1",
            [id],
        )
    }

    /// How many fetches that were asked for here run at the platform: at this bank, and in all. One that has not moved for
    /// ten minutes waits for the platform's own retry.
    pub(crate) fn fetches_under_way(&self, at: &InstitutionId, now: Moment) -> Result<(u64, u64)> {
        let sql = "SELECT coalesce(sum(o.institution_id = ?1), 0) AS here, count(*) AS whole
            FROM live_jobs l JOIN jobs j ON j.id = l.job_id JOIN outbox o ON o.job_id = j.id AND o.act = 0
            WHERE j.open = 1 AND o.changed > ?2 - 600000 AND j.updated <= ?2";
        let found = self.first(sql, params![at, now], |row| {
            Ok((row.get("here")?, row.get("whole")?))
        })?;
        Ok(found.unwrap_or_default())
    }
}

impl WriteTxn<'_> {
    pub(crate) fn intend(&self, act: &Outgoing) -> Result<()> {
        let sql = "INSERT INTO outbox (id, act, target, user_id, institution_id, job_id, workflow, state, made, changed, due,
              actor, face, reason)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?9, ?10, ?11, ?12)";
        let values = params![
            act.id,
            act.act,
            act.target,
            act.user,
            act.institution,
            act.job,
            act.workflow.as_ref(),
            Sending::Intended,
            act.made,
            act.actor,
            act.face,
            act.reason,
        ];
        self.execute(sql, values).map(drop)
    }

    /// What was sent and has no answer is due now, or a while after it was sent; also what somebody was looking up.
    pub(crate) fn claimed_are_due(&self, after: std::time::Duration, now: Moment) -> Result<()> {
        let after = i64::try_from(after.as_millis()).unwrap_or(i64::MAX);
        let sql = "UPDATE outbox SET due = max(?3, min(coalesce(sent, ?3) + ?4, ?3 + ?4))
            WHERE state IN (?1, ?2) AND due IS NOT NULL";
        self.execute(sql, params![Sending::Sent, Sending::Unsure, now, after])
            .map(drop)
    }

    /// Writes it as it is now. `false`: another process has gone on with it since `epoch` was read.
    pub(crate) fn save_outgoing(&self, act: &Outgoing, epoch: i64) -> Result<bool> {
        let sql = "UPDATE outbox SET job_id = ?3, state = ?4, changed = ?5, due = ?6, sent = ?7, tries = ?8, epoch = ?9,
              status = ?10, correlation = ?11, said = ?12, before = ?13, after = ?14
            WHERE id = ?1 AND epoch = ?2 AND due IS NOT NULL";
        let values = params![
            act.id,
            epoch,
            act.job,
            act.state,
            act.changed,
            act.due,
            act.sent,
            act.tries,
            act.epoch,
            act.status,
            act.correlation,
            act.said,
            act.before,
            act.after,
        ];
        Ok(self.execute(sql, values)? == 1)
    }
}
