//! Claiming a job and recording what the bank said: each one transaction, in which the step, its effect
//! on the stored data, the connection's move and the events go together. A worker whose epoch is old
//! writes nothing.

use super::lockout::Word;
use super::transitions::{Settled, claim, fail, settle};
use super::{Error, Result};
use crate::clock::Clock;
use crate::connector::{Ask, Authorisation, Outcome};
use crate::domain::connection::{ConnectionEvent, Happening, Method, Status, transition};
use crate::domain::failure::Failure;
use crate::domain::ids::JobId;
use crate::domain::job::{Job, Kind, State, StepStatus, Title};
use crate::domain::limits::Limits;
use crate::domain::views::ConnectionRow;
use crate::store::{Authorised, ConnectionChange, Guard, NewEvent, WriteTxn};

/// What a worker does next with a job.
pub(crate) enum Next {
    /// Ask the bank about the step that has begun, under the claim of this epoch.
    Ask(Box<Ask>, i64),
    /// Nothing: it ended, it waits, or somebody else has it.
    Leave,
}

/// What a record needs beside the transaction.
pub(crate) struct Recorder<'a> {
    /// The time and fresh ids.
    pub(crate) clock: &'a Clock,
    /// The figures.
    pub(crate) limits: &'a Limits,
    /// Which worker this is.
    pub(crate) owner: &'a str,
}

