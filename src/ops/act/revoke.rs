//! Revoke: the link ends for good, credentials and profile are destroyed, the fetched data stays under the user. An
//! open job ends with it.

use super::apply::{Started, unchanged};
use crate::domain::act::{ActKind, Outcome, Pins};
use crate::domain::connection::Happening;
use crate::domain::ids::ConnectionId;
use crate::domain::job::{Kind, State, Step, StepStatus};
use crate::domain::policy::{self, Act};
use crate::domain::time_format;
use crate::ops::{Ops, Refusal, Result, not_found};
use crate::store::{NewJob, WriteTxn};

impl Ops {
    pub(super) fn revoke_in3(
        &self,
        tx: &WriteTxn<'_>,
        id: &ConnectionId,
        pins: Option<&Pins>,
        reason: &str,
    ) -> Result<Started> {
        let now = self.now();
        let row = tx
            .connection(id)?
            .ok_or_else(|| not_found("connection", id))?;
        policy::may(Act::Revoke, row.method, row.label).map_err(Refusal::from)?;
        unchanged(tx, ActKind::Revoke, &row, pins)?;
        self.end_open_job(tx, id, now)?;
        self.end(tx, &row, Happening::Revoked, now)?;
        let job = self.job_id();
        let note = format!(
            "data kept: {}, {}",
            time_format::count(row.accounts, "account"),
            time_format::count(row.transactions, "transaction")
        );
        let steps = Kind::Revoke.steps().iter().cloned().map(|title| Step {
            status: StepStatus::Success,
            started: Some(now),
            ended: Some(now),
            note: Some(note.clone()),
            ..Step::pending(title)
        });
        tx.insert_job(&NewJob {
            id: job.clone(),
            connection: id.clone(),
            kind: Kind::Revoke,
            state: State::Succeeded,
            steps: steps.collect(),
            due: None,
            created: now,
            actor: self.caller.actor.clone(),
        })?;
        tx.append_audit(&self.entry("revoke", id.as_str(), "done", reason), now)?;
        Ok(Started::new(Outcome::Done, job))
    }
}
