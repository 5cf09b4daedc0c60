//! What is to be read of the platform next, and what an answer comes to beside its documents.

use crate::domain::connection::{Happening, Origin, Status};
use crate::domain::failure_codes::Failure;
use crate::domain::ids::{AccountId, ConnectionId, InstitutionId, JobId, UserId};
use crate::domain::job::{Command, StepStatus, next};
use crate::domain::live::{Call, Task, next_look};
use crate::domain::moment::Moment;
use crate::ops::{Error, Mirrored, Ops, Result, not_found};
use crate::store::{Guard, NewEvent, WriteTxn};
use crate::wire::Documents;
use std::time::Duration;

/// How far back the platform's feed reaches; after a longer time away everything is read again.
const FEED_REACHES: Duration = Duration::from_hours(7 * 24);

/// How often banks and their health are read.
const CONNECTORS_EVERY: Duration = Duration::from_hours(24);

/// Details that a person asks for are read again when they are older.
const DETAILS_FRESH_MS: i64 = 60_000;

/// What could not be read is tried again after this.
const SPOILED_AGAIN: Duration = Duration::from_secs(15);

/// How old the details of a connection may be when nothing else is to be done.
const DETAILS_EVERY: Duration = Duration::from_hours(7 * 24);

fn before(now: Moment, span: Duration) -> Moment {
    now.plus_ms(-i64::try_from(span.as_millis()).unwrap_or(i64::MAX))
}

impl Ops {
    /// The next things to read, the most urgent first: what a person waits for, jobs under watch, the feed, whom it
    /// names, the first look, the sweep, and details when nothing else is left.
    pub(crate) async fn live_tasks(&self, most: usize) -> Result<Vec<Task>> {
        let (now, every, sweep) = (self.now(), self.limits.live_events, self.limits.live_sweep);
        self.read(move |rd| {
            let Some(platform) = rd.platform()? else {
                return Ok(Vec::new());
            };
            let due = |last: Option<Moment>, every| last.is_none_or(|at| at <= before(now, every));
            let swept = before(now, sweep);
            let mut tasks: Vec<Task> = Vec::new();
            tasks.extend(rd.details_wanted(most)?.into_iter().map(Task::Details));
            tasks.extend(rd.jobs_to_watch(now, most)?.into_iter().map(Task::Job));
            if due(platform.connectors_read, CONNECTORS_EVERY) && !platform.lacks(Call::Connectors)
            {
                tasks.push(Task::Connectors);
            }
            if due(platform.events_read, every) && !platform.lacks(Call::Events) {
                tasks.push(Task::Events);
            }
            tasks.extend(rd.stale_users(most)?.into_iter().map(Task::Look));
            tasks.extend(
                rd.users_to_look_at(swept, most)?
                    .into_iter()
                    .map(Task::Look),
            );
            if tasks.len() < most {
                tasks.extend(rd.users_to_know(swept, most)?.into_iter().map(Task::Know));
            }
            if tasks.len() < most && !platform.lacks(Call::Accounts) {
                let idle = rd.details_missing(before(now, DETAILS_EVERY), most)?;
                tasks.extend(idle.into_iter().map(Task::Details));
            }
            let mut seen = std::collections::HashSet::new();
            tasks.retain(|task| seen.insert(format!("{task:?}")));
            Ok(tasks)
        })
        .await
    }

    /// Marks the users whom new events name, so that they are read again. Answers how many events were new.
    pub(crate) async fn live_events(&self, docs: Documents, began: Moment) -> Result<u64> {
        self.write(move |ops, tx| {
            let mut new = 0;
            let spoiled = docs.lost + docs.loose.len() as u64;
            for event in &docs.batch.events {
                if tx.event_was_read(event.id.as_str())? {
                    continue;
                }
                tx.remember_event(event.id.as_str(), event.at)?;
                tx.set_stale(&event.user, ops.now())?;
                new += 1;
            }
            let read = tx.platform()?.and_then(|platform| platform.events_read);
            if read.is_some_and(|read| read <= before(began, FEED_REACHES)) {
                tx.all_stale(ops.now())?;
            }
            if spoiled > 0 {
                tx.add_spoiled(spoiled)?;
            }
            tx.forget_events(before(began, FEED_REACHES + Duration::from_hours(24)))?;
            tx.set_events_read(began)?;
            Ok(new)
        })
        .await
    }

    pub(crate) async fn live_connectors_read(&self, docs: Documents, began: Moment) -> Result<()> {
        self.write(move |ops, tx| {
            ops.mirror_in(tx, None, docs, began)?;
            Ok(tx.set_connectors_read(began)?)
        })
        .await
    }

