//! `plans`, `plan ID` and `apply PLAN`: what was counted and kept, what came of it, and carrying it out.

use super::{bulk, paged};
use crate::cli::args::{Format, Part, Waiting};
use crate::cli::context::Context;
use crate::cli::documents;
use crate::cli::exit::Failure;
use crate::cli::list;
use crate::cli::output::Out;
use crate::domain::bulk::{BulkPlan, Head, Stage};
use crate::domain::moment::Moment;
use crate::domain::policy::Act;
use crate::domain::text::Shown;
use crate::domain::time_format;
use crate::domain::views::Page;
use crate::ops::Ops;

/// Prints the plans, newest first.
pub(crate) async fn list(ctx: &mut Context, part: &Part) -> Result<(), Failure> {
    let ops = ctx.reading()?;
    let now = ops.now();
    let ask = async |from, limit| {
        let page = ops.old_plans(from, limit).await?;
        let rows = page
            .rows
            .into_iter()
            .map(|head| documents::head(head, now))
            .collect();
        Ok(Page {
            rows,
            first: page.first,
            last: page.last,
            more: page.more,
        })
    };
    let size = ops.old_plan_size().await?;
    paged::print(ctx, &ops, "plans", part, Some(size), ask).await
}

/// Prints one plan with what came of each of its connections.
pub(crate) async fn one(ctx: &mut Context, id: &str) -> Result<(), Failure> {
    let ops = ctx.reading()?;
    let plan = ops.old_plan(&ops.old_resolve_plan(id).await?).await?;
    print(ctx, &ops, &plan, true)
}

/// Carries a plan out.
pub(crate) async fn apply(
    ctx: &mut Context,
    id: &str,
    confirm: Option<&str>,
    reason: Option<&str>,
    waiting: Waiting,
) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    let id = ops.old_resolve_plan(id).await?;
    if !bulk::apply(ctx, &ops, &id, confirm, reason).await? {
        ctx.out.say(&format!(
            "plan {} was carried out already; nothing was changed",
            id.short()
        ));
        return bulk::outcomes(ctx, &ops, &ops.old_plan(&id).await?).await;
    }
    bulk::finish(ctx, &ops, &id, waiting).await
}

/// Prints a plan in the form that was asked for. One that is not `kept` has no name to apply it by.
///
/// # Errors
/// When stdout takes no more.
pub(crate) fn print(
    ctx: &mut Context,
    ops: &Ops,
    plan: &BulkPlan,
    kept: bool,
) -> Result<(), Failure> {
    match ctx.out.manner.form {
        Format::Json | Format::Jsonl => {
            return ctx
                .out
                .document(&documents::bulk_plan(plan, ops.now(), kept));
        }
        Format::Csv => {}
        Format::Table => people(ctx, ops, plan, kept)?,
    }
    let items: Vec<_> = plan.items.iter().map(documents::planned).collect();
    list::whole(&mut ctx.out, ops.now(), None, &items)
}

fn people(ctx: &mut Context, ops: &Ops, plan: &BulkPlan, kept: bool) -> Result<(), Failure> {
    let (head, tally, out) = (&plan.head, plan.tally(), &mut ctx.out);
    let what = format!(
        "{} of {}",
        head.act.word(),
        time_format::count(head.items, "connection")
    );
    if kept {
        stands(out, head, ops.now(), &what)?;
    } else {
        out.line(&format!(
            "{what}, counted {} and not kept",
            time_format::date_time(head.made)
        ))?;
    }
    if tally.total() > 0 {
        out.line(&format!("  {}", tally.words()))?;
    }
    let figures = format!(
        "{}, {}",
        time_format::count(tally.accounts, "account"),
        time_format::count(tally.transactions, "transaction")
    );
    match head.act {
        Act::Purge => out.line(&format!(
            "  deletes for good: {figures}, {}",
            time_format::count(tally.profiles, "profile")
        ))?,
        Act::Revoke => out.line(&format!(
            "  stays stored, and no purge is possible afterwards: {figures}"
        ))?,
        _ if head.runs > 0 => out.line(&format!(
            "  takes about {}",
            time_format::words(head.takes_ms)
        ))?,
        _ => {}
    }
    let banks = plan.banks.iter().take(8).map(|b| {
        format!(
            "{} {}",
            Shown::of_limited(&b.name, 60).into_plain(),
            b.count
        )
    });
    let more = plan.banks.len().saturating_sub(8);
    let rest = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    if !plan.banks.is_empty() {
        out.line(&format!(
            "  by bank: {}{rest}",
            banks.collect::<Vec<_>>().join(", ")
        ))?;
    }
    out.line("")
}

/// What a kept plan is called, where it stands, and why it was carried out.
fn stands(out: &mut Out, head: &Head, now: Moment, what: &str) -> Result<(), Failure> {
    out.line(&format!("plan {}: {what}", head.id.short()))?;
    let made = format!(
        "made {} by {}",
        time_format::date_time(head.made),
        Shown::of_limited(&head.actor, 64).into_plain()
    );
    let stage = match head.stage(now) {
        Stage::Open => format!(
            "can be carried out until {}",
            time_format::date_time(head.expires)
        ),
        Stage::Lapsed => format!("lapsed at {}", time_format::date_time(head.expires)),
        Stage::Begun => "begun and not finished".to_owned(),
        Stage::Finished => format!(
            "carried out at {}",
            head.finished
                .map(time_format::date_time)
                .unwrap_or_default()
        ),
    };
    out.line(&format!("  {made}; {stage}"))?;
    if !head.reason.is_empty() {
        out.line(&format!(
            "  reason: {}",
            Shown::of_limited(&head.reason, 500).into_plain()
        ))?;
    }
    Ok(())
}
