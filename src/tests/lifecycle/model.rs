//! Random actions of users, banks, crashes and clocks, compared after each with a small model of what is allowed. The
//! model has its own tables and does not ask the code under test what is legal.
//!
//! `PROPTEST_CASES` sets the number of histories.

use crate::domain::bank_data::Credentials;
use crate::domain::connection::{Label, Method, Status};
use crate::domain::ids::{ConnectionId, JobId};
use crate::domain::job::{self, Job, Kind, State, StepStatus, Title};
use crate::domain::limits::Limits;
use crate::domain::rows::ConnectionRow;
use crate::domain::time_format;
use crate::domain::views::BankAnswer;
use crate::engine::Recorder;
use crate::ops::{Error, Force, NewLink, Ops};
use crate::store::{Mode, Store};
use crate::testing::flaky_bank::FlakyBank;
use crate::testing::lifecycle::{Rig, link};
use proptest::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// Cases unless `PROPTEST_CASES` says otherwise.
const CASES: u32 = 24;
/// Refused sign-ins of unforced jobs, per credentials.
const LIMIT: u32 = 3;
const LEASE: Duration = Duration::from_secs(30);

/// Who connects: bank, method, login, the password given, the right one, the answers.
type Guest = (
    &'static str,
    Method,
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
);

const GUESTS: [Guest; 9] = [
    (
        "AU00000",
        Method::Web,
        "Whistler",
        "ShowBox",
        "ShowBox",
        &[],
    ),
    ("AU00000", Method::Web, "Whistler", "wrong", "ShowBox", &[]),
    (
        "AU00000",
        Method::OpenBanking,
        "Wentworth-Smith",
        "",
        "",
        &[],
    ),
    ("AU10001", Method::OpenBanking, "richard", "", "", &[]),
    (
        "AU00002",
        Method::Web,
        "jared",
        "django",
        "django",
        &["1234"],
    ),
    (
        "AU00003",
        Method::Web,
        "gavinBelson",
        "hooli2016",
        "hooli2016",
        &["Hooli"],
    ),
    (
        "AU00000",
        Method::Web,
        "bighead",
        "password",
        "password",
        &[],
    ),
    ("AU00000", Method::Web, "erlich", "aviato", "aviato", &[]),
    (
        "AU00000",
        Method::Web,
        "jianYang",
        "nothotdog",
        "nothotdog",
        &[],
    ),
];

