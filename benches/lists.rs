//! How long the built program takes for the first page and the counts of a list, over a generated file. Each sample is
//! one process: start, open the database, answer, exit. `start` is a command that opens no database: what every command
//! needs at least.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

const PROGRAM: &str = env!("CARGO_BIN_EXE_switchboard");

/// Connections in the generated file.
const CONNECTIONS: &str = "10000";

struct World {
    db: PathBuf,
    _folder: tempfile::TempDir,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
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
        _folder: folder,
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
