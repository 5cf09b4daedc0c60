//! The operations of commands and dashboard: permission, refusal and audit line of each.

mod access;
mod act;
mod banks;
mod commits;
mod connections;
mod error;
mod history;
mod import;
mod jobs;
mod live;
mod maintenance;
mod operators;
mod people;
mod records;
mod requests;
mod resolve;
mod sandbox;
mod stored;
mod webhooks;

pub(crate) use act::{Applied, PlanPart, Progress, Selection, Turn};
pub(crate) use banks::{BankShown, Way};
#[cfg(test)]
pub(crate) use connections::Refreshed;
pub(crate) use connections::{ConnectionDetail, Explained, List, NewLink, UserShown};
pub(crate) use error::{Error, Refusal, Result, not_found};
pub(crate) use history::EventDetail;
pub(crate) use import::{ImportReport, Mirrored};
pub(crate) use live::{Heard, LiveStatus, SentTo};
pub(crate) use maintenance::{
    Doctor, Held, Maintenance, Metered, Planned, Schedule, accept_loss, loss_words,
};
use operators::newest_notes;
pub(crate) use operators::{Cancelled, CauseShown, Invitation, NoteShown};
pub(crate) use people::AuthLinkShown;
pub(crate) use sandbox::outage_now;

use crate::clock::Clock;
use crate::domain::access::Role;
use crate::domain::ids::{EventId, JobId};
use crate::domain::limits::Limits;
use crate::domain::moment::Moment;
use crate::domain::request::Mark;
use crate::domain::zone::Zone;
use crate::store::{Asker, AuditEntry, NewEvent, ReadTxn, Store, WriteTxn};
pub(crate) use crate::store::{
    AuditFilter, AuditLine, Error as StoreError, Event, EventFilter, MessageFilter, TokenKey,
};
use std::sync::Arc;

/// Who runs an operation, and through which interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) actor: String,
    /// `dashboard`, `command`, `api` or `worker`.
    pub(crate) face: &'static str,
    pub(crate) role: Role,
    /// The zone in which times are told in sentences.
    pub(crate) zone: Zone,
}

#[derive(Clone)]
pub(crate) struct Ops {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) caller: Arc<Caller>,
    pub(crate) limits: Arc<Limits>,
    /// The request that it is done for, when that may be sent again.
    pub(crate) request: Option<Mark>,
}

impl Ops {
    pub(crate) fn new(store: Store, clock: Clock, caller: Caller, limits: Limits) -> Self {
        Self {
            store,
            clock,
            caller: Arc::new(caller),
            limits: Arc::new(limits),
            request: None,
        }
    }

    #[must_use]
    pub(crate) fn with_caller(self, caller: Caller) -> Self {
        Self {
            caller: Arc::new(caller),
            ..self
        }
    }

    pub(crate) fn now(&self) -> Moment {
        self.clock.now()
    }

    /// The person who asks a filter, and now.
    pub(crate) fn asker(&self) -> Asker {
        Asker {
            actor: self.caller.actor.clone(),
            now: self.now(),
        }
    }

    pub(crate) fn entry(
        &self,
        action: &str,
        target: &str,
        outcome: &str,
        reason: &str,
    ) -> AuditEntry {
        AuditEntry {
            actor: self.caller.actor.clone(),
            face: self.caller.face,
            action: action.into(),
            target: target.into(),
            outcome: outcome.into(),
            reason: reason.into(),
        }
    }

    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T>
    where
        F: FnOnce(&ReadTxn<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.store.read(work).await
    }

    /// Writes in one transaction, which an error rolls back.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T>
    where
        F: FnOnce(&Ops, &WriteTxn<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let ops = self.clone();
        self.store
            .write(move |tx| {
                let done = work(&ops, tx)?;
                // also a file that only commands change knows what time it was
                tx.keep_time(&ops.clock.present(), ops.limits.clock_margin)?;
                Ok(done)
            })
            .await
    }

    /// Refuses what the role of the caller is too low for; the refusal is in the audit.
    pub(crate) async fn permit(&self, action: &'static str, target: &str) -> Result<()> {
        let Err(lacking) = self.caller.role.may(action) else {
            return Ok(());
        };
        // what reads only cannot write that it was refused
        if !self.store.read_only() {
            let outcome = format!("refused: needs {}", lacking.needs.word());
            self.note_refusal(action, target, outcome).await?;
        }
        Err(Error::Forbidden(lacking))
    }

    /// Runs a write that does `action` to `target`. A refusal rolls it back; the audit line of the refusal is
    /// written in a second transaction.
    pub(crate) async fn act<T, F>(&self, action: &'static str, target: &str, work: F) -> Result<T>
    where
        F: FnOnce(&Ops, &WriteTxn<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.permit(action, target).await?;
        match self.write(work).await {
            Err(Error::Refused(refusal)) => Err(self.refused(action, target, refusal).await),
            done => done,
        }
    }

    /// Audits a refusal in a transaction of its own and returns it as an error.
    pub(crate) async fn refused(
        &self,
        action: &'static str,
        target: &str,
        refusal: Refusal,
    ) -> Error {
        let outcome = format!("refused: {}", refusal.code);
        match self.note_refusal(action, target, outcome).await {
            Ok(()) => Error::Refused(refusal),
            Err(unwritten) => unwritten,
        }
    }

    /// A line for what was not done, which needs no role.
    async fn note_refusal(&self, action: &str, target: &str, outcome: String) -> Result<()> {
        let entry = self.entry(action, target, &outcome, "");
        self.write(move |ops, tx| Ok(tx.append_audit(&entry, ops.now())?))
            .await
    }

    /// The line of an act, in its own transaction. An act that the caller's role is too low for is rolled back here, if
    /// nothing refused it before.
    pub(crate) fn audit(
        &self,
        tx: &WriteTxn<'_>,
        action: &str,
        target: &str,
        outcome: &str,
        reason: &str,
        now: Moment,
    ) -> Result<()> {
        self.caller.role.may(action).map_err(Error::Forbidden)?;
        self.note_request(tx, action, target)?;
        let entry = self.entry(action, target, outcome, reason);
        Ok(tx.append_audit(&entry, now)?)
    }

    pub(crate) fn record_event(
        &self,
        tx: &WriteTxn<'_>,
        event: &NewEvent<'_>,
        now: Moment,
    ) -> Result<()> {
        Ok(tx.append_event(&self.event_id(), event, now)?)
    }

    /// Frees the reserve, so that what deletes works on a full disk.
    pub(crate) fn make_room(&self) -> Result<()> {
        Ok(self.store.make_room()?)
    }

    /// A new id for a process or a part of one.
    pub(crate) fn clock_id(&self) -> String {
        self.clock.fresh_id()
    }

    pub(crate) fn job_id(&self) -> JobId {
        self.clock.fresh_id().into()
    }

    pub(crate) fn event_id(&self) -> EventId {
        self.clock.fresh_id().into()
    }
}
