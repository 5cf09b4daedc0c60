//! Many purges at a time: they share the scrubs and the searches of the file, and each has its own proof.

use super::harness::{Desk, Done, dead, kill, purge_words, text, until};
use super::settings;
use super::sql_probe::Raw;
use rusqlite::Connection;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Active connections with data, each of another user or at another bank.
fn pairs(desk: &Desk, most: usize) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let rows = desk.rows(&["connections", "status:active acc>0"]);
    let ids = rows.iter().filter_map(|row| {
        let pair = (text(&row["userId"]), text(&row["institution"]["id"]));
        seen.insert(pair).then(|| text(&row["id"]))
    });
    ids.take(most).collect()
}

fn purge(desk: &Desk, ids: &[String]) -> Done {
    let words = format!("purge {}", ids.len());
    let mut all = vec!["purge"];
    all.extend(ids.iter().map(String::as_str));
    all.extend(["--confirm", &words, "--reason", "asked for"]);
    desk.run(&all)
}

fn newest(desk: &Desk, id: &str) -> Value {
    desk.rows(&["jobs", &format!("connection:{id} kind:purge")])
        .remove(0)
}

/// How many values the proof of the newest purge searched for; all that were stored, and none was found.
fn proven(desk: &Desk, id: &str) -> u64 {
    let job = newest(desk, id);
    assert_eq!(job["state"], "succeeded", "{job:#}");
    let proof = desk.document(&["certificate", &text(&job["id"]), "--verify"]);
    assert_eq!(
        (&proof["needles"], &proof["hits"], &proof["holds"]),
        (&proof["values"]["stored"], &0.into(), &true.into()),
        "{proof:#}"
    );
    proof["needles"].as_u64().unwrap()
}

/// A reader of the file that lets no scrub come to its end, until it is dropped.
fn reader(desk: &Desk) -> Connection {
    let conn = Connection::open(desk.path("w.db")).unwrap();
    conn.execute_batch("BEGIN").unwrap();
    let _: i64 = conn
        .query_row("SELECT count(*) FROM connections", [], |r| r.get(0))
        .unwrap();
    conn
}

/// How often the file was rewritten: SQLite counts that with the changes of the schema.
fn rewritten(desk: &Desk) -> i64 {
    Raw::of(desk).number("PRAGMA schema_version")
}

#[test]
fn purges_of_a_plan_share_scrubs_and_each_has_its_own_proof() {
    let desk = Desk::new(80, 4, 0.0);
    let ids = pairs(&desk, 24);
    assert_eq!(ids.len(), 24);
    // one by one in a copy of the same world: as many values, and a rewriting each
    let alone = Desk::new(80, 4, 0.0);
    let before = rewritten(&alone);
    let mut values = Vec::new();
    for id in &ids[..3] {
        let done = alone.run(&["purge", id, "--confirm", &purge_words(id)]);
        assert_eq!(done.exit, 0, "{done:?}");
        values.push(proven(&alone, id));
    }
    assert_eq!(rewritten(&alone) - before, 3);
    let before = rewritten(&desk);
    let done = purge(&desk, &ids);
    assert_eq!(done.exit, 0, "{done:?}");
    let times = rewritten(&desk) - before;
    assert!((1..=12).contains(&times), "rewritten {times} times");
    let found: Vec<u64> = ids.iter().map(|id| proven(&desk, id)).collect();
    assert_eq!(found[..3], values);
    assert!(found.iter().all(|needles| *needles > 0), "{found:?}");
    desk.healthy();
}

#[test]
fn a_value_that_is_found_fails_its_own_purge_and_no_other_of_the_plan() {
    let desk = Desk::new(80, 4, 0.0);
    let ids = pairs(&desk, 6);
    let (user, bank) = desk.pair(&ids[2]);
    let other = |at: usize| {
        let (user, bank) = desk.pair(&ids[at]);
        desk.private(Some((&user, &bank)))
    };
    let shared: BTreeSet<String> = (0..6).filter(|at| *at != 2).flat_map(other).collect();
    let mut own = desk.private(Some((&user, &bank)));
    own.retain(|value| value.len() >= 8 && !shared.iter().any(|other| other.contains(value)));
    let leak = own.pop_first().expect("a value of this user only");
    let raw = Connection::open(desk.path("w.db")).unwrap();
    raw.execute("INSERT INTO meta (key, value) VALUES ('note', ?1)", [&leak])
        .unwrap();
    drop(raw);
    let done = purge(&desk, &ids);
    assert_eq!(done.exit, 11, "{done:?}");
    for (at, id) in ids.iter().enumerate() {
        if at != 2 {
            assert!(proven(&desk, id) > 0);
        }
    }
    let failed = newest(&desk, &ids[2]);
    assert_eq!(failed["state"], "failed", "{failed:#}");
    assert!(failed.to_string().contains("1 of "), "{failed:#}");
    let refused = desk.run(&["certificate", &text(&failed["id"])]);
    assert_eq!(refused.exit, 3, "{refused:?}");
}

