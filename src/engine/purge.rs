//! The rest of a purge whose intent is on disk: destroy and delete if that was cut off, scrub, verify.
//! Each part may be done again; "done" is said only when nothing is left.

use super::{Error, Result, certificate};
use crate::clock::Clock;
use crate::domain::failure::Failure;
use crate::domain::ids::JobId;
use crate::domain::job::{Command, Job, State, StepStatus, Title, next};
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use crate::domain::time_format;
use crate::store::{AuditEntry, Guard, PurgeCounts, Scrub, Store, WriteTxn};
use std::time::Duration;

/// How long a purge waits before it looks again whether a reader is still in the way.
const AGAIN: Duration = Duration::from_secs(2);

/// Who finishes a purge: the worker or the command that began it.
#[derive(Clone, Debug)]
pub(crate) struct Finisher {
    /// Who.
    pub(crate) owner: String,
    /// Through which face.
    pub(crate) face: &'static str,
    /// How long it may be silent before another process takes the purge over.
    pub(crate) lease: Duration,
}

/// Finishes a purge as far as can be done now. `needles` are the plain values it destroyed, where they
/// are still known; without them the proof is the destroyed key and the absent rows.
///
/// # Errors
/// When the file cannot be written. Then the job stays open and is taken up again.
pub(crate) async fn finish_purge(
    store: &Store,
    clock: &Clock,
    by: &Finisher,
    id: &JobId,
    needles: Vec<Secret>,
) -> Result<()> {
    let (mut job, mut guard) = match take(store, clock, by, id).await? {
        Some(taken) => taken,
        None => return Ok(()),
    };
    if pending(&job, &Title::DeleteRows) {
        let (user, bank, now) = (job.user.clone(), job.institution.clone(), clock.now());
        let (by, connection, id) = (by.clone(), job.connection.clone(), job.id.clone());
        let counts: Result<Option<PurgeCounts>> = store
            .write(move |tx: &WriteTxn<'_>| {
                // somebody else may have finished it since, and a refresh brought data that is not meant
                if !tx.job(&id)?.is_some_and(|j| {
                    (Guard {
                        epoch: j.epoch,
                        state: j.state,
                    }) == guard
                }) {
                    return Ok(None);
                }
                let counts = tx.purge(&user, &bank)?;
                // whoever meant it wrote that down and did not live to write this
                let entry = AuditEntry {
                    actor: by.owner,
                    face: by.face,
                    action: "purge".into(),
                    target: connection.to_string(),
                    outcome: format!("done: {}", gone(&counts)),
                    reason: String::new(),
                };
                tx.append_audit(&entry, now)?;
                certificate::counted(tx, &id, &counts)?;
                Ok(Some(counts))
            })
            .await;
        let Some(counts) = counts? else { return Ok(()) };
        done(&mut job, &Title::DestroyKey, "destroyed".into(), now);
        done(&mut job, &Title::DeleteRows, gone(&counts), now);
        let Some(saved) = save(store, clock, &job, guard).await? else {
            return Ok(());
        };
        guard = saved;
    }
    if pending(&job, &Title::Scrub) {
        begin(&mut job, &Title::Scrub, clock.now());
        match alive(store, clock, &job, by.lease, store.scrub()).await? {
            Scrub::Pending => {
                let step = job
                    .steps
                    .iter_mut()
                    .find(|s| s.title == Title::Scrub)
                    .expect("a purge has a scrub");
                step.status = StepStatus::Pending;
                step.note = Some("pending: another program is reading the file".into());
                job.state = next(job.state, Command::Rescue).map_err(|e| bad(id, e))?;
                job.next_attempt = Some(clock.now().plus(AGAIN));
                job.lease_until = None;
                save(store, clock, &job, guard).await?;
                return Ok(());
            }
            Scrub::Done { rewritten: true } => done(
                &mut job,
                &Title::Scrub,
                "file rewritten".into(),
                clock.now(),
            ),
            Scrub::Done { rewritten: false } => {
                done(
                    &mut job,
                    &Title::Scrub,
                    "freed pages overwritten, log emptied".into(),
                    clock.now(),
                );
            }
        }
    }
    begin(&mut job, &Title::Verify, clock.now());
    let seen = alive(store, clock, &job, by.lease, store.scan_files(needles)).await?;
    let (hits, searched) = (seen.hits, seen.needles);
    let (user, bank) = (job.user.clone(), job.institution.clone());
    let empty: Result<bool> = store.read(move |rd| Ok(rd.purged(&user, &bank)?)).await;
    let now = clock.now();
    // a refresh may have brought new data since; then the rows are new ones under a new key
    let proven = hits == 0 && (empty? || refreshed_since(store, &job).await?);
    if proven {
        done(
            &mut job,
            &Title::Verify,
            format!(
                "key gone, rows gone, 0 of {} found",
                time_format::count(searched, "value")
            ),
            now,
        );
        job.state = next(job.state, Command::Finish).map_err(|e| bad(id, e))?;
    } else {
        let failure = Failure::new(
            "purge-not-verified",
            "Purge not verified",
            &format!(
                "{hits} of {} were found again.",
                time_format::count(searched, "value")
            ),
        );
        let step = job
            .steps
            .iter_mut()
            .find(|s| s.title == Title::Verify)
            .expect("a purge has a verification");
        step.status = StepStatus::Failed;
        step.ended = Some(now);
        step.failure = Some(failure);
        job.state = next(job.state, Command::Fail).map_err(|e| bad(id, e))?;
    }
    job.ended = Some(now);
    job.lease_until = None;
    job.owner = None;
    let by = by.clone();
    save_with(store, clock, &job, guard, move |tx, job| match proven {
        true => certificate::issue(tx, job, &seen, &by, now),
        false => certificate::refuse(tx, job, &by, now),
    })
    .await?;
    Ok(())
}

