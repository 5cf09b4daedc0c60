//! Files of the database that are moved away, cut or replaced between two commits of a running worker.

use super::super::harness::{Desk, PLAIN, dead, halt, kill, purge_words, text, until};
use super::{Model, kept, promised, sound};
use rustix::process::Signal;
use std::fs;
use std::os::unix::process::ExitStatusExt as _;

/// What is done to a file of the database between two commits.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Blow {
    Away,
    Cut,
    Copied,
}

fn strike(desk: &Desk, file: &str, blow: Blow) {
    let path = desk.path(file);
    match blow {
        Blow::Away => fs::rename(&path, desk.path("away")).unwrap(),
        Blow::Cut => {
            fs::copy(&path, desk.path("away")).unwrap();
            let half = fs::metadata(&path).unwrap().len() / 2;
            fs::OpenOptions::new()
                .write(true)
                .open(&path)
                .unwrap()
                .set_len(half)
                .unwrap();
        }
        Blow::Copied => {
            fs::copy(&path, desk.path("t")).unwrap();
            fs::rename(desk.path("t"), &path).unwrap();
        }
    }
}

fn struck(model: &Model, file: &str, blow: Blow) {
    let what = format!("{file} {blow:?}");
    let desk = model.copy();
    let id = desk.one(PLAIN);
    let mut worker = desk.start(&["work"]);
    let pid = worker.id();
    until("the worker", || {
        let workers = desk.document(&["doctor"])["workers"].clone();
        workers.as_array().unwrap().iter().any(|w| w["pid"] == pid)
    });
    let before = desk.document(&["refresh", &id, "--force-recent"]);
    let before = text(&before["id"]);
    until("the first commit", || {
        desk.job(&before)["state"] == "succeeded"
    });
    strike(&desk, file, blow);
    // the second commit, of another process and then of the worker
    promised(&desk.run(&["refresh", &id, "--force-recent"]), &what);
    let words = purge_words(&id);
    promised(&desk.run(&["purge", &id, "--confirm", &words]), &what);
    let told = desk.run(&["doctor", "--json"]);
    promised(&told, &what);
    // a process that has the head of the audit open writes it again whole
    let written_again = file == "w.db.audit" && blow == Blow::Cut;
    let harmless = file == "w.db.reserve" || blow == Blow::Copied || written_again;
    assert!(
        harmless || told.exit != 0,
        "{what}: doctor saw nothing: {told:?}"
    );
    if file == "w.db.reserve" {
        assert!(
            !dead(&mut worker),
            "{what}: empty room is no reason to stop"
        );
        halt(&worker, Signal::TERM);
    } else if blow == Blow::Cut {
        kill(&mut worker);
    }
    let ended = worker.wait_with_output().unwrap();
    let signal = ended.status.signal();
    assert!(signal.is_none() || blow == Blow::Cut, "{what}: {ended:?}");
    assert!(
        !String::from_utf8_lossy(&ended.stderr).contains("panicked"),
        "{what}: {ended:?}"
    );
    if file != "w.db.reserve" && blow != Blow::Copied {
        if file == "w.db" && blow == Blow::Cut {
            // what was cut off is gone; that is told, and nothing is proven with it
            let told = desk.run(&["doctor"]);
            assert_ne!(told.exit, 0, "{what}: {told:?}");
            return;
        }
        fs::rename(desk.path("away"), desk.path(file)).unwrap();
    }
    desk.work();
    sound(&desk, &what);
    kept(&desk, model, &what);
    assert_eq!(
        desk.job(&before)["state"],
        "succeeded",
        "{what}: acknowledged and lost"
    );
    for job in desk.rows(&[
        "jobs",
        &format!("connection:{id} kind:purge state:succeeded"),
    ]) {
        let proof = desk.run(&["certificate", &text(&job["id"]), "--verify"]);
        assert_eq!(proof.exit, 0, "{what}: {proof:?}");
    }
}

pub(super) const STRUCK: [&str; 5] = [
    "w.db",
    "w.db.keys",
    "w.db.audit",
    "w.db.master",
    "w.db.reserve",
];

pub(super) fn blows(files: &[&str]) -> String {
    let model = Model::new();
    let mut count = 0;
    for file in files {
        for blow in [Blow::Away, Blow::Cut, Blow::Copied] {
            struck(&model, file, blow);
            count += 1;
        }
    }
    format!("{count} files moved, cut or replaced under a worker")
}
