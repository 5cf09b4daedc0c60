//! Users and auth links, masked.

use super::{connection, time};
use crate::cli::list_formats::{Column, Listed, number, text, when};
use crate::domain::moment::Moment;
use crate::domain::person::{NumberKind, UserRow};
use crate::ops::{AuthLinkShown, UserShown};
use serde_json::{Value, json};

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

/// URLs have no host, because no server is known here.
pub(crate) fn auth_link(link: &AuthLinkShown) -> Value {
    json!({
        "type": "auth_link",
        "id": link.id,
        "userId": link.user.as_str(),
        "mobile": link.mobile,
        "createdDate": link.created.rfc3339(),
        "expiresAt": link.expires.rfc3339(),
        "links": {"public": link.path, "self": format!("/users/{}/auth_link", link.user)},
    })
}

impl Listed for UserRow {
    type Doc<'a> = Value;

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

    fn columns() -> Vec<Column<Self>> {
        vec![
            text("ID", 8, |u, _| u.id.short().into()),
            text("NAME", 32, |u, _| u.name.as_str().into()),
            text("EMAIL", 28, |u, _| u.email.as_deref().unwrap_or("").into()),
            text("MOBILE", 14, |u, _| {
                u.mobile.as_deref().unwrap_or("").into()
            }),
            number("CONN", |u, _| u.connections.into()),
            number("ACC", |u, _| u.accounts.into()),
            when("CREATED", |u| u.created),
        ]
    }
}