#[test]
fn work_until_idle_names_a_purge_that_still_waits_and_ends_with_12() {
    let desk = Desk::new(30, 4, 0.0).hasty();
    let id = &pairs(&desk, 1)[0];
    let reading = reader(&desk);
    desk.run(&["purge", id, "--confirm", &purge_words(id)]);
    let job = newest(&desk, id);
    assert_eq!(job["state"], "queued", "{job:#}");
    let raw = Raw::of(&desk);
    let held = "SELECT count(*) FROM jobs WHERE open = 1 AND kind = 3 AND owner IS NOT NULL";
    assert_eq!(raw.number(held), 0, "nobody holds a purge that waits");
    let ended = desk.run(&["work", "--until-idle"]);
    let short = text(&job["id"]);
    let short = &short[short.len() - 6..];
    assert_eq!(ended.exit, 12, "{ended:?}");
    assert!(
        ended.err.contains(short) && ended.err.contains("another program is reading the file"),
        "{ended:?}"
    );
    assert_eq!(raw.number(held), 0);
    drop((reading, raw));
    desk.work();
    assert!(proven(&desk, id) > 0);
}

#[test]
fn work_until_idle_goes_on_until_a_purge_that_waited_is_done() {
    let desk = Desk::new(30, 4, 0.0).hasty();
    let ids = pairs(&desk, 2);
    let reading = reader(&desk);
    desk.run(&["purge", &ids[0], "--confirm", &purge_words(&ids[0])]);
    // ordered by a process that dies before it has begun to delete or while it waits
    let mut asker = desk.start(&[
        "purge",
        &ids[1],
        "--confirm",
        &purge_words(&ids[1]),
        "--wait",
    ]);
    until("the order", || {
        Raw::of(&desk).number("SELECT count(*) FROM search_lists") == 2
    });
    kill(&mut asker);
    let mut worker = desk.start(&["work", "--until-idle"]);
    until("a worker", || {
        Raw::of(&desk).number("SELECT count(*) FROM workers") > 0
    });
    assert!(!dead(&mut worker), "two purges wait");
    drop(reading);
    let output = worker.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    for id in &ids {
        assert!(proven(&desk, id) > 0);
    }
}

#[test]
fn work_until_idle_names_an_erasure_that_still_waits() {
    let desk = Desk::new(30, 4, 0.0).hasty();
    let (user, _) = desk.pair(&pairs(&desk, 1)[0]);
    let reading = reader(&desk);
    let words = format!("erase {}", &user[user.len() - 3..]);
    let mut asker = desk.start(&[
        "erase",
        "--user",
        &user,
        "--confirm",
        &words,
        "--reason",
        "r",
    ]);
    until("the order", || {
        Raw::of(&desk).number("SELECT count(*) FROM search_lists") > 1
    });
    kill(&mut asker);
    let ended = desk.run(&["work", "--until-idle"]);
    assert_eq!(ended.exit, 12, "{ended:?}");
    assert!(ended.err.contains("erase"), "{ended:?}");
    drop(reading);
    desk.work();
    let left = desk.rows(&["connections", &format!("user:{user} acc>0")]);
    assert!(left.is_empty(), "{left:?}");
    desk.healthy();
}

#[test]
#[ignore = "long: run by ./check --full"]
fn many_purges_of_a_large_file_take_seconds_in_all_long() {
    let desk = Desk::new(2_000, 45, 0.0);
    let size = std::fs::metadata(desk.path("w.db")).unwrap().len() >> 20;
    let ids = pairs(&desk, 200);
    assert_eq!(ids.len(), 200);
    let over = AtomicBool::new(false);
    let before = rewritten(&desk);
    let (took, slowest, written) = std::thread::scope(|threads| {
        let writer = threads.spawn(|| {
            let (mut slowest, mut written) = (Duration::ZERO, 0);
            while !over.load(Ordering::SeqCst) {
                let began = Instant::now();
                let email = format!("writer{written}@example.test");
                let done = desk.run(&["user", "create", "--email", &email]);
                assert_eq!(done.exit, 0, "{done:?}");
                slowest = slowest.max(began.elapsed());
                written += 1;
            }
            (slowest, written)
        });
        let began = Instant::now();
        let done = purge(&desk, &ids);
        // those that a reader held up
        desk.work();
        let took = began.elapsed();
        over.store(true, Ordering::SeqCst);
        assert_eq!(done.exit, 0, "{done:?}");
        let (slowest, written) = writer.join().unwrap();
        (took, slowest, written)
    });
    let times = rewritten(&desk) - before;
    let values: u64 = ids.iter().map(|id| proven(&desk, id)).sum();
    desk.healthy();
    settings::figure(&format!(
        "200 purges of {size} MiB in {:.1} s, the file rewritten {times} times, {values} values searched for, all \
         proven; beside them {written} writes, the slowest {} ms",
        took.as_secs_f64(),
        slowest.as_millis()
    ));
}
