//! Background refreshing over simulated days with the real store and the sandbox banks.

use crate::domain::diagnosis::Health;
use crate::domain::ids::{ConnectionId, InstitutionId};
use crate::domain::job::{Kind, Label};
use crate::domain::limits::Limits;
use crate::domain::moment::Moment;
use crate::domain::schedule::Skip;
use crate::ops::{Error, Ops};
use crate::store::Mode;
use crate::testing::lifecycle::{Rig, link};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);

const PEOPLE: [(&str, &str); 6] = [
    ("Wentworth-Smith", "whislter"),
    ("Whistler", "ShowBox"),
    ("Gilfoyle", "PiedPiper"),
    ("jared", "django"),
    ("richard", "tabsnotspaces"),
    ("ashMann", "hooli2024"),
];

/// The same operations with background refreshing switched on.
fn on(ops: &Ops, every: Duration) -> Ops {
    Ops {
        limits: Arc::new(Limits {
            background: true,
            background_every: every,
            ..Limits::default()
        }),
        ..ops.clone()
    }
}

async fn connected(rig: &Rig, banks: &[&str]) -> Vec<ConnectionId> {
    let mut all = Vec::new();
    for bank in banks {
        for (login, password) in PEOPLE {
            let job = rig.connect(bank, login, password).await;
            assert_eq!(job.label(), Label::Success, "{bank} {login}");
            all.push(job.connection);
        }
    }
    all
}

/// Background refreshes of one connection, oldest first.
async fn refreshes(ops: &Ops, id: &ConnectionId) -> Vec<Moment> {
    let id = id.clone();
    let jobs = ops
        .store
        .read(move |rd| -> Result<_, Error> { Ok(rd.jobs_of(&id, 100)?) })
        .await
        .unwrap();
    jobs.iter()
        .rev()
        .filter(|j| j.kind == Kind::Refresh)
        .map(|j| j.created)
        .collect()
}

async fn under_way(ops: &Ops, bank: &str) -> usize {
    let bank: InstitutionId = bank.into();
    ops.store
        .read(move |rd| -> Result<_, Error> { Ok(rd.background_jobs(&bank)?.len()) })
        .await
        .unwrap()
}

async fn passed_over(ops: &Ops, reason: &str) -> Vec<String> {
    let lines = ops
        .store
        .read(|rd| -> Result<_, Error> { Ok(rd.audit_before(i64::MAX, 10_000)?) })
        .await
        .unwrap();
    let said = format!("passed over: {reason}");
    lines
        .into_iter()
        .filter(|l| l.outcome == said)
        .map(|l| l.target)
        .collect()
}

