//! System calls of a command that fail, or are the last ones of its process; by strace.

use super::super::harness::{Desk, LIMIT, hits, purge_words, text};
use super::super::settings;
use super::{Model, kept, sound};
use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Output, Stdio};
use std::time::Instant;

/// The system calls that change a file or make a change last.
const CALLS: [&str; 7] = [
    "pwrite64",
    "write",
    "ftruncate",
    "fallocate",
    "fsync",
    "fdatasync",
    "unlink",
];

/// The database and what is beside it.
const FILES: [&str; 8] = [
    "w.db",
    "w.db-wal",
    "w.db-shm",
    "w.db-journal",
    "w.db.keys",
    "w.db.audit",
    "w.db.master",
    "w.db.reserve",
];

/// What is done at the call: an error of the disk, no room, or the end of the process.
const FAULTS: [&str; 3] = ["error=EIO", "error=ENOSPC", "error=EIO:signal=SIGKILL"];

fn strace(desk: &Desk, rules: &[String], words: &[&str]) -> Output {
    let plain = desk.command(words);
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-o"]).arg(desk.path("trace"));
    for file in FILES {
        command.arg("-P").arg(desk.path(file));
    }
    for rule in rules {
        command.args(["-e", rule]);
    }
    command
        .arg(plain.get_program())
        .args(words)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .envs(desk.environment())
        .current_dir(desk.folder())
        .stdin(Stdio::null());
    command.output().unwrap()
}

fn strace_is_here() -> bool {
    let here = Command::new("strace").arg("-V").output().is_ok();
    if !here {
        settings::figure(
            "NOT TESTED: faults of system calls; strace is not installed (apt-get install strace)",
        );
    }
    here
}

/// How often each call is made by one thread of a command.
fn calls(desk: &Desk, words: &[&str]) -> BTreeMap<&'static str, u32> {
    let rule = format!("trace={}", CALLS.join(","));
    let output = strace(desk, &[rule], words);
    assert!(output.status.success(), "{words:?}: {output:?}");
    let trace = fs::read_to_string(desk.path("trace")).unwrap();
    let mut by_thread: BTreeMap<(&str, &'static str), u32> = BTreeMap::new();
    for line in trace.lines() {
        let (thread, rest) = line.split_once(' ').unwrap();
        if let Some(call) = CALLS
            .iter()
            .find(|call| rest.trim_start().starts_with(&format!("{call}(")))
        {
            *by_thread.entry((thread, call)).or_default() += 1;
        }
    }
    let mut most = BTreeMap::new();
    for ((_, call), count) in by_thread {
        let known: &mut u32 = most.entry(call).or_default();
        *known = count.max(*known);
    }
    most
}

#[derive(Default)]
struct Tally {
    faults: u32,
    succeeded: u32,
    refused: u32,
    killed: u32,
}

impl Tally {
    /// One fault in a command, and what has to be true afterwards.
    fn inject(
        &mut self,
        model: &Model,
        id: &str,
        words: &[&str],
        call: &str,
        nth: u32,
        fault: &str,
    ) {
        let desk = model.copy();
        let what = format!("{words:?} {call} {nth} {fault}");
        let rules = [
            format!("trace={call}"),
            format!("inject={call}:{fault}:when={nth}"),
        ];
        let began = Instant::now();
        let output = strace(&desk, &rules, words);
        assert!(began.elapsed() < LIMIT, "{what}: it hung");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!said.contains("panicked"), "{what}: {said}");
        self.faults += 1;
        let acknowledged = output.status.success();
        match output.status.code() {
            Some(0) => self.succeeded += 1,
            Some(code) if code <= 12 => self.refused += 1,
            // strace ends as the program did
            None | Some(137) if fault.contains("KILL") => self.killed += 1,
            _ => panic!("{what}: {:?} {said}", output.status),
        }
        let after = desk.run(&["work", "--until-idle"]);
        assert_eq!(after.exit, 0, "{what}: {after:?}");
        sound(&desk, &what);
        kept(&desk, model, &what);
        match words[0] {
            "purge" => self.purged(&desk, id, acknowledged, &what),
            _ => {
                let made = desk.rows(&["users", "fault@example.test"]).len();
                assert!(
                    made == 1 || !acknowledged,
                    "{what}: acknowledged and not there"
                );
            }
        }
    }

    fn purged(&self, desk: &Desk, id: &str, acknowledged: bool, what: &str) {
        let jobs = desk.rows(&["jobs", &format!("connection:{id} kind:purge")]);
        let done = jobs.first().filter(|job| job["state"] == "succeeded");
        assert!(
            done.is_some() || !acknowledged,
            "{what}: acknowledged and not done"
        );
        let Some(job) = done else { return };
        let proof = desk.run(&["certificate", &text(&job["id"]), "--verify"]);
        assert_eq!(proof.exit, 0, "{what}: {proof:?}");
        let (user, bank) = desk.pair(id);
        let private = desk.private(Some((&user, &bank)));
        for (path, bytes) in desk.files() {
            assert!(
                hits(&private, &bytes).is_empty(),
                "{what}: {} holds what is proven to be gone",
                path.display()
            );
        }
    }
}

/// `each`: every so many-th place of a call; the others are left out.
pub(super) fn system_calls(each: u32) -> String {
    if !strace_is_here() {
        return "system calls not tested".into();
    }
    let model = Model::new();
    let id = model.desk.one("status:active acc>0");
    let confirm = purge_words(&id);
    let purge: &[&str] = &["purge", &id, "--confirm", &confirm, "--wait"];
    let create: &[&str] = &["user", "create", "--email", "fault@example.test"];
    let mut tally = Tally::default();
    let mut turn = 0;
    for words in [purge, create] {
        for (call, count) in calls(&model.copy(), words) {
            for nth in 1..=count {
                for fault in FAULTS {
                    turn += 1;
                    if turn % each == 0 {
                        tally.inject(&model, &id, words, call, nth, fault);
                    }
                }
            }
        }
    }
    assert!(
        tally.faults > 0 && tally.refused + tally.killed > 0,
        "no fault was felt"
    );
    format!(
        "{} faults of system calls ({} ended well, {} told, {} killed)",
        tally.faults, tally.succeeded, tally.refused, tally.killed
    )
}
