//! Kept plans and workflows: lists, and one as it stands.

use crate::domain::act::{ActKind, Plan, PlanHead, Tally};
use crate::domain::ids::{JobId, PlanId, UserId};
use crate::domain::job::{Job, StepStatus};
use crate::domain::views::{Anchor, Page};
use crate::ops::{Error, Ops, Result, not_found};
use crate::store::ReadTxn;

/// What people call a workflow.
const SEQUENCE: &str = "sequence";

/// Some steps of a plan, with what all of them come to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PlanPart {
    pub(crate) plan: Plan,
    pub(crate) tally: Tally,
    /// Whether there are steps behind these.
    pub(crate) more: bool,
}

impl Ops {
    pub(crate) async fn resolve_plan(&self, text: &str) -> Result<PlanId> {
        self.resolve_in("plan", false, text).await
    }

    pub(crate) async fn resolve_workflow(&self, text: &str) -> Result<PlanId> {
        self.resolve_in(SEQUENCE, true, text).await
    }

    async fn resolve_in(&self, name: &'static str, workflow: bool, text: &str) -> Result<PlanId> {
        self.resolve_one(name, text, move |rd, text, limit| {
            rd.plans_named(workflow, text, limit)
        })
        .await
    }

    /// Also a user whose rows are gone while the deletion is under way.
    pub(crate) async fn resolve_leaving_user(&self, text: &str) -> Result<UserId> {
        let gone = match self.resolve_user(text).await {
            Err(gone @ Error::NotFound { .. }) => gone,
            found => return found,
        };
        let user = UserId::from(text.trim());
        let asked = user.clone();
        match self.read(move |rd| Ok(rd.open_workflow(&asked)?)).await? {
            Some(open) if open.kind == ActKind::DeleteUser => Ok(user),
            _ => Err(gone),
        }
    }

    pub(crate) async fn plans(&self, from: Option<Anchor>, limit: usize) -> Result<Page<PlanHead>> {
        self.read(move |rd| Ok(rd.plan_page(false, from.as_ref(), limit)?))
            .await
    }

    pub(crate) async fn plan_size(&self) -> Result<u64> {
        self.read(|rd| Ok(rd.plan_size(false)?)).await
    }

    pub(crate) async fn workflows(&self, from: Option<Anchor>, limit: usize) -> Result<Page<Plan>> {
        self.read(move |rd| {
            let page = rd.plan_page(true, from.as_ref(), limit)?;
            let rows = page.rows.into_iter().map(|head| Ok(rd.plan_shown(head)?));
            Ok(Page {
                rows: rows.collect::<Result<_>>()?,
                first: page.first,
                last: page.last,
                more: page.more,
            })
        })
        .await
    }

    pub(crate) async fn workflow_size(&self) -> Result<u64> {
        self.read(|rd| Ok(rd.plan_size(true)?)).await
    }

    /// The longest ago ordered first.
    /// Every purge and workflow that is not over, in words, with what it waits for.
    pub(crate) async fn open_deletions(&self) -> Result<Vec<String>> {
        self.read(|rd| {
            let mut open = Vec::new();
            for id in rd.open_purges()? {
                let note = match rd.job(&id) {
                    Ok(job) => job.and_then(|job| {
                        let mut steps = job.steps.into_iter();
                        let next = steps.find(|step| step.status != StepStatus::Success);
                        next.and_then(|step| step.note)
                    }),
                    Err(error) if error.of_one_row() => Some("it cannot be read".into()),
                    Err(error) => return Err(error.into()),
                };
                let note = note.map(|note| format!(" ({note})")).unwrap_or_default();
                open.push(format!("purge {}{note}", id.short()));
            }
            for head in rd.open_workflows()? {
                open.push(format!("{} ({})", head.kind.command(), head.id.short()));
            }
            Ok(open)
        })
        .await
    }

    pub(crate) async fn open_workflows(&self) -> Result<Vec<PlanHead>> {
        self.read(|rd| Ok(rd.open_workflows()?)).await
    }

    /// The same with their steps.
    pub(crate) async fn stored_workflows(&self) -> Result<Vec<Plan>> {
        self.read(|rd| {
            let open = rd.open_workflows()?.into_iter();
            open.map(|head| Ok(rd.plan_shown(head)?)).collect()
        })
        .await
    }

    /// Of a plan on several connections. A workflow has no head that could be confirmed by itself.
    pub(super) async fn plan_head(&self, id: &PlanId) -> Result<PlanHead> {
        let id = id.clone();
        self.read(move |rd| of_several(rd, &id)).await
    }

    /// A plan on several connections with at most `limit` of its steps, those behind `after`.
    pub(crate) async fn plan_part(
        &self,
        id: &PlanId,
        after: Option<u32>,
        limit: usize,
    ) -> Result<PlanPart> {
        let id = id.clone();
        self.read(move |rd| {
            let head = of_several(rd, &id)?;
            let mut steps = rd.plan_steps(&id, after, false, limit.saturating_add(1))?;
            let more = steps.len() > limit;
            steps.truncate(limit);
            let plan = Plan {
                steps,
                banks: rd.plan_banks(&id)?,
                ..Plan::without_steps(head)
            };
            let tally = rd.plan_tally(&id)?;
            Ok(PlanPart { plan, tally, more })
        })
        .await
    }

    pub(crate) async fn stored_plan(&self, id: &PlanId) -> Result<Plan> {
        let (id, per_bank) = (id.clone(), self.limits.per_institution);
        self.read(move |rd| {
            Ok(Plan {
                per_bank,
                ..stored(rd, "plan", &id)?
            })
        })
        .await
    }

    pub(crate) async fn stored_workflow(&self, id: &PlanId) -> Result<Plan> {
        let id = id.clone();
        self.read(move |rd| stored(rd, SEQUENCE, &id)).await
    }

    /// In the order asked for; one that is gone is left out.
    pub(crate) async fn jobs_named(&self, ids: Vec<JobId>) -> Result<Vec<Job>> {
        self.read(move |rd| {
            let found = ids
                .iter()
                .map(|id| rd.job(id))
                .collect::<std::result::Result<Vec<_>, _>>()?;
            Ok(found.into_iter().flatten().collect())
        })
        .await
    }
}

fn of_several(rd: &ReadTxn<'_>, id: &PlanId) -> Result<PlanHead> {
    let head = rd.plan_head(id)?.filter(|head| !head.kind.is_workflow());
    head.ok_or_else(|| not_found("plan", id))
}

fn stored(rd: &ReadTxn<'_>, name: &'static str, id: &PlanId) -> Result<Plan> {
    rd.plan(id)?.ok_or_else(|| not_found(name, id))
}
