//! Writes the API's documents (docs/domain.md 2 to 9). Every link begins with `base`: what the client used, or the
//! configured address. Personal values are written as the bank gave them; only the HTTP API calls this.

mod account;
mod auth_link;
mod connection;
mod connector;
mod consent;
mod identity;
mod job;
pub(in crate::wire) mod link;
mod list;
pub(crate) mod schema;
pub(crate) mod shapes;
mod transaction;
mod user;
mod webhook;

pub(crate) use account::account;
pub(crate) use auth_link::auth_link;
pub(crate) use connection::{connection, connection_row};
pub(crate) use connector::{ConnectorFacts, SCOPES, connector, institution};
pub(crate) use consent::consent;
pub(crate) use identity::identity;
pub(crate) use job::{job, short_job};
pub(crate) use link::{query_value, with_filter, with_query};
pub(crate) use list::{Counts, page, whole_list};
pub(crate) use transaction::transaction;
pub(crate) use user::{user, user_made};
pub(crate) use webhook::{message, message_body, webhook, webhook_stats, whole_message};

use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use serde_json::Value;

/// The time, or the empty text that stands for none.
fn time_or_empty(at: Option<Moment>) -> String {
    at.map_or_else(String::new, Moment::rfc3339)
}

fn plain(secret: &Secret) -> Value {
    secret.expose().into()
}

/// The fields of a document that were kept without being read, as they came.
pub(crate) fn kept(rest: &Secret) -> serde_json::Map<String, Value> {
    match serde_json::from_str(rest.expose()) {
        Ok(Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    }
}

/// Lays the fields that have a place of their own over those that were only kept.
fn over(mut kept: serde_json::Map<String, Value>, own: Value) -> Value {
    if let Value::Object(own) = own {
        kept.extend(own);
    }
    Value::Object(kept)
}
