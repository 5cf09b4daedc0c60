//! Examines the database and its files and lists the workers. Changes nothing but counts, when it is asked to.

use crate::domain::act::Plan;
use crate::domain::counts::count;
use crate::domain::job::State;
use crate::domain::moment::Moment;
use crate::ops::{Ops, Result};
use crate::store::{Health, Look, WorkerRow};
use std::time::Duration;

/// How many missed heartbeats make a worker dead.
const MISSED: u32 = 3;

/// After how many looks for due jobs one that was not begun is stuck.
const LONG: u32 = 3;

/// Work that does not go on, because of what is stored or because nobody begins it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stuck {
    /// Jobs that a living worker has not begun for long after they were due.
    pub(crate) waiting: u64,
    /// Jobs that could not be run because something stored does not read: put aside, or about to be.
    pub(crate) damaged: u64,
    /// Workflows that cannot go on because something stored does not read.
    pub(crate) workflows: u64,
}

impl Stuck {
    /// None when everything goes on.
    pub(crate) fn words(&self) -> Option<String> {
        let parts = [
            (self.damaged, "job", "put aside, local data damaged"),
            (self.workflows, "ending", "cannot go on, local data damaged"),
            (self.waiting, "job", "due for long and not begun"),
        ];
        let said = parts.into_iter().filter(|(n, ..)| *n > 0);
        let said: Vec<_> = said
            .map(|(n, one, what)| format!("{} {what}", count(n, one)))
            .collect();
        (!said.is_empty()).then(|| said.join("; "))
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Doctor {
    pub(crate) health: Health,
    /// Every worker that has not signed off, and whether it is alive.
    pub(crate) workers: Vec<(WorkerRow, bool)>,
    pub(crate) workflows: Vec<Plan>,
    pub(crate) stuck: Stuck,
}

fn is_alive(worker: &WorkerRow, heartbeat: Duration, now: Moment) -> bool {
    worker.beat.plus(heartbeat * MISSED) > now
}

impl Ops {
    pub(crate) async fn doctor(&self, heartbeat: Duration, look: Look) -> Result<Doctor> {
        let workers = self.workers(heartbeat).await?;
        let alive = workers.iter().any(|(_, alive)| *alive);
        let mut health = self.read(move |rd| Ok(rd.examine(look)?)).await?;
        health.findings.extend(match self.held().await {
            Ok(held) => held.map(|held| held.words()),
            // in a damaged file the other checks still say what is wrong
            Err(error) => Some(error.to_string()),
        });
        Ok(Doctor {
            stuck: self.stuck(alive).await?,
            health,
            workers,
            workflows: self.stored_workflows().await?,
        })
    }

    /// `served` says whether a worker is alive; without one, nothing is begun anyway.
    pub(crate) async fn stuck(&self, served: bool) -> Result<Stuck> {
        let now = self.now();
        let long = self.limits.rescue * LONG;
        self.read(move |rd| {
            let before = now.plus_ms(-i64::try_from(long.as_millis()).unwrap_or(i64::MAX));
            Ok(Stuck {
                waiting: match served {
                    true => rd.stuck_jobs(before, now)?,
                    false => 0,
                },
                damaged: rd.jobs_in_trouble()?,
                workflows: rd.damaged_workflows()?,
            })
        })
        .await
    }

    /// Counts again what is stored as a number; answers what was wrong.
    pub(crate) async fn fix_counts(&self) -> Result<Vec<String>> {
        self.act("recount", "database", |ops, tx| {
            let wrong = tx.miscounted()?;
            tx.recount_all()?;
            let outcome = match wrong.is_empty() {
                true => "done: every count was right".to_owned(),
                false => format!("done: {}", wrong.join("; ")),
            };
            ops.audit(tx, "recount", "database", &outcome, "", ops.now())?;
            Ok(wrong)
        })
        .await
    }

    pub(crate) async fn due(&self) -> Result<u64> {
        let open = self.read(|rd| Ok(rd.open_jobs()?)).await;
        Ok(open?
            .into_iter()
            .filter(|(state, _)| *state == State::Queued)
            .map(|(_, count)| count)
            .sum())
    }

    pub(crate) async fn workers(&self, heartbeat: Duration) -> Result<Vec<(WorkerRow, bool)>> {
        let now = self.now();
        let workers = self.read(|rd| Ok(rd.workers()?)).await;
        let judged = workers?.into_iter().map(|worker| {
            let alive = is_alive(&worker, heartbeat, now);
            (worker, alive)
        });
        Ok(judged.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_is_dead_after_three_missed_heartbeats() {
        let beat = Moment(1_000_000);
        let worker = WorkerRow {
            id: "w".into(),
            pid: 1,
            face: "work".into(),
            started: beat,
            beat,
        };
        for (ms, alive) in [(0, true), (29_999, true), (30_000, false)] {
            assert_eq!(
                is_alive(&worker, Duration::from_secs(10), beat.plus_ms(ms)),
                alive,
                "{ms}"
            );
        }
    }
}
