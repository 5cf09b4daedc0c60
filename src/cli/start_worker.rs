//! Starts a worker in this process, with the sandbox banks.

use super::context::Context;
use super::exit::Failure;
use crate::connector::Bank;
use crate::connector::sandbox::{Sandbox, SandboxSettings};
use crate::engine::Worker;
use crate::live::Duty;
use crate::ops::Ops;
use std::ops::Deref;
use std::sync::Arc;
use tokio::sync::watch;

/// What runs jobs in this process: those of the sandbox, and the acts at a platform.
pub(crate) struct Running {
    worker: Worker,
    live: Duty,
}

impl Deref for Running {
    type Target = Worker;

    fn deref(&self) -> &Worker {
        &self.worker
    }
}

impl Running {
    /// What keeps this process from reading the platform, beside the platform itself.
    pub(crate) fn live_trouble(&self) -> watch::Receiver<Option<String>> {
        self.live.trouble()
    }

    pub(crate) async fn stop(self) {
        tokio::join!(self.worker.stop(), self.live.stop());
    }
}

/// Starts running jobs in this process. A made-up world keeps its own random seed.
pub(crate) async fn worker(ctx: &Context, ops: &Ops, face: &str) -> Result<Running, Failure> {
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
    let worker = Worker::start(
        ops.store.clone(),
        bank,
        ops.clock.clone(),
        ctx.config.limits.clone(),
        face,
    );
    Ok(Running {
        worker,
        live: Duty::start(ops),
    })
}

/// Does something beside what sends the outbox, where the file mirrors a platform: it may wait for an answer of that.
pub(crate) async fn beside_outbox<T>(
    ops: &Ops,
    work: impl Future<Output = T>,
) -> Result<T, Failure> {
    let duty = ops.live_status().await?.map(|_| Duty::start(ops));
    let done = work.await;
    if let Some(duty) = duty {
        duty.stop().await;
    }
    Ok(done)
}

/// Registers the sandbox banks in a database that has no banks yet.
pub(crate) async fn declare_banks(ops: &Ops) -> Result<(), Failure> {
    if !ops.store.read_only()
        && ops.live_status().await?.is_none()
        && ops.bank_names().await?.is_empty()
    {
        ops.declare_banks(Sandbox::institutions()).await?;
    }
    Ok(())
}
