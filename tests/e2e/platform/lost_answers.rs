//! Answers that are lost, and processes that are killed, between an order and its end: nothing is done twice that must not
//! be, nothing is said to be done that was not, and nothing stays unknown for ever.

use super::Rehearsal;
use super::proxy::Fault;
use crate::harness::{Dice, LIMIT, PLAIN, kill, kill_after, purge_words, text, until};
use crate::settings::figure;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The first so many calls that fit meet a fault.
pub(super) fn first(
    rehearsal: &Rehearsal,
    most: usize,
    fits: fn(&str, &str) -> bool,
    fault: Fault,
) {
    let left = Arc::new(AtomicUsize::new(most));
    rehearsal.proxy.rule(move |method, path| {
        if !fits(method, path) {
            return Fault::None;
        }
        let taken = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
        if taken.is_ok() {
            fault.clone()
        } else {
            Fault::None
        }
    });
}

fn is_refresh(method: &str, path: &str) -> bool {
    method == "POST" && path.ends_with("/refresh")
}

fn is_purge(method: &str, path: &str) -> bool {
    method == "POST" && path.ends_with("/purge")
}

fn is_revoke(method: &str, _: &str) -> bool {
    method == "DELETE"
}

#[test]
fn a_refresh_whose_answer_is_lost_is_found_and_not_made_twice() {
    let rehearsal = Rehearsal::of(20);
    rehearsal.sync();
    let id = rehearsal.source().one(PLAIN);
    let before = rehearsal.source().rows(&["jobs"]).len();
    first(&rehearsal, 1, is_refresh, Fault::Lost);
    let job = rehearsal
        .board
        .document(&["refresh", &id, "--force-recent", "--wait"]);
    assert_eq!(job["state"], "succeeded", "{job:#}");
    assert_eq!(rehearsal.source().rows(&["jobs"]).len(), before + 1);
    assert_eq!(rehearsal.proxy.arrived("POST", "/refresh"), 1);
    assert_eq!(rehearsal.outbox()[0]["state"], "accepted");
    let outcomes: Vec<String> = rehearsal
        .board
        .rows(&["audit", "--action", "refresh"])
        .iter()
        .map(|line| text(&line["outcome"]))
        .collect();
    assert!(outcomes[1].starts_with("unsure"), "{outcomes:?}");
}

#[test]
fn a_purge_and_a_revoke_whose_answers_are_lost_are_looked_up() {
    let rehearsal = Rehearsal::of(30);
    rehearsal.sync();
    let ids = rehearsal.source().ids(PLAIN);
    first(&rehearsal, 1, is_purge, Fault::Lost);
    let words = purge_words(&ids[0]);
    let job = rehearsal
        .board
        .document(&["purge", &ids[0], "--confirm", &words, "--wait"]);
    assert_eq!(job["state"], "succeeded", "{job:#}");
    assert_eq!(rehearsal.proxy.arrived("POST", "/purge"), 1);
    assert_eq!(rehearsal.source().connection(&ids[0])["accounts"], 0);
    first(&rehearsal, 1, is_revoke, Fault::Lost);
    let bank = text(&rehearsal.board.connection(&ids[1])["institution"]["name"]);
    let job = rehearsal
        .board
        .document(&["revoke", &ids[1], "--confirm", &bank, "--wait"]);
    assert_eq!(job["state"], "succeeded", "{job:#}");
    assert_eq!(rehearsal.proxy.arrived("DELETE", &ids[1]), 1);
    for sent in rehearsal.outbox() {
        assert_eq!(sent["state"], "accepted", "{sent:#}");
        assert!(
            sent["detail"]
                .as_str()
                .unwrap()
                .contains("its answer was lost"),
            "{sent:#}"
        );
    }
}

#[test]
fn what_never_arrived_is_sent_again_and_not_said_to_be_done() {
    let rehearsal = Rehearsal::of(20);
    rehearsal.sync();
    let ids = rehearsal.source().ids(PLAIN);
    first(
        &rehearsal,
        1,
        is_revoke,
        Fault::Answered(500, String::new(), "{}".into()),
    );
    let bank = text(&rehearsal.board.connection(&ids[0])["institution"]["name"]);
    rehearsal
        .board
        .document(&["revoke", &ids[0], "--confirm", &bank]);
    assert_eq!(
        rehearsal.board.connection(&ids[0])["status"],
        "active",
        "nothing was sent yet"
    );
    let _worker = rehearsal.worker();
    until("the outcome is not known", || {
        rehearsal.outbox()[0]["state"] == "unsure"
    });
    assert_eq!(
        rehearsal.board.connection(&ids[0])["status"],
        "active",
        "not said to be done"
    );
    rehearsal.settled();
    assert_eq!(rehearsal.board.connection(&ids[0])["status"], "deleted");
    assert_eq!(rehearsal.source().connection(&ids[0])["status"], "deleted");
    assert_eq!(rehearsal.proxy.arrived("DELETE", &ids[0]), 1);
}

