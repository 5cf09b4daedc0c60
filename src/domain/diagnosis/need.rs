//! What a connection needs. The one judgement behind the list, `why`, attention, the filters and the counts.

use super::facts::{Facts, FailedStep, JobFacts};
use super::health::Health;
use super::outage::Outage;
use super::states::{state, unfetched};
use super::{Advice, Whose, advice_for};
use crate::domain::connection::{Label, Method, Origin};
use crate::domain::failure_codes::LACKS;
use crate::domain::health::worse;
use crate::domain::job::State;
use crate::domain::moment::Moment;
use crate::domain::policy;

/// A consent at the bank that ends within this is the user's to renew (docs/domain.md 7).
pub(crate) const ENDING_SOON_MS: i64 = 7 * 86_400_000;
/// A connection that the bank was not asked about for longer than this has stale data.
pub(crate) const STALE_MS: i64 = 7 * 86_400_000;

/// In the order they are judged: the first that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Revoked or deleted.
    Ended,
    /// The platform it was imported from runs its open job.
    Elsewhere,
    /// The bank's question is open.
    Answer,
    /// The user is at the bank, to authorise anew.
    Authorising,
    /// The user never finished the bank's consent page.
    Authorisation,
    ConsentEnded,
    /// The sign-in was refused too often.
    Guarded,
    ConsentEnding,
    /// Its job runs, but the worker that had it is gone.
    Stuck,
    /// What is missing here kept its last fetch from asking the bank.
    Lacking,
    /// Its open job came by an import and waits for nothing here.
    LeftOver,
    Retry,
    Pause,
    FirstFetch,
    /// Broken, and a fetch that may mend it is under way.
    Mending,
    Broken,
    Stale,
    Works,
}

impl Need {
    /// Whether somebody has to act: the user, the bank, or us.
    pub(crate) fn attention(self) -> bool {
        match self {
            Need::Answer
            | Need::Authorising
            | Need::Authorisation
            | Need::ConsentEnded
            | Need::Guarded
            | Need::ConsentEnding
            | Need::Stuck
            | Need::Lacking
            | Need::LeftOver
            | Need::Broken => true,
            Need::Ended
            | Need::Elsewhere
            | Need::Retry
            | Need::Pause
            | Need::FirstFetch
            | Need::Mending
            | Need::Stale
            | Need::Works => false,
        }
    }
}

impl Facts {
    pub(crate) fn need(&self) -> Need {
        let broken = matches!(self.label, Label::Invalid | Label::Failed);
        let active = self.label == Label::Active;
        let fetch = self.fetching();
        let fetches = |state| fetch.is_some_and(|job| job.state == state);
        let moving = fetches(State::Queued) || fetches(State::Running);
        let without_time = |job: &&JobFacts| job.state == State::Paused && job.due.is_none();
        let unheld = fetch.filter(without_time).is_some();
        let ends = self.bank_consent_ends();
        let here = policy::runs_here(self.origin);
        let live = self.origin == Origin::Live;
        let ended = (active || broken) && ends.is_some_and(|at| at <= self.now);
        let ending = active && ends.is_some_and(|at| at.since(self.now) < ENDING_SOON_MS);
        // what is the user's to mend, whoever runs a job meanwhile
        let users = ended || ending || active && self.guarded;
        let asked = live && fetches(State::WaitingMfa);
        if self.label == Label::Deleted {
            Need::Ended
        } else if fetch.is_some() && !(here || users || asked) {
            Need::Elsewhere
        } else if here && fetch.is_some_and(|job| job.stuck(self)) {
            Need::Stuck
        } else if self.label == Label::PreInit && !moving {
            Need::Authorisation
        } else if fetches(State::WaitingMfa) {
            Need::Answer
        } else if unheld && self.method == Method::OpenBanking {
            Need::Authorising
        } else if ended {
            Need::ConsentEnded
        } else if self.guarded && (active || broken && fetch.is_none()) {
            Need::Guarded
        } else if ending {
            Need::ConsentEnding
        } else if active && fetch.is_none() && self.lack().is_some() {
            Need::Lacking
        } else if unheld {
            Need::LeftOver
        } else if fetches(State::WaitingRetry) {
            Need::Retry
        } else if fetches(State::Paused) {
            Need::Pause
        } else if !active && !broken {
            Need::FirstFetch
        } else if broken && moving {
            Need::Mending
        } else if broken {
            Need::Broken
        } else if self
            .last_used
            .is_some_and(|at| self.now.since(at) > STALE_MS)
        {
            Need::Stale
        } else {
            Need::Works
        }
    }

