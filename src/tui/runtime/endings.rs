//! Carrying out endings of several acts: counted, begun, and gone on with step by step while the screen is
//! told. When the screen goes in the middle, upkeep goes on with it.

use super::executor::Hands;
use crate::domain::ids::{ConnectionId, PlanId, UserId};
use crate::domain::sequence::{Kind, Sequence};
use crate::ops::sequence::Run;
use crate::ops::{Error, Result};
use crate::tui::dialogs::form::ending::Plan;
use crate::tui::event::{Event, Told};

impl Hands {
    /// Counts it, or goes on with the same one that is under way already.
    pub(super) async fn plan_ending(&self, kind: Kind, id: ConnectionId, user: UserId) {
        let connection = (kind == Kind::Migrate).then_some(&id);
        match self.ops.under_way(kind, &user, connection).await {
            Ok(None) => {}
            Ok(Some(open)) => return self.go_on(&open).await,
            Err(error) => return self.failed(&error),
        }
        let plan = match kind {
            Kind::Migrate => self.ops.plan_migrate(&id).await.map(Plan::Migrate),
            _ => self.ops.plan_erase(&user).await.map(Plan::Erase),
        };
        self.tell(Event::Ending(match plan {
            Ok(plan) => Told::Planned(Box::new(plan)),
            Err(error) => Told::Impossible(kind, user, error.to_string()),
        }));
    }

    pub(super) async fn end(&self, plan: Plan, reason: &str) {
        let begun: Result<PlanId> = match &plan {
            Plan::Migrate(plan) => self.ops.begin_migrate(plan, reason).await,
            Plan::Erase(plan) => self.ops.begin_erase(plan, reason).await,
        };
        match begun {
            Ok(id) => self.go_on(&id).await,
            Err(error) => self.tell(Event::FormRefused(error.to_string())),
        }
    }

    async fn go_on(&self, id: &PlanId) {
        match self.ops.sequence(id).await {
            Ok(it) => self.tell(Event::Ending(Told::Moved(Box::new(it)))),
            Err(error) => return self.failed(&error),
        }
        let patience = self.ops.limits.lease * 3;
        let tell = |it: &Sequence| self.tell(Event::Ending(Told::Moved(Box::new(it.clone()))));
        match Run::of(&self.ops, id).to_the_end(patience, tell).await {
            Ok(it) => self.tell(Event::Ending(Told::Moved(Box::new(it)))),
            // upkeep goes on with it
            Err(Error::TimedOut(_)) => {}
            Err(error) => self.failed(&error),
        }
    }
}
