//! `cancel JOB...` and `cancel --plan PLAN`: ends what has not begun, and what runs after its step.

use super::{jobs, plan as plans};
use crate::cli::context::Context;
use crate::cli::documents;
use crate::cli::exit::Failure;
use crate::cli::list_formats;
use crate::domain::ids::{JobId, PlanId};
use crate::ops::{Cancelled, Error, Ops};

pub(super) async fn run(
    ctx: &mut Context,
    names: &[String],
    plan: Option<&str>,
    reason: &str,
) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    if let Some(text) = plan {
        return match ops.resolve_plan(text).await {
            Ok(id) => of_plan(ctx, &ops, &id, reason).await,
            Err(Error::NotFound { .. }) => {
                let id = match ops.resolve_workflow(text).await {
                    Err(Error::NotFound { id, .. }) => Err(Error::NotFound { kind: "plan", id }),
                    found => found,
                };
                of_workflow(ctx, &ops, &id?, reason).await
            }
            Err(other) => Err(other.into()),
        };
    }
    let mut ids: Vec<JobId> = Vec::new();
    for name in names {
        let id = ops.resolve_job(name).await?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    match ids.as_slice() {
        [id] => {
            let (job, how) = ops.cancel_job(id, reason).await?;
            if how == Cancelled::AfterItsStep {
                ctx.out.say(how.words());
            }
            jobs::print(&mut ctx.out, &job, false)
        }
        several => of_several(ctx, &ops, several, reason).await,
    }
}

async fn of_several(
    ctx: &mut Context,
    ops: &Ops,
    ids: &[JobId],
    reason: &str,
) -> Result<(), Failure> {
    let (mut done, mut refused) = (Vec::new(), 0);
    for id in ids {
        let (outcome, why) = match ops.cancel_job(id, reason).await {
            Ok((_, how)) => (how.word(), String::new()),
            Err(Error::Refused(refusal)) => {
                refused += 1;
                ("refused", refusal.sentence())
            }
            Err(other) => return Err(other.into()),
        };
        done.push(documents::CancelDoc {
            outcome,
            why,
            job: ops.job(id).await?,
        });
    }
    list_formats::whole(&mut ctx.out, ops.now(), None, &done)?;
    match refused {
        0 => Ok(()),
        n => Err(Failure::Some(format!(
            "{n} of {} could not be cancelled",
            ids.len()
        ))),
    }
}

async fn of_plan(ctx: &mut Context, ops: &Ops, id: &PlanId, reason: &str) -> Result<(), Failure> {
    let (plan, said) = ops.cancel_plan(id, reason).await?;
    ctx.out.say(&said);
    plans::print(&mut ctx.out, ops.now(), &plan, true)
}

async fn of_workflow(
    ctx: &mut Context,
    ops: &Ops,
    id: &PlanId,
    reason: &str,
) -> Result<(), Failure> {
    let (plan, how) = ops.cancel_workflow(id, reason).await?;
    if how == Cancelled::AfterItsStep {
        ctx.out
            .say("its running step ends first; the steps behind it are not done");
    }
    plans::print(&mut ctx.out, ops.now(), &plan, true)
}
