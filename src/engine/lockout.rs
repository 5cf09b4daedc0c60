//! The lockout guard: how often a bank has refused one sign-in in a row, and what the engine does about it
//! whatever is queued. Two jobs never sign in with the same credentials at the same time, so the count that
//! one of them is let in by is still right when it asks. A rescue asks again under the same key and is no
//! new try. Deliberately absent: refusing a refresh that has not been queued (`ops/connections/refresh.rs`).

use super::Result;
use super::recorder::Recorder;
use crate::connector::Outcome;
use crate::domain::connection::Method;
use crate::domain::failure::Failure;
use crate::domain::failure::credentials;
use crate::domain::job::{Job, Title};
use crate::domain::views::ConnectionRow;
use crate::store::{NewEvent, WriteTxn};

/// What the guard says to a job that is about to sign in.
pub(super) enum Word {
    /// Nothing speaks against it.
    Go,
    /// Another job is signing in with these credentials; this one comes later.
    Later,
    /// The bank is not asked.
    Held(Failure),
}

impl Recorder<'_> {
    /// Whether this job may ask the bank now.
    pub(super) fn guard(&self, tx: &WriteTxn<'_>, job: &Job) -> Result<Word> {
        let signs_in = job
            .steps
            .get(job.current())
            .is_some_and(|s| s.title == Title::VerifyCredentials);
        if !signs_in
            || tx
                .connection(&job.connection)?
                .is_none_or(|c| c.method != Method::Web)
        {
            return Ok(Word::Go);
        }
        if tx.signing_in(&job.connection)?.is_some() {
            return Ok(Word::Later);
        }
        let refused = tx.refused_sign_ins(&job.connection)?;
        if refused >= self.settings.refused_sign_ins && !tx.forced(&job.id)? {
            return Ok(Word::Held(credentials::held(refused)));
        }
        Ok(Word::Go)
    }

    /// Counts what the bank said to a sign-in; the other connections with these credentials show it too.
    pub(super) fn count(
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
                tx.sign_in_refused(&connection.id, self.settings.refused_sign_ins, now)?
            }
            // a bank that asks for more has taken what it was given
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
