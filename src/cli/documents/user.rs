//! A user, masked, with its connections.

use super::{connection, time};
use crate::ops::UserShown;
use serde_json::{Value, json};

/// The document of a user.
pub fn user(shown: &UserShown) -> Value {
    let connections: Vec<Value> =
        shown.connections.iter().map(|row| serde_json::to_value(connection(row)).unwrap_or_default()).collect();
    json!({
        "type": "user",
        "id": shown.id.as_str(),
        "name": shown.name,
        "email": shown.email,
        "mobile": shown.mobile,
        "createdDate": time(shown.created),
        "accounts": shown.accounts,
        "transactions": shown.transactions,
        "connections": connections,
    })
}
