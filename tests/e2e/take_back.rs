//! A purge or revoke that was confirmed in a terminal is taken back, or done when nobody takes it back. And a terminal that
//! a killed dashboard left behind is put right.

use super::harness::{Desk, purge_words, text};
use super::tty::Tty;

/// A desk whose purges and revokes can be taken back for so long, with an active connection.
fn desk(countdown: &str) -> (Desk, String) {
    let time = format!("countdown = \"{countdown}\"");
    let desk = Desk::new(12, 2, 0.0).with("countdown = \"0s\"", &time);
    let found = desk.rows(&["connections", "status:active"]);
    let id = text(&found[0]["id"]);
    (desk, id)
}

fn purge(desk: &Desk, id: &str, more: &[&str]) -> Tty {
    let words = purge_words(id);
    Tty::command(desk, &[&["purge", id, "--confirm", &words], more].concat())
}

fn outcomes(desk: &Desk, action: &str) -> Vec<String> {
    let lines = desk.rows(&["audit", "--action", action]);
    lines.iter().map(|line| text(&line["outcome"])).collect()
}

fn accounts(desk: &Desk, id: &str) -> u64 {
    desk.document(&["connection", id])["accounts"]
        .as_u64()
        .unwrap()
}

#[test]
fn a_key_takes_it_back_and_nothing_is_changed() {
    let (desk, id) = desk("1m");
    let had = accounts(&desk, &id);
    for (key, exit) in [("u", 5), ("xxU", 5), ("\x03", 130)] {
        let before = outcomes(&desk, "purge").len();
        let mut tty = purge(&desk, &id, &[]);
        tty.sees("is sent in 1 minute; u or Ctrl+C takes it back");
        tty.types(key);
        assert_eq!(tty.ends(), exit, "{key:?}: {}", tty.screen());
        assert!(
            tty.screen().contains("taken back; nothing was done"),
            "{}",
            tty.screen()
        );
        tty.given_back();
        let after = outcomes(&desk, "purge");
        assert_eq!(
            (after.len(), after[0].as_str()),
            (before + 1, "cancelled"),
            "{key:?}"
        );
    }
    assert_eq!(accounts(&desk, &id), had);
}

#[test]
fn a_plan_that_is_taken_back_can_be_carried_out_later() {
    let (desk, _) = desk("1m");
    let made = ["revoke", "--filter", "status:active", "--plan"];
    let plan = desk.document(&made);
    let (id, words) = (text(&plan["id"]), text(&plan["confirm"]));
    let apply = ["apply", &id, "--confirm", &words, "--reason", "left"];
    let mut tty = Tty::command(&desk, &apply);
    tty.sees("takes it back");
    tty.types("u");
    assert_eq!(tty.ends(), 5);
    assert_eq!(desk.document(&["plan", &id])["stage"], "open");
    let mut tty = Tty::command(&desk, &[apply.as_slice(), &["--at-once"]].concat());
    assert_eq!(tty.ends(), 0, "{}", tty.screen());
    assert_eq!(desk.document(&["plan", &id])["stage"], "finished");
}

#[test]
fn what_nobody_takes_back_is_done_when_the_time_has_passed() {
    let (desk, id) = desk("300ms");
    let mut tty = purge(&desk, &id, &[]);
    assert_eq!(tty.ends(), 0, "{}", tty.screen());
    assert!(tty.screen().contains("takes it back"), "{}", tty.screen());
    tty.given_back();
    assert_eq!(accounts(&desk, &id), 0);
}

#[test]
fn what_needs_no_time_has_none() {
    let (desk, id) = desk("1m");
    // wrong words are refused at once, and a script is not waited with
    let mut wrong = Tty::command(&desk, &["purge", &id, "--confirm", "purge"]);
    assert_eq!(wrong.ends(), 5);
    assert!(
        !wrong.screen().contains("takes it back"),
        "{}",
        wrong.screen()
    );
    let mut refresh = Tty::command(&desk, &["refresh", &id, "--force-recent"]);
    assert_eq!(refresh.ends(), 0, "{}", refresh.screen());
    for more in [&["--at-once"][..], &["--no-input"]] {
        let mut tty = purge(&desk, &id, more);
        assert_eq!(tty.ends(), 0, "{more:?}: {}", tty.screen());
        assert!(!tty.screen().contains("takes it back"), "{more:?}");
    }
    let words = purge_words(&id);
    assert_eq!(desk.run(&["purge", &id, "--confirm", &words]).exit, 0);
}

#[test]
fn point_04_restore_terminal_puts_right_what_a_killed_dashboard_left() {
    let desk = Desk::new(12, 2, 0.0);
    let mut tty = Tty::started(&desk, (120, 40));
    tty.killed_then(&desk, &["restore-terminal"]);
    assert_eq!(tty.ends(), 0);
    tty.given_back();
    let nowhere = desk.run(&["restore-terminal", "--json"]);
    assert_eq!(nowhere.exit, 2, "{nowhere:?}");
    assert_eq!(nowhere.document()["code"], "usage");
}
