//! What `doctor` finds beside the checks of SQLite: each kind of damage once, and nothing in a sound database.

use super::key_file::{closed, open};
use crate::domain::moment::Moment;
use crate::store::{Files, Look, Mode, ReadTxn};
use crate::testing::store::{RUNTIME, TestStore, now};
use std::fs;
use std::os::unix::fs::FileExt;

fn findings(files: &Files, now: Moment) -> Vec<String> {
    let store = open(&files.database, Mode::Examine).unwrap();
    let look = Look { deep: true, now };
    let health = RUNTIME.block_on(store.read(move |rd: &ReadTxn<'_>| rd.examine(look)));
    health.unwrap().findings
}

/// Writes this slot of a key file into another one.
fn put_back(files: &Files, kept: &[u8], slot: usize) {
    let at = 64 + 80 * slot;
    let file = fs::OpenOptions::new()
        .write(true)
        .open(&files.keys)
        .unwrap();
    file.write_all_at(&kept[at..at + 80], at as u64).unwrap();
}

fn sql(desk: &TestStore, text: &str) {
    desk.raw().execute_batch(text).unwrap();
}

type Damage = (&'static str, &'static str, fn(&TestStore));

#[rustfmt::skip]
const DAMAGES: [Damage; 9] = [
    ("a blob of another row", "accounts: 1 sealed row", |d| sql(d,
        "UPDATE accounts SET sealed = (SELECT sealed FROM accounts WHERE n = 2) WHERE n = 1")),
    ("one flipped bit", "transactions: 1 sealed row", |d| {
        let mut blob: Vec<u8> = d.raw()
            .query_row("SELECT sealed FROM transactions WHERE n = 7", [], |r| r.get(0)).unwrap();
        let at = blob.len() - 1;
        blob[at] ^= 4;
        d.raw().execute("UPDATE transactions SET sealed = ?1 WHERE n = 7", [blob]).unwrap();
    }),
    ("an emptied profile", "profiles: 1 sealed row", |d| sql(d,
        "UPDATE profiles SET sealed = x'' WHERE connection_n = (SELECT min(n) FROM connections)")),
    ("a contact of another user", "contacts: 1 sealed row", |d| sql(d,
        "UPDATE users SET contact = (SELECT contact FROM users WHERE n = 2) WHERE n = 1")),
    ("a slot garbled", "1 data key damaged", |d| {
        let keys = &d.store.files().keys;
        let file = fs::OpenOptions::new().write(true).open(keys).unwrap();
        file.write_all_at(b"garbled!", 64 + 40).unwrap();
    }),
    ("a slot emptied", "1 data key of users at banks missing", |d| {
        let keys = &d.store.files().keys;
        let file = fs::OpenOptions::new().write(true).open(keys).unwrap();
        file.write_all_at(&[0; 80], 64).unwrap();
    }),
    ("a key back after its purge", "an older key file was put back", |d| {
        let kept = fs::read(&d.store.files().keys).unwrap();
        let (user, bank) = ("user-of-c-1".into(), "AU00000".into());
        d.write(move |tx| tx.purge(&user, &bank));
        put_back(d.store.files(), &kept, 0);
    }),
    ("a certificate deleted", "1 certificate that the audit tells of deleted", |d| {
        let entry = crate::store::AuditEntry {
            action: "certificate".into(),
            outcome: "done: proven".into(),
            ..super::audit_head::entry()
        };
        d.write(move |tx| tx.append_audit(&entry, now()));
    }),
    ("a forged certificate", "1 certificate changed", |d| sql(d,
        "INSERT INTO certificates (id, user_id, at, document, mac) VALUES ('j', 'u', 1, '{}', zeroblob(32))")),
];

#[test]
fn doctor_finds_each_kind_of_damage() {
    for (name, said, damage) in DAMAGES {
        let (desk, _) = closed();
        let files = desk.store.files().clone();
        assert_eq!(findings(&files, now()), Vec::<String>::new(), "{name}");
        damage(&desk);
        let TestStore { dir, store, .. } = desk;
        drop(store);
        let found = findings(&files, now());
        assert!(
            found.iter().any(|finding| finding.contains(said)),
            "{name}: {found:?}"
        );
        drop(dir);
    }
}

#[test]
fn doctor_finds_a_clock_that_is_behind_the_audit() {
    let (desk, _) = closed();
    let entry = super::audit_head::entry();
    desk.write(move |tx| tx.append_audit(&entry, now()));
    let files = desk.store.files().clone();
    assert!(findings(&files, now().plus_ms(-60_000)).is_empty());
    let behind = findings(&files, now().plus_ms(-3_600_000));
    assert!(behind[0].contains("set the clock"), "{behind:?}");
}

/// A copy of the master key is named, and removed by the next command that writes; another file is left.
#[test]
fn doctor_names_what_making_the_master_key_left() {
    let (desk, _) = closed();
    let TestStore { dir, store, .. } = desk;
    let files = store.files().clone();
    drop(store);
    let left = [
        dir.path().join("w.db.new-77"),
        dir.path().join("w.db.master.new-78"),
    ];
    for file in &left {
        fs::copy(&files.master, file).unwrap();
    }
    let other = dir.path().join("w.db.new-79");
    fs::write(&other, [7; 500]).unwrap();
    let found = findings(&files, now());
    for file in left.iter().chain([&other]) {
        let name = file.to_str().unwrap();
        assert!(found.iter().any(|f| f.contains(name)), "{found:?}");
    }
    drop(open(&files.database, Mode::Write).unwrap());
    assert!(left.iter().all(|file| !file.exists()));
    assert!(other.exists());
}
