//! Carrying out workflows of several acts: counted, begun, and run step by step while the screen is told.
//! When the screen goes in the middle, maintenance continues them.

use super::executor::Executor;
use crate::domain::ids::{ConnectionId, SequenceId, UserId};
use crate::domain::sequence::{Kind, Sequence};
use crate::ops::sequence::Run;
use crate::ops::{Error, Result};
use crate::tui::effect::{EndingPlan, OrderId};
use crate::tui::event::{EndingNews, Event};

impl Executor {
    /// Counts it, or continues the same one that is open already.
    pub(super) async fn plan_ending(&self, kind: Kind, id: ConnectionId, user: UserId) {
        let connection = (kind == Kind::Migrate).then_some(&id);
        match self.ops.under_way(kind, &user, connection).await {
            Ok(None) => {}
            Ok(Some(open)) => return self.follow(&open, None).await,
            Err(error) => return self.failed(&error),
        }
        let plan = match kind {
            Kind::Migrate => self.ops.plan_migrate(&id).await.map(EndingPlan::Migrate),
            _ => self.ops.plan_erase(&user).await.map(EndingPlan::Erase),
        };
        self.tell(Event::Ending(match plan {
            Ok(plan) => EndingNews::Planned(Box::new(plan)),
            Err(error) => EndingNews::Impossible(kind, user, error.to_string()),
        }));
    }

    pub(super) async fn end(&self, order: OrderId, plan: EndingPlan, reason: &str) {
        let begun: Result<SequenceId> = match &plan {
            EndingPlan::Migrate(plan) => self.ops.begin_migrate(plan, reason).await,
            EndingPlan::Erase(plan) => self.ops.begin_erase(plan, reason).await,
        };
        match begun {
            Ok(id) => self.follow(&id, Some(order)).await,
            Err(error) => self.refused(order, &error),
        }
    }

    /// Runs it to its end. The order that began it is answered when its first step is to be seen.
    async fn follow(&self, id: &SequenceId, order: Option<OrderId>) {
        match self.ops.sequence(id).await {
            Ok(it) => self.tell(Event::Ending(EndingNews::Moved(Box::new(it)))),
            Err(error) => return self.failed(&error),
        }
        if let Some(order) = order {
            self.tell(Event::OrderAnswered(order));
        }
        let patience = self.ops.limits.lease * 3;
        let tell =
            |it: &Sequence| self.tell(Event::Ending(EndingNews::Moved(Box::new(it.clone()))));
        match Run::of(&self.ops, id).to_the_end(patience, tell).await {
            Ok(it) => self.tell(Event::Ending(EndingNews::Moved(Box::new(it)))),
            // maintenance continues it
            Err(Error::TimedOut(_)) => {}
            Err(error) => self.failed(&error),
        }
    }
}
