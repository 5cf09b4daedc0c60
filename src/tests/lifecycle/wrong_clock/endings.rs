//! An end is marked first, and carried out a grace later by both counts.

use super::*;
use crate::domain::connection::Label;
use crate::testing::lifecycle::link;

/// A connection whose consent ends in ten hours.
async fn ending_soon() -> (Rig, ConnectionId, Moment) {
    let rig = machine().await;
    let id = connected(&rig).await;
    let end = rig.clock.now().plus(10 * HOUR);
    ends(&rig, "user-ada", end).await;
    (rig, id, end)
}

async fn label(rig: &Rig, id: &ConnectionId) -> Label {
    rig.row(id).await.label
}

const MS: Duration = Duration::from_millis(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consent_ends_a_grace_after_it_was_marked() {
    let (rig, id, end) = ending_soon().await;
    rounds(&rig.ops, &rig, &[10 * HOUR - MS]).await;
    assert_eq!(marked(&rig).await, 0);
    rounds(&rig.ops, &rig, &[MS, Duration::ZERO]).await;
    assert_eq!((rig.clock.now(), marked(&rig).await), (end, 1));
    let shown = rig.ops.consents(Some("user-ada".into()), None, 1).await;
    assert_eq!(shown.unwrap().rows[0].status, Status::Expired, "at once");
    rounds(&rig.ops, &rig, &[HOUR - MS]).await;
    assert_eq!(label(&rig, &id).await, Label::Active);
    // nothing is connected that would be deleted in a moment
    let refused = rig.ops.connect(link("AU00003", "richard", "tabsnotspaces"));
    assert!(
        matches!(refused.await, Err(Error::Refused(it)) if it.code == "consent-expired"),
        "a connection under a consent that has run out"
    );
    rounds(&rig.ops, &rig, &[MS]).await;
    assert_eq!(label(&rig, &id).await, Label::Deleted);
    assert_eq!(stored(&rig).await.len(), 0);
    let again = rig.ops.connect(link("AU00003", "richard", "tabsnotspaces"));
    again.await.unwrap();
    rig.healthy().await;
}

/// A jump within the margin is no time that has passed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_grace_is_measured_by_both_counts() {
    let (rig, id, end) = ending_soon().await;
    rounds(&rig.ops, &rig, &[10 * HOUR]).await;
    rig.clock.set(end.plus(5 * HOUR));
    rounds(&rig.ops, &rig, &[Duration::ZERO, HOUR - MS]).await;
    assert_eq!(label(&rig, &id).await, Label::Active, "by the count");
    rounds(&rig.ops, &rig, &[MS]).await;
    assert_eq!(label(&rig, &id).await, Label::Deleted);

    let (rig, id, end) = ending_soon().await;
    rounds(&rig.ops, &rig, &[10 * HOUR, HOUR / 2]).await;
    rig.clock.advance(HOUR);
    rig.clock.set(end.plus(HOUR - MS));
    rounds(&rig.ops, &rig, &[Duration::ZERO]).await;
    assert_eq!(label(&rig, &id).await, Label::Active, "by the clock");
    rounds(&rig.ops, &rig, &[MS]).await;
    assert_eq!(label(&rig, &id).await, Label::Deleted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_goes_back_takes_the_marks_with_it() {
    let (rig, id, end) = ending_soon().await;
    let right = rig.clock.now();
    // ahead, but within the margin
    rig.clock.set(right.plus(20 * HOUR));
    rounds(&rig.ops, &rig, &[Duration::ZERO, HOUR / 2]).await;
    assert_eq!(marked(&rig).await, 1);
    rig.clock.set(right.plus(HOUR / 2));
    rounds(&rig.ops, &rig, &[Duration::ZERO]).await;
    assert_eq!(marked(&rig).await, 0, "it is not due");
    rig.clock.advance(Duration::from_millis(
        u64::try_from(end.since(rig.clock.now())).unwrap(),
    ));
    rounds(&rig.ops, &rig, &[Duration::ZERO, HOUR - MS]).await;
    assert_eq!(label(&rig, &id).await, Label::Active, "marked anew");
    rounds(&rig.ops, &rig, &[MS]).await;
    assert_eq!(label(&rig, &id).await, Label::Deleted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_another_start_it_is_marked_again() {
    let (rig, id, _) = ending_soon().await;
    rounds(&rig.ops, &rig, &[10 * HOUR, HOUR / 2]).await;
    rig.clock.set(rig.clock.now().plus(2 * HOUR));
    rig.clock.starts("second");
    rounds(&rig.ops, &rig, &[5 * HOUR]).await;
    assert_eq!(
        (label(&rig, &id).await, marked(&rig).await),
        (Label::Active, 1)
    );
    rounds(&rig.ops, &rig, &[HOUR - MS]).await;
    assert_eq!(label(&rig, &id).await, Label::Active);
    rounds(&rig.ops, &rig, &[MS]).await;
    assert_eq!(label(&rig, &id).await, Label::Deleted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consent_that_is_extended_in_the_grace_stays() {
    let (rig, id, _) = ending_soon().await;
    rounds(&rig.ops, &rig, &[10 * HOUR]).await;
    let consent = stored(&rig).await.remove(0);
    rig.ops.extend_consent(&consent.id, "").await.unwrap();
    assert_eq!(marked(&rig).await, 0);
    rounds(&rig.ops, &rig, &[2 * HOUR, 2 * HOUR]).await;
    assert_eq!(label(&rig, &id).await, Label::Active);
}

/// The clock is wrong between the mark and the end: the end waits until it is right.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_marked_consent_waits_while_the_clock_is_wrong() {
    let (rig, id, end) = ending_soon().await;
    rounds(&rig.ops, &rig, &[10 * HOUR]).await;
    rig.clock.set(end.plus_ms(400 * DAY_MS));
    rounds(&rig.ops, &rig, &[2 * HOUR, 2 * HOUR]).await;
    assert_eq!(label(&rig, &id).await, Label::Active);
    rig.clock.set(end.plus(4 * HOUR));
    rounds(&rig.ops, &rig, &[Duration::ZERO]).await;
    assert_eq!(label(&rig, &id).await, Label::Deleted, "marked and waited");
}

/// One whose rows cannot be read does not keep the others.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consent_that_cannot_be_ended_keeps_no_other() {
    let (rig, id, end) = ending_soon().await;
    let other = crate::ops::NewLink {
        user: "user-grace".into(),
        ..link("AU00003", "richard", "tabsnotspaces")
    };
    let other = rig.ops.connect(other).await.unwrap().connection;
    rig.work().await;
    ends(&rig, "user-grace", end.plus(MS)).await;
    let raw = rusqlite::Connection::open(rig.ops.store.path()).unwrap();
    raw.execute(
        "UPDATE consents SET permissions = '[' WHERE user_n = (SELECT n FROM users WHERE id = 'user-ada')",
        [],
    )
    .unwrap();
    raw.execute(
        "UPDATE connections SET id = CAST(x'ff41' AS TEXT) WHERE id = ?1",
        [id.as_str()],
    )
    .unwrap();
    for wait in [11 * HOUR, 2 * HOUR] {
        rig.clock.advance(wait);
        // what cannot be ended is told
        let _ = rig.ops.maintain().await;
    }
    assert_eq!(label(&rig, &other).await, Label::Deleted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_not_that_of_a_machine_is_not_judged() {
    let rig = Rig::new().await;
    let present: Present = rig.clock.present();
    assert_eq!(present.boot, None);
    rig.clock.set(rig.clock.now().plus_ms(4_000 * DAY_MS));
    assert_eq!(rig.ops.held().await.unwrap(), None);
}
