//! Options every command takes.

use super::parse::moment;
use crate::domain::moment::Moment;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// The form of what is printed on stdout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
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
    /// Changes nothing; the file is opened for reading only.
    #[arg(long, alias = "readonly", global = true)]
    pub(crate) read_only: bool,
    /// The form of what is printed.
    #[arg(long, global = true, value_enum, value_name = "FORM")]
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
    /// Draws with ASCII only.
    #[arg(long, global = true)]
    pub(crate) ascii: bool,
    /// Never asks anything.
    #[arg(long, global = true)]
    pub(crate) no_input: bool,
    /// Says nothing on stderr but errors.
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Says more on stderr; repeat for more.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Appends what was done to this file.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) log: Option<PathBuf>,
    /// Shows everything as of this moment (RFC 3339); for reading commands and made-up worlds.
    #[arg(long, global = true, value_name = "TIME", value_parser = moment)]
    pub(crate) at: Option<Moment>,
}

impl Common {
    /// The form that was asked for.
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
