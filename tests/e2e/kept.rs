//! What is kept: saved views, where the board goes on, and what is said at its end.

use super::harness::{Desk, PLAIN};
use super::tty::Tty;
use std::time::Duration;

const SIZE: (u16, u16) = (120, 40);

#[test]
fn point_25_board_goes_on_where_it_was_left_and_says_what_was_done() {
    let desk = Desk::new(24, 2, 0.0);
    desk.work();
    let mut tty = Tty::started(&desk, SIZE);
    tty.types("/");
    tty.sees("Enter keep");
    tty.types(PLAIN);
    tty.quiet(Duration::from_millis(120));
    tty.types("\r");
    tty.sees("r refresh");
    tty.types("s");
    tty.sees("Sort by");
    tty.types("b");
    tty.sees("sort: bank");
    tty.types("r");
    tty.sees("Asks the bank for new data");
    tty.insists("y", "an order", |screen| {
        !screen.contains("Asks the bank for new data")
    });
    tty.sees("Refreshed");
    tty.types("q");
    assert_eq!(tty.ends(), 0);
    tty.given_back();
    let said = tty.screen();
    for words in [
        "1 order in this session",
        "switchboard refresh ",
        "Nothing of it is still open.",
    ] {
        assert!(said.contains(words), "{said}");
    }
    let mut next = Tty::open(&desk, SIZE);
    next.sees("sort: bank");
    next.sees("/ status:active via:web");
    next.types("q");
    assert_eq!(next.ends(), 0);
    // nothing was ordered, so nothing is said
    assert!(
        !next.screen().contains("in this session"),
        "{}",
        next.screen()
    );
    let state = desk.path(".local/state/switchboard/board.toml");
    std::fs::write(&state, "[broken\n").unwrap();
    let mut broken = Tty::open(&desk, SIZE);
    broken.sees("set aside");
    broken.sees("sort: whose move");
    broken.types("q");
    assert_eq!(broken.ends(), 0);
    assert!(state.with_extension("toml.damaged").exists());
}

#[test]
fn saved_view_is_printed_and_narrowed_and_its_mistakes_are_named() {
    let desk = Desk::new(60, 2, 0.0);
    let text = "[mine]\nfilter = \"status:active\"\nsort = \"bank,since\"\ncolumns = [\"id\", \"why\"]\n\
                [\"by bank\"]\ngroup = \"bank\"\n";
    std::fs::write(desk.path("views.toml"), text).unwrap();
    let rows = desk.rows(&["connections", "--view", "mine"]);
    let wanted = desk.rows(&[
        "connections",
        "status:active",
        "--sort",
        "bank,since",
        "--columns",
        "id,why",
    ]);
    assert!(!rows.is_empty());
    assert_eq!(rows, wanted);
    let narrowed = desk.rows(&[
        "connections",
        "via:ob",
        "--view",
        "mine",
        "--columns",
        "method",
    ]);
    assert!(!narrowed.is_empty() && narrowed.len() < rows.len());
    assert!(narrowed.iter().all(|row| row["method"] == "openbanking"));
    let groups = desk.rows(&["connections", "--view", "by bank"]);
    let count: u64 = groups
        .iter()
        .map(|row| row["count"].as_u64().unwrap())
        .sum();
    assert_eq!(count, 60);
    let unknown = desk.run(&["connections", "--view", "min"]);
    assert_eq!(unknown.exit, 2);
    assert!(unknown.err.contains("`mine`, `by bank`"), "{}", unknown.err);
    std::fs::write(desk.path("views.toml"), format!("{text}sort = \"bnak\"\n")).unwrap();
    let wrong = desk.run(&["connections", "--view", "by bank"]);
    assert_eq!(wrong.exit, 2);
    assert!(wrong.err.contains("views.toml:7:"), "{}", wrong.err);
}
