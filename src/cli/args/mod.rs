//! The commands and options as clap reads them.

mod access;
mod common;
mod copies;
mod groups;
mod help;
mod help_table;
mod live;
mod offboarding;
mod operators;
mod parse;
mod people;
mod server;
mod subcommands;

pub(crate) use access::{Access, name};
pub(crate) use common::{Color, Common, Format};
pub(crate) use copies::{CopyCommand, Exported};
pub(crate) use groups::{
    Acting, Arming, Deletion, ImportArgs, Part, Pick, Sending, SignIn, Waiting, Which, WorldArgs,
    pick,
};
pub(crate) use help::command;
pub(crate) use live::{LiveCommand, LiveUsersCommand};
pub(crate) use offboarding::{ConsentCommand, EndingCommand};
pub(crate) use operators::OperatorCommand;
pub(crate) use parse::Until;
pub(crate) use people::{
    AuditArgs, AuthLinkCommand, EnrichArgs, EventsArgs, HeldArgs, PeopleCommand, PersonArgs,
    TransactionsArgs, UserCommand,
};
pub(crate) use server::{ApikeyCommand, ServeArgs};
pub(crate) use subcommands::{AuditCommand, ConfigCommand, SandboxCommand};

use crate::domain::connection::Method;
use crate::store::Loss;
use clap::{Args, Parser, Subcommand};
use parse::{loss, method, reason, size};
use std::path::PathBuf;

/// Printed below every help text.
pub(crate) const EXITS: &str = "\
Exit codes:
  0 done (an empty list too)                     7 storage cannot be written
  1 failed                                       8 database unusable
  2 usage                                        9 configuration or key file
  3 not found                                   10 verification failed
  4 refused by a rule or the state              11 some of several failed
  5 confirmation, reason or permission missing  12 timed out waiting
  6 try again later                             128+n ended by signal n";

