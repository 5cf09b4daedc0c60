//! Cancelling: what has not begun ends, what runs ends its step, and what cannot be taken back is refused.

mod plans;

use crate::connector::{Ask, Bank, Outcome as Answer};
use crate::domain::act::{ActKind, Confirmation, Outcome, Plan, Stage, Standing, StepAct};
use crate::domain::connection::Label;
use crate::domain::ids::{ConnectionId, JobId, PlanId};
use crate::domain::job::{self, Job, Kind, State, Title};
use crate::domain::limits::Limits;
use crate::engine::Worker;
use crate::ops::{Cancelled, Error, Result, Selection, Turn};
use crate::store::AuditFilter;
use crate::testing::lifecycle::{Rig, link};
use futures::future::BoxFuture;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Notify;

const HOUR: Duration = Duration::from_secs(3_600);
const HOOLI: &str = "AU00000";

async fn rig() -> (Rig, ConnectionId) {
    let rig = Rig::with(Limits {
        retry: true,
        ..Limits::default()
    })
    .await;
    let id = rig.connect(HOOLI, "Whistler", "ShowBox").await.connection;
    rig.clock.advance(HOUR);
    (rig, id)
}

async fn again(rig: &Rig, job: &Job) -> Job {
    rig.ops.job(&job.id).await.unwrap()
}

fn refusal<T: std::fmt::Debug>(given: Result<T>) -> (&'static str, String) {
    match given {
        Err(Error::Refused(refusal)) => (refusal.code, refusal.detail),
        other => panic!("{other:?}"),
    }
}

async fn outcomes(rig: &Rig, target: &str) -> Vec<String> {
    let filter = AuditFilter::default();
    let all = rig.ops.audit_before(&filter, i64::MAX, 1_000).await;
    let of = |line: &crate::store::AuditLine| line.action == "cancel" && line.target == target;
    let all = all.unwrap().into_iter().filter(of);
    all.map(|line| line.outcome).collect()
}

/// Lets a step end when it is told to, and notes which it was asked for.
struct Gate {
    bank: crate::connector::sandbox::Sandbox,
    open: Notify,
    asked: Mutex<Vec<Title>>,
}

