//! A reference model of the filters: evaluates them row by row over the records of the generated world. The tests of
//! the filters compare the answers of the store with it.

use super::texts::{ago, compares, digits, id, part, words};
use crate::domain::connection::{Label, Method, Origin, Status};
use crate::domain::diagnosis::{Facts, FailedStep, JobFacts, Whose};
use crate::domain::import_records::{
    Batch, ConnectionRecord, InstitutionRecord, JobRecord, UserRecord,
};
use crate::domain::job::{self, State};
use crate::domain::moment::Moment;
use crate::domain::query::{Contact, Expr, Flag, PatternField, Term, Texts, When, is_phone};
use crate::domain::views::{Sort, SortField};
use regex::RegexBuilder;
use std::cmp::Ordering;
use std::collections::HashMap;

const DAY: i64 = 86_400_000;

pub(crate) const ME: &str = "tester";

/// One connection with its user, bank and jobs.
pub(crate) struct Fact {
    pub(crate) place: usize,
    pub(crate) connection: ConnectionRecord,
    pub(crate) user: UserRecord,
    pub(crate) bank: InstitutionRecord,
    pub(crate) jobs: Vec<JobRecord>,
    pub(crate) accounts: u64,
    pub(crate) transactions: u64,
    /// Who asked for the newest job; nobody for one that was imported.
    pub(crate) actor: Option<String>,
}

/// The facts of every connection, in the order they were written.
pub(crate) fn facts(all: &Batch) -> Vec<Fact> {
    let users: HashMap<_, _> = all.users.iter().map(|u| (&u.id, u)).collect();
    let banks: HashMap<_, _> = all.institutions.iter().map(|b| (&b.id, b)).collect();
    let mut jobs: HashMap<_, Vec<_>> = HashMap::new();
    all.jobs
        .iter()
        .for_each(|j| jobs.entry(&j.connection).or_default().push(j.clone()));
    let mut accounts: HashMap<_, (u64, u64)> = HashMap::new();
    let owners: HashMap<_, _> = all
        .accounts
        .iter()
        .map(|a| (&a.id, &a.connection))
        .collect();
    all.accounts
        .iter()
        .for_each(|a| accounts.entry(&a.connection).or_default().0 += 1);
    all.transactions
        .iter()
        .for_each(|t| accounts.entry(owners[&t.account]).or_default().1 += 1);
    let records = all.connections.iter().enumerate();
    records
        .map(|(place, c)| {
            let (accounts, transactions) = accounts
                .get(&Some(c.id.clone()))
                .copied()
                .unwrap_or_default();
            Fact {
                place,
                connection: c.clone(),
                user: users[&c.user].clone(),
                bank: banks[&c.institution].clone(),
                jobs: jobs.remove(&c.id).unwrap_or_default(),
                accounts,
                transactions,
                actor: None,
            }
        })
        .collect()
}

impl Fact {
    fn label(&self) -> Label {
        Label::of(self.connection.status, self.connection.ever_active)
    }

    fn newest(&self) -> Option<&JobRecord> {
        self.jobs.iter().max_by_key(|j| j.created)
    }

    fn urgency(&self) -> i64 {
        let asks = self.jobs.iter().any(|j| j.state == State::WaitingMfa);
        match self.label() {
            Label::Deleted => 5,
            _ if asks => 0,
            Label::Invalid => 0,
            Label::Failed => 1,
            Label::PreInit => 2,
            Label::Pending | Label::Init => 3,
            Label::Active => 4,
        }
    }

    /// In the order by who has to act.
    fn place_of_mover(&self, now: Moment) -> i64 {
        let mover = self.mover(now);
        let place = Whose::ORDER.iter().position(|whose| *whose == mover);
        place.unwrap() as i64 * 10 + self.urgency()
    }

    /// What this row is ordered by in one field; less comes first.
    fn value(&self, field: SortField, now: Moment) -> (i64, String) {
        let short = |name: &str| {
            name.chars()
                .flat_map(char::to_lowercase)
                .take(24)
                .collect::<String>()
        };
        let labels = [
            Label::Active,
            Label::Invalid,
            Label::Failed,
            Label::Pending,
            Label::Init,
            Label::PreInit,
            Label::Deleted,
        ];
        let c = &self.connection;
        let number = |n: i64| (n, String::new());
        match field {
            SortField::Mover => number(self.place_of_mover(now)),
            SortField::LastUsed => number(-c.last_used.0),
            SortField::Status => {
                number(labels.iter().position(|l| *l == self.label()).unwrap() as i64)
            }
            SortField::Bank => (0, short(&self.bank.name)),
            SortField::User => (0, short(&self.user.name)),
            SortField::Job => number(-self.newest().map_or(0, |j| j.created.0)),
            SortField::Since => number(c.since.unwrap_or(c.last_used).0),
            SortField::Accounts => number(self.accounts as i64),
            SortField::Transactions => number(self.transactions as i64),
            SortField::Consent => number(c.expiry.map_or(i64::MAX, |at| at.0)),
            SortField::Via => number(i64::from(c.method != Method::Web)),
            SortField::Created => number(c.created.0),
            SortField::Id => (0, c.id.to_string()),
        }
    }

