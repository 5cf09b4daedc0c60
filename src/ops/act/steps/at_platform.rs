//! The steps that a platform does: each is an act in the outbox, and the workflow waits until it is over.

use super::WorkflowSteps;
use crate::domain::act::{ActKind, Plan};
use crate::domain::connection::Status;
use crate::domain::ids::UserId;
use crate::domain::job::{Job, State};
use crate::domain::live::{RemoteAct, Sending};
use crate::engine::StepResult;
use crate::ops::Result;

/// What became of an act at the platform.
enum There {
    /// It is not over.
    Open,
    Accepted,
    Refused(String),
    /// There is nothing to be done.
    Nothing,
}

/// What the platform refused. It is not ordered again: an erasure leaves the connection to the end of the consent, a move
/// ends.
pub(super) fn refused_there(plan: &Plan, ordered: Option<&Job>) -> Option<StepResult> {
    let job = ordered.filter(|job| job.state == State::Failed)?;
    let failure = job.steps.iter().find_map(|step| step.failure.as_ref());
    let why = failure.map_or_else(
        || format!("job {} failed", job.id),
        |it| it.detail.to_string(),
    );
    Some(match plan.head.kind {
        ActKind::Migrate => StepResult::Stopped(why),
        _ => StepResult::Done(
            format!("left to the end of the consent: {why}"),
            Some(job.id.clone()),
        ),
    })
}

impl WorkflowSteps {
    pub(super) fn at_platform(&self) -> StepResult {
        let again = self.ops.now().plus(self.ops.performer().pause());
        StepResult::Later("at the platform, which has not answered yet".into(), again)
    }

    /// Orders an act of the workflow once, and answers what became of it.
    async fn ordered(
        &self,
        plan: &Plan,
        act: RemoteAct,
        target: Option<String>,
        user: UserId,
    ) -> Result<There> {
        let (id, reason) = (plan.head.id.clone(), plan.head.reason.clone());
        self.ops
            .write(move |ops, tx| {
                if let Some(made) = tx.outgoing_of_workflow(&id, act)? {
                    return Ok(match made.state {
                        Sending::Accepted => There::Accepted,
                        Sending::Refused => There::Refused(made.said),
                        Sending::Intended | Sending::Sent | Sending::Unsure => There::Open,
                    });
                }
                let Some(target) = target else {
                    return Ok(There::Nothing);
                };
                ops.intend_once(tx, act, &target, &user, Some(&id), &reason)?;
                Ok(There::Open)
            })
            .await
    }

    /// Ends the consent there; none when that is done and it has to be ended here.
    pub(super) async fn consent_there(
        &self,
        plan: &Plan,
        user: UserId,
    ) -> Result<Option<StepResult>> {
        let of = user.clone();
        let (consent, left) = self
            .ops
            .read(move |rd| {
                let all = rd.connections_of(&of, None)?;
                let left = all.iter().any(|row| row.status != Status::Deleted);
                Ok((rd.active_consent(&of)?, left))
            })
            .await?;
        let target = consent.map(|consent| consent.id.to_string());
        Ok(
            match self.ordered(plan, RemoteAct::EndConsent, target, user).await? {
                There::Open => Some(self.at_platform()),
                There::Accepted => None,
                There::Refused(why) => Some(StepResult::Stopped(format!(
                    "the platform did not end the consent: {why}"
                ))),
                There::Nothing if left => Some(StepResult::Stopped(
                    "the platform names no consent of this user that stands, and connections are left; \
                     `switchboard live sync` reads them again, and `switchboard revoke` ends them one by one"
                        .into(),
                )),
                There::Nothing => None,
            },
        )
    }

    /// Has a link made by which the user connects there; only the user can.
    pub(super) async fn link(&self, plan: &Plan, user: UserId) -> Result<StepResult> {
        let target = Some(user.to_string());
        let short = user.short().to_owned();
        Ok(
            match self.ordered(plan, RemoteAct::Link, target, user).await? {
                There::Accepted => StepResult::Done(
                    format!("a link was made for the user: `switchboard auth-link show {short}`"),
                    None,
                ),
                There::Refused(why) => {
                    StepResult::Stopped(format!("the platform made no link: {why}"))
                }
                There::Open | There::Nothing => self.at_platform(),
            },
        )
    }
}
