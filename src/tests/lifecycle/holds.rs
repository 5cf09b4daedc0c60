//! Holds: nothing begins for what is held, everything else goes on, and each ends at its time.

use crate::domain::act::{ActKind, Outcome};
use crate::domain::hold::{Hold, Stage};
use crate::domain::ids::ConnectionId;
use crate::domain::job::{Job, State};
use crate::domain::limits::Limits;
use crate::domain::moment::Moment;
use crate::domain::schedule::Skip;
use crate::ops::{Error, Ops, Selection};
use crate::store::AuditFilter;
use crate::testing::lifecycle::{Rig, link};
use std::sync::Arc;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);
const HOOLI: &str = "AU00000";
const OTHER: &str = "AU10001";

async fn rig() -> Rig {
    Rig::with(Limits {
        retry: true,
        ..Limits::default()
    })
    .await
}

async fn hold_hooli(rig: &Rig, lasting: Duration) -> Hold {
    let (bank, until) = (HOOLI.into(), rig.clock.now().plus(lasting));
    let held = rig.ops.hold_bank(&bank, until, "page changed").await;
    held.unwrap()
}

async fn again(rig: &Rig, job: &Job) -> Job {
    rig.ops.job(&job.id).await.unwrap()
}

/// A refresh that waits for its retry, because the bank is down.
async fn retrying(rig: &Rig, id: &ConnectionId, down_for: Duration) -> Job {
    let until = rig.clock.now().plus(down_for);
    rig.ops.outage(&HOOLI.into(), Some(until)).await.unwrap();
    let job = rig.ops.refresh(id, true).await.unwrap().job;
    rig.work().await;
    let job = again(rig, &job).await;
    assert_eq!(job.state, State::WaitingRetry);
    job
}

async fn refused(rig: &Rig, id: &ConnectionId) -> String {
    match rig.ops.refresh(id, true).await {
        Err(Error::Refused(refusal)) => {
            assert_eq!(refusal.code, "on-hold");
            refusal.detail
        }
        other => panic!("{other:?}"),
    }
}

