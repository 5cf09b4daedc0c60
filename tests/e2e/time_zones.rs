//! Screen and tables tell times in the zone of the reader and name it; JSON and CSV stay in UTC.

use super::harness::{Desk, Done};
use serde_json::json;

const BASE: &str = "https://api.example.test/users/u-1";

/// A connection used in the night that Sydney's clocks go back, and a job of another year under one of this.
fn world() -> Desk {
    let desk = Desk::empty(0.0);
    let connection = json!({"type": "connection", "id": "c-1", "status": "active",
        "createdDate": "2026-03-01T13:30:00Z", "lastUsed": "2026-04-04T15:30:00Z",
        "institution": {"type": "institution", "id": "AU00000"},
        "links": {"self": format!("{BASE}/connections/c-1"), "user": BASE}});
    let job = |id: &str, at: &str| {
        json!({"type": "job", "id": id, "created": at, "updated": at,
            "steps": [{"title": "verify-credentials", "status": "success", "result": null}],
            "links": {"source": format!("{BASE}/connections/c-1")}})
    };
    let documents = json!([
        {"type": "user", "id": "u-1", "email": "ada@example.test", "firstName": "Ada", "lastName": "Byron",
            "links": {"self": BASE}},
        connection,
        job("j-old", "2024-05-01T20:00:00Z"),
        job("j-new", "2026-04-04T16:30:00Z"),
    ]);
    std::fs::write(desk.path("world.json"), documents.to_string()).unwrap();
    let done = desk.run(&["import", "world.json"]);
    assert_eq!(done.exit, 0, "{done:?}");
    desk
}

fn run(desk: &Desk, zone: &str, words: &[&str]) -> Done {
    let mut words = words.to_vec();
    words.extend(["--at", "2026-04-04T16:45:00Z"]);
    let output = desk.command(&words).env("TZ", zone).output().unwrap();
    let done = super::harness::ended(output, &words);
    assert_eq!(done.exit, 0, "{done:?}");
    done
}

#[test]
fn tables_and_details_tell_local_time_and_name_the_zone() {
    let desk = world();
    for (zone, heading, made, created) in [
        (
            "UTC",
            "MADE (UTC)",
            "2026-04-04 16:30",
            "2026-03-01 13:30 UTC",
        ),
        (
            "Australia/Sydney",
            "MADE (Australia/Sydney)",
            "2026-04-05 02:30",
            "2026-03-02 00:30 AEDT",
        ),
        (
            "Asia/Kathmandu",
            "MADE (Asia/Kathmandu)",
            "2026-04-04 22:15",
            "2026-03-01 19:15 UTC+05:45",
        ),
    ] {
        let jobs = run(&desk, zone, &["jobs"]).out;
        assert!(jobs.contains(heading) && jobs.contains(made), "{jobs}");
        let job = run(&desk, zone, &["job", "j-new"]).out;
        assert!(job.contains(made), "{job}");
        let connection = run(&desk, zone, &["connection", "c-1"]).out;
        assert!(connection.contains(created), "{connection}");
    }
    // the hour that comes twice is told apart by the name of the zone
    let job = run(&desk, "Australia/Sydney", &["job", "j-new"]).out;
    assert!(job.contains("2026-04-05 02:30 AEST"), "{job}");
}

#[test]
fn the_board_names_the_zone_and_tells_day_and_year_of_older_jobs() {
    let desk = world();
    for (zone, clock, new) in [
        ("Australia/Sydney", "02:45 AEST", "02:30:00"),
        ("Asia/Kathmandu", "22:30 UTC+05:45", "22:15:00"),
        // it is the same day there, and the job of 2024 is from another year everywhere
        ("America/New_York", "12:45 EDT", "12:30:00"),
    ] {
        let board = run(&desk, zone, &["snapshot", "--size", "160x40"]).out;
        let head = board.lines().next().unwrap();
        assert!(head.contains(clock), "{head}");
        assert!(board.contains(new), "{board}");
        assert!(
            board.contains("2024-05-0") && !board.contains(" 05-0"),
            "{board}"
        );
    }
}

