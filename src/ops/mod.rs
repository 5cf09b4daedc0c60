//! One file per thing a person can ask for. Every face asks here, so the rules, the refusals and the
//! audit line are the same whoever asks. Deliberately absent: SQL, banks, and words for one face only.

mod act;
mod banks;
mod connections;
mod error;
mod history;
mod import;
mod jobs;
mod maintenance;
mod people;
mod plans;
mod purge;
mod refresh_preview;
mod resolve;
mod revoke;
mod sandbox;
pub(crate) mod sequence;

pub(crate) use act::{Applied, Progress, Selection, Turn};
pub(crate) use banks::{BankShown, Way};
pub(crate) use connections::{
    ConnectionDetail, Explained, Force, List, NewLink, Refreshed, UserShown,
};
pub(crate) use error::{Error, Refusal, Result, not_found};
pub(crate) use history::EventDetail;
pub(crate) use import::ImportReport;
pub(crate) use maintenance::{Doctor, Planned, Schedule, Upkeep};
pub(crate) use people::AuthLinkShown;
pub(crate) use plans::Chosen;

use crate::clock::Clock;
use crate::domain::ids::{EventId, JobId};
use crate::domain::limits::Limits;
use crate::domain::moment::Moment;
use crate::store::{Asker, AuditEntry, Store, WriteTxn};
use std::sync::Arc;

/// Who asks, and through which face.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The person or program: the user the process runs as.
    pub(crate) actor: String,
    /// `dashboard`, `command`, `api` or `worker`.
    pub(crate) face: &'static str,
}

/// What every operation stands on. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Ops {
    /// The file.
    pub(crate) store: Store,
    /// The time.
    pub(crate) clock: Clock,
    /// Who asks.
    pub(crate) caller: Arc<Caller>,
    /// The rules' figures.
    pub(crate) limits: Arc<Limits>,
}

impl Ops {
    /// Operations on this store, for this caller.
    pub(crate) fn new(store: Store, clock: Clock, caller: Caller, limits: Limits) -> Self {
        Self {
            store,
            clock,
            caller: Arc::new(caller),
            limits: Arc::new(limits),
        }
    }

    /// The same operations for another caller.
    #[must_use]
    pub(crate) fn with_caller(self, caller: Caller) -> Self {
        Self {
            caller: Arc::new(caller),
            ..self
        }
    }

    /// Now.
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

    /// Runs a write that does `action` to `target`. A refusal rolls it back; the audit line of the refusal is
    /// written in a second transaction.
    pub(crate) async fn act<T, F>(&self, action: &'static str, target: &str, work: F) -> Result<T>
    where
        F: FnOnce(&Ops, &WriteTxn<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let ops = self.clone();
        match self.store.write(move |tx| work(&ops, tx)).await {
            Err(Error::Refused(refusal)) => Err(self.refused(action, target, refusal).await),
            done => done,
        }
    }

    /// Writes down a refusal, in a transaction of its own, and gives it back.
    pub(crate) async fn refused(
        &self,
        action: &'static str,
        target: &str,
        refusal: Refusal,
    ) -> Error {
        let entry = self.entry(action, target, &format!("refused: {}", refusal.code), "");
        let now = self.now();
        let noted: Result<()> = self
            .store
            .write(move |tx: &WriteTxn<'_>| Ok(tx.append_audit(&entry, now)?))
            .await;
        match noted {
            Ok(()) => Error::Refused(refusal),
            Err(unwritten) => unwritten,
        }
    }

    pub(crate) fn job_id(&self) -> JobId {
        self.clock.fresh_id().into()
    }

    pub(crate) fn event_id(&self) -> EventId {
        self.clock.fresh_id().into()
    }
}
