//! Commands by which operators hold back, cancel, write down and share their work.

use super::Part;
use super::parse::{Until, reason, until};
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum OperatorCommand {
    /// Holds back refreshes, retries and background turns of a bank or of connections, until a time.
    Hold {
        /// Connection ids: whole, their last six characters, or their beginnings.
        #[arg(
            value_name = "ID",
            required_unless_present = "institution",
            conflicts_with = "institution"
        )]
        ids: Vec<String>,
        /// The whole bank.
        #[arg(long, value_name = "ID")]
        institution: Option<String>,
        /// When the hold ends: 14:00, 2026-03-10T14:00:00Z, or after a time like 2h.
        #[arg(long, value_name = "T", value_parser = until)]
        until: Until,
        /// The reason; shown with what is held, and kept in the audit.
        #[arg(long, value_name = "R", value_parser = reason)]
        reason: Option<String>,
    },
    /// The holds in force, the next to end first.
    Holds {
        #[command(flatten)]
        part: Part,
    },
    /// Ends jobs or a plan: what has not begun now, what runs after its current step.
    Cancel {
        /// Job ids: whole, their last six characters, or their beginnings.
        #[arg(
            value_name = "JOB",
            required_unless_present = "plan",
            conflicts_with = "plan"
        )]
        jobs: Vec<String>,
        /// A plan or a sequence, with what is left of it.
        #[arg(long, value_name = "PLAN")]
        plan: Option<String>,
        /// The reason; kept in the audit.
        #[arg(long, value_name = "R", value_parser = reason)]
        reason: Option<String>,
    },
    /// Broken connections grouped by bank, method, step and code: since when, whose move, what to do.
    Causes {
        /// Filter, like `bank:hooli via:ob`.
        #[arg(value_name = "FILTER", num_args = 0..)]
        filter: Vec<String>,
    },
    /// Trouble of banks as our own fetches showed it: since when, until when, and the connections it hit.
    Incidents {
        /// Its number: that one, with the connections it hit.
        #[arg(value_name = "ID")]
        id: Option<String>,
        #[command(flatten)]
        part: Part,
    },
    /// What changed since you last left the dashboard, or since `--at`, by cause.
    Since,
    /// The history of one connection: status changes, jobs, acts, consents, holds and notes, in one order.
    Timeline {
        /// Connection id, or its beginning or end.
        id: String,
        /// Only so many entries, the newest.
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
        limit: Option<u64>,
    },
    /// Writes a note about a connection; it is sealed, and goes with a purge.
    Note {
        /// Connection id, or its beginning or end.
        id: String,
        /// The text, one line of up to 2000 characters; `-` reads it from stdin.
        #[arg(value_name = "TEXT", required = true)]
        text: Vec<String>,
    },
    /// Takes a connection on, so that others see who works on it.
    Take {
        /// Connection id, or its beginning or end.
        id: String,
        /// Also when somebody else has it.
        #[arg(long, conflicts_with = "give_back")]
        force: bool,
        /// Gives it back.
        #[arg(long)]
        give_back: bool,
    },
    /// Keeps a connection quiet until a time, or until its status changes.
    Snooze {
        /// Connection id, or its beginning or end.
        id: String,
        /// Until when: 14:00, 2026-03-10T14:00:00Z, or for a time like 2h.
        #[arg(long, value_name = "T", value_parser = until, required_unless_present = "end")]
        until: Option<Until>,
        /// Ends it now.
        #[arg(long, conflicts_with = "until")]
        end: bool,
        /// The reason; kept in the audit.
        #[arg(long, value_name = "R", value_parser = reason)]
        reason: Option<String>,
    },
    /// Whom to ask to act again: link, masked contact, and what to say.
    Invite {
        /// Connection ids: whole, their last six characters, or their beginnings.
        #[arg(value_name = "ID", required = true)]
        ids: Vec<String>,
        /// Notes that they were asked today.
        #[arg(long)]
        mark_asked: bool,
    },
    /// Ends a hold now.
    Release {
        /// Hold id, or its beginning or end.
        hold: String,
    },
}