    /// How two rows stand to each other in this order.
    fn compared(&self, other: &Fact, sort: Sort, now: Moment) -> Ordering {
        let by = |field| self.value(field, now).cmp(&other.value(field, now));
        let turned = |order: Ordering, reversed| if reversed { order.reverse() } else { order };
        let first = turned(by(sort.field), sort.reversed);
        let (rest, reversed) = match (sort.then, sort.field) {
            (Some(then), _) => (
                by(then.field).then_with(|| by(SortField::LastUsed)),
                then.reversed,
            ),
            (None, SortField::Status) => (
                by(SortField::Mover).then_with(|| by(SortField::LastUsed)),
                sort.reversed,
            ),
            (None, SortField::Job | SortField::Since) => (Ordering::Equal, sort.reversed),
            (None, _) => (by(SortField::LastUsed), sort.reversed),
        };
        let rest = rest.then(self.place.cmp(&other.place));
        first.then(turned(rest, reversed))
    }

    /// Whether the condition holds of it.
    pub(crate) fn holds(&self, expr: &Expr, now: Moment) -> bool {
        match expr {
            Expr::And(parts) => parts.iter().all(|p| self.holds(p, now)),
            Expr::Or(parts) => parts.iter().any(|p| self.holds(p, now)),
            Expr::Not(inner) => !self.holds(inner, now),
            Expr::Term(term) => self.term(term, now),
        }
    }

    fn term(&self, term: &Term, now: Moment) -> bool {
        let c = &self.connection;
        match term {
            Term::Word(text) => {
                let labels = text.chars().count() >= 3
                    && self.label().word().starts_with(&text.to_lowercase());
                id(c.id.as_str(), text)
                    || id(c.user.as_str(), text)
                    || self.named(text)
                    || labels
                    || self.at(text, false)
            }
            Term::Contact(Contact::Email(text)) => {
                let sent = c.profile.iter().flat_map(|p| &p.emails);
                (self.user.email.iter().chain(sent)).any(|e| e.expose().to_lowercase() == *text)
            }
            Term::Contact(Contact::Phone(text)) => {
                let sent = c.profile.iter().flat_map(|p| &p.phones);
                let sent = sent.filter(|phone| is_phone(phone.expose()));
                id(c.id.as_str(), text)
                    || id(c.user.as_str(), text)
                    || (self.user.mobile.iter().chain(sent))
                        .any(|m| digits(m.expose()) == digits(text))
            }
            Term::Label(labels) => labels.contains(&self.label()),
            Term::Bank(texts) => texts.any.iter().any(|t| self.at(t, texts.whole)),
            Term::Via(methods) => methods.contains(&c.method),
            Term::User(texts) => texts
                .any
                .iter()
                .any(|t| part(c.user.as_str(), t, texts.whole) || (!texts.whole && self.named(t))),
            Term::Id(Texts { whole, any }) => any.iter().any(|t| part(c.id.as_str(), t, *whole)),
            Term::Connection(_) | Term::Took(..) => false,
            Term::Last(_, When::Never) => c.last_used <= c.created,
            Term::Last(cmp, when) => c.last_used > c.created && ago(*cmp, *when, c.last_used, now),
            Term::Created(cmp, when) => ago(*cmp, *when, c.created, now),
            Term::Since(cmp, when) => ago(*cmp, *when, c.since.unwrap_or(c.last_used), now),
            Term::FirstFailed(cmp, when) => self
                .first_failed()
                .is_some_and(|at| ago(*cmp, *when, at, now)),
            Term::Mover(movers) => movers.contains(&self.mover(now)),
            // the records hold none
            Term::Incident(_) => false,
            Term::Attempts(cmp, n) => self
                .newest()
                .is_some_and(|j| compares(*cmp, &u64::from(j.attempt), n)),
            Term::Consent(_, When::Never) => c.expiry.is_none(),
            Term::Consent(cmp, when) => c.expiry.is_some_and(|at| {
                when.ahead(*cmp, now)
                    .is_some_and(|(cmp, bound)| compares(cmp, &at, &bound))
            }),
            Term::Accounts(cmp, n) => compares(*cmp, &self.accounts, n),
            Term::Transactions(cmp, n) => compares(*cmp, &self.transactions, n),
            Term::NoJob => self.jobs.is_empty(),
            Term::JobLabel(labels) => self
                .newest()
                .is_some_and(|j| labels.contains(&job_label(j))),
            Term::State(states) => self.newest().is_some_and(|j| states.contains(&j.state)),
            Term::Kind(kinds) => self.newest().is_some_and(|j| kinds.contains(&j.kind)),
            Term::Step(titles) => self
                .newest()
                .is_some_and(|j| titles.iter().any(|t| t.word() == step(j))),
            Term::Error(codes) => self
                .newest()
                .and_then(code)
                .is_some_and(|code| codes.contains(&code)),
            Term::Is(flag) => self.flag(*flag, now),
            Term::Pattern(field, pattern) => {
                let pattern = RegexBuilder::new(pattern)
                    .case_insensitive(true)
                    .build()
                    .unwrap();
                let text = match field {
                    PatternField::Bank => Some(self.bank.name.clone()),
                    PatternField::Id => Some(c.id.to_string()),
                    PatternField::Connection => Some(String::new()),
                    PatternField::Step => self.newest().map(step),
                    PatternField::Error => self.newest().and_then(code),
                };
                text.is_some_and(|text| pattern.is_match(&text))
            }
        }
    }

