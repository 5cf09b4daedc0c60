//! A worker: claims due jobs within the limits and runs each as a task. [`Worker::stop`] puts running jobs back into
//! the queue; the jobs of a killed worker are taken over when its lease runs out.

use super::Result;
use super::claim_policy::{Facts, claims};
use super::damage::unreadable;
use super::recorder::{Next, Recorder};
use super::workflow::{Performer, finish_purge};
use crate::clock::Clock;
use crate::connector::{Ask, Bank, Outcome};
use crate::domain::failure_codes::Failure;
use crate::domain::ids::JobId;
use crate::domain::job::State;
use crate::domain::limits::Limits;
use crate::store::{Due, ReadTxn, Store, WriteTxn};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A running worker. Dropping it stops it without waiting.
pub(crate) struct Worker {
    inner: Arc<Inner>,
    tracker: TaskTracker,
}

pub(super) struct Inner {
    pub(super) id: String,
    pub(super) face: String,
    pub(super) store: Store,
    bank: Arc<dyn Bank>,
    pub(super) clock: Clock,
    pub(super) limits: Limits,
    stop: CancellationToken,
    /// The jobs that run here, so that a lost lease can stop them.
    running: Mutex<HashMap<JobId, Held>>,
    idle: watch::Sender<bool>,
    /// Asks for a pass now.
    look: Notify,
    trouble: watch::Sender<Option<String>>,
}

pub(super) struct Held {
    pub(super) lost: CancellationToken,
    /// The epoch of its claim; none until the claim is written, and for a purge, which renews its own lease.
    pub(super) epoch: Option<i64>,
}

impl Worker {
    pub(crate) fn start(
        store: Store,
        bank: Arc<dyn Bank>,
        clock: Clock,
        limits: Limits,
        face: &str,
    ) -> Self {
        let inner = Arc::new(Inner {
            id: clock.fresh_id(),
            face: face.to_owned(),
            store,
            bank,
            clock,
            limits,
            stop: CancellationToken::new(),
            running: Mutex::new(HashMap::new()),
            idle: watch::Sender::new(false),
            look: Notify::new(),
            trouble: watch::Sender::new(None),
        });
        let tracker = TaskTracker::new();
        tracker.spawn(claim_loop(inner.clone(), tracker.clone()));
        tracker.spawn(heartbeat_loop(inner.clone()));
        tracker.spawn(watch_others(inner.clone()));
        Self { inner, tracker }
    }

    /// Its id, the owner of the jobs it runs.
    pub(crate) fn id(&self) -> &str {
        &self.inner.id
    }

    /// The last error of the store, while it lasts.
    pub(crate) fn trouble(&self) -> watch::Receiver<Option<String>> {
        self.inner.trouble.subscribe()
    }

    /// Waits until nothing runs and nothing is due in any process, as a look from now on finds it. A purge that waits for
    /// a reader to close is not due.
    pub(crate) async fn until_idle(&self) {
        let mut idle = self.inner.idle.subscribe();
        self.inner.idle.send_replace(false);
        self.inner.look.notify_one();
        // the sender lives as long as this worker
        let _ = idle.wait_for(|idle| *idle).await;
    }

