//! Commands that take everything out, and those about the program itself.

use super::Pick;
use clap::{Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum CopyCommand {
    /// Copies the database and the files beside it while other programs use them.
    Backup {
        /// File to write; nothing may be there, nor beside it.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// A whole list, masked; CSV unless another format is asked for.
    Export {
        /// The list.
        #[arg(value_name = "WHAT", value_enum)]
        what: Exported,
        /// Filter as for the command of that list; for consents, events and the audit words like `user:ID`.
        #[arg(value_name = "FILTER", num_args = 0..)]
        filter: Vec<String>,
        #[command(flatten)]
        pick: Pick,
    },
    /// The manual page of the program, or of a command.
    Man {
        /// The command, like `purge` or `user create`.
        #[arg(value_name = "COMMAND", num_args = 0..)]
        command: Vec<String>,
        /// Writes all pages into this folder, where they replace those of an earlier version.
        #[arg(long, value_name = "FOLDER", conflicts_with = "command")]
        into: Option<PathBuf>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Exported {
    /// Connections by the filter language.
    Connections,
    /// Jobs by the filter language.
    Jobs,
    /// Users by words of a name, an id, or a whole email address or mobile number.
    Users,
    /// Banks; no filter.
    Institutions,
    /// Active consents, or all of `user:ID`.
    Consents,
    /// Events; `user:ID entity:connection type:invalidated since:SEQ`.
    Events,
    /// The audit; `user:ID actor:NAME action:purge since:90d until:2026-03-10`.
    Audit,
    /// Stored accounts of `user:ID`, `connection:ID` or `institution:ID`.
    Accounts,
    /// Stored transactions; the same, and `account:ID`.
    Transactions,
    /// Plans; no filter.
    Plans,
    /// Sequences; no filter.
    Sequences,
}
