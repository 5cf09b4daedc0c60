//! What has to happen although nobody asks. Every process that runs jobs keeps this up; each duty does its
//! part in transactions that look again at what they change, so any number of processes may.
//!
//! To add a duty: a file here with a method of [`Ops`] that does what is due and answers when it is due
//! next, and a line in [`Ops::upkeep`]. Deliberately absent: running jobs, which is the engine's.

mod arrangements;
mod consents;
mod doctor;
mod fetch_stats;
mod lockout;
mod schedule;
mod sequences;
mod smart_cache;
mod workflows;

pub(crate) use doctor::Doctor;
pub(crate) use schedule::{Planned, Schedule};

use super::{Caller, Ops, Result};
use crate::domain::moment::Moment;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// The longest time between two rounds.
const LONGEST: Duration = Duration::from_secs(30);

/// The shortest; commits that come thicker are seen to together.
const SHORTEST: Duration = Duration::from_secs(1);

/// The upkeep of this process. Dropping it stops it after the transaction that is under way.
pub(crate) struct Upkeep {
    task: JoinHandle<()>,
    trouble: watch::Receiver<Option<String>>,
}

impl Upkeep {
    /// Starts it: a round now, then whenever something is due or has changed.
    pub(crate) fn start(ops: &Ops) -> Self {
        let (told, trouble) = watch::channel(None);
        let ops = ops.clone().with_caller(Self::caller());
        Self {
            task: tokio::spawn(keep_up(ops, told)),
            trouble,
        }
    }

    /// Who it is in the audit: nobody asked.
    pub(crate) fn caller() -> Caller {
        Caller {
            actor: "upkeep".into(),
            face: "worker",
        }
    }

    /// What is in its way, while something is.
    pub(crate) fn trouble(&self) -> watch::Receiver<Option<String>> {
        self.trouble.clone()
    }
}

impl Drop for Upkeep {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn keep_up(ops: Ops, told: watch::Sender<Option<String>>) {
    let mut wakes = ops.store.wakes();
    // once, not every round: two processes with two limits would undo each other's measure for ever
    if let Err(error) = ops.measure_guard().await {
        told.send_replace(Some(error.to_string()));
    }
    loop {
        wakes.mark_unchanged();
        let next = match ops.upkeep().await {
            Ok(next) => {
                told.send_if_modified(|t| t.take().is_some());
                next
            }
            Err(error) => {
                told.send_replace(Some(error.to_string()));
                None
            }
        };
        let wait = next.map_or(LONGEST, |at| {
            Duration::from_millis(u64::try_from(at.since(ops.now())).unwrap_or(0))
                .clamp(SHORTEST, LONGEST)
        });
        // commits that come thicker than this are seen to in one round
        tokio::time::sleep(SHORTEST).await;
        tokio::select! {
            _ = wakes.changed() => {}
            () = tokio::time::sleep(wait - SHORTEST) => {}
        }
    }
}

impl Ops {
    /// One round: does what is due now and answers when something is due next, as far as that is known.
    ///
    /// # Errors
    /// When the file cannot be read or written; what was done before stays done.
    pub(crate) async fn upkeep(&self) -> Result<Option<Moment>> {
        let next = [
            self.lapse_arrangements().await?,
            self.tend_consents().await?,
            self.take_up_sequences().await?,
            self.take_up_workflows().await?,
            self.refresh_in_background().await?,
            self.measure().await?,
        ];
        Ok(next.into_iter().flatten().min())
    }
}
