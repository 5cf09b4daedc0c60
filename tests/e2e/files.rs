//! The files of a database: what belongs to a copy, who may read them, and what reads them without writing.

use super::harness::{Desk, Done, ended};
use super::tty::Tty;
use rustix::process::Signal;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

const BESIDE: [&str; 4] = [".master", ".keys", ".audit", ".reserve"];

fn world() -> Desk {
    let desk = Desk::empty(0.0);
    add(&desk, "c-1");
    desk
}

/// Imports a user with a connection of this id.
fn add(desk: &Desk, id: &str) {
    let documents = serde_json::json!([
        {"type": "user", "id": "u-1", "email": "ada@example.test", "firstName": "Ada", "lastName": "Byron"},
        {"type": "connection", "id": id, "status": "active", "createdDate": "2026-03-01T00:00:00Z",
            "lastUsed": "2026-03-08T00:00:00Z", "institution": {"id": "AU00000"}, "links": {"user": "/users/u-1"}},
    ]);
    fs::write(desk.path("world.json"), documents.to_string()).unwrap();
    let done = desk.run(&["import", "world.json"]);
    assert_eq!(done.exit, 0, "{done:?}");
}

fn mode(desk: &Desk, name: &str, mode: u32) {
    fs::set_permissions(desk.path(name), fs::Permissions::from_mode(mode)).unwrap();
}

/// A copy of the database and of the files with these ends.
fn copy(desk: &Desk, ends: &[&str]) -> Desk {
    let copy = Desk::empty(0.0);
    for end in ["", "-wal"]
        .iter()
        .filter(|end| end.is_empty() || ends.contains(end))
        .chain(ends)
    {
        let name = format!("w.db{end}");
        fs::copy(desk.path(&name), copy.path(&name)).unwrap();
    }
    copy
}

fn ids(desk: &Desk) -> Vec<String> {
    desk.ids("")
}

#[test]
fn a_closed_database_is_whole_in_its_main_file() {
    let desk = world();
    for words in [
        &["user", "create", "--id", "u-2", "--email", "b@example.test"][..],
        &["work", "--until-idle"],
        &["connections"],
    ] {
        let done = desk.run(words);
        assert!(done.exit == 0 || done.exit == 2, "{done:?}");
        let log = fs::metadata(desk.path("w.db-wal")).map_or(0, |log| log.len());
        assert_eq!(log, 0, "{words:?}");
    }
    assert_eq!(ids(&copy(&desk, &BESIDE)), ["c-1"]);

    // the dashboard too, also when another process writes meanwhile
    let mut tty = Tty::started(&desk, (120, 35));
    add(&desk, "c-2");
    tty.types("q");
    assert_eq!(tty.ends(), 0);
    let log = fs::metadata(desk.path("w.db-wal")).map_or(0, |log| log.len());
    assert_eq!(log, 0, "after the dashboard");
    assert_eq!(ids(&copy(&desk, &BESIDE)), ["c-1", "c-2"]);
}

#[test]
fn a_copy_without_its_log_is_refused_and_not_touched() {
    let desk = world();
    let tty = Tty::started(&desk, (120, 35));
    add(&desk, "c-2");
    // a process that was killed leaves the log as it was
    tty.signal(Signal::KILL);
    drop(tty);
    assert!(fs::metadata(desk.path("w.db-wal")).unwrap().len() > 0);

    let part = copy(&desk, &BESIDE);
    fs::copy(desk.path("world.json"), part.path("world.json")).unwrap();
    let before = part.files();
    for words in [
        &["connections"][..],
        &["status"],
        &["user", "create", "--email", "b@example.test"],
        &["import", "world.json"],
        &["snapshot"],
    ] {
        let done = part.run(words);
        assert_eq!(done.exit, 8, "{words:?} {done:?}");
        assert!(
            done.err.contains("w.db-wal") && done.err.contains("not complete"),
            "{done:?}"
        );
    }
    let database = |files: Vec<_>| -> BTreeMap<_, _> {
        let all = files.into_iter();
        all.filter(|(path, _): &(std::path::PathBuf, Vec<u8>)| {
            !path.to_string_lossy().contains("-")
        })
        .collect()
    };
    assert_eq!(
        database(part.files()),
        database(before),
        "nothing is changed"
    );
    // what looks for damage tells it in its own words
    assert_eq!(part.run(&["audit", "verify"]).exit, 10);
    assert_eq!(part.run(&["doctor"]).exit, 10);
    // without the head the number in the key file tells
    fs::rename(part.path("w.db.audit"), part.path("away")).unwrap();
    assert_eq!(part.run(&["connections"]).exit, 8);
    fs::rename(part.path("away"), part.path("w.db.audit")).unwrap();
    // the way on that the refusal names
    let accept = [
        "accept-loss",
        "audit",
        "--confirm",
        "accept loss of audit",
        "--reason",
        "gone",
    ];
    assert_eq!(part.run(&accept).exit, 0);
    assert_eq!(part.run(&["connections"]).exit, 0);
    assert_eq!(part.run(&["audit", "verify"]).exit, 0);

    let ends = [&BESIDE[..], &["-wal"]].concat();
    assert_eq!(ids(&copy(&desk, &ends)), ["c-1", "c-2"]);
}

