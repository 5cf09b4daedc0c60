//! The dashboard, key by key: what keys do and what they must not do.

use super::harness::{Desk, PLAIN, purge_words, text};
use super::tty::Tty;
use std::time::Duration;

const SIZE: (u16, u16) = (120, 40);

fn desk() -> Desk {
    Desk::new(40, 10, 0.05)
}

#[test]
fn keys_move_filter_and_refresh() {
    let desk = desk();
    let id = desk.one(PLAIN);
    let mut tty = Tty::started(&desk, SIZE);
    tty.types("j");
    tty.sees("row 2 of 40");
    tty.types("G");
    tty.sees("row 40 of 40");
    tty.types("g");
    tty.sees("row 1 of 40");
    tty.types("/");
    tty.types("status:deleted");
    tty.wait("the filter's rows", |screen| {
        screen.contains("deleted") && !screen.contains("active ")
    });
    tty.types("\x1b");
    tty.sees("40 of 40");
    tty.goes_to(&id);
    tty.types("r");
    tty.sees("Asks the bank for new data");
    tty.sees("Refresh<]");
    tty.insists("\r", "an order", |screen| {
        !screen.contains("Asks the bank for new data")
    });
    tty.sees("Refresh queued as job");
    for step in ["sign-in", "accounts", "transactions"] {
        let passed = format!("✓ {step}");
        tty.wait(&passed, |screen| screen.contains(&passed));
    }
    let job = desk.rows(&["jobs", "--limit", "1"]).remove(0);
    assert_eq!(
        (&job["connectionId"], &job["kind"]),
        (&id.as_str().into(), &"refresh".into())
    );
    tty.wait("the job's end", |screen| {
        screen
            .lines()
            .any(|line| line.contains("✓ refresh") && line.contains(" new"))
    });
    tty.types("q");
    assert_eq!(tty.ends(), 0);
    desk.healthy();
}

#[test]
fn point_38_a_purge_needs_words_and_two_keys() {
    let desk = desk();
    let id = desk.one(PLAIN);
    let mut tty = Tty::started(&desk, SIZE);
    tty.goes_to(&id);
    tty.types("P");
    tty.sees("to enable ");
    tty.sees("not armed");
    tty.types(&purge_words(&id));
    tty.loses("not armed");
    tty.types("\t");
    tty.sees("[>Purge<]");
    tty.insists("\r", "a purge", |screen| {
        ["Purged: ", "The purge is complete"]
            .iter()
            .any(|said| screen.contains(said))
    });
    tty.sees("No profile is stored");
    tty.types("q");
    assert_eq!(tty.ends(), 0);
    let row = desk.connection(&id);
    assert_eq!(
        (&row["accounts"], &row["transactions"], &row["label"]),
        (&0.into(), &0.into(), &"Active".into())
    );
    assert_eq!(desk.audited("purge"), 2, "begun and done");
    desk.healthy();
}

#[test]
fn a_purge_whose_board_dies_while_it_counts_down_was_not_done() {
    let desk = desk().with("countdown = \"0s\"", "countdown = \"1m\"");
    let id = desk.one(PLAIN);
    let before = desk.connection(&id);
    let confirm = |tty: &mut Tty| {
        tty.goes_to(&id);
        tty.types("P");
        tty.sees("to enable ");
        tty.types(&purge_words(&id));
        tty.loses("not armed");
        tty.types("\t");
        tty.sees("[>Purge<]");
        tty.insists("\r", "the countdown", |screen| {
            screen.contains("is sent in")
        });
    };
    let mut tty = Tty::started(&desk, SIZE);
    confirm(&mut tty);
    tty.kill();
    assert_eq!(desk.audited("purge"), 0);
    let mut tty = Tty::started(&desk, SIZE);
    confirm(&mut tty);
    tty.types("u");
    tty.sees("taken back; nothing was done");
    tty.types("q");
    assert_eq!(tty.ends(), 0);
    let lines = desk.rows(&["audit", "--action", "purge"]);
    let last = lines.iter().map(|line| text(&line["outcome"])).next_back();
    assert_eq!(last.as_deref(), Some("cancelled"), "that it was taken back");
    assert_eq!(desk.connection(&id)["transactions"], before["transactions"]);
    desk.healthy();
}

