//! `generate`: writes a made-up database.

use crate::cli::args::WorldArgs;
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::cli::progress::{Progress, stoppable};
use crate::clock::Clock;
use crate::domain::counts;
use crate::domain::moment::Moment;
use crate::store::Ingested;
use crate::world::{Scenario, WorldSettings};
use serde_json::json;

/// The default time of a made-up world: 2026-03-10T09:41:07Z.
const AT: Moment = Moment(1_773_135_667_000);

pub(crate) fn settings(world: WorldArgs, at: Moment) -> WorldSettings {
    WorldSettings {
        connections: world.connections,
        seed: world.seed,
        transactions_per_account: world.transactions,
        at,
        scenario: world.scenario,
    }
}

pub(crate) async fn run(ctx: &mut Context, world: WorldArgs) -> Result<(), Failure> {
    let at = ctx.common.at.unwrap_or(AT);
    let ops = ctx.creating(Clock::fixed(at))?;
    let mut bar = Progress::of(ctx, "connection");
    let work = ops.generate(settings(world, at), |progress| {
        bar.at(progress.connections, Some(progress.of));
    });
    let again = "what is in the file is whole; the same command goes on where it stopped";
    let made: Ingested = stoppable(work, again).await?;
    drop(bar);
    // the world has a time of its own; the file is of this machine's
    ops.keep_time_of(&Clock::system()).await?;
    let path = ops.store.path().to_string_lossy().into_owned();
    if !ctx.out.for_people() {
        return ctx.out.document(&json!({
            "type": "generated",
            "path": path,
            "connections": made.connections,
            "transactions": made.transactions,
            "unchanged": made.unchanged,
            "seed": world.seed,
            "scenario": world.scenario.map(Scenario::word),
            "at": at.rfc3339(),
        }));
    }
    let path = crate::domain::text::Shown::of(&path).into_plain();
    ctx.out.line(&format!(
        "{path}: {}, {}",
        counts::count(made.connections, "connection"),
        counts::count(made.transactions, "transaction")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_world_has_its_time() {
        assert_eq!(AT.rfc3339(), "2026-03-10T09:41:07Z");
    }
}