#[test]
fn what_programs_read_is_in_utc_in_every_zone() {
    let desk = world();
    for words in [
        &["connection", "c-1", "--json"][..],
        &["connections", "--csv"],
        &["jobs", "--json"],
        &["why", "c-1", "--json"],
        &["audit", "--jsonl"],
    ] {
        let (utc, sydney) = (
            run(&desk, "UTC", words).out,
            run(&desk, "Australia/Sydney", words).out,
        );
        assert_eq!(utc, sydney, "{words:?}");
    }
}

#[test]
fn the_configured_zone_beats_the_variable_and_an_unknown_one_is_said() {
    let desk = world().with("[ui]", "[ui]\ntimezone = \"Asia/Kathmandu\"");
    let jobs = run(&desk, "Australia/Sydney", &["jobs"]).out;
    assert!(jobs.contains("MADE (Asia/Kathmandu)"), "{jobs}");

    let desk = desk.with("Asia/Kathmandu", "Asia/Katmandoo");
    let done = desk.run(&["config", "check"]);
    assert_eq!(done.exit, 9, "{done:?}");
    assert!(
        done.err.contains("ui.timezone") && done.err.contains("2:"),
        "{done:?}"
    );

    let desk = desk.with("timezone = \"Asia/Katmandoo\"", "");
    let done = run(&desk, "Mars/Olympus", &["jobs"]);
    assert!(done.out.contains("MADE (UTC)"), "{done:?}");
    assert!(done.err.contains("`Mars/Olympus`"), "{done:?}");
}

#[test]
fn times_typed_in_filters_are_of_the_zone_in_which_they_are_shown() {
    let desk = world();
    // the connection is used at 02:30 AEDT on 5 April, which is 15:30 UTC on the 4th
    for (zone, filter, found) in [
        ("UTC", "last=2026-04-04", true),
        ("UTC", "last=2026-04-05", false),
        ("Australia/Sydney", "last=2026-04-05", true),
        ("Australia/Sydney", "last=2026-04-04", false),
        ("Australia/Sydney", "last>=2026-04-05T02:30", true),
        ("Australia/Sydney", "last>=2026-04-05T03:30", false),
        ("Australia/Sydney", "last=2026-04-04T15:30:00Z", true),
        ("Asia/Kathmandu", "last<2026-04-04T21:16", true),
        ("Asia/Kathmandu", "last<2026-04-04T21:15", false),
    ] {
        let out = run(&desk, zone, &["connections", filter, "--csv"]).out;
        assert_eq!(out.contains("c-1"), found, "{zone} {filter}: {out}");
        let keys = format!("/{}<enter>", filter.replace('<', "<lt>"));
        let board = run(&desk, zone, &["snapshot", "--keys", &keys]).out;
        assert_eq!(board.contains("c-1  "), found, "{zone} {filter}: {board}");
    }
    for (zone, filter, found) in [
        ("America/New_York", "created=2026-04-04", true),
        ("Australia/Sydney", "created=2026-04-04", false),
    ] {
        let out = run(&desk, zone, &["jobs", filter, "--csv"]).out;
        assert_eq!(out.contains("j-new"), found, "{zone} {filter}: {out}");
    }
}

#[test]
fn the_audit_is_asked_for_in_the_zone_in_which_it_is_shown() {
    let desk = world();
    let lines = |zone: &str, since: &str| {
        let words = ["audit", "--since", since, "--csv"];
        let output = desk.command(&words).env("TZ", zone).output().unwrap();
        let done = super::harness::ended(output, &words);
        assert_eq!(done.exit, 0, "{done:?}");
        done.out.lines().count()
    };
    // now is an hour that is tomorrow in one zone and today or yesterday in the other
    let first = desk.rows(&["audit"]).last().unwrap()["at"].clone();
    let at = first.as_str().unwrap().trim_end_matches('Z');
    let (utc, west) = (lines("UTC", at), lines("Etc/GMT+12", at));
    assert!(utc > 1, "as it is shown: {utc}");
    assert_eq!(west, 1, "twelve hours later there is none yet");
}
