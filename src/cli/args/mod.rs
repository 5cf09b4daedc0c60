//! What can be typed: the commands as clap reads them, with what every one of them is. Options live in
//! `common` and `parts`, commands below a command in `nested`. Deliberately absent: what they do.

mod access;
mod common;
mod groups;
mod offboarding;
mod parse;
mod people;
mod subcommands;

pub(crate) use access::{Access, name};
pub(crate) use common::{Color, Common, Format};
pub(crate) use groups::{Acting, Arming, Part, SignIn, Waiting, Which, WorldArgs};
pub(crate) use offboarding::{ConsentCommand, EndingCommand};
pub(crate) use people::{AuthLinkCommand, HeldArgs, PeopleCommand, PersonArgs, UserCommand};
pub(crate) use subcommands::{AuditCommand, ConfigCommand, SandboxCommand};

use crate::domain::connection::Method;
use clap::{Parser, Subcommand};
use parse::{method, reason, size};
use std::path::PathBuf;

/// Printed below every help: what an exit code means.
pub(crate) const EXITS: &str = "\
Exit codes:
  0 done (an empty list too)            7 storage cannot be written
  1 failed                              8 database unusable
  2 usage                               9 configuration or key file
  3 not found                          10 verification failed
  4 refused by a rule or the state     11 some of several failed
  5 confirmation or reason missing     12 timed out waiting
  6 try again later                 128+n ended by signal n";

