//! What changed since somebody left is the difference between then and now.

use crate::domain::access::Role;
use crate::domain::act::{ActKind, Selection};
use crate::domain::ids::ConnectionId;
use crate::domain::query::{Scope, parse};
use crate::domain::since::{Digest, From, What};
use crate::domain::zone::Zone;
use crate::ops::{Caller, Ops, Turn};
use crate::testing::lifecycle::Rig;
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3_600);

fn another(rig: &Rig) -> Ops {
    rig.ops.clone().with_caller(Caller {
        zone: Zone::UTC,
        actor: "another".into(),
        face: "command",
        role: Role::Admin,
    })
}

/// What changed and how many, in the order in which it is told.
fn told(digest: &Digest) -> Vec<(What, u64)> {
    let all = digest.changes.iter();
    all.map(|it| (it.what, it.count)).collect()
}

async fn connect(rig: &Rig, login: &str, password: &str) -> ConnectionId {
    rig.connect("AU00000", login, password).await.connection
}

#[tokio::test]
async fn what_broke_healed_and_came_is_told_once_and_asking_changes_nothing() {
    let rig = Rig::new().await;
    let failed = connect(&rig, "Whistler", "wrong").await;
    connect(&rig, "jared", "django").await;
    rig.ops.looks().await.unwrap();
    rig.clock.advance(HOUR);
    let now = rig.ops.since(None).await.unwrap();
    assert_eq!((now.from, told(&now)), (From::Look, vec![]));

    let broken = connect(&rig, "gilfoyle", "no").await;
    connect(&rig, "Wentworth-Smith", "whislter").await;
    rig.ops
        .update_credentials(&failed, "ShowBox".into(), None, None)
        .await
        .unwrap();
    rig.work().await;
    rig.ops.take_on(&broken, false).await.unwrap();
    let all = rig.ops.since(None).await.unwrap();
    assert_eq!(
        told(&all),
        [
            (What::Broke, 1),
            (What::Yours, 1),
            (What::Healed, 1),
            (What::New, 1)
        ],
        "{all:#?}"
    );
    // each line leads to as many connections as it counts
    for change in &all.changes {
        let filter = change.filter.as_deref().unwrap();
        let query = parse(filter, Scope::Connections).unwrap();
        let (ids, _) = rig.ops.ids(query, 100).await.unwrap();
        assert_eq!(ids.len() as u64, change.count, "{filter}");
    }
    // asking and looking again do not move it
    rig.ops.looks().await.unwrap();
    rig.ops.looks().await.unwrap();
    let again = rig.ops.since(None).await.unwrap();
    assert_eq!((again.since, again.changes), (all.since, all.changes));
    // another one never looked, and sees the acts of the first
    let theirs = another(&rig).since(None).await.unwrap();
    assert_eq!(theirs.from, From::Day);
    assert!(
        theirs
            .changes
            .iter()
            .any(|it| it.what == What::Act && it.by == "tester"),
        "{theirs:#?}"
    );
    rig.healthy().await;
}

#[tokio::test]
async fn acts_and_holds_of_others_and_ended_consents_are_told() {
    let rig = Rig::new().await;
    let id = connect(&rig, "jared", "django").await;
    rig.ops.looks().await.unwrap();
    rig.clock.advance(HOUR);
    let other = another(&rig);
    let until = rig.ops.now().plus_ms(7_200_000);
    let hold = other.hold_bank(&"AU00000".into(), until, "").await.unwrap();
    other.release_hold(&hold.id).await.unwrap();
    other.hold_bank(&"AU10001".into(), until, "").await.unwrap();
    let user = rig.row(&id).await.user;
    let consents = other.consents(Some(user), None, 9).await.unwrap().rows;
    let consent = Selection::Consent(consents[0].id.clone());
    let plan = other
        .plan(ActKind::EndConsent, consent, false)
        .await
        .unwrap();
    let begun = other.begin_workflow(&plan, "").await.unwrap();
    let mut run = other.runner(&begun);
    while let Turn::On(_) = run.step().await.unwrap() {}
    let all = rig.ops.since(None).await.unwrap();
    let count = |what| all.changes.iter().filter(|it| it.what == what).count();
    assert_eq!(count(What::Hold), 2, "{all:#?}");
    assert_eq!(count(What::Consent), 1, "{all:#?}");
    assert_eq!(count(What::Revoked), 1, "{all:#?}");
    let acts = all.changes.iter().filter(|it| it.what == What::Act);
    let acts: Vec<_> = acts.map(|it| (it.by.as_str(), it.text.as_str())).collect();
    assert!(acts.contains(&("another", "hold")), "{acts:?}");
    assert!(acts.contains(&("another", "end-consent")), "{acts:?}");
    // of one's own acts nothing is said
    let mine = other.since(None).await.unwrap();
    assert!(
        mine.changes
            .iter()
            .all(|it| it.by != "another" || it.what != What::Act)
    );
    rig.healthy().await;
}

#[tokio::test]
async fn what_was_put_off_is_told_when_its_time_came_or_it_changed() {
    let rig = Rig::new().await;
    let id = connect(&rig, "Whistler", "wrong").await;
    let until = rig.ops.now().plus_ms(1_800_000);
    rig.ops.snooze(&id, until, "").await.unwrap();
    rig.ops.looks().await.unwrap();
    rig.clock.advance(HOUR);
    let woken = rig.ops.since(None).await.unwrap();
    assert_eq!(told(&woken), [(What::Yours, 1)], "{woken:#?}");
    rig.ops
        .update_credentials(&id, "ShowBox".into(), None, None)
        .await
        .unwrap();
    rig.work().await;
    let changed = rig.ops.since(None).await.unwrap();
    let yours = changed.changes.iter().find(|it| it.what == What::Yours);
    assert!(
        yours.unwrap().text.contains("you put it off, now active"),
        "{changed:#?}"
    );
    rig.healthy().await;
}
