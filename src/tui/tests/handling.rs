//! Notes, taking on and putting off from the board: their dialogs at every size, and on a real file.

use super::live::SIZE;
use crate::domain::connection::Label;
use crate::domain::handling::Handling;
use crate::domain::mask::Level;
use crate::domain::rows::ConnectionRow;
use crate::ops::Caller;
use crate::testing::board::Board;
use crate::testing::fixtures::{now, row};
use crate::testing::lifecycle::Rig;
use crate::testing::screen::{Harness, ordered, shot};
use crate::tui::effect::{Effect, Handle, Order};
use crate::tui::event::Event;

const SIZES: [(u16, u16); 5] = [(40, 12), (60, 18), (80, 24), (120, 35), (200, 60)];

fn taken(by: &str) -> ConnectionRow {
    ConnectionRow {
        handling: Handling {
            taken_by: Some(by.into()),
            taken: Some(now().plus_ms(-3_600_000)),
            ..Handling::default()
        },
        ..row(4, Label::Invalid)
    }
}

/// A desk whose only row is this one, and its dialog after the file was read.
fn opened(size: (u16, u16), row: ConnectionRow, key: &str) -> Harness {
    let mut desk = Harness::with(size, vec![row.clone()]);
    let effects = desk.press(key);
    assert!(
        effects.contains(&Effect::LoadHandling(vec![row.id.clone()])),
        "{effects:?}"
    );
    desk.sees(Event::HandlingLoaded(vec![row]));
    desk
}

#[test]
fn dialogs_at_every_size() {
    for (wide, high) in SIZES {
        let mut desk = opened((wide, high), row(4, Label::Invalid), "N");
        desk.press("rang him");
        shot(&format!("note-{wide}x{high}"), &desk);
        let desk = opened((wide, high), taken("gilfoyle"), "T");
        shot(&format!("take-from-another-{wide}x{high}"), &desk);
        let desk = opened((wide, high), row(4, Label::Invalid), "Z");
        shot(&format!("put-off-{wide}x{high}"), &desk);
    }
}

#[test]
fn each_key_sends_what_is_shown_and_the_same_key_ends_it() {
    let put_off = ConnectionRow {
        attention: false,
        handling: Handling {
            snoozed: Some(now().plus_ms(86_400_000)),
            ..Handling::default()
        },
        ..row(4, Label::Invalid)
    };
    for (row, keys, how) in [
        (
            row(4, Label::Invalid),
            "T y",
            Handle::Take { from_others: false },
        ),
        (
            row(4, Label::Invalid),
            "T <enter>",
            Handle::Take { from_others: false },
        ),
        (taken("gilfoyle"), "T y", Handle::Take { from_others: true }),
        (taken("tester"), "T y", Handle::GiveBack),
        (put_off, "Z y", Handle::Wake),
        (
            row(4, Label::Invalid),
            "N r a n g <enter>",
            Handle::Note("rang".into()),
        ),
    ] {
        let (key, rest) = keys.split_once(' ').unwrap();
        let mut desk = opened((80, 24), row.clone(), key);
        let effects = desk.press(&rest.replace(' ', ""));
        let of = vec![row.id];
        assert_eq!(effects, [ordered(Order::Handle { of, how })], "{keys}");
    }
    // what somebody else has is not taken by a second Enter
    let mut desk = opened((80, 24), taken("gilfoyle"), "T");
    assert_eq!(desk.press("<enter>"), []);
}

#[test]
fn what_needs_nobody_is_not_put_off() {
    let mut desk = Harness::with((80, 24), vec![row(2, Label::Active)]);
    assert_eq!(desk.press("Z"), []);
    assert!(
        desk.screen().contains("it needs nobody now"),
        "{}",
        desk.screen()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_are_noted_taken_and_put_off_and_come_back_by_time() {
    let rig = Rig::new().await;
    let first = rig.connect("AU00000", "Whistler", "wrong").await.connection;
    let second = rig.connect("AU00000", "gilfoyle", "wrong").await.connection;
    let mut board = Board::open(&rig.ops, SIZE).await;
    assert!(
        board.screen().contains("2 need someone"),
        "{}",
        board.screen()
    );
    board.press("Nrang<space>him<enter>").await;
    let screen = board.follows().await;
    assert!(
        screen.contains("rang him (tester"),
        "in the profile: {screen}"
    );
    board.press("*T<enter>").await;
    let screen = board.follows().await;
    assert!(
        screen.contains("Taken on by you: 2 connections"),
        "{screen}"
    );
    assert!(screen.contains("@✗ failed"), "in the rows: {screen}");
    assert!(screen.contains("by you, "), "in the profile: {screen}");
    board.press("Z<c-u>2h<enter><enter>").await;
    let screen = board.follows().await;
    assert!(screen.contains("nobody has to act"), "{screen}");
    assert!(screen.contains("quiet for"), "{screen}");
    board.press("4").await;
    let screen = board.screen();
    for command in [
        "switchboard note ",
        "switchboard take ID",
        "snooze ID --until '2h'",
    ] {
        assert!(screen.contains(command), "{command}: {screen}");
    }
    assert!(
        !screen.contains("rang him"),
        "no note in a message: {screen}"
    );
    board.press("1-").await;
    rig.clock.advance(std::time::Duration::from_secs(2 * 3_600));
    let screen = board.follows().await;
    assert!(screen.contains("2 need someone"), "they are back: {screen}");
    for id in [first, second] {
        let row = rig.row(&id).await;
        assert_eq!(row.handling.taken_by.as_deref(), Some("tester"));
    }
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_of_a_page_is_taken_and_what_another_has_is_said() {
    let rig = Rig::new().await;
    let id = rig.connect("AU00000", "Whistler", "wrong").await.connection;
    let caller = Caller {
        actor: "another".into(),
        ..(*rig.ops.caller).clone()
    };
    let other = rig.ops.clone().with_caller(caller);
    other.take_on(&id, false).await.unwrap();
    let mut board = Board::open(&rig.ops, SIZE).await;
    board.press("8T").await;
    let screen = board.screen();
    assert!(screen.contains("another has taken it on"), "{screen}");
    board.press("y").await;
    let screen = board.follows().await;
    assert!(screen.contains("Taken on by you."), "{screen}");
    assert_eq!(
        rig.row(&id).await.handling.taken_by.as_deref(),
        Some("tester")
    );
    // a page without a connection says why not
    board.press("6T").await;
    let screen = board.screen();
    assert!(
        screen.contains("this row is not of one connection"),
        "{screen}"
    );
    let notes = rig.ops.pane(&id, Level::Standard).await.unwrap().notes;
    assert_eq!(notes, []);
    rig.healthy().await;
}
