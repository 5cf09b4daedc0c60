//! Periodic maintenance, in every process that runs jobs. Each task checks in its transaction what it changes, so any
//! number of processes may run it. A new task is a file here and a line in [`Ops::maintain`].

mod backup;
mod bank_consents;
mod consents;
mod contacts;
mod doctor;
mod fetch_stats;
mod held;
mod incidents;
mod lockout;
mod loss;
mod metrics;
mod movers;
mod schedule;
mod smart_cache;
mod workflows;

pub(crate) use doctor::Doctor;
pub(crate) use held::Held;
pub(crate) use loss::{accept_loss, loss_words};
pub(crate) use metrics::Metered;
pub(crate) use schedule::{Planned, Schedule};

use super::webhooks::Deliveries;
use super::{Caller, Error, Ops, Result};
use crate::domain::access::Role;
use crate::domain::moment::Moment;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

const LONGEST: Duration = Duration::from_secs(30);

/// The shortest time between two rounds; commits in between share one.
const SHORTEST: Duration = Duration::from_secs(1);

/// The maintenance task of this process, with the deliveries to webhooks beside it. Dropping it stops both after the
/// current transaction.
pub(crate) struct Maintenance {
    _deliveries: Deliveries,
    task: JoinHandle<()>,
    trouble: watch::Receiver<Option<String>>,
    held: watch::Receiver<Option<Held>>,
}

impl Maintenance {
    /// Starts with a round now; more follow whenever something is due or has changed.
    pub(crate) fn start(ops: &Ops) -> Self {
        let (told, trouble) = watch::channel(None);
        let (holds, held) = watch::channel(None);
        let ops = ops.clone().with_caller(Self::caller());
        Self {
            _deliveries: Deliveries::start(&ops),
            task: tokio::spawn(keep_up(ops, told, holds)),
            trouble,
            held,
        }
    }

    pub(crate) fn caller() -> Caller {
        Caller {
            zone: crate::domain::zone::Zone::UTC,
            actor: "upkeep".into(),
            face: "worker",
            role: Role::Admin,
        }
    }

    /// The last error, while it lasts.
    pub(crate) fn trouble(&self) -> watch::Receiver<Option<String>> {
        self.trouble.clone()
    }

    /// Why nothing ends by itself, while that lasts.
    pub(crate) fn held(&self) -> watch::Receiver<Option<Held>> {
        self.held.clone()
    }
}

impl Drop for Maintenance {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn keep_up(
    ops: Ops,
    told: watch::Sender<Option<String>>,
    holds: watch::Sender<Option<Held>>,
) {
    let mut wakes = ops.store.wakes();
    // once, not every round: two processes with two limits would undo each other's work for ever
    if let Err(error) = ops.update_lockouts().await {
        told.send_replace(Some(error.to_string()));
    }
    loop {
        wakes.mark_unchanged();
        let next = match ops.maintain().await {
            Ok(next) => {
                told.send_if_modified(|t| t.take().is_some());
                next
            }
            Err(error) => {
                told.send_replace(Some(error.to_string()));
                None
            }
        };
        if let Ok(held) = ops.held().await {
            holds.send_if_modified(|known| {
                let kind = |held: &Option<Held>| held.as_ref().map(std::mem::discriminant);
                let changed = kind(known) != kind(&held);
                *known = held;
                changed
            });
        }
        let wait = next.map_or(LONGEST, |at| {
            Duration::from_millis(u64::try_from(at.since(ops.now())).unwrap_or(0))
                .clamp(SHORTEST, LONGEST)
        });
        // under a stream of commits there is one round a second, not one for each
        tokio::time::sleep(SHORTEST).await;
        tokio::select! {
            _ = wakes.changed() => {}
            // consents, leases and turns fall due by the clock
            () = tokio::time::sleep(wait - SHORTEST) => {}
        }
    }
}

impl Ops {
    pub(crate) async fn maintain(&self) -> Result<Option<Moment>> {
        let mut round = Parts::default();
        round.add(self.keep_time().await.map(|()| None));
        round.add(self.expire_bank_consents().await);
        round.add(self.maintain_consents().await);
        round.add(self.take_up_workflows().await);
        round.add(self.forget_search_lists().await);
        round.add(self.refresh_in_background().await);
        round.add(self.enter_contacts().await);
        round.add(self.measure_fetches().await);
        round.add(self.end_silent_incidents().await);
        round.add(self.judge_movers().await);
        round.add(self.forget_messages().await.map(|()| None));
        round.add(self.forget_requests().await);
        round.result()
    }
}

/// What the parts of a piece of work came to. One that fails does not keep the others from being done; its error is
/// the error of the whole at the end.
#[derive(Default)]
struct Parts {
    next: Option<Moment>,
    failed: Option<Error>,
}

impl Parts {
    fn add(&mut self, part: Result<Option<Moment>>) {
        match part {
            Ok(next) => self.next = self.next.into_iter().chain(next).min(),
            Err(error) => self.failed = self.failed.take().or(Some(error)),
        }
    }

    fn result(self) -> Result<Option<Moment>> {
        self.failed.map_or(Ok(self.next), Err)
    }
}
