//! Commands below a command.

use super::parse::{head, health, length, method};
use crate::domain::connection::Method;
use crate::domain::diagnosis::Health;
use crate::vault::Head;
use clap::Subcommand;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Checks that no line was changed, removed or cut off.
    Verify {
        /// Also checks it against a head that was noted elsewhere.
        #[arg(long, value_name = "SEQ:MAC", value_parser = head)]
        against: Option<Head>,
    },
    /// The sequence number and digest of the newest line.
    Head,
    /// Writes the whole audit to a file, newest line first, as JSON lines unless another format is asked for.
    Export {
        /// File to write, where nothing may be; `-` is stdout.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

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

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum SandboxCommand {
    /// The user agrees at the bank.
    Authorise {
        /// Connection id, or its beginning or end.
        id: String,
    },
    /// The user leaves the consent page.
    Abandon {
        /// Connection id, or its beginning or end.
        id: String,
    },
    /// The user refuses at the bank.
    Deny {
        /// Connection id, or its beginning or end.
        id: String,
    },
    /// Declares the health of a bank: operational, degraded-performance, partial-outage, major-outage or
    /// under-maintenance.
    Health {
        /// Bank id.
        bank: String,
        /// The declared health.
        #[arg(value_name = "STATE", value_parser = health)]
        state: Health,
        /// Only the connector of this method; all of them by default.
        #[arg(long, value_name = "METHOD", value_parser = method)]
        method: Option<Method>,
    },
    /// Makes a bank fail for a while.
    Outage {
        /// Bank id.
        bank: String,
        /// For how long; `0s` ends the outage.
        #[arg(long = "for", value_name = "TIME", value_parser = length)]
        lasting: Duration,
    },
}
