//! Builds the question for the bank with everything it needs, so that any worker can ask the same again.

use super::Result;
use super::damage::unreadable;
use super::recorder::{Next, Recorder};
use crate::connector::{Ask, Authorisation};
use crate::domain::connection::{Method, Status};
use crate::domain::failure_codes::Failure;
use crate::domain::job::{Job, StepStatus, Title};
use crate::domain::policy;
use crate::domain::rows::ConnectionRow;
use crate::store::{Authorised, WriteTxn};

impl Recorder<'_> {
    pub(super) fn ask(&self, tx: &WriteTxn<'_>, job: &Job) -> Result<Next> {
        let Some(connection) = tx.connection(&job.connection)? else {
            return Err(unreadable(&job.id, "its connection cannot be read"));
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

    /// What is missing here to run a job: somebody who executes for its connection, a sign-in (web), or a consent at the
    /// bank that ever was (open banking). One that has ended is known, and is the user's to renew.
    pub(super) fn lack(&self, tx: &WriteTxn<'_>, job: &Job) -> Result<Option<Failure>> {
        let Some(connection) = tx.connection(&job.connection)? else {
            return Ok(None);
        };
        if !policy::runs_here(connection.origin) {
            return Ok(Some(Failure::of("not-executed-here")));
        }
        let code = match connection.method {
            Method::Web => {
                let complete = tx
                    .credentials(&connection.id)?
                    .is_some_and(|it| !it.login.is_empty() && !it.password.is_empty());
                (!complete).then_some("sign-in-missing")
            }
            // the user is at the bank, or is awaited there
            Method::OpenBanking if connection.status == Status::PreInit => None,
            Method::OpenBanking => {
                let given = connection.ever_active || connection.expiry.is_some();
                let given = given || tx.authorised(&job.id)? == Authorised::Granted;
                (!given).then_some("consent-missing")
            }
        };
        Ok(code.map(Failure::of))
    }

    /// Whether the consent at the bank is valid: it has begun and has not expired.
    fn stands(&self, tx: &WriteTxn<'_>, job: &Job, connection: &ConnectionRow) -> Result<bool> {
        let present = self.clock.present();
        let holds = connection
            .expiry
            .map_or(connection.ever_active, |end| end > present.now);
        Ok(holds
            || tx.authorised(&job.id)? == Authorised::Granted
            // a clock that is wrong does not say that it has expired; the bank does
            || connection.ever_active
                && tx
                    .clock_ahead(&present, self.limits.clock_margin)?
                    .is_some())
    }
}
