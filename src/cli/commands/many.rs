//! What acts on several connections share: which ones, the plan that is made of them, and the outcomes of
//! carrying it out. `apply` ends here too.

use super::connections::filter;
use super::{plans, wait};
use crate::cli::args::{Acting, Waiting, Which};
use crate::cli::context::Context;
use crate::cli::documents::{self, ItemDoc};
use crate::cli::exit::Failure;
use crate::cli::list::Printer;
use crate::domain::bulk::{BulkPlan, Item, Outcome, needs_reason};
use crate::domain::ids::{ConnectionId, JobId, PlanId};
use crate::domain::job::Job;
use crate::domain::policy::Act;
use crate::domain::query::Scope;
use crate::ops::{Chosen, Force, Ops};
use std::collections::HashMap;
use std::io::IsTerminal as _;

/// What an action is for.
#[derive(Debug)]
pub enum Targets {
    /// One connection, named, and no plan asked for.
    One(ConnectionId),
    /// Several, or what a filter found, or a user's.
    Many(Chosen),
}

/// Finds the connections; an id that names none, or several, stops it before anything is done.
///
/// # Errors
/// When an id is not one connection's or user's, or the filter has a mistake.
pub async fn targets(ops: &Ops, which: &Which, acting: &Acting) -> Result<Targets, Failure> {
    if let Some(text) = &which.filter {
        return Ok(Targets::Many(Chosen::Found(Box::new(filter(text, Scope::Connections)?))));
    }
    if let Some(text) = &which.user {
        return Ok(Targets::Many(Chosen::Of(ops.resolve_user(text).await?)));
    }
    let mut ids: Vec<ConnectionId> = Vec::with_capacity(which.ids.len());
    for text in &which.ids {
        let id = ops.resolve(text).await?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(match (ids.len(), ids.pop()) {
        (1, Some(id)) if !acting.plan => Targets::One(id),
        (_, last) => {
            ids.extend(last);
            Targets::Many(Chosen::Ids(ids))
        }
    })
}

/// Plans an act on several, and carries it out when all that it takes was said.
///
/// # Errors
/// When the words or the reason are missing (the plan is printed and kept then), or something did not work.
pub async fn run(
    ctx: &mut Context,
    ops: &Ops,
    act: Act,
    chosen: Chosen,
    force: Force,
    acting: &Acting,
) -> Result<(), Failure> {
    if acting.dry_run {
        let plan = ops.count_plan(act, chosen, force).await?;
        return plans::print(ctx, ops, &plan);
    }
    let plan = ops.make_plan(act, chosen, force).await?;
    if acting.plan {
        plans::print(ctx, ops, &plan)?;
        ctx.out.say(&how(&plan));
        return Ok(());
    }
    let words = plan.head.words();
    if act != Act::Refresh {
        let said = acting.confirm.as_deref();
        if plan.head.may_apply(said, acting.reason.as_deref(), plan.head.made).is_err() {
            plans::print(ctx, ops, &plan)?;
            return Err(Failure::Unconfirmed(format!("nothing was changed; {}", how(&plan))));
        }
    }
    apply(ctx, ops, &plan.head.id, Some(&words), acting.reason.as_deref()).await?;
    finish(ctx, ops, &plan.head.id, acting.waiting, true).await
}

/// How a plan is carried out.
fn how(plan: &BulkPlan) -> String {
    let head = &plan.head;
    let reason = if needs_reason(head.act, head.runs) { " --reason \"why\"" } else { "" };
    format!("to do it: switchboard apply {} --confirm \"{}\"{reason}", head.id.short(), head.words())
}

/// Carries a plan out, telling a terminal how far it is; answers whether anything was left to do.
///
/// # Errors
/// When it may not be, or something failed.
pub async fn apply(
    ctx: &mut Context,
    ops: &Ops,
    id: &PlanId,
    words: Option<&str>,
    reason: Option<&str>,
) -> Result<bool, Failure> {
    let bar = std::io::stderr().is_terminal() && !ctx.common.quiet;
    let (out, mut said) = (&mut ctx.out, 0);
    let applied = ops
        .apply_plan(id, words, reason, |done| {
            if bar && done >= said + 100 {
                said = done;
                out.say(&format!("{done} connections so far"));
            }
        })
        .await?;
    Ok(!applied.over)
}

/// Waits where that was asked for, prints the outcomes, and says whether all went well. `all` counts those
/// too that the plan had left out from the start, for they were not seen before.
///
/// # Errors
/// When something failed or was refused.
pub async fn finish(ctx: &mut Context, ops: &Ops, id: &PlanId, waiting: Waiting, all: bool) -> Result<(), Failure> {
    let mut plan = ops.plan(id).await?;
    let mut jobs = jobs(ops, &plan).await?;
    let open: Vec<Job> = jobs.values().filter(|job| job.state.open()).cloned().collect();
    let mut late = None;
    if waiting.wait && !open.is_empty() {
        late = wait::all(ctx, ops, open, waiting.timeout).await.err();
        plan = ops.plan(id).await?;
        jobs = self::jobs(ops, &plan).await?;
    } else if !open.is_empty() {
        wait::queued(ctx, ops, open.len()).await?;
    }
    print_outcomes(ctx, ops, &plan, &jobs)?;
    if let Some(failure) = late {
        return Err(failure);
    }
    let reached = |planned| matches!(planned, Outcome::WouldRun | Outcome::Deduplicated);
    let bad = plan.items.iter().filter(|item| {
        matches!(item.standing().0, Outcome::Refused | Outcome::Failed) && (all || reached(item.planned))
    });
    match bad.count() {
        0 => Ok(()),
        bad => Err(Failure::Some(format!("{bad} of {} did not work", plan.items.len()))),
    }
}

/// Prints what came of each, as it stands.
///
/// # Errors
/// When the file cannot be read, or stdout takes no more.
pub async fn outcomes(ctx: &mut Context, ops: &Ops, plan: &BulkPlan) -> Result<(), Failure> {
    let jobs = jobs(ops, plan).await?;
    print_outcomes(ctx, ops, plan, &jobs)
}

fn print_outcomes(ctx: &mut Context, ops: &Ops, plan: &BulkPlan, jobs: &HashMap<JobId, Job>) -> Result<(), Failure> {
    let item = |item: &Item| -> ItemDoc {
        let (outcome, why) = item.standing();
        let job = item.job.as_ref().and_then(|id| jobs.get(id)).cloned();
        let failed = job.as_ref().filter(|_| outcome == Outcome::Failed).and_then(|job| job.failed_step());
        let reason = failed.map_or_else(|| why.to_owned(), |(_, failure)| failure.code.clone());
        let reason = Some(reason).filter(|reason| !reason.is_empty());
        documents::item(item.connection.as_str(), outcome.word(), reason, job)
    };
    let items: Vec<ItemDoc> = plan.items.iter().map(item).collect();
    let mut printer = Printer::begin(&mut ctx.out, ops.now(), Some(items.len() as u64))?;
    printer.rows(&items)?;
    printer.end(None)?;
    if !plan.items.is_empty() {
        ctx.out.say(&format!("{}; plan {} keeps that", plan.tally().words(), plan.head.id.short()));
    }
    Ok(())
}

/// The jobs of a plan's items.
async fn jobs(ops: &Ops, plan: &BulkPlan) -> Result<HashMap<JobId, Job>, Failure> {
    let ids = plan.items.iter().filter_map(|item| item.job.clone()).collect();
    let jobs = ops.jobs_named(ids).await?;
    Ok(jobs.into_iter().map(|job| (job.id.clone(), job)).collect())
}
