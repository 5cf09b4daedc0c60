//! Commands below a command.

use super::parse::{length, reason};
use super::parts::EndArgs;
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

/// What to do with a user.
#[derive(Clone, Debug, Subcommand)]
pub enum UserCommand {
    /// Deletes all that was fetched, every connection, and the user's own record.
    Delete {
        /// Which.
        id: String,
        /// How.
        #[command(flatten)]
        ending: EndArgs,
    },
}

/// What to do with a consent.
#[derive(Clone, Debug, Subcommand)]
pub enum ConsentCommand {
    /// Extends it by a year from now on, as its user agreed to.
    Extend {
        /// Which.
        id: String,
        /// Why; kept in the audit.
        #[arg(long, value_name = "R", value_parser = reason)]
        reason: Option<String>,
    },
    /// Ends it, with every connection of its user and all that was fetched.
    End {
        /// Which.
        id: String,
        /// How.
        #[command(flatten)]
        ending: EndArgs,
    },
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
