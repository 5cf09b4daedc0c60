//! Opening a database: files of every kind at its path, and the three modes.

use crate::clock::Clock;
use crate::refused;
use crate::store::{Error, Mode, Result, Store};
use crate::testing::store::{RUNTIME, TestStore, now};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

const MODES: [Mode; 3] = [Mode::Read, Mode::Write, Mode::Create];

fn open(path: &Path, mode: Mode) -> Result<Store> {
    Store::open(path, mode, &Clock::fixed(now()))
}

fn listing(dir: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    found.sort();
    found
}

#[test]
fn written_rows_survive_reopening() {
    let desk = TestStore::new();
    desk.connection("one");
    let TestStore { dir, path, store } = desk;
    drop(store);
    for mode in MODES {
        let store = open(&path, mode).unwrap();
        assert_eq!(store.read_only(), mode == Mode::Read);
        let found = RUNTIME
            .block_on(store.read(|rd| rd.connection(&"one".into())))
            .unwrap()
            .unwrap();
        assert_eq!(found.user_name, "Gavin Belson");
        let user = RUNTIME
            .block_on(store.read(|rd| rd.user(&"user-of-one".into())))
            .unwrap()
            .unwrap();
        assert_eq!(user.email, Some("gavin@hooli.example".into()));
        let health = RUNTIME.block_on(store.read(|rd| rd.health())).unwrap();
        assert!(health.ok(), "{health:?}");
    }
    drop(dir);
}

#[test]
fn read_only_store_refuses_writes() {
    let desk = TestStore::new();
    desk.connection("one");
    let store = desk.open(Mode::Read).unwrap();
    refused!(
        RUNTIME.block_on(store.write(|tx| tx.worker_leaves("w"))),
        Error::ReadOnly
    );
    refused!(RUNTIME.block_on(store.scrub()), Error::ReadOnly);
}

#[test]
fn foreign_files_are_refused_in_every_mode_and_unchanged() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let ours = at("ours.db");
    drop(open(&ours, Mode::Create).unwrap());
    let bytes = fs::read(&ours).unwrap();
    let other = at("other.db");
    rusqlite::Connection::open(&other)
        .unwrap()
        .execute_batch("CREATE TABLE t (a)")
        .unwrap();
    fs::write(at("head.db"), &bytes[..100]).unwrap();
    fs::write(at("short.db"), &bytes[..99]).unwrap();
    fs::write(
        at("text.db"),
        "hello, this is a text and no database at all",
    )
    .unwrap();
    fs::write(at("zeros.db"), [0; 4096]).unwrap();
    let mut newer = bytes.clone();
    newer[60..64].copy_from_slice(&99u32.to_be_bytes());
    fs::write(at("newer.db"), &newer).unwrap();
    let mut foreign = bytes.clone();
    foreign[68..72].copy_from_slice(&7u32.to_be_bytes());
    fs::write(at("foreign.db"), &foreign).unwrap();
    std::os::unix::fs::symlink(at("loop.db"), at("loop.db")).unwrap();
    let names = [
        "head.db",
        "short.db",
        "text.db",
        "zeros.db",
        "newer.db",
        "foreign.db",
        "other.db",
        "loop.db",
    ];
    let (before, files) = (names.map(|n| fs::read(at(n)).ok()), listing(dir.path()));
    for name in names {
        for mode in MODES {
            match open(&at(name), mode).map(drop) {
                Err(Error::Newer { found: 99, .. }) if name == "newer.db" => {}
                Err(Error::Damaged { .. }) if name == "head.db" => {}
                Err(Error::Foreign { .. }) if !["newer.db", "head.db"].contains(&name) => {}
                other => panic!("{name} {mode:?}: {other:?}"),
            }
        }
    }
    assert_eq!(names.map(|n| fs::read(at(n)).ok()), before);
    assert_eq!(
        listing(dir.path()),
        files,
        "nothing is left beside what was refused"
    );
}

#[test]
fn special_files_are_refused_without_blocking() {
    let dir = tempfile::tempdir().unwrap();
    let pipe = dir.path().join("pipe.db");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &pipe,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .unwrap();
    let socket = dir.path().join("socket.db");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    for mode in MODES {
        for path in [&pipe, &socket, &dir.path().to_path_buf()] {
            refused!(open(path, mode), Error::Foreign { .. });
        }
    }
    assert_eq!(listing(dir.path()).len(), 2);
}

