//! Writes that share a commit, concurrent readers, and two stores on one file.

use crate::refused;
use crate::store::{AuditEntry, Error, Mode, Result, WriteTxn};
use crate::testing::store::{RUNTIME, TestStore, failure, now};
use futures::future::join_all;
use std::sync::mpsc;

fn lives(n: usize) -> impl FnOnce(&WriteTxn<'_>) -> Result<()> + Send + 'static {
    move |tx| tx.worker_lives(&format!("worker-{n:03}"), "worker", now(), now())
}

fn entry(target: &str) -> AuditEntry {
    AuditEntry {
        actor: "gavin".into(),
        face: "command",
        action: "refresh".into(),
        target: target.into(),
        outcome: "done".into(),
        reason: String::new(),
    }
}

#[test]
fn failed_write_does_not_roll_back_others_in_the_same_commit() {
    let desk = TestStore::new();
    let store = desk.store.clone();
    let ended = RUNTIME.block_on(async {
        // the first write blocks the thread until all others wait, so that they share a commit
        let (go, wait) = mpsc::channel::<()>();
        let first = store.write(move |_| {
            wait.recv().map_err(|_| failure())?;
            Ok::<_, Error>(())
        });
        let writes = (0..60).map(|n| {
            store.write(move |tx| {
                lives(n)(tx)?;
                tx.append_audit(&entry(&format!("c{n}")), now())?;
                if n % 3 == 1 { Err(failure()) } else { Ok(n) }
            })
        });
        let released = async {
            go.send(()).map_err(|_| failure())?;
            Ok::<_, Error>(())
        };
        let (first, ended, released) = tokio::join!(first, join_all(writes), released);
        first.and(released).unwrap();
        ended
    });
    for (n, one) in ended.iter().enumerate() {
        assert_eq!(one.is_ok(), n % 3 != 1, "{n}: {one:?}");
    }
    let there = desk.read(|rd| rd.workers()).len();
    assert_eq!(there, ended.iter().filter(|e| e.is_ok()).count());
    let audit = desk.read(|rd| rd.audit_verify());
    assert_eq!((audit.checked, audit.first_bad), (there as u64, None));
}

#[test]
fn failed_write_changes_nothing_and_wakes_nobody() {
    let desk = TestStore::new();
    desk.write(|tx| tx.append_audit(&entry("kept"), now()));
    let mut wakes = desk.store.wakes();
    wakes.mark_unchanged();
    let failed = desk.try_write(|tx| {
        tx.append_audit(&entry("lost"), now())?;
        lives(1)(tx)?;
        Err::<(), _>(failure())
    });
    refused!(failed, Error::Io(_));
    assert!(!wakes.has_changed().unwrap());
    assert!(desk.read(|rd| rd.workers()).is_empty());
    // the head of the audit must not name a line that was rolled back
    assert_eq!(desk.read(|rd| rd.audit_verify()).first_bad, None);
    desk.write(|tx| tx.append_audit(&entry("next"), now()));
    assert_eq!(desk.read(|rd| rd.audit_verify()).first_bad, None);
    assert!(wakes.has_changed().unwrap());
}

#[test]
fn panicking_write_fails_and_the_store_goes_on() {
    let desk = TestStore::new();
    let write = desk.try_write(|tx| {
        lives(1)(tx)?;
        if tx.workers()?.len() == 1 {
            panic!("on purpose")
        }
        Ok(())
    });
    refused!(write, Error::Panicked);
    for _ in 0..4 {
        let read = desk.try_read(|rd| {
            if rd.workers()?.is_empty() {
                panic!("on purpose")
            } else {
                Ok(())
            }
        });
        refused!(read, Error::Closed);
    }
    desk.write(lives(2));
    assert_eq!(desk.read(|rd| rd.workers()).len(), 1);
}

#[test]
fn interrupted_read_is_reported_and_the_next_one_works() {
    let desk = TestStore::new();
    let store = desk.store.clone();
    RUNTIME.block_on(async {
        for _ in 0..20 {
            let (go, wait) = mpsc::channel::<()>();
            let first = store.read_newest(move |rd| {
                wait.recv().map_err(|_| failure())?;
                rd.workers()
            });
            let second = store.read_newest(|rd| rd.workers());
            let third = store.read_newest(|rd| rd.workers());
            // nobody receives it when the first was overtaken before it began
            let go = async {
                let _ = go.send(());
            };
            let (_, second, third, ()) = tokio::join!(first, second, third, go);
            assert!(matches!(second, Err(Error::Interrupted)), "{second:?}");
            assert!(third.is_ok(), "{third:?}");
        }
    });
}

#[test]
fn two_stores_on_one_file_see_commits_and_keys_of_each_other() {
    let desk = TestStore::new();
    let other = desk.open(Mode::Write).unwrap();
    assert!(!other.look_for_others().unwrap());
    let id = desk.connection("one");
    assert!(other.look_for_others().unwrap());
    assert!(!other.look_for_others().unwrap());
    let profile = crate::domain::bank_data::Profile {
        full_name: "Gavin Belson".into(),
        ..Default::default()
    };
    let (theirs, wanted) = (id.clone(), profile.clone());
    desk.write(move |tx| tx.put_profile(&theirs, &profile));
    let theirs = id.clone();
    assert_eq!(
        RUNTIME
            .block_on(other.read(move |rd| rd.profile(&theirs)))
            .unwrap(),
        Some(wanted)
    );
    RUNTIME.block_on(async {
        let writes = (0..200).map(|n| {
            if n % 2 == 0 {
                desk.store.write(lives(n))
            } else {
                other.write(lives(n))
            }
        });
        for ended in join_all(writes).await {
            ended.unwrap();
        }
    });
    assert_eq!(desk.read(|rd| rd.workers()).len(), 200);
    RUNTIME.block_on(async {
        let lines = (0..50).map(|n| {
            let store = if n % 2 == 0 { &desk.store } else { &other };
            store.write(move |tx| tx.append_audit(&entry(&n.to_string()), now()))
        });
        for ended in join_all(lines).await {
            ended.unwrap();
        }
    });
    let audit = desk.read(|rd| rd.audit_verify());
    assert_eq!((audit.checked, audit.first_bad), (50, None));
}
