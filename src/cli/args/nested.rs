//! Commands below a command.

use super::parse::length;
use clap::Subcommand;
use std::time::Duration;

/// Questions about the audit.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum AuditCommand {
    /// Checks that no line was changed, taken out or cut off.
    Verify,
    /// The place and digest of the newest line.
    Head,
}

/// Questions about the configuration.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum ConfigCommand {
    /// Where it is looked for.
    Path,
    /// All that is wrong with it.
    Check,
}

/// Parts to play in the sandbox.
#[derive(Clone, Debug, Subcommand)]
pub enum SandboxCommand {
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
    /// Breaks a bank for a while.
    Outage {
        /// Which bank.
        bank: String,
        /// For how long; `0s` mends it.
        #[arg(long = "for", value_name = "TIME", value_parser = length)]
        lasting: Duration,
    },
}
