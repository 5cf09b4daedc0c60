//! Acts on several: counted into a plan, carried out by it.

use super::executor::Executor;
use crate::domain::ids::{ConnectionId, PlanId};
use crate::domain::policy::Act;
use crate::ops::Chosen;
use crate::tui::event::Event;

impl Executor {
    /// Counts these and keeps that.
    pub(super) async fn plan_bulk(&self, act: Act, ids: Vec<ConnectionId>) {
        match self.ops.make_plan(act, Chosen::Ids(ids), false).await {
            Ok(plan) => self.tell(Event::BulkPlanned(Box::new(plan))),
            Err(error) => self.tell(Event::BulkFailed {
                act,
                reason: error.to_string(),
            }),
        }
    }

    /// Carries a kept plan out.
    pub(super) async fn apply_bulk(&self, act: Act, id: &PlanId, words: &str, reason: &str) {
        let done = match self
            .ops
            .apply_plan(id, Some(words), Some(reason), |_| ())
            .await
        {
            Ok(_) => self.ops.old_plan(id).await,
            Err(error) => Err(error),
        };
        match done {
            Ok(plan) => self.tell(Event::BulkApplied(Box::new(plan))),
            Err(error) => self.tell(Event::BulkFailed {
                act,
                reason: error.to_string(),
            }),
        }
    }

    /// Refreshes these: a refresh needs no words, so it is counted and carried out in one go.
    pub(super) async fn refreshes(&self, ids: Vec<ConnectionId>) {
        match self
            .ops
            .make_plan(Act::Refresh, Chosen::Ids(ids), false)
            .await
        {
            // a plan that reaches nothing is not kept
            Ok(plan) if plan.head.runs == 0 => self.tell(Event::BulkApplied(Box::new(plan))),
            Ok(plan) => {
                self.apply_bulk(Act::Refresh, &plan.head.id, &plan.head.words(), "")
                    .await
            }
            Err(error) => self.tell(Event::BulkFailed {
                act: Act::Refresh,
                reason: error.to_string(),
            }),
        }
    }
}
