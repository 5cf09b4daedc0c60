//! What was derived of transactions, in the profile: there after a fetch, gone with a purge, there again after the refresh.

use crate::domain::mask::Level;
use crate::testing::board::Board;
use crate::testing::lifecycle::Rig;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_derived_goes_with_a_purge_and_comes_back_with_the_refresh() {
    let rig = Rig::new().await;
    let job = rig.connect("AU00000", "gavinBelson", "hooli2016").await;
    let insights = async || {
        let pane = rig.ops.pane(&job.connection, Level::Standard).await;
        pane.unwrap().insights
    };
    let before = insights().await;
    assert!(
        before.known > 0 && !before.categories.is_empty(),
        "{before:?}"
    );
    let mut board = Board::open(&rig.ops, (120, 60)).await;
    board.press("<enter>").await;
    let told = |board: &Board| {
        let screen = board.screen();
        let at = screen.find("Spent ").map(|at| &screen[at..]);
        at.map(|rest| rest.chars().take(60).collect::<String>())
    };
    let (category, count) = before.categories[0].clone();
    let line = told(&board).expect("it is told");
    assert!(line.contains(&format!("{category} {count}")), "{line}");
    let words = format!("purge<space>{}", job.connection.tail());
    board.press(&format!("P{words}<tab><enter>")).await;
    board.follows().await;
    assert_eq!(insights().await, Default::default());
    assert_eq!(told(&board), None, "{}", board.screen());
    rig.clock.advance(Duration::from_secs(3_600));
    board.press("ry").await;
    rig.work().await;
    board.follows().await;
    assert_eq!(insights().await, before);
    assert!(told(&board).is_some(), "{}", board.screen());
    // strict privacy hides where money went, and not what for
    let strict = rig.ops.pane(&job.connection, Level::Strict).await.unwrap();
    assert_eq!(strict.insights.categories, before.categories);
    assert!(strict.insights.merchants.is_empty());
    rig.healthy().await;
}