#[test]
fn only_create_mode_makes_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let none = dir.path().join("none.db");
    let empty = dir.path().join("empty.db");
    fs::write(&empty, "").unwrap();
    for mode in [Mode::Read, Mode::Write] {
        refused!(open(&none, mode), Error::Missing { .. });
        refused!(open(&empty, mode), Error::Foreign { .. });
        refused!(
            open(&dir.path().join("no/such.db"), mode),
            Error::NoDirectory { .. }
        );
    }
    refused!(
        open(&dir.path().join("no/such.db"), Mode::Create),
        Error::NoDirectory { .. }
    );
    assert_eq!(listing(dir.path()), std::slice::from_ref(&empty));
    for path in [none, empty] {
        let store = open(&path, Mode::Create).unwrap();
        for file in store.files().all() {
            if let Ok(meta) = fs::metadata(&file) {
                assert_eq!(meta.permissions().mode() & 0o077, 0, "{file:?}");
            }
        }
    }
}

#[test]
fn many_processes_may_create_the_same_file() {
    for _ in 0..10 {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("w.db");
        let stores: Vec<Store> = std::thread::scope(|threads| {
            let started: Vec<_> = (0..4)
                .map(|_| threads.spawn(|| open(&path, Mode::Create)))
                .collect();
            started
                .into_iter()
                .map(|t| t.join().unwrap().unwrap())
                .collect()
        });
        for (n, store) in stores.iter().enumerate() {
            let id = format!("worker-{n}");
            RUNTIME
                .block_on(store.write(move |tx| tx.worker_lives(&id, "worker", now(), now())))
                .unwrap();
        }
        for store in &stores {
            assert_eq!(
                RUNTIME
                    .block_on(store.read(|rd| rd.workers()))
                    .unwrap()
                    .len(),
                4
            );
        }
    }
}

/// Root may write anywhere, so the test runs itself again as another user when it was started as root.
#[test]
fn read_only_files_and_folders_can_be_read() {
    use std::os::unix::process::CommandExt;
    if rustix::process::geteuid().is_root() {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o777)).unwrap();
        // other users may not enter the folder of the test program
        let program = dir.path().join("program");
        fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let ran = std::process::Command::new(&program)
            .args([
                "--exact",
                "tests::store::opening::read_only_files_and_folders_can_be_read",
            ])
            .env("TMPDIR", dir.path())
            .current_dir(dir.path())
            .gid(65534)
            .uid(65534)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&ran.stdout);
        assert!(ran.status.success() && said.contains("1 passed"), "{said}");
        return;
    }
    let desk = TestStore::new();
    desk.connection("one");
    let TestStore { dir, path, store } = desk;
    drop(store);
    let modes = |file: u32, folder: u32| {
        fs::set_permissions(&path, fs::Permissions::from_mode(file)).unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(folder)).unwrap();
    };
    let readable = |what: &str| {
        let store = open(&path, Mode::Read).unwrap_or_else(|e| panic!("{what}: {e}"));
        let found = RUNTIME.block_on(store.read(|rd| rd.connection(&"one".into())));
        assert!(matches!(found, Ok(Some(_))), "{what}: {found:?}");
        let user = RUNTIME
            .block_on(store.read(|rd| rd.user(&"user-of-one".into())))
            .unwrap()
            .unwrap();
        assert!(user.email.is_some(), "{what}");
    };
    modes(0o444, 0o755);
    readable("a file that may only be read");
    refused!(open(&path, Mode::Write), Error::ReadOnly);
    refused!(open(&path, Mode::Create), Error::ReadOnly);
    // a reader leaves an empty log beside the file; in a read-only folder it reads without one
    for file in &crate::store::Files::of(&path).all()[1..3] {
        assert!(
            fs::metadata(file).map_or(0, |m| if file.ends_with("w.db-wal") {
                m.len()
            } else {
                0
            }) == 0
        );
        let _ = fs::remove_file(file);
    }
    modes(0o400, 0o555);
    readable("a folder that may only be read");
    refused!(open(&path, Mode::Write), Error::ReadOnly | Error::Io(_));
    refused!(
        open(&dir.path().join("new.db"), Mode::Create),
        Error::ReadOnly
    );
    modes(0o600, 0o755);
}
