//! The seed of the long tests, the program under test, and the figures that long tests print.

use super::harness::Dice;
use std::io::Write;

#[expect(
    clippy::disallowed_methods,
    reason = "tests have no configuration but the environment"
)]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// `LONG_SEED`, or 7.
pub(crate) fn seed() -> u64 {
    variable("LONG_SEED").map_or(7, |n| n.parse().expect("LONG_SEED is a number"))
}

/// Random numbers of this run. Each use has a key of its own, so that one more draw here changes none there.
pub(crate) fn dice(key: u64) -> Dice {
    Dice(seed().wrapping_mul(1_000_003).wrapping_add(key))
}

/// The program under test: `SWITCHBOARD`, or the one that was built with the tests.
pub(crate) fn program() -> String {
    variable("SWITCHBOARD").unwrap_or_else(|| env!("CARGO_BIN_EXE_switchboard").to_owned())
}

/// Prints what was measured; nextest shows it for the long tests.
pub(crate) fn figure(text: &str) {
    writeln!(std::io::stdout(), "{text}; seed {}", seed()).expect("standard output is open");
}
