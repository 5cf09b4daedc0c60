//! Commands that end connections, consents and users in several acts.

use super::parse::reason;
use super::{Arming, Part};
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum EndingCommand {
    /// Moves a web connection to open banking: purge, revoke, connect.
    Migrate {
        /// Connection id, or its beginning or end.
        id: String,
        #[command(flatten)]
        ending: Arming,
    },
    /// Deletes all data of a user and ends every connection; the record of the user stays.
    Erase {
        /// User id, or its beginning or end.
        #[arg(long, value_name = "ID")]
        user: String,
        #[command(flatten)]
        ending: Arming,
    },
    /// Active consents, the next to expire first; with --user, all consents of one user.
    Consents {
        /// Only of this user.
        #[arg(long, value_name = "ID")]
        user: Option<String>,
        #[command(flatten)]
        part: Part,
    },
    /// One consent; extends and ends consents.
    #[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
    Consent {
        /// Consent id, or its beginning or end.
        #[arg(required = true)]
        id: Option<String>,
        #[command(subcommand)]
        what: Option<ConsentCommand>,
    },
    /// The proof that data was deleted, by the job or sequence that deleted it.
    Certificate {
        /// Job or sequence id.
        id: String,
        /// Checks it against the database as it is now.
        #[arg(long)]
        verify: bool,
    },
    /// Sequences of several acts (migrate, erase, consent end, user delete), newest first.
    Sequences {
        #[command(flatten)]
        part: Part,
    },
    /// One sequence with its steps.
    Sequence {
        /// Sequence id, or its beginning or end.
        id: String,
    },
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum ConsentCommand {
    /// Extends it to a year from now, as agreed by its user.
    Extend {
        /// Consent id, or its beginning or end.
        id: String,
        /// The reason; kept in the audit.
        #[arg(long, value_name = "R", value_parser = reason)]
        reason: Option<String>,
    },
    /// Ends it, with every connection and all data of its user.
    End {
        /// Consent id, or its beginning or end.
        id: String,
        #[command(flatten)]
        ending: Arming,
    },
}
