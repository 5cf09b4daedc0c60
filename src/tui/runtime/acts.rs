//! Counting acts and carrying them out.

use super::executor::Executor;
use crate::domain::act::{ActKind, Confirmation, Force, Plan, Selection, Step};
use crate::domain::ids::{ConnectionId, PlanId};
use crate::domain::job::{Job, State, Title};
use crate::ops::{Applied, Error, Progress, Result};
use crate::tui::effect::OrderId;
use crate::tui::event::Event;

impl Executor {
    /// A workflow of this kind that is running already is followed instead.
    pub(super) async fn plan_act(&self, kind: ActKind, selection: Selection) {
        let force = match &selection {
            // the dialog shows how recent it is and what was refused; who confirms it there has forced it
            Selection::One(_) => Force::ALL,
            _ => Force::default(),
        };
        let planned = match self.ops.plan(kind, selection.clone(), force).await {
            // a refresh is planned anew and kept when it is carried out
            Ok(plan) if plan.is_for_several() && kind != ActKind::Refresh => {
                self.ops.keep(&plan).await.map(|_| plan)
            }
            other => other,
        };
        match planned {
            Ok(plan) if plan.head.applied.is_some() => self.resume(&plan.head.id).await,
            Ok(plan) => self.tell(Event::ActPlanned {
                selection,
                plan: Box::new(plan),
            }),
            Err(error) => self.tell(Event::ActRefused {
                kind,
                selection,
                reason: error.to_string(),
            }),
        }
    }

    pub(super) async fn apply(
        &self,
        order: OrderId,
        plan: &Plan,
        typed: &Confirmation,
        refresh_after: bool,
    ) {
        if plan.head.kind.is_workflow() {
            return self.apply_workflow(order, plan, typed).await;
        }
        let Some(one) = plan.detail.one() else {
            return self.apply_several(plan, typed).await;
        };
        let id = &one.target.id;
        let purged = self.apply_one(plan, id, typed).await;
        if purged && refresh_after {
            let selection = Selection::One(id.clone());
            match self.ops.plan(ActKind::Refresh, selection, true).await {
                Ok(plan) => {
                    let typed = Confirmation::new(Some(&plan.words()), None);
                    self.apply_one(&plan, id, &typed).await;
                }
                Err(error) => self.tell(Event::Refused {
                    id: id.clone(),
                    reason: error.to_string(),
                }),
            }
        }
    }

    /// Carries out an act on one connection; whether it was done.
    async fn apply_one(&self, plan: &Plan, id: &ConnectionId, typed: &Confirmation) -> bool {
        let (kind, id) = (plan.head.kind, id.clone());
        let applied = self.ops.apply(plan, typed, |_| ()).await;
        let done = applied.is_ok();
        self.tell(match applied {
            Ok(Applied::One { job, deduplicated }) => match unproven(kind, &job) {
                Some(reason) => Event::ActFailed { kind, reason },
                None => Event::ActDone {
                    kind,
                    id,
                    summary: summary(kind, &job),
                    job: job.id,
                    deduplicated,
                },
            },
            Ok(Applied::Several { plan, .. } | Applied::Workflow(plan)) => Event::ActApplied(plan),
            Err(Error::PlanChanged(differences)) => Event::PlanChanged {
                kind,
                id,
                differences,
            },
            Err(error) => Event::Refused {
                id,
                reason: error.to_string(),
            },
        });
        done
    }

    async fn apply_several(&self, plan: &Plan, typed: &Confirmation) {
        let kind = plan.head.kind;
        let applied = match kind {
            ActKind::Refresh => self.refresh_several(plan).await,
            _ => self.ops.apply(plan, typed, |_| ()).await,
        };
        self.tell(match applied {
            Ok(Applied::Several { plan, .. } | Applied::Workflow(plan)) => Event::ActApplied(plan),
            Ok(Applied::One { .. }) => return,
            Err(error) => Event::ActFailed {
                kind,
                reason: error.to_string(),
            },
        });
    }

    /// A refresh needs no words, so it is planned and carried out in one go: what the dialog shows may be old by then.
    async fn refresh_several(&self, shown: &Plan) -> Result<Applied> {
        let ids = shown.steps.iter().map(Step::connection).collect();
        let (kind, selection) = (ActKind::Refresh, Selection::Ids(ids));
        let plan = self.ops.plan(kind, selection, Force::default()).await?;
        // a plan of which nothing would run is not kept
        if !self.ops.keep(&plan).await? {
            let (plan, over) = (Box::new(plan), true);
            return Ok(Applied::Several { plan, over });
        }
        let typed = Confirmation::new(Some(&plan.words()), None);
        self.ops.apply(&plan, &typed, |_| ()).await
    }

