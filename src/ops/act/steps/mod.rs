//! The steps of workflows. Each looks first whether it is done, so that doing it again does no harm.

mod at_platform;
mod connection;
mod whole_user;

use super::whole_user::may_end;
use crate::domain::act::{ActKind, Plan, Step, StepAct};
use crate::domain::policy;
use crate::engine::{StepResult, Steps};
use crate::ops::{Error, Ops, Refusal, Result};
use crate::store::Scrub;

/// What one process needs to do the steps of a workflow.
pub(crate) struct WorkflowSteps {
    ops: Ops,
}

impl WorkflowSteps {
    pub(super) fn new(ops: &Ops) -> Self {
        Self { ops: ops.clone() }
    }
}

impl Steps for WorkflowSteps {
    type Error = Error;

    async fn perform(&mut self, plan: &Plan, step: &Step) -> Result<StepResult> {
        let acts = matches!(
            step.act,
            StepAct::Purge | StepAct::Revoke | StepAct::EndConsent
        );
        if acts && let Some(why) = self.not_executed(plan).await? {
            return Ok(StepResult::Stopped(why));
        }
        match step.act {
            StepAct::Purge => self.purge(plan, &step.connection()).await,
            StepAct::Revoke => self.revoke(plan, &step.connection()).await,
            StepAct::Connect => self.connect(plan, step.connection()).await,
            StepAct::EndConsent => self.end_consent(plan).await,
            StepAct::RemoveUser => self.remove_user(plan).await,
            StepAct::Scrub => self.scrub(plan).await,
            StepAct::Verify => self.verify(plan).await,
            StepAct::Refresh => Ok(StepResult::Stopped(
                "a refresh is no step of a workflow".into(),
            )),
        }
    }

    fn overtaken(error: &Error) -> bool {
        matches!(error, Error::Changed(_))
    }
}

impl WorkflowSteps {
    /// Why nobody here goes on with it: it was ordered by a version that did not ask who executes. It will not change, so
    /// the workflow ends.
    async fn not_executed(&self, plan: &Plan) -> Result<Option<String>> {
        let head = plan.head.clone();
        let asked = self
            .ops
            .read(move |rd| match (&head.connection, &head.user) {
                (Some(id), _) => match rd.connection(id)? {
                    Some(row) => Ok(policy::executes(row.origin)
                        .map(drop)
                        .map_err(Refusal::from)?),
                    None => Ok(()),
                },
                (None, Some(user)) => may_end(rd, head.kind, user),
                (None, None) => Ok(()),
            });
        match asked.await {
            Ok(()) => Ok(None),
            Err(Error::Refused(refusal)) => Ok(Some(refusal.sentence())),
            Err(other) => Err(other),
        }
    }

    async fn scrub(&self, plan: &Plan) -> Result<StepResult> {
        // a user's name stands in the file in plain, so whatever its size it is written anew
        let scrubbed = match plan.head.kind {
            ActKind::DeleteUser => self.ops.store.scrub_whole().await?,
            _ => self.ops.store.scrub().await?,
        };
        Ok(match scrubbed {
            Scrub::Done(how) => StepResult::Done(how.words().into(), None),
            Scrub::Pending => StepResult::Later(
                "pending: another program is reading the file".into(),
                self.ops.now().plus(self.ops.performer().pause()),
            ),
        })
    }
}
