//! Claims a job and records the bank's answer, each in one transaction. A worker whose epoch is old writes nothing.

use super::bank_words::heard;
use super::damage::{runnable, unreadable};
use super::job_outcome::{Settled, claim, fail, settle};
use super::{Error, Result, illegal};
use crate::clock::Clock;
use crate::connector::{Ask, Outcome};
use crate::domain::connection::{Happening, Method, Status};
use crate::domain::failure_codes::Failure;
use crate::domain::ids::JobId;
use crate::domain::job::{Job, Kind, State, StepStatus, Title};
use crate::domain::limits::Limits;
use crate::domain::policy;
use crate::domain::rows::ConnectionRow;
use crate::store::{Authorised, ConnectionChange, Guard, WriteTxn};

pub(crate) enum Next {
    /// Ask the bank for the current step, under the claim of this epoch.
    Ask(Box<Ask>, i64),
    /// Nothing: it has ended, waits, or belongs to another worker.
    Leave,
}

/// Whether a job may sign in.
pub(super) enum SignIn {
    Allowed,
    /// Another job is signing in with these credentials.
    Later,
    Refused(Failure),
}

pub(crate) struct Recorder<'a> {
    pub(crate) clock: &'a Clock,
    pub(crate) limits: &'a Limits,
    pub(crate) owner: &'a str,
}

