//! Commands about users, stored data and events.

use super::parse::{Point, number_kind, point};
use super::{Arming, Part, Pick};
use crate::domain::person::NumberKind;
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum PeopleCommand {
    /// Users, newest first.
    Users {
        /// Words of a name, an id, or a whole email address or mobile number.
        #[arg(value_name = "WORDS", num_args = 0..)]
        filter: Vec<String>,
        #[command(flatten)]
        part: Part,
    },
    /// One user with its connections; creates, changes and deletes users.
    #[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
    User {
        /// User id, or its beginning or end.
        #[arg(required = true)]
        id: Option<String>,
        #[command(subcommand)]
        what: Option<UserCommand>,
    },
    /// Stored accounts, including those of revoked connections.
    Accounts {
        #[command(flatten)]
        held: HeldArgs,
        #[command(flatten)]
        part: Part,
    },
    /// Stored transactions, newest first.
    Transactions(TransactionsArgs),
    /// The auth link, which leads a user to the consent page.
    AuthLink {
        #[command(subcommand)]
        what: AuthLinkCommand,
    },
    /// Merchant, category and class of a statement line.
    Enrich(EnrichArgs),
    /// One event with the object it is about.
    Event {
        /// Event id or sequence number.
        id: String,
    },
    /// Events, in order.
    Events(EventsArgs),
}

#[derive(Args, Clone, Debug, Default)]
pub(crate) struct HeldArgs {
    /// Only of this user.
    #[arg(long, value_name = "ID")]
    pub(crate) user: Option<String>,
    /// Only of this connection; it may be revoked.
    #[arg(long, value_name = "ID")]
    pub(crate) connection: Option<String>,
    /// Only of this bank.
    #[arg(long, value_name = "ID")]
    pub(crate) institution: Option<String>,
}

#[derive(Args, Clone, Debug, Default)]
pub(crate) struct PersonArgs {
    /// Email address; - asks for it or reads it from stdin.
    #[arg(long, value_name = "E")]
    pub(crate) email: Option<String>,
    /// Mobile number, like +61400111222; - asks for it or reads it from stdin.
    #[arg(long, value_name = "M")]
    pub(crate) mobile: Option<String>,
    /// First name.
    #[arg(long, value_name = "NAME")]
    pub(crate) first_name: Option<String>,
    /// Middle name.
    #[arg(long, value_name = "NAME")]
    pub(crate) middle_name: Option<String>,
    /// Last name.
    #[arg(long, value_name = "NAME")]
    pub(crate) last_name: Option<String>,
    /// Business name.
    #[arg(long, value_name = "NAME")]
    pub(crate) business_name: Option<String>,
    /// Business number.
    #[arg(long, value_name = "N")]
    pub(crate) business_id: Option<String>,
    /// Type of the business number: ABN or ACN.
    #[arg(long, value_name = "KIND", value_parser = number_kind)]
    pub(crate) business_id_type: Option<NumberKind>,
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Creates a user; an email address or mobile number is required.
    Create {
        #[command(flatten)]
        given: PersonArgs,
    },
    /// Changes the given fields; an empty value clears a field.
    Update {
        /// User id, or its beginning or end.
        id: String,
        #[command(flatten)]
        given: PersonArgs,
    },
    /// Deletes all data, every connection, and the record of the user.
    Delete {
        /// User id, or its beginning or end.
        id: String,
        #[command(flatten)]
        ending: Arming,
    },
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum AuthLinkCommand {
    /// Creates a link; an earlier one becomes invalid.
    Create {
        /// User id, or its beginning or end.
        user: String,
        /// Mobile number to send it to, instead of the user's own; - asks for it or reads it from stdin.
        #[arg(long, value_name = "M")]
        mobile: Option<String>,
    },
    /// Shows the current link of a user.
    Show {
        /// User id, or its beginning or end.
        user: String,
    },
    /// Deletes the link.
    Delete {
        /// User id, or its beginning or end.
        user: String,
    },
}

#[derive(Args, Clone, Debug, Default)]
pub(crate) struct TransactionsArgs {
    #[command(flatten)]
    pub(crate) held: HeldArgs,
    /// Only of this account.
    #[arg(long, value_name = "ID")]
    pub(crate) account: Option<String>,
    /// Only pending ones.
    #[arg(long, conflicts_with = "posted")]
    pub(crate) pending: bool,
    /// Only posted ones.
    #[arg(long)]
    pub(crate) posted: bool,
    #[command(flatten)]
    pub(crate) part: Part,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct EnrichArgs {
    /// The statement line; at least three characters.
    pub(crate) text: String,
    /// Bank of the statement.
    #[arg(long, value_name = "ID")]
    pub(crate) institution: String,
    /// Country code, two letters.
    #[arg(long, value_name = "CODE")]
    pub(crate) country: String,
    /// Merchant category code (MCC).
    #[arg(long, value_name = "CODE")]
    pub(crate) mcc: Option<String>,
    /// Class of the account.
    #[arg(long, value_name = "CLASS")]
    pub(crate) account_type: Option<String>,
    /// Amount; negative for a debit.
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    pub(crate) amount: Option<String>,
}

/// Which lines of the audit.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct AuditArgs {
    /// Only about this user, their connections, jobs and plans.
    #[arg(long, value_name = "ID")]
    pub(crate) user: Option<String>,
    /// Only by this actor.
    #[arg(long, value_name = "NAME")]
    pub(crate) actor: Option<String>,
    /// Only this action, like purge or revoke.
    #[arg(long, value_name = "ACTION")]
    pub(crate) action: Option<String>,
    /// Not before this time, or since that long ago: 2026-03-10, 2026-03-10T09:41:07Z, 2h, 90d.
    #[arg(long, value_name = "TIME", value_parser = point)]
    pub(crate) since: Option<Point>,
    /// Before this time, written likewise.
    #[arg(long, value_name = "TIME", value_parser = point)]
    pub(crate) until: Option<Point>,
}

#[derive(Args, Clone, Debug, Default)]
pub(crate) struct EventsArgs {
    /// Lists the event types.
    #[arg(long, conflicts_with_all = ["follow", "since", "limit"])]
    pub(crate) types: bool,
    /// Only of this entity: connection, account, transactions, consent, user, job.
    #[arg(long, value_name = "ENTITY")]
    pub(crate) entity: Option<String>,
    /// Only of this type, like invalidated or connection.invalidated.
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) happened: Option<String>,
    /// Only of this user.
    #[arg(long, value_name = "ID")]
    pub(crate) user: Option<String>,
    /// Keeps printing new events.
    #[arg(long, conflicts_with = "count")]
    pub(crate) follow: bool,
    /// Only events after this sequence number.
    #[arg(long, value_name = "SEQ")]
    pub(crate) since: Option<i64>,
    /// Maximum number of events.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), conflicts_with = "count")]
    pub(crate) limit: Option<u64>,
    #[command(flatten)]
    pub(crate) pick: Pick,
}

#[cfg(test)]
mod tests {
    use super::super::Cli;
    use clap::Parser as _;

    #[test]
    fn invalid_arguments_are_usage_errors() {
        for words in [
            &["user"][..],
            &["user", "create", "--business-id-type", "VAT"],
            &["transactions", "--user", "9d1c", "--pending", "--posted"],
            &["enrich", "HOOLI CAFE", "--country", "AU"],
            &["events", "--types", "--follow"],
        ] {
            let refused = Cli::try_parse_from(["switchboard"].iter().chain(words));
            assert_eq!(refused.unwrap_err().exit_code(), 2, "{words:?}");
        }
    }
}
