//! Clients that nobody here wrote, from their registries, against a real `serve`. What they are is in `tests/clients/`.
//! Where one cannot be had it is not run, and a line on standard error says so.

mod basiq;
mod generated;
mod install;
mod prism;
mod schemathesis;
mod standardwebhooks;

use std::io::Write as _;
use std::process::{Command, Output};

/// Says what was not run, and why; nextest shows the output of these tests.
fn not_checked(what: &str, why: &str) {
    writeln!(std::io::stderr(), "!! NOT CHECKED: {what}. {why}").expect("standard error is open");
}

/// What a client printed, when it ended well.
fn printed(mut command: Command) -> String {
    let output = command
        .output()
        .unwrap_or_else(|e| panic!("{command:?}: {e}"));
    assert!(output.status.success(), "{}", told(&output));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn told(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!(
        "{}\n{}\n{}",
        output.status,
        text(&output.stdout),
        text(&output.stderr)
    )
}
