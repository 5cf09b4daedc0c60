//! The clock jumps by seconds, an hour and ten years, forward and back, while a job waits: every wait still ends.

use crate::domain::job::State;
use crate::domain::limits::Limits;
use crate::domain::time_format;
use crate::domain::views::BankAnswer;
use crate::engine::Recorder;
use crate::testing::flaky_bank::FlakyBank;
use crate::testing::lifecycle::{Rig, link};
use std::time::Duration;

const YEARS: i64 = 10 * 365 * 86_400_000;

/// What a job waits for, with the longest time to its end on a correct clock.
const WAITS: [(State, i64); 4] = [
    (State::Paused, 2 * 360_000),
    (State::WaitingRetry, 2 * 7_200_000),
    (State::WaitingMfa, 2 * 120_000),
    (State::Running, 2 * 30_000),
];

async fn waiting(
    rig: &Rig,
    bank: &std::sync::Arc<FlakyBank>,
    state: State,
) -> crate::domain::job::Job {
    let job = match state {
        State::Paused => {
            rig.connect("AU00000", "Whistler", "ShowBox").await;
            rig.ops
                .connect(link("AU00000", "Whistler", "ShowBox"))
                .await
                .unwrap()
        }
        State::WaitingMfa => rig
            .ops
            .connect(link("AU00002", "jared", "django"))
            .await
            .unwrap(),
        _ => rig
            .ops
            .connect(link("AU00000", "jared", "django"))
            .await
            .unwrap(),
    };
    match state {
        State::Running => {
            let (clock, settings, id) = (rig.clock.clone(), rig.limits.clone(), job.id.clone());
            let claimed = rig.ops.store.write(move |tx| {
                Recorder {
                    clock: &clock,
                    limits: &settings,
                    owner: "a worker that died",
                }
                .claim(tx, &id)
            });
            claimed.await.unwrap();
        }
        State::WaitingRetry => {
            bank.fails(Some("service-unavailable"));
            rig.work_at(bank.clone()).await;
            bank.fails(None);
        }
        _ => rig.work_at(bank.clone()).await,
    }
    let job = rig.ops.job(&job.id).await.unwrap();
    assert_eq!(job.state, state);
    job
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_wait_ends_after_any_clock_jump() {
    for (state, longest) in WAITS {
        for jump in [-YEARS, -3_600_000, -5_000, 5_000, 3_600_000, YEARS] {
            let rig = Rig::with(Limits {
                retry: true,
                ..Limits::default()
            })
            .await;
            let bank = FlakyBank::new(rig.bank());
            let job = waiting(&rig, &bank, state).await;
            rig.clock.set(rig.clock.now().plus_ms(jump));
            if state != State::Running {
                rig.work_at(bank.clone()).await;
            }
            rig.clock.set(rig.clock.now().plus_ms(longest + 1));
            rig.work_at(bank.clone()).await;
            let ended = rig.ops.job(&job.id).await.unwrap();
            let wanted = if state == State::WaitingMfa {
                State::Failed
            } else {
                State::Succeeded
            };
            assert_eq!(ended.state, wanted, "{state}, {jump} ms");
            let row = rig.row(&job.connection).await;
            let (now, shown) = (
                rig.clock.now(),
                [row.since, row.created, row.last_used, ended.updated],
            );
            for at in shown {
                assert!(
                    !time_format::ago(at, now).contains('-'),
                    "{state}, {jump} ms: {}",
                    time_format::ago(at, now)
                );
            }
            rig.healthy().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refreshes_of_a_future_day_do_not_count_today() {
    let rig = Rig::new().await;
    let open_banking = crate::ops::NewLink {
        method: crate::domain::connection::Method::OpenBanking,
        ..link("AU00000", "Wentworth-Smith", "")
    };
    let id = rig.ops.connect(open_banking).await.unwrap().connection;
    rig.ops.authorise(&id, BankAnswer::Authorise).await.unwrap();
    rig.work().await;
    let today = rig.clock.now();
    rig.clock.set(today.plus_ms(30 * 86_400_000));
    for _ in 0..20 {
        rig.ops.refresh(&id, true).await.unwrap();
        rig.work().await;
        rig.clock.advance(Duration::from_secs(1));
    }
    assert!(
        rig.ops.refresh(&id, true).await.is_err(),
        "twenty are a day's"
    );
    rig.clock.set(today.plus_ms(60_000));
    assert!(rig.ops.refresh(&id, true).await.is_ok());
}
