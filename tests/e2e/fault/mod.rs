//! Faults from outside, one at a time: system calls that write fail or are the last ones, files are moved, cut or
//! replaced under a worker, the clock is wrong. After each the file opens, doctor tells the truth, nothing acknowledged
//! is lost, and no certificate says that something is gone that is there. Skipped without strace and libfaketime.

mod blows;
mod calls;
mod clocks;

use super::harness::{Desk, Done, text};
use super::settings;
use blows::{STRUCK, blows};
use calls::system_calls;
use clocks::{YEARS, clocks};
use std::collections::BTreeSet;
use std::fs;

/// A world that is made once and copied for each fault.
struct Model {
    desk: Desk,
    /// What was there, and is kept.
    users: usize,
    jobs: BTreeSet<String>,
}

impl Model {
    fn new() -> Self {
        let desk = Desk::new(14, 3, 0.0).hasty();
        desk.work();
        let jobs = desk
            .rows(&["jobs"])
            .iter()
            .map(|job| text(&job["id"]))
            .collect();
        Self {
            users: desk.rows(&["users"]).len(),
            jobs,
            desk,
        }
    }

    fn copy(&self) -> Desk {
        let copy = Desk::empty(0.0).hasty().of_world(&self.desk);
        for (path, _) in self.desk.files() {
            // the modes are copied too
            fs::copy(
                &path,
                copy.path(path.file_name().unwrap().to_str().unwrap()),
            )
            .unwrap();
        }
        copy
    }
}

fn sound(desk: &Desk, what: &str) {
    let told = desk.run(&["doctor", "--deep", "--json"]);
    assert_eq!(told.exit, 0, "{what}: {told:?}");
    let told = told.document();
    assert_eq!(
        (&told["ok"], &told["audit"]["ok"]),
        (&true.into(), &true.into()),
        "{what}: {told:#}"
    );
}

fn kept(desk: &Desk, model: &Model, what: &str) {
    assert!(desk.rows(&["users"]).len() >= model.users, "{what}");
    let jobs: BTreeSet<String> = desk
        .rows(&["jobs"])
        .iter()
        .map(|job| text(&job["id"]))
        .collect();
    assert!(model.jobs.is_subset(&jobs), "{what}: a job is gone");
}

fn promised(done: &Done, what: &str) {
    assert!((0..=12).contains(&done.exit), "{what}: {done:?}");
    assert!(!done.err.contains("panicked"), "{what}: {done:?}");
}

#[test]
fn a_fault_of_a_system_call_loses_nothing_and_proves_nothing() {
    system_calls(151);
}

#[test]
fn a_key_file_moved_cut_or_replaced_under_a_worker_proves_nothing() {
    blows(&["w.db.keys"]);
}

#[test]
fn a_wrong_clock_ends_no_command_with_a_panic() {
    clocks(&["1900-01-01", "9999-12-31"]);
}

#[test]
#[ignore = "long: run by ./check --full"]
fn faults_of_system_calls_lose_nothing_and_prove_nothing_long() {
    let calls = system_calls(1);
    settings::figure(&format!(
        "{calls}; 0 panics, 0 acknowledged lost, 0 false proofs"
    ));
}

#[test]
#[ignore = "long: run by ./check --full"]
fn files_moved_cut_or_replaced_lose_nothing_and_prove_nothing_long() {
    let blows = blows(&STRUCK);
    settings::figure(&format!(
        "{blows}; 0 panics, 0 acknowledged lost, 0 false proofs"
    ));
}

#[test]
#[ignore = "long: run by ./check --full"]
fn wrong_clocks_end_no_command_with_a_panic_long() {
    let clocks = clocks(&YEARS);
    settings::figure(&format!(
        "{clocks}; 0 panics, 0 other exit codes than promised"
    ));
}
