//! The past of one connection; times are computed backwards from now.

use super::history::{End, Teller, authorised, has_accounts, signed_in};
use super::roster::Link;
use super::scenario::{Fate, Why};
use super::{World, WorldSettings, events::What, planted};
use crate::connector::sandbox::rng::{Chance, key};
use crate::domain::connection::{ConnectionEvent, Label, Method, Status};
use crate::domain::failure_codes::{Blame, Failure};
use crate::domain::ids::ConnectionId;
use crate::domain::import_records::JobRecord;
use crate::domain::job::{Kind, State, Title};
use crate::domain::moment::Moment;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

const CONSENT: i64 = 365 * DAY;

pub(crate) struct Story {
    pub(crate) id: ConnectionId,
    pub(crate) status: Status,
    pub(crate) ever_active: bool,
    pub(crate) since: Moment,
    pub(crate) created: Moment,
    pub(crate) last_used: Moment,
    /// When its consent ends (open banking).
    pub(crate) expiry: Option<Moment>,
    /// In order of time.
    pub(crate) jobs: Vec<JobRecord>,
    /// When the accounts that are still stored were fetched.
    pub(crate) accounts_at: Option<Moment>,
    pub(crate) transactions: bool,
    /// What happened to it, beside what its jobs fetched.
    pub(crate) events: Vec<(Moment, What)>,
}

struct Past<'a> {
    now: Moment,
    dice: Chance,
    link: &'a Link,
}

pub(crate) fn tell(world: &World, link: &Link) -> Story {
    let settings = &world.settings;
    let dice_key = key(&[settings.seed, link.number, 0x7374_6f72]);
    let mut past = Past {
        now: settings.at,
        dice: Chance::new(dice_key),
        link,
    };
    let plan = match planted::trouble(settings, link) {
        Some(trouble) => past.troubled(trouble),
        None => past.plan(settings),
    };
    let id: ConnectionId = super::id(plan.created, dice_key).into();
    let mut teller = Teller::new(link, &id, settings.seed);
    for act in &plan.acts {
        match act {
            PastAct::Fetch(kind, made, end) => {
                teller.fetches(*kind, *made, end);
            }
            PastAct::Local(kind, made) => {
                teller.acts(*kind, *made);
            }
        }
    }
    let jobs = teller.jobs;
    past.read(id, plan, jobs)
}

enum PastAct {
    Fetch(Kind, Moment, End),
    Local(Kind, Moment),
}

impl PastAct {
    fn made(&self) -> Moment {
        match self {
            PastAct::Fetch(_, made, _) | PastAct::Local(_, made) => *made,
        }
    }
}

struct History {
    created: Moment,
    acts: Vec<PastAct>,
}