impl Recorder<'_> {
    /// Claims a job if it is still due, and returns what to ask first.
    pub(crate) fn claim(&self, tx: &WriteTxn<'_>, id: &JobId) -> Result<Next> {
        let now = self.clock.now();
        let Some(job) = tx.job(id)? else {
            return Ok(Next::Leave);
        };
        let mut job = runnable(job)?;
        let guard = Guard::of(&job);
        let lapsed = job.state == State::Running
            && job
                .lease_until
                .is_none_or(|until| self.limits.due(State::Running, until, now));
        let due = lapsed
            || job
                .next_attempt
                .is_some_and(|at| self.limits.due(job.state, at, now));
        if !due || !job.kind.fetches() {
            return Ok(Next::Leave);
        }
        tx.job_is_genuine(id)?;
        if tx.job_cancelled_by(id)?.is_some() {
            job.cancel(now).map_err(|e| illegal(id, e))?;
            self.apply(tx, &job, guard, &Settled::Cancelled)?;
            return Ok(Next::Leave);
        }
        if tx.job_held_back(id, now)? {
            return Ok(Next::Leave);
        }
        // counted in the transaction that claims, so that no two processes exceed the limits together
        if !lapsed && self.full(tx, &job)? {
            return Ok(Next::Leave);
        }
        if let Some(purge) = tx.open_purge(&job.user, &job.institution)?
            && purge
                .steps
                .iter()
                .any(|s| s.title == Title::DeleteRows && s.status != StepStatus::Success)
        {
            return Ok(Next::Leave);
        }
        if lapsed && job.deaths + 1 >= self.limits.deaths {
            let put_aside = Failure::new(
                "unknown-error",
                "Put aside",
                "The programs that ran this job ended in the middle of it, several times. It is not tried again by itself.",
            );
            let settled =
                fail(&mut job, put_aside, now, self.limits).map_err(|e| illegal(id, e))?;
            self.apply(tx, &job, guard, &settled)?;
            return Ok(Next::Leave);
        }
        if let Some(lack) = self.lack(tx, &job)? {
            let settled = fail(&mut job, lack, now, self.limits).map_err(|e| illegal(id, e))?;
            self.apply(tx, &job, guard, &settled)?;
            return Ok(Next::Leave);
        }
        match self.may_sign_in(tx, &job)? {
            SignIn::Allowed => {}
            SignIn::Later => return Ok(Next::Leave),
            SignIn::Refused(failure) => {
                let settled =
                    fail(&mut job, failure, now, self.limits).map_err(|e| illegal(id, e))?;
                self.apply(tx, &job, guard, &settled)?;
                return Ok(Next::Leave);
            }
        }
        claim(&mut job, self.owner, now, self.limits).map_err(|e| illegal(id, e))?;
        if !tx.save_job(&job, guard)? {
            return Ok(Next::Leave);
        }
        self.tell(tx, &job)?;
        self.ask(tx, &job)
    }

    fn full(&self, tx: &WriteTxn<'_>, job: &Job) -> Result<bool> {
        let running = tx.running()?;
        let total: usize = running.iter().map(|(_, n)| n).sum();
        let here = running
            .iter()
            .find(|(id, _)| *id == job.institution)
            .map_or(0, |(_, n)| *n);
        Ok(total >= self.limits.total as usize || here >= self.limits.per_institution as usize)
    }

    pub(crate) fn record(
        &self,
        tx: &WriteTxn<'_>,
        id: &JobId,
        epoch: i64,
        outcome: &Outcome,
    ) -> Result<Next> {
        let now = self.clock.now();
        let Some(job) = tx.job(id)? else {
            return Ok(Next::Leave);
        };
        let mut job = runnable(job)?;
        let guard = Guard {
            epoch,
            state: State::Running,
        };
        if job.epoch != epoch || job.state != State::Running {
            return Ok(Next::Leave);
        }
        let Some(connection) = tx.connection(&job.connection)? else {
            return Err(unreadable(id, "its connection cannot be read"));
        };
        let title = job.steps[job.current()].title.clone();
        let not_asked = match outcome {
            Outcome::Failed(failure) => failure.is_lack(),
            outcome => matches!(outcome, Outcome::AwaitsAuthorisation),
        };
        if title == Title::VerifyCredentials && !not_asked {
            // the bank was asked, whatever it answered
            tx.change_connection(
                &connection.id,
                ConnectionChange {
                    last_used: Some(now),
                    ..Default::default()
                },
                now,
            )?;
            self.count_sign_in(tx, &connection, outcome)?;
        }
        let heard = heard(outcome);
        let outcome = heard.outcome.as_ref().unwrap_or(outcome);
        let clash = self.authorised(tx, &job, &connection, &title, outcome)?;
        let outcome = clash.as_ref().unwrap_or(outcome);
        let note = self.keep(tx, &job, &connection, outcome)?;
        if title == Title::MfaChallenge {
            tx.drop_answers(&job.id)?;
        }
        let mut settled =
            settle(&mut job, outcome, note, now, self.limits).map_err(|e| illegal(id, e))?;
        // what the step brought is kept; it goes no further
        if job.state.open() && tx.job_cancelled_by(id)?.is_some() {
            job.cancel(now).map_err(|e| illegal(id, e))?;
            settled = Settled::Cancelled;
        }
        if !self.apply(tx, &job, guard, &settled)? {
            return Err(Error::Job {
                id: id.clone(),
                what: "its row moved inside one transaction".into(),
            });
        }
        tx.keep_bank_words(&job.id, &heard.words)?;
        match settled {
            Settled::Goes => self.ask(tx, &job),
            _ => Ok(Next::Leave),
        }
    }

    /// `pre-init` becomes `init`; a failure when a connection by the other method was created first.
    fn authorised(
        &self,
        tx: &WriteTxn<'_>,
        job: &Job,
        connection: &ConnectionRow,
        title: &Title,
        outcome: &Outcome,
    ) -> Result<Option<Outcome>> {
        let Outcome::Done { expiry } = outcome else {
            return Ok(None);
        };
        if *title != Title::VerifyCredentials || connection.method != Method::OpenBanking {
            return Ok(None);
        }
        let now = self.clock.now();
        if connection.status == Status::PreInit {
            if let Some(other) =
                tx.clash(&connection.user, &connection.institution, connection.method)?
            {
                return Ok(Some(Outcome::Failed(Failure::new(
                    "invalid-connection",
                    "Invalid Connection",
                    &format!(
                        "The user has a web connection to this institution, {other}. Purge and revoke that one first."
                    ),
                ))));
            }
            self.transit(tx, connection, Happening::Authorised)?;
        }
        if job.kind == Kind::Connect || tx.authorised(&job.id)? == Authorised::Granted {
            tx.change_connection(
                &connection.id,
                ConnectionChange {
                    expiry: *expiry,
                    ..Default::default()
                },
                now,
            )?;
        }
        Ok(None)
    }

    /// Stores the data of the step; returns the step's note.
    fn keep(
        &self,
        tx: &WriteTxn<'_>,
        job: &Job,
        connection: &ConnectionRow,
        outcome: &Outcome,
    ) -> Result<Option<String>> {
        let now = self.clock.now();
        match outcome {
            Outcome::Accounts { profile, accounts } => {
                if let Some(profile) = profile {
                    tx.put_profile(&connection.id, profile)?;
                }
                let stored = tx.put_accounts(&connection.id, accounts, now)?;
                if stored.changed > 0 {
                    self.event(tx, job, "account", "updated", Some(stored.changed))?;
                }
                Ok(Some(format!("{} found, {} new", stored.seen, stored.new)))
            }
            Outcome::Transactions(sent) => {
                let stored = tx.put_transactions(&connection.id, sent)?;
                if stored.new > 0 {
                    self.event(tx, job, "transactions", "updated", Some(stored.new))?;
                }
                Ok(Some(format!("{} read, {} new", stored.seen, stored.new)))
            }
            Outcome::Challenge { .. } => {
                let change = ConnectionChange {
                    mfa_enabled: Some(true),
                    ..Default::default()
                };
                tx.change_connection(&connection.id, change, now)?;
                Ok(None)
            }
            Outcome::Done { .. } | Outcome::AwaitsAuthorisation | Outcome::Failed(_) => Ok(None),
        }
    }

    /// `false`: another worker has written the job since, and nothing is written.
    pub(crate) fn apply(
        &self,
        tx: &WriteTxn<'_>,
        job: &Job,
        guard: Guard,
        settled: &Settled,
    ) -> Result<bool> {
        if !tx.save_job(job, guard)? {
            return Ok(false);
        }
        tx.judge_fetch(job)?;
        self.tell(tx, job)?;
        let connection = tx.connection(&job.connection)?;
        let happening = match settled {
            Settled::Finished => Some(Happening::StepsSucceeded),
            // what is missing here says nothing about a connection that works
            Settled::Fails(failure, _)
                if failure.is_lack()
                    && connection
                        .as_ref()
                        .is_some_and(|c| c.status == Status::Active) =>
            {
                None
            }
            Settled::Fails(_, blame) => Some(match connection.as_ref().map(|c| c.status) {
                Some(Status::PreInit) => Happening::FlowRefused,
                Some(Status::Init) if connection.as_ref().is_some_and(|c| c.ever_active) => {
                    Happening::ReauthorisationFailed(*blame)
                }
                _ => Happening::StepFailed(*blame),
            }),
            Settled::Goes | Settled::Asks | Settled::Waits | Settled::Cancelled => None,
        };
        tx.set_asking(&job.connection, *settled == Settled::Asks)?;
        if let (Some(happening), Some(connection)) = (happening, connection)
            && connection.status != Status::Deleted
            && policy::runs_here(connection.origin)
        {
            self.transit(tx, &connection, happening)?;
        }
        Ok(true)
    }
}
