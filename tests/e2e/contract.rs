//! What scripts rely on: exit codes, names of fields, refusals that change nothing.

use super::harness::{Desk, Done, ended, text};
use serde_json::Value;
use std::process::Stdio;

fn desk() -> Desk {
    Desk::new(40, 4, 0.0)
}

fn has(value: &Value, names: &str) {
    for name in names.split(' ') {
        assert!(value.get(name).is_some(), "no {name}: {value:#}");
    }
}

#[test]
fn point_59_exit_codes_of_every_outcome() {
    let desk = desk();
    let active = desk.one("status:active acc>0");
    let failed = desk.one("status:failed");
    let gone = desk.one("status:deleted");
    std::fs::write(desk.path("foreign.db"), "these are notes, not a database").unwrap();
    std::fs::write(desk.path("empty.db"), "").unwrap();
    std::fs::write(desk.path("bad.toml"), "[jobs]\nleese = \"3s\"\n").unwrap();
    let table: &[(&[&str], i32)] = &[
        (&["connections"], 0),
        (&["connections", "id:zzzzzzzz"], 0),
        (&["--help"], 0),
        (&["--version"], 0),
        (&["connections", "--frobnicate"], 2),
        (&["frobnicate"], 2),
        (&["connections", "statsu:active"], 2),
        (&["connection"], 2),
        (&["connection", "00000000-0000-7000-8000-000000000000"], 3),
        (&["why", "nothing-like-it"], 3),
        (&["job", "nothing-like-it"], 3),
        (&["user", "nothing-like-it"], 3),
        (&["institution", "AU99999"], 3),
        (&["users", "nobody-like-it"], 0),
        (&["users", "monica@"], 2),
        (&["user", "create"], 4),
        (&["user", "create", "--email", "monica"], 4),
        (
            &[
                "user",
                "update",
                "nothing-like-it",
                "--email",
                "m@example.test",
            ],
            3,
        ),
        (
            &["--read-only", "user", "create", "--email", "m@example.test"],
            4,
        ),
        (&["auth-link", "show", "nothing-like-it"], 3),
        (&["accounts"], 2),
        (&["transactions", "--institution", "AU00000"], 2),
        (&["accounts", "--user", "nothing-like-it"], 3),
        (
            &[
                "enrich",
                "ho",
                "--institution",
                "AU00000",
                "--country",
                "AU",
            ],
            4,
        ),
        (&["event", "999999999"], 3),
        (&["events", "--type", "invalidatd"], 2),
        (&["refresh", "nothing-like-it"], 3),
        (&["purge", &failed], 4),
        (&["refresh", &gone], 4),
        (&["purge", &gone], 4),
        (&["purge", &active], 5),
        (&["purge", &active, "--confirm", "purge"], 5),
        (&["revoke", &active], 5),
        (&["revoke", &active, "--confirm", "yes"], 5),
        (&["purge", &active, "--dry-run"], 0),
        (&["revoke", &active, "--dry-run"], 0),
        (&["--read-only", "refresh", &active], 4),
        (&["--db", "nowhere/w.db", "generate"], 7),
        (&["--db", "nowhere/w.db", "connections"], 7),
        (&["--db", "foreign.db", "connections"], 8),
        (&["--db", "empty.db", "connections"], 8),
        (&["--db", ".", "connections"], 8),
        (&["--config", "bad.toml", "connections"], 9),
        (&["--config", "none.toml", "connections"], 9),
        (&["audit", "verify"], 0),
        (&["config", "check"], 0),
        (&["doctor"], 0),
        (&[], 2),
    ];
    let before = desk.run(&["connections", "--json"]).out;
    for (words, exit) in table {
        let done = desk.run(words);
        assert_eq!(done.exit, *exit, "{words:?}: {done:?}");
        assert!(
            *exit == 0 || !done.err.is_empty(),
            "it says why: {words:?}: {done:?}"
        );
    }
    assert_eq!(
        desk.run(&["connections", "--json"]).out,
        before,
        "nothing was changed"
    );
    assert_eq!(
        std::fs::read_to_string(desk.path("foreign.db")).unwrap(),
        "these are notes, not a database"
    );
    assert_eq!(std::fs::read(desk.path("empty.db")).unwrap(), b"");
}

#[test]
fn errors_are_json_with_json_output() {
    let desk = desk();
    let failed = desk.one("status:failed");
    let table: &[(&[&str], i64)] = &[
        (&["connections", "--frobnicate"], 2),
        (&["connection", "nobody"], 3),
        (&["purge", &failed], 4),
    ];
    for (words, exit) in table {
        let done = desk.run(&[words, &["--json"][..]].concat());
        let document = done.document();
        has(&document, "schemaVersion type code title detail exit");
        assert_eq!(
            (&document["type"], &document["exit"]),
            (&"error".into(), &(*exit).into()),
            "{document}"
        );
        assert_eq!(i64::from(done.exit), *exit);
        assert!(!done.err.is_empty());
    }
}

