//! `refresh ID...`: fetches new data. No confirmation; recently refreshed connections are skipped.

use super::bulk::{self, Targets};
use super::wait;
use crate::cli::args::{Acting, Which};
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::domain::policy::Act;
use crate::ops::{Chosen, Force};

/// Starts the refreshes, or prints the plan.
pub(crate) async fn run(
    ctx: &mut Context,
    which: &Which,
    force: Force,
    acting: &Acting,
) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    match bulk::targets(&ops, which, acting).await? {
        Targets::One(id) if !acting.arming.dry_run => {
            let done = ops.refresh(&id, force).await?;
            wait::finish(ctx, &ops, done.job, done.deduplicated, acting.waiting).await
        }
        Targets::One(id) => {
            bulk::run(
                ctx,
                &ops,
                Act::Refresh,
                Chosen::Ids(vec![id]),
                force,
                acting,
            )
            .await
        }
        Targets::Many(chosen) => bulk::run(ctx, &ops, Act::Refresh, chosen, force, acting).await,
    }
}
