//! How much of a long test is done: little with every check, much when `./check --full` asks for it. The
//! code is the same; the environment says how often, from which seed, and where the figure goes.

use super::harness::Dice;
use std::io::Write;

#[expect(
    clippy::disallowed_methods,
    reason = "tests have no configuration; whoever runs them has an environment"
)]
fn said(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// How often; `quick` when nobody says otherwise.
pub fn rounds(quick: u64) -> u64 {
    said("LONG_ROUNDS").map_or(quick, |n| n.parse().expect("LONG_ROUNDS is a number"))
}

/// Where the dice begin.
pub fn seed() -> u64 {
    said("LONG_SEED").map_or(7, |n| n.parse().expect("LONG_SEED is a number"))
}

/// Dice of this run; each use has a key of its own, so that one more throw here changes none there.
pub fn dice(key: u64) -> Dice {
    Dice(seed().wrapping_mul(1_000_003).wrapping_add(key))
}

/// The program under test, when it is not the one that was built with the tests.
pub fn program() -> String {
    said("SWITCHBOARD").unwrap_or_else(|| env!("CARGO_BIN_EXE_switchboard").to_owned())
}

/// Tells what was measured, when somebody wants to know.
pub fn figure(text: &str) {
    if let Some(path) = said("LONG_FIGURE") {
        let mut file = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)
            .unwrap();
        writeln!(file, "{text}; seed {}", seed()).unwrap();
    }
}
