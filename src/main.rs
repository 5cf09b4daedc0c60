//! The program: makes itself private, then does what was typed. Everything else is the library's.

use std::process::ExitCode;

fn main() -> ExitCode {
    switchboard::harden();
    switchboard::run()
}
