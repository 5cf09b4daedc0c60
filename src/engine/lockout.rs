//! The lockout guard: counts refusals of the same sign-in in a row, and stops jobs from trying it again. Jobs with the
//! same credentials run one at a time, so the count is current. A retry after a crash is not counted.

use super::Result;
use super::recorder::{Recorder, SignIn};
use crate::connector::Outcome;
use crate::domain::connection::Method;
use crate::domain::failure_codes::credentials;
use crate::domain::job::{Job, Title};
use crate::domain::rows::ConnectionRow;
use crate::store::{NewEvent, WriteTxn};

impl Recorder<'_> {
    pub(super) fn may_sign_in(&self, tx: &WriteTxn<'_>, job: &Job) -> Result<SignIn> {
        let signs_in = job
            .steps
            .get(job.current())
            .is_some_and(|s| s.title == Title::VerifyCredentials);
        if !signs_in
            || tx
                .connection(&job.connection)?
                .is_none_or(|c| c.method != Method::Web)
        {
            return Ok(SignIn::Allowed);
        }
        if tx.signing_in(&job.connection)?.is_some() {
            return Ok(SignIn::Later);
        }
        let refused = tx.refused_sign_ins(&job.connection)?;
        if refused >= self.limits.refused_sign_ins && !tx.forced(&job.id)? {
            return Ok(SignIn::Refused(credentials::held(refused)));
        }
        Ok(SignIn::Allowed)
    }

    /// Counts the result of a sign-in, for all connections with these credentials.
    pub(super) fn count_sign_in(
        &self,
        tx: &WriteTxn<'_>,
        connection: &ConnectionRow,
        outcome: &Outcome,
    ) -> Result<()> {
        if connection.method != Method::Web {
            return Ok(());
        }
        let now = self.clock.now();
        let changed = match outcome {
            Outcome::Failed(failure) if failure.code == credentials::CODE => {
                tx.sign_in_refused(&connection.id, self.limits.refused_sign_ins, now)?
            }
            // a bank that asks a challenge has accepted the password
            Outcome::Done { .. } | Outcome::Challenge { .. } => {
                tx.sign_in_accepted(&connection.id)?
            }
            _ => vec![],
        };
        for other in changed.iter().filter(|id| **id != connection.id) {
            let Some(row) = tx.connection(other)? else {
                continue;
            };
            let event = NewEvent::of_connection("updated", &row.user, other, self.owner);
            tx.append_event(&self.clock.fresh_id().into(), &event, now)?;
        }
        Ok(())
    }
}
