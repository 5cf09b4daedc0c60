//! `revoke ID...`: end a connection for good. Its data stays and can no longer be purged, and the plan
//! says so.

use super::bulk::{self, Targets};
use super::wait;
use crate::cli::args::{Acting, Format, Which};
use crate::cli::context::Context;
use crate::cli::documents;
use crate::cli::exit::Failure;
use crate::cli::output::Out;
use crate::domain::connection::Label;
use crate::domain::ids::ConnectionId;
use crate::domain::plan::RevokePlan;
use crate::domain::policy::Act;
use crate::domain::text::Shown;
use crate::domain::time_format;
use crate::ops::{Force, Ops};

/// Revokes, or shows what a revoke would leave.
pub(crate) async fn run(ctx: &mut Context, which: &Which, acting: &Acting) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    match bulk::targets(&ops, which, acting).await? {
        Targets::One(id) => one(ctx, &ops, &id, acting).await,
        Targets::Many(chosen) => {
            bulk::run(ctx, &ops, Act::Revoke, chosen, Force::default(), acting).await
        }
    }
}

async fn one(
    ctx: &mut Context,
    ops: &Ops,
    id: &ConnectionId,
    acting: &Acting,
) -> Result<(), Failure> {
    let plan = ops.plan_revoke(id).await?;
    if acting.arming.dry_run {
        return print(&mut ctx.out, &plan);
    }
    let same = |said: &str| said.trim().to_lowercase() == plan.words().to_lowercase();
    if !acting.arming.confirm.as_deref().is_some_and(same) {
        print(&mut ctx.out, &plan)?;
        return Err(Failure::Unconfirmed(format!(
            "nothing was changed; to do it: --confirm \"{}\"",
            plan.words()
        )));
    }
    let stays = stays(&plan);
    let job = ops
        .revoke(
            id,
            Some(&plan.fingerprint),
            acting.arming.reason.as_deref().unwrap_or(""),
        )
        .await?;
    ctx.out.say(&stays);
    wait::finish(ctx, ops, job, false, acting.waiting).await
}

fn stays(plan: &RevokePlan) -> String {
    format!(
        "{} and {} stay stored, and a purge is impossible afterwards",
        time_format::count(plan.stored.accounts.len() as u64, "account"),
        time_format::count(plan.stored.transactions, "transaction")
    )
}

fn print(out: &mut Out, plan: &RevokePlan) -> Result<(), Failure> {
    if matches!(out.manner.form, Format::Json | Format::Jsonl) {
        return out.document(&documents::revoke_plan(plan));
    }
    let bank = Shown::of_limited(&plan.target.institution_name, 60).into_plain();
    out.line(&format!(
        "revoke of connection {} at {bank}",
        plan.target.id
    ))?;
    out.line("  ends for good; credentials and profile are destroyed")?;
    out.line(&format!("  {}", stays(plan)))?;
    if plan.target.label == Label::Active {
        out.line(&format!(
            "  to delete the data, purge first: switchboard purge {}",
            plan.target.id.short()
        ))?;
    }
    if let Some(job) = &plan.open_job {
        out.line(&format!("  the open job {job} ends as failed"))?;
    }
    Ok(())
}
