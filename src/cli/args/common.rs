//! Options every command takes.

use super::parse::moment;
use crate::domain::moment::Moment;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Output format of stdout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text for people.
    Table,
    /// One JSON document.
    Json,
    /// One JSON object per line.
    Jsonl,
    /// A header and rows.
    Csv,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
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
pub(crate) struct Common {
    /// The database file.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) db: Option<PathBuf>,
    /// The configuration file.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Changes nothing: opens the database for reading only.
    #[arg(long, alias = "readonly", global = true)]
    pub(crate) read_only: bool,
    /// Output format.
    #[arg(short = 'o', long, global = true, value_enum, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// The same as `--format json`.
    #[arg(long, global = true, conflicts_with_all = ["format", "jsonl"])]
    pub(crate) json: bool,
    /// The same as `--format jsonl`.
    #[arg(long, global = true, conflicts_with = "format")]
    pub(crate) jsonl: bool,
    /// The same as `--format csv`.
    #[arg(long, global = true, conflicts_with_all = ["format", "json", "jsonl"])]
    pub(crate) csv: bool,
    /// When to use colours.
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "auto",
        value_name = "WHEN"
    )]
    pub(crate) color: Color,
    /// Uses ASCII characters only.
    #[arg(long, global = true)]
    pub(crate) ascii: bool,
    /// Never asks for input.
    #[arg(long, global = true)]
    pub(crate) no_input: bool,
    /// Prints only errors on stderr.
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Prints more on stderr; repeat for more.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Appends one line about this run to a file.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) log: Option<PathBuf>,
    /// Shows everything as of this time (RFC 3339); for reading commands and made-up data.
    #[arg(long, global = true, value_name = "TIME", value_parser = moment)]
    pub(crate) at: Option<Moment>,
}

impl Common {
    pub(crate) fn form(&self) -> Format {
        match (self.json, self.jsonl, self.format) {
            (true, ..) => Format::Json,
            (_, true, _) => Format::Jsonl,
            _ if self.csv => Format::Csv,
            (_, _, Some(form)) => form,
            _ => Format::Table,
        }
    }
}