/// Whoever was looking an act up is trusted for minutes; when that process dies, the next one looks it up at once.
#[test]
fn what_was_being_looked_up_when_its_process_died_is_looked_up_by_the_next() {
    let rehearsal = Rehearsal::of(20);
    rehearsal.sync();
    let id = rehearsal.source().one(PLAIN);
    let one = format!("/connections/{id}");
    rehearsal
        .proxy
        .rule(move |method, path| match (method, path.ends_with(&one)) {
            ("DELETE", true) => Fault::Lost,
            // whoever looks it up waits
            ("GET", true) => Fault::Late(LIMIT),
            _ => Fault::None,
        });
    let bank = text(&rehearsal.board.connection(&id)["institution"]["name"]);
    rehearsal
        .board
        .document(&["revoke", &id, "--confirm", &bank]);
    let mut first = rehearsal.board.start(&["work"]);
    let stored = rusqlite::Connection::open(rehearsal.board.path("w.db")).unwrap();
    until("somebody looks it up", || {
        let taken = "SELECT state = 4 AND due > changed + 60000 FROM outbox";
        stored.query_row(taken, [], |row| row.get(0)).unwrap()
    });
    kill(&mut first);
    rehearsal.proxy.rule(|_, _| Fault::None);
    let _worker = rehearsal.worker();
    rehearsal.settled();
    assert_eq!(rehearsal.outbox()[0]["state"], "accepted");
    assert_eq!(rehearsal.proxy.arrived("DELETE", &id), 1);
    assert_eq!(rehearsal.board.connection(&id)["status"], "deleted");
}

/// Orders on many connections, workers that are killed at any moment, and a network that loses answers.
fn killed(connections: u64, most: usize, seed: u64) -> String {
    let rehearsal = Rehearsal::of(connections);
    rehearsal.sync();
    let ids = rehearsal.source().ids(PLAIN);
    let mut dice = Dice(seed);
    let mut net = Dice(seed + 1);
    rehearsal
        .proxy
        .rule(move |method, _| match (method, net.below(6)) {
            ("GET", _) => Fault::None,
            (_, 0) => Fault::Lost,
            (_, 1) => Fault::Unsent,
            (_, 2) => Fault::Late(std::time::Duration::from_millis(150)),
            _ => Fault::None,
        });
    let mut acted = Vec::new();
    for (at, id) in ids.iter().take(most).enumerate() {
        let bank = text(&rehearsal.board.connection(id)["institution"]["name"]);
        let words = purge_words(id);
        let order: Vec<&str> = match at % 3 {
            0 => vec!["refresh", id, "--force-recent"],
            1 => vec!["purge", id, "--confirm", &words],
            _ => vec!["revoke", id, "--confirm", &bank],
        };
        let done = rehearsal.board.run(&order);
        // a purge waits for the data of a sibling that is fetched
        if done.exit == 0 {
            acted.push((at % 3, id.clone()));
        }
        kill_after(rehearsal.board.start(&["work"]), dice.millis(900));
    }
    let _worker = rehearsal.worker();
    rehearsal.settled();
    let mut accepted = 0;
    for sent in rehearsal.outbox() {
        let id = text(&sent["connectionId"]);
        assert!(
            matches!(sent["state"].as_str(), Some("accepted" | "refused")),
            "{sent:#}"
        );
        if sent["state"] != "accepted" {
            continue;
        }
        accepted += 1;
        let there = rehearsal.source().connection(&id);
        match sent["act"].as_str().unwrap() {
            "revoke" => {
                assert_eq!(there["status"], "deleted", "{sent:#}");
                assert_eq!(rehearsal.board.connection(&id)["status"], "deleted");
            }
            "purge" => assert_eq!(there["accounts"], 0, "{sent:#}"),
            _ => assert_eq!(
                rehearsal.source().job(&text(&sent["jobId"]))["connectionId"],
                id.as_str()
            ),
        }
    }
    assert_eq!(accepted, acted.len(), "all that was ordered was done");
    rehearsal.board.healthy();
    format!(
        "{} acts, {} ordered, {accepted} accepted",
        most,
        acted.len()
    )
}

#[test]
fn acts_survive_kills_and_lost_answers() {
    killed(60, 6, 3);
}

#[test]
#[ignore = "long, hundreds of acts with a kill after each: run by ./check --full"]
fn live_acts_survive_kills_and_lost_answers_long() {
    figure(&killed(900, 200, 17));
}
