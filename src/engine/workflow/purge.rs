//! A purge whose intent is on disk: destroy the key and delete the rows, scrub, verify. Called once by whoever ordered
//! it, after a crash by the worker. Each part may be repeated; "done" is said only when nothing is left.

use super::runner::AGAIN;
use super::{Performer, certificate, keep_lease};
use crate::clock::Clock;
use crate::domain::act::lease_holds;
use crate::domain::counts;
use crate::domain::failure_codes::Failure;
use crate::domain::ids::JobId;
use crate::domain::job::{Command, Job, State, Step, StepStatus, Title, next};
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use crate::engine::{Error, Result};
use crate::store::{Change, Guard, NewEvent, PurgeCounts, Scan, Scrub, Store, WriteTxn};

/// Does what can be done now; on an error the job stays open. `needles` are the plain values it destroys, where known;
/// without them the proof is the destroyed key and the absent rows.
pub(crate) async fn finish_purge(
    store: &Store,
    clock: &Clock,
    by: &Performer,
    id: &JobId,
    needles: Vec<Secret>,
) -> Result<()> {
    let Some(job) = take(store, clock, by, id).await? else {
        return Ok(());
    };
    let mut purge = Purge {
        store,
        clock,
        by,
        guard: Guard::of(&job),
        job,
    };
    if purge.pending(&Title::DeleteRows) && !purge.delete().await? {
        return Ok(());
    }
    if purge.pending(&Title::Scrub) && !purge.scrub().await? {
        return Ok(());
    }
    purge.verify(needles).await
}

struct Purge<'a> {
    store: &'a Store,
    clock: &'a Clock,
    by: &'a Performer,
    job: Job,
    guard: Guard,
}

/// Takes the purge for this process; none when it is over or somebody else has it.
async fn take(store: &Store, clock: &Clock, by: &Performer, id: &JobId) -> Result<Option<Job>> {
    let (id, clock, by) = (id.clone(), clock.clone(), by.clone());
    store
        .write(move |tx: &WriteTxn<'_>| {
            let now = clock.now();
            let Some(mut job) = tx.job(&id)? else {
                return Ok(None);
            };
            let alive = |until: Moment| lease_holds(until, now, by.lease);
            let lapsed = job.state == State::Running && !job.lease_until.is_some_and(alive);
            if job.state != State::Queued && !lapsed {
                return Ok(None);
            }
            let before = Guard::of(&job);
            if lapsed {
                step_to(&mut job, Command::Rescue)?;
            }
            step_to(&mut job, Command::Claim)?;
            job.epoch += 1;
            job.attempt += 1;
            job.owner = Some(by.name);
            job.lease_until = Some(now.plus(by.lease));
            job.next_attempt = None;
            job.updated = now;
            Ok(tx.save_job(&job, before)?.then_some(job))
        })
        .await
}

