//! One's place in the list is kept, whatever becomes of its row.

use super::live::{SIZE, connection, import, person};
use crate::testing::board::Board;
use crate::testing::lifecycle::Rig;
use serde_json::Value;

/// A board over `n` invalid connections, the longest used one first, named `c-001` and so on.
async fn invalid(rig: &Rig, n: usize) -> Board {
    let mut all = vec![person("u-1", "Ada")];
    all.extend((1..=n).map(|n| connection(&format!("c-{n:03}"), "invalid", 1 + n % 28)));
    import(&rig.ops, &all).await;
    Board::open(&rig.ops, SIZE).await
}

/// The ids of the list in its order.
fn ids(board: &Board) -> Vec<String> {
    let lines = board.still.model.list.window.lines().iter();
    lines.map(|line| line.row.id.to_string()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_leaves_the_filter_stays_until_the_cursor_leaves_it() {
    for (at, step, lands) in [(59, "j", 1), (59, "k", -1), (183, "k", -1), (0, "j", 1)] {
        let rig = Rig::new().await;
        let mut board = invalid(&rig, 184).await;
        board.press("/is:attention<enter>").await;
        board.press(&"j".repeat(at)).await;
        let (id, line) = (board.cursor(), board.line());
        let order = ids(&board);
        let neighbour = order[at.saturating_add_signed(lands)].clone();
        import(&rig.ops, &[connection(&id, "active", 28)]).await;
        let screen = board.follows().await;
        assert_eq!(
            (board.cursor(), board.line()),
            (id.clone(), line),
            "{screen}"
        );
        assert!(screen.contains("left the filter; 183 rows"), "{screen}");
        board.press(step).await;
        assert_eq!(board.cursor(), neighbour, "{at} {step}");
        let screen = board.screen();
        assert!(
            screen.contains("no longer matches the filter; the cursor is on its neighbour"),
            "{screen}"
        );
        let screen = board.follows().await;
        assert_eq!(board.cursor(), neighbour, "{screen}");
        assert!(!ids(&board).contains(&id), "it is not in the list any more");
        let number = at.saturating_add_signed(lands.min(0)) + 1;
        assert!(screen.contains(&format!("row {number} of 183")), "{screen}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refreshed_row_does_not_take_the_view_with_it() {
    let rig = Rig::new().await;
    let mut board = invalid(&rig, 40).await;
    let others: Vec<Value> = (0..600)
        .map(|n| connection(&format!("a-{n:03}"), "active", 1 + n % 28))
        .collect();
    import(&rig.ops, &others).await;
    board.follows().await;
    board.press("gjjjjj").await;
    let (id, line) = (board.cursor(), board.line());
    let next = ids(&board)[6].clone();
    import(&rig.ops, &[connection(&id, "active", 28)]).await;
    let screen = board.follows().await;
    assert_eq!(
        (board.cursor(), board.line()),
        (id.clone(), line),
        "{screen}"
    );
    assert!(screen.contains("row 6 of 640"), "{screen}");
    board.press("j").await;
    assert_eq!(board.cursor(), next);
    assert!(
        board
            .screen()
            .contains("has its place elsewhere in this order now; the cursor is on its neighbour"),
        "{}",
        board.screen()
    );
    let screen = board.follows().await;
    assert!(screen.contains("row 6 of 640"), "{screen}");
    board.press("]").await;
    assert!(
        board.screen().contains("row 7 of 640"),
        "{}",
        board.screen()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_number_of_a_row_deep_in_the_list_is_kept() {
    let rig = Rig::new().await;
    let mut board = invalid(&rig, 900).await;
    board.press("G").await;
    board.press(&"k".repeat(350)).await;
    let id = board.cursor();
    import(&rig.ops, &[connection("c-new", "active", 28)]).await;
    let screen = board.follows().await;
    assert_eq!(board.cursor(), id);
    assert!(screen.contains("row 550 of 901"), "{screen}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn escape_from_the_filter_goes_back_to_the_row_it_was_opened_on() {
    let rig = Rig::new().await;
    let mut board = invalid(&rig, 400).await;
    board.press(&"j".repeat(10)).await;
    let (id, line) = (board.cursor(), board.line());
    for keys in [
        "/zzqq<esc>",
        "/zzqq<enter><esc>",
        "/c-399<esc>",
        "/<esc>",
        "/zz<c-u>zzqq<esc>",
    ] {
        board.press(keys).await;
        let screen = board.screen();
        assert_eq!(
            (board.cursor(), board.line()),
            (id.clone(), line),
            "{keys} {screen}"
        );
        assert!(screen.contains("row 11 of 400"), "{keys} {screen}");
    }
    board.press(&"j".repeat(300)).await;
    let deep = board.cursor();
    board.press("/zzqq<esc>").await;
    assert_eq!(board.cursor(), deep);
    assert!(
        board.screen().contains("row 311 of 400"),
        "{}",
        board.screen()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_search_for_action_goes_round_and_says_so() {
    let rig = Rig::new().await;
    let mut all = vec![person("u-1", "Ada")];
    all.extend((1..=900).map(|n| connection(&format!("a-{n:03}"), "active", 1 + n % 28)));
    all.extend((1..=3).map(|n| connection(&format!("c-{n}"), "invalid", n)));
    import(&rig.ops, &all).await;
    for keys in ["", "sl"] {
        let mut board = Board::open(&rig.ops, SIZE).await;
        board.press(keys).await;
        let mut visited = vec![];
        for _ in 0..4 {
            board.press("]").await;
            visited.push(board.cursor());
        }
        assert_eq!(visited[0], visited[3], "{visited:?}");
        assert!(visited.iter().all(|id| id.starts_with("c-")), "{visited:?}");
        assert!(
            board
                .still
                .model
                .notices
                .all
                .iter()
                .any(|m| m.text.contains("was passed"))
        );
        board.press("[").await;
        assert_eq!(board.cursor(), visited[2], "{visited:?}");
    }
    let mut board = Board::open(&rig.ops, SIZE).await;
    board.press("/c-2 status:invalid<enter>]").await;
    assert!(
        board
            .screen()
            .contains("No further connection of this filter needs action."),
        "{}",
        board.screen()
    );
    board.press("<esc>/status:active<enter>]").await;
    let screen = board.screen();
    assert!(
        screen.contains("No further connection of this filter needs action."),
        "{screen}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn point_26_marks_that_the_filter_hides_are_counted_and_named() {
    let rig = Rig::new().await;
    let mut board = invalid(&rig, 5).await;
    import(
        &rig.ops,
        &[
            connection("a-1", "active", 3),
            connection("a-2", "active", 4),
        ],
    )
    .await;
    board.follows().await;
    board
        .press("gg<space><space>/status:active<enter><space>")
        .await;
    let screen = board.screen();
    assert!(screen.contains("marked 3 (2 hidden)"), "{screen}");
    board.press("r").await;
    let screen = board.screen();
    assert!(
        screen.contains("3 marked connections (2 hidden)"),
        "{screen}"
    );
    assert!(screen.contains("hidden by the filter: c-"), "{screen}");
    board.press("<esc>k<space>").await;
    board.press("k<space>").await;
    assert!(board.screen().contains("hidden)"), "{}", board.screen());
    board.press("-").await;
    board
        .press("<esc>gg<space><space>/status:active<enter>P")
        .await;
    let screen = board.screen();
    assert!(screen.contains("the filter hides all of them"), "{screen}");
    board.press("n").await;
    assert!(board.still.model.dialog.is_none());
    board.press("Xy").await;
    assert!(
        board.screen().contains("2 marked connections (2 hidden)"),
        "{}",
        board.screen()
    );
    // without the filter nothing is hidden
    board.press("<esc><esc>").await;
    assert!(board.screen().contains("marked 2  "), "{}", board.screen());
}
