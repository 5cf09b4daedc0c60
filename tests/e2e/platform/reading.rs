//! The mirror equals its source: after the first look, after changes there, after restarts.

use super::proxy::Fault;
use super::{Rehearsal, shown, typed};
use crate::harness::{Dice, kill_after, text, until};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

#[test]
fn after_the_first_look_the_mirror_equals_its_source() {
    let rehearsal = Rehearsal::of(60);
    assert_eq!(rehearsal.bring(), 0, "the same users twice change nothing");
    let synced = rehearsal.sync();
    assert_eq!(synced["users"]["read"], synced["users"]["size"]);
    assert_eq!(synced["leftOut"], 0, "{synced:#}");
    rehearsal.equals();
    rehearsal.board.healthy();
    // a second one changes nothing
    let events = rehearsal.board.rows(&["events"]).len();
    rehearsal.board.document(&["live", "sync", "--all"]);
    assert_eq!(rehearsal.board.rows(&["events"]).len(), events);
}

#[test]
fn details_are_read_and_transactions_are_only_counted() {
    let rehearsal = Rehearsal::of(30);
    rehearsal.sync();
    let mut someone = String::new();
    for id in rehearsal
        .source()
        .ids("status:active acc>0")
        .into_iter()
        .take(5)
    {
        let there = rehearsal.source().connection(&id);
        rehearsal
            .board
            .document(&["live", "sync", "--user", &text(&there["userId"])]);
        let here = rehearsal.board.connection(&id);
        someone = text(&here["userId"]);
        for field in ["accounts", "transactions", "profile", "label"] {
            assert_eq!(here[field], there[field], "{field} of {id}");
        }
        let bare = |list: &serde_json::Value| {
            let mut all: Vec<String> = list
                .as_array()
                .unwrap()
                .iter()
                .map(|a| text(&a["id"]))
                .collect();
            all.sort();
            all
        };
        assert_eq!(bare(&here["accountList"]), bare(&there["accountList"]));
    }
    assert!(
        rehearsal
            .board
            .rows(&["transactions", "--user", &someone])
            .is_empty(),
        "none is copied"
    );
}

#[test]
fn changes_at_the_platform_come_by_the_sweep() {
    let rehearsal = Rehearsal::of(40);
    rehearsal.sync();
    let ids = rehearsal.source().ids(crate::harness::PLAIN);
    for id in ids.iter().take(6) {
        let there = rehearsal.source().connection(id);
        let path = format!("/users/{}/connections/{id}", text(&there["userId"]));
        if ids.iter().position(|other| other == id).unwrap() % 2 == 0 {
            assert_eq!(rehearsal.api.call("DELETE", &path).status, 204);
        } else {
            let job = rehearsal.api.call("POST", &format!("{path}/refresh"));
            rehearsal.api.ended(&text(&job.json()["id"]));
        }
    }
    rehearsal.board.document(&["live", "sync", "--all"]);
    rehearsal.equals();
    let gone = rehearsal.board.ids("status:deleted");
    assert_eq!(gone.len(), 3, "deleted there is deleted here");
    assert_eq!(rehearsal.board.rows(&["jobs"]).len() as u64, {
        let rows = rehearsal.board.rows(&["jobs"]);
        rows.iter().filter(|job| job["state"] != "running").count() as u64
    });
    rehearsal.board.healthy();
}

#[test]
fn a_first_look_that_is_cut_off_is_taken_up_where_it_was() {
    let rehearsal = Rehearsal::of(60);
    let mut dice = Dice(11);
    for _ in 0..4 {
        kill_after(rehearsal.board.start(&["live", "sync"]), dice.millis(400));
    }
    let before = rehearsal.proxy.arrived("GET", "/connections");
    rehearsal.sync();
    rehearsal.equals();
    let users = rehearsal.board.document(&["live", "status"])["users"]["size"]
        .as_u64()
        .unwrap();
    let after = rehearsal.proxy.arrived("GET", "/connections");
    assert!(after - before <= users as usize, "{before} {after} {users}");
    rehearsal.board.healthy();
}