impl Past<'_> {
    fn ago(&mut self, least: i64, most: i64) -> Moment {
        let by = self.dice.between(least, most);
        self.now.plus_ms(-by)
    }

    /// At a bank where a scenario planted trouble.
    fn troubled(&mut self, trouble: planted::Trouble) -> History {
        let (last, failed) = match trouble {
            planted::Trouble::Before(last) => (last, None),
            planted::Trouble::Fails(at, step, failure) => {
                let last = at.plus_ms(-self.dice.between(20 * HOUR, 28 * HOUR));
                (last, Some((at, step, failure)))
            }
        };
        let created = self.born_before(last);
        let mut plan = self.lived(created, last);
        if let Some((at, step, failure)) = failed {
            let retries = self.now.since(at) / (2 * HOUR);
            let attempts = u32::try_from(retries + 1).expect("an outage lasts a day at most");
            let end = End::Waits(step, failure, attempts);
            plan.acts.push(PastAct::Fetch(Kind::Refresh, at, end));
        }
        plan
    }

    fn plan(&mut self, settings: &WorldSettings) -> History {
        match self.link.fate.label {
            Label::PreInit => {
                let usual = self.ago(10 * MINUTE, 20 * DAY);
                let created = planted::left_at(settings, &mut self.dice).unwrap_or(usual);
                self.first(created, End::AwaitsPerson)
            }
            Label::Pending | Label::Init => {
                let (step, failure) = trouble(self.link.fate);
                let attempts = self.dice.between(1, 6);
                // The last attempt lies less than two hours back, so the next one lies ahead.
                let created = self
                    .ago(15 * MINUTE, 100 * MINUTE)
                    .plus_ms(-(attempts - 1) * 2 * HOUR);
                let attempts = u32::try_from(attempts).expect("six at most");
                self.first(created, End::Waits(step, failure, attempts))
            }
            Label::Failed => {
                let (step, failure) = trouble(self.link.fate);
                let end = End::Fails(step, failure);
                let created = self
                    .ago(20 * MINUTE, 40 * DAY)
                    .plus_ms(-Teller::lasts(&end));
                self.first(created, end)
            }
            Label::Active => self.active(),
            Label::Invalid => self.invalid(planted::failed_at(settings, self.link)),
            Label::Deleted => self.deleted(),
        }
    }

    fn first(&mut self, created: Moment, end: End) -> History {
        History {
            created,
            acts: vec![PastAct::Fetch(Kind::Connect, created, end)],
        }
    }

    fn active(&mut self) -> History {
        if self.link.fate.ending {
            let expiry = self
                .now
                .plus_ms(self.dice.between(2 * HOUR, 7 * DAY - HOUR));
            let last = self.ago(20 * MINUTE, 20 * HOUR);
            return self.lived(expiry.plus_ms(-CONSENT), last);
        }
        if self.dice.per_mille(25) {
            let created = self.ago(20 * MINUTE, 22 * HOUR);
            return self.first(created, End::Success);
        }
        let last = match self.dice.below(100) {
            0..80 => self.ago(20 * MINUTE, 24 * HOUR),
            80..93 => self.ago(DAY, 7 * DAY),
            _ => self.ago(7 * DAY, 90 * DAY),
        };
        let created = self.born_before(last);
        let mut plan = self.lived(created, last);
        self.mend(&mut plan);
        plan
    }

    /// Some were broken and healed; some were purged to be fetched anew.
    fn mend(&mut self, plan: &mut History) {
        let newest = plan.acts.len() - 1;
        if newest >= 2 && self.dice.per_mille(70) {
            let (code, kind) = match (self.link.method, self.dice.below(2)) {
                (Method::Web, 0) => ("invalid-credentials", Kind::UpdateCredentials),
                _ => ("account-not-accessible-requires-user-action", Kind::Refresh),
            };
            let why = Why::Code(code);
            let (step, failure) = why.step().zip(why.failure()).expect("codes have both");
            if let PastAct::Fetch(_, _, end) = &mut plan.acts[newest - 1] {
                *end = End::Fails(step, failure);
            }
            if let PastAct::Fetch(newest_kind, _, _) = &mut plan.acts[newest] {
                *newest_kind = kind;
            }
        } else if newest >= 1 && self.dice.per_mille(40) {
            let purged = plan.acts[newest]
                .made()
                .plus_ms(-self.dice.between(40_000, 4 * MINUTE));
            plan.acts
                .insert(newest, PastAct::Local(Kind::Purge, purged));
        }
    }

    fn invalid(&mut self, failed: Option<Moment>) -> History {
        let Some(step) = self.link.fate.why.and_then(Why::step) else {
            let expired = self.ago(HOUR, 20 * DAY);
            let last = expired.plus_ms(-self.dice.between(HOUR, 40 * HOUR));
            return self.lived(expired.plus_ms(-CONSENT), last);
        };
        let (_, failure) = trouble(self.link.fate);
        let end = End::Fails(step, failure);
        let usual = self.ago(20 * MINUTE, 12 * DAY);
        let made = failed.unwrap_or(usual).plus_ms(-Teller::lasts(&end));
        let last = made.plus_ms(-self.dice.between(20 * HOUR, 28 * HOUR));
        let created = self.born_before(last);
        let mut plan = self.lived(created, last);
        plan.acts.push(PastAct::Fetch(Kind::Refresh, made, end));
        plan
    }

    fn deleted(&mut self) -> History {
        let revoked = self.ago(30 * MINUTE, 200 * DAY);
        let last = revoked.plus_ms(-self.dice.between(HOUR, 3 * DAY));
        let created = self.born_before(last);
        let mut plan = if self.dice.per_mille(120) {
            // It never worked and was given up.
            self.first(
                last,
                End::Fails(Title::RetrieveAccounts, Failure::of("user-action-required")),
            )
        } else {
            self.lived(created, last)
        };
        let purged = plan.acts.len() > 1 && self.dice.per_mille(280);
        if purged {
            plan.acts.push(PastAct::Local(
                Kind::Purge,
                revoked.plus_ms(-self.dice.between(MINUTE, 9 * MINUTE)),
            ));
        }
        plan.acts.push(PastAct::Local(Kind::Revoke, revoked));
        plan
    }

    /// Open banking not long ago: its consent at the bank lasts a year, and the world is looked at months later.
    fn born_before(&mut self, last: Moment) -> Moment {
        let oldest = match self.link.method {
            Method::Web => 700 * DAY,
            Method::OpenBanking => 75 * DAY - self.now.since(last),
        };
        last.plus_ms(-self.dice.between(DAY, oldest.max(2 * DAY)))
    }

    /// A first fetch and none to four refreshes, about a day apart, the newest at `last`.
    fn lived(&mut self, created: Moment, last: Moment) -> History {
        let mut plan = self.first(created, End::Success);
        let refreshes = [1, 1, 1, 2, 2, 2, 3, 3, 4, 1]
            [usize::try_from(self.dice.below(10)).expect("under ten")];
        let mut at = last;
        for _ in 0..refreshes {
            if at.since(created) < HOUR {
                break;
            }
            plan.acts
                .insert(1, PastAct::Fetch(Kind::Refresh, at, End::Success));
            at = at.plus_ms(-self.dice.between(20 * HOUR, 28 * HOUR));
        }
        plan
    }

    fn read(&mut self, id: ConnectionId, plan: History, jobs: Vec<JobRecord>) -> Story {
        let label = self.link.fate.label;
        let succeeded = |job: &&JobRecord| job.kind.fetches() && job.state == State::Succeeded;
        let connected = jobs.first().expect("every story begins with a connect job");
        let newest = jobs.last().expect("the same");
        let ever_active = jobs.iter().any(|j| succeeded(&j));
        let last_used = jobs
            .iter()
            .rev()
            .find_map(signed_in)
            .unwrap_or(plan.created);
        let expiry = match self.link.method {
            Method::Web => None,
            // The consent at the bank begins when the person comes back from the data holder.
            Method::OpenBanking => authorised(connected).map(|at| at.plus_ms(CONSENT)),
        };
        let expired = self.link.fate.why == Some(Why::Expired);
        let since = match label {
            Label::PreInit | Label::Pending => plan.created,
            Label::Init => last_used,
            Label::Invalid if expired => expiry.unwrap_or(newest.updated),
            Label::Active => activated(&jobs).unwrap_or(newest.updated),
            _ => newest.updated,
        };
        let purged = jobs.iter().rposition(|j| j.kind == Kind::Purge);
        let fetched = jobs.iter().rposition(|j| succeeded(&j));
        let gone = matches!((purged, fetched), (Some(purge), Some(fetch)) if purge > fetch);
        let accounts_at = match fetched {
            _ if gone => None,
            Some(place) => has_accounts(&jobs[place]),
            None => has_accounts(connected),
        };
        let status = match label {
            Label::Active => Status::Active,
            Label::Invalid | Label::Failed => Status::Invalid,
            Label::Pending => Status::Pending,
            Label::Init => Status::Init,
            Label::PreInit => Status::PreInit,
            Label::Deleted => Status::Deleted,
        };
        let events = self.events(&jobs, plan.created, since);
        let transactions = fetched.is_some() && !gone;
        let created = plan.created;
        Story {
            id,
            status,
            ever_active,
            since,
            created,
            last_used,
            expiry,
            jobs,
            accounts_at,
            transactions,
            events,
        }
    }

    fn events(&self, jobs: &[JobRecord], created: Moment, since: Moment) -> Vec<(Moment, What)> {
        use ConnectionEvent as E;
        let mut events = vec![(created, E::Created.into())];
        let mut active = false;
        for job in jobs.iter().filter(|j| j.kind.fetches()) {
            let challenge = job
                .steps
                .iter()
                .any(|s| s.failure.is_some() && s.title == Title::MfaChallenge);
            let failure = job.steps.iter().find_map(|s| s.failure.as_ref());
            let event = match (job.state, failure) {
                (State::Succeeded, _) if active => continue,
                (State::Succeeded, _) => E::Activated,
                (State::Failed, Some(f)) if active && f.blame(challenge) == Blame::User => {
                    E::Invalidated
                }
                (State::Failed, _) => E::Updated,
                _ => continue,
            };
            active = job.state == State::Succeeded;
            events.push((job.updated, event.into()));
        }
        match self.link.fate.label {
            Label::Invalid if self.link.fate.why == Some(Why::Expired) => {
                events.push((since, E::Invalidated.into()))
            }
            Label::Init => events.push((since, E::Updated.into())),
            Label::Deleted => events.push((since, E::Deleted.into())),
            _ => {}
        }
        events
    }
}

fn trouble(fate: Fate) -> (Title, Failure) {
    fate.why
        .and_then(|why| why.step().zip(why.failure()))
        .expect("fates that fail carry a code")
}

/// The end of the job after its last failure, or of its first.
fn activated(jobs: &[JobRecord]) -> Option<Moment> {
    let failed = jobs.iter().rposition(|j| j.state == State::Failed);
    jobs.iter()
        .skip(failed.map_or(0, |place| place + 1))
        .find(|j| j.kind.fetches())
        .map(|j| j.updated)
}
