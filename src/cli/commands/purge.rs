//! `purge ID...`: delete the fetched data for good. Without the words that arm it the plan is printed and
//! nothing is changed.

use super::bulk::{self, Targets};
use super::wait;
use crate::cli::args::{Acting, Format, Which};
use crate::cli::context::Context;
use crate::cli::documents;
use crate::cli::exit::Failure;
use crate::cli::output::Out;
use crate::domain::ids::ConnectionId;
use crate::domain::plan::{PurgePlan, Sibling};
use crate::domain::policy::Act;
use crate::domain::text::Shown;
use crate::domain::time_format;
use crate::ops::{Force, Ops};

/// Purges, or shows what a purge would delete.
pub(crate) async fn run(ctx: &mut Context, which: &Which, acting: &Acting) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    match bulk::targets(&ops, which, acting).await? {
        Targets::One(id) => one(ctx, &ops, &id, acting).await,
        Targets::Many(chosen) => {
            bulk::run(ctx, &ops, Act::Purge, chosen, Force::default(), acting).await
        }
    }
}

async fn one(
    ctx: &mut Context,
    ops: &Ops,
    id: &ConnectionId,
    acting: &Acting,
) -> Result<(), Failure> {
    let plan = ops.plan_purge(id).await?;
    if acting.arming.dry_run {
        return print(&mut ctx.out, &plan);
    }
    let words = plan.words();
    if acting.arming.confirm.as_deref().map(str::trim) != Some(words.as_str()) {
        print(&mut ctx.out, &plan)?;
        return Err(Failure::Unconfirmed(format!(
            "nothing was changed; to do it: --confirm \"{words}\""
        )));
    }
    let reason = acting.arming.reason.as_deref().unwrap_or("");
    let job = ops.purge(id, Some(&plan.fingerprint), reason).await?;
    wait::finish(ctx, ops, job, false, acting.waiting).await
}

fn print(out: &mut Out, plan: &PurgePlan) -> Result<(), Failure> {
    if matches!(out.manner.form, Format::Json | Format::Jsonl) {
        return out.document(&documents::purge_plan(plan));
    }
    let bank = Shown::of_limited(&plan.target.institution_name, 60).into_plain();
    out.line(&format!("purge of connection {} at {bank}", plan.target.id))?;
    out.line(&format!(
        "  deleted for good: {}, {}, {}",
        time_format::count(plan.stored.accounts.len() as u64, "account"),
        time_format::count(plan.stored.transactions, "transaction"),
        time_format::count(plan.stored.profiles, "profile")
    ))?;
    if let Some((first, last)) = plan.stored.days {
        out.line(&format!(
            "  transactions from {} to {}",
            time_format::date(first),
            time_format::date(last)
        ))?;
    }
    let names = |siblings: &[Sibling]| {
        siblings
            .iter()
            .map(|s| s.id.short().to_owned())
            .collect::<Vec<_>>()
            .join(", ")
    };
    if !plan.siblings.is_empty() {
        out.line(&format!(
            "  the user's other connections at this bank lose their data too: {}",
            names(&plan.siblings)
        ))?;
    }
    if !plan.kept.is_empty() {
        out.line(&format!(
            "  not touched at other banks: {}",
            names(&plan.kept)
        ))?;
    }
    out.line(&format!(
        "  kept: the connection, its status, {}",
        time_format::count(plan.jobs_kept, "job")
    ))
}
