//! The head of the audit under attack: whatever is done to it, or to the end of the chain, is found.

use crate::clock::Clock;
use crate::refused;
use crate::store::{AuditEntry, Break, Error, Files, Loss, Mode, Store};
use crate::testing::store::{RUNTIME, TestStore, now};
use crate::vault::Head;
use sha2::{Digest, Sha256};
use std::fs;
use std::os::unix::fs::FileExt;
use std::path::Path;

const LINES: i64 = 26;

pub(super) fn entry() -> AuditEntry {
    AuditEntry {
        actor: "person".into(),
        face: "command",
        action: "refresh".into(),
        target: "connection".into(),
        outcome: "done".into(),
        reason: String::new(),
    }
}

fn append(desk: &TestStore, count: i64) {
    for _ in 0..count {
        desk.write(move |tx| tx.append_audit(&entry(), now()));
    }
}

fn open(path: &Path, mode: Mode) -> crate::store::Result<Store> {
    Store::open(path, mode, &Clock::fixed(now()))
}

fn found(path: &Path) -> Option<(i64, Break)> {
    against(path, None)
}

fn against(path: &Path, noted: Option<Head>) -> Option<(i64, Break)> {
    let store = open(path, Mode::Examine).unwrap();
    let verdict = RUNTIME.block_on(store.read(move |rd| rd.audit_verify_against(noted)));
    verdict.unwrap().first_bad
}

/// A closed database whose audit has some lines, and the head when it had ten less.
struct Closed {
    dir: tempfile::TempDir,
    files: Files,
    older: Vec<u8>,
}

impl Closed {
    fn new() -> Self {
        let desk = TestStore::new();
        let files = desk.store.files().clone();
        append(&desk, LINES - 10);
        let older = fs::read(&files.head).unwrap();
        append(&desk, 10);
        let TestStore { dir, store, .. } = desk;
        drop(store);
        let closed = Self { dir, files, older };
        assert_eq!(found(closed.path()), None);
        closed
    }

    fn path(&self) -> &Path {
        &self.files.database
    }

    fn sql(&self, text: &str) {
        let conn = rusqlite::Connection::open(self.path()).unwrap();
        conn.execute_batch(text).unwrap();
    }

    fn cut(&self, lines: i64) {
        self.sql(&format!("DELETE FROM audit WHERE seq > {}", LINES - lines));
    }

    /// A head for the newest line that is there, as the versions before wrote it: it needs no key.
    fn forge(&self) {
        let conn = rusqlite::Connection::open(self.path()).unwrap();
        let sql = "SELECT seq, mac FROM audit ORDER BY seq DESC LIMIT 1";
        let (seq, mac): (i64, [u8; 32]) = conn
            .query_row(sql, [], |r| Ok((r.get(0)?, r.get(1)?)))
            .unwrap();
        let mut copy = [0u8; 64];
        copy[..8].copy_from_slice(b"SBAUDIT1");
        copy[8..16].copy_from_slice(&seq.to_be_bytes());
        copy[16..48].copy_from_slice(&mac);
        let sum = Sha256::digest(&copy[..48]);
        copy[48..].copy_from_slice(&sum[..16]);
        fs::write(&self.files.head, copy.repeat(2)).unwrap();
    }
}