/// Takes the due turns, one at a time at each bank, and runs their jobs.
async fn tend(rig: &Rig, ops: &Ops, banks: &[&str]) {
    for _ in 0..100 {
        // two processes at the same time
        let (one, other) = tokio::join!(ops.maintain(), ops.maintain());
        one.and(other).unwrap();
        let mut busy = 0;
        for bank in banks {
            let here = under_way(ops, bank).await;
            assert!(here <= 1, "{bank}: {here} at a time");
            busy += here;
        }
        if busy == 0 {
            let next = ops.schedule(None, 1).await.unwrap().planned.pop();
            assert!(
                next.is_none_or(|turn| turn.at > rig.clock.now()),
                "nothing that is due is left"
            );
            return;
        }
        rig.work().await;
    }
    panic!("the turns do not end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn background_refreshes_each_connection_once_a_day_spread_out() {
    let rig = Rig::new().await;
    let banks = ["AU00000", "AU10001"];
    let all = connected(&rig, &banks).await;
    let ops = on(&rig.ops, DAY);
    rig.clock.advance(13 * HOUR);
    let begin = rig.clock.now();
    tend(&rig, &ops, &banks).await;
    for _ in 0..48 {
        rig.clock.advance(30 * MINUTE);
        tend(&rig, &ops, &banks).await;
    }
    let mut hours: HashMap<i64, usize> = HashMap::new();
    for id in &all {
        let at = refreshes(&ops, id).await;
        assert_eq!(at.len(), 1, "{id}: {at:?}");
        assert!(!rig.row(id).await.attention);
        *hours.entry(at[0].since(begin) / 3_600_000).or_default() += 1;
    }
    assert!(
        hours.len() >= 8 && hours.values().all(|n| *n <= 4),
        "{hours:?}"
    );
    for _ in 0..48 {
        rig.clock.advance(30 * MINUTE);
        tend(&rig, &ops, &banks).await;
    }
    for id in &all {
        let at = refreshes(&ops, id).await;
        let apart = at[1].since(at[0]) - 86_400_000;
        assert!(at.len() == 2 && apart.abs() <= 30 * 60_000, "{id}: {at:?}");
    }
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn background_refreshing_can_be_off() {
    let rig = Rig::new().await;
    let id = rig.connect("AU00000", "jared", "django").await.connection;
    for _ in 0..4 {
        rig.clock.advance(12 * HOUR);
        rig.ops.maintain().await.unwrap();
        rig.work().await;
    }
    assert!(refreshes(&rig.ops, &id).await.is_empty());
    let schedule = rig.ops.schedule(None, 10).await.unwrap();
    assert!(schedule.every.is_none() && schedule.planned.is_empty());
    assert_eq!(
        rig.ops
            .connection(&id, Default::default())
            .await
            .unwrap()
            .next_background,
        None
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn background_skips_are_audited_with_their_reason() {
    let rig = Rig::new().await;
    let banks = ["AU00000", "AU10001", "AU10003", "AU00002"];
    let well = connected(&rig, &["AU00000"]).await;
    let broken = connected(&rig, &["AU10001"]).await;
    let declared = connected(&rig, &["AU10003"]).await;
    let asked = rig.connect("AU00002", "jared", "django").await;
    rig.ops
        .answer(&asked.id, vec!["1234".into()])
        .await
        .unwrap();
    rig.work().await;

    let ops = on(&rig.ops, DAY);
    rig.clock.advance(13 * HOUR);
    ops.outage(&"AU10001".into(), Some(rig.clock.now().plus(3 * DAY)))
        .await
        .unwrap();
    ops.declare_health(&"AU10003".into(), None, Health::MajorOutage)
        .await
        .unwrap();
    ops.refresh(&well[0], false).await.unwrap();
    rig.work().await;

    tend(&rig, &ops, &banks).await;
    let plan = ops.schedule(None, 100).await.unwrap();
    assert_eq!(
        plan.planned.len(),
        18,
        "the one that asks its user has no turn"
    );
    assert!(plan.planned.windows(2).all(|w| w[0].at <= w[1].at));
    for planned in &plan.planned {
        let bank = planned.row.institution.as_str();
        match planned.skip {
            None => assert_eq!(bank, "AU00000"),
            Some(Skip::Outage) => assert!(bank == "AU10001" || bank == "AU10003"),
            Some(Skip::Recent(_)) => assert_eq!(planned.row.id, well[0]),
            other => panic!("{other:?}"),
        }
        let detail = ops
            .connection(&planned.row.id, Default::default())
            .await
            .unwrap();
        assert_eq!(detail.next_background, Some(planned.at));
    }

    for _ in 0..48 {
        rig.clock.advance(30 * MINUTE);
        tend(&rig, &ops, &banks).await;
    }
    for id in &well[1..] {
        assert_eq!(refreshes(&ops, id).await.len(), 1, "{id}");
    }
    for id in broken.iter().chain(&declared).chain([&asked.connection]) {
        assert!(refreshes(&ops, id).await.is_empty(), "{id}");
    }
    let away = passed_over(&ops, "major-outage").await;
    assert_eq!(away.len(), 12, "{away:?}");
    assert_eq!(
        ops.connection(&asked.connection, Default::default())
            .await
            .unwrap()
            .next_background,
        None
    );
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn background_turns_missed_during_sleep_are_spread() {
    let rig = Rig::new().await;
    let banks = ["AU00000"];
    let all = connected(&rig, &banks).await;
    let ops = on(&rig.ops, DAY);
    rig.clock.advance(13 * HOUR);
    tend(&rig, &ops, &banks).await;
    for _ in 0..24 {
        rig.clock.advance(30 * MINUTE);
        tend(&rig, &ops, &banks).await;
    }
    // the machine sleeps for half a day: the missed turns are taken, one at a time, and no others
    rig.clock.advance(12 * HOUR);
    tend(&rig, &ops, &banks).await;
    for id in &all {
        assert_eq!(refreshes(&ops, id).await.len(), 1, "{id}");
    }
    // after ten days one round is taken, not ten
    rig.clock.advance(10 * DAY);
    tend(&rig, &ops, &banks).await;
    for id in &all {
        assert_eq!(refreshes(&ops, id).await.len(), 2, "{id}");
    }
    // a clock that was far ahead is corrected
    rig.clock.advance(100 * DAY);
    tend(&rig, &ops, &banks).await;
    rig.clock.set(rig.clock.now().plus_ms(-100 * 86_400_000));
    tend(&rig, &ops, &banks).await;
    let before: usize = counted(&ops, &all).await;
    for _ in 0..24 {
        rig.clock.advance(HOUR);
        tend(&rig, &ops, &banks).await;
    }
    assert!(
        counted(&ops, &all).await >= before,
        "background refreshing continues"
    );
    rig.healthy().await;
}

async fn counted(ops: &Ops, all: &[ConnectionId]) -> usize {
    let mut sum = 0;
    for id in all {
        sum += refreshes(ops, id).await.len();
    }
    sum
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn background_turn_survives_a_dead_process() {
    let rig = Rig::new().await;
    let id = rig.connect("AU00000", "jared", "django").await.connection;
    rig.ops
        .connect(link("AU00000", "Whistler", "ShowBox"))
        .await
        .unwrap();
    rig.work().await;
    let ops = on(&rig.ops, DAY);
    rig.clock.advance(13 * HOUR);
    ops.maintain().await.unwrap();
    rig.clock.advance(DAY);
    // the turn is taken, and its process dies before the job ran
    ops.maintain().await.unwrap();
    assert_eq!(under_way(&ops, "AU00000").await, 1);
    let reopened = crate::store::Store::open(ops.store.path(), Mode::Write, &rig.clock).unwrap();
    let next = Ops {
        store: reopened,
        ..ops.clone()
    };
    next.maintain().await.unwrap();
    assert_eq!(under_way(&next, "AU00000").await, 1, "not taken twice");
    tend(&rig, &next, &["AU00000"]).await;
    assert_eq!(refreshes(&next, &id).await.len(), 1);
}
