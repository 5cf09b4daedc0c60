//! Keeping a plan, carrying it out, and the lease of a workflow.

use crate::domain::act::{Plan, PlanHead, Step};
use crate::domain::ids::PlanId;
use crate::domain::moment::Moment;
use crate::store::WriteTxn;
use crate::store::error::Result;
use rusqlite::params;

impl WriteTxn<'_> {
    /// A plan on several has lapsed until [`WriteTxn::open_plan`], when all of its steps are in.
    pub(crate) fn insert_plan(&self, head: &PlanHead) -> Result<()> {
        let sql = "INSERT INTO plans (id, kind, workflow, forced, forced_sign_in, made, updated, expires, applied,
              finished, actor, reason, user_id, connection_id, institution_id, size, runs, takes, epoch, owner, lease,
              result)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)";
        self.conn.prepare_cached(sql)?.execute(params![
            head.id.as_str(),
            head.kind.word(),
            head.kind.is_workflow(),
            head.force.recent,
            head.force.sign_in,
            head.made.0,
            head.updated.0,
            head.expires.map(|_| head.made.0),
            head.applied.map(|at| at.0),
            head.finished.map(|at| at.0),
            head.actor,
            head.reason,
            head.user.as_ref().map(|id| id.as_str()),
            head.connection.as_ref().map(|id| id.as_str()),
            head.institution.as_ref().map(|id| id.as_str()),
            head.size as i64,
            head.runs as i64,
            head.takes_ms,
            head.epoch,
            head.owner,
            head.lease.map(|at| at.0),
            head.result,
        ])?;
        Ok(())
    }

    /// From now on it can be carried out, until it lapses.
    pub(crate) fn open_plan(&self, head: &PlanHead) -> Result<()> {
        let sql = "UPDATE plans SET expires = ?2 WHERE id = ?1";
        let expires = head.expires.map(|at| at.0);
        self.conn
            .prepare_cached(sql)?
            .execute(params![head.id.as_str(), expires])?;
        self.tag_plan(&head.id)
    }

    /// Somebody carries it out; the first time and the newest reason are kept.
    pub(crate) fn begin_plan(&self, id: &PlanId, reason: &str, now: Moment) -> Result<()> {
        let sql = "UPDATE plans SET applied = coalesce(applied, ?2), reason = ?3, updated = ?2 WHERE id = ?1";
        self.conn
            .prepare_cached(sql)?
            .execute(params![id.as_str(), now.0, reason])?;
        Ok(())
    }

    /// Whether nothing of it is left; then it is finished, and this answers so the first time only.
    pub(crate) fn finish_plan(&self, id: &PlanId, now: Moment) -> Result<bool> {
        let sql = "UPDATE plans SET finished = ?2, updated = ?2, tag = NULL WHERE id = ?1 AND finished IS NULL
            AND NOT EXISTS (SELECT 1 FROM plan_steps s WHERE s.plan_n = plans.n AND s.outcome IS NULL)";
        Ok(self
            .conn
            .prepare_cached(sql)?
            .execute(params![id.as_str(), now.0])?
            == 1)
    }

    /// Writes a new workflow. At most one is under way per user: whoever asks looks first.
    pub(crate) fn insert_workflow(&self, plan: &Plan) -> Result<()> {
        self.insert_plan(&plan.head)?;
        self.insert_steps(&plan.head.id, &plan.steps)?;
        self.tag_plan(&plan.head.id)
    }

    /// Writes a workflow that was `was` when it was read: its head, and the steps that have changed.
    /// `false`: somebody has taken it since.
    pub(crate) fn save_workflow(&self, plan: &Plan, was: &Plan) -> Result<bool> {
        if !self.save_workflow_head(&plan.head, was.head.epoch)? {
            return Ok(false);
        }
        let both = plan.steps.iter().zip(&was.steps);
        let changed = both.filter(|(step, was)| step != was);
        let changed: Vec<Step> = changed.map(|(step, _)| step.clone()).collect();
        self.save_steps(&plan.head.id, &changed)?;
        Ok(true)
    }

    /// `false`: somebody has taken it since `epoch`.
    pub(crate) fn save_workflow_head(&self, head: &PlanHead, epoch: i64) -> Result<bool> {
        let sql = "UPDATE plans SET updated = ?3, finished = ?4, result = ?5, epoch = ?6, owner = ?7, lease = ?8,
              tag = iif(?4 IS NULL, tag, NULL)
            WHERE id = ?1 AND epoch = ?2 AND workflow = 1 AND finished IS NULL";
        let written = self.conn.prepare_cached(sql)?.execute(params![
            head.id.as_str(),
            epoch,
            head.updated.0,
            head.finished.map(|at| at.0),
            head.result,
            head.epoch,
            head.owner,
            head.lease.map(|at| at.0),
        ])?;
        Ok(written == 1)
    }

    pub(crate) fn extend_workflow(&self, id: &PlanId, epoch: i64, until: Moment) -> Result<bool> {
        let sql = "UPDATE plans SET lease = ?3
            WHERE id = ?1 AND epoch = ?2 AND workflow = 1 AND finished IS NULL";
        Ok(self
            .conn
            .prepare_cached(sql)?
            .execute(params![id.as_str(), epoch, until.0])?
            == 1)
    }
}