    /// The connections and open jobs of a user that are here and not in what the platform listed. What is listed
    /// incompletely says nothing about what is missing in it.
    pub(crate) async fn live_missing(
        &self,
        user: &UserId,
        connections: &Mirrored,
        jobs: &Mirrored,
    ) -> Result<(Vec<ConnectionId>, Vec<JobId>)> {
        let (user, connections, jobs) = (user.clone(), connections.clone(), jobs.clone());
        self.read(move |rd| {
            let mut gone = rd.live_connections_of(&user)?;
            gone.retain(|id| connections.whole && !connections.connections.contains(id));
            let mut ended = rd.live_jobs_of(&user)?;
            ended.retain(|id| jobs.whole && !jobs.jobs.contains(id));
            Ok((gone, ended))
        })
        .await
    }

    /// Connections and jobs of a user were read as a whole.
    pub(crate) async fn live_looked(
        &self,
        user: &UserId,
        began: Moment,
        spoiled: Option<String>,
    ) -> Result<()> {
        let user = user.clone();
        self.write(move |ops, tx| {
            tx.set_looked(&user, began, ops.now())?;
            if let Some(said) = spoiled {
                tx.set_user_trouble(&user, &said, ops.now())?;
            }
            Ok(())
        })
        .await
    }

    /// What was not read yet and whom events name: the first look, and nothing that only falls due.
    pub(crate) async fn live_backlog(&self, most: usize) -> Result<Vec<Task>> {
        self.read(move |rd| {
            let never = Moment(i64::MIN);
            let mut tasks: Vec<Task> = Vec::new();
            tasks.extend(rd.stale_users(most)?.into_iter().map(Task::Look));
            if tasks.len() < most {
                let new = rd
                    .users_to_look_at(never, most)?
                    .into_iter()
                    .map(Task::Look);
                tasks.extend(new.filter(|task| !tasks.contains(task)).collect::<Vec<_>>());
            }
            if tasks.is_empty() {
                tasks.extend(rd.users_to_know(never, most)?.into_iter().map(Task::Know));
            }
            Ok(tasks)
        })
        .await
    }

    pub(crate) async fn live_connections(&self, user: &UserId) -> Result<Vec<ConnectionId>> {
        let user = user.clone();
        self.read(move |rd| Ok(rd.live_connections_of(&user)?))
            .await
    }

    /// Whose a connection of the platform is, and at which bank.
    pub(crate) async fn live_place(
        &self,
        id: &ConnectionId,
    ) -> Result<Option<(UserId, InstitutionId)>> {
        let id = id.clone();
        self.read(move |rd| {
            let row = rd.connection(&id)?.filter(|row| row.origin == Origin::Live);
            Ok(row.map(|row| (row.user, row.institution)))
        })
        .await
    }

    /// Something of this user may have changed: they are read next.
    pub(crate) async fn live_stale(&self, user: &UserId) -> Result<()> {
        let user = user.clone();
        self.write(move |ops, tx| Ok(tx.set_stale(&user, ops.now())?))
            .await
            .map(drop)
    }

    pub(crate) async fn all_live_stale(&self) -> Result<()> {
        self.write(|ops, tx| Ok(tx.all_stale(ops.now())?)).await
    }

    /// The user of a job that is over, whose connection has to be read again.
    pub(crate) async fn live_moved(&self, id: &JobId) -> Result<Option<UserId>> {
        let id = id.clone();
        self.read(move |rd| {
            let over = rd.job(&id)?.filter(|job| !job.state.open());
            Ok(over.map(|job| job.user))
        })
        .await
    }

    /// Nothing was learned of this job: it is looked at again later.
    pub(crate) async fn live_job_later(&self, id: &JobId) -> Result<()> {
        let id = id.clone();
        self.write(move |ops, tx| {
            if let Some(tries) = tx.watched(&id)? {
                let now = ops.now();
                tx.watch_job(&id, next_look(tries, now, now), tries.saturating_add(1))?;
            }
            Ok(())
        })
        .await
    }

    /// `whole`: both could be read; else they are read again soon.
    pub(crate) async fn live_known(&self, user: &UserId, whole: bool) -> Result<()> {
        let user = user.clone();
        self.write(move |ops, tx| {
            Ok(tx.set_known(&user, ops.read_at(whole, ops.limits.live_sweep))?)
        })
        .await
    }

    /// When something counts as read, so that its next turn comes after `every`; soon when it could not be.
    fn read_at(&self, whole: bool, every: Duration) -> Moment {
        match whole {
            true => self.now(),
            false => before(self.now(), every).plus(SPOILED_AGAIN),
        }
    }

    /// The answer about this user cannot be read; the others are.
    pub(crate) async fn live_user_trouble(&self, user: &UserId, said: &str) -> Result<()> {
        let (user, said) = (user.clone(), said.to_owned());
        self.write(move |ops, tx| {
            tx.add_spoiled(1)?;
            let at = ops.read_at(false, ops.limits.live_sweep);
            Ok(tx.set_user_trouble(&user, &said, at)?)
        })
        .await
    }

