//! Groups of options that several commands share.

use super::parse::{length, reason};
use crate::world::Scenario;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{ArgMatches, Args};
use std::time::Duration;

#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Part {
    /// Maximum number of rows (50 on a terminal, otherwise all).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000_000), conflicts_with = "count")]
    pub(crate) limit: Option<u64>,
    /// Continues a list after its `next`.
    #[arg(long, value_name = "CURSOR", conflicts_with = "count")]
    pub(crate) cursor: Option<String>,
    #[command(flatten)]
    pub(crate) pick: Pick,
}

/// What of a list is printed. It is read from the matches by [`pick`], whatever the command.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pick {
    /// Only these fields, in this order, like `id,status,userName`; a wrong name is answered with all names.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) columns: Vec<String>,
    /// Prints only how many there are.
    #[arg(long, conflicts_with = "columns")]
    pub(crate) count: bool,
}

/// What of its list the command that was typed is to print.
pub(crate) fn pick(matches: &ArgMatches) -> Pick {
    let mut at = matches;
    while let Some((_, below)) = at.subcommand() {
        at = below;
    }
    let columns = at.try_get_many::<String>("columns").ok().flatten();
    Pick {
        columns: columns
            .map(|names| names.cloned().collect())
            .unwrap_or_default(),
        count: matches!(at.try_get_one("count"), Ok(Some(true))),
    }
}

/// What `import` does.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct ImportArgs {
    /// File to read; `-` for stdin.
    #[arg(
        required_unless_present = "list_waiting",
        conflicts_with = "list_waiting"
    )]
    pub(crate) file: Option<String>,
    /// Lists the documents that wait, and for what.
    #[arg(long)]
    pub(crate) list_waiting: bool,
    /// Imports also data that was purged here.
    #[arg(long, conflicts_with = "list_waiting")]
    pub(crate) restore_purged: bool,
}

/// Which connections an action is for.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Which {
    /// Connection ids: whole, their last six characters, or their beginnings; `-` reads them from stdin, one a line.
    #[arg(value_name = "ID", required_unless_present_any = ["filter", "user"])]
    pub(crate) ids: Vec<String>,
    /// All connections that match this filter.
    #[arg(long, value_name = "F", conflicts_with = "ids")]
    pub(crate) filter: Option<String>,
    /// All connections of this user; a refresh leaves out those never completed or revoked.
    #[arg(long, value_name = "U", conflicts_with_all = ["ids", "filter"])]
    pub(crate) user: Option<String>,
}

/// What an act needs before it changes anything.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Arming {
    /// The words that confirm it; the plan names them.
    #[arg(long, value_name = "WORDS")]
    pub(crate) confirm: Option<String>,
    /// The reason; kept in the audit.
    #[arg(long, value_name = "R", value_parser = reason)]
    pub(crate) reason: Option<String>,
    /// Shows the plan and does nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// How an act on one or several connections is carried out.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Acting {
    #[command(flatten)]
    pub(crate) arming: Arming,
    /// Stores the plan and prints it; `apply` carries it out.
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) plan: bool,
    #[command(flatten)]
    pub(crate) waiting: Waiting,
}

/// Whether what was confirmed can still be taken back.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(crate) struct Sending {
    /// Does it at once; in a terminal it can otherwise be taken back for `[ui] countdown`.
    #[arg(long)]
    pub(crate) at_once: bool,
}

/// A purge or a revoke.
#[derive(Args, Clone, Debug)]
pub(crate) struct Deletion {
    #[command(flatten)]
    pub(crate) which: Which,
    #[command(flatten)]
    pub(crate) acting: Acting,
    #[command(flatten)]
    pub(crate) sending: Sending,
}

/// Whether to wait for the end of a job.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(crate) struct Waiting {
    /// Waits until the job has ended, and runs jobs meanwhile.
    #[arg(long)]
    pub(crate) wait: bool,
    /// Waits at most this long; needs --wait.
    #[arg(long, value_name = "TIME", value_parser = length, requires = "wait")]
    pub(crate) timeout: Option<Duration>,
}

/// Credentials beside the login; nothing secret is an argument.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct SignIn {
    /// Reads the password from the next line of stdin.
    #[arg(long)]
    pub(crate) password_stdin: bool,
    /// Also asks for a security code; with --password-stdin it is the line after it.
    #[arg(long)]
    pub(crate) with_security_code: bool,
    /// Second login name, which some banks need; - asks for it or reads it from stdin, before the password.
    #[arg(long, value_name = "NAME")]
    pub(crate) secondary_login_id: Option<String>,
}

#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct WorldArgs {
    /// Number of connections.
    #[arg(long, value_name = "N", default_value_t = 3012, value_parser = clap::value_parser!(u64).range(0..=10_000_000))]
    pub(crate) connections: u64,
    /// Random seed; the same seed makes the same data.
    #[arg(long, value_name = "S", default_value_t = 7)]
    pub(crate) seed: u64,
    /// Posted transactions per account.
    #[arg(long, value_name = "N", default_value_t = 40, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub(crate) transactions: u32,
    /// What happens in it, beside what is usual.
    #[arg(long, value_name = "NAME", value_parser = scenario())]
    pub(crate) scenario: Option<Scenario>,
}

/// The scenarios, with what each plants, for `--help`.
fn scenario() -> impl TypedValueParser<Value = Scenario> {
    let named = Scenario::ALL.map(|it| PossibleValue::new(it.word()).help(it.words()));
    PossibleValuesParser::new(named)
        .try_map(|word| Scenario::parse(&word).ok_or("there is no such scenario"))
}
