//! `refresh ID...`: fetch what appeared since. No confirmation; what was asked moments ago is skipped.

use super::many::{self, Targets};
use super::wait;
use crate::cli::args::{Acting, Which};
use crate::cli::context::Context;
use crate::cli::documents::{self, ItemDoc};
use crate::cli::exit::Failure;
use crate::domain::age;
use crate::domain::ids::ConnectionId;
use crate::domain::listing::ConnectionRow;
use crate::domain::moment::Moment;
use crate::domain::policy::{Act, may, too_recent};
use crate::ops::{Force, Ops};
use std::time::Duration;

/// Asks for the refreshes, or shows what asking would do.
pub async fn run(ctx: &mut Context, which: &Which, force: Force, acting: &Acting) -> Result<(), Failure> {
    many::no_kept_plans(acting, "refresh")?;
    let ops = ctx.writing()?;
    let targets = many::targets(ctx, &ops, which).await?;
    if acting.dry_run {
        let ids = match targets {
            Targets::One(id) => vec![id],
            Targets::Many(ids) => ids,
        };
        let items = preview(ctx, &ops, &ids, force).await?;
        return many::print_plan(ctx, &ops, "refresh", &items);
    }
    match targets {
        Targets::One(id) => {
            let done = ops.refresh(&id, force).await?;
            wait::finish(ctx, &ops, done.job, done.deduplicated, acting.waiting).await
        }
        Targets::Many(ids) => {
            let mut items = Vec::with_capacity(ids.len());
            for id in &ids {
                items.push(match ops.refresh(id, force).await {
                    Ok(done) if done.deduplicated => documents::item(id.as_str(), "deduplicated", None, Some(done.job)),
                    Ok(done) => documents::item(id.as_str(), "queued", None, Some(done.job)),
                    Err(error) => many::outcome(id, error)?,
                });
            }
            many::finish(ctx, &ops, items, acting).await
        }
    }
}

async fn preview(ctx: &Context, ops: &Ops, ids: &[ConnectionId], force: Force) -> Result<Vec<ItemDoc>, Failure> {
    let floor = if force.recent { Duration::ZERO } else { ops.limits.refresh_floor };
    let mut items = Vec::with_capacity(ids.len());
    for id in ids {
        let row = ops.connection(id, ctx.level()).await?.row;
        let (outcome, reason) = foreseen(&row, ops.now(), floor, force);
        items.push(documents::item(id.as_str(), outcome, reason, None));
    }
    Ok(items)
}

/// What asking for a refresh would come to, as far as the row tells.
fn foreseen(row: &ConnectionRow, now: Moment, floor: Duration, force: Force) -> (&'static str, Option<String>) {
    if let Err(reason) = may(Act::Refresh, row.method, row.label) {
        return ("refused", Some(reason.words.to_owned()));
    }
    if row.last_job.as_ref().is_some_and(|job| job.kind.fetches() && job.state.open()) {
        return ("deduplicated", Some("a job is open already".into()));
    }
    if row.guarded && !force.sign_in {
        return ("refused", Some(format!("the bank refused the sign-in {} times in a row", row.refused)));
    }
    match too_recent(row, now, floor) {
        Some(_) => ("skipped", Some(format!("the bank was asked {}", age::ago(row.last_used, now)))),
        None => ("would-run", None),
    }
}