#[derive(Clone, Debug)]
enum Act {
    Connect { guest: usize, user: bool },
    Refresh { n: usize, force: Force },
    Answer { n: usize, right: bool },
    Update { n: usize, right: bool },
    Go { n: usize, visit: BankAnswer },
    Purge { n: usize },
    Revoke { n: usize },
    Outage { on: bool },
    Mood { code: Option<&'static str> },
    Crash { n: usize },
    Reopen,
    Jump { ms: i64 },
    Pass { ms: u64 },
    Work,
}

fn act() -> impl Strategy<Value = Act> {
    let n = || 0..12_usize;
    let jumps = [
        -10 * 365 * 86_400_000,
        -3_600_000,
        -5_000,
        5_000,
        3_600_000,
        10 * 365 * 86_400_000_i64,
    ];
    prop_oneof![
        4 => (0..GUESTS.len(), any::<bool>()).prop_map(|(guest, user)| Act::Connect { guest, user }),
        5 => (n(), any::<bool>(), prop::bool::weighted(0.2))
            .prop_map(|(n, recent, sign_in)| Act::Refresh { n, force: Force { recent, sign_in } }),
        2 => (n(), prop::bool::weighted(0.7)).prop_map(|(n, right)| Act::Answer { n, right }),
        1 => (n(), any::<bool>()).prop_map(|(n, right)| Act::Update { n, right }),
        4 => (n(), prop::sample::select(vec![BankAnswer::Authorise, BankAnswer::Authorise, BankAnswer::Deny, BankAnswer::Abandon]))
            .prop_map(|(n, visit)| Act::Go { n, visit }),
        1 => n().prop_map(|n| Act::Purge { n }),
        1 => prop::bool::weighted(0.3).prop_flat_map(move |_| n()).prop_map(|n| Act::Revoke { n }),
        1 => any::<bool>().prop_map(|on| Act::Outage { on }),
        1 => prop::sample::select(vec![None, None, Some("user-action-required"), Some("connector-error")])
            .prop_map(|code| Act::Mood { code }),
        2 => n().prop_map(|n| Act::Crash { n }),
        1 => Just(Act::Reopen),
        1 => prop::sample::select(jumps.to_vec()).prop_map(|ms| Act::Jump { ms }),
        4 => prop::sample::select(vec![1_000, 130_000, 400_000, 7_200_000, 90_000_000_u64])
            .prop_map(|ms| Act::Pass { ms }),
        6 => Just(Act::Work),
    ]
}

/// Moves of the state table that a worker or the maintenance makes, in one or several steps.
fn may_become(method: Method, from: Status, to: Status) -> bool {
    use Status::{Active, Init, Invalid, Pending, PreInit};
    // a consent that expired after a jump of years ends every connection of its user
    from == to
        || to == Status::Deleted
        || match (method, from) {
            (Method::Web, Pending) => matches!(to, Active | Invalid),
            (Method::OpenBanking, PreInit) => matches!(to, Init | Active | Invalid),
            (Method::OpenBanking, Init) => matches!(to, Active | Invalid),
            (_, Active) => to == Invalid,
            (_, Invalid) => to == Active,
            _ => false,
        }
}

fn label_of(status: Status, ever_active: bool) -> Label {
    match status {
        Status::Active => Label::Active,
        Status::Invalid if ever_active => Label::Invalid,
        Status::Invalid => Label::Failed,
        Status::Pending => Label::Pending,
        Status::Init => Label::Init,
        Status::PreInit => Label::PreInit,
        Status::Deleted => Label::Deleted,
    }
}

fn word_of(job: &Job) -> job::Label {
    let any = |status| job.steps.iter().any(|s| s.status == status);
    if any(StepStatus::Failed) || job.state == State::Cancelled {
        job::Label::Failed
    } else if job.steps.iter().all(|s| s.status == StepStatus::Success) {
        job::Label::Success
    } else {
        job::Label::Pending
    }
}

/// What the model knows of a connection.
struct Known {
    guest: usize,
    row: ConnectionRow,
    jobs: HashMap<JobId, Job>,
}

struct World {
    rig: Rig,
    bank: Arc<FlakyBank>,
    known: Vec<Known>,
    /// Refused sign-ins in a row of unforced jobs, by bank and login.
    tries: HashMap<(&'static str, &'static str), u32>,
    /// How many accounts a login has, once seen.
    accounts: HashMap<(&'static str, &'static str), u64>,
    seen: std::collections::HashSet<(String, u32)>,
    ghosts: bool,
}

impl World {
    async fn new() -> Self {
        let settings = Limits {
            retry: true,
            deaths: 4,
            ..Limits::default()
        };
        let rig = Rig::with(settings).await;
        let bank = FlakyBank::new(rig.bank());
        let (tries, accounts) = (HashMap::new(), HashMap::new());
        Self {
            rig,
            bank,
            known: vec![],
            tries,
            accounts,
            seen: Default::default(),
            ghosts: false,
        }
    }

    fn pick(&self, n: usize) -> Option<ConnectionId> {
        let known = self.known.get(n % self.known.len().max(1))?;
        Some(known.row.id.clone())
    }

    fn open_job(&self, id: &ConnectionId) -> Option<Job> {
        let known = self.known.iter().find(|k| k.row.id == *id)?;
        known
            .jobs
            .values()
            .find(|j| j.kind.fetches() && j.state.open())
            .cloned()
    }

