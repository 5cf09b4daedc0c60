//! One file per thing a person can ask for. Every face asks here, so the rules, the refusals and the
//! audit line are the same whoever asks. Deliberately absent: SQL, banks, and words for one face only.

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

pub(crate) use banks::{BankShown, Way};
pub(crate) use connections::{ConnectionDetail, Explained, Force, List, Refreshed, UserShown};
pub(crate) use error::{Error, Refusal, Result, not_found};
pub(crate) use history::EventDetail;
pub(crate) use import::ImportReport;
pub(crate) use maintenance::{Doctor, Planned, Schedule, Upkeep};
pub(crate) use people::AuthLinkShown;
pub(crate) use plans::Chosen;

use crate::clock::Clock;
use crate::domain::ids::{EventId, JobId};
use crate::domain::moment::Moment;
use crate::store::{AuditEntry, NewEvent, ReadTxn, Store, WriteTxn};
use std::sync::Arc;
use std::time::Duration;

/// Who asks, and through which face.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The person or program: the user the process runs as.
    pub(crate) actor: String,
    /// `dashboard`, `command`, `api` or `worker`.
    pub(crate) face: &'static str,
}

/// The figures rules are made of, from the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// A refresh of a connection that was used more recently asks first.
    pub(crate) refresh_floor: Duration,
    /// How long a new connection waits when its credentials are in use elsewhere (domain 12.2).
    pub(crate) credential_pause: Duration,
    /// How long a challenge may be answered.
    pub(crate) mfa_expiry: Duration,
    /// How long an auth link is good for.
    pub(crate) auth_link_life: Duration,
    /// How long others leave a purge to the process that began it and has gone silent.
    pub(crate) lease: Duration,
    /// How long a plan over several can be carried out.
    pub(crate) plan_life: Duration,
    /// Jobs that may run at one bank at a time.
    pub(crate) per_institution: u64,
    /// Jobs that may run in all.
    pub(crate) total: u64,
    /// How often in a row a bank may refuse a sign-in before refreshes are held back.
    pub(crate) refused_sign_ins: u32,
    /// How many retries a job has before it gives up.
    pub(crate) retries: u32,
    /// How often background refreshing comes round to a connection; none when it is switched off.
    pub(crate) smart_cache: Option<Duration>,
}

impl Default for Limits {
    fn default() -> Self {
        let minutes = |n: u64| Duration::from_secs(60 * n);
        Self {
            refresh_floor: minutes(15),
            credential_pause: minutes(6),
            mfa_expiry: minutes(2),
            auth_link_life: minutes(7 * 24 * 60),
            lease: Duration::from_secs(30),
            plan_life: minutes(15),
            per_institution: 2,
            total: 16,
            refused_sign_ins: 3,
            retries: crate::domain::diagnosis::Facts::MOST_RETRIES,
            smart_cache: None,
        }
    }
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

    /// Reads from one consistent view of the file.
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
        self.store.write(move |tx| work(&ops, tx)).await
    }

    /// Runs a write that does `action` to `target`. A refusal rolls it back; the audit line of the refusal is
    /// written in a second transaction.
    pub(crate) async fn act<T, F>(&self, action: &'static str, target: &str, work: F) -> Result<T>
    where
        F: FnOnce(&Ops, &WriteTxn<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        match self.write(work).await {
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
        let (target, outcome) = (target.to_owned(), format!("refused: {}", refusal.code));
        let noted = self.write(move |ops, tx| ops.audit(tx, action, &target, &outcome, ""));
        match noted.await {
            Ok(()) => Error::Refused(refusal),
            Err(unwritten) => unwritten,
        }
    }

    /// Appends a line of this caller to the audit.
    pub(crate) fn audit(
        &self,
        tx: &WriteTxn<'_>,
        action: &str,
        target: &str,
        outcome: &str,
        reason: &str,
    ) -> Result<()> {
        let entry = self.entry(action, target, outcome, reason);
        Ok(tx.append_audit(&entry, self.now())?)
    }

    /// Appends an event to the change feed.
    pub(crate) fn record_event(&self, tx: &WriteTxn<'_>, event: &NewEvent<'_>) -> Result<()> {
        Ok(tx.append_event(&self.event_id(), event, self.now())?)
    }

    pub(crate) fn job_id(&self) -> JobId {
        self.clock.fresh_id().into()
    }

    pub(crate) fn event_id(&self) -> EventId {
        self.clock.fresh_id().into()
    }
}
