//! Answers that are none of the API: too long, by a gateway before the platform, or about a user who is gone. Each costs
//! its own part only, which is named, and none ends anything here.

use super::lost_answers::first;
use super::proxy::Fault;
use super::{Rehearsal, typed};
use crate::harness::{Done, PLAIN, ended, text};
use crate::settings::figure;
use std::io::Read as _;

/// Runs a command; answers also the most memory that it had, in MiB.
fn weighed(rehearsal: &Rehearsal, words: &[&str]) -> (Done, u64) {
    let mut child = rehearsal.board.start(words);
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    let mut out = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut all = String::new();
        out.read_to_string(&mut all).unwrap();
        all
    });
    while child.try_wait().unwrap().is_none() {
        let told = std::fs::read_to_string(&status).unwrap_or_default();
        let peak = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        most = peak.unwrap_or_default().max(most);
    }
    let out = reader.join().unwrap();
    let mut done = ended(child.wait_with_output().unwrap(), words);
    done.out = out;
    (done, most >> 10)
}

/// More than the program, one answer of 64 MiB and the beginnings of others need, and less than two such answers do.
const MOST_MIB: u64 = 160;

#[test]
fn an_answer_of_a_gigabyte_or_without_end_is_cut_off_and_grows_no_memory() {
    let rehearsal = Rehearsal::of(12);
    rehearsal.sync();
    let lists = |method: &str, path: &str| method == "GET" && path.ends_with("/connections");
    for (fault, name) in [
        (Fault::Long(Some(1 << 30)), "1 GiB"),
        (Fault::Long(None), "no end"),
    ] {
        let fault = fault.clone();
        rehearsal
            .proxy
            .rule(move |method, path| match lists(method, path) {
                true => fault.clone(),
                false => Fault::None,
            });
        let (done, most) = weighed(&rehearsal, &["live", "sync", "--all", "--json"]);
        assert_eq!(done.exit, 11, "{name}: {done:?}");
        let document = done.document();
        let unread = document["unread"].as_array().unwrap();
        let users = document["users"]["size"].as_u64().unwrap();
        assert_eq!(unread.len() as u64, users, "{document:#}");
        for part in unread {
            let part = text(part);
            assert!(
                part.contains("connections: the answer is longer than 64 MiB"),
                "{part}"
            );
        }
        assert!((1..MOST_MIB).contains(&most), "{name}: {most} MiB");
        figure(&format!(
            "{users} lists of {name}, four at a time: {most} MiB at most"
        ));
    }
    // the platform did answer, and what is here stays
    assert!(rehearsal.board.document(&["live", "status"])["trouble"].is_null());
    rehearsal.equals();
}

#[test]
fn an_act_whose_answer_is_too_long_is_looked_up() {
    let rehearsal = Rehearsal::of(20);
    let (id, _) = rehearsal.plain();
    first(
        &rehearsal,
        1,
        |method, _| method == "POST",
        Fault::Long(None),
    );
    // the call has to arrive, so the first one is the refresh itself
    let job = rehearsal
        .board
        .document(&["refresh", &id, "--force-recent", "--wait"]);
    assert_eq!(job["state"], "succeeded", "{job:#}");
    assert_eq!(rehearsal.outbox()[0]["state"], "accepted");
}

const PAGE: &str = "<html><body>404 Not Found</body></html>";

#[test]
fn a_404_of_a_gateway_ends_nothing() {
    let rehearsal = Rehearsal::of(20);
    rehearsal.sync();
    let before = rehearsal.board.ids("!status:deleted").len();
    for body in [PAGE, r#"{"message":"Not Found"}"#, ""] {
        rehearsal.proxy.rule(move |method, _| match method {
            "GET" => Fault::Answered(404, String::new(), body.into()),
            _ => Fault::None,
        });
        let done = rehearsal.board.run(&["live", "sync", "--all", "--json"]);
        assert_eq!(done.exit, 11, "{body}: {done:?}");
        let unread = done.document()["unread"].to_string();
        for part in ["banks", "the feed of changes", ", connections"] {
            let said = format!("{part}: HTTP 404, and not by the API");
            assert!(unread.contains(&said), "{body}: {unread}");
        }
        assert_eq!(
            rehearsal.board.ids("!status:deleted").len(),
            before,
            "{body}"
        );
    }
    let status = rehearsal.board.document(&["live", "status"]);
    assert_eq!(status["users"]["gone"], 0, "{status:#}");
    assert_eq!(status["notAllowed"], serde_json::json!([]), "{status:#}");
    // a revoke that a gateway answers is not done, and is sent again
    let id = rehearsal.source().one(PLAIN);
    let revokes = |method: &str, _: &str| method == "DELETE";
    first(
        &rehearsal,
        1,
        revokes,
        Fault::Answered(404, String::new(), PAGE.into()),
    );
    let bank = text(&rehearsal.board.connection(&id)["institution"]["name"]);
    let job = rehearsal
        .board
        .document(&["revoke", &id, "--confirm", &bank, "--wait"]);
    assert_eq!(job["state"], "succeeded", "{job:#}");
    assert_eq!(rehearsal.source().connection(&id)["status"], "deleted");
    assert_eq!(rehearsal.proxy.arrived("DELETE", &id), 1);
}

#[test]
fn one_part_that_cannot_be_read_is_named_and_the_rest_is_here() {
    let rehearsal = Rehearsal::of(20);
    let user = text(&rehearsal.source().rows(&["users"])[0]["id"]);
    let consents = format!("/users/{user}/consents");
    rehearsal
        .proxy
        .rule(move |_, path| match path.ends_with(&consents) {
            true => Fault::Answered(418, String::new(), "{}".into()),
            false => Fault::None,
        });
    let done = rehearsal.board.run(&["live", "sync"]);
    assert_eq!(done.exit, 11, "{done:?}");
    let named = format!("could not be read: user {user}, consents: HTTP 418");
    assert!(done.err.contains(&named), "{done:?}");
    assert!(done.err.contains("1 part could not be read"), "{done:?}");
    rehearsal.equals();
}

#[test]
fn who_is_gone_at_the_platform_has_no_connection_and_no_consent_here() {
    let rehearsal = Rehearsal::of(20);
    rehearsal.sync();
    let id = rehearsal.source().one(PLAIN);
    let user = text(&rehearsal.source().connection(&id)["userId"]);
    let active = || {
        let consents = rehearsal.board.rows(&["consents", "--user", &user]);
        consents
            .iter()
            .filter(|consent| consent["status"] == "active")
            .count()
    };
    assert_eq!(active(), 1);
    assert_eq!(
        rehearsal
            .api
            .call("DELETE", &format!("/users/{user}"))
            .status,
        204
    );
    rehearsal.board.document(&["live", "sync", "--all"]);
    assert_eq!(active(), 0);
    assert_eq!(rehearsal.board.connection(&id)["status"], "deleted");
    assert_eq!(
        rehearsal.board.document(&["live", "status"])["users"]["gone"],
        1
    );
    // what is gone is not brought back by bringing the user again
    let again = typed(
        &rehearsal.board,
        &["live", "users", "add", "-", "--json"],
        &user,
    );
    assert_eq!(again.document()["added"], 0);
    rehearsal.board.healthy();
}
