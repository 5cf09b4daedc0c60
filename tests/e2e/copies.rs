//! `backup` and `export`: copies made beside writers, their use, and what they refuse.

use super::harness::{Desk, hits, purge_words, text};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

const BESIDE: [&str; 4] = ["", ".master", ".keys", ".audit"];

fn users(desk: &Desk, file: &str) -> Vec<String> {
    let rows = desk.rows(&["users", "--db", file]);
    rows.iter().map(|row| text(&row["id"])).collect()
}

/// A desk with the files of a copy as its own.
fn restored(desk: &Desk, file: &str) -> Desk {
    let other = Desk::empty(0.0).of_world(desk);
    for end in BESIDE {
        let from = desk.path(&format!("{file}{end}"));
        fs::copy(from, other.path(&format!("w.db{end}"))).unwrap();
    }
    other
}

fn no_copy(desk: &Desk, file: &str) {
    for end in BESIDE.iter().chain(&[".partial", "-wal", "-shm"]) {
        let path = desk.path(&format!("{file}{end}"));
        assert!(!path.exists(), "{path:?} was left");
    }
}

/// Makes so many copies beside a worker and a process that makes users; each is whole.
fn beside_writers(copies: usize) {
    let desk = Arc::new(Desk::new(24, 4, 0.0));
    let done = desk.run(&["refresh", "--filter", "status:active", "--plan", "--json"]);
    assert_eq!(done.exit, 0, "{done:?}");
    let plan = text(&done.document()["id"]);
    let words = text(&done.document()["confirm"]);
    let mut worker = desk.start(&["work"]);
    let (stop, made) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(Mutex::new(vec![])),
    );
    let writer = thread::spawn({
        let (desk, stop, made) = (desk.clone(), stop.clone(), made.clone());
        move || {
            let mut n = 0;
            while !stop.load(Ordering::Relaxed) {
                let email = format!("user{n}@example.test");
                let user = desk.document(&["user", "create", "--email", &email]);
                made.lock().unwrap().push(text(&user["id"]));
                n += 1;
            }
        }
    });
    let applied = desk.run(&["apply", &plan, "--confirm", &words]);
    assert!([0, 11].contains(&applied.exit), "{applied:?}");
    let mut before = 0;
    for n in 0..copies {
        let file = format!("copy{n}.db");
        let acknowledged = made.lock().unwrap().clone();
        let copied = desk.document(&["backup", &file]);
        assert_eq!(copied["files"].as_array().unwrap().len(), BESIDE.len());
        for end in BESIDE {
            let meta = fs::metadata(desk.path(&format!("{file}{end}"))).unwrap();
            assert_eq!(meta.permissions().mode() & 0o777, 0o600, "{file}{end}");
        }
        let doctor = desk.document(&["doctor", "--deep", "--db", &file]);
        assert_eq!(doctor["ok"], true, "{doctor:#}");
        let found = users(&desk, &file);
        for id in &acknowledged {
            assert!(
                found.contains(id),
                "{file} lacks a user that was acknowledged before"
            );
        }
        assert!(found.len() >= before, "a later copy holds no less");
        before = found.len();
    }
    stop.store(true, Ordering::Relaxed);
    writer.join().unwrap();
    super::harness::kill(&mut worker);
    assert!(
        made.lock().unwrap().len() > 1,
        "somebody wrote beside the copies"
    );
    desk.healthy();
}

#[test]
fn copies_made_beside_writers_are_whole() {
    beside_writers(6);
}

#[test]
#[ignore = "long, 100 copies beside two writers: run by ./check --full"]
fn copies_made_beside_writers_are_whole_long() {
    beside_writers(100);
    super::settings::figure(
        "100 copies beside a worker and a process that makes users: 100 whole, 0600, none lacks what was acknowledged",
    );
}

