//! The facts a diagnosis is made from; none is personal.

use super::health::Health;
use super::outage::Toll;
use crate::domain::connection::{Label, Method, Origin};
use crate::domain::failure_codes::Failure;
use crate::domain::health::Window;
use crate::domain::hold::Hold;
use crate::domain::job::{Job, Kind, State, Step, Title};
use crate::domain::moment::Moment;
use crate::domain::rows::{ConnectionRow, LastJob};
use crate::domain::zone::Zone;

/// What is none is not known, and the words get more general.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Facts {
    pub(crate) label: Label,
    pub(crate) method: Method,
    pub(crate) origin: Origin,
    pub(crate) ever_active: bool,
    pub(crate) since: Moment,
    /// When the bank was last asked; none before any contact.
    pub(crate) last_used: Option<Moment>,
    /// When the consent at the bank ends (open banking).
    pub(crate) expiry: Option<Moment>,
    /// What its last fetch failed with, when it did.
    pub(crate) failed: Option<FailedStep>,
    pub(crate) job: Option<JobFacts>,
    pub(crate) health: Option<Health>,
    /// What our own fetches there make of it, where there were enough.
    pub(crate) measured: Option<Seen>,
    /// The open incident of its bank by its method.
    pub(crate) incident: Option<Toll>,
    /// Whether others got through at its bank since it failed.
    pub(crate) mended: bool,
    /// When a sandbox bank that is broken works again.
    pub(crate) broken_until: Option<Moment>,
    /// How other fetches at the same bank went in the last hour.
    pub(crate) outcomes: Option<Outcomes>,
    /// Whether a fetch of it is known to have gone well; none when that is not known either way.
    pub(crate) fetched: Option<bool>,
    /// How often in a row the bank refused its sign-in.
    pub(crate) refused: u32,
    pub(crate) guarded: bool,
    /// How many accounts and transactions it left or has.
    pub(crate) stored: (u64, u64),
    /// When its data was purged, while no fetch has brought it back.
    pub(crate) purged: Option<Moment>,
    /// How far a purge of its data is, while one is open.
    pub(crate) purge: Option<PurgeStage>,
    /// The open workflow of its user.
    pub(crate) sequence: Option<SequenceFacts>,
    pub(crate) consent: Option<ConsentFacts>,
    /// The hold of an operator that is in force for it or its bank.
    pub(crate) hold: Option<Hold>,
    /// When background refreshing comes to it; none when it does not.
    pub(crate) next_background: Option<Moment>,
    /// How many retries a job has before it gives up.
    pub(crate) most_retries: u32,
    pub(crate) now: Moment,
    /// In which times are told.
    pub(crate) zone: Zone,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FailedStep {
    pub(crate) failure: Failure,
    pub(crate) step: Title,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JobFacts {
    pub(crate) kind: Kind,
    pub(crate) state: State,
    pub(crate) step: Title,
    /// How many attempts began; 0 when not known.
    pub(crate) attempt: u32,
    /// Until when it waits: for its turn, its next try, the user's answer, or its worker.
    pub(crate) due: Option<Moment>,
    /// What the attempt before failed with, while it waits for the next.
    pub(crate) last_error: Option<Failure>,
    /// Until when the bank's question can be answered.
    pub(crate) answer_until: Option<Moment>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcomes {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) health: Health,
    pub(crate) passed: u64,
    pub(crate) sample: u64,
    pub(crate) window: Window,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PurgeStage {
    /// It is meant, and its key is not destroyed yet.
    Meant,
    Scrubbing,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SequenceFacts {
    /// What it is, for people: `move to open banking`.
    pub(crate) what: String,
    /// The act it stands at, for people: `purge`.
    pub(crate) at: String,
    pub(crate) waits: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConsentFacts {
    Ends(Moment),
    Expired(Moment),
    Revoked(Moment),
}

impl Facts {
    /// One retry every two hours, for seven days (docs/domain.md 12.9).
    pub(crate) const MOST_RETRIES: u32 = 84;

    pub(crate) fn new(label: Label, method: Method, since: Moment, now: Moment) -> Self {
        Self {
            label,
            method,
            origin: Origin::Sandbox,
            ever_active: matches!(label, Label::Active | Label::Invalid),
            since,
            last_used: None,
            expiry: None,
            failed: None,
            job: None,
            health: None,
            measured: None,
            incident: None,
            mended: false,
            broken_until: None,
            outcomes: None,
            fetched: None,
            refused: 0,
            guarded: false,
            stored: (0, 0),
            purged: None,
            purge: None,
            sequence: None,
            consent: None,
            hold: None,
            next_background: None,
            most_retries: Self::MOST_RETRIES,
            now,
            zone: Zone::UTC,
        }
    }

    pub(crate) fn of_row(row: &ConnectionRow, now: Moment) -> Self {
        let fetch = row.last_job.as_ref().filter(|job| job.kind.fetches());
        let failed = fetch.filter(|job| job.state == State::Failed);
        let fetched = match (&row.last_job, fetch) {
            // what never had a job was not fetched here
            (None, _) => Some(false),
            (_, Some(job)) if job.state == State::Succeeded => Some(true),
            _ => None,
        };
        let bank = &row.bank;
        Self {
            health: bank.declared_at(now),
            incident: bank.incident,
            mended: bank.mended(),
            broken_until: bank.broken_until.filter(|until| *until > now),
            fetched,
            stored: (row.accounts, row.transactions),
            last_used: row.ever_used().then_some(row.last_used),
            expiry: row.expiry,
            origin: row.origin,
            ever_active: row.ever_active,
            refused: row.refused,
            guarded: row.guarded,
            failed: failed.and_then(|job| {
                Some(FailedStep {
                    failure: Failure::of(job.code.as_deref()?),
                    step: job.step.clone(),
                })
            }),
            job: row.last_job.as_ref().map(JobFacts::of_last),
            ..Self::new(row.label, row.method, row.since, now)
        }
    }

    #[must_use]
    pub(crate) fn told_in(self, zone: Zone) -> Self {
        Self { zone, ..self }
    }

    pub(crate) fn with_job(self, job: &Job) -> Self {
        let failed = job.failed_step().filter(|_| job.kind.fetches());
        let failed = failed.map(|(step, failure)| FailedStep {
            failure: failure.clone(),
            step: step.title.clone(),
        });
        Self {
            failed: failed.or(self.failed),
            job: Some(JobFacts::of(job)),
            ..self
        }
    }

    /// The newest job, while it is open and asks the bank for data.
    pub(super) fn fetching(&self) -> Option<&JobFacts> {
        self.job
            .as_ref()
            .filter(|job| job.state.open() && job.kind.fetches())
    }
}

impl JobFacts {
    pub(crate) fn of(job: &Job) -> Self {
        let at: Option<&Step> = job.steps.get(job.current());
        Self {
            kind: job.kind,
            state: job.state,
            step: at.map_or(Title::VerifyCredentials, |s| s.title.clone()),
            attempt: job.attempt,
            due: match job.state {
                State::Running => job.lease_until,
                _ => job.next_attempt,
            },
            last_error: at.and_then(|s| s.failure.clone()),
            answer_until: job.challenge.as_ref().map(|c| c.expires),
        }
    }

    fn of_last(job: &LastJob) -> Self {
        Self {
            kind: job.kind,
            state: job.state,
            step: job.step.clone(),
            attempt: job.attempt,
            due: job.due,
            last_error: job.code.as_deref().map(Failure::of),
            answer_until: job.due.filter(|_| job.state == State::WaitingMfa),
        }
    }
}

impl FailedStep {
    pub(super) fn at_challenge(&self) -> bool {
        self.step == Title::MfaChallenge
    }
}
