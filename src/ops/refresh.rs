//! Ask for a refresh (domain 12.3). While a job is open the answer is that job; one that waits for its
//! retry is brought forward.

use super::connect::fetch_steps;
use super::{Error, Ops, Refusal, Result};
use crate::domain::age;
use crate::domain::connection::{Happening, Method, Status, transition};
use crate::domain::ids::ConnectionId;
use crate::domain::job::{Command, Job, Kind, State, next};
use crate::domain::listing::ConnectionRow;
use crate::domain::moment::Moment;
use crate::domain::policy::{self, Act};
use crate::store::{Guard, NewEvent, NewJob, Rd, Tx};

/// Open-banking refreshes a connection may have in one UTC day (domain 12.3).
pub const OPEN_BANKING_A_DAY: u64 = 20;

/// What came of asking for a refresh.
#[derive(Clone, Debug, PartialEq)]
pub struct Refreshed {
    /// The job, new or the one that was open.
    pub job: Job,
    /// Whether it was open already.
    pub deduplicated: bool,
}

impl Ops {
    /// Asks for a refresh. `force_recent` asks even though the bank was talked to moments ago.
    ///
    /// # Errors
    /// When the connection is deleted or unknown, was used under the floor ago (`too-recent`), or has used
    /// up its day (`too-many-requests`).
    pub async fn refresh(&self, id: &ConnectionId, force_recent: bool) -> Result<Refreshed> {
        let (ops, asked) = (self.clone(), id.clone());
        let answer: Result<std::result::Result<Refreshed, Refusal>> =
            self.store.write(move |tx: &Tx<'_>| ops.refresh_in(tx, &asked, Kind::Refresh, force_recent)).await;
        match answer? {
            Ok(refreshed) => Ok(refreshed),
            Err(refusal) => Err(self.refused("refresh", id.as_str(), refusal).await),
        }
    }

    /// The same within a transaction, for whatever else asks for a fetch.
    pub(crate) fn refresh_in(
        &self,
        tx: &Tx<'_>,
        id: &ConnectionId,
        kind: Kind,
        force_recent: bool,
    ) -> Result<std::result::Result<Refreshed, Refusal>> {
        let now = self.now();
        let Some(row) = tx.connection(id)? else {
            return Err(Error::NotFound { kind: "connection", id: id.to_string() });
        };
        if let Err(reason) = policy::may(Act::Refresh, row.method, row.label) {
            return Ok(Err(Refusal::new(reason.code, reason.detail, reason.words)));
        }
        if let Some(open) = tx.open_job(id)? {
            let job = self.bring_forward(tx, open, row.method, now)?;
            tx.append_audit(&self.entry(kind.word(), id.as_str(), "joined the open job", ""), now)?;
            return Ok(Ok(Refreshed { job, deduplicated: true }));
        }
        if kind == Kind::Refresh
            && let Err(refusal) = self.may_now(tx, &row, force_recent, now)?
        {
            return Ok(Err(refusal));
        }
        let moved = transition(row.method, Some(row.status), Happening::JobOpen);
        debug_assert!(moved.is_ok_and(|m| m.to == row.status), "a refresh changes no status by itself");
        let Some(institution) = tx.institution(&row.institution)? else {
            return Err(Error::NotFound { kind: "institution", id: row.institution.to_string() });
        };
        let job = self.job_id();
        tx.insert_job(&NewJob {
            id: job.clone(),
            connection: id.clone(),
            kind,
            state: State::Queued,
            steps: fetch_steps(&institution),
            due: Some(now),
            created: now,
            actor: self.caller.actor.clone(),
        })?;
        let event = NewEvent {
            entity: "job",
            event_type: "created",
            user: Some(&row.user),
            connection: Some(id),
            job: Some(&job),
            count: None,
            actor: &self.caller.actor,
        };
        tx.append_event(&self.event_id(), &event, now)?;
        tx.append_audit(&self.entry(kind.word(), id.as_str(), "done", ""), now)?;
        let job = tx.job(&job)?.ok_or_else(|| Error::NotFound { kind: "job", id: job.to_string() })?;
        Ok(Ok(Refreshed { job, deduplicated: false }))
    }

    /// Whether the limits allow a refresh just now.
    pub(super) fn may_now(
        &self,
        tx: &Rd<'_>,
        row: &ConnectionRow,
        force_recent: bool,
        now: Moment,
    ) -> Result<std::result::Result<(), Refusal>> {
        if row.method == Method::OpenBanking && tx.refreshes_since(&row.id, now.day())? >= OPEN_BANKING_A_DAY {
            return Ok(Err(Refusal::new(
                "too-many-requests",
                format!("Limit of {OPEN_BANKING_A_DAY} refreshes a day reached for this connection."),
                "Open banking allows no more until midnight UTC.",
            )));
        }
        // an invalid one is refreshed to find out whether it is well again; only a good one is too young
        if !force_recent
            && row.status == Status::Active
            && let Some(age_ms) = policy::too_recent(row, now, self.limits.refresh_floor)
        {
            return Ok(Err(Refusal::new(
                "too-recent",
                format!("It was refreshed {} ago.", age::span(age_ms)),
                format!(
                    "The floor is {}; banks lock accounts that are asked too often. `--force-recent` asks all the same.",
                    age::write(self.limits.refresh_floor)
                ),
            )));
        }
        Ok(Ok(()))
    }

    /// A job that waits for its retry is tried now; every other open job stays as it is (domain 12.3).
    fn bring_forward(&self, tx: &Tx<'_>, open: Job, method: Method, now: Moment) -> Result<Job> {
        // a job that came by an import waits for nothing here: nobody else will run it
        let left_over = open.state == State::Paused && open.next_attempt.is_none() && method == Method::Web;
        if open.state != State::WaitingRetry && !left_over {
            return Ok(open);
        }
        let guard = Guard { epoch: open.epoch, state: open.state };
        let mut job = open;
        if let Ok(state) = next(job.state, Command::Release) {
            job.state = state;
            job.attempt += 1;
            job.next_attempt = Some(now);
            job.updated = now;
            tx.save_job(&job, guard)?;
        }
        Ok(job)
    }
}