async fn lines(ops: &Ops, target: &str) -> Vec<(String, String)> {
    let filter = AuditFilter::default();
    let all = ops.audit_before(&filter, i64::MAX, 1_000).await.unwrap();
    all.into_iter()
        .filter(|line| line.target == target)
        .map(|line| (line.action, line.outcome))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hold_of_a_bank_refuses_refreshes_until_its_time() {
    let rig = rig().await;
    let held = rig.connect(HOOLI, "Whistler", "ShowBox").await.connection;
    let free = rig.connect(OTHER, "jared", "django").await.connection;
    rig.clock.advance(HOUR);
    let hold = hold_hooli(&rig, HOUR).await;

    let said = refused(&rig, &held).await;
    assert!(
        said.contains("until 11:41 UTC by tester: page changed") && said.contains(hold.id.short()),
        "{said}"
    );
    let why = rig.ops.why(&held).await.unwrap();
    assert!(why.meaning.evidence[0].contains("page changed"), "{why:?}");
    let several = Selection::Ids(vec![held.clone(), free.clone()]);
    let plan = rig.ops.plan(ActKind::Refresh, several, true).await.unwrap();
    assert_eq!(
        (plan.steps[0].planned, plan.steps[1].planned),
        (Outcome::Refused, Outcome::WouldRun)
    );
    assert!(plan.steps[0].reason.contains("page changed"));
    rig.ops.refresh(&free, true).await.unwrap();

    // to the millisecond
    rig.clock.advance(HOUR - Duration::from_millis(1));
    refused(&rig, &held).await;
    assert_eq!(rig.ops.holds(None, 9).await.unwrap().rows.len(), 1);
    rig.clock.advance(Duration::from_millis(1));
    rig.ops.refresh(&held, true).await.unwrap();
    assert_eq!(rig.ops.holds(None, 9).await.unwrap().rows, []);
    assert_eq!(rig.ops.hold_size().await.unwrap(), 0);

    let bank = lines(&rig.ops, HOOLI).await;
    assert!(
        bank[0].0 == "hold" && bank[0].1.contains("held until 2026-03-10T11:41:"),
        "{bank:?}"
    );
    let of_one = lines(&rig.ops, held.as_str()).await;
    assert_eq!(
        of_one.iter().filter(|l| l.1 == "refused: on-hold").count(),
        2
    );
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_when_a_hold_is_made_begins_when_it_ends() {
    let rig = rig().await;
    let id = rig.connect(HOOLI, "Whistler", "ShowBox").await.connection;
    let other = rig.connect(HOOLI, "jared", "django").await.connection;
    let free = rig.connect(OTHER, "jared", "django").await.connection;
    rig.clock.advance(HOUR);
    let retry = retrying(&rig, &id, MINUTE).await;
    let queued = rig.ops.refresh(&other, true).await.unwrap().job;
    let elsewhere = rig.ops.refresh(&free, true).await.unwrap().job;
    hold_hooli(&rig, 5 * HOUR).await;

    rig.clock.advance(3 * HOUR);
    rig.work().await;
    assert_eq!(
        again(&rig, &retry).await,
        retry,
        "its retry was due an hour ago"
    );
    assert_eq!(again(&rig, &queued).await.state, State::Queued);
    assert_eq!(again(&rig, &elsewhere).await.state, State::Succeeded);
    refused(&rig, &id).await;
    assert_eq!(
        again(&rig, &retry).await,
        retry,
        "a refused refresh brings nothing forward"
    );

    rig.clock.advance(2 * HOUR);
    rig.work().await;
    assert_eq!(again(&rig, &retry).await.state, State::Succeeded);
    assert_eq!(again(&rig, &queued).await.state, State::Succeeded);
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_waits_begins_at_the_end_of_the_hold() {
    let rig = rig().await;
    let id = rig.connect(HOOLI, "Whistler", "ShowBox").await.connection;
    rig.clock.advance(HOUR);
    rig.ops.refresh(&id, true).await.unwrap();
    let hold = hold_hooli(&rig, 2 * HOUR).await;
    let now = rig.clock.now();
    let next = rig.ops.read(move |rd| Ok(rd.next_due(now)?)).await.unwrap();
    assert_eq!(next, Some(hold.until), "nothing else would wake it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connecting_passwords_and_purges_are_not_held_back() {
    let rig = rig().await;
    let id = rig.connect(HOOLI, "Whistler", "ShowBox").await.connection;
    rig.clock.advance(HOUR);
    hold_hooli(&rig, 5 * HOUR).await;
    let connected = rig.connect(HOOLI, "jared", "django").await;
    assert_eq!(connected.state, State::Succeeded);
    rig.clock.advance(HOUR);
    let update = rig
        .ops
        .update_credentials(&id, "ShowBox".into(), None, None);
    let update = update.await.unwrap().job;
    rig.work().await;
    assert_eq!(again(&rig, &update).await.state, State::Succeeded);
    assert_eq!(
        rig.ops.purge(&id, "").await.unwrap().state,
        State::Succeeded
    );
    // their retries are
    let until = rig.clock.now().plus(HOUR);
    rig.ops.outage(&HOOLI.into(), Some(until)).await.unwrap();
    let late = rig.ops.connect(link(HOOLI, "richard", "tabsnotspaces"));
    let late = late.await.unwrap();
    rig.work().await;
    assert_eq!(again(&rig, &late).await.state, State::WaitingRetry);
    rig.clock.advance(2 * HOUR + MINUTE);
    rig.work().await;
    assert_eq!(again(&rig, &late).await.state, State::WaitingRetry);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_of_the_user_goes_on_during_a_hold() {
    let rig = rig().await;
    let asked = rig.connect("AU00002", "jared", "django").await;
    rig.ops
        .answer(&asked.id, vec!["1234".into()])
        .await
        .unwrap();
    rig.work().await;
    rig.clock.advance(HOUR);
    let job = rig.ops.refresh(&asked.connection, true).await.unwrap().job;
    rig.work().await;
    assert_eq!(again(&rig, &job).await.state, State::WaitingMfa);
    let until = rig.clock.now().plus(HOUR);
    rig.ops
        .hold_bank(&"AU00002".into(), until, "")
        .await
        .unwrap();
    rig.ops.answer(&job.id, vec!["1234".into()]).await.unwrap();
    rig.work().await;
    assert_eq!(again(&rig, &job).await.state, State::Succeeded);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hold_of_connections_holds_these_only_and_several_holds_end_apart() {
    let rig = rig().await;
    let id = rig.connect(HOOLI, "Whistler", "ShowBox").await.connection;
    let other = rig.connect(HOOLI, "jared", "django").await.connection;
    rig.clock.advance(HOUR);
    let now = rig.clock.now();
    let twice = [id.clone(), id.clone()];
    let own = rig
        .ops
        .hold_connections(&twice, now.plus(3 * HOUR), "")
        .await;
    let own = own.unwrap();
    assert_eq!((own.connections, &own.bank), (1, &None));
    rig.ops.refresh(&other, true).await.unwrap();
    rig.work().await;
    let bank = hold_hooli(&rig, HOUR).await;
    assert!(
        refused(&rig, &id).await.contains(own.id.short()),
        "the one that ends last"
    );
    assert!(refused(&rig, &other).await.contains(bank.id.short()));

    let released = rig.ops.release_hold(&own.id).await.unwrap();
    assert_eq!(released.stage(rig.clock.now()), Stage::Released);
    assert!(refused(&rig, &id).await.contains(bank.id.short()));
    let twice = rig.ops.release_hold(&own.id).await;
    assert!(matches!(twice, Err(Error::Refused(_))), "{twice:?}");
    rig.ops.release_hold(&bank.id).await.unwrap();
    rig.ops.refresh(&id, true).await.unwrap();
    let said = lines(&rig.ops, own.id.as_str()).await;
    let said: Vec<&str> = said.iter().map(|l| l.1.as_str()).collect();
    assert_eq!(
        said,
        ["refused: parameter-not-valid", "released: 1 connection"]
    );
    let events = rig
        .ops
        .read(|rd| Ok(rd.events_after(0, 1_000)?))
        .await
        .unwrap();
    let of_holds = events.iter().filter(|e| e.entity == "hold");
    let happened: Vec<&str> = of_holds.map(|e| e.event_type.as_str()).collect();
    assert_eq!(happened, ["created", "created", "released", "released"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn background_turns_of_what_is_held_are_passed_over() {
    let rig = rig().await;
    let id = rig.connect(HOOLI, "jared", "django").await.connection;
    let free = rig.connect(OTHER, "jared", "django").await.connection;
    let ops = Ops {
        limits: Arc::new(Limits {
            background: true,
            background_every: DAY,
            ..Limits::default()
        }),
        ..rig.ops.clone()
    };
    rig.clock.advance(13 * HOUR);
    ops.maintain().await.unwrap();
    hold_hooli(&rig, 2 * DAY).await;
    let plan = ops.schedule(None, 9).await.unwrap().planned;
    let of = |bank: &str| {
        plan.iter()
            .find(|p| p.row.institution.as_str() == bank)
            .unwrap()
            .skip
    };
    assert_eq!((of(HOOLI), of(OTHER)), (Some(Skip::OnHold), None));
    for _ in 0..49 {
        rig.clock.advance(30 * MINUTE);
        ops.maintain().await.unwrap();
        rig.work().await;
    }
    let held = lines(&ops, id.as_str()).await;
    assert!(
        held.contains(&("refresh".into(), "passed over: on-hold".into())),
        "{held:?}"
    );
    assert_eq!(ops.jobs_of(&id, 9).await.unwrap().len(), 1);
    assert_eq!(ops.jobs_of(&free, 9).await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn holds_that_make_no_sense_are_refused() {
    let rig = rig().await;
    let id = rig.connect(HOOLI, "Whistler", "ShowBox").await.connection;
    let now = rig.clock.now();
    for until in [now, now.plus_ms(-1), now.plus(91 * DAY), Moment(i64::MAX)] {
        let held = rig.ops.hold_bank(&HOOLI.into(), until, "").await;
        assert!(matches!(held, Err(Error::Input(_))), "{until}: {held:?}");
    }
    let nowhere = rig
        .ops
        .hold_bank(&"AU99999".into(), now.plus(HOUR), "")
        .await;
    assert!(
        matches!(nowhere, Err(Error::NotFound { .. })),
        "{nowhere:?}"
    );
    rig.ops.revoke(&id, "").await.unwrap();
    let gone = rig
        .ops
        .hold_connections(std::slice::from_ref(&id), now.plus(HOUR), "")
        .await;
    assert!(matches!(gone, Err(Error::Refused(_))), "{gone:?}");
    assert_eq!(
        lines(&rig.ops, id.as_str()).await[0],
        ("hold".into(), "refused: resource-not-found".into())
    );
    assert_eq!(rig.ops.hold_size().await.unwrap(), 0);
}