    /// Does it, and returns what it may have done to which connection beside what a worker does.
    async fn does(&mut self, act: &Act) -> Option<(ConnectionId, Status)> {
        match *act {
            Act::Connect { guest, user } => {
                let (bank, method, login, password, ..) = GUESTS[guest];
                let user = if user { "user-ada" } else { "user-grace" };
                let credentials = Credentials {
                    login: login.into(),
                    password: password.into(),
                    ..Default::default()
                };
                let new = NewLink {
                    user: user.into(),
                    method,
                    credentials: Some(credentials),
                    ..link(bank, "", "")
                };
                if let Some(job) = allowed(self.rig.ops.connect(new).await) {
                    let row = self.rig.row(&job.connection).await;
                    let first = if method == Method::Web {
                        Status::Pending
                    } else {
                        Status::PreInit
                    };
                    assert_eq!(row.status, first);
                    self.known.push(Known {
                        guest,
                        row,
                        jobs: HashMap::from([(job.id.clone(), job)]),
                    });
                }
            }
            Act::Refresh { n, force } => {
                let id = self.pick(n)?;
                let open = self.open_job(&id);
                if let Some(done) = allowed(self.rig.ops.refresh(&id, force).await) {
                    assert_eq!(done.deduplicated, open.is_some());
                    assert!(
                        open.is_none_or(|job| job.id == done.job.id),
                        "an open job is given back"
                    );
                }
            }
            Act::Answer { n, right } => {
                let id = self.pick(n)?;
                let asking = self
                    .open_job(&id)
                    .filter(|job| job.state == State::WaitingMfa)?;
                let guest = self.known.iter().find(|k| k.row.id == id)?.guest;
                let wanted = asking.challenge.as_ref()?.input.len();
                let answers = GUESTS[guest]
                    .5
                    .iter()
                    .map(|a| if right { (*a).into() } else { "no".into() });
                let answers: Vec<_> = answers.collect();
                assert_eq!(answers.len(), wanted);
                allowed(self.rig.ops.answer(&asking.id, answers).await);
            }
            Act::Update { n, right } => {
                let id = self.pick(n)?;
                let guest = GUESTS[self.known.iter().find(|k| k.row.id == id)?.guest];
                let password = if right { guest.4 } else { "wrong" };
                allowed(
                    self.rig
                        .ops
                        .update_credentials(&id, password.into(), None, None)
                        .await,
                );
            }
            Act::Go { n, visit } => {
                let id = self.pick(n)?;
                let before = self.rig.row(&id).await;
                let visited = allowed(self.rig.ops.authorise(&id, visit).await)?;
                let anew = visit == BankAnswer::Authorise
                    && matches!(before.status, Status::Active | Status::Invalid);
                assert_eq!(
                    self.rig.row(&id).await.status,
                    if anew { Status::Init } else { before.status }
                );
                if anew && let Some(job) = &visited.job {
                    // its steps were done under the old authorisation, so it begins again
                    let known = self.known.iter_mut().find(|k| k.row.id == id)?;
                    known.jobs.insert(job.id.clone(), job.clone());
                }
                return anew.then_some((id, Status::Init));
            }
            Act::Purge { n } => {
                let id = self.pick(n)?;
                if allowed(self.rig.ops.purge(&id, "because").await).is_some() {
                    let row = self.rig.row(&id).await;
                    assert_eq!(
                        (row.status, row.accounts, row.transactions),
                        (Status::Active, 0, 0)
                    );
                    let counts = self.rig.ops.store.read(move |rd| -> Result<_, Error> {
                        Ok(rd.purge_counts(&row.user, &row.institution)?)
                    });
                    let counts = counts.await.unwrap();
                    assert_eq!(
                        (counts.accounts, counts.transactions, counts.profiles),
                        (0, 0, 0)
                    );
                }
            }
            Act::Revoke { n } => {
                let id = self.pick(n)?;
                if allowed(self.rig.ops.revoke(&id, "because").await).is_some() {
                    let asked = id.clone();
                    let left = self
                        .rig
                        .ops
                        .store
                        .read(move |rd| -> Result<_, Error> { Ok(rd.credentials(&asked)?) });
                    assert!(left.await.unwrap().is_none());
                    return Some((id, Status::Deleted));
                }
            }
            Act::Outage { on } => {
                let until = on.then(|| self.rig.clock.now().plus_ms(5 * 3_600_000));
                self.rig.ops.outage(&"AU00000".into(), until).await.unwrap();
            }
            Act::Mood { code } => self.bank.fails(code),
            Act::Crash { n } => {
                let job = self.open_job(&self.pick(n)?)?;
                let (clock, settings, ghost) = (
                    self.rig.clock.clone(),
                    self.rig.limits.clone(),
                    self.rig.clock.fresh_id(),
                );
                let claimed = self.rig.ops.store.write(move |tx| {
                    Recorder {
                        clock: &clock,
                        limits: &settings,
                        owner: &ghost,
                    }
                    .claim(tx, &job.id)
                });
                drop(claimed.await.unwrap());
                self.ghosts = true;
            }
            Act::Reopen => {
                let path = self.rig.ops.store.path().to_path_buf();
                let store = Store::open(&path, Mode::Write, &self.rig.clock).unwrap();
                let ops = &self.rig.ops;
                let fresh = Ops::new(
                    store,
                    self.rig.clock.clone(),
                    (*ops.caller).clone(),
                    (*ops.limits).clone(),
                );
                self.rig.ops = fresh;
            }
            Act::Jump { ms } => self.rig.clock.set(self.rig.clock.now().plus_ms(ms)),
            Act::Pass { ms } => self.rig.clock.advance(Duration::from_millis(ms)),
            Act::Work => self.works().await,
        }
        None
    }

