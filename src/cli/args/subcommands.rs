//! Commands below a command.

use super::parse::{health, length, method};
use crate::domain::connection::Method;
use crate::domain::diagnosis::Health;
use clap::Subcommand;
use std::time::Duration;

/// Questions about the audit.
#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Checks that no line was changed, taken out or cut off.
    Verify,
    /// The place and digest of the newest line.
    Head,
}

/// Questions about the configuration.
#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Where the file is looked for.
    Path,
    /// Lists all errors in the file.
    Check,
    /// Every key with its value, where the value comes from, and what it does.
    Show,
    /// Writes a file with every key at its default, in comments; never overwrites.
    Init,
}

/// Parts to play in the sandbox.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum SandboxCommand {
    /// The user agrees at the bank.
    Authorise {
        /// Which connection.
        id: String,
    },
    /// The user leaves the flow.
    Abandon {
        /// Which connection.
        id: String,
    },
    /// The user or the bank refuses.
    Deny {
        /// Which connection.
        id: String,
    },
    /// Declares how a bank fares: operational, degraded-performance, partial-outage, major-outage or
    /// under-maintenance.
    Health {
        /// Which bank.
        bank: String,
        /// How it fares.
        #[arg(value_name = "STATE", value_parser = health)]
        state: Health,
        /// Only this way to it; every one when nothing is said.
        #[arg(long, value_name = "METHOD", value_parser = method)]
        method: Option<Method>,
    },
    /// Breaks a bank for a while.
    Outage {
        /// Which bank.
        bank: String,
        /// For how long; `0s` mends it.
        #[arg(long = "for", value_name = "TIME", value_parser = length)]
        lasting: Duration,
    },
}
