//! Examine the file and what lies beside it, and say who runs jobs. Changes nothing.

use crate::domain::job::State;
use crate::domain::moment::Moment;
use crate::domain::sequence::Sequence;
use crate::ops::{Ops, Result};
use crate::store::{Health, WorkerRow};
use std::time::Duration;

/// How many missed signs of life make a worker dead.
const MISSED: u32 = 3;

/// What the doctor saw.
#[derive(Clone, Debug)]
pub(crate) struct Doctor {
    /// The file.
    pub(crate) health: Health,
    /// Every worker that has not said goodbye, and whether it lives.
    pub(crate) workers: Vec<(WorkerRow, bool)>,
    /// Endings of several acts that have not ended.
    pub(crate) sequences: Vec<Sequence>,
}

fn lives(worker: &WorkerRow, heartbeat: Duration, now: Moment) -> bool {
    worker.beat.plus(heartbeat * MISSED) > now
}

impl Ops {
    /// Looks at everything. Takes as long as the file is large.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn doctor(&self, heartbeat: Duration) -> Result<Doctor> {
        let workers = self.workers(heartbeat).await?;
        let health: Result<Health> = self.store.read(|rd| Ok(rd.health()?)).await;
        Ok(Doctor {
            health: health?,
            workers,
            sequences: self.open_sequences().await?,
        })
    }

    /// How many jobs wait for nothing but somebody who runs them.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn due(&self) -> Result<u64> {
        let open: Result<Vec<(State, u64)>> = self.store.read(|rd| Ok(rd.open_jobs()?)).await;
        Ok(open?
            .into_iter()
            .filter(|(state, _)| *state == State::Queued)
            .map(|(_, count)| count)
            .sum())
    }

    /// The processes that run jobs, and whether each has given a sign of life lately.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn workers(&self, heartbeat: Duration) -> Result<Vec<(WorkerRow, bool)>> {
        let now = self.now();
        let workers: Result<Vec<WorkerRow>> = self.store.read(|rd| Ok(rd.workers()?)).await;
        let judged = workers?.into_iter().map(|worker| {
            let alive = lives(&worker, heartbeat, now);
            (worker, alive)
        });
        Ok(judged.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_is_dead_after_three_missed_beats() {
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
                lives(&worker, Duration::from_secs(10), beat.plus_ms(ms)),
                alive,
                "{ms}"
            );
        }
    }
}
