//! Kept plans and workflows: lists, and one as it stands.

use crate::domain::act::{ActKind, Plan, PlanHead};
use crate::domain::ids::{JobId, PlanId, UserId};
use crate::domain::job::Job;
use crate::domain::views::{Anchor, Page};
use crate::ops::{Error, Ops, Result, not_found};
use crate::store::ReadTxn;

impl Ops {
    pub(crate) async fn resolve_plan(&self, text: &str) -> Result<PlanId> {
        self.resolve_in("plan", text).await
    }

    pub(crate) async fn resolve_workflow(&self, text: &str) -> Result<PlanId> {
        self.resolve_in("sequence", text).await
    }

    async fn resolve_in(&self, kind: &'static str, text: &str) -> Result<PlanId> {
        self.resolve_one(kind, text, move |rd, text, limit| {
            rd.plans_named(kind == "sequence", text, limit)
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
        let open: Result<Option<PlanHead>> = self
            .store
            .read(move |rd| Ok(rd.open_workflow(&asked)?))
            .await;
        match open? {
            Some(open) if open.kind == ActKind::DeleteUser => Ok(user),
            _ => Err(gone),
        }
    }

    pub(crate) async fn plans(&self, from: Option<Anchor>, limit: usize) -> Result<Page<PlanHead>> {
        self.store
            .read(move |rd| Ok(rd.plan_page(false, from.as_ref(), limit)?))
            .await
    }

    pub(crate) async fn plan_size(&self) -> Result<u64> {
        self.store.read(|rd| Ok(rd.plan_size(false)?)).await
    }

    pub(crate) async fn workflows(&self, from: Option<Anchor>, limit: usize) -> Result<Page<Plan>> {
        self.store
            .read(move |rd| {
                let page = rd.plan_page(true, from.as_ref(), limit)?;
                let rows = page.rows.iter().map(|head| stored(rd, &head.id));
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
        self.store.read(|rd| Ok(rd.plan_size(true)?)).await
    }

    /// The longest ago ordered first.
    pub(crate) async fn open_workflows(&self) -> Result<Vec<PlanHead>> {
        self.store.read(|rd| Ok(rd.open_workflows()?)).await
    }

    pub(super) async fn plan_head(&self, id: &PlanId) -> Result<PlanHead> {
        let asked = id.clone();
        let found: Result<Option<PlanHead>> =
            self.store.read(move |rd| Ok(rd.plan_head(&asked)?)).await;
        found?.ok_or_else(|| not_found("plan", id))
    }

    pub(crate) async fn stored_plan(&self, id: &PlanId) -> Result<Plan> {
        let (id, per_bank) = (id.clone(), self.limits.per_institution);
        self.store
            .read(move |rd| {
                Ok(Plan {
                    per_bank,
                    ..stored(rd, &id)?
                })
            })
            .await
    }

    /// In the order asked for; one that is gone is left out.
    pub(crate) async fn jobs_named(&self, ids: Vec<JobId>) -> Result<Vec<Job>> {
        self.store
            .read(move |rd| {
                let found = ids
                    .iter()
                    .map(|id| rd.job(id))
                    .collect::<std::result::Result<Vec<_>, _>>()?;
                Ok(found.into_iter().flatten().collect())
            })
            .await
    }
}

pub(super) fn stored(rd: &ReadTxn<'_>, id: &PlanId) -> Result<Plan> {
    rd.plan(id)?.ok_or_else(|| not_found("plan", id))
}
