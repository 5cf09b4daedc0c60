//! `refresh ID...`: fetches new data. No confirmation; recently refreshed connections are skipped.

use super::bulk::{self, Targets};
use super::wait;
use crate::cli::args::RefreshArgs;
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::domain::policy::Act;
use crate::ops::{Chosen, Force};

/// Starts the refreshes, or prints the plan.
pub(crate) async fn run(ctx: &mut Context, args: &RefreshArgs) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    let (acting, force) = (
        &args.acting,
        Force {
            recent: args.force_recent,
            sign_in: args.force,
        },
    );
    let chosen = match bulk::targets(&ops, &args.which, acting).await? {
        Targets::One(id) if !acting.arming.dry_run => {
            let done = ops.refresh(&id, force).await?;
            return wait::finish(ctx, &ops, done.job, done.deduplicated, acting.waiting).await;
        }
        Targets::One(id) => Chosen::Ids(vec![id]),
        Targets::Many(chosen) => chosen,
    };
    bulk::run(ctx, &ops, Act::Refresh, chosen, force, acting).await
}
