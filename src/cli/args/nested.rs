//! Commands below a command.

use super::parse::{length, number_kind};
use crate::domain::person::NumberKind;
use clap::{Args, Subcommand};
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

/// What is given of a person.
#[derive(Args, Clone, Debug, Default)]
pub struct PersonArgs {
    /// Where letters go.
    #[arg(long, value_name = "E")]
    pub email: Option<String>,
    /// Where messages go, like +61400111222.
    #[arg(long, value_name = "M")]
    pub mobile: Option<String>,
    /// A part of the name.
    #[arg(long, value_name = "NAME")]
    pub first_name: Option<String>,
    /// A part of the name.
    #[arg(long, value_name = "NAME")]
    pub middle_name: Option<String>,
    /// A part of the name.
    #[arg(long, value_name = "NAME")]
    pub last_name: Option<String>,
    /// The business the person stands for.
    #[arg(long, value_name = "NAME")]
    pub business_name: Option<String>,
    /// That business's number.
    #[arg(long, value_name = "N")]
    pub business_id: Option<String>,
    /// Of which register that number is: ABN or ACN.
    #[arg(long, value_name = "KIND", value_parser = number_kind)]
    pub business_id_type: Option<NumberKind>,
}

/// What to do with a user.
#[derive(Clone, Debug, Subcommand)]
pub enum UserCommand {
    /// Makes a user; an email or a mobile is needed.
    Create {
        /// What is known.
        #[command(flatten)]
        given: PersonArgs,
    },
    /// Changes what is given and nothing else; an empty text takes away.
    Update {
        /// Which.
        id: String,
        /// What changes.
        #[command(flatten)]
        given: PersonArgs,
    },
}

/// What to do with the link to the hosted flow.
#[derive(Clone, Debug, Subcommand)]
pub enum AuthLinkCommand {
    /// Makes a link in the place of the one before.
    Create {
        /// Whose.
        user: String,
        /// Where it is sent to, instead of the user's own.
        #[arg(long, value_name = "M")]
        mobile: Option<String>,
    },
    /// Shows the link a user has.
    Show {
        /// Whose.
        user: String,
    },
    /// Takes the link away.
    Delete {
        /// Whose.
        user: String,
    },
}