#[test]
fn a_wait_that_times_out_names_its_job() {
    let desk = desk();
    let made = desk
        .run(&["user", "create", "--email", "monica@example.test", "--json"])
        .document();
    let user = text(&made["id"]);
    let connect = [
        "connect",
        "--user",
        &user,
        "--institution",
        "AU00000",
        "--method",
        "openbanking",
    ];
    // nobody authorises it
    let late = desk.run(&[&connect[..], &["--wait", "--timeout", "200ms", "--json"]].concat());
    let document = late.document();
    assert_eq!(
        (late.exit, &document["code"]),
        (12, &"timed-out".into()),
        "{late:?}"
    );
    let job = desk.job(&text(&document["jobId"]));
    assert_eq!(job["connectionId"], document["connectionId"]);
}

#[test]
fn documents_have_the_documented_fields() {
    let desk = desk();
    let id = desk.one("status:active acc>0");
    let list = desk.document(&["connections", "--limit", "3"]);
    has(&list, "schemaVersion type count size data next");
    assert_eq!((&list["count"], &list["size"]), (&3.into(), &40.into()));
    let fields = "type id userId userName institution method status label attention since createdDate lastUsed \
        expiryDate accounts transactions lastJob";
    has(&list["data"][0], fields);
    has(&list["data"][0]["institution"], "id name");
    let one = desk.connection(&id);
    has(&one, fields);
    has(
        &one,
        "schemaVersion profile accountList jobs allowed refused",
    );
    has(&one["lastJob"], "id kind label code step");
    let job = desk.job(&text(&one["lastJob"]["id"]));
    has(
        &job,
        "schemaVersion type id connectionId userId institution kind label state created updated ended attempt \
        nextAttempt steps deduplicated",
    );
    has(&job["steps"][0], "title status started ended result");
    for action in ["refresh", "purge", "revoke"] {
        let plan = desk.document(&[action, &id, "--dry-run"]);
        has(&plan, "schemaVersion type id action made items totals");
        has(&plan["items"][0], "connectionId outcome reason");
        assert_eq!(
            (&plan["type"], &plan["action"]),
            (&"plan".into(), &action.into()),
            "{plan:#}"
        );
    }
    has(
        &desk.document(&["doctor"]),
        "applicationId userVersion sqlite journalMode synchronous secureDelete integrity foreignKeys audit walBytes \
        freelist modes workers ok",
    );
    has(
        &desk.document(&["doctor"])["audit"],
        "ok checked firstBadSeq kind",
    );
    let events = desk.run(&["events", "--jsonl", "--limit", "5"]);
    for line in events.out.lines() {
        has(
            &serde_json::from_str(line).unwrap(),
            "type id seq createdDate entity eventType userId connectionId jobId",
        );
    }
    assert_eq!(events.out.lines().count(), 5);
    assert_eq!(
        desk.run(&["purge", &id, "--confirm", &super::harness::purge_words(&id)])
            .exit,
        0
    );
    has(
        &desk.rows(&["audit"])[0],
        "seq at actor face action target outcome reason mac",
    );
}

#[test]
fn one_seed_generates_one_world() {
    let (one, two) = (desk(), desk());
    for words in [
        &["connections", "--json"][..],
        &["jobs", "--jsonl"],
        &["events", "--jsonl"],
        &["institutions"],
    ] {
        let at = [words, &["--at", "2026-03-10T09:41:07Z"][..]].concat();
        let (first, second) = (one.run(&at), two.run(&at));
        assert_eq!((first.exit, first.out.is_empty()), (0, false), "{first:?}");
        assert_eq!(first.out, second.out, "{words:?}");
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    let desk = desk();
    for _ in 0..20 {
        let mut child = desk
            .command(&["jobs", "--jsonl"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let done: Done = ended(child.wait_with_output().unwrap(), &["jobs"]);
        assert!([0, 141].contains(&done.exit), "{done:?}");
        assert_eq!(done.err, "");
    }
}

#[test]
fn secrets_are_not_arguments_and_not_printed() {
    let desk = desk();
    let user = desk.connection(&desk.one("status:active"))["userId"]
        .as_str()
        .unwrap()
        .to_owned();
    for flag in ["--password", "--security-code"] {
        let done = desk.run(&[
            "connect",
            "--user",
            &user,
            "--institution",
            "AU00000",
            flag,
            "hunter2-hunter2",
        ]);
        assert_eq!(done.exit, 2, "{done:?}");
        assert!(!format!("{done:?}").contains("hunter2"), "{done:?}");
    }
    // without a terminal it says how to pass the password
    let done = desk.run(&[
        "connect",
        "--user",
        &user,
        "--institution",
        "AU00000",
        "--login-id",
        "jared",
    ]);
    assert!(done.exit == 2 || done.exit == 5, "{done:?}");
    assert!(done.err.contains("--password-stdin"), "{done:?}");
}

#[test]
fn point_07_a_dashboard_without_a_terminal_writes_no_escape_sequence() {
    let desk = desk();
    for words in [&[][..], &["demo"]] {
        let done = desk.run(words);
        assert_eq!((done.exit, done.out.as_str()), (2, ""), "{done:?}");
        assert!(
            done.err.contains("terminal") && !done.err.contains('\x1b'),
            "{done:?}"
        );
    }
}
