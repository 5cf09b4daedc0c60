//! Acts: counted, carried out, and told to the screen. A workflow that the screen leaves in the middle is continued
//! by maintenance.

use super::executor::Executor;
use crate::domain::act::{ActKind, Confirmation, Force, Plan, Selection};
use crate::domain::ids::{ConnectionId, PlanId};
use crate::domain::job::{Job, State, Title};
use crate::ops::{Applied, Error, Progress, Result};
use crate::tui::action::Action;
use crate::tui::effect::OrderId;
use crate::tui::event::Event;

/// The action that asks for an act on one connection.
pub(crate) fn action(kind: ActKind) -> Action {
    match kind {
        ActKind::Refresh => Action::Refresh,
        ActKind::Purge => Action::Purge,
        ActKind::Revoke => Action::Revoke,
        ActKind::Migrate => Action::Migrate,
        ActKind::Erase | ActKind::EndConsent | ActKind::DeleteUser => Action::Erase,
    }
}

impl Executor {
    /// Counts an act, or continues the same workflow that is open already.
    pub(super) async fn plan(&self, kind: ActKind, selection: Selection) {
        match self.planned(kind, &selection).await {
            Ok(open) if open.head.applied.is_some() => self.resume(&open.head.id).await,
            Ok(plan) => self.tell(Event::Planned(Box::new(plan))),
            Err(error) => self.tell(Event::NotPlanned {
                kind,
                selection,
                reason: error.to_string(),
            }),
        }
    }

    async fn planned(&self, kind: ActKind, selection: &Selection) -> Result<Plan> {
        let plan = self.ops.plan(kind, selection.clone(), false).await?;
        // a refresh is counted anew when it is sent
        if matches!(selection, Selection::Ids(_)) && kind != ActKind::Refresh {
            self.ops.keep(&plan).await?;
        }
        Ok(plan)
    }

    async fn resume(&self, id: &PlanId) {
        let told = self.ops.resume(id, |progress| self.moved(&progress)).await;
        match told {
            // maintenance continues it
            Ok(_) | Err(Error::TimedOut(_)) => {}
            Err(error) => self.failed(&error),
        }
    }

    fn moved(&self, progress: &Progress<'_>) {
        if let Progress::Turn(turn) = progress {
            self.tell(Event::WorkflowMoved(Box::new(turn.plan().clone())));
        }
    }

    /// Carries out what was confirmed.
    pub(super) async fn apply(
        &self,
        order: OrderId,
        plan: &Plan,
        typed: &Confirmation,
        refresh_after: bool,
    ) {
        let (kind, mut begun) = (plan.head.kind, false);
        let progress = |progress: Progress<'_>| {
            self.moved(&progress);
            if matches!(progress, Progress::Turn(_)) && !std::mem::replace(&mut begun, true) {
                self.tell(Event::OrderAnswered(order));
            }
        };
        let applied = self.ops.apply(plan, typed, progress).await;
        match (applied, plan.detail.one()) {
            (Ok(Applied::One { job, .. }), _) => {
                self.tell(done(kind, &job));
                if refresh_after {
                    self.refresh(&job.connection, true.into()).await;
                }
            }
            (Ok(Applied::Several { plan, .. }), _) => self.tell(Event::SeveralApplied(plan)),
            (Ok(Applied::Workflow(_)), _) => {}
            // maintenance continues it
            (Err(Error::TimedOut(_)), _) if begun => {}
            (Err(error), _) if begun => self.failed(&error),
            (Err(error), _) if kind.is_workflow() => self.refused(order, &error),
            (Err(error), Some(one)) => self.not_done(kind, &one.target.id, error),
            (Err(error), None) => self.tell(Event::ApplyFailed {
                kind,
                reason: error.to_string(),
            }),
        }
    }

    fn not_done(&self, kind: ActKind, id: &ConnectionId, error: Error) {
        let (action, id) = (action(kind), id.clone());
        self.tell(match error {
            Error::PlanChanged(differences) => Event::PlanChanged {
                action,
                id,
                differences,
            },
            error => Event::Refused {
                id,
                reason: error.to_string(),
            },
        });
    }

    pub(super) async fn refresh(&self, id: &ConnectionId, force: Force) {
        match self.ops.refresh(id, force).await {
            Ok(refreshed) => self.tell(Event::RefreshQueued {
                id: id.clone(),
                job: refreshed.job.id,
                deduplicated: refreshed.deduplicated,
            }),
            Err(error) => self.not_done(ActKind::Refresh, id, error),
        }
    }

    /// Refreshes these: a refresh needs no words, so it is counted and carried out in one go.
    pub(super) async fn refresh_many(&self, ids: Vec<ConnectionId>) {
        let kind = ActKind::Refresh;
        let done = async {
            let plan = self.ops.plan(kind, Selection::Ids(ids), false).await?;
            // a plan that reaches nothing is not kept
            if !self.ops.keep(&plan).await? {
                return Ok(Box::new(plan));
            }
            let words = Confirmation::new(Some(&plan.words()), None);
            match self.ops.apply(&plan, &words, |_| ()).await? {
                Applied::Several { plan, .. } | Applied::Workflow(plan) => Ok(plan),
                Applied::One { .. } => Ok(Box::new(plan)),
            }
        };
        self.tell(match done.await {
            Ok(plan) => Event::SeveralApplied(plan),
            Err(error) => Event::ApplyFailed {
                kind,
                reason: Error::to_string(&error),
            },
        });
    }
}

/// What became of a purge or revoke.
fn done(kind: ActKind, job: &Job) -> Event {
    let id = job.connection.clone();
    match kind {
        ActKind::Purge => {
            let pending = match job.state {
                State::Succeeded => "",
                _ => "; the file is still being cleaned",
            };
            let summary = format!("{}{pending}", note(job, &Title::DeleteRows));
            Event::Purged { id, summary }
        }
        ActKind::Revoke => {
            let summary = note(job, &Title::EndConnection);
            Event::Revoked { id, summary }
        }
        _ => Event::RefreshQueued {
            id,
            job: job.id.clone(),
            deduplicated: false,
        },
    }
}

fn note(job: &Job, title: &Title) -> String {
    job.steps
        .iter()
        .find(|s| s.title == *title)
        .and_then(|s| s.note.clone())
        .unwrap_or_default()
}
