//! A machine whose clock is wrong: nothing ends, in a worker, in `work --until-idle` and in the dashboard; `status`,
//! `doctor`, snapshot and dashboard say so. Skipped without libfaketime.

use super::clock_jumps::library;
use super::harness::{Desk, Done, ended, halt, until};
use super::sql_probe::Raw;
use super::tty::Tty;
use rustix::process::Signal;
use std::process::Stdio;

/// Everything of the demo world has run out by then.
const IN_2038: &str = "@2038-01-20 00:00:00";

fn at(library: &str, time: &str) -> [(&'static str, String); 4] {
    [
        ("LD_PRELOAD", library.to_owned()),
        ("FAKETIME", time.to_owned()),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".into()),
        ("DONT_FAKE_MONOTONIC", "1".into()),
    ]
}

fn run_at(desk: &Desk, library: &str, time: &str, words: &[&str]) -> Done {
    let mut command = desk.command(words);
    ended(command.envs(at(library, time)).output().unwrap(), words)
}

/// Consents, connections and data that are there, and what was told of their end: jobs may add to it.
fn all(desk: &Desk) -> Vec<i64> {
    let raw = Raw::of(desk);
    [
        "SELECT count(*) FROM consents WHERE status = 0",
        "SELECT count(*) FROM connections WHERE status <> 5",
        "SELECT count(*) FROM connections WHERE status = 3",
        "SELECT count(*) FROM accounts",
        "SELECT count(*) FROM transactions",
        "SELECT count(*) FROM auth_links",
        "SELECT -count(*) FROM events WHERE entity = 'consent' AND actor = 'upkeep'",
    ]
    .map(|sql| raw.number(sql))
    .to_vec()
}

fn nothing_ended(desk: &Desk, there: &[i64]) {
    let now = all(desk);
    let kept = now.iter().zip(there).all(|(now, then)| now >= then);
    assert!(kept, "{there:?} became {now:?}");
    assert_eq!(now[..2], there[..2]);
}

#[test]
fn a_demo_world_in_2038_ends_nothing() {
    let Some(library) = library() else {
        return;
    };
    let desk =
        Desk::new(40, 3, 0.0).with("[limits]", "[maintenance]\nending_grace = \"1s\"\n[limits]");
    let there = all(&desk);
    let run = |words: &[&str]| run_at(&desk, library, IN_2038, words);
    for _ in 0..3 {
        let worked = run(&["work", "--until-idle"]);
        assert_eq!(worked.exit, 0, "{worked:?}");
        assert!(worked.err.contains("the clock looks wrong"), "{worked:?}");
        nothing_ended(&desk, &there);
    }

    let size = (120, 40);
    let variables = at(library, IN_2038);
    let variables: Vec<_> = variables.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let mut board = Tty::open_with(&desk, size, &variables);
    board.sees("the clock looks wrong");
    board.sees("doctor --accept-clock");
    board.kill();
    nothing_ended(&desk, &there);
    let frame = run(&["snapshot", "--size", "120x40"]);
    assert!(frame.out.contains("the clock looks wrong"), "{frame:?}");

    let status = run(&["status"]);
    assert_eq!(status.exit, 6, "{status:?}");
    assert!(status.out.starts_with("CLOCK looks wrong: 1"), "{status:?}");
    let doctor = run(&["doctor", "--json"]);
    assert_eq!(doctor.exit, 8, "{doctor:?}");
    let findings = doctor.document()["findings"].to_string();
    assert!(findings.contains("doctor --accept-clock"), "{findings}");
    // the clock is right again: all is well
    assert!(!desk.run(&["status"]).out.contains("CLOCK"));
    desk.healthy();

    // a person says that it is 2038: then so many consents have run out that each is for a person
    let accepted = run(&["doctor", "--accept-clock", "--json"]);
    let findings = accepted.document()["findings"].to_string();
    assert!(findings.contains("ending_share"), "{findings}");
    assert_eq!(desk.audited("accept-clock"), 1);
    let status = run(&["status", "--json"]).document();
    assert_ne!(status["kind"], "clock");
    let worked = run(&["work", "--until-idle"]);
    assert!(worked.err.contains("have run out"), "{worked:?}");
    assert_eq!(all(&desk)[..2], there[..2]);
}

#[test]
fn a_worker_400_days_ahead_ends_nothing_and_says_so() {
    let Some(library) = library() else {
        return;
    };
    let desk = Desk::empty(0.0).with("[limits]", "[maintenance]\nending_grace = \"1s\"\n[limits]");
    desk.run(&["generate", "--connections", "0"]);
    let mobile = ["--mobile", "+61400111222"];
    let user = desk.document(&["user", "create", mobile[0], mobile[1]]);
    let user = user["id"].as_str().unwrap();
    desk.document(&["auth-link", "create", user]);
    let mut connect = desk.command(&[
        "connect",
        "--user",
        user,
        "--institution",
        "AU00000",
        "--login-id",
        "Whistler",
        "--password-stdin",
    ]);
    std::fs::write(desk.path("password"), "ShowBox\n").unwrap();
    let password = std::fs::File::open(desk.path("password")).unwrap();
    assert!(connect.stdin(password).output().unwrap().status.success());
    desk.work();
    let there = all(&desk);
    assert_eq!(there[..3], [1, 1, 1]);

    let said = std::fs::File::create(desk.path("said")).unwrap();
    let mut worker = desk
        .command(&["work"])
        .envs(at(library, "+400d"))
        .stdout(Stdio::null())
        .stderr(said)
        .spawn()
        .unwrap();
    let read = || std::fs::read_to_string(desk.path("said")).unwrap();
    until("it is told", || read().contains("the clock looks wrong"));
    // each refresh begins another round of maintenance
    for _ in 0..5 {
        let words = ["refresh", "--user", user, "--force-recent", "--wait"];
        let done = run_at(&desk, library, "+400d", &words);
        assert_eq!(done.exit, 0, "{done:?}");
    }
    halt(&worker, Signal::TERM);
    worker.wait().unwrap();
    nothing_ended(&desk, &there);
    assert_eq!(desk.run(&["auth-link", "show", user]).exit, 0);
}
