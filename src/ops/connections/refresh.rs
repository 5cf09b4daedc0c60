//! Queues a refresh. While a job is open the answer is that job; one that waits for its retry runs at once.

use crate::domain::act::Force;
use crate::domain::connection::{Happening, Method, Status, transition};
use crate::domain::ids::ConnectionId;
use crate::domain::job::{Job, Kind, State};
use crate::domain::live::RemoteAct;
use crate::domain::moment::Moment;
use crate::domain::policy::{self, Act, Executor};
use crate::domain::rows::ConnectionRow;
use crate::domain::time_format;
use crate::ops::connections::connect::fetch_steps;
use crate::ops::{Ops, Refusal, Result, not_found};
use crate::store::{NewEvent, NewJob, ReadTxn, WriteTxn};

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Refreshed {
    pub(crate) job: Job,
    /// Whether the job was open already.
    pub(crate) deduplicated: bool,
    /// Whether that job waited, and is tried now.
    pub(crate) forward: bool,
}

/// Whether a refresh by hand has this open job of the connection tried now: it waits for nothing but the time of its next
/// try. Every other open job stays as it is.
pub(crate) fn goes_forward(open: &Job, row: &ConnectionRow) -> bool {
    policy::executes(row.origin) == Ok(Executor::Sandbox)
        && (open.state == State::WaitingRetry || left_by_import(open, row.method))
}

/// A paused job that was imported waits for nothing, and no other process will run it.
fn left_by_import(job: &Job, method: Method) -> bool {
    job.state == State::Paused && job.next_attempt.is_none() && method == Method::Web
}

/// Whether an open-banking connection was refreshed as often today as is allowed.
pub(crate) fn day_used_up(rd: &ReadTxn<'_>, row: &ConnectionRow, now: Moment) -> Result<bool> {
    let limited = row.method == Method::OpenBanking;
    Ok(limited && rd.refreshes_since(&row.id, now.day())? >= policy::OPEN_BANKING_A_DAY)
}

impl Ops {
    /// Refused when deleted, on hold (`on-hold`), too recent (`too-recent`), out of refreshes today (`too-many-requests`), or guarded
    /// (`sign-in-guard`).
    pub(crate) fn refresh_in(
        &self,
        tx: &WriteTxn<'_>,
        id: &ConnectionId,
        kind: Kind,
        force: impl Into<Force>,
    ) -> Result<Refreshed> {
        let force = force.into();
        let now = self.now();
        let row = tx
            .connection(id)?
            .ok_or_else(|| not_found("connection", id))?;
        if let Some(job) = self.job_made_before(tx, id)? {
            return Ok(Refreshed {
                job,
                deduplicated: false,
                forward: false,
            });
        }
        policy::may(Act::Refresh, row.origin, row.method, row.label).map_err(Refusal::from)?;
        let executor = policy::executes(row.origin).map_err(Refusal::from)?;
        let refused = self.refused_too_often(tx, &row)?;
        if kind == Kind::Refresh {
            self.not_on_hold(tx, &row, now)?;
        }
        self.not_in_workflow(tx, &row.user, &row.institution)?;
        if let Some(open) = tx.open_job(id)? {
            if force.sign_in && open.state != State::Running {
                tx.set_forced(&open.id)?;
            }
            let forward = goes_forward(&open, &row);
            let job = match forward {
                true => self.bring_forward(tx, open, row.method, now)?,
                false => open,
            };
            self.audit(tx, kind.word(), id.as_str(), "joined the open job", "", now)?;
            return Ok(Refreshed {
                job,
                deduplicated: true,
                forward,
            });
        }
        if kind == Kind::Refresh {
            self.may_now(tx, &row, force, refused, now)?;
        }
        let job = match executor {
            Executor::Sandbox => self.fetch(tx, &row, kind, Some(now), now)?,
            Executor::Platform => {
                // without a time it is due no worker takes it: the platform runs it
                let job = self.fetch(tx, &row, kind, None, now)?;
                self.intend(tx, RemoteAct::Refresh, &row, &job.id, "")?;
                job
            }
        };
        if force.sign_in {
            tx.set_forced(&job.id)?;
        }
        let done = match executor {
            Executor::Sandbox => "done",
            Executor::Platform => "intended",
        };
        let outcome = refused.map_or(done.to_owned(), |n| {
            format!("{done}, forced after {n} refused sign-ins")
        });
        self.audit(tx, kind.word(), id.as_str(), &outcome, "", now)?;
        Ok(Refreshed {
            job,
            deduplicated: false,
            forward: false,
        })
    }

