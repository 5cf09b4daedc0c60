//! Purges that are ended in every way: by the command, in bulk, under a reader, killed and taken over, from the board.
//! Each has a certificate whose count is the number of values that were stored.

use super::harness::{Desk, kill, purge_words, text, until};
use super::settings;
use super::sql_probe::Raw;
use super::tty::Tty;
use serde_json::Value;
use std::path::Path;

/// Purges in one world; more are done in further worlds.
const EACH: u64 = 20;

/// How many ways there are to end a purge; one of them purges two at a time.
const WAYS: u64 = 5;

/// How many values are stored for a connection: what an undisturbed purge of a copy of the database searches for.
fn stored(desk: &Desk, id: &str) -> u64 {
    let copy = tempfile::tempdir().unwrap();
    for (path, bytes) in desk.files() {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.starts_with("w.db") && !name.ends_with("-shm") {
            let to = copy.path().join(name);
            std::fs::write(&to, bytes).unwrap();
            private(&to);
        }
    }
    let words = purge_words(id);
    let mut purge = desk.command(&["purge", id, "--confirm", &words, "--wait", "--json"]);
    purge.env("SWITCHBOARD_DB", copy.path().join("w.db"));
    let output = purge.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let job: Value = serde_json::from_slice(&output.stdout).unwrap();
    let values = job["certificate"]["values"]["stored"].as_u64().unwrap();
    assert!(values > 0, "{job:#}");
    values
}

fn private(path: &Path) {
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(path, mode).unwrap();
}

/// A reader that holds the log, until it is dropped.
fn reader(desk: &Desk) -> rusqlite::Connection {
    let conn = rusqlite::Connection::open(desk.path("w.db")).unwrap();
    conn.execute_batch("BEGIN").unwrap();
    let _: i64 = conn
        .query_row("SELECT count(*) FROM connections", [], |r| r.get(0))
        .unwrap();
    conn
}

fn newest(desk: &Desk, id: &str) -> Option<Value> {
    let jobs = desk.rows(&["jobs", &format!("connection:{id} kind:purge")]);
    jobs.into_iter().next()
}

/// The purge of this connection has ended, and its certificate counts what was stored.
fn proven(desk: &Desk, id: &str, stored: u64) {
    let job = newest(desk, id).expect("it was purged");
    assert_eq!(job["state"], "succeeded", "{job:#}");
    let proof = desk.document(&["certificate", &text(&job["id"]), "--verify"]);
    assert_eq!(
        (
            &proof["needles"],
            &proof["values"]["stored"],
            &proof["hits"]
        ),
        (&stored.into(), &stored.into(), &0.into()),
        "{proof:#}"
    );
    assert_eq!(proof["holds"], true, "{proof:#}");
}

fn ordinary(desk: &Desk, id: &str) {
    let done = desk.run(&["purge", id, "--confirm", &purge_words(id), "--wait"]);
    assert_eq!(done.exit, 0, "{done:?}");
}

fn bulk(desk: &Desk, ids: [&str; 2]) {
    let [one, two] = ids;
    let done = desk.run(&[
        "purge",
        one,
        two,
        "--confirm",
        "purge 2",
        "--reason",
        "asked for",
    ]);
    assert_eq!(done.exit, 0, "{done:?}");
}

fn under_a_reader(desk: &Desk, id: &str) {
    let reading = reader(desk);
    desk.run(&["purge", id, "--confirm", &purge_words(id)]);
    let job = newest(desk, id).expect("it was begun");
    assert_ne!(job["state"], "succeeded", "a reader is in the way: {job:#}");
    drop(reading);
    desk.work();
}

/// Killed when the order is on the disk.
fn killed(desk: &Desk, id: &str) {
    let raw = Raw::of(desk);
    let orders = || raw.number("SELECT count(*) FROM search_lists");
    // the purge cannot come to its end
    let reading = reader(desk);
    let mut child = desk.start(&["purge", id, "--confirm", &purge_words(id), "--wait"]);
    until("the order", || orders() > 0);
    kill(&mut child);
    drop(reading);
    desk.work();
}

fn from_the_board(desk: &Desk, id: &str) {
    let reading = reader(desk);
    let mut tty = Tty::started(desk, (120, 40));
    tty.goes_to(id);
    tty.types("P");
    tty.sees("not armed");
    tty.types(&purge_words(id));
    tty.loses("not armed");
    tty.types("\t");
    tty.sees("[>Purge<]");
    tty.insists("\r", "a purge", |screen| screen.contains("Purged: "));
    drop(reading);
    until("the end of the purge", || {
        newest(desk, id).is_some_and(|job| job["state"] == "succeeded")
    });
    tty.types("q");
    assert_eq!(tty.ends(), 0);
}

fn purge(rounds: u64) {
    let (mut done, mut world, mut values, mut turn) = (0, 0, 0, 0);
    let mut ways = [0_u64; WAYS as usize];
    while done < rounds {
        let desk = Desk::seeded(settings::seed() + world, 80, 10, 0.0).hasty();
        world += 1;
        desk.work();
        // one of each pair of user and bank: a purge takes all of the pair
        let mut pairs = std::collections::BTreeSet::new();
        let ids = desk.ids("status:active acc>0");
        let mut ids = ids.iter().filter(|id| pairs.insert(desk.pair(id)));
        let most = rounds.min(done + EACH);
        while done < most
            && let Some(id) = ids.next()
        {
            let way = (turn % WAYS) as usize;
            turn += 1;
            let expected = stored(&desk, id);
            values += expected;
            match way {
                0 => ordinary(&desk, id),
                1 => {
                    if let Some(second) = ids.next() {
                        let other = stored(&desk, second);
                        bulk(&desk, [id, second]);
                        proven(&desk, second, other);
                        values += other;
                        (done, ways[1]) = (done + 1, ways[1] + 1);
                    } else {
                        ordinary(&desk, id);
                    }
                }
                2 => under_a_reader(&desk, id),
                3 => killed(&desk, id),
                _ => from_the_board(&desk, id),
            }
            (done, ways[way]) = (done + 1, ways[way] + 1);
            proven(&desk, id, expected);
        }
        assert_eq!(
            Raw::of(&desk).number("SELECT count(*) FROM search_lists"),
            0
        );
        desk.healthy();
    }
    settings::figure(&format!(
        "{done} purges ({} single, {} in bulk, {} under a reader, {} killed, {} from the board), {values} values stored \
         and searched for, every certificate counts what was stored",
        ways[0], ways[1], ways[2], ways[3], ways[4]
    ));
}

#[test]
fn every_certificate_counts_what_was_stored() {
    purge(6);
}

#[test]
#[ignore = "long: run by ./check --full"]
fn every_certificate_counts_what_was_stored_long() {
    purge(300);
}