    /// The platform has deleted this connection: it ends here, and its history stays.
    pub(crate) async fn live_deleted(&self, id: &ConnectionId) -> Result<()> {
        let id = id.clone();
        self.write(move |ops, tx| ops.live_deleted_in(tx, &id))
            .await
    }

    pub(crate) fn live_deleted_in(&self, tx: &WriteTxn<'_>, id: &ConnectionId) -> Result<()> {
        let Some(row) = tx.connection(id)? else {
            return Ok(());
        };
        if row.status == Status::Deleted {
            return Ok(());
        }
        let now = self.now();
        if let Some(open) = tx.open_job(id)? {
            tx.unwatch_job(&open.id)?;
        }
        self.end_open_job(tx, id, now)?;
        self.end(tx, &row, Happening::Revoked, now)
    }

    /// The platform does not know this user any more: connections and consent have ended there, and end here.
    pub(crate) async fn live_user_gone(&self, user: &UserId) -> Result<()> {
        let user = user.clone();
        self.write(move |ops, tx| {
            for id in tx.live_connections_of(&user)? {
                ops.live_deleted_in(tx, &id)?;
            }
            let now = ops.now();
            if let Some(consent) = tx.active_consent(&user)? {
                ops.consent_ends(tx, consent, now)?;
            }
            Ok(tx.set_gone(&user, now)?)
        })
        .await
    }

    /// The platform does not hold this open job any more; how it ended is not known.
    pub(crate) async fn live_job_gone(&self, id: &JobId) -> Result<()> {
        let id = id.clone();
        self.write(move |ops, tx| {
            tx.unwatch_job(&id)?;
            let Some(mut job) = tx.job(&id)?.filter(|job| job.state.open()) else {
                return Ok(());
            };
            let (guard, now) = (Guard::of(&job), ops.now());
            job.state = next(job.state, Command::Fail)
                .map_err(|refused| Error::Input(refused.to_string()))?;
            let at = job.current();
            if let Some(step) = job.steps.get_mut(at) {
                step.status = StepStatus::Failed;
                step.ended = Some(now);
                step.failure = Some(Failure::new(
                    "unknown-error",
                    "Not Known Any More",
                    "The platform does not hold this job any more; how it ended is not known.",
                ));
            }
            (job.updated, job.ended, job.challenge) = (now, Some(now), None);
            tx.save_job(&job, guard)?;
            tx.set_asking(&job.connection, false)?;
            let event = NewEvent::of_job("job", "updated", &job, &ops.caller.actor);
            ops.record_event(tx, &event, now)
        })
        .await
    }

    /// The details of a connection: its documents, and how many transactions the platform counts for each account.
    pub(crate) async fn live_detailed(
        &self,
        id: &ConnectionId,
        docs: Documents,
        accounts: Option<Vec<(AccountId, Option<u64>)>>,
        began: Moment,
        whole: bool,
    ) -> Result<()> {
        let id = id.clone();
        self.write(move |ops, tx| {
            let row = tx
                .connection(&id)?
                .ok_or_else(|| not_found("connection", &id))?;
            let has_profile = docs
                .batch
                .connections
                .iter()
                .any(|c| c.id == id && c.profile.is_some())
                || !docs.identities.is_empty();
            let read = !docs.batch.connections.is_empty();
            let done = ops.mirror_in(tx, Some(&row.user), docs, began)?;
            let purged = tx.purged_until(&row.user, &row.institution)?;
            let current = purged.is_none_or(|until| until < began);
            if let Some(accounts) = accounts.filter(|_| current) {
                for known in tx.accounts_at(&row.user, &row.institution)? {
                    if done.whole && accounts.iter().all(|(listed, _)| *listed != known) {
                        tx.remove_account(&known)?;
                    }
                }
                for (account, count) in accounts {
                    if let Some(count) = count {
                        tx.set_transaction_count(&account, count)?;
                    }
                }
            }
            if read && !has_profile && done.whole {
                tx.remove_profile(&id)?;
            }
            Ok(tx.set_detailed(&id, ops.read_at(whole, DETAILS_EVERY))?)
        })
        .await
    }

    /// A person has opened a connection: its details are read next, unless they are fresh.
    pub(crate) async fn want_details(&self, id: &ConnectionId) -> Result<()> {
        let (asked, now) = (id.clone(), self.now());
        let wanted = self
            .read(move |rd| Ok(rd.details_are_old(&asked, now.plus_ms(-DETAILS_FRESH_MS))?))
            .await?;
        if !wanted || self.store.read_only() {
            return Ok(());
        }
        let id = id.clone();
        self.write(move |ops, tx| Ok(tx.set_details_wanted(&id, ops.now())?))
            .await
    }
}
