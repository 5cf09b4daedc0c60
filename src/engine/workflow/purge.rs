//! A purge whose intent is on disk: destroy the key and delete the rows, scrub, verify. Called once by whoever ordered
//! it, after a crash by the worker. Each part may be repeated; "done" is said only when nothing is left.

use super::{Performer, certificate, keep_lease};
use crate::clock::Clock;
use crate::domain::act::lease_holds;
use crate::domain::certificate::{Found, Stored, Verdict};
use crate::domain::counts;
use crate::domain::failure_codes::Failure;
use crate::domain::ids::JobId;
use crate::domain::job::{Command, Job, State, Step, StepStatus, Title, next};
use crate::domain::live;
use crate::domain::moment::Moment;
use crate::engine::damage::runnable;
use crate::engine::{Error, Result};
use crate::store::{Change, Guard, NewEvent, PurgeCounts, Scan, Scrub, Store, Whose, WriteTxn};

/// Does what can be done now; on an error the job stays open. What is searched for at the end was written down when the
/// purge was ordered, so it does not matter who ends it.
pub(crate) async fn finish_purge(
    store: &Store,
    clock: &Clock,
    by: &Performer,
    id: &JobId,
) -> Result<()> {
    store.make_room()?;
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
    purge.verify().await?;
    store
        .write(|tx: &WriteTxn<'_>| Ok(tx.forget_served_lists()?))
        .await
}

enum Deletion {
    Done(Box<Job>),
    /// Values were written down; nothing was deleted yet.
    Listed,
    Overtaken,
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
            let Some(job) = tx.job(&id)? else {
                return Ok(None);
            };
            if !job.state.open() {
                // it was cancelled, or somebody else has ended it
                return Ok(None);
            }
            if waits_for_platform(&job) {
                // what is at the platform goes first
                return Ok(None);
            }
            let mut job = runnable(job)?;
            let alive = |until: Moment| lease_holds(until, now, by.lease);
            let lapsed = job.state == State::Running && !job.lease_until.is_some_and(alive);
            if job.state != State::Queued && !lapsed {
                return Ok(None);
            }
            tx.job_is_genuine(&id)?;
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

/// Whether the platform has not said yet that it purged.
fn waits_for_platform(job: &Job) -> bool {
    let there = |step: &&Step| step.title == Title::Other(live::STEP.into());
    let step = job.steps.iter().find(there);
    step.is_some_and(|step| step.status != StepStatus::Success)
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
        loop {
            match self.delete_or_list().await? {
                // what came since the purge was ordered is written down, so that it can be searched for
                Deletion::Listed => {}
                Deletion::Overtaken => return Ok(false),
                Deletion::Done(job) => {
                    self.job = *job;
                    return Ok(true);
                }
            }
        }
    }

    async fn delete_or_list(&self) -> Result<Deletion> {
        let now = self.clock.now();
        let (mut job, guard, by) = (self.job.clone(), self.guard, self.by.clone());
        let event = self.clock.fresh_id();
        self.store
            .write(move |tx: &WriteTxn<'_>| {
                // before anything: a destroyed key does not come back with the transaction
                if tx.job(&job.id)?.is_none_or(|j| Guard::of(&j) != guard) {
                    return Ok(Deletion::Overtaken);
                }
                let whose = Whose::Pair(job.user.clone(), job.institution.clone());
                if tx.list_values(job.id.as_str(), &whose)? {
                    return Ok(Deletion::Listed);
                }
                let standing = |tx: &WriteTxn<'_>| -> Result<String> {
                    let row = tx.connection(&job.connection)?;
                    Ok(row.map(|row| row.standing()).unwrap_or_default())
                };
                let was = standing(tx)?;
                tx.note_purge(&job.user, &job.institution, now)?;
                let purged = tx.purge(&job.user, &job.institution)?;
                let became = standing(tx)?;
                certificate::counted(tx, &job, &purged)?;
                let key = match purged.key {
                    Some(_) => "destroyed",
                    None => "there was none",
                };
                done(&mut job, &Title::DestroyKey, key.into(), now);
                let gone = gone(&purged.counts);
                done(&mut job, &Title::DeleteRows, gone.clone(), now);
                tx.save_job(&job, guard)?;
                let event_of = NewEvent {
                    count: Some(purged.counts.transactions),
                    ..NewEvent::of_job("connection", "updated", &job, &by.name)
                };
                tx.append_event(&event.into(), &event_of, now)?;
                let entry = by.entry("purge", job.connection.as_str(), &format!("done: {gone}"));
                tx.append_audit_of(&entry, &Change { was, became }, now)?;
                Ok(Deletion::Done(Box::new(job)))
            })
            .await
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
                self.job.next_attempt = Some(self.clock.now().plus(self.by.pause()));
                self.job.lease_until = None;
                self.save(|_, _| Ok(())).await?;
                return Ok(false);
            }
            Scrub::Done(how) => how.words(),
        };
        done(&mut self.job, &Title::Scrub, note.into(), self.clock.now());
        Ok(true)
    }

    /// Looks for what has to be gone, and ends the job with the certificate or as failed.
    async fn verify(mut self) -> Result<()> {
        self.begin(&Title::Verify);
        let id = self.job.id.clone();
        let list = self
            .store
            .read(move |rd| -> Result<_> { Ok(rd.search_list(id.as_str())?) })
            .await?;
        let (stored, values) = list.map(|l| (l.stored, l.values)).unzip();
        let values = values.unwrap_or_default();
        let seen: Scan = self.alive(self.store.scan_files(values)).await?;
        let now = self.clock.now();
        let verdict = self.verdict(stored, &seen).await?;
        match &verdict {
            Verdict::Unproven(why) => {
                let step = step(&mut self.job, &Title::Verify);
                step.status = StepStatus::Failed;
                step.ended = Some(now);
                let detail = format!("{}.", sentence(why));
                step.failure = Some(Failure::new(
                    "purge-not-verified",
                    "Purge not verified",
                    &detail,
                ));
                step_to(&mut self.job, Command::Fail)?;
            }
            proven => {
                let note = match (proven, stored.unwrap_or_default()) {
                    (Verdict::Nothing, _) => {
                        "nothing was stored, so nothing was searched for".into()
                    }
                    (_, stored) => format!(
                        "key gone, rows gone, 0 of {} found{}",
                        counts::count(seen.needles, "value"),
                        stored.left_aside()
                    ),
                };
                done(&mut self.job, &Title::Verify, note, now);
                step_to(&mut self.job, Command::Finish)?;
            }
        }
        self.job.ended = Some(now);
        self.job.lease_until = None;
        self.job.owner = None;
        let by = self.by.clone();
        self.save(move |tx, job| match verdict {
            Verdict::Proven => certificate::issue(tx, job, stored, &seen, &by, now),
            Verdict::Nothing => certificate::nothing(tx, job, &by, now),
            Verdict::Unproven(_) => certificate::refuse(tx, job, &by, now),
        })
        .await
    }

    /// Judges the search together with the rows and keys as they are now.
    async fn verdict(&self, stored: Option<Stored>, seen: &Scan) -> Result<Verdict> {
        let (searched, hits) = (seen.needles, seen.hits);
        // a refresh may have brought new data since; then the rows are new ones under a new key
        let refreshed = self.refreshed_since().await?;
        let job = self.job.clone();
        self.store
            .read(move |rd| {
                let draft = rd.certificate_draft(job.id.as_str())?;
                let mut remains = Vec::new();
                if !refreshed {
                    let left = rd.purge_counts(&job.user, &job.institution)?.rows();
                    let left = left.iter().filter(|(_, count)| *count > 0);
                    remains.extend(left.map(|(table, count)| format!("{count} {table}")));
                    if !rd
                        .key_slots(&job.user, Some(&job.institution))?
                        .held
                        .is_empty()
                    {
                        remains.push("a data key".into());
                    }
                }
                for (bank, slot) in draft.iter().flat_map(|draft| &draft.keys) {
                    if !rd.key_gone(*slot)? {
                        remains.push(format!("the data key of {bank}"));
                    }
                }
                let found = Found {
                    stored,
                    searched,
                    hits,
                    remains,
                };
                Ok(found.verdict(draft.as_ref()))
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

/// With a capital letter at its beginning.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
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