    async fn works(&mut self) {
        if std::mem::take(&mut self.ghosts) {
            self.rig.clock.advance(2 * LEASE);
        }
        self.rig.ops.maintain().await.unwrap();
        self.rig.work_at(self.bank.clone()).await;
        self.rig.ops.maintain().await.unwrap();
    }

    /// Reads everything again and compares it with the model.
    async fn compare(&mut self, act: &Act, did: Option<(ConnectionId, Status)>) {
        let now = self.rig.clock.now();
        self.count_tries().await;
        for known in &mut self.known {
            let id = known.row.id.clone();
            let read = self.rig.ops.store.read(move |rd| -> Result<_, Error> {
                Ok((
                    rd.connection(&id)?.expect("nothing is lost"),
                    rd.jobs_of(&id, 1_000)?,
                ))
            });
            let (row, jobs) = read.await.unwrap();
            let (old, shown) = (
                &known.row,
                format!("after {act:?}: {} {}", row.method.word(), row.id),
            );
            match &did {
                Some((id, status)) if *id == row.id => assert_eq!(row.status, *status, "{shown}"),
                _ if matches!(act, Act::Work) => {
                    let (from, to) = (old.status, row.status);
                    assert!(
                        may_become(row.method, from, to),
                        "{shown}: {from} became {to}"
                    );
                }
                _ => assert_eq!(
                    row.status, old.status,
                    "{shown}: asking alone moves nothing"
                ),
            }
            assert!(row.ever_active || !old.ever_active, "{shown}");
            assert!(row.ever_active || row.status != Status::Active, "{shown}");
            assert_eq!(row.label, label_of(row.status, row.ever_active), "{shown}");
            assert!(
                row.version >= old.version && row.created == old.created,
                "{shown}"
            );
            for at in [row.since, row.created, row.last_used] {
                assert!(!time_format::ago(at, now).contains('-'), "{shown}");
            }
            let (bank, _, login, ..) = GUESTS[known.guest];
            if row.accounts > 0 {
                let first = *self.accounts.entry((bank, login)).or_insert(row.accounts);
                assert_eq!(row.accounts, first, "{shown}: accounts do not double");
            }
            let open = jobs
                .iter()
                .filter(|j| j.kind.fetches() && j.state.open())
                .count();
            assert!(open <= 1, "{shown}: {open} open fetches");
            if row.status == Status::Deleted {
                assert_eq!(open, 0, "{shown}");
            }
            if matches!(row.status, Status::Pending | Status::PreInit | Status::Init) {
                assert_eq!(open, 1, "{shown}: {} waits for a job", row.status);
            }
            for id in known.jobs.keys() {
                assert!(
                    jobs.iter().any(|j| j.id == *id),
                    "{shown}: job {id} is lost"
                );
            }
            if let Some(last) = &row.last_job {
                let newest = jobs
                    .iter()
                    .find(|j| j.id == last.id)
                    .expect("the newest is one of them");
                assert_eq!(
                    (last.label, last.state),
                    (word_of(newest), newest.state),
                    "{shown}"
                );
            }
            for job in &jobs {
                compare_job(known.jobs.get(&job.id), job, &shown);
            }
            known.jobs = jobs.into_iter().map(|j| (j.id.clone(), j)).collect();
            known.row = row;
        }
    }

