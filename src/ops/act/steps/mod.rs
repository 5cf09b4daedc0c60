//! The steps of workflows. Each looks first whether it is done, so that doing it again does no harm.

mod connection;
mod whole_user;

use crate::domain::act::{ActKind, Plan, Step, StepAct};
use crate::engine::{AGAIN, StepResult, Steps};
use crate::ops::{Error, Ops, Result};
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
                self.ops.now().plus(AGAIN),
            ),
        })
    }
}
