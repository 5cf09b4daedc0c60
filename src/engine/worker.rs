//! A process's share of the work: it looks for due jobs, claims what the limits allow, and runs each as a
//! task that asks the bank and records the answer. Nothing is remembered between two looks.
//!
//! # Shutdown
//! [`Worker::stop`] stops claiming and lets go of what runs: the jobs go back to the queue at once, for
//! whoever comes next. A worker that is killed lets go when its lease runs out.

use super::claim_policy::{Facts, claims};
use super::purge::{Finisher, finish_purge};
use super::recorder::{Next, Recorder};
use super::settings::Settings;
use super::{Error, Result};
use crate::clock::Clock;
use crate::connector::{Ask, Bank, Outcome};
use crate::domain::failure::Failure;
use crate::domain::ids::JobId;
use crate::domain::job::{Command, State, next};
use crate::store::{Guard, Store, WriteTxn};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How often a look is taken whether another process changed the file.
const OTHERS: Duration = Duration::from_millis(500);

/// A running worker. Dropping it stops it without waiting.
pub(crate) struct Worker {
    inner: Arc<Inner>,
    tracker: TaskTracker,
}

struct Inner {
    id: String,
    face: String,
    store: Store,
    bank: Arc<dyn Bank>,
    clock: Clock,
    settings: Settings,
    stop: CancellationToken,
    /// What this process runs, so that a lost lease can end it.
    running: Mutex<HashMap<JobId, Held>>,
    idle: watch::Sender<bool>,
    trouble: watch::Sender<Option<String>>,
}

/// A job this process runs.
struct Held {
    /// Ends it.
    lost: CancellationToken,
    /// The epoch of its claim; none before that is written, and for a purge, which renews its own lease.
    epoch: Option<i64>,
}

impl Worker {
    /// Starts a worker in this process.
    pub(crate) fn start(
        store: Store,
        bank: Arc<dyn Bank>,
        clock: Clock,
        settings: Settings,
        face: &str,
    ) -> Self {
        let inner = Arc::new(Inner {
            id: clock.fresh_id(),
            face: face.to_owned(),
            store,
            bank,
            clock,
            settings,
            stop: CancellationToken::new(),
            running: Mutex::new(HashMap::new()),
            idle: watch::Sender::new(false),
            trouble: watch::Sender::new(None),
        });
        let tracker = TaskTracker::new();
        tracker.spawn(look(inner.clone(), tracker.clone()));
        tracker.spawn(beat(inner.clone()));
        tracker.spawn(watch_others(inner.clone()));
        Self { inner, tracker }
    }

    /// Its name, as jobs carry it while it holds them.
    pub(crate) fn id(&self) -> &str {
        &self.inner.id
    }

    /// The last trouble it had with the store, while it lasts.
    pub(crate) fn trouble(&self) -> watch::Receiver<Option<String>> {
        self.inner.trouble.subscribe()
    }

    /// Waits until nothing runs and nothing is due, over every process.
    pub(crate) async fn until_idle(&self) {
        let mut idle = self.inner.idle.subscribe();
        // the sender lives as long as this worker
        let _ = idle.wait_for(|idle| *idle).await;
    }

