//! A purge that is cut off after its intent is finished by the worker, and leaves the same behind as one that was
//! not.

use crate::domain::act::{ActKind, Confirmation};
use crate::domain::ids::ConnectionId;
use crate::domain::job::State;
use crate::ops::{Result, Selection};
use crate::testing::lifecycle::Rig;
use std::time::Duration;

/// The events and the audit lines behind these places, without ids and times.
async fn told(rig: &Rig, events: i64, audit: i64) -> (Vec<String>, Vec<String>) {
    let told: Result<_> = rig
        .ops
        .store
        .read(move |rd| {
            Ok((
                rd.events_after(events, 1_000)?,
                rd.audit_before(i64::MAX, 1_000)?,
            ))
        })
        .await;
    let (events, mut lines) = told.unwrap();
    lines.retain(|line| line.seq > audit);
    lines.sort_by_key(|line| line.seq);
    let events = events
        .iter()
        .map(|e| format!("{} {} {:?}", e.entity, e.event_type, e.count));
    let lines = lines
        .iter()
        .map(|l| format!("{} {} {}", l.action, l.outcome, l.reason));
    (events.collect(), lines.collect())
}

async fn places(rig: &Rig) -> (i64, i64) {
    let head = rig.ops.audit_head().await.unwrap().0;
    (rig.ops.last_event().await.unwrap(), head)
}

async fn connected() -> (Rig, ConnectionId) {
    let rig = Rig::new().await;
    let job = rig.connect("AU00000", "Wentworth-Smith", "whislter").await;
    (rig, job.connection)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_purge_after_a_crash_writes_the_same_events_and_audit_lines() {
    let (rig, id) = connected().await;
    let (events, audit) = places(&rig).await;
    let one = Selection::One(id.clone());
    let plan = rig.ops.plan(ActKind::Purge, one, false).await.unwrap();
    let typed = Confirmation::new(Some(&plan.words()), Some("asked for"));
    rig.ops.apply(&plan, &typed, |_| ()).await.unwrap();
    let normal = told(&rig, events, audit).await;
    assert!(
        normal
            .0
            .iter()
            .any(|e| e.starts_with("connection updated Some"))
    );

    let (cut, id) = connected().await;
    let (events, audit) = places(&cut).await;
    let job = cut.ops.begin_purge(&id, "asked for").await.unwrap();
    cut.clock.advance(Duration::from_secs(31));
    cut.work().await;
    assert_eq!(cut.ops.job(&job).await.unwrap().state, State::Succeeded);
    assert_eq!(told(&cut, events, audit).await, normal);
    assert_eq!(cut.row(&id).await.accounts, 0);
    cut.healthy().await;
}
