//! Looking at plans: all of them, newest first, and one with what came of each of its connections.

use crate::domain::bulk::{BulkPlan, Head, Item};
use crate::domain::ids::{JobId, PlanId};
use crate::domain::job::Job;
use crate::domain::views::{Anchor, Page};
use crate::ops::{Error, Ops, Result};
use crate::store::ReadTxn;

/// So many items are read at a time.
const PAGE: usize = 2_000;

pub(super) fn head(rd: &ReadTxn<'_>, id: &PlanId) -> Result<Head> {
    rd.plan(id)?.ok_or_else(|| Error::NotFound {
        kind: "plan",
        id: id.to_string(),
    })
}

impl Ops {
    /// The plan that `text` names.
    ///
    /// # Errors
    /// When there is none, or several.
    pub(crate) async fn old_resolve_plan(&self, text: &str) -> Result<PlanId> {
        self.resolve_one("plan", text, |rd, text, limit| rd.plans_named(text, limit))
            .await
    }

    /// A page of the plans, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn old_plans(&self, from: Option<Anchor>, limit: usize) -> Result<Page<Head>> {
        self.store
            .read(move |rd| Ok(rd.plan_page(from.as_ref(), limit)?))
            .await
    }

    /// How many plans there are.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn old_plan_size(&self) -> Result<u64> {
        self.store.read(|rd| Ok(rd.plan_size()?)).await
    }

    /// One plan with all its connections as they stand.
    ///
    /// # Errors
    /// When there is none with this id.
    pub(crate) async fn old_plan(&self, id: &PlanId) -> Result<BulkPlan> {
        let asked = id.clone();
        self.store
            .read(move |rd| {
                let head = head(rd, &asked)?;
                let mut items: Vec<Item> =
                    Vec::with_capacity(usize::try_from(head.items).unwrap_or(0));
                loop {
                    let page =
                        rd.plan_items(&asked, items.last().map(|item| item.place), false, PAGE)?;
                    let whole = page.len() < PAGE;
                    items.extend(page);
                    if whole {
                        break;
                    }
                }
                Ok(BulkPlan {
                    banks: rd.plan_banks(&asked)?,
                    head,
                    items,
                })
            })
            .await
    }
}