    /// Stops claiming, lets go of what runs, and waits for the last record.
    pub(crate) async fn stop(self) {
        self.inner.stop.cancel();
        self.tracker.close();
        self.tracker.wait().await;
        if let Err(unsaid) = self.inner.leave().await {
            // its lease says the same a little later
            self.inner.trouble.send_replace(Some(unsaid.to_string()));
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.inner.stop.cancel();
    }
}

/// Claims and starts jobs, again and again.
async fn look(inner: Arc<Inner>, tracker: TaskTracker) {
    // asked for before the first look: a commit in between is not missed
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
                inner.settings.rescue
            }
        };
        tokio::select! {
            () = inner.stop.cancelled() => return,
            _ = wakes.changed() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Says that this worker lives, for itself and for each job it runs.
async fn beat(inner: Arc<Inner>) {
    loop {
        if let Err(error) = inner.beat().await {
            inner.trouble.send_replace(Some(error.to_string()));
        }
        tokio::select! {
            () = inner.stop.cancelled() => return,
            () = tokio::time::sleep(inner.settings.heartbeat) => {}
        }
    }
}

async fn watch_others(inner: Arc<Inner>) {
    loop {
        if let Err(error) = inner.store.look_for_others() {
            inner.trouble.send_replace(Some(error.to_string()));
        }
        tokio::select! {
            () = inner.stop.cancelled() => return,
            () = tokio::time::sleep(OTHERS) => {}
        }
    }
}

impl Inner {
    fn recorder(&self) -> Recorder<'_> {
        Recorder {
            clock: &self.clock,
            settings: &self.settings,
            owner: &self.id,
        }
    }

    /// One look: claims what it may and says how long to wait for the next.
    async fn pass(self: &Arc<Self>, tracker: &TaskTracker) -> Result<Duration> {
        let now = self.clock.now();
        let each = self.settings.per_institution.max(1);
        let settings = self.settings.clone();
        let (facts, next_due, asking): (Facts, _, _) = self
            .store
            .read(move |rd| -> Result<_> {
                let look =
                    |state, each| rd.due_jobs(state, now, settings.horizon(state, now), each);
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
                // what is due and was not claimed waits for a commit: that wakes, and no look before would help
                Ok((facts, rd.next_due(now)?, asking))
            })
            .await?;
        for lapsed in &asking {
            self.lapse(&lapsed.id).await?;
        }
        let chosen = claims(&facts, &self.settings);
        let mut started = 0;
        for due in chosen {
            if self.stop.is_cancelled() {
                break;
            }
            started += 1;
            if due.kind.fetches() {
                self.start(tracker, &due.id).await?;
            } else {
                let (inner, id) = (self.clone(), due.id);
                if self.mark(&id).is_some() {
                    tracker.spawn(async move {
                        let me = Finisher {
                            owner: inner.id.clone(),
                            face: "worker",
                            lease: inner.settings.lease,
                        };
                        let ended =
                            finish_purge(&inner.store, &inner.clock, &me, &id, vec![]).await;
                        inner.ended(&id, ended);
                    });
                }
            }
        }
        let mine = self
            .running
            .lock()
            .expect("no lock of the worker is poisoned")
            .len();
        let quiet = facts.due.is_empty()
            && facts.running.is_empty()
            && facts.lapsed.is_empty()
            && !facts.purging;
        self.idle.send_if_modified(|idle| {
            let now_idle = quiet && mine == 0 && started == 0;
            std::mem::replace(idle, now_idle) != now_idle
        });
        let until = next_due.map_or(self.settings.rescue, |at| {
            Duration::from_millis(at.since(now).clamp(0, i64::MAX).unsigned_abs())
        });
        Ok(until.clamp(Duration::from_millis(20), self.settings.rescue))
    }

    /// Remembers that this process runs a job; none when it does already.
    fn mark(&self, id: &JobId) -> Option<CancellationToken> {
        let mut running = self
            .running
            .lock()
            .expect("no lock of the worker is poisoned");
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

    fn ended(&self, id: &JobId, ended: Result<()>) {
        self.running
            .lock()
            .expect("no lock of the worker is poisoned")
            .remove(id);
        if let Err(error) = ended {
            self.trouble.send_replace(Some(error.to_string()));
        }
    }

    async fn start(self: &Arc<Self>, tracker: &TaskTracker, id: &JobId) -> Result<()> {
        let Some(lost) = self.mark(id) else {
            return Ok(());
        };
        let (inner, job) = (self.clone(), id.clone());
        let first = self
            .store
            .write(move |tx: &WriteTxn<'_>| inner.recorder().claim(tx, &job))
            .await;
        let (ask, epoch) = match first {
            Ok(Next::Ask(ask, epoch)) => (ask, epoch),
            Ok(Next::Leave) => {
                self.ended(id, Ok(()));
                return Ok(());
            }
            Err(error) => {
                self.ended(id, Ok(()));
                return Err(error);
            }
        };
        if let Some(held) = self
            .running
            .lock()
            .expect("no lock of the worker is poisoned")
            .get_mut(id)
        {
            held.epoch = Some(epoch);
        }
        let (inner, id) = (self.clone(), id.clone());
        tracker.spawn(async move {
            let ended = inner.run(&id, *ask, epoch, &lost).await;
            inner.ended(&id, ended);
        });
        Ok(())
    }

    /// Asks the bank step after step until the job ends, waits, or is somebody else's. The epoch is the
    /// claim's own: one that is read afterwards may be that of a claim made since.
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

    /// A challenge nobody answered in time.
    async fn lapse(&self, id: &JobId) -> Result<()> {
        let (clock, settings, owner, id) = (
            self.clock.clone(),
            self.settings.clone(),
            self.id.clone(),
            id.clone(),
        );
        self.store
            .write(move |tx: &WriteTxn<'_>| -> Result<()> {
                let recorder = Recorder {
                    clock: &clock,
                    settings: &settings,
                    owner: &owner,
                };
                let now = clock.now();
                let Some(mut job) = tx.job(&id)? else {
                    return Ok(());
                };
                if job.state != State::WaitingMfa
                    || job
                        .challenge
                        .as_ref()
                        .is_none_or(|c| !settings.due(job.state, c.expires, now))
                {
                    return Ok(());
                }
                let guard = Guard::of(&job);
                job.epoch += 1;
                let settled = super::transitions::fail(
                    &mut job,
                    Failure::of("job-timed-out"),
                    now,
                    &settings,
                )
                .map_err(|e| Error::Job {
                    id: id.clone(),
                    what: e.to_string(),
                })?;
                recorder.apply(tx, &job, guard, &settled)?;
                Ok(())
            })
            .await
    }

    async fn beat(&self) -> Result<()> {
        let now = self.clock.now();
        let (id, face, until) = (
            self.id.clone(),
            self.face.clone(),
            now.plus(self.settings.lease),
        );
        let forget = now.plus_ms(-(self.settings.lease.as_millis() as i64) * 10);
        let held: Vec<(JobId, i64)> = {
            let running = self
                .running
                .lock()
                .expect("no lock of the worker is poisoned");
            running
                .iter()
                .filter_map(|(id, held)| Some((id.clone(), held.epoch?)))
                .collect()
        };
        // only what really runs here: a job whose record could not be written is left to whoever comes next
        let lost: Result<Vec<(JobId, i64)>> = self
            .store
            .write(move |tx: &WriteTxn<'_>| {
                tx.worker_lives(&id, &face, now, forget)?;
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
            // it has ended, or is somebody else's by now; a claim made here since is another one
            let running = self
                .running
                .lock()
                .expect("no lock of the worker is poisoned");
            if let Some(held) = running.get(&id).filter(|held| held.epoch == Some(epoch)) {
                held.lost.cancel();
            }
        }
        Ok(())
    }

    /// Gives back what this worker still holds and says goodbye.
    async fn leave(&self) -> Result<()> {
        let (id, clock) = (self.id.clone(), self.clock.clone());
        self.store
            .write(move |tx: &WriteTxn<'_>| -> Result<()> {
                let now = clock.now();
                for held in tx.beat(&id, now)? {
                    let Some(mut job) = tx.job(&held)? else {
                        continue;
                    };
                    let guard = Guard::of(&job);
                    job.state = next(job.state, Command::Rescue).map_err(|e| Error::Job {
                        id: held.clone(),
                        what: e.to_string(),
                    })?;
                    job.epoch += 1;
                    job.next_attempt = Some(now);
                    job.owner = None;
                    job.lease_until = None;
                    tx.save_job(&job, guard)?;
                }
                tx.worker_leaves(&id)?;
                Ok(())
            })
            .await
    }
}