#[test]
fn a_restored_copy_works_and_is_of_its_moment() {
    let desk = Desk::new(12, 3, 0.0);
    let at = ["--at", "2026-03-10T09:41:07Z"];
    let list = |desk: &Desk| {
        desk.run(&[&["connections", "--json"][..], &at].concat())
            .out
    };
    let before = list(&desk);
    let done = desk.run(&["backup", "copy.db"]);
    assert_eq!(done.exit, 0, "{done:?}");
    assert!(
        done.out.lines().any(|line| line == "copy.db.master"),
        "{done:?}"
    );
    assert!(done.err.contains("keep the .master file apart"), "{done:?}");
    assert_eq!(desk.audited("backup"), 1);
    // what comes later is not in it
    let id = desk.one("status:active acc>0");
    let purged = desk.run(&["purge", &id, "--confirm", &purge_words(&id)]);
    assert_eq!(purged.exit, 0, "{purged:?}");
    assert_ne!(list(&desk), before);

    let other = restored(&desk, "copy.db");
    assert_eq!(list(&other), before);
    let detail = other.connection(&id);
    let number = text(&detail["accountList"][0]["accountNo"]);
    assert!(
        number.starts_with("••••"),
        "what is sealed opens in the copy: {number}"
    );
    other.healthy();
    assert_eq!(
        other.audited("backup"),
        0,
        "the copy is of the moment before"
    );
    // it can be worked with
    let refreshed = other.run(&[
        "refresh",
        &other.one(super::harness::PLAIN),
        "--wait",
        "--force-recent",
    ]);
    assert_eq!(refreshed.exit, 0, "{refreshed:?}");
    let purged = other.run(&["purge", &id, "--confirm", &purge_words(&id)]);
    assert_eq!(purged.exit, 0, "{purged:?}");
    other.healthy();
    // nothing private is legible in the files of the copy
    let values = desk.private(None);
    for end in BESIDE {
        let bytes = fs::read(desk.path(&format!("copy.db{end}"))).unwrap();
        assert!(hits(&values, &bytes).is_empty(), "copy.db{end}");
    }
}

#[test]
fn a_copy_overwrites_nothing_and_leaves_nothing_when_it_is_refused() {
    let desk = Desk::new(3, 1, 0.0);
    fs::write(desk.path("mine.db"), "mine").unwrap();
    fs::write(desk.path("keys.db.keys"), "mine").unwrap();
    fs::write(desk.path("log.db-wal"), "mine").unwrap();
    // what a copy that was killed leaves
    fs::write(desk.path("half.db.partial"), "mine").unwrap();
    std::os::unix::fs::symlink(desk.path("nowhere"), desk.path("link.db")).unwrap();
    for (file, exit, said) in [
        ("mine.db", 4, "mine.db exists"),
        ("keys.db", 4, "keys.db.keys exists"),
        ("log.db", 4, "log.db-wal exists"),
        ("half.db", 4, "half.db.partial exists"),
        ("link.db", 4, "link.db exists"),
        ("w.db", 4, "w.db exists"),
        ("none/x.db", 7, "does not exist"),
    ] {
        let done = desk.run(&["backup", file]);
        assert_eq!(
            (done.exit, done.out.as_str()),
            (exit, ""),
            "{file}: {done:?}"
        );
        assert!(done.err.contains(said), "{file}: {done:?}");
    }
    for file in ["mine.db", "keys.db.keys", "log.db-wal", "half.db.partial"] {
        assert_eq!(fs::read(desk.path(file)).unwrap(), b"mine", "{file}");
    }
    for file in ["keys.db", "log.db", "link.db.keys", "mine.db.keys"] {
        assert!(!Path::new(&desk.path(file)).exists(), "{file}");
    }
    let refused = desk.rows(&["audit", "--action", "backup"]);
    let exists = refused
        .iter()
        .filter(|line| line["outcome"] == "refused: resource-already-exists");
    assert_eq!(exists.count(), 6, "{refused:#?}");
    let read_only = desk.run(&["--read-only", "backup", "other.db"]);
    assert_eq!(read_only.exit, 4, "{read_only:?}");
    no_copy(&desk, "other.db");
    desk.healthy();
}