impl Bank for Gate {
    fn ask(&self, ask: Ask) -> BoxFuture<'_, Answer> {
        Box::pin(async move {
            self.asked.lock().unwrap().push(ask.step.clone());
            self.open.notified().await;
            self.bank.ask(ask).await
        })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_queued_refresh_is_cancelled_and_another_can_be_asked_for() {
    let (rig, id) = rig().await;
    let before = rig.row(&id).await;
    let job = rig.ops.refresh(&id, true).await.unwrap().job;
    let (job, how) = rig.ops.cancel_job(&job.id, "a slip").await.unwrap();
    assert_eq!((job.state, how), (State::Cancelled, Cancelled::Now));
    assert_eq!((job.label(), job.next_attempt), (job::Label::Failed, None));
    rig.work().await;
    assert_eq!(again(&rig, &job).await, job, "nothing runs it");
    let after = rig.row(&id).await;
    assert_eq!(
        (after.label, after.last_used),
        (before.label, before.last_used)
    );
    let (code, detail) = refusal(rig.ops.cancel_job(&job.id, "").await);
    assert!(
        code == "not-cancellable" && detail.contains("cancelled"),
        "{detail}"
    );
    let next = rig.ops.refresh(&id, true).await.unwrap();
    assert!(!next.deduplicated);
    rig.work().await;
    assert_eq!(again(&rig, &next.job).await.state, State::Succeeded);
    assert_eq!(
        outcomes(&rig, job.id.as_str()).await,
        ["refused: not-cancellable", "cancelled"]
    );
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_waiting_retry_and_a_question_are_cancelled() {
    let (rig, id) = rig().await;
    let until = rig.clock.now().plus(HOUR);
    rig.ops.outage(&HOOLI.into(), Some(until)).await.unwrap();
    let retry = rig.ops.refresh(&id, true).await.unwrap().job;
    rig.work().await;
    assert_eq!(again(&rig, &retry).await.state, State::WaitingRetry);
    rig.ops.cancel_job(&retry.id, "").await.unwrap();
    rig.clock.advance(3 * HOUR);
    rig.work().await;
    assert_eq!(again(&rig, &retry).await.state, State::Cancelled);
    assert_eq!(rig.row(&id).await.label, Label::Active);

    let asks = rig.connect("AU00002", "jared", "django").await;
    rig.ops.answer(&asks.id, vec!["1234".into()]).await.unwrap();
    rig.work().await;
    rig.clock.advance(HOUR);
    let question = rig.ops.refresh(&asks.connection, true).await.unwrap().job;
    rig.work().await;
    assert_eq!(again(&rig, &question).await.state, State::WaitingMfa);
    assert!(rig.row(&asks.connection).await.attention);
    let (job, how) = rig.ops.cancel_job(&question.id, "").await.unwrap();
    assert_eq!((job.challenge, how), (None, Cancelled::Now));
    assert!(
        !rig.row(&asks.connection).await.attention,
        "nobody is asked"
    );
    let late = rig.ops.answer(&question.id, vec!["1234".into()]).await;
    assert_eq!(refusal(late).0, "parameter-not-valid");
    rig.healthy().await;
}

/// A refresh that waits for the bank's first answer.
async fn running(rig: &Rig, id: &ConnectionId) -> (Arc<Gate>, Worker, Job) {
    let gate = Arc::new(Gate {
        bank: rig.bank(),
        open: Notify::new(),
        asked: Mutex::default(),
    });
    let job = rig.ops.refresh(id, true).await.unwrap().job;
    let worker = rig.worker_at(gate.clone());
    while again(rig, &job).await.state != State::Running {
        tokio::task::yield_now().await;
    }
    (gate, worker, job)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_job_ends_its_step_and_goes_no_further() {
    let (rig, id) = rig().await;
    let (gate, worker, job) = running(&rig, &id).await;
    let (marked, how) = rig.ops.cancel_job(&job.id, "").await.unwrap();
    assert_eq!(
        (marked.state, how),
        (State::Running, Cancelled::AfterItsStep)
    );
    gate.open.notify_one();
    worker.until_idle().await;
    worker.stop().await;
    let ended = again(&rig, &job).await;
    assert_eq!(ended.state, State::Cancelled);
    assert_eq!(
        ended.steps[0].status,
        job::StepStatus::Success,
        "its step ended"
    );
    assert_eq!(*gate.asked.lock().unwrap(), [Title::VerifyCredentials]);
    assert_eq!(rig.row(&id).await.label, Label::Active);
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_job_whose_worker_died_is_not_taken_over() {
    let (rig, id) = rig().await;
    let (_, worker, job) = running(&rig, &id).await;
    rig.ops.cancel_job(&job.id, "").await.unwrap();
    // puts its job back into the queue, as a stopped program does
    worker.stop().await;
    assert_eq!(again(&rig, &job).await.state, State::Queued);
    rig.work().await;
    let ended = again(&rig, &job).await;
    assert_eq!(ended.state, State::Cancelled);
    assert!(
        ended
            .steps
            .iter()
            .all(|s| s.status == job::StepStatus::Pending)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_job_of_a_connection_ends_with_the_connection() {
    let (rig, _) = rig().await;
    let job = rig
        .ops
        .connect(link(HOOLI, "jared", "django"))
        .await
        .unwrap();
    let (code, detail) = refusal(rig.ops.cancel_job(&job.id, "").await);
    assert!(
        code == "not-cancellable" && detail.contains("exists by this job"),
        "{detail}"
    );
    rig.work().await;
    assert_eq!(again(&rig, &job).await.state, State::Succeeded);
    let nowhere = rig.ops.cancel_job(&JobId::from("nowhere"), "").await;
    assert!(
        matches!(nowhere, Err(Error::NotFound { .. })),
        "{nowhere:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_purge_is_cancelled_until_its_key_is_destroyed() {
    let (rig, id) = rig().await;
    let had = rig.row(&id).await.transactions;
    let begun = rig.ops.begin_purge(&id, "").await.unwrap();
    let (job, how) = rig.ops.cancel_job(&begun, "").await.unwrap();
    assert_eq!((job.state, how), (State::Cancelled, Cancelled::Now));
    // whoever would have ended it finds it over
    let left = rig.ops.finish_open_purge(&begun).await.unwrap();
    assert_eq!(left.state, State::Cancelled);
    assert_eq!(rig.row(&id).await.transactions, had);
    let none: i64 = raw(&rig, "SELECT count(*) FROM search_lists");
    assert_eq!(none, 0, "nothing that was written down is left");
    rig.ops.refresh(&id, true).await.unwrap();
    rig.work().await;

    let purged = rig.ops.purge(&id, "").await.unwrap();
    assert_eq!(purged.state, State::Succeeded);
    assert_eq!(
        refusal(rig.ops.cancel_job(&purged.id, "").await).0,
        "not-cancellable"
    );
    assert_eq!(rig.row(&id).await.transactions, 0);
    rig.healthy().await;
}

fn raw(rig: &Rig, sql: &str) -> i64 {
    let raw = rusqlite::Connection::open(rig.ops.store.path()).unwrap();
    raw.query_row(sql, [], |r| r.get(0)).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_purge_whose_key_is_destroyed_goes_on() {
    let (rig, id) = rig().await;
    let begun = rig.ops.begin_purge(&id, "").await.unwrap();
    // another program reads the file, so the scrub has to wait
    let reader = rusqlite::Connection::open(rig.ops.store.path()).unwrap();
    reader
        .execute_batch("BEGIN; SELECT count(*) FROM jobs;")
        .unwrap();
    let open = rig.ops.finish_open_purge(&begun).await.unwrap();
    assert!(open.state.open(), "{open:?}");
    let (code, detail) = refusal(rig.ops.cancel_job(&begun, "").await);
    assert!(
        code == "not-cancellable" && detail.contains("key of the data is destroyed"),
        "{detail}"
    );
    reader.execute_batch("COMMIT").unwrap();
    rig.clock.advance(Duration::from_secs(60));
    let done = rig.ops.finish_open_purge(&begun).await.unwrap();
    assert_eq!(done.state, State::Succeeded);
    rig.healthy().await;
}