type Tampering = (&'static str, fn(&Closed), i64, Break);

#[rustfmt::skip]
const TAMPERINGS: [Tampering; 17] = {
    use Break::{Changed, Missing, NoHead, RolledBack};
    [
        ("the head removed", |c| fs::remove_file(&c.files.head).unwrap(), 27, NoHead),
        ("the head zeroed", |c| fs::write(&c.files.head, [0; 128]).unwrap(), 27, NoHead),
        ("the head emptied", |c| fs::write(&c.files.head, []).unwrap(), 27, NoHead),
        ("the head random", |c| fs::write(&c.files.head, [0x5a; 128]).unwrap(), 27, NoHead),
        ("all lines deleted and the head emptied", |c| {
            c.cut(LINES);
            fs::write(&c.files.head, []).unwrap();
        }, 1, RolledBack),
        ("the end cut and a head made for it", |c| { c.cut(5); c.forge(); }, 22, RolledBack),
        ("the end cut and the head removed", |c| {
            c.cut(5);
            fs::remove_file(&c.files.head).unwrap();
        }, 22, RolledBack),
        ("the end cut to an older head", |c| {
            c.cut(10);
            fs::write(&c.files.head, &c.older).unwrap();
        }, 17, RolledBack),
        ("the end cut", |c| c.cut(5), 22, RolledBack),
        ("a line edited", |c| c.sql("UPDATE audit SET actor = 'other' WHERE seq = 9"), 9, Changed),
        ("a line deleted", |c| c.sql("DELETE FROM audit WHERE seq = 9"), 9, Missing),
        ("two lines swapped", |c| c.sql(
            "UPDATE audit SET seq = -1 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = 5;
             UPDATE audit SET seq = 5 WHERE seq = -1"), 4, Changed),
        ("the head made without the key", Closed::forge, 27, NoHead),
        ("the head of another database", |c| {
            let other = TestStore::new();
            append(&other, LINES);
            fs::copy(&other.store.files().head, &c.files.head).unwrap();
        }, 27, NoHead),
        ("the number in the key file zeroed", |c| {
            let file = fs::OpenOptions::new().write(true).open(&c.files.keys).unwrap();
            file.write_all_at(&[0; 24], 32).unwrap();
        }, 27, NoHead),
        ("the number in the key file lowered, the end cut", |c| {
            let file = fs::OpenOptions::new().write(true).open(&c.files.keys).unwrap();
            file.write_all_at(&21u64.to_be_bytes(), 32).unwrap();
            c.cut(5);
            c.forge();
        }, 22, NoHead),
        ("the head removed, and that there was one", |c| {
            c.sql("DELETE FROM meta WHERE key = 'head'");
            fs::remove_file(&c.files.head).unwrap();
        }, 27, NoHead),
    ]
};

#[test]
fn audit_verify_finds_every_tampering_with_the_head_or_the_end() {
    for (name, tamper, seq, kind) in TAMPERINGS {
        let closed = Closed::new();
        tamper(&closed);
        assert_eq!(found(closed.path()), Some((seq, kind)), "{name}");
    }
}

/// What goes on writing does not make a head that hides what was done.
#[test]
fn a_head_that_was_taken_away_does_not_come_back_by_itself() {
    for (name, tamper, _, kind) in TAMPERINGS {
        let closed = Closed::new();
        tamper(&closed);
        let Ok(store) = open(closed.path(), Mode::Write) else {
            continue;
        };
        if name == "the head removed, and that there was one" {
            continue;
        }
        let desk = TestStore {
            dir: tempfile::tempdir().unwrap(),
            path: closed.path().into(),
            store,
        };
        append(&desk, 7);
        drop(desk);
        let bad = found(closed.path()).map(|(_, kind)| kind);
        assert_eq!(bad, Some(kind), "{name}");
    }
}

#[test]
fn a_lost_head_is_accepted_by_a_person_and_a_changed_line_is_not() {
    for (name, tamper, _, kind) in TAMPERINGS {
        let closed = Closed::new();
        tamper(&closed);
        let accepted = Store::accept_loss(closed.path(), Loss::Audit, &entry(), now());
        if matches!(kind, Break::Changed | Break::Missing) {
            assert!(accepted.is_err(), "{name}");
            assert!(found(closed.path()).is_some(), "{name}");
        } else {
            accepted.unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(found(closed.path()), None, "{name}");
            assert!(open(closed.path(), Mode::Write).is_ok(), "{name}");
        }
    }
    let whole = Closed::new();
    let accepted = Store::accept_loss(whole.path(), Loss::Audit, &entry(), now());
    refused!(accepted, Error::NothingLost { .. });
}

/// All files of an older state are whole in themselves; only a head that was noted elsewhere tells.
#[test]
fn a_noted_head_finds_that_everything_was_rolled_back() {
    let closed = Closed::new();
    let kept = closed.dir.path().join("kept");
    fs::create_dir(&kept).unwrap();
    let names = [
        &closed.files.database,
        &closed.files.master,
        &closed.files.keys,
        &closed.files.head,
    ];
    for file in names {
        fs::copy(file, kept.join(file.file_name().unwrap())).unwrap();
    }
    let more = |count| {
        let desk = TestStore {
            dir: tempfile::tempdir().unwrap(),
            path: closed.path().into(),
            store: open(closed.path(), Mode::Write).unwrap(),
        };
        append(&desk, count);
        let (seq, mac) = desk.read(|rd| rd.audit_head());
        Head {
            seq: seq.unsigned_abs(),
            mac,
        }
    };
    let noted = more(4);
    assert_eq!(against(closed.path(), Some(noted)), None);
    for file in names {
        fs::copy(kept.join(file.file_name().unwrap()), file).unwrap();
    }
    assert_eq!(found(closed.path()), None);
    let rolled_back = Some((LINES + 1, Break::RolledBack));
    assert_eq!(against(closed.path(), Some(noted)), rolled_back);
    let other = Head {
        mac: [7; 32],
        ..noted
    };
    more(4);
    assert_eq!(
        against(closed.path(), Some(other)),
        Some((30, Break::Replaced))
    );
    assert_eq!(
        against(
            closed.path(),
            Some(Head {
                seq: 0,
                mac: [0; 32]
            })
        ),
        None
    );
}