#[test]
fn point_37_no_shortcut_confirms_a_purge() {
    let desk = desk();
    let id = desk.one(PLAIN);
    let before = desk.connection(&id);
    let (words, upper) = (purge_words(&id), purge_words(&id).to_uppercase());
    let other = format!("{}0", &words[..words.len() - 1]);
    for keys in [
        vec!["P", "\r"],
        vec!["P", "y", "\r"],
        vec!["P", "P"],
        vec!["P", "P", "P", "P", "P", "P", "P", "P", "\r", "\r"],
        vec!["P", &upper, "\t", "\r"],
        vec!["P", &words[..words.len() - 1], "\t", "\r"],
        vec!["P", &other, "x", "\t", "\r"],
        vec!["P", &words, "\r", "\r"],
    ] {
        let mut tty = Tty::started(&desk, SIZE);
        tty.goes_to(&id);
        for (n, key) in keys.iter().enumerate() {
            tty.types(key);
            if n == 0 {
                tty.sees("to enable ");
                // after the time in which every confirming key is ignored
                tty.quiet(Duration::from_millis(500));
            }
            tty.quiet(Duration::from_millis(60));
        }
        tty.types("\x03");
        tty.ends();
        assert_eq!(desk.audited("purge"), 0, "{keys:?}");
    }
    assert_eq!(desk.connection(&id)["transactions"], before["transactions"]);
}

#[test]
fn point_42_a_revoke_needs_the_name_of_the_bank() {
    let desk = desk();
    let id = desk.one(PLAIN);
    let bank = desk.connection(&id)["institution"]["name"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut tty = Tty::started(&desk, SIZE);
    tty.goes_to(&id);
    tty.types("X");
    tty.sees("to enable Revoke");
    tty.types(&bank.to_lowercase());
    tty.loses("not armed");
    tty.types("\t");
    // the reason stands between the name and the button
    tty.insists("\t", "the button", |screen| screen.contains("[>Revoke<]"));
    tty.insists("\r", "a revoke", |screen| !screen.contains("CUTS THE LINK"));
    tty.sees("deleted");
    tty.types("q");
    assert_eq!(tty.ends(), 0);
    let row = desk.connection(&id);
    assert_eq!(row["label"], "Deleted");
    assert!(row["transactions"].as_u64().unwrap() > 0, "the data stays");
    assert_eq!(desk.audited("revoke"), 1);
    desk.healthy();
}

#[test]
fn point_46_a_paste_presses_no_key() {
    let desk = desk();
    let id = desk.one(PLAIN);
    let mut tty = Tty::started(&desk, SIZE);
    tty.sees("row 1 of 40");
    tty.pastes("PyXjjq");
    tty.sees("Pasted text was dropped");
    assert!(tty.screen().contains("row 1 of 40"), "{}", tty.screen());
    tty.types("PyXjjq\r");
    tty.sees("keys");
    assert!(
        tty.screen().contains("row 1 of 40") && !tty.screen().contains("DELETES"),
        "{}",
        tty.screen()
    );
    tty.quiet(Duration::from_millis(200));
    tty.goes_to(&id);
    tty.types("P");
    tty.sees("to enable ");
    tty.quiet(Duration::from_millis(500));
    tty.pastes(&format!("{}\r", purge_words(&id)));
    tty.pastes(&format!("{}\n\t\r", purge_words(&id)));
    tty.quiet(Duration::from_millis(200));
    assert!(tty.screen().contains("not armed"), "{}", tty.screen());
    tty.types("\x03");
    tty.ends();
    assert_eq!(desk.audited("purge") + desk.audited("revoke"), 0);
}

#[test]
fn point_57_keys_are_ignored_while_the_window_is_too_small() {
    let desk = desk();
    let id = desk.one(PLAIN);
    let mut tty = Tty::started(&desk, SIZE);
    tty.goes_to(&id);
    for size in [(39, 10), (40, 9)] {
        tty.resize(size);
        tty.sees("switchboard needs 40x10");
        for key in ["r", "\r", "P", "X", "\r", "y"] {
            tty.types(key);
        }
        tty.quiet(Duration::from_millis(100));
        assert!(
            tty.screen().contains("switchboard needs 40x10"),
            "{}",
            tty.screen()
        );
        tty.resize(SIZE);
        tty.sees("row 1 of 1 ");
        tty.sees("q quit");
        let screen = tty.screen();
        assert!(
            !["DELETES", "CUTS", "Asks the bank"]
                .iter()
                .any(|dialog| screen.contains(dialog)),
            "{screen}"
        );
    }
    // a dialog and what was typed in it survive the small window
    tty.types("P");
    tty.sees("to enable ");
    tty.types("purge");
    tty.sees("to enable Purge: purge");
    tty.resize((30, 7));
    tty.sees("is 30x7");
    tty.types("\r");
    tty.quiet(Duration::from_millis(100));
    tty.resize(SIZE);
    tty.sees("to enable Purge: purge");
    // resized there and back at once: the size is the old one, the terminal's content is not
    for _ in 0..3 {
        tty.resize((20, 4));
        tty.resize(SIZE);
        tty.sees("to enable Purge: purge");
    }
    tty.types("\x03");
    tty.ends();
    tty.given_back();
    assert_eq!(desk.audited("purge") + desk.audited("revoke"), 0);
    assert!(desk.rows(&["jobs", "job:pending kind:refresh"]).is_empty());
}
