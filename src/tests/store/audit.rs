//! The chain of the audit, and eight ways to tamper with it.

use crate::refused;
use crate::store::{AuditEntry, Break, Change, Error, Files, Loss, Mode, Store};
use crate::testing::store::{RUNTIME, TestStore, now};
use std::fs;

fn entry(n: i64) -> AuditEntry {
    AuditEntry {
        actor: format!("person-{n}"),
        face: "command",
        action: "purge".into(),
        target: format!("connection-{n}"),
        outcome: "done".into(),
        reason: "asked by the user".into(),
    }
}

fn lines(desk: &TestStore, from: i64, to: i64) {
    for n in from..=to {
        // every third says what it found and left
        let change = match n % 3 {
            0 => Change {
                was: "active, 2 accounts".into(),
                became: "active, 0 accounts".into(),
            },
            _ => Change::default(),
        };
        desk.write(move |tx| tx.append_audit_of(&entry(n), &change, now()));
    }
}

fn first_bad(desk: &TestStore) -> Option<(i64, Break)> {
    desk.read(|rd| rd.audit_verify()).first_bad
}

#[test]
fn audit_lines_are_numbered_chained_and_listed_newest_first() {
    let desk = TestStore::new();
    assert_eq!(desk.read(|rd| rd.audit_verify()).checked, 0);
    lines(&desk, 1, 25);
    let verdict = desk.read(|rd| rd.audit_verify());
    assert_eq!((verdict.checked, verdict.first_bad), (25, None));
    let newest = desk.read(|rd| rd.audit_before(i64::MAX, 10));
    assert_eq!(
        newest.iter().map(|l| l.seq).collect::<Vec<_>>(),
        (16..=25).rev().collect::<Vec<_>>()
    );
    assert_eq!(newest[0].actor, "person-25");
    let before = desk.read(|rd| rd.audit_before(4, 10));
    assert_eq!(before.iter().map(|l| l.seq).collect::<Vec<_>>(), [3, 2, 1]);
}

#[test]
fn audit_verify_finds_the_first_tampered_line() {
    use Break::{Changed, Missing, RolledBack};
    let swap = "UPDATE audit SET seq = -1 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = 5;
        UPDATE audit SET seq = 5 WHERE seq = -1";
    let insert = "INSERT INTO audit SELECT 13, at, actor, face, action, target, outcome, reason, mac, was, became
        FROM audit WHERE seq = 12";
    let squeeze = "DELETE FROM audit WHERE seq = 6; UPDATE audit SET seq = seq - 1 WHERE seq > 6";
    for (sql, wanted) in [
        (
            "UPDATE audit SET actor = 'somebody else' WHERE seq = 3",
            (3, Changed),
        ),
        ("UPDATE audit SET reason = '' WHERE seq = 12", (12, Changed)),
        ("UPDATE audit SET at = at + 1 WHERE seq = 1", (1, Changed)),
        (
            "UPDATE audit SET actor = actor || face, face = '' WHERE seq = 7",
            (7, Changed),
        ),
        (
            "UPDATE audit SET mac = zeroblob(32) WHERE seq = 8",
            (8, Changed),
        ),
        (
            "UPDATE audit SET became = 'active' WHERE seq = 2",
            (2, Changed),
        ),
        ("UPDATE audit SET was = '' WHERE seq = 9", (9, Changed)),
        (
            "UPDATE audit SET was = was || became, became = '' WHERE seq = 9",
            (9, Changed),
        ),
        ("DELETE FROM audit WHERE seq = 6", (6, Missing)),
        ("DELETE FROM audit WHERE seq = 1", (1, Missing)),
        (squeeze, (6, Changed)),
        (swap, (4, Changed)),
        (insert, (13, Changed)),
        ("DELETE FROM audit WHERE seq > 9", (10, RolledBack)),
        ("DELETE FROM audit WHERE seq = 12", (12, RolledBack)),
        ("DELETE FROM audit", (1, RolledBack)),
    ] {
        let desk = TestStore::new();
        lines(&desk, 1, 12);
        desk.raw().execute_batch(sql).unwrap();
        assert_eq!(first_bad(&desk), Some(wanted), "{sql}");
    }
}

/// A rollback to an older copy of the file is refused, also without the head; and it is detected after the loss was
/// accepted, when the old head comes back.
#[test]
fn audit_verify_detects_a_rollback_to_an_older_file() {
    let desk = TestStore::new();
    lines(&desk, 1, 5);
    let copy = desk.dir.path().join("copy.db");
    desk.raw()
        .execute("VACUUM INTO ?1", [copy.to_str().unwrap()])
        .unwrap();
    lines(&desk, 6, 9);
    let TestStore { dir, path, store } = desk;
    drop(store);
    let files = Files::of(&path);
    for file in &files.all()[1..3] {
        let _ = fs::remove_file(file);
    }
    fs::copy(&copy, &path).unwrap();
    let open = |mode| Store::open(&path, mode, &crate::clock::Clock::fixed(now()));
    let refused = || {
        for mode in [Mode::Read, Mode::Write, Mode::Create] {
            refused!(
                open(mode),
                Error::Incomplete {
                    lines: 5,
                    known: 9,
                    ..
                }
            );
        }
    };
    let found = || {
        let store = open(Mode::Examine).unwrap();
        let verdict = RUNTIME.block_on(store.read(|rd| rd.audit_verify()));
        verdict.unwrap().first_bad
    };
    refused();
    assert_eq!(found(), Some((6, Break::RolledBack)));
    // the key file knows the line too
    let away = dir.path().join("away");
    fs::rename(&files.head, &away).unwrap();
    refused();
    assert_eq!(found(), Some((6, Break::RolledBack)));
    Store::accept_loss(&path, Loss::Audit, &entry(6), now()).unwrap();
    assert_eq!(found(), None);
    let desk = TestStore {
        store: open(Mode::Write).unwrap(),
        path: path.clone(),
        dir: tempfile::tempdir().unwrap(),
    };
    lines(&desk, 107, 108);
    drop(desk);
    fs::copy(&away, &files.head).unwrap();
    assert_eq!(found(), Some((9, Break::RolledBack)));
    refused!(open(Mode::Write), Error::Incomplete { known: 9, .. });
}
