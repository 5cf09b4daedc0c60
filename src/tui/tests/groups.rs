//! The list by one field: the page of groups, and on a real file where its rows lead to.

use super::live::SIZE;
use crate::domain::groups::{Group, GroupField};
use crate::domain::views::Size;
use crate::testing::board::Board;
use crate::testing::lifecycle::Rig;
use crate::testing::screen::{Harness, shot};
use crate::tui::event::Event;
use crate::tui::panes::pages::Rows;

const SIZES: [(u16, u16); 5] = [(40, 12), (60, 18), (80, 24), (120, 35), (200, 60)];

fn group(name: &str, term: Option<&str>, count: u64, exact: bool) -> Group {
    Group {
        field: GroupField::Bank,
        name: name.into(),
        term: term.map(str::to_owned),
        filter: term.map(|term| format!("status:invalid {term}")),
        size: Size { count, exact },
    }
}

#[test]
fn groups_at_every_size() {
    for (wide, high) in SIZES {
        let mut desk = Harness::new((wide, high));
        desk.press("/status:invalid<enter>b");
        shot(&format!("menu-group-{wide}x{high}"), &desk);
        desk.press("b");
        let rows = Rows::Groups(vec![
            group("Fabrikam Bank", Some("bank=AU10001"), 10_000, false),
            group("Contoso Credit Union", Some("bank=AU10002"), 1_240, true),
            group("Hooli", Some("bank=AU00000"), 3, true),
            group("none", None, 1, true),
        ]);
        let generation = desk.model.pages.asked();
        desk.sees(Event::RowsLoaded {
            generation,
            rows,
            more: false,
        });
        shot(&format!("page-groups-{wide}x{high}"), &desk);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn enter_on_a_group_filters_to_it_and_esc_goes_back() {
    let rig = Rig::new().await;
    for bank in ["AU00000", "AU00000", "AU10001"] {
        rig.connect(bank, "gilfoyle", "satan").await;
    }
    let mut board = Board::open(&rig.ops, SIZE).await;
    board.press("/via:web<enter>").await;
    board.press("bb").await;
    let screen = board.screen();
    assert!(screen.contains("row 1 of 2"), "{screen}");
    assert!(screen.contains("bank=AU00000"), "{screen}");
    board.press("<enter>").await;
    let screen = board.screen();
    assert!(screen.contains("via:web bank=AU00000"), "{screen}");
    assert!(screen.contains("row 1 of 2"), "{screen}");
    board.press("<esc>").await;
    let screen = board.screen();
    assert!(screen.contains("Groups"), "{screen}");
    board.press("<esc>").await;
    let screen = board.screen();
    assert!(
        screen.contains("3 of 3"),
        "the filter from before is back: {screen}"
    );
}
