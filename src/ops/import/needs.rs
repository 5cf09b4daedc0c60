//! What documents refer to and may not be in the file.

use crate::domain::connection::Status;
use crate::domain::ids::{AccountId, ConnectionId, InstitutionId, JobId, UserId};
use crate::store::{ReadTxn, Result};
use crate::wire::{Entity, Mention};
use std::fmt;

/// A reference of a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Needs {
    User(UserId),
    Connection(ConnectionId),
    Account(AccountId),
    /// The only connection of a user at a bank.
    OnlyConnection(UserId, InstitutionId),
    /// A short job, which answers an act and has no steps.
    Job(JobId),
    /// It does not name what it refers to.
    Unnamed(String),
    /// It cannot be read.
    Said(String),
}

impl Needs {
    pub(crate) fn met(&self, rd: &ReadTxn<'_>) -> Result<bool> {
        match self {
            Needs::User(id) => rd.user_exists(id),
            Needs::Connection(id) => Ok(rd.connection_place(id)?.is_some()),
            Needs::Account(id) => Ok(rd.account_place(id)?.is_some()),
            Needs::OnlyConnection(user, at) => Ok(only_connection(rd, user, at)?.is_some()),
            Needs::Job(id) => Ok(rd.job(id)?.is_some()),
            Needs::Unnamed(_) | Needs::Said(_) => Ok(false),
        }
    }
}

impl fmt::Display for Needs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Needs::User(id) => write!(f, "user {id}"),
            Needs::Connection(id) => write!(f, "connection {id}"),
            Needs::Account(id) => write!(f, "account {id}"),
            Needs::OnlyConnection(user, at) => write!(f, "one connection of user {user} at {at}"),
            Needs::Job(id) => write!(f, "job {id}, of which there is only the id"),
            Needs::Unnamed(what) | Needs::Said(what) => f.write_str(what),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Unmet {
    pub(crate) kind: &'static str,
    pub(crate) id: String,
    pub(crate) needs: Needs,
}

/// The connection of a user at a bank that has not ended, when there is just one.
pub(crate) fn only_connection(
    rd: &ReadTxn<'_>,
    user: &UserId,
    at: &InstitutionId,
) -> Result<Option<ConnectionId>> {
    let all = rd.connections_of(user, Some(at))?;
    let mut open = all.into_iter().filter(|c| c.status != Status::Deleted);
    Ok(match (open.next(), open.next()) {
        (Some(only), None) => Some(only.id),
        _ => None,
    })
}

/// The reference of a bare id in a document.
pub(crate) fn mentioned(mention: Mention) -> Option<Unmet> {
    let needs = match mention.entity {
        Entity::User => Needs::User(mention.id.into()),
        Entity::Connection => Needs::Connection(mention.id.into()),
        Entity::Account => Needs::Account(mention.id.into()),
        Entity::Job => Needs::Job(mention.id.into()),
        // the others are not looked for one by one
        Entity::Institution | Entity::Transaction | Entity::Event => return None,
        Entity::Consent | Entity::Identity | Entity::Other => return None,
    };
    Some(Unmet {
        kind: "reference",
        id: mention.at,
        needs,
    })
}
