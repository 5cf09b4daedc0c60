//! Commands about people, what was fetched of them, and what happened. They stand in one list with all the
//! others. Deliberately absent: what connects and what acts.

use super::parse::number_kind;
use super::{Arming, Part};
use crate::domain::person::NumberKind;
use clap::{Args, Subcommand};

/// What to look at, or to change, of people.
#[derive(Debug, Subcommand)]
pub(crate) enum PeopleCommand {
    /// Users, newest first.
    Users {
        /// Words of a name, an id, or a whole email or mobile.
        #[arg(value_name = "WORDS", num_args = 0..)]
        filter: Vec<String>,
        /// Which part.
        #[command(flatten)]
        part: Part,
    },
    /// One user with its connections; makes, changes and deletes users.
    #[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
    User {
        /// Which.
        #[arg(required = true)]
        id: Option<String>,
        /// What to do instead.
        #[command(subcommand)]
        what: Option<UserCommand>,
    },
    /// Stored accounts, those of revoked connections included.
    Accounts {
        /// Whose.
        #[command(flatten)]
        held: HeldArgs,
        /// Which part.
        #[command(flatten)]
        part: Part,
    },
    /// Stored transactions, newest first.
    Transactions {
        /// Whose.
        #[command(flatten)]
        held: HeldArgs,
        /// Of this account.
        #[arg(long, value_name = "ID")]
        account: Option<String>,
        /// Those that are still pending.
        #[arg(long, conflicts_with = "posted")]
        pending: bool,
        /// Those that are posted.
        #[arg(long)]
        posted: bool,
        /// Which part.
        #[command(flatten)]
        part: Part,
    },
    /// The link that starts the hosted flow of a user.
    AuthLink {
        /// What to do.
        #[command(subcommand)]
        what: AuthLinkCommand,
    },
    /// What a line of a statement says: merchant, category, class.
    Enrich {
        /// The line; at least three characters.
        text: String,
        /// At which bank it stands.
        #[arg(long, value_name = "ID")]
        institution: String,
        /// In which country, two letters.
        #[arg(long, value_name = "CODE")]
        country: String,
        /// The card scheme's category of the merchant.
        #[arg(long, value_name = "CODE")]
        mcc: Option<String>,
        /// The class of the account.
        #[arg(long, value_name = "CLASS")]
        account_type: Option<String>,
        /// Negative when money goes out.
        #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
        amount: Option<String>,
    },
    /// One event with what it is about.
    Event {
        /// Which: its id or its place.
        id: String,
    },
    /// What happened, in order.
    Events {
        /// The types of events there are.
        #[arg(long, conflicts_with_all = ["follow", "since", "limit"])]
        types: bool,
        /// Only of this kind of thing: connection, account, transactions, consent, user, job.
        #[arg(long, value_name = "ENTITY")]
        entity: Option<String>,
        /// Only of this type, like invalidated or connection.invalidated.
        #[arg(long = "type", value_name = "TYPE")]
        happened: Option<String>,
        /// Only of this user.
        #[arg(long, value_name = "ID")]
        user: Option<String>,
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
}

/// Whose fetched data.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct HeldArgs {
    /// Of this user.
    #[arg(long, value_name = "ID")]
    pub(crate) user: Option<String>,
    /// Fetched by this connection, revoked ones included.
    #[arg(long, value_name = "ID")]
    pub(crate) connection: Option<String>,
    /// At this bank.
    #[arg(long, value_name = "ID")]
    pub(crate) institution: Option<String>,
}

/// What is given of a person.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct PersonArgs {
    /// Where letters go.
    #[arg(long, value_name = "E")]
    pub(crate) email: Option<String>,
    /// Where messages go, like +61400111222.
    #[arg(long, value_name = "M")]
    pub(crate) mobile: Option<String>,
    /// A part of the name.
    #[arg(long, value_name = "NAME")]
    pub(crate) first_name: Option<String>,
    /// A part of the name.
    #[arg(long, value_name = "NAME")]
    pub(crate) middle_name: Option<String>,
    /// A part of the name.
    #[arg(long, value_name = "NAME")]
    pub(crate) last_name: Option<String>,
    /// The business the person stands for.
    #[arg(long, value_name = "NAME")]
    pub(crate) business_name: Option<String>,
    /// That business's number.
    #[arg(long, value_name = "N")]
    pub(crate) business_id: Option<String>,
    /// Of which register that number is: ABN or ACN.
    #[arg(long, value_name = "KIND", value_parser = number_kind)]
    pub(crate) business_id_type: Option<NumberKind>,
}

/// What to do with a user.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Makes a user; an email or a mobile is needed.
    Create {
        /// What is known.
        #[command(flatten)]
        given: PersonArgs,
    },
    /// Changes what is given and nothing else; an empty text takes away.
    Update {
        /// Which.
        id: String,
        /// What changes.
        #[command(flatten)]
        given: PersonArgs,
    },
    /// Deletes all that was fetched, every connection, and the user's own record.
    Delete {
        /// Which.
        id: String,
        /// How.
        #[command(flatten)]
        ending: Arming,
    },
}

/// What to do with the link to the hosted flow.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum AuthLinkCommand {
    /// Makes a link in the place of the one before.
    Create {
        /// Whose.
        user: String,
        /// Where it is sent to, instead of the user's own.
        #[arg(long, value_name = "M")]
        mobile: Option<String>,
    },
    /// Shows the link a user has.
    Show {
        /// Whose.
        user: String,
    },
    /// Takes the link away.
    Delete {
        /// Whose.
        user: String,
    },
}

#[cfg(test)]
mod tests {
    use super::super::Cli;
    use clap::Parser as _;

    #[test]
    fn what_does_not_fit_together_is_refused() {
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