    /// Who has to act next: the one judgement behind headings, counts, filters, profile and `why`.
    pub(crate) fn mover(&self) -> Whose {
        match self.need() {
            Need::Ended | Need::Stale | Need::Works => Whose::Nobody,
            Need::Elsewhere | Need::Retry | Need::Pause | Need::FirstFetch | Need::Mending => {
                Whose::System
            }
            Need::Answer
            | Need::Authorising
            | Need::Authorisation
            | Need::ConsentEnded
            | Need::Guarded
            | Need::ConsentEnding => Whose::User,
            Need::Stuck | Need::LeftOver => Whose::Us,
            Need::Lacking | Need::Broken => self.blamed(),
        }
    }

    /// What the tables say of the failure, unless its bank is known to be in trouble, or to work by now.
    fn blamed(&self) -> Whose {
        let advice = self.advice();
        if !self.passes() {
            return advice.whose;
        }
        match advice.whose {
            _ if self.trouble().and_then(Health::to_do).is_some() => Whose::Bank,
            // nobody tries again unasked
            Whose::Bank if self.mended => Whose::Us,
            whose => whose,
        }
    }

    /// Whether it failed by trouble that passes; what is wrong for good a bank's health neither explains nor mends.
    pub(super) fn passes(&self) -> bool {
        let advice = self.advice();
        let failed = self.failed.as_ref();
        failed.is_some_and(|failed| advice.passes(&failed.failure, failed.at_challenge()))
    }

    pub(super) fn outage(&self) -> Option<Outage> {
        Outage::known(self.health, self.incident, self.now)
    }

    /// The worse of what is declared of its bank and what an open incident shows.
    pub(super) fn trouble(&self) -> Option<Health> {
        worse(self.health, self.outage().map(|_| Health::MajorOutage))
    }

    /// What the tables say of what it failed with, or of its label where that is not known.
    pub(super) fn advice(&self) -> Advice {
        match &self.failed {
            Some(failed) => advice_for(&failed.failure, failed.at_challenge()),
            None if self.fetched == Some(false) => unfetched(self.label),
            None => state(self.label),
        }
    }

    /// The first moment from which on time alone may change what it needs.
    pub(crate) fn changes(&self) -> Option<Moment> {
        let lease = self.job.as_ref().filter(|job| job.state == State::Running);
        let lost = lease.and_then(|job| job.due).map(|until| until.plus_ms(1));
        let ends = self.bank_consent_ends();
        let soon = ends.map(|at| at.plus_ms(1 - ENDING_SOON_MS));
        let broken = matches!(self.label, Label::Invalid | Label::Failed);
        let moments = [lost, soon, ends, self.broken_until.filter(|_| broken)];
        moments
            .into_iter()
            .flatten()
            .filter(|at| *at > self.now)
            .min()
    }

    /// What was missing here, so that the last fetch asked nobody.
    pub(super) fn lack(&self) -> Option<&FailedStep> {
        self.failed
            .as_ref()
            .filter(|it| LACKS.contains(&it.failure.code.as_str()))
    }

    /// When the user's consent at the bank ends; a web connection has none.
    pub(super) fn bank_consent_ends(&self) -> Option<Moment> {
        self.expiry.filter(|_| self.method == Method::OpenBanking)
    }
}

impl JobFacts {
    /// Whether the worker that runs it was last seen too long ago.
    fn stuck(&self, facts: &Facts) -> bool {
        self.state == State::Running && self.due.is_some_and(|until| until < facts.now)
    }
}
