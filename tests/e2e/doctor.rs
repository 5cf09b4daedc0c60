//! Stored numbers that differ from the real counts: named, and counted again.

use super::harness::Desk;

#[test]
fn numbers_that_differ_are_named_and_counted_again() {
    let desk = Desk::new(12, 2, 0.0);
    for (sql, named) in [
        (
            "UPDATE connections SET accounts = accounts + 1",
            "accounts and transactions of connections",
        ),
        (
            "UPDATE accounts SET transactions = transactions + 1",
            "transactions of accounts",
        ),
        (
            "UPDATE mover_counts SET value = value + 1 WHERE mover = 0",
            "connections by who has to act",
        ),
        (
            "UPDATE connection_counts SET value = value + 1 WHERE label = 0",
            "connections by label",
        ),
    ] {
        let file = rusqlite::Connection::open(desk.path("w.db")).unwrap();
        assert!(file.execute(sql, []).unwrap() > 0, "{sql}");
        drop(file);
        let seen = desk.run(&["doctor"]);
        assert!(
            seen.exit == 8 && seen.err.contains("doctor --fix-counts"),
            "{seen:?}"
        );
        assert!(
            seen.err.contains(named) && !seen.err.contains("backup"),
            "{seen:?}"
        );
        assert_eq!(desk.run(&["--read-only", "doctor", "--fix-counts"]).exit, 4);
        let fixed = desk.run(&["doctor", "--fix-counts"]);
        assert!(fixed.exit == 0 && fixed.err.contains(named), "{fixed:?}");
        desk.healthy();
    }
    assert_eq!(desk.audited("recount"), 4);
}