    /// Also joining an open job is refused, because that brings its retry forward.
    pub(crate) fn not_on_hold(
        &self,
        rd: &ReadTxn<'_>,
        row: &ConnectionRow,
        now: Moment,
    ) -> Result<()> {
        match rd.hold_of(&row.id, now)? {
            None => Ok(()),
            Some(hold) => {
                let words = hold.words(self.caller.zone, now);
                Err(Refusal::new(policy::ON_HOLD.code, words, policy::ON_HOLD.words).into())
            }
        }
    }

    pub(crate) fn fetch(
        &self,
        tx: &WriteTxn<'_>,
        row: &ConnectionRow,
        kind: Kind,
        due: Option<Moment>,
        now: Moment,
    ) -> Result<Job> {
        let moved = transition(row.method, Some(row.status), Happening::JobOpen);
        debug_assert!(
            moved.is_ok_and(|m| m.to == row.status),
            "a refresh changes no status by itself"
        );
        let institution = tx
            .institution(&row.institution)?
            .ok_or_else(|| not_found("institution", &row.institution))?;
        let job = self.job_id();
        tx.insert_job(&NewJob {
            id: job.clone(),
            connection: row.id.clone(),
            kind,
            state: State::Queued,
            steps: fetch_steps(&institution),
            due,
            created: now,
            actor: self.caller.actor.clone(),
        })?;
        let made = tx.job(&job)?.ok_or_else(|| not_found("job", &job))?;
        let event = NewEvent::of_job("job", "created", &made, &self.caller.actor);
        self.record_event(tx, &event, now)?;
        Ok(made)
    }

    /// Whether the limits allow a refresh now.
    pub(crate) fn may_now(
        &self,
        tx: &ReadTxn<'_>,
        row: &ConnectionRow,
        force: Force,
        refused: Option<u32>,
        now: Moment,
    ) -> Result<()> {
        if day_used_up(tx, row, now)? {
            return Err(Refusal::from(policy::DAY_USED_UP).into());
        }
        if let Some(refused) = refused.filter(|_| !force.sign_in) {
            let detail = format!(
                "The bank refused sign-ins with this login {refused} times in a row, by this connection or another."
            );
            return Err(Refusal::new(policy::HELD.code, detail, policy::HELD.words).into());
        }
        // an invalid one may be refreshed at any time, to find out whether it works again
        if !force.recent
            && row.status == Status::Active
            && let Some(age_ms) = policy::too_recent(row, now, self.limits.refresh_floor)
        {
            return Err(Refusal::new(
                "too-recent",
                format!("It was refreshed {} ago.", time_format::span(age_ms)),
                format!(
                    "The floor is {}; banks lock accounts that are asked too often. `--force-recent` asks all the same.",
                    time_format::write(self.limits.refresh_floor)
                ),
            )
            .into());
        }
        Ok(())
    }

    /// How often the bank refused the sign-in, when that is too often to try it again.
    pub(crate) fn refused_too_often(
        &self,
        tx: &ReadTxn<'_>,
        row: &ConnectionRow,
    ) -> Result<Option<u32>> {
        if row.method != Method::Web {
            return Ok(None);
        }
        Ok(Some(tx.refused_sign_ins(&row.id)?).filter(|n| *n >= self.limits.refused_sign_ins))
    }

    fn bring_forward(
        &self,
        tx: &WriteTxn<'_>,
        mut job: Job,
        method: Method,
        now: Moment,
    ) -> Result<Job> {
        job.attempt += u32::from(left_by_import(&job, method));
        self.release(tx, &mut job, now)?;
        Ok(job)
    }
}
