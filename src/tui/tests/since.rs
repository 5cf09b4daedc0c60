//! What changed since somebody left: the page at every size, and on a real file.

use super::live::SIZE;
use crate::testing::board::Board;
use crate::testing::lifecycle::Rig;
use crate::testing::pages::digest;
use crate::testing::screen::{Harness, shot};
use crate::tui::effect::Effect;
use crate::tui::event::Event;
use crate::tui::panes::pages::Rows;
use std::time::Duration;

const SIZES: [(u16, u16); 5] = [(40, 12), (60, 18), (80, 24), (120, 35), (200, 60)];
const HOUR: Duration = Duration::from_secs(3_600);

/// Answers the newest question of the page, with as many lines as it asked for.
fn reads(desk: &mut Harness, effects: &[Effect]) {
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::LoadRows {
            generation, limit, ..
        } => Some((*generation, *limit)),
        _ => None,
    });
    let (generation, limit) = asked.expect("the page is read");
    desk.sees(Event::RowsLoaded {
        generation,
        rows: Rows::Since(Box::new(digest()), limit),
        more: false,
    });
}

#[test]
fn what_changed_at_every_size() {
    for (wide, high) in SIZES {
        let mut desk = Harness::new((wide, high));
        let effects = desk.press("=");
        reads(&mut desk, &effects);
        shot(&format!("page-since-{wide}x{high}"), &desk);
    }
}

#[test]
fn everything_stands_on_a_screen_of_80_by_24() {
    let mut desk = Harness::new((80, 24));
    let effects = desk.press("=");
    reads(&mut desk, &effects);
    let screen = desk.screen();
    for word in [
        "broke", "yours", "healed", "new", "revoked", "consent", "hold", "act",
    ] {
        assert!(screen.contains(&format!(" {word} ")), "{word}: {screen}");
    }
    let page = desk.model.pages.shown().unwrap();
    assert!(
        page.lines.len() <= page.height,
        "nothing has to be scrolled"
    );
    // a higher screen has room for more of them
    let effects = desk.gets(crate::tui::event::Input::Resize(80, 40));
    assert_eq!(effects, []);
    let effects = desk.sees(Event::Changed);
    reads(&mut desk, &effects);
    assert!(
        desk.screen().contains("Woodgrove Bank"),
        "{}",
        desk.screen()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_board_tells_what_broke_since_it_was_left_and_leads_there() {
    let rig = Rig::new().await;
    rig.connect("AU00000", "jared", "django").await;
    rig.ops.looks().await.unwrap();
    rig.clock.advance(HOUR);
    let broken = rig.connect("AU00000", "Whistler", "wrong").await;
    let mut board = Board::open(&rig.ops, SIZE).await;
    board.press("=").await;
    let screen = board.screen();
    assert!(screen.contains("when you left"), "{screen}");
    assert!(screen.contains("invalid-credentials"), "{screen}");
    assert!(!screen.contains("healed"), "{screen}");
    board.press("<enter>").await;
    let screen = board.screen();
    assert!(screen.contains("row 1 of 1"), "{screen}");
    assert!(screen.contains(broken.connection.short()), "{screen}");
    board.press("<esc>").await;
    assert!(
        board.screen().contains("= What changed"),
        "{}",
        board.screen()
    );
    rig.healthy().await;
}

#[test]
fn a_look_is_kept_while_the_board_is_used_and_not_for_each_key() {
    let mut desk = Harness::new((80, 24));
    assert!(!desk.press("jk").contains(&Effect::KeepLook));
    desk.waits(6 * 60_000);
    assert!(desk.press("j").contains(&Effect::KeepLook));
    assert!(!desk.press("k").contains(&Effect::KeepLook));
}