#[test]
fn a_worker_reads_by_itself_and_survives_a_bad_network() {
    let rehearsal = Rehearsal::of(30);
    let mut dice = Dice(5);
    rehearsal.proxy.rule(move |_, _| match dice.below(12) {
        0 => Fault::Unsent,
        1 => Fault::Lost,
        2 => Fault::Cut(200),
        3 => Fault::Twice,
        4 => Fault::Answered(500, String::new(), "no".into()),
        _ => Fault::None,
    });
    let _worker = rehearsal.worker();
    until("the first look", || {
        let status = rehearsal.board.document(&["live", "status"]);
        status["users"]["known"] == status["users"]["size"]
            && shown(&rehearsal.board) == shown(rehearsal.source())
    });
}

#[test]
fn the_platform_is_asked_less_when_it_says_so() {
    let rehearsal = Rehearsal::of(20);
    let slow = Arc::new(AtomicUsize::new(1));
    let left = slow.clone();
    rehearsal.proxy.rule(move |_, _| {
        match left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)) {
            Ok(_) => Fault::Answered(429, "retry-after: 2\r\n".into(), "{}".into()),
            Err(_) => Fault::None,
        }
    });
    rehearsal.sync();
    let asked = rehearsal.proxy.asked();
    let pause = asked.windows(2).map(|two| two[1] - two[0]).max().unwrap();
    assert!(pause.as_millis() >= 1_900, "{pause:?}");
    let status = rehearsal.board.document(&["live", "status"]);
    assert!(
        status["callsPerSecond"].as_f64().unwrap() < 1_000.0,
        "{status:#}"
    );
    rehearsal.equals();
}

#[test]
fn the_budget_is_kept_by_three_processes() {
    let rehearsal = Rehearsal::on(crate::harness::Desk::new(30, 1, 0.0));
    let config = rehearsal.board.path("config.toml");
    let text_of = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text_of.replace("calls = 1000", "calls = 20")).unwrap();
    rehearsal.bring();
    let before = rehearsal.proxy.asked().len();
    let began = Instant::now();
    let mut all: Vec<_> = (0..3)
        .map(|_| rehearsal.board.start(&["live", "sync"]))
        .collect();
    for child in &mut all {
        child.wait().unwrap();
    }
    let asked = rehearsal.proxy.asked();
    let asked = &asked[before..];
    assert!(asked.len() >= 40, "{} calls", asked.len());
    // a call may come later than its turn and never earlier, however busy the machine is; turns are whole milliseconds
    for (calls, at) in (0..).zip(asked) {
        let turn = Duration::from_millis(50 * calls);
        let came = *at - began + Duration::from_millis(2);
        assert!(came >= turn, "call {calls} after {came:?}");
    }
    rehearsal.equals();
}

#[test]
fn users_come_from_lines_tables_and_documents_and_go_again() {
    let rehearsal = Rehearsal::on(crate::harness::Desk::new(10, 1, 0.0));
    let board = &rehearsal.board;
    let ids: Vec<String> = rehearsal
        .source()
        .rows(&["users"])
        .iter()
        .map(|u| text(&u["id"]))
        .collect();
    let table = format!("name,userId\nx,{}\n", ids[0]);
    let document = format!("{{\"type\":\"user\",\"id\":\"{}\"}}", ids[1]);
    for (input, added) in [
        (table.as_str(), 1),
        (table.as_str(), 0),
        (document.as_str(), 1),
    ] {
        let done = typed(board, &["live", "users", "add", "-", "--json"], input);
        assert_eq!(done.document()["added"], added, "{done:?}");
    }
    assert_eq!(board.rows(&["live", "users"]).len(), 2);
    let wrong = typed(board, &["live", "users", "add", "-"], "a b c");
    assert_eq!(wrong.exit, 2, "{wrong:?}");
    let removed = board.document(&["live", "users", "remove", &ids[0]]);
    assert_eq!(removed["removed"], true);
    assert_eq!(board.rows(&["live", "users"]).len(), 1);
    assert_eq!(board.run(&["live", "users", "remove", &ids[0]]).exit, 3);
    assert_eq!(board.audited("live-users"), 3);
}
