//! Keeps up a worker's claims: heartbeats, expired challenges, and giving jobs back at the end.

use super::damage::runnable;
use super::worker::{Inner, found_by_its_id};
use super::{Result, illegal, job_outcome};
use crate::domain::failure_codes::Failure;
use crate::domain::ids::JobId;
use crate::domain::job::{Command, State, next};
use crate::store::{Due, Guard, WriteTxn};
use std::sync::Arc;

impl Inner {
    /// Fails a job whose challenge nobody answered in time.
    pub(super) async fn expire_challenge(self: &Arc<Self>, due: &Due) -> Result<()> {
        let (inner, due) = (self.clone(), due.clone());
        self.store
            .write(move |tx: &WriteTxn<'_>| -> Result<()> {
                let (now, limits) = (inner.clock.now(), &inner.limits);
                let id = &due.id;
                found_by_its_id(tx, &due)?;
                let Some(job) = tx.job(id)? else {
                    return Ok(());
                };
                let mut job = runnable(job)?;
                if job.state != State::WaitingMfa
                    || job
                        .challenge
                        .as_ref()
                        .is_none_or(|c| !limits.due(job.state, c.expires, now))
                {
                    return Ok(());
                }
                let guard = Guard::of(&job);
                job.epoch += 1;
                let timed_out = Failure::of("job-timed-out");
                let settled = job_outcome::fail(&mut job, timed_out, now, limits)
                    .map_err(|e| illegal(id, e))?;
                inner.recorder().apply(tx, &job, guard, &settled)?;
                Ok(())
            })
            .await
    }

    /// Renews the leases of the jobs that run here; a job whose lease was lost is stopped.
    pub(super) async fn beat(self: &Arc<Self>) -> Result<()> {
        // only what really runs here: a job whose outcome could not be written is left to the next worker
        let held: Vec<(JobId, i64)> = self
            .running()
            .iter()
            .filter_map(|(id, held)| Some((id.clone(), held.epoch?)))
            .collect();
        let inner = self.clone();
        let lost: Result<Vec<(JobId, i64)>> = self
            .store
            .write(move |tx: &WriteTxn<'_>| {
                let (now, lease) = (inner.clock.now(), inner.limits.lease);
                let (until, forget) = (
                    now.plus(lease),
                    now.plus_ms(-(lease.as_millis() as i64) * 10),
                );
                tx.worker_lives(&inner.id, &inner.face, now, forget)?;
                let mut lost = Vec::new();
                for (id, epoch) in held {
                    if !tx.extend_lease(&id, epoch, until)? {
                        lost.push((id, epoch));
                    }
                }
                Ok(lost)
            })
            .await;
        for (id, epoch) in lost? {
            // it has ended or belongs to another worker; a claim made here since has another epoch
            let running = self.running();
            if let Some(held) = running.get(&id).filter(|held| held.epoch == Some(epoch)) {
                held.lost.cancel();
            }
        }
        Ok(())
    }

    /// Puts the jobs of this worker back into the queue and signs it off.
    pub(super) async fn sign_off(self: &Arc<Self>) -> Result<()> {
        let inner = self.clone();
        self.store
            .write(move |tx: &WriteTxn<'_>| -> Result<()> {
                let now = inner.clock.now();
                for id in tx.beat(&inner.id, now)? {
                    let mut job = match tx.job(&id) {
                        Ok(Some(job)) => job,
                        Ok(None) => continue,
                        // its lease has just been ended: the next worker notes what is wrong with it
                        Err(error) if error.of_one_row() => continue,
                        Err(error) => return Err(error.into()),
                    };
                    let guard = Guard::of(&job);
                    job.state = next(job.state, Command::Rescue).map_err(|e| illegal(&id, e))?;
                    job.epoch += 1;
                    job.next_attempt = Some(now);
                    job.owner = None;
                    job.lease_until = None;
                    tx.save_job(&job, guard)?;
                }
                tx.worker_leaves(&inner.id)?;
                Ok(())
            })
            .await
    }
}