    /// Stops claiming, waits for the last write, and puts the running jobs back into the queue.
    pub(crate) async fn stop(self) {
        self.inner.stop.cancel();
        self.tracker.close();
        self.tracker.wait().await;
        // without room the work would stay claimed until its lease ends
        let room = self.inner.store.make_room().map_err(Into::into);
        let signed = match room {
            Ok(()) => self.inner.sign_off().await,
            Err(error) => Err(error),
        };
        if let Err(unsaid) = signed {
            // other workers take over when the lease runs out
            self.inner.trouble.send_replace(Some(unsaid.to_string()));
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.inner.stop.cancel();
    }
}

async fn claim_loop(inner: Arc<Inner>, tracker: TaskTracker) {
    // subscribed before the first pass, so that no commit is missed
    let mut wakes = inner.store.wakes();
    loop {
        wakes.mark_unchanged();
        let pause = match inner.pass(&tracker).await {
            Ok(pause) => {
                inner.trouble.send_if_modified(|t| t.take().is_some());
                pause
            }
            Err(error) => {
                inner.trouble.send_replace(Some(error.to_string()));
                inner.limits.rescue
            }
        };
        tokio::select! {
            () = inner.stop.cancelled() => return,
            _ = wakes.changed() => {}
            () = inner.look.notified() => {}
            // the next job falls due by the clock, and a lost wake-up must cost no more than this pause
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn heartbeat_loop(inner: Arc<Inner>) {
    loop {
        if let Err(error) = inner.beat().await {
            inner.trouble.send_replace(Some(error.to_string()));
        }
        tokio::select! {
            () = inner.stop.cancelled() => return,
            // a heartbeat is due by the clock; no event announces it
            () = tokio::time::sleep(inner.limits.heartbeat) => {}
        }
    }
}

async fn watch_others(inner: Arc<Inner>) {
    let mut blind = match inner.store.watch_others() {
        Ok(blind) => blind,
        Err(error) => {
            inner.trouble.send_replace(Some(error.to_string()));
            return;
        }
    };
    loop {
        if let Some(why) = blind.borrow_and_update().clone() {
            inner.trouble.send_replace(Some(why));
        }
        tokio::select! {
            () = inner.stop.cancelled() => return,
            changed = blind.changed() => if changed.is_err() { return },
        }
    }
}

impl Inner {
    pub(super) fn running(&self) -> MutexGuard<'_, HashMap<JobId, Held>> {
        self.running
            .lock()
            .expect("no lock of the worker is poisoned")
    }

    pub(super) fn recorder(&self) -> Recorder<'_> {
        Recorder {
            clock: &self.clock,
            limits: &self.limits,
            owner: &self.id,
        }
    }

    /// Claims what it may and returns how long to wait for the next pass.
    async fn pass(self: &Arc<Self>, tracker: &TaskTracker) -> Result<Duration> {
        let now = self.clock.now();
        let each = self.limits.per_institution.max(1) as usize;
        let limits = self.limits.clone();
        let (facts, next_due, asking, in_trouble): (Facts, _, _, bool) = self
            .store
            .read(move |rd| -> Result<_> {
                let look = |state, each| rd.due_jobs(state, now, limits.horizon(state, now), each);
                let mut due = look(State::Queued, each)?;
                due.extend(look(State::Paused, each)?);
                due.extend(look(State::WaitingRetry, each)?);
                due.sort_by_key(|d| d.due);
                let lapsed = look(State::Running, usize::MAX >> 1)?;
                let asking = look(State::WaitingMfa, usize::MAX >> 1)?;
                let facts = Facts {
                    running: rd.running()?,
                    purging: rd.purging()?,
                    due,
                    lapsed,
                };
                // a due job that was not claimed waits for another job's end, whose commit starts the next pass
                Ok((facts, rd.next_due(now)?, asking, rd.any_open_in_trouble()?))
            })
            .await?;
        for unanswered in &asking {
            if let Err(error) = self.expire_challenge(unanswered).await {
                self.note_damage(unanswered, error).await?;
            }
        }
        let chosen = claims(&facts, &self.limits);
        let mut started = 0;
        for due in chosen {
            if self.stop.is_cancelled() {
                break;
            }
            started += 1;
            let begun = match due.kind.fetches() {
                true => self.start(tracker, &due).await,
                false => self.start_purge(tracker, &due).await,
            };
            if let Err(error) = begun {
                self.note_damage(&due, error).await?;
            }
        }
        let mine = self.running().len();
        let quiet = facts.due.is_empty()
            && facts.running.is_empty()
            && facts.lapsed.is_empty()
            && !facts.purging
            && !in_trouble;
        self.idle.send_if_modified(|idle| {
            let now_idle = quiet && mine == 0 && started == 0;
            std::mem::replace(idle, now_idle) != now_idle
        });
        let until = next_due.map_or(self.limits.rescue, |at| {
            Duration::from_millis(at.since(now).clamp(0, i64::MAX).unsigned_abs())
        });
        Ok(until.clamp(Duration::from_millis(20), self.limits.rescue))
    }

    /// Notes that this process runs a job; none when it runs it already.
    fn mark(&self, id: &JobId) -> Option<CancellationToken> {
        let mut running = self.running();
        if running.contains_key(id) {
            return None;
        }
        let token = self.stop.child_token();
        running.insert(
            id.clone(),
            Held {
                lost: token.clone(),
                epoch: None,
            },
        );
        Some(token)
    }

    /// Notes the end of a job here; when that was an error of its own, on the job too.
    async fn ended(self: &Arc<Self>, due: &Due, ended: Result<()>) {
        let noted = match ended {
            Ok(()) => Ok(()),
            Err(error) => self.note_damage(due, error).await,
        };
        self.running().remove(&due.id);
        if let Err(error) = noted {
            self.trouble.send_replace(Some(error.to_string()));
        }
        // the pass after its last commit may have seen it running still
        self.look.notify_one();
    }

    async fn start(self: &Arc<Self>, tracker: &TaskTracker, due: &Due) -> Result<()> {
        let Some(lost) = self.mark(&due.id) else {
            return Ok(());
        };
        let (inner, job) = (self.clone(), due.clone());
        let first = self
            .store
            .write(move |tx: &WriteTxn<'_>| {
                found_by_its_id(tx, &job)?;
                inner.recorder().claim(tx, &job.id)
            })
            .await;
        let (ask, epoch) = match first {
            Ok(Next::Ask(ask, epoch)) => (ask, epoch),
            not_begun => {
                self.running().remove(&due.id);
                return not_begun.map(drop);
            }
        };
        if let Some(held) = self.running().get_mut(&due.id) {
            held.epoch = Some(epoch);
        }
        let (inner, due) = (self.clone(), due.clone());
        tracker.spawn(async move {
            let ended = inner.run(&due.id, *ask, epoch, &lost).await;
            inner.ended(&due, ended).await;
        });
        Ok(())
    }

    async fn start_purge(self: &Arc<Self>, tracker: &TaskTracker, due: &Due) -> Result<()> {
        let job = due.clone();
        self.store
            .read(move |rd: &ReadTxn<'_>| found_by_its_id(rd, &job))
            .await?;
        if self.mark(&due.id).is_none() {
            return Ok(());
        }
        let (inner, due) = (self.clone(), due.clone());
        tracker.spawn(async move {
            let me = Performer {
                name: inner.id.clone(),
                face: "worker",
                lease: inner.limits.lease,
            };
            let ended = finish_purge(&inner.store, &inner.clock, &me, &due.id).await;
            inner.ended(&due, ended).await;
        });
        Ok(())
    }

    /// Asks the bank step after step until the job ends, waits, or belongs to another worker. `epoch` is the claim's
    /// own; one read later could be that of a newer claim.
    async fn run(
        self: &Arc<Self>,
        id: &JobId,
        mut ask: Ask,
        epoch: i64,
        lost: &CancellationToken,
    ) -> Result<()> {
        loop {
            let patience = self.bank.patience(&ask);
            let outcome = tokio::select! {
                () = lost.cancelled() => return Ok(()),
                answer = tokio::time::timeout(patience, self.bank.ask(ask)) => {
                    answer.unwrap_or_else(|_| Outcome::Failed(Failure::of("job-timed-out")))
                }
            };
            let (inner, job) = (self.clone(), id.clone());
            match self
                .store
                .write(move |tx: &WriteTxn<'_>| inner.recorder().record(tx, &job, epoch, &outcome))
                .await?
            {
                Next::Ask(next, _) => ask = *next,
                Next::Leave => return Ok(()),
            }
        }
    }
}

/// An error when a job that is due is not found by the id it was read with.
pub(super) fn found_by_its_id(rd: &ReadTxn<'_>, due: &Due) -> Result<()> {
    match rd.job_id_is_damaged(due.n, &due.id)? {
        true => Err(unreadable(&due.id, "its id cannot be read")),
        false => Ok(()),
    }
}
