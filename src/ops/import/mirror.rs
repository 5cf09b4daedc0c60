//! Takes in what a platform answers about a user: the checks of an import, and the platform's word for everything.

use super::chunk::{Chunk, Course};
use crate::domain::connection::Origin;
use crate::domain::ids::{ConnectionId, InstitutionId, JobId, UserId};
use crate::domain::import_records::UserRecord;
use crate::domain::job::{Job, State, StepStatus};
use crate::domain::live::next_look;
use crate::domain::moment::Moment;
use crate::ops::{Ops, Result};
use crate::store::{NewEvent, ReadTxn, WriteTxn};
use crate::wire::{Documents, Entity, Source};

/// What came of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mirrored {
    pub(crate) connections: Vec<ConnectionId>,
    pub(crate) jobs: Vec<JobId>,
    /// Whether the whole of it could be read, so that what is missing in it is missing there.
    pub(crate) whole: bool,
    /// Why the first document that was left out was, without anything personal.
    pub(crate) spoiled: Option<String>,
}

/// The records of an entity with their documents, which stand in the same order.
fn with_sources<T>(docs: &mut Documents, entity: Entity, records: Vec<T>) -> Vec<(T, Source)> {
    let all = std::mem::take(&mut docs.sources);
    let (of, others) = all.into_iter().partition(|it| it.entity == entity);
    docs.sources = others;
    let of: Vec<Source> = of;
    records.into_iter().zip(of).collect()
}

impl Ops {
    /// In one transaction. `of` is whose documents were asked for, `began` when: what was purged since does not come back.
    pub(crate) async fn mirror(
        &self,
        of: Option<UserId>,
        docs: Documents,
        began: Moment,
    ) -> Result<Mirrored> {
        self.write(move |ops, tx| ops.mirror_in(tx, of.as_ref(), docs, began))
            .await
    }

    pub(crate) fn mirror_in(
        &self,
        tx: &WriteTxn<'_>,
        of: Option<&UserId>,
        mut docs: Documents,
        began: Moment,
    ) -> Result<Mirrored> {
        let mut done = Mirrored {
            whole: docs.lost == 0 && docs.loose.is_empty() && docs.errors.is_empty(),
            spoiled: docs.loose.first().map(|loose| loose.why.clone()),
            ..Mirrored::default()
        };
        let mut spoiled = docs.lost + docs.loose.len() as u64;
        // what cannot be read does not wait here: the platform is asked again
        docs.loose.clear();
        docs.lost = 0;
        // transactions are counted and not copied; an event says only what has to be read
        docs.batch.transactions.clear();
        docs.batch.events.clear();
        docs.statuses.clear();
        docs.sources.retain(|it| it.entity != Entity::Transaction);
        spoiled += self.connections_of(tx, of, &mut docs, &mut done)?;
        self.leave_purged(tx, &mut docs, began)?;
        let before = jobs_in_order(tx, &mut docs)?;
        let course = Course {
            restore: true,
            before: 0,
            live: true,
        };
        let outcome = Chunk::new(self, tx, course, false)?.take(docs)?;
        spoiled += outcome.lost;
        if done.spoiled.is_none() && outcome.lost > 0 {
            done.spoiled = outcome
                .notes
                .first()
                .map(|note| format!("{}: {}", note.at, note.what));
        }
        for (id, was) in before {
            self.follow_job(tx, &id, was)?;
            done.jobs.push(id);
        }
        if spoiled > 0 {
            done.spoiled
                .get_or_insert_with(|| "a document breaks the contract of the API".into());
            tx.add_spoiled(spoiled)?;
        }
        Ok(done)
    }

