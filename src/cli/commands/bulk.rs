//! What acts on several connections share: which ones, the plan that is made of them, and the outcomes of
//! carrying it out. `apply` ends here too.

use super::connections::filter;
use super::{plans, wait};
use crate::cli::args::{Acting, Waiting, Which};
use crate::cli::context::Context;
use crate::cli::documents::{self, ItemDoc};
use crate::cli::exit::Failure;
use crate::cli::list;
use crate::domain::bulk::{BulkPlan, Item, Outcome, needs_reason};
use crate::domain::ids::{ConnectionId, JobId, PlanId};
use crate::domain::job::Job;
use crate::domain::policy::Act;
use crate::domain::query::Scope;
use crate::domain::time_format;
use crate::ops::{Chosen, Force, Ops};
use std::collections::HashMap;
use std::io::IsTerminal as _;

/// What an action is for.
#[derive(Debug)]
pub(crate) enum Targets {
    /// One connection, named, and no plan asked for.
    One(ConnectionId),
    /// Several, or what a filter found, or a user's.
    Many(Chosen),
}

/// Finds the connections; an id that names none, or several, stops it before anything is done.
///
/// # Errors
/// When an id is not one connection's or user's, or the filter has a mistake.
pub(crate) async fn targets(ops: &Ops, which: &Which, acting: &Acting) -> Result<Targets, Failure> {
    if let Some(text) = &which.filter {
        if text.trim().is_empty() {
            // what was meant to be a filter may be a variable that is not set
            let all =
                "an empty --filter is not taken for all; to mean them: --filter 'status:active'";
            return Err(Failure::Usage(format!("{all} or another that says which")));
        }
        return Ok(Targets::Many(Chosen::Found(Box::new(filter(
            text,
            Scope::Connections,
        )?))));
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
pub(crate) async fn run(
    ctx: &mut Context,
    ops: &Ops,
    act: Act,
    chosen: Chosen,
    force: Force,
    acting: &Acting,
) -> Result<(), Failure> {
    let plan = match acting.arming.dry_run {
        true => ops.count_plan(act, chosen, force).await?,
        false => ops.make_plan(act, chosen, force).await?,
    };
    // nothing is there to be planned, or to be armed by words
    if plan.items.is_empty() {
        return print_outcomes(ctx, ops, &plan, &HashMap::new());
    }
    if acting.arming.dry_run {
        return plans::print(ctx, ops, &plan, false);
    }
    if plan.head.runs == 0 {
        if acting.plan {
            ctx.out
                .say("none of them would be reached now, so no plan is kept");
            return plans::print(ctx, ops, &plan, false);
        }
        print_outcomes(ctx, ops, &plan, &HashMap::new())?;
        return all_well(&plan);
    }
    if acting.plan {
        plans::print(ctx, ops, &plan, true)?;
        ctx.out.say(&how(&plan));
        return Ok(());
    }
    let words = plan.head.words();
    if act != Act::Refresh {
        let said = acting.arming.confirm.as_deref();
        if plan
            .head
            .may_apply(said, acting.arming.reason.as_deref(), plan.head.made)
            .is_err()
        {
            plans::print(ctx, ops, &plan, true)?;
            return Err(Failure::Unconfirmed(format!(
                "nothing was changed; {}",
                how(&plan)
            )));
        }
    }
    apply(
        ctx,
        ops,
        &plan.head.id,
        Some(&words),
        acting.arming.reason.as_deref(),
    )
    .await?;
    finish(ctx, ops, &plan.head.id, acting.waiting).await
}

/// How a plan is carried out.
fn how(plan: &BulkPlan) -> String {
    let head = &plan.head;
    let reason = if needs_reason(head.act, head.runs) {
        " --reason \"why\""
    } else {
        ""
    };
    format!(
        "to do it: switchboard apply {} --confirm \"{}\"{reason}",
        head.id.short(),
        head.words()
    )
}

/// Carries a plan out, telling a terminal how far it is; answers whether anything was left to do.
///
/// # Errors
/// When it may not be, or something failed.
pub(crate) async fn apply(
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
                out.say(&format!(
                    "{} so far",
                    time_format::count(done, "connection")
                ));
            }
        })
        .await?;
    Ok(!applied.over)
}

