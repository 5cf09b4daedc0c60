//! Random actions of users, banks, crashes and clocks, compared after each with a small model of what is allowed. The
//! model has its own tables and does not ask the code under test what is legal.
//!
//! `PROPTEST_CASES` sets the number of histories.

mod world;

use crate::domain::act::Force;
use crate::domain::bank_data::Credentials;
use crate::domain::connection::{Label, Method, Status};
use crate::domain::ids::{ConnectionId, JobId};
use crate::domain::job::{self, Job, Kind, State, StepStatus, Title};
use crate::domain::limits::Limits;
use crate::domain::rows::ConnectionRow;
use crate::domain::time_format;
use crate::domain::views::BankAnswer;
use crate::engine::Recorder;
use crate::ops::{Error, NewLink, Ops};
use crate::store::{Mode, Store};
use crate::testing::flaky_bank::FlakyBank;
use crate::testing::lifecycle::{Rig, link};
use proptest::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use world::World;

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
