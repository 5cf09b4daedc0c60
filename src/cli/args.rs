//! What can be typed: commands and options as clap reads them. Deliberately absent: what they do.

use crate::domain::connection::Method;
use crate::domain::moment::Moment;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

/// Printed below every help: what an exit code means.
pub const EXITS: &str = "\
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
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub common: Common,
    /// What to do; the dashboard when nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The form of what is printed on stdout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Table,
    /// One document.
    Json,
    /// One object a line.
    Jsonl,
    /// A header and rows.
    Csv,
}

/// Whether colours are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Options every command takes.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Options of every command")]
pub struct Common {
    /// The database file.
    #[arg(long, global = true, value_name = "FILE")]
    pub db: Option<PathBuf>,
    /// The configuration file.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Changes nothing; the file is opened for reading only.
    #[arg(long, alias = "readonly", global = true)]
    pub read_only: bool,
    /// The form of what is printed.
    #[arg(long, global = true, value_enum, value_name = "FORM")]
    pub format: Option<Format>,
    /// The same as `--format json`.
    #[arg(long, global = true, conflicts_with_all = ["format", "jsonl"])]
    pub json: bool,
    /// The same as `--format jsonl`.
    #[arg(long, global = true, conflicts_with = "format")]
    pub jsonl: bool,
    /// The same as `--format csv`.
    #[arg(long, global = true, conflicts_with_all = ["format", "json", "jsonl"])]
    pub csv: bool,
    /// When to use colours.
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    pub color: Color,
    /// Draws with ASCII only.
    #[arg(long, global = true)]
    pub ascii: bool,
    /// Never asks anything.
    #[arg(long, global = true)]
    pub no_input: bool,
    /// Says nothing on stderr but errors.
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Says more on stderr; repeat for more.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Appends what was done to this file.
    #[arg(long, global = true, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// Shows everything as of this moment (RFC 3339); for reading commands and made-up worlds.
    #[arg(long, global = true, value_name = "TIME", value_parser = moment)]
    pub at: Option<Moment>,
}

impl Common {
    /// The form that was asked for.
    pub fn form(&self) -> Format {
        match (self.json, self.jsonl, self.format) {
            (true, ..) => Format::Json,
            (_, true, _) => Format::Jsonl,
            _ if self.csv => Format::Csv,
            (_, _, Some(form)) => form,
            _ => Format::Table,
        }
    }
}

/// Which part of a list.
#[derive(Args, Clone, Debug, Default)]
pub struct Part {
    /// At most so many rows (50 on a terminal, all otherwise).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    pub limit: Option<u64>,
    /// Goes on where a list before ended: its `next`.
    #[arg(long, value_name = "CURSOR")]
    pub cursor: Option<String>,
}

/// Which connections an action is for.
#[derive(Args, Clone, Debug, Default)]
pub struct Which {
    /// Connections: whole ids, their ends of six characters, or their beginnings.
    #[arg(value_name = "ID", required_unless_present = "filter")]
    pub ids: Vec<String>,
    /// All that match this filter.
    #[arg(long, value_name = "F", conflicts_with = "ids")]
    pub filter: Option<String>,
}

/// How an action is carried out.
#[derive(Args, Clone, Debug, Default)]
pub struct Acting {
    /// The words that arm it; the plan names them.
    #[arg(long, value_name = "WORDS")]
    pub confirm: Option<String>,
    /// Why; kept in the audit.
    #[arg(long, value_name = "R", value_parser = reason)]
    pub reason: Option<String>,
    /// Shows the plan and does nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Prints and keeps a plan for `apply`.
    #[arg(long, conflicts_with = "dry_run")]
    pub plan: bool,
    /// Until when it may last.
    #[command(flatten)]
    pub waiting: Waiting,
}

/// Whether to wait for the end of a job.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct Waiting {
    /// Waits until the job has ended, running jobs meanwhile.
    #[arg(long)]
    pub wait: bool,
    /// Waits no longer than this.
    #[arg(long, value_name = "TIME", value_parser = length, requires = "wait")]
    pub timeout: Option<Duration>,
}

