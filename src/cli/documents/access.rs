//! Keys of the HTTP API.

use super::time;
use crate::cli::list_formats::{Column, Listed, text, when};
use crate::domain::access::ApiKey;
use serde_json::{Value, json};

impl Listed for ApiKey {
    type Doc<'a> = Value;

    const FIELDS: &'static [&'static str] = &[
        "name",
        "id",
        "role",
        "createdDate",
        "expiresAt",
        "revokedDate",
    ];

    fn doc(&self) -> Value {
        json!({
            "type": "apikey",
            "id": self.id,
            "name": self.name,
            "role": self.role.word(),
            "createdDate": self.created.rfc3339(),
            "expiresAt": time(self.expires),
            "revokedDate": time(self.revoked),
        })
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            text("NAME", 32, |k, _| k.name.as_str().into()),
            text("ROLE", 8, |k, _| k.role.word().into()),
            text("STANDING", 8, |k, now| k.standing(now).word().into()),
            when("CREATED", |k| k.created),
        ]
    }
}
