//! How long the built program takes for the first page and the counts of a list, over a generated file. Each sample is
//! one process: start, open the database, answer, exit. `start` is a command that opens no database: what every command
//! needs at least. `SWITCHBOARD_BENCH_DB` names a file to read instead of a generated one, such as one of a million
//! connections.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

const PROGRAM: &str = env!("CARGO_BIN_EXE_switchboard");

/// Connections in the generated file.
const CONNECTIONS: &str = "10000";

struct World {
    db: PathBuf,
    /// Of a generated file.
    _folder: Option<tempfile::TempDir>,
}

/// One filter of each field of the language, with few hits, with many, and with none.
const TERMS: [&str; 36] = [
    "s",
    "an",
    "hooli",
    "zzqq",
    "user:smith",
    "status:active",
    "status:invalid",
    "!status:active",
    "status:active or is:waiting",
    "bank:hooli",
    "bank~zzz",
    "via:ob",
    "id~zzzz",
    "last<1d",
    "last>3d",
    "created<2h",
    "created>1d",
    "since<1d",
    "first-failed<1d",
    "mover:user",
    "incident:open",
    "attempts>3",
    "job:failed",
    "job:none",
    "state:waiting-retry",
    "kind:purge",
    "kind:revoke",
    "step~sign",
    "error~cred",
    "error:invalid-credentials",
    "acc=0",
    "acc>50",
    "tx=0",
    "consent<7d",
    "is:attention",
    "via:ob !job:failed",
];

#[expect(
    clippy::disallowed_methods,
    reason = "a bench reads no configuration of the program"
)]
fn given() -> Option<OsString> {
    env::var_os("SWITCHBOARD_BENCH_DB")
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    if let Some(db) = given() {
        return World {
            db: db.into(),
            _folder: None,
        };
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let db = folder.path().join("bench.db");
    let made = Command::new(PROGRAM)
        .args([
            "generate",
            "--connections",
            CONNECTIONS,
            "--transactions",
            "20",
            "--seed",
            "7",
            "--db",
        ])
        .arg(&db)
        .stderr(Stdio::null())
        .status()
        .expect("the program starts");
    assert!(made.success(), "generate failed");
    World {
        db,
        _folder: Some(folder),
    }
});

fn run(args: &[&str]) -> Vec<u8> {
    let done = Command::new(PROGRAM)
        .args(args)
        .args(["--read-only", "--db"])
        .arg(&WORLD.db)
        .output()
        .expect("the program starts");
    assert!(done.status.success(), "{args:?}: {done:?}");
    done.stdout
}

fn main() {
    LazyLock::force(&WORLD);
    divan::main();
}

#[divan::bench]
fn start() -> Vec<u8> {
    run(&["keys"])
}

/// The first page of connections with the number of all that match.
#[divan::bench(args = ["", "status:invalid", "bank:hooli", "maria", "is:stuck or job:failed"])]
fn connections(filter: &str) -> Vec<u8> {
    run(&["connections", filter, "--limit", "50", "--json"])
}

#[divan::bench(args = TERMS, sample_count = 3, sample_size = 1)]
fn term_page(filter: &str) -> Vec<u8> {
    run(&["connections", filter, "--limit", "50", "--json"])
}

#[divan::bench(args = TERMS, sample_count = 3, sample_size = 1)]
fn term_count(filter: &str) -> Vec<u8> {
    run(&["connections", filter, "--count"])
}

/// A page in the other orders.
#[divan::bench(args = ["last", "bank", "user:desc"])]
fn sorted(order: &str) -> Vec<u8> {
    run(&["connections", "--sort", order, "--limit", "50", "--json"])
}

#[divan::bench(args = ["", "status:failed", "error:invalid-credentials"])]
fn jobs(filter: &str) -> Vec<u8> {
    run(&["jobs", filter, "--limit", "50", "--json"])
}

/// The counts of the whole file: labels, attention, due jobs.
#[divan::bench]
fn status() -> Vec<u8> {
    let done = Command::new(PROGRAM)
        .args(["status", "--db"])
        .arg(&WORLD.db)
        .output()
        .expect("the program starts");
    done.stdout
}