/// The terminal dashboard for bank-data connections.
#[derive(Debug, Parser)]
#[command(name = "switchboard", bin_name = "switchboard", version, after_help = EXITS, max_term_width = 110, disable_help_subcommand = true)]
pub(crate) struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub(crate) common: Common,
    /// What to do; the dashboard when nothing is said.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Connections, with what is wrong first.
    Connections {
        /// What has to match, like `status:invalid last>3d`.
        #[arg(value_name = "FILTER", num_args = 0..)]
        filter: Vec<String>,
        /// The order: attention, last, status, bank, user or job; with `:desc` turned round.
        #[arg(long, value_name = "FIELD")]
        sort: Option<String>,
        /// Which part.
        #[command(flatten)]
        part: Part,
    },
    /// One connection with its profile (masked), accounts and last jobs.
    Connection {
        /// Which.
        id: String,
    },
    /// Why a connection is as it is, and what to do.
    Why {
        /// Which.
        id: String,
    },
    /// The history of jobs, newest first.
    Jobs {
        /// What has to match, like `job:failed kind:refresh`.
        #[arg(value_name = "FILTER", num_args = 0..)]
        filter: Vec<String>,
        /// Which part.
        #[command(flatten)]
        part: Part,
    },
    /// One job with its steps.
    Job {
        /// Which.
        id: String,
        /// Prints every change until it has ended.
        #[arg(long)]
        follow: bool,
    },
    /// Makes a connection.
    Connect {
        /// Whose.
        #[arg(long, value_name = "ID")]
        user: String,
        /// At which bank.
        #[arg(long, value_name = "ID")]
        institution: String,
        /// How the bank is reached: web or openbanking.
        #[arg(long, value_name = "METHOD", value_parser = method, default_value = "web")]
        method: Method,
        /// The name to sign in with.
        #[arg(long, value_name = "NAME")]
        login_id: Option<String>,
        /// With what.
        #[command(flatten)]
        sign_in: SignIn,
        /// Whether to wait.
        #[command(flatten)]
        waiting: Waiting,
    },
    /// Fetches what appeared since.
    Refresh {
        /// Which connections.
        #[command(flatten)]
        which: Which,
        /// Even when the bank was asked a moment ago.
        #[arg(long)]
        force_recent: bool,
        /// Even when the bank has refused the sign-in several times in a row.
        #[arg(long)]
        force: bool,
        /// How.
        #[command(flatten)]
        acting: Acting,
    },
    /// Deletes the fetched data for good; the connection stays.
    Purge {
        /// Which connections.
        #[command(flatten)]
        which: Which,
        /// How.
        #[command(flatten)]
        acting: Acting,
    },
    /// Ends a connection for good; its data stays.
    Revoke {
        /// Which connections.
        #[command(flatten)]
        which: Which,
        /// How.
        #[command(flatten)]
        acting: Acting,
    },
    /// Carries out a plan that was made with --plan.
    Apply {
        /// Which plan.
        plan: String,
        /// The words that arm it; the plan names them.
        #[arg(long, value_name = "WORDS")]
        confirm: Option<String>,
        /// Why; kept with the plan and in the audit.
        #[arg(long, value_name = "R", value_parser = reason)]
        reason: Option<String>,
        /// Whether to wait.
        #[command(flatten)]
        waiting: Waiting,
    },
    /// Plans, newest first.
    Plans {
        /// Which part.
        #[command(flatten)]
        part: Part,
    },
    /// One plan, with what came of each of its connections.
    Plan {
        /// Which.
        id: String,
    },
    /// Gives a new password for a web connection and has it tried.
    UpdateCredentials {
        /// Which.
        id: String,
        /// With what.
        #[command(flatten)]
        sign_in: SignIn,
        /// Whether to wait.
        #[command(flatten)]
        waiting: Waiting,
    },
    /// Answers what the bank asks in the middle of a job.
    Answer {
        /// Which job.
        job: String,
        /// The answers, in the order of the questions; asked for or read from stdin when none is given.
        #[arg(value_name = "TEXT")]
        answers: Vec<String>,
        /// Whether to wait.
        #[command(flatten)]
        waiting: Waiting,
    },
    /// Runs jobs without a screen.
    Work {
        /// Ends when nothing runs and nothing is due.
        #[arg(long)]
        until_idle: bool,
    },
    /// The health of the file, its schema, the audit, file modes and workers.
    Doctor,
    /// Who did or looked at what, newest first.
    Audit {
        /// Another question about the audit.
        #[command(subcommand)]
        what: Option<AuditCommand>,
        /// Which part.
        #[command(flatten)]
        part: Part,
    },
    /// The key table as it is bound now.
    Keys,
    /// A completion script for a shell.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
    /// Banks, the ways to reach them, and how they fare.
    Institutions,
    /// One bank.
    Institution {
        /// Which: two letters and five digits.
        id: String,
    },
    /// What background refreshing is about to do.
    Schedule {
        /// At most so many turns.
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
        limit: Option<u64>,
        /// Only at this bank.
        #[arg(long, value_name = "ID")]
        institution: Option<String>,
    },
    /// People, what was fetched of them, and what happened.
    #[command(flatten)]
    People(PeopleCommand),
    /// What ends, in several acts.
    #[command(flatten)]
    Endings(EndingCommand),
    /// The configuration: where it is, and whether it is right.
    Config {
        /// What about it.
        #[command(subcommand)]
        what: ConfigCommand,
    },
    /// One line for a monitor; the exit code says what is wrong.
    Status,
    /// Reads documents in the API's shapes.
    Import {
        /// The file; `-` for stdin.
        file: String,
    },
    /// Writes a made-up database.
    Generate {
        /// Which world.
        #[command(flatten)]
        world: WorldArgs,
    },
    /// The dashboard on a made-up database with live sandbox banks.
    Demo {
        /// Which world.
        #[command(flatten)]
        world: WorldArgs,
        /// Keeps the database there.
        #[arg(long, value_name = "FILE")]
        keep: Option<PathBuf>,
    },
    /// Prints one frame of the dashboard.
    Snapshot {
        /// Columns and rows.
        #[arg(long, default_value = "120x35", value_name = "WxH", value_parser = size)]
        size: (u16, u16),
        /// Keys to press first, like `jj<enter>`.
        #[arg(long, default_value = "", value_name = "KEYS")]
        keys: String,
        /// Adds the roles of the text.
        #[arg(long)]
        roles: bool,
    },
    /// Plays the person's and the bank's part in the sandbox.
    Sandbox {
        /// Which part.
        #[command(subcommand)]
        what: SandboxCommand,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn options_of_every_command_stand_before_and_after_it() {
        for words in [
            ["switchboard", "--json", "connections"],
            ["switchboard", "connections", "--json"],
        ] {
            assert_eq!(
                Cli::try_parse_from(words).unwrap().common.form(),
                Format::Json,
                "{words:?}"
            );
        }
    }

    #[test]
    fn what_does_not_fit_together_is_refused() {
        for words in [
            &["refresh"][..],
            &["refresh", "a", "--filter", "b"],
            &["connections", "--json", "--format", "csv"],
            &["purge", "a", "--plan", "--dry-run"],
            &["refresh", "a", "--timeout", "3s"],
            &["connections", "--limit", "0"],
            &["connections", "--at", "yesterday"],
            &["snapshot", "--size", "0x3"],
            &["purge", "a", "--reason", "two\nlines"],
            &["frobnicate"],
        ] {
            let words = ["switchboard"].iter().chain(words);
            let refused = Cli::try_parse_from(words.clone());
            assert_eq!(refused.unwrap_err().exit_code(), 2, "{words:?}");
        }
    }
}
