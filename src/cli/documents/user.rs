//! A user, masked: in a list, alone with its connections, and the link it was sent.

use super::{connection, time};
use crate::cli::list::{Cell, Column, Listed, number, text};
use crate::domain::moment::Moment;
use crate::domain::person::{NumberKind, UserRow};
use crate::domain::time_format;
use crate::ops::{AuthLinkShown, UserShown};
use serde_json::{Value, json};

/// The document of a user.
pub(crate) fn user(shown: &UserShown) -> Value {
    let connections: Vec<Value> = shown
        .connections
        .iter()
        .map(|row| serde_json::to_value(connection(row)).unwrap_or_default())
        .collect();
    let [first, middle, last] = &shown.pieces;
    let mut document = json!({
        "type": "user",
        "id": shown.id.as_str(),
        "name": shown.name,
        "firstName": first,
        "middleName": middle,
        "lastName": last,
        "email": shown.email,
        "mobile": shown.mobile,
        "createdDate": time(shown.created),
        "accounts": shown.accounts,
        "transactions": shown.transactions,
        "connections": connections,
    });
    if let Some((name, number, kind)) = &shown.business {
        document["businessName"] = name.as_str().into();
        document["businessIdNo"] = number.as_str().into();
        document["businessIdNoType"] = kind.map_or("", NumberKind::word).into();
    }
    document
}

/// The same user as a row of the list of them.
pub(crate) fn user_row(shown: &UserShown) -> UserRow {
    UserRow {
        id: shown.id.clone(),
        name: shown.name.clone(),
        email: shown.email.clone(),
        mobile: shown.mobile.clone(),
        created: shown.created.unwrap_or(Moment(0)),
        connections: shown.connections.len() as u64,
        accounts: shown.accounts,
    }
}

/// The document of a link. The part that is opened has no host here: whoever serves it has.
pub(crate) fn auth_link(link: &AuthLinkShown) -> Value {
    json!({
        "type": "auth_link",
        "id": link.id,
        "userId": link.user.as_str(),
        "mobile": link.mobile,
        "createdDate": link.created.rfc3339(),
        "expiresAt": link.expires.rfc3339(),
        "links": {"public": format!("/connect/{}", link.id), "self": format!("/users/{}/auth_link", link.user)},
    })
}

impl Listed for UserRow {
    type Doc<'a> = Value;

    const COLUMNS: &'static [Column] = &[
        text("ID", 8),
        text("NAME", 32),
        text("EMAIL", 28),
        text("MOBILE", 14),
        number("CONN"),
        number("ACC"),
        text("CREATED", 16),
    ];

    const FIELDS: &'static [&'static str] = &[
        "id",
        "name",
        "email",
        "mobile",
        "connections",
        "accounts",
        "createdDate",
    ];

    fn doc(&self) -> Value {
        json!({
            "type": "user",
            "id": self.id.as_str(),
            "name": self.name,
            "email": self.email,
            "mobile": self.mobile,
            "connections": self.connections,
            "accounts": self.accounts,
            "createdDate": self.created.rfc3339(),
        })
    }

    fn cells(&self, _now: Moment) -> Vec<Cell> {
        vec![
            Cell::of(self.id.short()),
            Cell::of(&self.name),
            Cell::of(self.email.as_deref().unwrap_or("")),
            Cell::of(self.mobile.as_deref().unwrap_or("")),
            Cell::of(&self.connections.to_string()),
            Cell::of(&self.accounts.to_string()),
            Cell::of(&time_format::date_time(self.created)),
        ]
    }

    fn record(&self) -> Vec<String> {
        vec![
            self.id.to_string(),
            self.name.clone(),
            self.email.clone().unwrap_or_default(),
            self.mobile.clone().unwrap_or_default(),
            self.connections.to_string(),
            self.accounts.to_string(),
            self.created.rfc3339(),
        ]
    }
}
