//! The audit is complete: also what was refused or given up has its line, and a line says what was found and left.

use super::harness::{Desk, PLAIN, purge_words, text};
use super::tty::Tty;
use serde_json::Value;
use std::time::Duration;

fn lines(desk: &Desk, more: &[&str]) -> Vec<Value> {
    desk.rows(&[&["audit"], more].concat())
}

fn outcomes(desk: &Desk, action: &str) -> Vec<String> {
    let lines = lines(desk, &["--action", action]);
    lines.iter().map(|line| text(&line["outcome"])).collect()
}

#[test]
fn a_refused_purge_or_revoke_has_its_line() {
    let desk = Desk::new(60, 4, 0.0);
    let id = desk.one("status:active acc>0");
    assert_eq!(desk.run(&["purge", &id]).exit, 5);
    assert_eq!(desk.run(&["purge", &id, "--confirm", "purge"]).exit, 5);
    assert_eq!(
        outcomes(&desk, "purge"),
        ["refused: confirmation-missing"; 2]
    );
    assert_eq!(desk.run(&["revoke", &id, "--confirm", "no"]).exit, 5);
    assert_eq!(outcomes(&desk, "revoke"), ["refused: confirmation-missing"]);

    let over = desk.one("status:deleted");
    assert_eq!(
        desk.run(&["purge", &over, "--confirm", &purge_words(&over)])
            .exit,
        4
    );
    let refused = &lines(&desk, &["--action", "purge"])[0];
    assert_eq!(refused["target"], over.as_str());
    assert!(
        text(&refused["outcome"]).starts_with("refused: "),
        "{refused}"
    );

    let (user, _) = desk.pair(&id);
    assert_eq!(desk.run(&["erase", "--user", &user]).exit, 5);
    assert_eq!(outcomes(&desk, "erase"), ["refused: confirmation-missing"]);

    // looking is no refusal
    let before = lines(&desk, &[]).len();
    assert_eq!(desk.run(&["purge", &id, "--dry-run"]).exit, 0);
    assert_eq!(lines(&desk, &[]).len(), before);
    desk.healthy();
}

#[test]
fn what_is_given_up_on_the_board_has_its_line() {
    let desk = Desk::new(60, 4, 0.0);
    let id = desk.one(PLAIN);
    let mut tty = Tty::started(&desk, (120, 35));
    tty.goes_to(&id);
    for (key, action, given_up) in [("P", "purge", "\x1b"), ("X", "revoke", "\x1b")] {
        tty.types(key);
        tty.sees("to enable");
        tty.quiet(Duration::from_millis(120));
        tty.types(given_up);
        tty.loses("to enable");
        super::harness::until("its line", || outcomes(&desk, action) == ["cancelled"]);
        let line = &lines(&desk, &["--action", action])[0];
        assert_eq!(
            (&line["target"], &line["face"]),
            (&id.as_str().into(), &"dashboard".into())
        );
    }
    // a refresh deletes nothing
    tty.types("r");
    tty.sees("Asks the bank");
    tty.types("\x1b");
    tty.loses("Asks the bank");
    tty.types("q");
    assert_eq!(tty.ends(), 0);
    assert!(
        outcomes(&desk, "refresh")
            .iter()
            .all(|said| said != "cancelled")
    );
    desk.healthy();
}

#[test]
fn a_line_says_what_was_found_and_what_was_left() {
    let desk = Desk::new(60, 4, 0.0);
    let id = desk.one("status:active acc>0");
    let row = desk.connection(&id);
    let (accounts, transactions) = (&row["accounts"], &row["transactions"]);
    assert!(
        accounts.is_array() || accounts.is_number(),
        "{row:#}{transactions}"
    );
    let done = desk.run(&["purge", &id, "--confirm", &purge_words(&id)]);
    assert_eq!(done.exit, 0, "{done:?}");
    let purge = &lines(&desk, &["--action", "purge"]);
    let done = purge
        .iter()
        .find(|line| text(&line["outcome"]).starts_with("done"))
        .unwrap();
    let (was, became) = (text(&done["before"]), text(&done["after"]));
    assert!(
        was.starts_with("active, ") && !was.contains(" 0 accounts"),
        "{was}"
    );
    assert_eq!(became, "active, 0 accounts, 0 transactions");

    let words = text(&desk.connection(&id)["institution"]["name"]);
    let done = desk.run(&["revoke", &id, "--confirm", &words]);
    assert_eq!(done.exit, 0, "{done:?}");
    let revoke = &lines(&desk, &["--action", "revoke"])[0];
    assert_eq!(
        (text(&revoke["before"]), text(&revoke["after"])),
        (
            "active, 0 accounts, 0 transactions".into(),
            "deleted, 0 accounts, 0 transactions".into()
        )
    );
    desk.healthy();

    // it is under the digest like the rest of the line
    let raw = rusqlite::Connection::open(desk.path("w.db")).unwrap();
    raw.execute("UPDATE audit SET became = '' WHERE action = 'revoke'", [])
        .unwrap();
    drop(raw);
    assert_eq!(desk.run(&["audit", "verify"]).exit, 10);
}

#[test]
fn the_audit_is_filtered_by_person_actor_action_and_time() {
    let desk = Desk::new(60, 4, 0.0);
    let id = desk.one("status:active acc>0");
    let (user, _) = desk.pair(&id);
    let other = desk
        .ids("status:active acc>0")
        .into_iter()
        .find(|o| desk.pair(o).0 != user)
        .unwrap();
    for id in [&id, &other] {
        assert_eq!(
            desk.run(&["purge", id, "--confirm", &purge_words(id)]).exit,
            0
        );
    }
    let targets = |more: &[&str]| -> Vec<String> {
        lines(&desk, more)
            .iter()
            .map(|line| text(&line["target"]))
            .collect()
    };
    let theirs = targets(&["--user", &user]);
    assert!(
        theirs.contains(&id) && !theirs.contains(&other),
        "{theirs:?}"
    );
    assert!(targets(&["--actor", "nobody"]).is_empty());
    assert!(targets(&["--actor", "tester", "--action", "purge"]).contains(&other));
    assert!(!targets(&["--since", "1h", "--action", "purge"]).is_empty());
    assert!(targets(&["--until", "1h", "--action", "purge"]).is_empty());
    assert!(targets(&["--since", "2999-01-01"]).is_empty());
    assert_eq!(desk.run(&["audit", "--since", "yesterday"]).exit, 2);

    // whoever was deleted is still found by the id
    let plan = desk.run(&["user", "delete", &user, "--dry-run"]);
    assert_eq!(plan.exit, 0, "{plan:?}");
    let words = format!("delete {}", &user[user.len() - 3..]);
    let done = desk.run(&[
        "user",
        "delete",
        &user,
        "--confirm",
        &words,
        "--reason",
        "asked",
    ]);
    assert_eq!(done.exit, 0, "{done:?}");
    let theirs = targets(&["--user", &user]);
    assert!(
        theirs.contains(&id) && !theirs.contains(&other),
        "{theirs:?}"
    );
}