    /// The order is answered when the first step is to be seen; when the screen goes, maintenance continues.
    async fn apply_workflow(&self, order: OrderId, plan: &Plan, typed: &Confirmation) {
        let mut begun = false;
        let applied = self
            .ops
            .apply(plan, typed, |progress| {
                self.moved(&progress);
                begun = true;
                self.tell(Event::OrderAnswered(order));
            })
            .await;
        match applied {
            Ok(Applied::Workflow(plan)) => self.tell(Event::WorkflowMoved(plan)),
            Ok(_) | Err(Error::TimedOut(_)) => {}
            Err(error) if begun => self.failed(&error),
            Err(error) => self.refused(order, &error),
        }
    }

    async fn resume(&self, id: &PlanId) {
        let ended = self.ops.resume(id, |progress| self.moved(&progress)).await;
        match ended {
            Ok(plan) => self.tell(Event::WorkflowMoved(Box::new(plan))),
            // maintenance continues it
            Err(Error::TimedOut(_)) => {}
            Err(error) => self.failed(&error),
        }
    }

    fn moved(&self, progress: &Progress<'_>) {
        if let Progress::Turn(turn) = progress {
            self.tell(Event::WorkflowMoved(Box::new(turn.plan().clone())));
        }
    }
}

/// What an act on one connection came to, in figures for people.
fn summary(kind: ActKind, job: &Job) -> String {
    let title = match kind {
        ActKind::Purge => Title::DeleteRows,
        ActKind::Revoke => Title::EndConnection,
        _ => return String::new(),
    };
    let step = job.steps.iter().find(|step| step.title == title);
    let note = step.and_then(|step| step.note.clone()).unwrap_or_default();
    if kind == ActKind::Revoke {
        return note;
    }
    let verify = job.steps.iter().find(|step| step.title == Title::Verify);
    match (job.state, verify.and_then(|step| step.note.as_deref())) {
        // what the job and its certificate say
        (State::Succeeded, Some(proof)) => {
            let proof = proof.trim_start_matches("key gone, rows gone, ");
            format!("{note}; {proof}")
        }
        (State::Succeeded, None) => note,
        _ => format!("{note}; the file is still being cleaned, and the proof comes after that"),
    }
}

/// Why a purge that has ended is not proven.
fn unproven(kind: ActKind, job: &Job) -> Option<String> {
    let ended = kind == ActKind::Purge && job.state == State::Failed;
    let mut failures = job.steps.iter().filter_map(|step| step.failure.as_ref());
    let failure = failures.next().filter(|_| ended)?;
    let (why, of) = (&failure.detail, job.connection.short());
    Some(format!("the data is deleted and NOT VERIFIED: {why}  {of}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::act::Outcome;
    use crate::testing::lifecycle::Rig;
    use crate::tui::effect::{Effect, Order};
    use crate::tui::runtime::executor::Report;
    use std::sync::Arc;
    use std::time::Duration;
    use tokio::sync::mpsc::unbounded_channel;

    /// What came of a refresh of several that was confirmed with this plan on the screen.
    async fn confirm(rig: &Rig, shown: &Plan) -> Box<Plan> {
        let (reports, mut reported) = unbounded_channel();
        let documents = |_, _| -> futures::future::BoxFuture<'static, Result<String>> {
            unreachable!("nothing is copied")
        };
        let order = Order::Apply {
            plan: Box::new(shown.clone()),
            typed: Confirmation::new(Some(&shown.words()), None),
            refresh_after: false,
        };
        Executor::new(rig.ops.clone(), Arc::new(documents), reports)
            .begin(Effect::Order(OrderId(1), order));
        match reported.recv().await {
            Some(Report::Event(Event::ActApplied(plan))) => plan,
            other => panic!("{other:?}"),
        }
    }

    fn outcomes(plan: &Plan) -> Vec<Outcome> {
        plan.steps.iter().map(|step| step.standing().0).collect()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_refresh_of_several_is_planned_anew_when_it_is_confirmed() {
        let rig = Rig::new().await;
        let mut ids = vec![];
        for (bank, login, password) in [
            ("AU00000", "Wentworth-Smith", "whislter"),
            ("AU00000", "gilfoyle", "satan"),
        ] {
            ids.push(rig.connect(bank, login, password).await.connection);
        }
        rig.clock.advance(Duration::from_secs(3600));
        let selection = Selection::Ids(ids.clone());
        let shown = rig.ops.plan(ActKind::Refresh, selection, false).await;
        let shown = shown.unwrap();
        assert_eq!(outcomes(&shown), [Outcome::WouldRun; 2]);

        // until the plan that is shown has lapsed
        let lapses = shown.head.expires.unwrap().since(rig.clock.now());
        rig.clock.advance(Duration::from_millis(lapses as u64 + 1));
        rig.ops.refresh(&ids[0], false).await.unwrap();
        let applied = confirm(&rig, &shown).await;
        assert_eq!(
            outcomes(&applied),
            [Outcome::Deduplicated, Outcome::Queued],
            "{applied:?}"
        );

        let applied = confirm(&rig, &shown).await;
        assert_eq!(outcomes(&applied), [Outcome::Deduplicated; 2]);
        assert!(
            rig.ops.stored_plan(&applied.head.id).await.is_err(),
            "nothing would run, so it is not kept"
        );
        rig.healthy().await;
    }
}
