//! What an operator does for the people behind connections: erase, ask again, move.

use super::*;
use crate::domain::act::{ActKind, Standing, StepAct};
use crate::domain::connection::Label;
use crate::store::{Mode, Store};

/// Who is asked again lately, of these.
async fn asked(rig: &Rig, ids: &BTreeSet<ConnectionId>) -> BTreeSet<ConnectionId> {
    let mut asked = BTreeSet::new();
    for id in ids {
        let row = rig.row(id).await;
        asked.extend(row.handling.asked.map(|_| id.clone()));
    }
    asked
}

/// An active connection, an invalid one, and a revoked one with data left.
async fn three(rig: &Rig) -> [ConnectionId; 3] {
    let active = rig.connect("AU00000", "Wentworth-Smith", "whislter").await;
    let invalid = rig.connect("AU00002", "jared", "django").await;
    let answer = |text: &str| vec![text.into()];
    rig.ops.answer(&invalid.id, answer("1234")).await.unwrap();
    rig.work().await;
    rig.clock.advance(Duration::from_secs(3_600));
    let invalid = invalid.connection;
    let wrong = rig.ops.refresh(&invalid, false).await.unwrap().job;
    rig.work().await;
    rig.ops.answer(&wrong.id, answer("9999")).await.unwrap();
    rig.work().await;
    let revoked = rig.connect("AU00004", "gavinBelson", "hooli2016").await;
    rig.ops.revoke(&revoked.connection, "").await.unwrap();
    let ids = [active.connection, invalid, revoked.connection];
    let labels = [Label::Active, Label::Invalid, Label::Deleted];
    for (id, label) in ids.iter().zip(labels) {
        let row = rig.row(id).await;
        assert_eq!((row.label, row.accounts > 0), (label, true));
    }
    ids
}

/// Task 5: a person asks to be erased, and it is proven that nothing is left.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn task_5_a_person_with_awkward_connections_is_erased() {
    let rig = world(Scenario::Consents).await;
    three(&rig).await;
    let mut board = Board::open(&rig.ops, WIDE).await;
    board.press("/er-ada<enter>D").await;
    let screen = board.screen();
    for way in ["invalid", "cannot be purged", "left"] {
        assert!(screen.contains(way), "{way}: {screen}");
    }
    board.press("<esc>").await;
    let mut board = Board::open(&rig.ops, WIDE).await;
    press(
        &mut board,
        "/er-ada<enter>Derase ada<tab>law<tab><enter>",
        24,
    )
    .await;
    let user = "user-ada".into();
    let read = move |rd: &ReadTxn<'_>| -> Result<_, Error> { Ok(rd.left_of(&user)?) };
    let left = rig.ops.store.read(read).await.unwrap();
    assert!(left.iter().take(8).all(|(_, n)| *n == 0), "{left:?}");
    let done = rig.ops.workflows(None, 9).await.unwrap().rows;
    let [erased] = &done[..] else {
        panic!("{done:?}\n{}", board.screen())
    };
    assert_eq!(erased.head.kind, ActKind::Erase);
    assert_eq!(erased.standing(), Standing::Done, "{}", board.screen());
    let acts: Vec<StepAct> = erased.steps.iter().map(|step| step.act).collect();
    let first = |act| acts.iter().position(|it| *it == act);
    assert!(first(StepAct::Purge) < first(StepAct::Revoke), "{acts:?}");
    let checks = rig.ops.check_certificate(erased.head.id.as_str()).await;
    let checks = checks.unwrap();
    assert!(!checks.is_empty() && checks.iter().all(|check| check.holds));
}

/// Task 6: whose consent ends within a week and who was not asked yet is asked, and whoever was asked is left out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn task_6_those_whose_consent_ends_are_asked_once() {
    let rig = world(Scenario::Consents).await;
    let ending = found(&rig, "consent<7d status:active").await;
    assert!(ending.len() >= 20, "{}", ending.len());
    let before = ending.first().unwrap().clone();
    let level = crate::domain::mask::Level::Standard;
    rig.ops.invite(&before, true, level).await.unwrap();
    let then = rig.row(&before).await.handling.asked;
    rig.clock.advance(Duration::from_secs(60));
    let mut board = Board::open(&rig.ops, WIDE).await;
    press(&mut board, "/is:e<tab><enter>*iy", 10).await;
    assert_eq!(asked(&rig, &ending).await, ending, "{}", board.screen());
    assert_eq!(rig.row(&before).await.handling.asked, then);
    board.press("!").await;
    let screen = board.screen();
    assert!(screen.contains("1 asked within 7 days"), "{screen}");
    // the list to hand over
    board.press("<esc>-8").await;
    let screen = board.screen();
    assert!(screen.contains("ASKED"), "{screen}");
    let expiring = found(&rig, "is:expiring").await;
    let all = found(&rig, "").await;
    let others = all.difference(&expiring).cloned();
    assert!(asked(&rig, &others.collect()).await.is_empty());
}