/// The terminal dashboard for bank-data connections.
#[derive(Debug, Parser)]
#[command(name = "switchboard", bin_name = "switchboard", version, after_help = EXITS, max_term_width = 110, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Connections, by who has to act next.
    #[command(aliases = ["list", "ls"])]
    Connections {
        /// Filter, like `status:invalid last>3d`.
        #[arg(value_name = "FILTER", num_args = 0..)]
        filter: Vec<String>,
        /// Sort order: mover (who has to act), last, status, bank, user, job, since, accounts, transactions, consent, via,
        /// created or id, or two of them like `bank,since`; add `:desc` to reverse one.
        #[arg(long, value_name = "FIELD")]
        sort: Option<String>,
        /// Filter, order, columns and groups of a saved view; what is given beside it is added or wins.
        #[arg(long, value_name = "NAME")]
        view: Option<String>,
        /// Counts by status, mover, bank, via, user or error instead of listing.
        #[arg(long, value_name = "FIELD", conflicts_with_all = ["sort", "cursor"])]
        group_by: Option<String>,
        #[command(flatten)]
        part: Part,
    },
    /// One connection with its profile (masked), accounts and last jobs.
    Connection {
        /// Connection id, or its beginning or end.
        id: String,
    },
    /// Explains the status of a connection: who has to act, and what to do.
    Why {
        /// Connection id, or its beginning or end.
        id: String,
    },
    /// The history of jobs, newest first.
    Jobs {
        /// Filter, like `job:failed kind:refresh`.
        #[arg(value_name = "FILTER", num_args = 0..)]
        filter: Vec<String>,
        #[command(flatten)]
        part: Part,
    },
    /// One job with its steps.
    Job {
        /// Job id, or its beginning or end.
        id: String,
        /// Prints every change until the job has ended.
        #[arg(long)]
        follow: bool,
    },
    /// Creates a connection.
    Connect(ConnectArgs),
    /// Fetches new data from the bank.
    Refresh(RefreshArgs),
    /// Deletes the fetched data permanently; the connection stays.
    Purge(Deletion),
    /// Ends a connection permanently; its data stays.
    Revoke(Deletion),
    /// Carries out a plan stored with --plan.
    Apply {
        /// Plan id, or its beginning or end.
        plan: String,
        /// The words that confirm it; the plan names them.
        #[arg(long, value_name = "WORDS")]
        confirm: Option<String>,
        /// The reason; kept with the plan and in the audit.
        #[arg(long, value_name = "R", value_parser = reason)]
        reason: Option<String>,
        #[command(flatten)]
        waiting: Waiting,
        #[command(flatten)]
        sending: Sending,
    },
    /// Stored plans, newest first.
    Plans {
        #[command(flatten)]
        part: Part,
    },
    /// One plan, with the outcome for each of its connections.
    Plan {
        /// Plan id, or its beginning or end.
        id: String,
    },
    /// Sets a new password for a web connection and tries it.
    UpdateCredentials {
        /// Connection id, or its beginning or end.
        id: String,
        #[command(flatten)]
        sign_in: SignIn,
        #[command(flatten)]
        waiting: Waiting,
    },
    /// Answers a challenge of the bank during a job.
    Answer {
        /// Job id, or its beginning or end.
        job: String,
        /// Answers in the order of the questions; without any, they are asked for or read from stdin, a line each.
        #[arg(value_name = "TEXT")]
        answers: Vec<String>,
        #[command(flatten)]
        waiting: Waiting,
    },
    /// Runs jobs without the dashboard.
    Work {
        /// Ends when no job runs, none is due, and every purge is done; 12 when one still waits.
        #[arg(long)]
        until_idle: bool,
    },
    /// Answers the HTTP API, and runs jobs.
    Serve(ServeArgs),
    /// Keys of the HTTP API.
    Apikey {
        #[command(subcommand)]
        what: ApikeyCommand,
    },
    /// Checks the database file, its schema, the audit, file modes and workers.
    Doctor {
        /// Counts again what is stored as a number and differs.
        #[arg(long)]
        fix_counts: bool,
        /// Opens every sealed row, not only some of each kind.
        #[arg(long)]
        deep: bool,
        /// Says that the clock of this machine is right, after it looked wrong; the audit tells of it.
        #[arg(long)]
        accept_clock: bool,
    },
    /// The audit: who did or viewed what, newest first.
    Audit {
        #[command(subcommand)]
        what: Option<AuditCommand>,
        #[command(flatten)]
        about: AuditArgs,
        #[command(flatten)]
        part: Part,
    },
    /// Goes on without a file beside the database that was lost for good.
    AcceptLoss(AcceptLossArgs),
    /// The current key bindings.
    Keys,
    /// Puts right a terminal that a dashboard left in disorder when it was killed.
    RestoreTerminal,
    /// Prints a completion script for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Banks, their connectors, and the health of those.
    Institutions {
        #[command(flatten)]
        pick: Pick,
    },
    /// One bank with its connectors.
    Institution {
        /// Bank id: two letters and five digits.
        id: String,
    },
    /// The coming background refreshes.
    Schedule {
        /// Maximum number of rows.
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
        limit: Option<u64>,
        /// Only this bank.
        #[arg(long, value_name = "ID")]
        institution: Option<String>,
        #[command(flatten)]
        pick: Pick,
    },
    #[command(flatten)]
    People(PeopleCommand),
    #[command(flatten)]
    Endings(EndingCommand),
    #[command(flatten)]
    Operators(OperatorCommand),
    /// Looks after the connections of a real platform.
    Live {
        #[command(subcommand)]
        what: LiveCommand,
    },
    /// What is done at the platform: written down, sent, accepted, refused, or not known yet.
    Outbox {
        /// Only what is not over.
        #[arg(long)]
        open: bool,
        #[command(flatten)]
        part: Part,
    },
    #[command(flatten)]
    Copies(CopyCommand),
    /// Shows, checks and creates the configuration.
    Config {
        #[command(subcommand)]
        what: ConfigCommand,
    },
    /// One line for a monitor; the exit code says what kind of trouble there is.
    Status,
    /// Imports documents in the API's format.
    Import {
        #[command(flatten)]
        what: ImportArgs,
        #[command(flatten)]
        part: Part,
    },
    /// Writes a database with made-up data.
    Generate {
        #[command(flatten)]
        world: WorldArgs,
    },
    /// Opens the dashboard on made-up data with live sandbox banks.
    Demo {
        #[command(flatten)]
        world: WorldArgs,
        /// Keeps the database in this file.
        #[arg(long, value_name = "FILE")]
        keep: Option<PathBuf>,
    },
    /// Prints one frame of the dashboard.
    Snapshot {
        /// Columns and rows of the frame.
        #[arg(long, default_value = "120x35", value_name = "WxH", value_parser = size)]
        size: (u16, u16),
        /// Keys to press first, like `jj<enter>`.
        #[arg(long, default_value = "", value_name = "KEYS")]
        keys: String,
        /// Adds the style roles of the text.
        #[arg(long)]
        roles: bool,
    },
    /// Acts as the user or the bank in the sandbox.
    Sandbox {
        #[command(subcommand)]
        what: SandboxCommand,
    },
}

#[derive(Args, Clone, Debug)]
pub(crate) struct ConnectArgs {
    /// User the connection belongs to.
    #[arg(long, value_name = "ID")]
    pub(crate) user: String,
    /// Bank to connect to.
    #[arg(long, value_name = "ID")]
    pub(crate) institution: String,
    /// Connection method: web or openbanking.
    #[arg(long, value_name = "METHOD", value_parser = method, default_value = "web")]
    pub(crate) method: Method,
    /// Login name at the bank; - asks for it or reads it from stdin, before the password.
    #[arg(long, value_name = "NAME")]
    pub(crate) login_id: Option<String>,
    #[command(flatten)]
    pub(crate) sign_in: SignIn,
    #[command(flatten)]
    pub(crate) waiting: Waiting,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct AcceptLossArgs {
    /// What was lost: keys (the key file) or audit (the head of the audit, or its newest lines).
    #[arg(value_name = "WHAT", value_parser = loss)]
    pub(crate) what: Loss,
    /// The words that confirm it.
    #[arg(long, value_name = "WORDS")]
    pub(crate) confirm: Option<String>,
    /// The reason; kept in the audit.
    #[arg(long, value_name = "R", value_parser = reason)]
    pub(crate) reason: Option<String>,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct RefreshArgs {
    #[command(flatten)]
    pub(crate) which: Which,
    /// Refreshes even when the last refresh is recent.
    #[arg(long)]
    pub(crate) force_recent: bool,
    /// Refreshes even when the bank has refused the sign-in several times in a row.
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) acting: Acting,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn clap_accepts_the_definition() {
        Cli::command().debug_assert();
    }

    #[test]
    fn common_options_work_before_and_after_the_command() {
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
    fn invalid_arguments_are_usage_errors() {
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