/// What decides a made-up world.
#[derive(Args, Clone, Copy, Debug)]
pub struct WorldArgs {
    /// How many connections.
    #[arg(long, value_name = "N", default_value_t = 3012, value_parser = clap::value_parser!(u64).range(0..=10_000_000))]
    pub connections: u64,
    /// The dice.
    #[arg(long, value_name = "S", default_value_t = 7)]
    pub seed: u64,
    /// Posted transactions of each account.
    #[arg(long, value_name = "N", default_value_t = 40, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub transactions: u32,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
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
        /// Reads the password from stdin.
        #[arg(long)]
        password_stdin: bool,
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
    /// Gives a new password for a web connection and has it tried.
    UpdateCredentials {
        /// Which.
        id: String,
        /// Reads the password from stdin.
        #[arg(long)]
        password_stdin: bool,
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
    /// One user with its connections.
    User {
        /// Which.
        id: String,
    },
    /// What happened, in order.
    Events {
        /// Goes on printing what happens.
        #[arg(long)]
        follow: bool,
        /// Only what came after this place.
        #[arg(long, value_name = "SEQ")]
        since: Option<i64>,
        /// At most so many.
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
        limit: Option<u64>,
    },
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

impl Command {
    /// Whether `--at` means something to it.
    pub fn takes_at(&self) -> bool {
        match self {
            Command::Connections { .. }
            | Command::Connection { .. }
            | Command::Why { .. }
            | Command::Jobs { .. }
            | Command::Job { follow: false, .. }
            | Command::Doctor
            | Command::Audit { .. }
            | Command::Institutions
            | Command::Institution { .. }
            | Command::User { .. }
            | Command::Events { follow: false, .. }
            | Command::Status
            | Command::Generate { .. }
            | Command::Demo { .. }
            | Command::Snapshot { .. } => true,
            Command::Job { follow: true, .. }
            | Command::Events { follow: true, .. }
            | Command::Connect { .. }
            | Command::Refresh { .. }
            | Command::Purge { .. }
            | Command::Revoke { .. }
            | Command::UpdateCredentials { .. }
            | Command::Answer { .. }
            | Command::Work { .. }
            | Command::Keys
            | Command::Completions { .. }
            | Command::Config { .. }
            | Command::Import { .. }
            | Command::Sandbox { .. } => false,
        }
    }

    /// Whether it changes the file.
    pub fn writes(&self) -> bool {
        matches!(
            self,
            Command::Connect { .. }
                | Command::Refresh { .. }
                | Command::Purge { .. }
                | Command::Revoke { .. }
                | Command::UpdateCredentials { .. }
                | Command::Answer { .. }
                | Command::Work { .. }
                | Command::Import { .. }
                | Command::Generate { .. }
                | Command::Sandbox { .. }
        )
    }
}

fn moment(text: &str) -> Result<Moment, String> {
    Moment::parse(text).ok_or_else(|| "not a time; write it like 2026-03-10T09:41:07Z".to_owned())
}

fn method(text: &str) -> Result<Method, String> {
    Method::parse(text).ok_or_else(|| "not a method; it is web or openbanking".to_owned())
}

fn length(text: &str) -> Result<Duration, String> {
    const MOST: Duration = Duration::from_secs(365 * 86_400);
    match text {
        "0" | "0s" => Ok(Duration::ZERO),
        _ => crate::domain::age::parse(text, Duration::from_millis(1), MOST).map_err(|bad| bad.to_string()),
    }
}

/// A reason is one line of text that can be kept.
fn reason(text: &str) -> Result<String, String> {
    if text.trim().is_empty() || text.chars().count() > 500 || text.chars().any(char::is_control) {
        return Err("a reason is one line of 1 to 500 characters".to_owned());
    }
    Ok(text.trim().to_owned())
}

fn size(text: &str) -> Result<(u16, u16), String> {
    let parsed = text.split_once('x').and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
    parsed
        .filter(|(w, h)| (1..=1000).contains(w) && (1..=1000).contains(h))
        .ok_or_else(|| "not a size; write it like 120x35".to_owned())
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
        for words in [["switchboard", "--json", "connections"], ["switchboard", "connections", "--json"]] {
            assert_eq!(Cli::try_parse_from(words).unwrap().common.form(), Format::Json, "{words:?}");
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
