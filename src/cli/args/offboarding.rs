//! Commands that end things, in several acts where it takes several. They stand in one list with all the
//! others.

use super::parse::reason;
use super::{Arming, Part};
use clap::Subcommand;

/// What to end, and what is known of endings.
#[derive(Debug, Subcommand)]
pub(crate) enum EndingCommand {
    /// Moves a web connection to open banking: purge, revoke, connect.
    Migrate {
        /// Which.
        id: String,
        /// How.
        #[command(flatten)]
        ending: Arming,
    },
    /// Deletes all that was fetched of a user, and ends every connection; the user's own record stays.
    Erase {
        /// Whose.
        #[arg(long, value_name = "ID")]
        user: String,
        /// How.
        #[command(flatten)]
        ending: Arming,
    },
    /// What users have permitted: the active ones, the next to end first; with --user, all of one.
    Consents {
        /// Only of this user.
        #[arg(long, value_name = "ID")]
        user: Option<String>,
        /// Which part.
        #[command(flatten)]
        part: Part,
    },
    /// One consent; extends and ends consents.
    #[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
    Consent {
        /// Which.
        #[arg(required = true)]
        id: Option<String>,
        /// What to do instead.
        #[command(subcommand)]
        what: Option<ConsentCommand>,
    },
    /// The proof that data has gone, by the job or sequence that deleted it.
    Certificate {
        /// Which job or sequence.
        id: String,
        /// Checks it against the database as it is now.
        #[arg(long)]
        verify: bool,
    },
    /// Moves, erasures and other endings of several acts, newest first.
    Sequences {
        /// Which part.
        #[command(flatten)]
        part: Part,
    },
    /// One of them with its steps.
    Sequence {
        /// Which.
        id: String,
    },
}

/// What to do with a consent.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum ConsentCommand {
    /// Extends it by a year from now on, as its user agreed to.
    Extend {
        /// Which.
        id: String,
        /// Why; kept in the audit.
        #[arg(long, value_name = "R", value_parser = reason)]
        reason: Option<String>,
    },
    /// Ends it, with every connection of its user and all that was fetched.
    End {
        /// Which.
        id: String,
        /// How.
        #[command(flatten)]
        ending: Arming,
    },
}