impl Recorder<'_> {
    /// Takes a due job, if it still is one, and says what to ask first.
    pub(crate) fn claim(&self, tx: &WriteTxn<'_>, id: &JobId) -> Result<Next> {
        let now = self.clock.now();
        let Some(mut job) = tx.job(id)? else {
            return Ok(Next::Leave);
        };
        let guard = Guard {
            epoch: job.epoch,
            state: job.state,
        };
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
        // the limits are counted in the transaction that claims, so that no two processes pass them together
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
                fail(&mut job, put_aside, now, self.limits).map_err(|e| self.bad(id, e))?;
            self.apply(tx, &job, guard, &settled)?;
            return Ok(Next::Leave);
        }
        match self.guard(tx, &job)? {
            Word::Go => {}
            Word::Later => return Ok(Next::Leave),
            Word::Held(failure) => {
                let settled =
                    fail(&mut job, failure, now, self.limits).map_err(|e| self.bad(id, e))?;
                self.apply(tx, &job, guard, &settled)?;
                return Ok(Next::Leave);
            }
        }
        claim(&mut job, self.owner, now, self.limits).map_err(|e| self.bad(id, e))?;
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

    /// Records the outcome of the step this worker asked about.
    pub(crate) fn record(
        &self,
        tx: &WriteTxn<'_>,
        id: &JobId,
        epoch: i64,
        outcome: &Outcome,
    ) -> Result<Next> {
        let now = self.clock.now();
        let Some(mut job) = tx.job(id)? else {
            return Ok(Next::Leave);
        };
        let guard = Guard {
            epoch,
            state: State::Running,
        };
        if job.epoch != epoch || job.state != State::Running {
            return Ok(Next::Leave);
        }
        let Some(connection) = tx.connection(&job.connection)? else {
            return Ok(Next::Leave);
        };
        let title = job.steps[job.current()].title.clone();
        if title == Title::VerifyCredentials && !matches!(outcome, Outcome::AwaitsAuthorisation) {
            // the bank was talked to, whatever it said (domain 2.4)
            tx.change_connection(
                &connection.id,
                ConnectionChange {
                    last_used: Some(now),
                    ..Default::default()
                },
                now,
            )?;
            self.count(tx, &connection, outcome)?;
        }
        let clash = self.authorised(tx, &job, &connection, &title, outcome)?;
        let outcome = clash.as_ref().unwrap_or(outcome);
        let note = self.keep(tx, &job, &connection, outcome)?;
        if title == Title::MfaChallenge {
            tx.drop_answers(&job.id)?;
        }
        let settled =
            settle(&mut job, outcome, note, now, self.limits).map_err(|e| self.bad(id, e))?;
        if !self.apply(tx, &job, guard, &settled)? {
            return Err(Error::Job {
                id: id.clone(),
                what: "its row moved inside one transaction".into(),
            });
        }
        match settled {
            Settled::Goes => self.ask(tx, &job),
            _ => Ok(Next::Leave),
        }
    }

    /// The user came back from the data holder: pre-init becomes init, unless the other method got there
    /// first (domain 12.8).
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

    /// Stores what the step brought; answers a note for people.
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

    /// Writes the job, and what its end means for the connection. `false`: somebody else moved the job,
    /// and nothing was written.
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
        self.tell(tx, job)?;
        let happening = match settled {
            Settled::Finished => Some(Happening::StepsSucceeded),
            Settled::Fails(_, _) if self.refused_at_the_holder(tx, job)? => {
                Some(Happening::FlowRefused)
            }
            Settled::Fails(_, blame) if self.authorising_anew(tx, job)? => {
                Some(Happening::ReauthorisationFailed(*blame))
            }
            Settled::Fails(_, blame) => Some(Happening::StepFailed(*blame)),
            Settled::Goes | Settled::Asks | Settled::Waits => None,
        };
        tx.set_asking(&job.connection, *settled == Settled::Asks)?;
        if let Some(happening) = happening
            && let Some(connection) = tx.connection(&job.connection)?
            && connection.status != Status::Deleted
        {
            self.transit(tx, &connection, happening)?;
        }
        Ok(true)
    }

    fn refused_at_the_holder(&self, tx: &WriteTxn<'_>, job: &Job) -> Result<bool> {
        Ok(tx
            .connection(&job.connection)?
            .is_some_and(|c| c.status == Status::PreInit))
    }

    fn authorising_anew(&self, tx: &WriteTxn<'_>, job: &Job) -> Result<bool> {
        Ok(tx
            .connection(&job.connection)?
            .is_some_and(|c| c.status == Status::Init && c.ever_active))
    }

    /// Whether the arrangement at the data holder still holds: one that ended, or never began, lets nobody in.
    fn stands(&self, tx: &WriteTxn<'_>, job: &Job, connection: &ConnectionRow) -> Result<bool> {
        let now = self.clock.now();
        let holds = connection
            .expiry
            .map_or(connection.ever_active, |end| end > now);
        Ok(holds || tx.authorised(&job.id)? == Authorised::Granted)
    }

    /// Moves a connection by the table of domain 2.3, with its event.
    pub(crate) fn transit(
        &self,
        tx: &WriteTxn<'_>,
        connection: &ConnectionRow,
        happening: Happening,
    ) -> Result<()> {
        let now = self.clock.now();
        let Ok(moved) = transition(connection.method, Some(connection.status), happening) else {
            return Ok(());
        };
        if moved.to != connection.status {
            let change = ConnectionChange {
                status: Some(moved.to),
                ..Default::default()
            };
            tx.change_connection(&connection.id, change, now)?;
        }
        let event = moved
            .event
            .map_or_else(|| ConnectionEvent::Updated.word(), ConnectionEvent::word);
        let new = NewEvent {
            entity: "connection",
            event_type: event,
            user: Some(&connection.user),
            connection: Some(&connection.id),
            job: None,
            count: None,
            actor: self.owner,
        };
        tx.append_event(&self.clock.fresh_id().into(), &new, now)?;
        Ok(())
    }

    fn tell(&self, tx: &WriteTxn<'_>, job: &Job) -> Result<()> {
        self.event(tx, job, "job", "updated", None)
    }

    fn event(
        &self,
        tx: &WriteTxn<'_>,
        job: &Job,
        entity: &'static str,
        event_type: &str,
        count: Option<u64>,
    ) -> Result<()> {
        let new = NewEvent {
            entity,
            event_type,
            user: Some(&job.user),
            connection: Some(&job.connection),
            job: Some(&job.id),
            count,
            actor: self.owner,
        };
        tx.append_event(&self.clock.fresh_id().into(), &new, self.clock.now())?;
        Ok(())
    }

    /// The question of the step that has begun, with all the bank needs to be asked again elsewhere.
    fn ask(&self, tx: &WriteTxn<'_>, job: &Job) -> Result<Next> {
        let Some(connection) = tx.connection(&job.connection)? else {
            return Ok(Next::Leave);
        };
        let step = job.steps[job.current()].title.clone();
        let authorisation = match (connection.method, connection.status) {
            (Method::Web, _) => None,
            (Method::OpenBanking, Status::PreInit) => match tx.authorised(&job.id)? {
                Authorised::Granted => Some(Authorisation::Granted),
                Authorised::Refused => Some(Authorisation::Refused),
                Authorised::NotYet => None,
            },
            (Method::OpenBanking, _) if self.stands(tx, job, &connection)? => {
                Some(Authorisation::Granted)
            }
            (Method::OpenBanking, _) => Some(Authorisation::Refused),
        };
        let ask = Ask {
            idempotency_key: format!("{}/{}", job.id, step.word()),
            job: job.id.clone(),
            attempt: job.attempt,
            connection: connection.id.clone(),
            institution: connection.institution.clone(),
            method: connection.method,
            credentials: tx.credentials(&connection.id)?,
            authorisation,
            answers: if step == Title::MfaChallenge {
                tx.answers(&job.id)?
            } else {
                None
            },
            challenged: job
                .steps
                .iter()
                .any(|s| s.title == Title::MfaChallenge && s.status == StepStatus::Success),
            since: if step == Title::RetrieveTransactions {
                tx.newest_posted(&connection.id)?
            } else {
                None
            },
            step,
            now: self.clock.now(),
        };
        Ok(Next::Ask(Box::new(ask), job.epoch))
    }

    fn bad(&self, id: &JobId, refused: crate::domain::job::Refused) -> Error {
        Error::Job {
            id: id.clone(),
            what: refused.to_string(),
        }
    }
}
