//! Holding back, taking back and cancelling on the screen.

use super::live::SIZE;
use super::update::{current, on_active};
use crate::domain::act::ActKind;
use crate::domain::job::State;
use crate::testing::board::Board;
use crate::testing::lifecycle::Rig;
use crate::testing::pages::hold;
use crate::testing::plans::plan;
use crate::testing::screen::{Harness, shot};
use crate::tui::countdown::Countdown;
use crate::tui::effect::{Effect, HoldOf, Order};
use crate::tui::event::Event;

/// A desk where a purge of the selected connection was confirmed, and counts down for five seconds.
fn counting() -> Harness {
    let mut desk = on_active();
    desk.model.countdown = Countdown::lasting(5_000);
    let row = current(&desk);
    desk.press("P");
    desk.plans(plan(ActKind::Purge, &row));
    let effects = desk.press("purge 007<tab><enter>");
    assert!(effects.is_empty(), "nothing is sent: {effects:?}");
    desk
}

fn sent(effects: &[Effect]) -> bool {
    let order = |effect: &Effect| matches!(effect, Effect::Order(_, Order::Apply { .. }));
    effects.iter().any(order)
}

#[test]
fn point_43_a_purge_that_was_confirmed_counts_down_and_is_sent_once() {
    let mut desk = counting();
    shot("countdown", &desk);
    assert!(!sent(&desk.waits(4_000)));
    assert!(sent(&desk.waits(1_000)), "at its time");
    assert!(!sent(&desk.waits(9_000)), "once");
    assert!(!desk.screen().contains("is sent in"), "{}", desk.screen());
}

#[test]
fn point_43_what_counts_down_is_taken_back_and_the_audit_says_so() {
    let mut desk = counting();
    let target = current(&desk).id.to_string();
    let kind = ActKind::Purge;
    assert_eq!(desk.press("u"), [Effect::NoteCancelled { kind, target }]);
    assert!(
        desk.screen().contains("taken back; nothing was done"),
        "{}",
        desk.screen()
    );
    assert!(!sent(&desk.waits(9_000)));
}

#[test]
fn leaving_while_something_counts_down_asks_and_sends_nothing() {
    let mut desk = counting();
    desk.press("q");
    let screen = desk.screen();
    assert!(screen.contains("will not be sent"), "{screen}");
    assert_eq!(desk.press("y"), [Effect::Quit]);
}

#[test]
fn a_refresh_does_not_count_down() {
    let mut desk = on_active();
    desk.model.countdown = Countdown::lasting(5_000);
    let row = current(&desk);
    desk.press("r");
    desk.plans(plan(ActKind::Refresh, &row));
    assert!(sent(&desk.press("y")));
}

#[test]
fn the_bank_of_the_row_is_held_or_the_marked_ones() {
    let mut desk = on_active();
    let row = current(&desk);
    let of = HoldOf::Bank(row.institution.clone(), row.institution_name.clone());
    assert_eq!(desk.press("H"), [Effect::LoadHold(of.clone())]);
    desk.sees(Event::HoldLoaded { of, hold: None });
    shot("dialog-hold", &desk);
    desk.press("<esc>g<space><space>");
    let effects = desk.press("H");
    assert!(
        matches!(&effects[..], [Effect::LoadHold(HoldOf::Connections(ids))] if ids.len() == 2),
        "{effects:?}"
    );
}

#[test]
fn a_bank_that_is_held_is_released_by_the_same_key() {
    let mut desk = on_active();
    let row = current(&desk);
    desk.press("H");
    let (id, name) = (row.institution.clone(), row.institution_name.clone());
    let held = hold(Some((id.as_str(), &name)));
    let of = HoldOf::Bank(id, name);
    desk.sees(Event::HoldLoaded {
        of,
        hold: Some(held.clone()),
    });
    shot("dialog-release", &desk);
    let effects = desk.press("y");
    let released =
        |effect: &Effect| matches!(effect, Effect::Order(_, Order::Release(id)) if *id == held.id);
    assert!(effects.iter().any(released), "{effects:?}");
}

#[test]
fn a_time_that_cannot_be_read_does_not_hold() {
    let mut desk = on_active();
    let row = current(&desk);
    desk.press("H");
    let of = HoldOf::Bank(row.institution.clone(), row.institution_name.clone());
    desk.sees(Event::HoldLoaded { of, hold: None });
    desk.press("<c-u>soon");
    assert!(desk.screen().contains("not a time"), "{}", desk.screen());
    let effects = desk.press("<enter><enter>");
    assert!(
        !effects.iter().any(|e| matches!(e, Effect::Order(..))),
        "{effects:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_held_bank_shows_on_its_rows_until_it_is_released() {
    let rig = Rig::new().await;
    let id = rig.connect("AU00000", "gilfoyle", "satan").await.connection;
    let mut board = Board::open(&rig.ops, SIZE).await;
    assert!(!board.screen().contains("held"), "{}", board.screen());
    board.press("H<enter>no news<enter>").await;
    let screen = board.follows().await;
    assert!(screen.contains("held 2h 00m"), "{screen}");
    let held = rig.ops.hold_of(&id).await.unwrap().unwrap();
    assert_eq!(
        (held.reason.as_str(), held.actor.as_str()),
        ("no news", "tester")
    );
    board.press("Hy").await;
    let screen = board.follows().await;
    assert!(screen.contains("is released"), "{screen}");
    assert!(!screen.contains("held 2h"), "{screen}");
    assert_eq!(rig.ops.hold_of(&id).await.unwrap(), None);
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_queued_refresh_is_cancelled_from_its_row_and_a_plan_as_a_whole() {
    let rig = Rig::new().await;
    let mut ids = vec![];
    for (login, password) in [("gilfoyle", "satan"), ("Wentworth-Smith", "whislter")] {
        ids.push(rig.connect("AU00000", login, password).await.connection);
    }
    rig.clock.advance(std::time::Duration::from_secs(3_600));
    let mut board = Board::open(&rig.ops, SIZE).await;
    board.press("ry").await;
    board.follows().await;
    board.press("u").await;
    assert!(
        board.screen().contains("Cancel the job"),
        "{}",
        board.screen()
    );
    board.press("y").await;
    let screen = board.follows().await;
    assert!(screen.contains("The refresh was cancelled."), "{screen}");
    let open = |jobs: Vec<crate::domain::job::Job>| jobs.iter().filter(|j| j.state.open()).count();
    for id in &ids {
        assert_eq!(open(rig.ops.jobs_of(id, 9).await.unwrap()), 0);
    }

    rig.clock.advance(std::time::Duration::from_secs(3_600));
    board.press("*ry<esc>").await;
    board.follows().await;
    let queued = rig.ops.jobs_of(&ids[0], 9).await.unwrap();
    assert_eq!(queued[0].state, State::Queued);
    board.press("-u").await;
    assert!(
        board.screen().contains("Stop the plan"),
        "{}",
        board.screen()
    );
    board.press("p").await;
    board.follows().await;
    // newer words stand in the line of news
    board.press("!").await;
    let screen = board.screen();
    assert!(screen.contains("2 jobs cancelled"), "{screen}");
    for id in &ids {
        let jobs = rig.ops.jobs_of(id, 9).await.unwrap();
        assert_eq!((open(jobs.clone()), jobs[0].state), (0, State::Cancelled));
    }
    rig.healthy().await;
}

#[test]
fn nothing_to_take_back_says_so() {
    let mut desk = on_active();
    desk.press("u");
    let screen = desk.screen();
    assert!(screen.contains("nothing counts down here"), "{screen}");
    assert!(desk.model.dialog.is_none());
}
