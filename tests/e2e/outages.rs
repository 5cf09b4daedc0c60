//! A bank is down for the whole time of retries, an hour shortened to milliseconds: when it is asked again, when that
//! ends, and that the job succeeds once the bank works again.

use super::harness::{Desk, PLAIN, halt, text, until};
use super::settings;
use super::sql_probe::Raw;
use rustix::process::Signal;

/// Waits of two hours in seven days.
const WEEK: i64 = 84;

fn desk(rounds: i64) -> Desk {
    let retry = format!(
        "retry_every = \"100ms\"\nretry_for = \"{}ms\"",
        100 * rounds
    );
    let desk = Desk::new(40, 5, 0.0).with("retry_every = \"200ms\"\nretry_for = \"1s\"", &retry);
    desk.with("speed = 0.0", "speed = 0.0\nretry = true")
}

/// When each attempt ended without success, in milliseconds since the job was made.
fn failures(raw: &Raw, job: &str) -> Vec<i64> {
    let sql = format!(
        "SELECT e.at - j.created FROM events e JOIN jobs j ON j.id = e.job_id WHERE j.id = '{job}' AND e.type = 'updated'
         ORDER BY e.seq"
    );
    // each attempt has two events: its claim and its failure
    let told: Vec<i64> = raw
        .lines(&sql)
        .iter()
        .map(|line| line.parse().unwrap())
        .collect();
    told.chunks(2)
        .filter_map(|pair| pair.get(1).copied())
        .collect()
}

#[test]
fn an_outage_is_retried_until_the_time_for_retries_ends() {
    outage_of(20);
}

#[test]
#[ignore = "long: run by ./check --full"]
fn an_outage_is_retried_until_the_time_for_retries_ends_long() {
    outage_of(84);
}

fn outage_of(waits: u64) {
    let week = waits as i64;
    let desk = desk(week);
    desk.work();
    let id = desk.one(PLAIN);
    let (_, bank) = desk.pair(&id);
    let raw = Raw::of(&desk);
    let mut worker = desk.start(&["work"]);
    desk.document(&["sandbox", "outage", bank.as_str(), "--for", "1h"]);
    let job = text(&desk.document(&["refresh", &id, "--force-recent"])["id"]);
    until("the second attempt", || raw.job(&job).epoch >= 2);
    let meanwhile = desk.connection(&id);
    assert_eq!(
        meanwhile["label"], "Active",
        "it stays what it was while it is tried again"
    );
    until("the end of the job", || !raw.job(&job).open);
    let ended = desk.job(&job);
    assert_eq!(
        (&ended["state"], &ended["label"]),
        (&"failed".into(), &"Failed".into()),
        "{ended:#}"
    );
    assert_eq!(
        ended["steps"][0]["result"]["code"], "service-unavailable",
        "{ended:#}"
    );
    let failed = failures(&raw, &job);
    assert_eq!(
        ended["attempt"],
        failed.len(),
        "every attempt is told of: {failed:?}"
    );
    let apart: Vec<i64> = failed.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(
        apart.iter().all(|gap| *gap >= 100),
        "one came too early: {failed:?}"
    );
    assert!(failed.len() as i64 <= week + 1, "{failed:?}");
    assert!(
        *failed.last().unwrap() > (week - 1) * 100,
        "given up early: {failed:?}"
    );
    assert_eq!(desk.connection(&id)["status"], "invalid");
    let told = desk.rows(&["events"]);
    let invalidated = |e: &&serde_json::Value| {
        e["eventType"] == "invalidated" && e["connectionId"] == id.as_str()
    };
    assert_eq!(
        told.iter().filter(invalidated).count(),
        0,
        "the user did nothing that ended it"
    );

    // the bank works again: the same job continues and succeeds
    let again = text(&desk.document(&["refresh", &id, "--force-recent"])["id"]);
    until("some attempts", || raw.job(&again).epoch >= 4);
    desk.document(&["sandbox", "outage", bank.as_str(), "--for", "0s"]);
    until("the end of the job", || !raw.job(&again).open);
    let job = desk.job(&again);
    assert_eq!(job["state"], "succeeded", "{job:#}");
    assert_eq!(desk.connection(&id)["status"], "active");
    halt(&worker, Signal::TERM);
    worker.wait().unwrap();
    desk.healthy();
    settings::figure(&format!(
        "an outage of {week} waits of 100 ms: {} retries of at most {week} (the rest is what attempts took), none early, \
         {} ms apart on the average, given up after {} ms; mended, it was active after {} attempts",
        failed.len() - 1,
        apart.iter().sum::<i64>() / apart.len().max(1) as i64,
        failed.last().unwrap(),
        job["attempt"],
    ));
    assert!(week <= WEEK, "a week has no more");
}
