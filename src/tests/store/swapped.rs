//! Files that are replaced or moved away under an open database: nothing is written from then on.

use crate::clock::Clock;
use crate::store::{Error, Files, Loss, Mode, Store};
use crate::testing::store::{RUNTIME, TestStore, now};
use crate::vault;
use std::fs;
use std::path::{Path, PathBuf};

fn watched(files: &Files) -> [PathBuf; 4] {
    [&files.database, &files.master, &files.keys, &files.head].map(Clone::clone)
}

fn replace(path: &Path) {
    let copy = path.with_extension("copy");
    fs::copy(path, &copy).unwrap();
    fs::rename(&copy, path).unwrap();
}

fn named(error: &Error) -> &Path {
    match error {
        Error::Vault(vault::Error::Replaced { path } | vault::Error::Gone { path }) => path,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_that_was_replaced_or_moved_stops_every_write_and_is_named() {
    type Swap = fn(&Path);
    let moved: Swap = |path| fs::rename(path, path.with_extension("away")).unwrap();
    for swap in [replace, moved] {
        for at in 0..4 {
            let desk = TestStore::new();
            desk.write(|tx| tx.set_meta("seed", "1"));
            let path = watched(desk.store.files())[at].clone();
            swap(&path);
            let refused = desk.try_write(|tx| tx.set_meta("seed", "2")).unwrap_err();
            assert_eq!(named(&refused), path);
            assert!(refused.to_string().contains(path.to_str().unwrap()));
            assert_eq!(named(&desk.store.look_for_others().unwrap_err()), path);
            // whoever waits for it is told
            assert_eq!(named(&RUNTIME.block_on(desk.store.moved())), path);
            let settled = RUNTIME.block_on(desk.store.settle()).unwrap_err();
            assert_eq!(named(&settled), path);
            let scrubbed = RUNTIME.block_on(desk.store.scrub()).unwrap_err();
            assert_eq!(named(&scrubbed), path);
        }
    }
}

#[test]
fn writes_that_share_a_commit_are_all_told_which_file_was_replaced() {
    let desk = TestStore::new();
    replace(&desk.path);
    let writes: Vec<_> = (0..20)
        .map(|n| {
            let store = desk.store.clone();
            RUNTIME.spawn(async move {
                store
                    .write(move |tx| tx.set_meta("n", &n.to_string()))
                    .await
            })
        })
        .collect();
    for write in writes {
        let refused = RUNTIME.block_on(write).unwrap().unwrap_err();
        assert_eq!(named(&refused), desk.path);
    }
}

#[test]
fn no_key_is_made_or_destroyed_when_another_file_was_replaced() {
    let desk = TestStore::new();
    let id = desk.connection("c-1");
    desk.write(move |tx| tx.put_profile(&id, &Default::default()));
    let keys = fs::read(&desk.store.files().keys).unwrap();
    replace(&desk.path);
    let (user, bank) = ("user-of-c-1".into(), "AU00000".into());
    let refused = desk
        .try_write(move |tx| tx.purge(&user, &bank))
        .unwrap_err();
    assert_eq!(named(&refused), desk.path);
    assert_eq!(fs::read(&desk.store.files().keys).unwrap(), keys);
}

#[test]
fn a_link_to_a_database_finds_what_lies_beside_the_file() {
    let clock = Clock::fixed(now());
    let TestStore { dir, path, store } = TestStore::new();
    drop(store);
    let elsewhere = dir.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    let link = elsewhere.join("link.db");
    std::os::unix::fs::symlink(Path::new("../w.db"), &link).unwrap();
    for mode in [Mode::Read, Mode::Write, Mode::Create] {
        let store = Store::open(&link, mode, &clock).unwrap();
        assert!(store.can_unseal());
        let real = fs::canonicalize(&path).unwrap();
        assert_eq!(store.files().keys, Files::of(&real).keys);
    }
    assert_eq!(
        fs::read_dir(&elsewhere).unwrap().count(),
        1,
        "nothing is made beside the link"
    );
    let accepted = Store::accept_loss(&link, Loss::Keys, &super::audit_head::entry(), now());
    assert!(matches!(accepted, Err(Error::NothingLost { .. })));

    let (nowhere, target) = (elsewhere.join("nowhere.db"), dir.path().join("none.db"));
    std::os::unix::fs::symlink(&target, &nowhere).unwrap();
    let refused = Store::open(&nowhere, Mode::Create, &clock).map(drop);
    assert!(matches!(refused, Err(Error::Foreign { .. })), "{refused:?}");
    assert!(!target.exists());
}