#[test]
fn the_audit_is_exported_to_a_new_file_of_its_owner() {
    let desk = Desk::new(6, 1, 0.0);
    for n in 0..3 {
        let email = format!("user{n}@example.test");
        desk.document(&["user", "create", "--email", &email]);
    }
    let wanted = desk.rows(&["audit"]);
    let done = desk.run(&["audit", "export", "audit.jsonl"]);
    assert_eq!((done.exit, done.out.as_str()), (0, ""), "{done:?}");
    let file = desk.path("audit.jsonl");
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = fs::read_to_string(&file).unwrap();
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), wanted.len());
    for (line, row) in lines.iter().zip(&wanted) {
        assert_eq!((&line["seq"], &line["mac"]), (&row["seq"], &row["mac"]));
    }
    let sheet = desk.run(&["audit", "export", "-", "--csv"]).out;
    assert_eq!(sheet.lines().count(), wanted.len() + 1);
    let again = desk.run(&["audit", "export", "audit.jsonl"]);
    assert_eq!(again.exit, 4, "{again:?}");
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        text,
        "it is not overwritten"
    );
    assert_eq!(desk.run(&["audit", "export", "none/audit.jsonl"]).exit, 7);
}

#[test]
fn exports_are_whole_masked_and_safe_in_every_format() {
    let desk = Desk::new(60, 3, 0.0);
    let values = desk.private(None);
    let user = desk.connection(&desk.one("status:active acc>0"))["userId"]
        .as_str()
        .unwrap()
        .to_owned();
    let of_user = format!("user:{user}");
    for (what, filter) in [
        ("connections", None),
        ("connections", Some("status:invalid,active")),
        ("jobs", Some("kind:refresh")),
        ("users", None),
        ("institutions", None),
        ("consents", None),
        ("events", Some("entity:connection")),
        ("audit", Some("since:3650d")),
        ("accounts", Some(of_user.as_str())),
        ("transactions", Some(of_user.as_str())),
        ("plans", None),
        ("sequences", None),
    ] {
        let words = |more: &[&'static str]| {
            let mut words = vec!["export", what];
            words.extend(filter);
            words.extend(more);
            words.into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        let run = |more: &[&'static str]| {
            let words = words(more);
            let done = desk.run(&words.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(done.exit, 0, "{words:?}: {done:?}");
            assert!(
                hits(&values, done.out.as_bytes()).is_empty(),
                "{words:?} is not masked"
            );
            done
        };
        let count: usize = run(&["--count"]).out.trim().parse().unwrap();
        let document = run(&["--json"]).document();
        assert_eq!(document["data"].as_array().unwrap().len(), count, "{what}");
        assert_eq!(run(&["--jsonl"]).out.lines().count(), count, "{what}");
        let sheet = run(&[]).out;
        assert_eq!(sheet, run(&["--csv"]).out, "CSV is the usual format");
        let mut read = csv::Reader::from_reader(sheet.as_bytes());
        let mut rows = 0;
        for row in read.records() {
            rows += 1;
            for cell in &row.unwrap() {
                let formula = cell.starts_with(['=', '+', '@', '\t', '\r']);
                assert!(!formula, "a spreadsheet would calculate `{cell}`");
            }
        }
        assert_eq!(rows, count, "{what}");
    }
    for (words, said) in [
        (&["export", "nothing"][..], "invalid value"),
        (&["export", "institutions", "user:x"], "takes no filter"),
        (
            &["export", "events", "entty:connection"],
            "did you mean `entity:`?",
        ),
        (&["export", "audit", "since:yesterday"], "not a time"),
        (&["export", "connections", "statsu:active"], "status"),
        (
            &["export", "connections", "--columns", "id,colour"],
            "the columns are id, userId",
        ),
    ] {
        let done = desk.run(words);
        assert_eq!(
            (done.exit, done.out.as_str()),
            (2, ""),
            "{words:?}: {done:?}"
        );
        assert!(done.err.contains(said), "{words:?}: {done:?}");
    }
}
