//! A clock that jumps far ahead, there and back; a machine that was off; a person who says that the clock is right.

use super::*;
use crate::domain::act::{ActKind, Confirmation, Stage};
use crate::domain::connection::{Label, Method};
use crate::domain::job::State;
use crate::domain::mask::Level;
use crate::domain::query::{Scope, parse};
use crate::domain::views::BankAnswer;
use crate::ops::{NewLink, Selection};
use crate::testing::lifecycle::link;

async fn by_open_banking(rig: &Rig) -> ConnectionId {
    let link = NewLink {
        user: "user-grace".into(),
        method: Method::OpenBanking,
        ..link("AU00000", "Wentworth-Smith", "")
    };
    let id = rig.ops.connect(link).await.unwrap().connection;
    rig.ops.authorise(&id, BankAnswer::Authorise).await.unwrap();
    rig.work().await;
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_400_days_ahead_ends_nothing() {
    let rig = machine().await;
    let (web, open) = (connected(&rig).await, by_open_banking(&rig).await);
    let ada = UserId::from("user-ada");
    let sent = rig.ops.create_auth_link(&ada, None, Level::Standard);
    let sent = sent.await.unwrap();
    let all = Selection::Found(Box::new(parse("", Scope::Connections).unwrap()));
    let plan = rig.ops.plan(ActKind::Purge, all, false).await.unwrap();
    rig.ops.keep(&plan).await.unwrap();
    let (right, accounts) = (rig.clock.now(), rig.row(&web).await.accounts);
    assert!(accounts > 0);

    rig.clock.set(right.plus_ms(400 * DAY_MS));
    let round = Duration::from_secs(1);
    rounds(&rig.ops, &rig, &[round, round, 2 * HOUR, round, 2 * HOUR]).await;
    let held = rig.ops.held().await.unwrap();
    assert!(
        matches!(held, Some(Held::Clock { ahead, .. }) if ahead == 400 * DAY_MS),
        "{held:?}"
    );
    // a fetch with an authorisation that has run out by this clock is not refused by its word
    let again = rig.ops.refresh(&open, true).await.unwrap().job;
    rig.work().await;
    assert_eq!(
        rig.ops.job(&again.id).await.unwrap().state,
        State::Succeeded
    );
    rig.ops.maintain().await.unwrap();
    for id in [&web, &open] {
        assert_eq!(rig.row(id).await.label, Label::Active, "{id}");
    }
    assert_eq!(rig.row(&web).await.accounts, accounts);
    let active = stored(&rig).await;
    assert_eq!(active.len(), 2);
    assert!(
        active
            .iter()
            .all(|c| c.warned.is_none() && c.reminded.is_none())
    );
    assert_eq!((marked(&rig).await, told(&rig).await), (0, 0));

    // the clock is right again, and so is everything that has a life
    rig.clock.set(right.plus_ms(60_000));
    rounds(&rig.ops, &rig, &[round, HOUR / 6]).await;
    assert_eq!(rig.ops.held().await.unwrap(), None);
    assert_eq!((marked(&rig).await, told(&rig).await), (0, 0));
    let link = rig.ops.auth_link(&ada, Level::Standard).await.unwrap();
    assert_eq!(link.id, sent.id);
    let plan = rig.ops.stored_plan(&plan.head.id).await.unwrap();
    assert_eq!(plan.head.stage(rig.clock.now()), Stage::Open);
    let typed = Confirmation::new(Some(&plan.words()), Some("tidying up"));
    rig.ops.apply(&plan, &typed, |_| {}).await.unwrap();
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_says_that_the_clock_is_right() {
    let rig = machine().await;
    let id = connected(&rig).await;
    // it was off for longer than the consent lasts
    rig.clock.set(rig.clock.now().plus_ms(366 * DAY_MS));
    rig.clock.starts("second");
    rounds(&rig.ops, &rig, &[DAY / 24, 2 * HOUR, 2 * HOUR]).await;
    assert!(matches!(
        rig.ops.held().await.unwrap(),
        Some(Held::Clock { .. })
    ));
    assert_eq!(rig.row(&id).await.label, Label::Active);

    rig.ops.accept_clock().await.unwrap();
    assert_eq!(rig.ops.held().await.unwrap(), None);
    let audited = number(
        &rig,
        "SELECT count(*) FROM audit WHERE action = 'accept-clock' AND actor = 'tester' AND outcome LIKE 'done: 1 year%'",
    );
    assert_eq!(audited.await, 1);
    rounds(&rig.ops, &rig, &[Duration::ZERO]).await;
    assert_eq!(rig.row(&id).await.label, Label::Active, "it is marked");
    rounds(&rig.ops, &rig, &[HOUR]).await;
    assert_eq!(rig.row(&id).await.label, Label::Deleted);
    rig.healthy().await;
}

/// What a person accepted by mistake is put right by accepting again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_clock_that_was_accepted_is_accepted_anew() {
    let rig = machine().await;
    connected(&rig).await;
    let right = rig.clock.now();
    rig.clock.set(right.plus_ms(400 * DAY_MS));
    rig.ops.accept_clock().await.unwrap();
    rig.clock.set(right);
    rig.ops.accept_clock().await.unwrap();
    rig.clock.set(right.plus_ms(300 * DAY_MS));
    assert!(rig.ops.held().await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_under_a_wrong_clock_do_not_make_it_right() {
    let rig = machine().await;
    let id = connected(&rig).await;
    rig.clock.set(rig.clock.now().plus_ms(400 * DAY_MS));
    for _ in 0..3 {
        rig.ops.refresh(&id, true).await.unwrap();
        rig.work().await;
        rounds(&rig.ops, &rig, &[6 * HOUR]).await;
    }
    assert!(rig.ops.held().await.unwrap().is_some());
    assert_eq!(rig.row(&id).await.label, Label::Active);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_opened_each_day_knows_the_time_without_a_write_on_each_look() {
    let rig = machine().await;
    let kept = || {
        let read = rig
            .ops
            .store
            .read(|rd| -> Result<_> { Ok(rd.meta("clock")?) });
        async move { read.await.unwrap() }
    };
    rig.ops.maintain().await.unwrap();
    let (mut last, mut writes) = (kept().await, 0);
    for day in 0..40 {
        for _ in 0..6 {
            rounds(&rig.ops, &rig, &[HOUR / 6]).await;
            let now = kept().await;
            writes += u32::from(now != last);
            last = now;
        }
        // off for the rest of the day
        rig.clock.set(rig.clock.now().plus_ms(23 * 3_600_000));
        rig.clock.starts(&format!("start {day}"));
        rig.ops.maintain().await.unwrap();
        assert_eq!(rig.ops.held().await.unwrap(), None, "day {day}");
    }
    assert!((30..=80).contains(&writes), "{writes} writes in 240 looks");

    // open all the time for a month, and off for an hour
    writes = 0;
    for _ in 0..30 * 24 * 2 {
        rounds(&rig.ops, &rig, &[HOUR / 2]).await;
        let now = kept().await;
        writes += u32::from(now != last);
        last = now;
    }
    assert!((100..=240).contains(&writes), "{writes} writes in a month");
    rig.clock.set(rig.clock.now().plus_ms(3_600_000));
    rig.clock.starts("after a month");
    assert_eq!(rig.ops.held().await.unwrap(), None);
}

/// A file that only commands change, and one of an earlier version, know the time from the first change on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_change_of_a_file_tells_it_the_time() {
    let rig = Rig::new().await;
    rig.clock.set(rig.clock.now().plus_ms(900 * DAY_MS));
    rig.clock.starts("first");
    assert_eq!(rig.ops.held().await.unwrap(), None, "it knows of no time");
    let ada = UserId::from("user-ada");
    for n in 0..3 {
        rig.clock.set(rig.clock.now().plus_ms(DAY_MS - 1));
        rig.clock.starts(&format!("another {n}"));
        let link = rig.ops.create_auth_link(&ada, None, Level::Standard);
        link.await.unwrap();
        assert_eq!(rig.ops.held().await.unwrap(), None);
    }
    rig.clock.set(rig.clock.now().plus_ms(2 * DAY_MS));
    assert!(rig.ops.held().await.unwrap().is_some());
}
