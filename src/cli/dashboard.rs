//! Opening the dashboard: the store, a worker in this process where it may write, and the screen.

use crate::clock::Clock;
use crate::connector::Bank;
use crate::connector::sandbox::{Sandbox, SandboxSettings};
use crate::engine::{Settings, Worker};
use crate::ops::Ops;
use crate::store::Store;
use crate::tui::shell::{Ending, Live, run};
use crate::tui::terminal::NoTerminal;
use std::sync::Arc;

/// The sandbox's banks, broken where the file says so.
pub fn bank(store: &Store, speed: f64, seed: u64) -> Arc<dyn Bank> {
    let outages = store.clone();
    let settings = SandboxSettings { speed, seed };
    Arc::new(Sandbox::new(settings).with_outages(Arc::new(move |bank, now| {
        // one lookup by key, on whatever thread asks; a store that fails breaks no bank
        outages.outage_now(bank, now)
    })))
}

/// Starts this process's worker.
pub fn worker(ops: &Ops, bank: Arc<dyn Bank>, clock: &Clock, settings: &Settings, face: &str) -> Worker {
    Worker::start(ops.store.clone(), bank, clock.clone(), settings.clone(), face)
}

/// Shows the dashboard until it ends, then lets the worker go.
pub async fn open(mut live: Live, worker: Option<Worker>) -> Result<Ending, NoTerminal> {
    live.trouble = worker.as_ref().map(Worker::trouble);
    let ending = run(live).await;
    if let Some(worker) = worker {
        worker.stop().await;
    }
    ending
}