/// Takes the purge for this process; none when it is over or somebody else has it.
async fn take(
    store: &Store,
    clock: &Clock,
    by: &Finisher,
    id: &JobId,
) -> Result<Option<(Job, Guard)>> {
    let (id, clock, by) = (id.clone(), clock.clone(), by.clone());
    store
        .write(move |tx: &WriteTxn<'_>| {
            let now = clock.now();
            let Some(mut job) = tx.job(&id)? else {
                return Ok(None);
            };
            // a lease that ends later than any can was written by a clock that was wrong
            let alive = |until: Moment| until >= now && until <= now.plus(by.lease * 2);
            let lapsed = job.state == State::Running && !job.lease_until.is_some_and(alive);
            if job.state != State::Queued && !lapsed {
                return Ok(None);
            }
            let guard = Guard {
                epoch: job.epoch,
                state: job.state,
            };
            if lapsed {
                job.state = next(job.state, Command::Rescue).map_err(|e| bad(&job.id, e))?;
            }
            job.state = next(job.state, Command::Claim).map_err(|e| bad(&job.id, e))?;
            job.epoch += 1;
            job.attempt += 1;
            job.owner = Some(by.owner);
            job.lease_until = Some(now.plus(by.lease));
            job.next_attempt = None;
            job.updated = now;
            if !tx.save_job(&job, guard)? {
                return Ok(None);
            }
            let guard = Guard {
                epoch: job.epoch,
                state: job.state,
            };
            Ok(Some((job, guard)))
        })
        .await
}

/// Does the work and says meanwhile that this process lives.
async fn alive<T>(
    store: &Store,
    clock: &Clock,
    job: &Job,
    lease: Duration,
    work: impl Future<Output = T>,
) -> T {
    let mut work = std::pin::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            // a heartbeat: the lease is renewed while the work lasts
            () = tokio::time::sleep(lease / 3) => {}
        }
        let (id, epoch, until) = (job.id.clone(), job.epoch, clock.now().plus(lease));
        let renewed = store.write(move |tx: &WriteTxn<'_>| -> Result<bool> {
            Ok(tx.extend_lease(&id, epoch, until)?)
        });
        tokio::select! {
            done = &mut work => return done,
            // what becomes of a lease that was not renewed is seen when the work is saved
            _ = renewed => {}
        }
    }
}

/// Writes the purge as it is now. Nothing: another process has it by now, and finishes it.
async fn save(store: &Store, clock: &Clock, job: &Job, guard: Guard) -> Result<Option<Guard>> {
    save_with(store, clock, job, guard, |_, _| Ok(())).await
}

/// The same, and in its transaction what goes with it.
async fn save_with(
    store: &Store,
    clock: &Clock,
    job: &Job,
    guard: Guard,
    also: impl FnOnce(&WriteTxn<'_>, &Job) -> Result<()> + Send + 'static,
) -> Result<Option<Guard>> {
    let (written, event) = (job.clone(), clock.fresh_id());
    let saved: Result<bool> = store
        .write(move |tx: &WriteTxn<'_>| {
            let saved = tx.save_job(&written, guard)?;
            if saved {
                tx.append_event(
                    &event.into(),
                    &crate::store::NewEvent {
                        entity: "job",
                        event_type: "updated",
                        user: Some(&written.user),
                        connection: Some(&written.connection),
                        job: Some(&written.id),
                        count: None,
                        actor: "purge",
                    },
                    written.updated,
                )?;
                also(tx, &written)?;
            }
            Ok(saved)
        })
        .await;
    Ok(saved?.then_some(Guard {
        epoch: job.epoch,
        state: job.state,
    }))
}

async fn refreshed_since(store: &Store, job: &Job) -> Result<bool> {
    let (connection, since) = (job.connection.clone(), job.created);
    store
        .read(move |rd| {
            let Some(row) = rd.connection(&connection)? else {
                return Ok(false);
            };
            let others = rd.connections_of(&row.user, Some(&row.institution))?;
            Ok(others.iter().any(|c| c.last_used > since))
        })
        .await
}

fn pending(job: &Job, title: &Title) -> bool {
    job.steps
        .iter()
        .any(|s| s.title == *title && s.status != StepStatus::Success)
}

fn begin(job: &mut Job, title: &Title, now: Moment) {
    if let Some(step) = job.steps.iter_mut().find(|s| s.title == *title) {
        step.status = StepStatus::InProgress;
        step.started = Some(now);
    }
    job.updated = now;
}

/// Marks a step of a purge as done.
pub(crate) fn done(job: &mut Job, title: &Title, note: String, now: Moment) {
    if let Some(step) = job.steps.iter_mut().find(|s| s.title == *title) {
        step.status = StepStatus::Success;
        step.started = step.started.or(Some(now));
        step.ended = Some(now);
        step.note = Some(note);
    }
    job.updated = now;
}

/// What was deleted, in a few words.
pub(crate) fn gone(counts: &PurgeCounts) -> String {
    let parts = [
        (counts.accounts, "account"),
        (counts.transactions, "transaction"),
        (counts.profiles, "profile"),
    ];
    parts.map(|(n, one)| time_format::count(n, one)).join(", ")
}

fn bad(id: &JobId, refused: crate::domain::job::Refused) -> Error {
    Error::Job {
        id: id.clone(),
        what: refused.to_string(),
    }
}
