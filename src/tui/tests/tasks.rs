//! A day of an operator, by keys, on made-up worlds with planted trouble: the right end state, in so many keys at most.

mod people;
mod shift;

use crate::domain::ids::ConnectionId;
use crate::domain::query::{Scope, parse};
use crate::ops::Error;
use crate::store::ReadTxn;
use crate::testing::board::Board;
use crate::testing::lifecycle::Rig;
use crate::tui::terminal::key::Key;
use crate::world::{Scenario, WorldSettings};
use std::collections::BTreeSet;
use std::time::Duration;

const WIDE: (u16, u16) = (120, 40);

async fn world(scenario: Scenario) -> Rig {
    let rig = Rig::new().await;
    let settings = WorldSettings {
        connections: 1_000,
        seed: 7,
        transactions_per_account: 1,
        at: rig.clock.now(),
        scenario: Some(scenario),
    };
    rig.ops.generate(settings, |_| ()).await.unwrap();
    rig
}

/// Presses these keys; they are counted, each character that is typed included.
async fn press(board: &mut Board, keys: &str, most: usize) {
    let pressed = Key::parse_all(keys).unwrap().len();
    assert!(pressed <= most, "{keys}: {pressed} keys, at most {most}");
    board.press(keys).await;
}

async fn found(rig: &Rig, filter: &str) -> BTreeSet<ConnectionId> {
    let query = parse(filter, Scope::Connections).unwrap();
    let (ids, whole) = rig.ops.ids(query, 10_000).await.unwrap();
    assert!(whole);
    ids.into_iter().collect()
}

async fn hit(rig: &Rig) -> BTreeSet<ConnectionId> {
    let shown = rig.ops.incident("1").await.unwrap();
    shown.hit.into_iter().map(|(id, _)| id).collect()
}

async fn held(rig: &Rig, ids: &BTreeSet<ConnectionId>) -> usize {
    let (ids, now) = (ids.clone(), rig.clock.now());
    let read = move |rd: &ReadTxn<'_>| -> Result<usize, Error> {
        let mut held = 0;
        for id in &ids {
            held += usize::from(rd.hold_of(id, now)?.is_some());
        }
        Ok(held)
    };
    rig.ops.store.read(read).await.unwrap()
}

/// Task 1: every connection that an outage hit, found and held back, and nobody else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn task_1_an_outage_is_found_and_its_retries_are_stopped() {
    let rig = world(Scenario::Outage).await;
    let planted = found(
        &rig,
        "via:web error:connector-error state:waiting-retry first-failed<31m",
    )
    .await;
    let mut board = Board::open(&rig.ops, WIDE).await;
    // the bank in trouble is the first of its page, and Enter leads to what its incident hit
    press(&mut board, "6<enter>*H<enter>new page<enter>", 28).await;
    let hit = hit(&rig).await;
    assert!(hit.is_subset(&planted), "{:?}", hit.difference(&planted));
    assert!(hit.len() >= 10);
    assert_eq!(held(&rig, &hit).await, hit.len(), "{}", board.screen());
    let others: BTreeSet<_> = found(&rig, "").await.difference(&hit).cloned().collect();
    assert_eq!(held(&rig, &others).await, 0);
    // no attempt for them while the hold lasts
    rig.clock.advance(Duration::from_secs(30 * 60));
    rig.work().await;
    let waits = found(&rig, "incident:1 state:waiting-retry").await;
    assert_eq!(waits, hit);
}

/// Task 2: a caller, by the whole number of the phone, and why the data is old.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn task_2_a_caller_is_found_and_told_why() {
    let rig = world(Scenario::StaleCaller).await;
    for size in [WIDE, (80, 24)] {
        let mut board = Board::open(&rig.ops, size).await;
        press(&mut board, "/0400555190<enter>w", 16).await;
        let screen = board.screen();
        assert!(screen.contains("the user"), "{screen}");
        assert!(screen.contains("account-not-accessible"), "{screen}");
    }
}

/// Task 3: a refresh, and once more by mistake: the same job.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn task_3_a_second_refresh_is_the_same_job() {
    let rig = world(Scenario::Consents).await;
    let mut board = Board::open(&rig.ops, WIDE).await;
    board
        .press("/status:active last>2h is:open or status:active last>2h<enter>")
        .await;
    let id: ConnectionId = board.cursor().as_str().into();
    press(&mut board, "ryr", 3).await;
    let jobs = rig.ops.jobs_of(&id, 20).await.unwrap();
    let open = jobs.iter().filter(|job| job.state.open()).count();
    assert_eq!(open, 1, "{}", board.screen());
}

/// Task 12: three banks at once are named, with what failed, on one page.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn task_12_three_banks_at_once_are_told_by_one_key() {
    let rig = world(Scenario::ThreeBanks).await;
    let mut board = Board::open(&rig.ops, WIDE).await;
    press(&mut board, "6", 5).await;
    let screen = board.screen();
    assert_eq!(screen.matches("  since 09:1").count(), 3, "{screen}");
    assert!(screen.contains("service-unavailable"), "{screen}");
}
