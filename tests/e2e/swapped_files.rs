//! Files of a database that are replaced, lost or reached through a link while processes use it.

use super::harness::{Desk, PLAIN, ended, text, until};
use super::tty::Tty;
use std::fs;
use std::os::unix::fs::symlink;

/// As `cp` and `mv` do it: a restore, or a copy by another program.
fn replace(desk: &Desk, name: &str) {
    fs::copy(desk.path(name), desk.path("t")).unwrap();
    fs::rename(desk.path("t"), desk.path(name)).unwrap();
}

/// Whether the worker of this process has said that it works.
fn works(desk: &Desk, pid: u32) -> bool {
    let workers = desk.document(&["doctor"])["workers"].clone();
    workers.as_array().unwrap().iter().any(|w| w["pid"] == pid)
}

#[test]
fn a_database_replaced_under_a_worker_and_a_board_stops_them_and_loses_nothing() {
    let desk = Desk::new(40, 5, 0.0).hasty();
    desk.work();
    let ids = desk.ids(PLAIN);
    let worker = desk.start(&["work"]);
    let mut board = Tty::started(&desk, (120, 35));
    until("the worker", || works(&desk, worker.id()));
    until("the board", || {
        let workers = desk.document(&["doctor"])["workers"].clone();
        workers.as_array().unwrap().len() == 2
    });
    replace(&desk, "w.db");
    let mut jobs = vec![];
    for id in ids.iter().cycle().take(12) {
        let job = desk.document(&["refresh", id, "--force-recent"]);
        jobs.push(text(&job["id"]));
    }
    let done = ended(worker.wait_with_output().unwrap(), &["work"]);
    assert_eq!(done.exit, 8, "{done:?}");
    assert!(
        done.err.contains("was replaced while it was in use: ") && done.err.contains("w.db;"),
        "{done:?}"
    );
    assert_eq!(board.ends(), 8);
    board.given_back();
    desk.work();
    for job in jobs {
        assert_eq!(desk.job(&job)["state"], "succeeded", "{job}");
    }
    desk.healthy();
}

#[test]
fn a_key_file_moved_away_under_a_worker_stops_it_and_none_is_made() {
    let desk = Desk::new(5, 2, 0.0).hasty();
    desk.work();
    for name in ["w.db.keys", "w.db.audit", "w.db.master"] {
        let worker = desk.start(&["work"]);
        until("the worker", || works(&desk, worker.id()));
        fs::rename(desk.path(name), desk.path("away")).unwrap();
        let done = ended(worker.wait_with_output().unwrap(), &["work"]);
        assert_eq!(done.exit, 8, "{name} {done:?}");
        assert!(done.err.contains(name), "{done:?}");
        assert!(!desk.path(name).exists(), "{name}");
        fs::rename(desk.path("away"), desk.path(name)).unwrap();
    }
    desk.healthy();
}

#[test]
fn a_lost_key_file_is_accepted_by_words_and_reason_and_a_refresh_mends_the_rows() {
    let desk = Desk::new(40, 5, 0.0).hasty();
    desk.work();
    let id = desk.one(PLAIN);
    fs::remove_file(desk.path("w.db.keys")).unwrap();
    let words = "accept loss of keys";
    for (more, exit) in [
        (&[][..], 5),
        (&["--confirm", words], 5),
        (&["--confirm", "accept loss of audit", "--reason", "r"], 5),
        (&["--confirm", words, "--reason", "the disk died"], 0),
        (&["--confirm", words, "--reason", "again"], 4),
    ] {
        let before = desk.run(&["connections"]).exit;
        let done = desk.run(&[&["accept-loss", "keys"], more].concat());
        assert_eq!(done.exit, exit, "{done:?}");
        assert_eq!(before, if exit == 4 { 0 } else { 9 }, "{more:?}");
    }
    let accounts = |desk: &Desk| desk.rows(&["accounts", "--connection", &id]);
    assert!(accounts(&desk).iter().all(|a| a["accountNo"] == "(lost)"));
    let doctor = desk.run(&["doctor", "--deep"]);
    assert_eq!(doctor.exit, 8, "{doctor:?}");
    assert!(doctor.err.contains("a refresh fetches again"), "{doctor:?}");
    let done = desk.run(&["refresh", &id, "--force-recent", "--wait"]);
    assert_eq!(done.exit, 0, "{done:?}");
    assert!(accounts(&desk).iter().all(|a| a["accountNo"] != "(lost)"));
    assert_eq!(desk.run(&["audit", "verify"]).exit, 0);
    assert_eq!(desk.audited("accept-loss"), 1);
}

#[test]
fn a_removed_head_is_a_break_until_it_is_accepted() {
    let desk = Desk::new(5, 2, 0.0);
    let head = desk.run(&["audit", "head"]);
    let noted = head.out.trim().replace(' ', ":");
    assert_eq!(desk.run(&["audit", "verify", "--against", &noted]).exit, 0);
    let other = format!("{}{}", &noted[..noted.len() - 1], "x");
    assert_eq!(desk.run(&["audit", "verify", "--against", &other]).exit, 2);
    let later = noted.replacen(|c: char| c.is_ascii_digit(), "9", 1);
    let later = desk.run(&["audit", "verify", "--against", &later]);
    assert_eq!(later.exit, 10, "{later:?}");

    fs::remove_file(desk.path("w.db.audit")).unwrap();
    for words in [&["audit", "verify"][..], &["doctor"]] {
        let done = desk.run(words);
        assert_eq!(done.exit, 10, "{done:?}");
        assert!(done.err.contains("no-head"), "{done:?}");
    }
    let words = [
        "accept-loss",
        "audit",
        "--confirm",
        "accept loss of audit",
        "--reason",
        "copied without it",
    ];
    assert_eq!(desk.run(&words).exit, 0);
    desk.healthy();
}

#[test]
fn a_link_to_a_database_uses_the_files_beside_the_database() {
    let desk = Desk::new(5, 2, 0.0);
    fs::create_dir(desk.path("elsewhere")).unwrap();
    let link = desk.path("elsewhere/link.db");
    symlink(desk.path("w.db"), &link).unwrap();
    let link = link.to_str().unwrap();
    for words in [
        &["--db", link, "doctor"][..],
        &["--db", link, "work", "--until-idle"],
        &["--db", link, "user", "create", "--email", "b@example.test"],
    ] {
        let done = desk.run(words);
        assert_eq!(
            (done.exit, done.err.contains("missing")),
            (0, false),
            "{done:?}"
        );
    }
    assert_eq!(fs::read_dir(desk.path("elsewhere")).unwrap().count(), 1);
}

#[test]
fn a_limit_for_the_size_of_files_is_a_storage_error_and_no_signal() {
    let desk = Desk::new(5, 2, 0.0);
    let command = desk.command(&["user", "create", "--email", "b@example.test"]);
    let words: Vec<String> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let mut limited = std::process::Command::new("prlimit");
    limited.arg("--fsize=4096:4096").args(words);
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        limited.current_dir(folder);
    }
    let done = ended(limited.output().unwrap(), &["user", "create"]);
    assert_eq!(done.exit, 7, "{done:?}");
    desk.healthy();
}