impl Purge<'_> {
    fn pending(&self, title: &Title) -> bool {
        let of = |step: &&Step| step.title == *title;
        let step = self.job.steps.iter().find(of);
        step.is_some_and(|step| step.status != StepStatus::Success)
    }

    fn begin(&mut self, title: &Title) {
        let now = self.clock.now();
        let step = step(&mut self.job, title);
        step.status = StepStatus::InProgress;
        step.started = Some(now);
        self.job.updated = now;
    }

    /// `false`: another process has the purge by now, and what is stored now may have come since.
    async fn delete(&mut self) -> Result<bool> {
        let now = self.clock.now();
        let (mut job, guard, by) = (self.job.clone(), self.guard, self.by.clone());
        let event = self.clock.fresh_id();
        let deleted: Result<Option<Job>> = self
            .store
            .write(move |tx: &WriteTxn<'_>| {
                // before anything: a destroyed key does not come back with the transaction
                if tx.job(&job.id)?.is_none_or(|j| Guard::of(&j) != guard) {
                    return Ok(None);
                }
                let standing = |tx: &WriteTxn<'_>| -> Result<String> {
                    let row = tx.connection(&job.connection)?;
                    Ok(row.map(|row| row.standing()).unwrap_or_default())
                };
                let was = standing(tx)?;
                let counts = tx.purge(&job.user, &job.institution)?;
                let became = standing(tx)?;
                certificate::counted(tx, &job.id, &counts)?;
                done(&mut job, &Title::DestroyKey, "destroyed".into(), now);
                done(&mut job, &Title::DeleteRows, gone(&counts), now);
                tx.save_job(&job, guard)?;
                let event_of = NewEvent {
                    count: Some(counts.transactions),
                    ..NewEvent::of_job("connection", "updated", &job, &by.name)
                };
                tx.append_event(&event.into(), &event_of, now)?;
                let outcome = format!("done: {}", gone(&counts));
                let entry = by.entry("purge", job.connection.as_str(), &outcome);
                tx.append_audit_of(&entry, &Change { was, became }, now)?;
                Ok(Some(job))
            })
            .await;
        let Some(job) = deleted? else {
            return Ok(false);
        };
        self.job = job;
        Ok(true)
    }

    /// Overwrites what was deleted. `false`: another program reads the file, so it is tried again later.
    async fn scrub(&mut self) -> Result<bool> {
        self.begin(&Title::Scrub);
        let note = match self.alive(self.store.scrub()).await? {
            Scrub::Pending => {
                let step = step(&mut self.job, &Title::Scrub);
                step.status = StepStatus::Pending;
                step.note = Some("pending: another program is reading the file".into());
                step_to(&mut self.job, Command::Rescue)?;
                self.job.next_attempt = Some(self.clock.now().plus(AGAIN));
                self.job.lease_until = None;
                self.save(|_, _| Ok(())).await?;
                return Ok(false);
            }
            Scrub::Done { rewritten } => scrubbed(rewritten),
        };
        done(&mut self.job, &Title::Scrub, note.into(), self.clock.now());
        Ok(true)
    }

    /// Looks for what has to be gone, and ends the job with the certificate or as failed.
    async fn verify(mut self, needles: Vec<Secret>) -> Result<()> {
        self.begin(&Title::Verify);
        let seen: Scan = self.alive(self.store.scan_files(needles)).await?;
        let values = counts::count(seen.needles, "value");
        let (user, bank) = (self.job.user.clone(), self.job.institution.clone());
        let empty: Result<bool> = self
            .store
            .read(move |rd| Ok(rd.purged(&user, &bank)?))
            .await;
        // a refresh may have brought new data since; then the rows are new ones under a new key
        let proven = seen.hits == 0 && (empty? || self.refreshed_since().await?);
        let now = self.clock.now();
        if proven {
            let note = format!("key gone, rows gone, 0 of {values} found");
            done(&mut self.job, &Title::Verify, note, now);
            step_to(&mut self.job, Command::Finish)?;
        } else {
            let detail = format!("{} of {values} were found again.", seen.hits);
            let step = step(&mut self.job, &Title::Verify);
            step.status = StepStatus::Failed;
            step.ended = Some(now);
            step.failure = Some(Failure::new(
                "purge-not-verified",
                "Purge not verified",
                &detail,
            ));
            step_to(&mut self.job, Command::Fail)?;
        }
        self.job.ended = Some(now);
        self.job.lease_until = None;
        self.job.owner = None;
        let by = self.by.clone();
        self.save(move |tx, job| match proven {
            true => certificate::issue(tx, job, &seen, &by, now),
            false => certificate::refuse(tx, job, &by, now),
        })
        .await
    }

    async fn alive<T>(&self, work: impl Future<Output = T>) -> T {
        let renew = || {
            let (id, epoch) = (self.job.id.clone(), self.job.epoch);
            let until = self.clock.now().plus(self.by.lease);
            self.store.write(move |tx: &WriteTxn<'_>| -> Result<bool> {
                Ok(tx.extend_lease(&id, epoch, until)?)
            })
        };
        keep_lease(work, self.by.lease, renew).await
    }

    /// Writes the purge with `also` in one transaction; nothing when another process has it by now.
    async fn save(
        &self,
        also: impl FnOnce(&WriteTxn<'_>, &Job) -> Result<()> + Send + 'static,
    ) -> Result<()> {
        let (job, guard, event) = (self.job.clone(), self.guard, self.clock.fresh_id());
        self.store
            .write(move |tx: &WriteTxn<'_>| {
                if !tx.save_job(&job, guard)? {
                    return Ok(());
                }
                let event_of = NewEvent::of_job("job", "updated", &job, "purge");
                tx.append_event(&event.into(), &event_of, job.updated)?;
                also(tx, &job)
            })
            .await
    }

    async fn refreshed_since(&self) -> Result<bool> {
        let (connection, since) = (self.job.connection.clone(), self.job.created);
        self.store
            .read(move |rd| {
                let Some(row) = rd.connection(&connection)? else {
                    return Ok(false);
                };
                let others = rd.connections_of(&row.user, Some(&row.institution))?;
                Ok(others.iter().any(|c| c.last_used > since))
            })
            .await
    }
}

pub(crate) fn scrubbed(rewritten: bool) -> &'static str {
    match rewritten {
        true => "file rewritten",
        false => "freed pages overwritten, log emptied",
    }
}

/// What was deleted, in a few words.
pub(crate) fn gone(counts: &PurgeCounts) -> String {
    let parts = [
        (counts.accounts, "account"),
        (counts.transactions, "transaction"),
        (counts.profiles, "profile"),
    ];
    parts.map(|(n, one)| counts::count(n, one)).join(", ")
}

fn step<'a>(job: &'a mut Job, title: &Title) -> &'a mut Step {
    job.steps
        .iter_mut()
        .find(|step| step.title == *title)
        .expect("a purge has all of its steps")
}

fn done(job: &mut Job, title: &Title, note: String, now: Moment) {
    let step = step(job, title);
    step.status = StepStatus::Success;
    step.started = step.started.or(Some(now));
    step.ended = Some(now);
    step.note = Some(note);
    job.updated = now;
}

fn step_to(job: &mut Job, command: Command) -> Result<()> {
    job.state = next(job.state, command).map_err(|refused| Error::Job {
        id: job.id.clone(),
        what: refused.to_string(),
    })?;
    Ok(())
}
