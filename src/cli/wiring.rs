//! Where the configuration meets the engine: the banks behind it, its figures, and a worker in this process.

use super::context::Context;
use super::exit::Failure;
use crate::connector::Bank;
use crate::connector::sandbox::{Sandbox, SandboxSettings};
use crate::engine::{self, Worker};
use crate::ops::Ops;
use std::sync::Arc;

/// The engine's figures of this configuration.
pub(crate) fn settings(ctx: &Context) -> engine::Settings {
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
        credential_pause: jobs.credential_pause,
        refused_sign_ins: u32::try_from(limits.refused_sign_ins).unwrap_or(u32::MAX),
        per_institution: count(limits.per_institution),
        total: count(limits.total),
        ..engine::Settings::default()
    }
}

/// Starts running jobs in this process. A made-up world keeps its own dice.
///
/// # Errors
/// When the file cannot be read.
pub(crate) async fn worker(ctx: &Context, ops: &Ops, face: &str) -> Result<Worker, Failure> {
    let seed = ops
        .world()
        .await?
        .map_or(ctx.config.sandbox.seed, |world| world.seed);
    let sandbox = Sandbox::new(SandboxSettings {
        speed: ctx.config.sandbox.speed,
        seed,
    });
    let store = ops.store.clone();
    let bank: Arc<dyn Bank> = Arc::new(sandbox.with_outages(Arc::new(move |institution, now| {
        store.outage_now(institution, now)
    })));
    Ok(Worker::start(
        ops.store.clone(),
        bank,
        ops.clock.clone(),
        settings(ctx),
        face,
    ))
}

/// Describes the sandbox's banks in a file that knows none yet, so that they have names and can be
/// connected to.
///
/// # Errors
/// When the file cannot be written.
pub(crate) async fn declare_banks(ops: &Ops) -> Result<(), Failure> {
    if !ops.store.read_only() && ops.bank_names().await?.is_empty() {
        ops.declare_banks(Sandbox::institutions()).await?;
    }
    Ok(())
}
