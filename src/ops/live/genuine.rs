//! Whether an act in the outbox is what this program wrote.

use crate::domain::act::{self, Plan, StepAct};
use crate::domain::job::Kind;
use crate::domain::live::{Outgoing, RemoteAct, Sending};
use crate::ops::Result;
use crate::store::WriteTxn;

/// Why an act is not what this program wrote: its job has to be one that was, and about the same.
pub(super) fn strange(tx: &WriteTxn<'_>, act: &Outgoing) -> Result<Option<String>> {
    let kind = match act.act {
        RemoteAct::Refresh => Some(Kind::Refresh),
        RemoteAct::Purge => Some(Kind::Purge),
        RemoteAct::Revoke => Some(Kind::Revoke),
        RemoteAct::Answer => None,
        RemoteAct::EndConsent => return strange_step(tx, act),
        // nothing ends by it, and its address is sealed
        RemoteAct::Link => return Ok(None),
    };
    let Some(job) = tx.job(&act.job)? else {
        return Ok(Some("its job is not there".into()));
    };
    let other = job.connection != act.connection() || kind.is_some_and(|kind| kind != job.kind);
    match (other, job.state.open()) {
        (false, true) => genuine(tx.job_is_genuine(&job.id)),
        // it was looked at when it was sent, and its job has ended here by what was read since: it is only looked up
        (false, false) if act.state != Sending::Intended => Ok(None),
        _ => Ok(Some("its job is about something else, or is over".into())),
    }
}

/// The same of a step of a workflow: that has to be open, and this its step.
fn strange_step(tx: &WriteTxn<'_>, act: &Outgoing) -> Result<Option<String>> {
    let plan = match &act.workflow {
        Some(workflow) => tx.plan(workflow)?,
        None => None,
    };
    let is_step = |plan: &Plan| {
        let same = |step: &act::Step| step.act == StepAct::EndConsent && step.target == act.target;
        plan.head.finished.is_none() && plan.steps.iter().any(same)
    };
    match plan.filter(is_step) {
        Some(plan) => genuine(tx.plan_is_genuine(&plan.head.id)),
        None => Ok(Some("no workflow under way has it as its step".into())),
    }
}

fn genuine(checked: crate::store::Result<()>) -> Result<Option<String>> {
    match checked {
        Err(crate::store::Error::NotWrittenHere { .. }) => {
            Ok(Some("it was not written by this program".into()))
        }
        other => Ok(other.map(|()| None)?),
    }
}
