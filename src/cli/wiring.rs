//! Where the configuration meets the engine: the banks behind it, its figures, and a worker in this process.

use super::context::Context;
use super::exit::Failure;
use crate::connector::Bank;
use crate::connector::sandbox::{Sandbox, SandboxSettings};
use crate::engine::Worker;
use crate::ops::Ops;
use std::sync::Arc;

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
        crate::ops::outage_now(&store, institution, now)
    })));
    Ok(Worker::start(
        ops.store.clone(),
        bank,
        ops.clock.clone(),
        ctx.config.limits.clone(),
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
