//! Plans without their steps: one, those with a name, a page of them, and the workflows under way.

use super::{HEAD, head, shown};
use crate::domain::act::{Plan, PlanHead};
use crate::domain::ids::{PlanId, UserId};
use crate::domain::views::{Anchor, AnchorKey, Page};
use crate::store::ReadTxn;
use crate::store::codec::DAMAGED_TEXT;
use crate::store::error::Result;
use crate::store::sql::{backwards, page, place};
use rusqlite::params;

fn open_of_user() -> String {
    format!(
        "SELECT {HEAD} FROM plans p WHERE p.user_id = ?1 AND p.workflow = 1 AND p.finished IS NULL"
    )
}

impl ReadTxn<'_> {
    pub(crate) fn plan_head(&self, id: &PlanId) -> Result<Option<PlanHead>> {
        let sql = format!("SELECT {HEAD} FROM plans p WHERE p.id = ?1");
        self.first(&sql, [id], head)
    }

    /// A plan with its steps, and at which banks the work of several is.
    pub(crate) fn plan(&self, id: &PlanId) -> Result<Option<Plan>> {
        self.plan_head(id)?
            .map(|head| self.plan_of(head))
            .transpose()
    }

    pub(crate) fn plan_of(&self, head: PlanHead) -> Result<Plan> {
        let banks = match head.kind.is_workflow() {
            true => vec![],
            false => self.plan_banks(&head.id)?,
        };
        Ok(Plan {
            steps: self.plan_steps(&head.id, None, false, usize::MAX >> 1)?,
            banks,
            ..Plan::without_steps(head)
        })
    }

    /// The plans, or the workflows, whose id is, ends with or begins with this text; at most `limit`.
    pub(crate) fn plans_named(
        &self,
        workflow: bool,
        text: &str,
        limit: usize,
    ) -> Result<Vec<PlanId>> {
        let sql = "SELECT id FROM plans WHERE workflow = ?4 AND id = ?1
            UNION SELECT id FROM plans WHERE workflow = ?4 AND tail = ?3 AND length(?1) = 6
            UNION SELECT id FROM plans
              WHERE workflow = ?4 AND id >= ?1 AND id < ?1 || char(1114111) AND length(?1) >= 4
            LIMIT ?2";
        self.column(sql, params![text, limit as i64, backwards(text), workflow])
    }

    pub(crate) fn plan_size(&self, workflow: bool) -> Result<u64> {
        let sql = "SELECT count(*) FROM plans INDEXED BY plans_made WHERE workflow = ?1";
        self.value(sql, [workflow])
    }

    pub(crate) fn plan_page(
        &self,
        workflow: bool,
        from: Option<&Anchor>,
        limit: usize,
    ) -> Result<Page<PlanHead>> {
        let (made, n) = match from.map(|a| a.0.as_slice()) {
            Some([AnchorKey::Number(made), AnchorKey::Number(n)]) => (*made, *n),
            _ => (i64::MAX, i64::MAX),
        };
        let sql = format!(
            "SELECT {HEAD} FROM plans p WHERE p.workflow = ?1 AND (p.made, p.n) < (?2, ?3)
             ORDER BY p.made DESC, p.n DESC LIMIT ?4"
        );
        let values = params![workflow, made, n, limit as i64 + 1];
        let found = self.all(&sql, values, |row| {
            let at = place([row.get("made")?, row.get("n")?]);
            Ok((at, shown(row, workflow)?))
        })?;
        Ok(page(found, limit, false))
    }

    /// The workflow that is under way for a user.
    pub(crate) fn open_workflow(&self, user: &UserId) -> Result<Option<PlanHead>> {
        self.first(&open_of_user(), [user], head)
    }

    /// The same to be shown, also when what it does cannot be read.
    pub(crate) fn open_workflow_shown(&self, user: &UserId) -> Result<Option<PlanHead>> {
        self.first(&open_of_user(), [user], |row| shown(row, true))
    }

    /// Every workflow that is under way, the longest ago ordered first.
    pub(crate) fn open_workflows(&self) -> Result<Vec<PlanHead>> {
        let sql = format!(
            "SELECT {HEAD} FROM plans p INDEXED BY plans_open_workflow
             WHERE p.workflow = 1 AND p.finished IS NULL"
        );
        // one that does not read cannot go on; the others can
        let found = self.all(&sql, [], |row| Ok(head(row).ok()))?;
        let mut found: Vec<PlanHead> = found.into_iter().flatten().collect();
        found.sort_by_key(|head| head.made);
        Ok(found)
    }

    /// Like [`ReadTxn::plan_of`] for lists: one whose steps do not read is shown as damaged, without them.
    pub(crate) fn plan_shown(&self, head: PlanHead) -> Result<Plan> {
        match self.plan_of(head.clone()) {
            Err(error) if error.of_one_row() => Ok(Plan::without_steps(PlanHead {
                reason: format!("{DAMAGED_TEXT}: its steps cannot be read"),
                ..head
            })),
            plan => plan,
        }
    }

    /// How many workflows are under way and cannot go on, because they do not read or were not written here.
    pub(crate) fn damaged_workflows(&self) -> Result<u64> {
        let sql = "SELECT id FROM plans INDEXED BY plans_open_workflow WHERE workflow = 1 AND finished IS NULL";
        let mut damaged = 0;
        for id in self.column::<String>(sql, [])? {
            let id = PlanId::from(id);
            let good = matches!(self.plan(&id), Ok(Some(_))) && self.plan_is_genuine(&id).is_ok();
            damaged += u64::from(!good);
        }
        Ok(damaged)
    }
}
