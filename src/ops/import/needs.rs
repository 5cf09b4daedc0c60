//! What documents refer to: what may not be there yet, and which of them miss it.

use crate::domain::ids::{AccountId, ConnectionId, UserId};
use crate::store::{ReadTxn, Result};
use crate::wire::{Entity, Mention};
use std::fmt;

/// What something refers to that may not be there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Needs {
    /// A person.
    User(UserId),
    /// A link.
    Connection(ConnectionId),
    /// An account.
    Account(AccountId),
    /// Something without an id to look for.
    Said(String),
}

impl Needs {
    /// Whether it is there now.
    pub(crate) fn met(&self, rd: &ReadTxn<'_>) -> Result<bool> {
        match self {
            Needs::User(id) => rd.user_exists(id),
            Needs::Connection(id) => Ok(rd.connection_place(id)?.is_some()),
            Needs::Account(id) => Ok(rd.account_place(id)?.is_some()),
            Needs::Said(_) => Ok(false),
        }
    }
}

impl fmt::Display for Needs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Needs::User(id) => write!(f, "user {id}"),
            Needs::Connection(id) => write!(f, "connection {id}"),
            Needs::Account(id) => write!(f, "account {id}"),
            Needs::Said(what) => f.write_str(what),
        }
    }
}

/// A reference that was not met when its document was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Unmet {
    /// What refers.
    pub(crate) kind: &'static str,
    /// Its id, or its place.
    pub(crate) id: String,
    /// To what.
    pub(crate) needs: Needs,
}

/// What a document only names, as something to look for.
pub(crate) fn mentioned(mention: Mention) -> Option<Unmet> {
    let needs = match mention.entity {
        Entity::User => Needs::User(mention.id.into()),
        Entity::Connection => Needs::Connection(mention.id.into()),
        Entity::Account => Needs::Account(mention.id.into()),
        // the others are not looked for one by one
        Entity::Institution | Entity::Transaction | Entity::Job => return None,
        Entity::Event | Entity::Consent | Entity::Other => return None,
    };
    Some(Unmet {
        kind: "reference",
        id: mention.at,
        needs,
    })
}
