//! Marks on what has begun and is not wanted any more, and what is left of a plan.

use super::error::Result;
use super::{ReadTxn, WriteTxn};
use crate::domain::act::Outcome;
use crate::domain::ids::{JobId, PlanId};
use crate::domain::moment::Moment;
use rusqlite::params;

impl ReadTxn<'_> {
    /// Who wants a job cancelled that had begun.
    pub(crate) fn job_cancelled_by(&self, id: &JobId) -> Result<Option<String>> {
        Ok(self
            .find("SELECT cancelled_by FROM jobs WHERE id = ?1", [id])?
            .flatten())
    }

    /// Who wants a workflow cancelled that had begun.
    pub(crate) fn plan_cancelled_by(&self, id: &PlanId) -> Result<Option<String>> {
        let sql = "SELECT cancelled_by FROM plans WHERE id = ?1";
        Ok(self.find(sql, [id.as_str()])?.flatten())
    }

    /// The open jobs that a plan on several began itself; one that was open before belongs to whoever began it.
    pub(crate) fn open_jobs_of_plan(&self, id: &PlanId) -> Result<Vec<JobId>> {
        let sql = "SELECT j.id FROM plan_steps s JOIN jobs j ON j.id = s.job_id AND j.open = 1
            WHERE s.plan_n = (SELECT n FROM plans WHERE id = ?1) AND s.outcome = ?2 ORDER BY s.place";
        self.column(sql, params![id.as_str(), Outcome::Queued.word()])
    }
}

impl WriteTxn<'_> {
    pub(crate) fn want_job_cancelled(&self, id: &JobId, by: &str) -> Result<()> {
        let sql = "UPDATE jobs SET cancelled_by = ?2 WHERE id = ?1 AND open = 1";
        self.execute(sql, params![id, by]).map(drop)
    }

    pub(crate) fn want_workflow_cancelled(&self, id: &PlanId, by: &str) -> Result<()> {
        let sql = "UPDATE plans SET cancelled_by = ?2 WHERE id = ?1 AND finished IS NULL";
        self.execute(sql, params![id.as_str(), by]).map(drop)
    }

    /// The steps of a plan on several whose turn has not come are left out. Answers how many those are.
    pub(crate) fn skip_steps_left(&self, id: &PlanId, why: &str, now: Moment) -> Result<usize> {
        let sql = "UPDATE plan_steps SET outcome = ?2, why = ?3, ended = ?4
            WHERE plan_n = (SELECT n FROM plans WHERE id = ?1) AND outcome IS NULL";
        let skipped = Outcome::Skipped.word();
        self.execute(sql, params![id.as_str(), skipped, why, now])
    }
}
