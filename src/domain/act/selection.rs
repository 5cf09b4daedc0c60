//! What an act is for.

use crate::domain::ids::{ConnectionId, ConsentId, UserId};
use crate::domain::query::Query;
use std::collections::HashSet;

/// Which connections, or whose, an act is for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Selection {
    /// This connection. A refusal is an error, and what a person is shown of it is looked up.
    One(ConnectionId),
    Ids(Vec<ConnectionId>),
    /// All connections that match and are not revoked.
    Found(Box<Query>),
    /// A user; or the user's connections: for a refresh the active and invalid ones, else all that are not revoked.
    User(UserId),
    Consent(ConsentId),
}

impl Selection {
    /// These, each once, in the order they were named.
    pub(crate) fn of(named: impl IntoIterator<Item = ConnectionId>) -> Self {
        let mut known = HashSet::new();
        let each_once = named.into_iter().filter(|id| known.insert(id.clone()));
        Selection::Ids(each_once.collect())
    }
}