#[test]
fn a_copy_without_a_key_file_says_so_and_makes_no_new_one() {
    let desk = world();
    let part = copy(&desk, &[".master", ".audit", ".reserve"]);
    for words in [&["connections"][..], &["work", "--until-idle"], &["status"]] {
        let done = part.run(words);
        assert_eq!(done.exit, 9, "{done:?}");
        assert!(done.err.contains("w.db.keys is missing"), "{done:?}");
    }
    assert!(!part.path("w.db.keys").exists());

    let part = copy(&desk, &[".keys", ".audit", ".reserve"]);
    for words in [&["connections"][..], &["users"], &["connection", "c-1"]] {
        let done = part.run(words);
        assert_eq!(done.exit, 0, "{done:?}");
        assert!(done.err.contains("w.db.master is missing"), "{done:?}");
    }
    assert!(!part.path("w.db.master").exists());
}

#[test]
fn a_file_that_others_can_read_is_told_of_by_every_command_and_on_the_board() {
    let desk = world();
    mode(&desk, "w.db", 0o666);
    mode(&desk, "w.db.reserve", 0o640);
    for words in [
        &["status"][..],
        &["connections", "--json"],
        &["user", "create", "--email", "b@example.test"],
        &["purge", "c-1", "--dry-run"],
        &["snapshot"],
    ] {
        let err = desk.run(words).err;
        assert!(
            err.contains("w.db can be read or written by others (mode 666)")
                && err.contains("w.db.reserve can be read or written by others (mode 640)"),
            "{words:?} {err}"
        );
    }
    assert!(!desk.run(&["status", "--quiet"]).err.contains("by others"));
    let mut tty = Tty::started(&desk, (160, 35));
    tty.types("!");
    tty.sees("can be read or written by others");
    tty.types("\x1bq");
    // for a key file it is a refusal
    mode(&desk, "w.db.keys", 0o644);
    assert_eq!(desk.run(&["status"]).exit, 9);
}

#[test]
fn a_dry_run_writes_nothing_and_waits_for_nobody() {
    let desk = world();
    let held = rusqlite::Connection::open(desk.path("w.db")).unwrap();
    held.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let before = fs::read(desk.path("w.db")).unwrap();
    for words in [
        &["purge", "c-1"][..],
        &["revoke", "c-1"],
        &["refresh", "c-1"],
        &["purge", "--user", "u-1"],
        &["refresh", "--filter", "status:active"],
        &["user", "delete", "u-1"],
    ] {
        for more in [&["--dry-run"][..], &["--dry-run", "--read-only"]] {
            let began = Instant::now();
            let done = desk.run(&[words, more].concat());
            assert!(done.exit == 0 || done.exit == 11, "{words:?} {done:?}");
            assert!(!done.out.is_empty(), "{words:?} {done:?}");
            assert!(began.elapsed() < Duration::from_secs(5), "{words:?} waited");
        }
    }
    assert_eq!(desk.run(&["purge", "c-1", "--read-only"]).exit, 4);
    held.execute_batch("ROLLBACK").unwrap();
    drop(held);
    assert_eq!(fs::read(desk.path("w.db")).unwrap(), before);
    assert_eq!(desk.audited("purge") + desk.audited("plan"), 0);
}