    /// Makes the connections of an answer the platform's; answers how many are not of the user that was asked for.
    fn connections_of(
        &self,
        tx: &WriteTxn<'_>,
        of: Option<&UserId>,
        docs: &mut Documents,
        done: &mut Mirrored,
    ) -> Result<u64> {
        let records = std::mem::take(&mut docs.batch.connections);
        let mut others = 0;
        for (mut record, source) in with_sources(docs, Entity::Connection, records) {
            if of.is_some_and(|user| *user != record.user) {
                others += 1;
                continue;
            }
            if !tx.user_exists(&record.user)? {
                tx.put_user(&UserRecord::bare(record.user.clone()), self.now())?;
            }
            tx.set_live(&record.id)?;
            record.origin = Origin::Live;
            done.connections.push(record.id.clone());
            docs.batch.connections.push(record);
            docs.sources.push(source);
        }
        Ok(others)
    }

    /// Leaves out what was read before a purge and comes after it.
    fn leave_purged(&self, tx: &WriteTxn<'_>, docs: &mut Documents, began: Moment) -> Result<()> {
        let purged = |user: &UserId, at: &InstitutionId| -> Result<bool> {
            Ok(tx
                .purged_until(user, at)?
                .is_some_and(|until| until >= began))
        };
        for record in &mut docs.batch.connections {
            if record.profile.is_some() && purged(&record.user, &record.institution)? {
                record.profile = None;
            }
        }
        let records = std::mem::take(&mut docs.batch.accounts);
        for (record, source) in with_sources(docs, Entity::Account, records) {
            if !purged(&record.user, &record.institution)? {
                docs.batch.accounts.push(record);
                docs.sources.push(source);
            }
        }
        let mut kept = Vec::new();
        for summary in std::mem::take(&mut docs.summaries) {
            if !purged(&summary.user, &summary.institution)? {
                kept.push(summary);
            }
        }
        docs.summaries = kept;
        Ok(())
    }

    /// What follows from a job that the platform tells of: who has to answer, when it is looked at again, and an event
    /// when it moved.
    fn follow_job(&self, tx: &WriteTxn<'_>, id: &JobId, was: Option<Job>) -> Result<()> {
        let Some(job) = tx.job(id)? else {
            return Ok(());
        };
        let now = self.now();
        let moved = was
            .as_ref()
            .is_none_or(|was| was.updated != job.updated || was.state != job.state);
        if moved {
            let happened = if was.is_some() { "updated" } else { "created" };
            self.record_event(
                tx,
                &NewEvent::of_job("job", happened, &job, &self.caller.actor),
                now,
            )?;
        }
        let open = tx.open_job(&job.connection)?;
        tx.set_asking(
            &job.connection,
            open.is_some_and(|open| open.state == State::WaitingMfa),
        )?;
        match (job.state.open(), tx.watched(id)?) {
            (false, _) => {
                tx.unwatch_job(id)?;
                if was.is_some_and(|was| was.state.open()) {
                    // what it fetched is read when nobody waits for something else
                    tx.set_details_wanted(&job.connection, now)?;
                }
            }
            (true, None) => tx.watch_job(id, next_look(0, job.updated, now), 1)?,
            (true, Some(_)) if moved => tx.watch_job(id, next_look(0, job.updated, now), 1)?,
            (true, Some(tries)) => {
                tx.watch_job(
                    id,
                    next_look(tries, job.updated, now),
                    tries.saturating_add(1),
                )?;
            }
        }
        Ok(())
    }
}

/// Brings the jobs into the order in which they fit: those that ended first, so that one that is open finds its place.
/// Answers each with what was stored of it.
fn jobs_in_order(rd: &ReadTxn<'_>, docs: &mut Documents) -> Result<Vec<(JobId, Option<Job>)>> {
    let records = std::mem::take(&mut docs.batch.jobs);
    let mut jobs = with_sources(docs, Entity::Job, records);
    jobs.sort_by_key(|(job, _)| (job.state.open(), job.created));
    let mut before = Vec::with_capacity(jobs.len());
    for (mut job, source) in jobs {
        if job.state == State::Paused {
            // the platform runs it; without a time it is due nobody takes it up here
            let begun = job
                .steps
                .iter()
                .any(|step| step.status != StepStatus::Pending);
            job.state = if begun { State::Running } else { State::Queued };
        }
        before.push((job.id.clone(), rd.job(&job.id)?));
        docs.batch.jobs.push(job);
        docs.sources.push(source);
    }
    Ok(before)
}