    fn failed(&self) -> Option<FailedStep> {
        let job = self.newest().filter(|j| j.state == State::Failed)?;
        let failure = job.steps.iter().find_map(|s| s.failure.clone())?;
        let step = job::Title::parse(&step(job));
        Some(FailedStep { failure, step })
    }

    /// When what is wrong with it began.
    fn first_failed(&self) -> Option<Moment> {
        let c = &self.connection;
        match self.label() {
            Label::Invalid | Label::Failed => Some(c.since.unwrap_or(c.last_used)),
            _ => self
                .newest()
                .filter(|j| j.state.open() && j.kind.fetches() && code(j).is_some())
                .map(|j| j.created),
        }
    }

    fn needs_somebody(&self, now: Moment) -> bool {
        self.mover(now).acts()
    }

    pub(crate) fn mover(&self, now: Moment) -> Whose {
        let c = &self.connection;
        let open = self
            .jobs
            .iter()
            .find(|j| j.state.open() && j.kind.fetches());
        let job = open.map(|j| JobFacts {
            kind: j.kind,
            state: j.state,
            step: job::Title::VerifyCredentials,
            attempt: 1,
            due: j.next_attempt,
            last_error: None,
            answer_until: None,
        });
        let facts = Facts {
            job,
            expiry: c.expiry,
            last_used: Some(c.last_used),
            origin: c.origin,
            failed: self.failed(),
            fetched: self.jobs.is_empty().then_some(false),
            ..Facts::new(self.label(), c.method, c.last_used, now)
        };
        facts.mover()
    }

    fn flag(&self, flag: Flag, now: Moment) -> bool {
        let c = &self.connection;
        let any = |test: &dyn Fn(State) -> bool| self.jobs.iter().any(|j| test(j.state));
        match flag {
            Flag::Attention => self.needs_somebody(now),
            Flag::Running => any(&|s| s == State::Running),
            Flag::Queued => any(&|s| s == State::Queued),
            Flag::Waiting => {
                any(&|s| matches!(s, State::Paused | State::WaitingMfa | State::WaitingRetry))
            }
            Flag::Open => any(&State::open),
            Flag::Stuck => {
                c.status == Status::PreInit
                    && c.since.unwrap_or(c.last_used).0 < now.0 - DAY
                    && self.needs_somebody(now)
                    || self.jobs.iter().any(|j| {
                        c.origin == Origin::Sandbox
                            && c.status != Status::Deleted
                            && j.state == State::Running
                            && j.next_attempt.is_some_and(|at| at < now)
                    })
            }
            Flag::Mine => self.actor.as_deref() == Some(ME),
            // the records hold no refused sign-ins
            Flag::Guarded => false,
            Flag::Imported => c.origin == Origin::Imported,
            Flag::Expiring => {
                c.status != Status::Deleted
                    && c.expiry
                        .is_some_and(|at| at >= now && at.0 <= now.0 + 7 * DAY)
            }
            Flag::Stale => c.status == Status::Active && c.last_used.0 < now.0 - 7 * DAY,
        }
    }

    fn at(&self, text: &str, whole: bool) -> bool {
        let text = text.to_lowercase();
        let (id, names) = (
            self.bank.id.as_str().to_lowercase(),
            [&self.bank.name, &self.bank.short_name],
        );
        let mut names = names.iter().map(|n| n.to_lowercase());
        match whole {
            true => id == text || names.any(|n| n == text),
            false => id.starts_with(&text) || names.any(|n| n.contains(&text)),
        }
    }

    /// Every word of the text begins a word of the name.
    fn named(&self, text: &str) -> bool {
        let (wanted, name) = (words(text), words(&self.user.name));
        !wanted.is_empty() && wanted.iter().all(|w| name.iter().any(|n| n.starts_with(w)))
    }
}

fn job_label(j: &JobRecord) -> job::Label {
    if j.state == State::Cancelled {
        job::Label::Failed
    } else {
        job::Label::of(&j.steps)
    }
}

fn step(j: &JobRecord) -> String {
    j.steps[job::current(&j.steps)].title.word().to_owned()
}

fn code(j: &JobRecord) -> Option<String> {
    j.steps
        .iter()
        .find_map(|s| s.failure.as_ref())
        .map(|f| f.code.to_string())
}

/// These rows in the order the list should have.
pub(crate) fn sorted(mut facts: Vec<&Fact>, sort: Sort, now: Moment) -> Vec<&Fact> {
    facts.sort_by(|a, b| a.compared(b, sort, now));
    facts
}