/// Task 8: who began to connect more than a day ago and never finished is asked again, and nothing is deleted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn task_8_those_who_left_the_banks_page_are_asked_again() {
    let rig = world(Scenario::Abandoned).await;
    let left = found(&rig, "status:pre-init since>1d").await;
    let all = found(&rig, "").await;
    assert!(left.len() >= 10 && left.len() < found(&rig, "status:pre-init").await.len() + 1);
    let mut board = Board::open(&rig.ops, WIDE).await;
    press(&mut board, "/is:stu<tab><enter>*iy", 12).await;
    assert_eq!(asked(&rig, &all).await, left, "{}", board.screen());
    assert_eq!(found(&rig, "").await, all);
}

/// Task 9: one is moved to open banking, and the terminal dies within the purge.
///
/// The last five letters of the id tell it from the others.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn task_9_a_move_goes_on_after_its_terminal_died() {
    let mut rig = world(Scenario::Consents).await;
    let job = rig.connect("AU00000", "Wentworth-Smith", "whislter").await;
    let old = job.connection;
    // whoever reads the file keeps the purge from its proof
    let reader = rusqlite::Connection::open(rig.ops.store.path()).unwrap();
    reader.execute_batch("BEGIN").unwrap();
    let read = "SELECT count(*) FROM connections";
    let _: i64 = reader.query_row(read, [], |row| row.get(0)).unwrap();

    let (dies, died) = tokio::sync::oneshot::channel::<()>();
    let (ops, id) = (rig.ops.clone(), old.clone());
    let terminal = std::thread::spawn(move || {
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async move {
            let mut board = Board::open(&ops, WIDE).await;
            let words = format!("move<space>{}", id.tail());
            let keys = format!("/{}<enter>M{words}<tab><enter>", &id.short()[1..]);
            tokio::select! {
                () = press(&mut board, &keys, 18) => panic!("it ended:\n{}", board.screen()),
                _ = died => {}
            }
        });
        runtime.shutdown_background();
    });
    let purging = |rd: &ReadTxn<'_>| -> Result<bool, Error> { Ok(!rd.open_purges()?.is_empty()) };
    while !rig.ops.store.read(purging).await.unwrap() {
        assert!(!terminal.is_finished(), "it never began");
        tokio::task::yield_now().await;
    }
    dies.send(()).unwrap();
    terminal.join().unwrap();
    assert_eq!(rig.row(&old).await.label, Label::Active, "not revoked yet");
    reader.execute_batch("COMMIT").unwrap();

    let store = Store::open(rig.ops.store.path(), Mode::Write, &rig.clock).unwrap();
    let (caller, limits) = ((*rig.ops.caller).clone(), rig.limits.clone());
    rig.ops = crate::ops::Ops::new(store, rig.clock.clone(), caller, limits);
    // its lease runs out
    rig.clock.advance(Duration::from_secs(31));
    rig.work().await;
    rig.ops.maintain().await.unwrap();
    let moves = rig.ops.workflows(None, 9).await.unwrap().rows;
    let [moved] = &moves[..] else {
        panic!("{moves:?}")
    };
    assert_eq!(moved.standing(), Standing::Done, "{moved:#?}");
    let acts: Vec<StepAct> = moved.steps.iter().map(|step| step.act).collect();
    assert_eq!(acts, [StepAct::Purge, StepAct::Revoke, StepAct::Connect]);
    let user = "user-ada".into();
    let user = rig.ops.user(&user, Default::default()).await.unwrap();
    let mut labels: Vec<Label> = vec![];
    for connection in &user.connections {
        labels.push(rig.row(&connection.id).await.label);
    }
    labels.sort_by_key(|label| *label == Label::Deleted);
    assert_eq!(labels, [Label::PreInit, Label::Deleted]);
}
