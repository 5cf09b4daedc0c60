//! The board on a real platform.

use super::Part;
use clap::Subcommand;
use std::ffi::OsString;

#[derive(Debug, Subcommand)]
pub(crate) enum LiveCommand {
    /// Signs in to a platform with an API key, which is asked for, tried, and kept sealed.
    Login {
        /// The address of the platform's API, like https://au-api.example.com.
        #[arg(value_name = "URL")]
        url: String,
        /// Reads the API key from the next line of stdin.
        #[arg(long)]
        api_key_stdin: bool,
        /// Refused: every list of processes shows arguments.
        #[arg(long, hide = true, value_name = "KEY")]
        api_key: Option<OsString>,
        #[arg(hide = true, value_name = "KEY")]
        more: Vec<OsString>,
    },
    /// Destroys the key here; what was read stays.
    Logout,
    /// The users whose connections are read.
    #[command(args_conflicts_with_subcommands = true)]
    Users {
        #[command(subcommand)]
        what: Option<LiveUsersCommand>,
        #[command(flatten)]
        part: Part,
    },
    /// Reads what was not read yet, and says how far it is; a worker goes on by itself.
    Sync {
        /// Only this user, anew.
        #[arg(long, value_name = "U", conflicts_with = "all")]
        user: Option<String>,
        /// Every user anew.
        #[arg(long)]
        all: bool,
    },
    /// How it stands with the platform: signed in, how far it was read, how fast, what waits.
    Status,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LiveUsersCommand {
    /// Adds users: ids one a line, CSV with a header, or documents of type user. Known ones stay as they are.
    Add {
        /// File to read; `-` for stdin.
        #[arg(value_name = "FILE")]
        file: String,
    },
    /// Reads a user no longer; what was read stays.
    Remove {
        /// User id, or its beginning or end.
        id: String,
    },
}
