//! A bank is down for seven days, and for an afternoon.

use crate::domain::connection::{Label, Method};
use crate::domain::job::{self, Job, State, Title};
use crate::domain::limits::Limits;
use crate::domain::moment::Moment;
use crate::domain::views::BankAnswer;
use crate::ops::{Error, NewLink};
use crate::testing::flaky_bank::FlakyBank;
use crate::testing::lifecycle::{Rig, link};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

async fn persistent() -> Rig {
    Rig::with(Limits {
        retry: true,
        ..Limits::default()
    })
    .await
}

async fn invalidated(rig: &Rig) -> usize {
    let events = rig
        .ops
        .store
        .read(|rd| -> Result<_, Error> { Ok(rd.events_after(0, 10_000)?) })
        .await
        .unwrap();
    events
        .iter()
        .filter(|e| e.event_type == "invalidated")
        .count()
}

async fn again(rig: &Rig, job: &Job) -> Job {
    rig.ops.job(&job.id).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn outage_is_retried_for_seven_days() {
    let rig = persistent().await;
    let bank = FlakyBank::new(rig.bank());
    let well = rig
        .connect("AU00000", "Whistler", "ShowBox")
        .await
        .connection;
    let ill = rig.connect("AU00000", "jared", "django").await.connection;
    rig.clock.advance(HOUR);
    bank.fails(Some("user-action-required"));
    rig.ops.refresh(&ill, false).await.unwrap();
    rig.work_at(bank.clone()).await;
    assert_eq!(
        (rig.row(&ill).await.label, invalidated(&rig).await),
        (Label::Invalid, 1)
    );

    rig.clock.advance(HOUR);
    let start = rig.clock.now();
    bank.fails(Some("service-unavailable"));
    bank.take();
    let asks = NewLink {
        user: "user-grace".into(),
        method: Method::OpenBanking,
        ..link("AU00000", "richard", "")
    };
    let flow = rig.ops.connect(asks).await.unwrap();
    rig.ops
        .authorise(&flow.connection, BankAnswer::Authorise)
        .await
        .unwrap();
    let jobs = [
        rig.ops.refresh(&well, false).await.unwrap().job,
        rig.ops.refresh(&ill, false).await.unwrap().job,
        rig.ops
            .connect(link("AU00000", "gavinBelson", "hooli2016"))
            .await
            .unwrap(),
        flow,
    ];
    for k in 0..84 {
        rig.clock.set(start.plus(k * 2 * HOUR));
        rig.work_at(bank.clone()).await;
        let next = start.plus((k + 1) * 2 * HOUR);
        for job in &jobs {
            let job = again(&rig, job).await;
            assert_eq!(
                (job.state, job.label(), job.next_attempt),
                (State::WaitingRetry, job::Label::Pending, Some(next))
            );
            assert_eq!(
                job.steps[1].failure.as_ref().map(|f| f.code.as_str()),
                Some("service-unavailable")
            );
        }
        if k == 0 {
            rig.clock.set(next.plus_ms(-1));
            rig.work_at(bank.clone()).await;
        }
    }
    assert_eq!(
        rig.row(&well).await.label,
        Label::Active,
        "it stays what it was while it waits"
    );
    rig.clock.set(start.plus(84 * 2 * HOUR));
    rig.work_at(bank.clone()).await;

    let asked = bank.take();
    let documented: Vec<Moment> = (0..=84).map(|k| start.plus(k * 2 * HOUR)).collect();
    for job in &jobs {
        let times: Vec<Moment> = asked
            .iter()
            .filter(|a| a.job == job.id && a.step == Title::RetrieveAccounts)
            .map(|a| a.at)
            .collect();
        assert_eq!(times, documented);
        let job = again(&rig, job).await;
        let (step, failure) = job.failed_step().expect("it is given up");
        assert_eq!(
            (job.state, &step.title, failure.code.as_str()),
            (
                State::Failed,
                &Title::RetrieveAccounts,
                "service-unavailable"
            )
        );
        assert_eq!(job.attempt, 85);
    }
    let labels = [Label::Invalid, Label::Invalid, Label::Failed, Label::Failed];
    for (job, label) in jobs.iter().zip(labels) {
        assert_eq!(rig.row(&job.connection).await.label, label);
    }
    assert_eq!(invalidated(&rig).await, 1, "no user did anything");

    bank.fails(None);
    rig.ops.refresh(&well, false).await.unwrap();
    rig.work_at(bank).await;
    assert_eq!(rig.row(&well).await.label, Label::Active);
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn short_outage_ends_with_the_next_retry() {
    let rig = persistent().await;
    let active = rig
        .connect("AU00000", "Whistler", "ShowBox")
        .await
        .connection;
    rig.clock.advance(HOUR);
    let start = rig.clock.now();
    rig.ops
        .outage(&"AU00000".into(), Some(start.plus(5 * HOUR)))
        .await
        .unwrap();
    let jobs = [
        rig.ops.refresh(&active, false).await.unwrap().job,
        rig.ops
            .connect(link("AU00000", "gavinBelson", "hooli2016"))
            .await
            .unwrap(),
    ];
    rig.work().await;
    rig.clock.set(start.plus(HOUR));
    let forward = rig.ops.refresh(&active, false).await.unwrap();
    assert!(forward.deduplicated && forward.job.id == jobs[0].id);
    rig.work().await;
    let [refresh, connect] = [again(&rig, &jobs[0]).await, again(&rig, &jobs[1]).await];
    assert_eq!(
        (refresh.attempt, refresh.next_attempt),
        (2, Some(start.plus(3 * HOUR)))
    );
    assert_eq!(
        (connect.attempt, connect.next_attempt),
        (1, Some(start.plus(2 * HOUR)))
    );
    let joined = rig
        .ops
        .update_credentials(&active, "ShowBox".into(), None, None)
        .await
        .unwrap();
    assert!(joined.deduplicated && joined.job.id == refresh.id);
    rig.work().await;
    assert_eq!(again(&rig, &jobs[0]).await.attempt, 3);
    for k in 2..=7 {
        rig.clock.set(start.plus(k * HOUR));
        rig.work().await;
    }
    for job in &jobs {
        assert_eq!(again(&rig, job).await.state, State::Succeeded);
        assert_eq!(rig.row(&job.connection).await.label, Label::Active);
    }
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn user_failures_are_not_retried_and_government_banks_have_statements() {
    let rig = persistent().await;
    for (login, password) in [("bighead", "password"), ("erlich", "aviato")] {
        let job = rig.connect("AU00000", login, password).await;
        assert_eq!((job.state, job.attempt), (State::Failed, 1), "{login}");
    }
    let mut job = rig.connect("AU00004", "gavinBelson", "hooli2016").await;
    if job.state == State::WaitingMfa {
        rig.ops.answer(&job.id, vec!["Hooli".into()]).await.unwrap();
        rig.work().await;
        job = again(&rig, &job).await;
    }
    let last = job.steps.last().unwrap();
    assert_eq!(
        (job.state, &last.title),
        (State::Succeeded, &Title::RetrieveStatements)
    );
}