/// Waits where that was asked for, prints the outcomes, and says whether all went well.
///
/// # Errors
/// When something failed or was refused.
pub(crate) async fn finish(
    ctx: &mut Context,
    ops: &Ops,
    id: &PlanId,
    waiting: Waiting,
) -> Result<(), Failure> {
    let mut plan = ops.old_plan(id).await?;
    let mut jobs = jobs(ops, &plan).await?;
    let open: Vec<Job> = jobs
        .values()
        .filter(|job| job.state.open())
        .cloned()
        .collect();
    let mut late = None;
    if waiting.wait && !open.is_empty() {
        late = wait::all(ctx, ops, open, waiting.timeout).await.err();
        plan = ops.old_plan(id).await?;
        jobs = self::jobs(ops, &plan).await?;
    } else if !open.is_empty() {
        wait::queued(ctx, ops, open.len()).await?;
    }
    print_outcomes(ctx, ops, &plan, &jobs)?;
    if let Some(failure) = late {
        return Err(failure);
    }
    all_well(&plan)
}

/// The one rule of how an act on several ends, whoever carries it out and when: whatever failed or was refused
/// counts, also what was refused when it was counted.
fn all_well(plan: &BulkPlan) -> Result<(), Failure> {
    let tally = plan.tally();
    match tally.count(Outcome::Refused) + tally.count(Outcome::Failed) {
        0 => Ok(()),
        bad => Err(Failure::Some(format!(
            "{bad} of {} did not work",
            plan.items.len()
        ))),
    }
}

/// Prints what came of each, as it stands.
///
/// # Errors
/// When something failed or was refused, the file cannot be read, or stdout takes no more.
pub(crate) async fn outcomes(ctx: &mut Context, ops: &Ops, plan: &BulkPlan) -> Result<(), Failure> {
    let jobs = jobs(ops, plan).await?;
    print_outcomes(ctx, ops, plan, &jobs)?;
    all_well(plan)
}

fn print_outcomes(
    ctx: &mut Context,
    ops: &Ops,
    plan: &BulkPlan,
    jobs: &HashMap<JobId, Job>,
) -> Result<(), Failure> {
    let item = |item: &Item| -> ItemDoc {
        let (outcome, why) = item.standing();
        let job = item.job.as_ref().and_then(|id| jobs.get(id)).cloned();
        let failed = job
            .as_ref()
            .filter(|_| outcome == Outcome::Failed)
            .and_then(|job| job.failed_step());
        let reason = failed.map_or_else(|| why.to_owned(), |(_, failure)| failure.code.clone());
        let reason = Some(reason).filter(|reason| !reason.is_empty());
        documents::item(item.connection.as_str(), outcome.word(), reason, job)
    };
    let items: Vec<ItemDoc> = plan.items.iter().map(item).collect();
    list::whole(&mut ctx.out, ops.now(), Some(items.len() as u64), &items)?;
    if plan.head.runs > 0 {
        ctx.out.say(&format!(
            "{}; plan {} keeps that",
            plan.tally().words(),
            plan.head.id.short()
        ));
    }
    Ok(())
}

/// The jobs of a plan's items.
async fn jobs(ops: &Ops, plan: &BulkPlan) -> Result<HashMap<JobId, Job>, Failure> {
    let ids = plan
        .items
        .iter()
        .filter_map(|item| item.job.clone())
        .collect();
    let jobs = ops.jobs_named(ids).await?;
    Ok(jobs.into_iter().map(|job| (job.id.clone(), job)).collect())
}
