//! What an explanation is made from: a few known things about one connection, none of them personal.

use super::health::Health;
use crate::domain::connection::{Label, Method};
use crate::domain::failure::Failure;
use crate::domain::job::{Job, Kind, State, Step, Title};
use crate::domain::listing::{ConnectionRow, LastJob};
use crate::domain::moment::Moment;

/// What is known of a connection. What is not known stays none, and the words get more general.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// Where it stands.
    pub label: Label,
    /// How the bank is reached.
    pub method: Method,
    /// Whether it ever was active.
    pub ever_active: bool,
    /// Since when it has its label.
    pub since: Moment,
    /// When the bank was last asked; none before any contact.
    pub last_used: Option<Moment>,
    /// When the consent arrangement ends (open banking).
    pub expiry: Option<Moment>,
    /// What its last fetch failed with, when it did.
    pub failed: Option<FailedStep>,
    /// Its newest job.
    pub job: Option<JobFacts>,
    /// What is reported of the connector.
    pub health: Option<Health>,
    /// How other fetches at the same bank went in the last hour.
    pub outcomes: Option<Outcomes>,
    /// Whether a purge of its data still has freed pages to overwrite.
    pub scrub_pending: bool,
    /// How often in a row the bank refused the sign-in, whichever connection tried.
    pub refused: u32,
    /// Whether refreshes are held back for that.
    pub guarded: bool,
    /// How many retries a job has before it gives up.
    pub most_retries: u32,
    /// The moment the explanation is for.
    pub now: Moment,
}

/// A failure and the step it happened in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedStep {
    /// What the bank said.
    pub failure: Failure,
    /// Where.
    pub step: Title,
}

/// What is known of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobFacts {
    /// What for.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// The step it stands at.
    pub step: Title,
    /// How many attempts began; 0 when not known.
    pub attempt: u32,
    /// When it goes on.
    pub next_attempt: Option<Moment>,
    /// What the attempt before failed with, while it waits for the next.
    pub last_error: Option<Failure>,
    /// Until when the bank's question can be answered.
    pub answer_until: Option<Moment>,
}

/// How fetches went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// How many succeeded.
    pub passed: u64,
    /// How many failed.
    pub failed: u64,
}

impl Facts {
    /// One retry every two hours, for seven days (domain 12.9).
    pub const MOST_RETRIES: u32 = 84;

    /// The least that has to be known.
    pub fn new(label: Label, method: Method, since: Moment, now: Moment) -> Self {
        Self {
            label,
            method,
            ever_active: matches!(label, Label::Active | Label::Invalid),
            since,
            last_used: None,
            expiry: None,
            failed: None,
            job: None,
            health: None,
            outcomes: None,
            scrub_pending: false,
            refused: 0,
            guarded: false,
            most_retries: Self::MOST_RETRIES,
            now,
        }
    }

    /// What a row of the list tells.
    pub fn of_row(row: &ConnectionRow, now: Moment) -> Self {
        let failed = row.last_job.as_ref().filter(|job| job.state == State::Failed && job.kind.fetches());
        Self {
            last_used: row.ever_used().then_some(row.last_used),
            expiry: row.expiry,
            ever_active: row.ever_active,
            refused: row.refused,
            guarded: row.guarded,
            failed: failed.and_then(|job| {
                Some(FailedStep { failure: Failure::of(job.code.as_deref()?), step: job.step.clone() })
            }),
            job: row.last_job.as_ref().map(JobFacts::of_last),
            ..Self::new(row.label, row.method, row.since, now)
        }
    }

    /// The same with all that its newest job tells.
    pub fn with_job(self, job: &Job) -> Self {
        let failed = job.failed_step().filter(|_| job.kind.fetches());
        let failed = failed.map(|(step, failure)| FailedStep { failure: failure.clone(), step: step.title.clone() });
        Self { failed: failed.or(self.failed), job: Some(JobFacts::of(job)), ..self }
    }

    /// The newest job, while it is open and asks the bank for data.
    pub(super) fn fetching(&self) -> Option<&JobFacts> {
        self.job.as_ref().filter(|job| job.state.open() && job.kind.fetches())
    }
}

impl JobFacts {
    /// What a whole job tells.
    pub fn of(job: &Job) -> Self {
        let at: Option<&Step> = job.steps.get(job.current());
        Self {
            kind: job.kind,
            state: job.state,
            step: at.map_or(Title::VerifyCredentials, |s| s.title.clone()),
            attempt: job.attempt,
            next_attempt: job.next_attempt,
            last_error: at.and_then(|s| s.failure.clone()),
            answer_until: job.challenge.as_ref().map(|c| c.expires),
        }
    }

    fn of_last(job: &LastJob) -> Self {
        Self {
            kind: job.kind,
            state: job.state,
            step: job.step.clone(),
            attempt: 0,
            next_attempt: None,
            last_error: job.code.as_deref().map(Failure::of),
            answer_until: None,
        }
    }
}

impl FailedStep {
    /// Whether the bank's question to the user was where it failed.
    pub(super) fn at_challenge(&self) -> bool {
        self.step == Title::MfaChallenge
    }
}
