//! Counting acts and carrying them out.

use super::executor::Executor;
use crate::domain::act::{ActKind, Confirmation, Force, Plan};
use crate::domain::ids::{ConnectionId, PlanId};
use crate::domain::job::{Job, State, Step, Title};
use crate::ops::{Applied, Error, Progress, Selection};
use crate::tui::effect::{OrderId, Scope};
use crate::tui::event::Event;

impl Executor {
    /// A workflow of this kind that is running already is followed instead.
    pub(super) async fn plan_act(&self, kind: ActKind, scope: Scope) {
        let (selection, force) = match scope.clone() {
            // the dialog shows how recent it is and what was refused; who confirms it there has forced it
            Scope::One(id) => (Selection::One(id), Force::ALL),
            Scope::Marked(ids) => (Selection::Ids(ids), Force::default()),
            Scope::User(user) => (Selection::User(user), Force::default()),
        };
        let planned = match self.ops.plan(kind, selection, force).await {
            // a refresh is kept when it is carried out
            Ok(plan) if plan.is_for_several() && kind != ActKind::Refresh => {
                self.ops.keep(&plan).await.map(|_| plan)
            }
            other => other,
        };
        match planned {
            Ok(plan) if plan.head.applied.is_some() => self.resume(&plan.head.id).await,
            Ok(plan) => self.tell(Event::ActPlanned {
                scope,
                plan: Box::new(plan),
            }),
            Err(error) => self.tell(Event::ActRefused {
                kind,
                scope,
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
        let kept = match kind {
            ActKind::Refresh => self.ops.keep(plan).await.map(|_| ()),
            _ => Ok(()),
        };
        let applied = match kept {
            Ok(()) => self.ops.apply(plan, typed, |_| ()).await,
            Err(error) => Err(error),
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
    let failed = |step: &Step| step.failure.as_ref().map(|failure| failure.detail.clone());
    let why = job.steps.iter().find_map(failed).filter(|_| ended)?;
    let done = "the data is deleted and NOT VERIFIED";
    Some(format!("{done}: {why}  {}", job.connection.short()))
}
