//! Moves a connection by the state table, with its event, and lets a waiting job go on.

use crate::domain::connection::{Happening, transition};
use crate::domain::job::{Command, Job, State, next};
use crate::domain::moment::Moment;
use crate::domain::rows::ConnectionRow;
use crate::engine;
use crate::ops::{Error, Ops, Result};
use crate::store::{Guard, WriteTxn};

impl Ops {
    /// A move that is not in the table is an error.
    pub(crate) fn transit(
        &self,
        tx: &WriteTxn<'_>,
        row: &ConnectionRow,
        happening: Happening,
        now: Moment,
    ) -> Result<()> {
        let moved = transition(row.method, Some(row.status), happening)
            .map_err(|illegal| Error::Input(illegal.to_string()))?;
        let event = self.event_id();
        Ok(engine::write_move(
            tx,
            row,
            moved,
            &self.caller.actor,
            &event,
            now,
        )?)
    }

    pub(super) fn release(&self, tx: &WriteTxn<'_>, job: &mut Job, now: Moment) -> Result<()> {
        let guard = Guard::of(job);
        let retries = job.state == State::WaitingRetry;
        job.state = next(job.state, Command::Release)
            .map_err(|refused| Error::Input(refused.to_string()))?;
        job.attempt += u32::from(retries);
        job.next_attempt = Some(now);
        job.updated = now;
        tx.save_job(job, guard)?;
        Ok(())
    }
}