    async fn count_tries(&mut self) {
        for asked in self.bank.take() {
            let Some(known) = self.known.iter().find(|k| k.row.id == asked.connection) else {
                continue;
            };
            if asked.step != Title::VerifyCredentials || known.row.method != Method::Web {
                continue;
            }
            // a repeat after a crash is the same try
            if !self.seen.insert(asked.key.clone()) {
                continue;
            }
            let (bank, _, login, ..) = GUESTS[known.guest];
            let job = asked.job.clone();
            let forced = self
                .rig
                .ops
                .store
                .read(move |rd| -> Result<_, Error> { Ok(rd.forced(&job)?) });
            let tries = self.tries.entry((bank, login)).or_default();
            match asked.code.as_deref() {
                None => *tries = 0,
                Some("invalid-credentials") if !forced.await.unwrap() => *tries += 1,
                Some(_) => {}
            }
            assert!(*tries <= LIMIT, "{login} was tried {tries} times");
        }
        assert!(self.bank.at_once() <= GUESTS.len());
    }

    /// The bank works, time passes, nobody answers: everything ends but what waits for its user.
    async fn settle(&mut self) {
        self.bank.fails(None);
        self.does(&Act::Outage { on: false }).await;
        for _ in 0..3 {
            self.does(&Act::Pass { ms: 15_000_000 }).await;
            self.works().await;
            self.compare(&Act::Work, None).await;
        }
        for known in &self.known {
            for job in known.jobs.values().filter(|j| j.state.open()) {
                let waits = job.state == State::Paused && known.row.status == Status::PreInit;
                // jianYang's bank never comes back
                let tried = job.state == State::WaitingRetry && GUESTS[known.guest].2 == "jianYang";
                assert!(waits || tried, "job {} is stuck: {job:#?}", job.id);
            }
        }
        self.rig.healthy().await;
    }
}

/// Any error but a refusal is a defect.
fn allowed<T>(done: Result<T, Error>) -> Option<T> {
    match done {
        Ok(value) => Some(value),
        Err(Error::Refused(_)) => None,
        Err(other) => panic!("{other:?}"),
    }
}

fn compare_job(old: Option<&Job>, job: &Job, shown: &str) {
    let shown = format!("{shown}, job {} ({})", job.id, job.kind.word());
    assert_eq!(job.label(), word_of(job), "{shown}");
    assert_eq!(job.state == State::Running, job.owner.is_some(), "{shown}");
    assert_eq!(job.ended.is_some(), !job.state.open(), "{shown}");
    let wrong = match job.state {
        State::Succeeded => word_of(job) != job::Label::Success,
        State::Failed => word_of(job) != job::Label::Failed,
        _ => word_of(job) != job::Label::Pending,
    };
    assert!(!wrong, "{shown}: {} does not fit its steps", job.state);
    // strictly in order: done, then at most one under way, then not reached
    let done = job
        .steps
        .iter()
        .take_while(|s| s.status == StepStatus::Success)
        .count();
    let rest = job.steps.iter().skip(done + 1);
    assert!(
        rest.clone().all(|s| s.status == StepStatus::Pending),
        "{shown}: {:?}",
        job.steps
    );
    let Some(old) = old else { return };
    assert!(
        job.epoch >= old.epoch && job.deaths >= old.deaths && job.attempt >= old.attempt,
        "{shown}"
    );
    assert_eq!((job.created, job.kind), (old.created, old.kind), "{shown}");
    if !old.state.open() {
        assert_eq!(job, old, "{shown}: what has ended stays as it is");
    }
    if matches!(job.kind, Kind::Purge | Kind::Revoke) {
        return;
    }
    for step in old.steps.iter().filter(|s| s.status == StepStatus::Success) {
        let now = job.steps.iter().find(|s| s.title == step.title);
        assert_eq!(now, Some(step), "{shown}: a step is done once");
    }
}

proptest! {
    #![proptest_config(config())]
    #[test]
    fn invariants_hold_for_random_histories(acts in prop::collection::vec(act(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            let mut world = World::new().await;
            for act in &acts {
                let did = world.does(act).await;
                world.compare(act, did).await;
            }
            world.settle().await;
        });
    }
}

/// `PROPTEST_CASES`, which proptest reads by itself, or [`CASES`].
fn config() -> ProptestConfig {
    let asked = ProptestConfig::default();
    let silent = ProptestConfig {
        failure_persistence: None,
        max_shrink_iters: 100,
        ..asked.clone()
    };
    ProptestConfig {
        cases: if asked.cases == 256 {
            CASES
        } else {
            asked.cases
        },
        ..silent
    }
}
