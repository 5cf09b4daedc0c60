//! The end of every job that was started here is told, with its result.

use super::live::SIZE;
use crate::domain::bank_data::Credentials;
use crate::domain::job::State;
use crate::testing::board::Board;
use crate::testing::lifecycle::Rig;
use std::time::Duration;

/// Two people at banks, refreshed long enough ago.
async fn rig() -> Rig {
    let rig = Rig::new().await;
    for (bank, login, password) in [
        ("AU00000", "Wentworth-Smith", "whislter"),
        ("AU00004", "gavinBelson", "hooli2016"),
    ] {
        let job = rig.connect(bank, login, password).await;
        assert_eq!(job.state, State::Succeeded);
    }
    rig.clock.advance(Duration::from_secs(3_600));
    rig
}

fn told(board: &Board, words: &str) -> bool {
    board
        .still
        .model
        .notices
        .all
        .iter()
        .any(|m| m.text.contains(words))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_is_told_when_it_has_ended() {
    let rig = rig().await;
    let mut board = Board::open(&rig.ops, SIZE).await;
    board.press("ry").await;
    assert!(told(&board, "Refresh queued as job"));
    rig.work().await;
    let screen = board.follows().await;
    assert!(screen.contains("Refreshed: "), "{screen}");
    assert!(
        screen.contains("Refreshed: 1 account, 0 new transactions."),
        "{screen}"
    );
    board.press("!").await;
    assert!(board.screen().contains("Refreshed: "), "{}", board.screen());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password_is_told_with_its_step_and_reason() {
    let rig = rig().await;
    let mut board = Board::open(&rig.ops, SIZE).await;
    board.press("U").await;
    board.press("wrong<enter><enter>").await;
    rig.work().await;
    let screen = board.follows().await;
    assert!(
        screen.contains("The new password failed at sign-in: the bank refused the sign-in."),
        "{screen}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_of_several_is_followed_to_its_end_and_marks_stay_on_what_failed() {
    let rig = rig().await;
    let mut board = Board::open(&rig.ops, SIZE).await;
    board.press("*ry").await;
    let screen = board.screen();
    assert!(screen.contains("2 queued"), "{screen}");
    assert_eq!(
        board.still.model.list.marks.len(),
        2,
        "until they have ended"
    );
    // one of them fails: its password is another one by now
    let failing = board.still.model.selected().unwrap().row.id.clone();
    let wrong = Credentials {
        login: "gavinBelson".into(),
        password: "wrong".into(),
        ..Credentials::default()
    };
    let changed = rig
        .ops
        .store
        .write(move |tx| -> crate::ops::Result<()> { Ok(tx.put_credentials(&failing, &wrong)?) });
    changed.await.unwrap();
    rig.work().await;
    let screen = board.follows().await;
    assert!(
        screen.contains("1 done") && screen.contains("1 failed"),
        "{screen}"
    );
    assert!(told(
        &board,
        "Refresh of 2 connections ended: 1 done, 1 failed and still marked"
    ));
    assert!(told(&board, "Refreshed: ") && told(&board, "The refresh failed at sign-in"));
    assert_eq!(board.still.model.list.marks.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plain_purge_moves_the_cursor_of_the_jobs_and_tells_what_was_proven() {
    let rig = rig().await;
    let mut board = Board::open(&rig.ops, SIZE).await;
    let short = board
        .still
        .model
        .selected()
        .unwrap()
        .row
        .id
        .short()
        .to_owned();
    let words: String = short.chars().skip(3).collect();
    board
        .press(&format!("Ppurge<space>{words}<tab><enter>"))
        .await;
    assert!(told(&board, "Purged: "), "{}", board.screen());
    rig.work().await;
    board.follows().await;
    let job = board.still.model.jobs.current().unwrap();
    assert_eq!(job.kind, crate::domain::job::Kind::Purge);
    assert!(
        told(&board, "The purge is complete: "),
        "{}",
        board.screen()
    );
}
