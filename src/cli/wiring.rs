//! Where the parts are put together: the sandbox banks behind the engine, and a worker in this process.

use super::context::Context;
use super::exit::Failure;
use crate::clock::Clock;
use crate::connector::sandbox::{Sandbox, SandboxSettings};
use crate::connector::{Ask, Bank, Outcome};
use crate::domain::failure::Failure as StepFailure;
use crate::engine::{self, Worker};
use crate::ops::Ops;
use crate::store::{self, Store};
use futures::future::BoxFuture;
use std::sync::Arc;
use std::time::Duration;

/// The sandbox, with the outages that the file says.
struct Breakable {
    sandbox: Sandbox,
    store: Store,
    clock: Clock,
}

impl Bank for Breakable {
    fn ask(&self, ask: Ask) -> BoxFuture<'_, Outcome> {
        Box::pin(async move {
            let (bank, now) = (ask.institution.clone(), self.clock.now());
            let broken: Result<bool, store::Error> =
                self.store.read(move |rd| Ok(rd.outage(&bank)?.is_some_and(|until| until > now))).await;
            match broken {
                Ok(true) => Outcome::Failed(StepFailure::of("service-unavailable")),
                // a file that cannot be read is the engine's to notice; the bank is not to blame
                Ok(false) | Err(_) => self.sandbox.ask(ask).await,
            }
        })
    }

    fn patience(&self, ask: &Ask) -> Duration {
        self.sandbox.patience(ask)
    }
}

/// The banks of this configuration; a made-up world keeps its own dice.
///
/// # Errors
/// When the file cannot be read.
pub async fn bank(ctx: &Context, ops: &Ops) -> Result<Arc<dyn Bank>, Failure> {
    let world = ops.world().await?;
    let settings = SandboxSettings {
        speed: ctx.config.sandbox.speed,
        seed: world.map_or(ctx.config.sandbox.seed, |world| world.seed),
    };
    Ok(Arc::new(Breakable { sandbox: Sandbox::new(settings), store: ops.store.clone(), clock: ops.clock.clone() }))
}

/// The engine's figures of this configuration.
pub fn settings(ctx: &Context) -> engine::Settings {
    let (jobs, limits) = (&ctx.config.jobs, &ctx.config.limits);
    let count = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    engine::Settings {
        lease: jobs.lease,
        heartbeat: jobs.heartbeat,
        rescue: jobs.rescue,
        retry_every: jobs.retry_every,
        retry_for: jobs.retry_for,
        retry: ctx.config.sandbox.retry,
        mfa_expiry: jobs.mfa_expiry,
        per_institution: count(limits.per_institution),
        total: count(limits.total),
        ..engine::Settings::default()
    }
}

/// Starts running jobs in this process.
///
/// # Errors
/// When the file cannot be read.
pub async fn worker(ctx: &Context, ops: &Ops, face: &str) -> Result<Worker, Failure> {
    let bank = bank(ctx, ops).await?;
    Ok(Worker::start(ops.store.clone(), bank, ops.clock.clone(), settings(ctx), face))
}
