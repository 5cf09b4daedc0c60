//! Purge: deletes all fetched data of a user at an institution; the connection stays active. The intent is on disk
//! before anything is destroyed, with the values to be searched for afterwards, so that a crash is finished and never
//! mistaken for done.

use super::apply::Started;
use crate::domain::act::{ActKind, Outcome, Pins};
use crate::domain::connection::{Happening, transition};
use crate::domain::ids::{ConnectionId, JobId};
use crate::domain::job::{Job, Kind, State, Step};
use crate::domain::live::RemoteAct;
use crate::domain::policy::{self, Act, Executor};
use crate::domain::rows::ConnectionRow;
use crate::engine::{self, Performer};
use crate::ops::import::read_owners;
use crate::ops::live::steps_there;
use crate::ops::{Ops, Refusal, Result, not_found};
use crate::store::{Change, NewJob, ReadTxn, Whose, WriteTxn};

impl Ops {
    pub(super) fn may_purge(&self, rd: &ReadTxn<'_>, row: &ConnectionRow) -> Result<()> {
        policy::may(Act::Purge, row.origin, row.method, row.label).map_err(Refusal::from)?;
        match rd.fetching(&row.user, &row.institution)? {
            None => Ok(()),
            Some(job) => Err(Refusal::new(
                "parameter-not-valid",
                "A job is in progress for this connection.",
                format!("Job {job} is fetching from this bank; purge when it has ended."),
            )
            .into()),
        }
    }

    /// Writes the intent, with what has to be searched for afterwards. A purge under way is given back.
    pub(super) fn purge_in(
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
        if let Some(open) = tx.open_purge(&row.user, &row.institution)? {
            self.note_request(tx, "purge", open.id.as_str())?;
            return Ok(Started::new(Outcome::Deduplicated, open.id));
        }
        self.may_purge(tx, &row)?;
        let moved = transition(row.method, Some(row.status), Happening::Purged);
        debug_assert!(
            moved.is_ok_and(|m| m.to == row.status),
            "a purge changes no status"
        );
        super::apply::unchanged(tx, ActKind::Purge, &row, pins)?;
        read_owners(tx)?;
        let job = self.job_id();
        self.note_request(tx, "purge", job.as_str())?;
        let there = policy::executes(row.origin) == Ok(Executor::Platform);
        let steps = match there {
            true => steps_there(Kind::Purge),
            false => Kind::Purge
                .steps()
                .iter()
                .cloned()
                .map(Step::pending)
                .collect(),
        };
        tx.insert_job(&NewJob {
            id: job.clone(),
            connection: id.clone(),
            kind: Kind::Purge,
            state: State::Queued,
            steps,
            // until the platform has purged nobody takes it up here
            due: (!there).then(|| now.plus(self.limits.lease)),
            created: now,
            actor: self.caller.actor.clone(),
        })?;
        let change = Change {
            was: row.standing(),
            became: String::new(),
        };
        if there {
            self.intend(tx, RemoteAct::Purge, &row, &job, reason)?;
        }
        let begun = if there { "intended" } else { "begun" };
        let entry = self.entry("purge", id.as_str(), begun, reason);
        tx.append_audit_of(&entry, &change, now)?;
        if let Some(made) = tx.job(&job)? {
            tx.draft_certificate(&engine::draft(tx, &made, &self.caller.actor, reason)?)?;
        }
        let whose = Whose::Pair(row.user.clone(), row.institution.clone());
        tx.list_values(job.as_str(), &whose)?;
        Ok(Started {
            purge: !there,
            ..Started::new(Outcome::Queued, job)
        })
    }

    pub(crate) fn performer(&self) -> Performer {
        Performer {
            name: self.caller.actor.clone(),
            face: self.caller.face,
            lease: self.limits.lease,
        }
    }

    pub(crate) async fn finish_purge(&self, job: &JobId) -> Result<Job> {
        let by = self.performer();
        engine::finish_purge(&self.store, &self.clock, &by, job).await?;
        self.job(job).await
    }
}