/// A command with no database named and these variables.
fn at_home(desk: &Desk, words: &[&str], more: &[(&str, &str)]) -> Done {
    let mut command = desk.command(words);
    command
        .env_remove("SWITCHBOARD_DB")
        .env_remove("SWITCHBOARD_CONFIG");
    ended(command.envs(more.iter().copied()).output().unwrap(), words)
}

#[test]
fn the_first_command_in_a_new_home_says_how_to_begin() {
    let desk = Desk::empty(0.0);
    let said = |done: &Done| {
        assert_eq!(done.exit, 8, "{done:?}");
        assert!(
            done.err.contains("begin with") && done.err.contains("switchboard demo"),
            "{done:?}"
        );
    };
    for words in [
        &["connections"][..],
        &["status"],
        &["why", "c-1"],
        &["purge", "c-1", "--dry-run"],
    ] {
        said(&at_home(&desk, words, &[]));
    }
    fs::create_dir_all(desk.path(".local/share/switchboard")).unwrap();
    said(&at_home(&desk, &["connections"], &[]));
    // a folder that was named and is not there is another mistake
    let done = at_home(&desk, &["connections", "--db", "no/such/w.db"], &[]);
    assert_eq!(done.exit, 7, "{done:?}");
}

#[test]
fn a_relative_base_directory_is_ignored() {
    let desk = Desk::empty(0.0);
    let relative = [("XDG_DATA_HOME", "rel"), ("XDG_CONFIG_HOME", "conf")];
    let made = at_home(
        &desk,
        &["user", "create", "--email", "b@example.test"],
        &relative,
    );
    assert_eq!(made.exit, 0, "{made:?}");
    assert!(
        desk.path(".local/share/switchboard/switchboard.db")
            .exists()
    );
    assert!(!desk.path("rel").exists());
    let path = at_home(&desk, &["config", "path"], &relative).out;
    assert!(
        path.trim_end()
            .ends_with("/.config/switchboard/config.toml"),
        "{path}"
    );
}

#[test]
fn a_check_of_the_configuration_finds_what_the_start_refuses() {
    for (text, line, word) in [
        ("[ui]\ntheme = \"nope\"\n", 2, "nope"),
        ("[ui]\ntimezone = \"Australia/Sidney\"\n", 2, "ui.timezone"),
        (
            "[theme]\ndanger = { fg = \"red\" }\nwarnign = { fg = \"red\" }\n",
            3,
            "warnign",
        ),
        ("[theme]\ndanger = { fg = \"no colour\" }\n", 2, "no colour"),
        (
            "[keys.connections]\n\"connection.refresh\" = \"r\"\n\"connection.refesh\" = \"x\"\n",
            3,
            "refesh",
        ),
        ("[keys.app]\n[keys.nowhere]\nhelp = \"h\"\n", 3, "nowhere"),
        ("[sandbox]\nspeed = nan\n", 2, "sandbox.speed"),
        ("[limits]\ntotal = 0\n", 2, "limits.total"),
        (
            "[jobs]\nlease = \"1s\"\nheartbeat = \"2s\"\n",
            3,
            "jobs.heartbeat",
        ),
    ] {
        let desk = Desk::empty(0.0);
        fs::write(desk.path("config.toml"), text).unwrap();
        for words in [&["config", "check"][..], &["snapshot"]] {
            let done = desk.run(words);
            // a snapshot looks for the database after the configuration
            assert_eq!(done.exit, 9, "{words:?} {text} {done:?}");
            assert!(
                done.err.contains(&format!("{line}:")) && done.err.contains(word),
                "{words:?} {text} {done:?}"
            );
        }
    }
}

#[test]
fn point_06_what_a_pager_printed_stays_until_a_key() {
    let desk = world();
    let mut tty = Tty::open_with(&desk, (120, 70), &[("PAGER", "cat")]);
    tty.sees("row 1 of 1");
    tty.types("v");
    tty.sees("press any key to go back");
    assert!(tty.screen().contains("\"label\""), "{}", tty.screen());
    assert_eq!(tty.writes_in(Duration::from_millis(300)), 0, "it stays");
    tty.types(" ");
    tty.sees("row 1 of 1");
    tty.types("q");
    assert_eq!(tty.ends(), 0);
    tty.given_back();
}
