//! Documents as they came, for records that must wait, and who owns them.

use super::links;
use crate::domain::ids::{AccountId, InstitutionId, TransactionId, UserId};
use crate::domain::secret::Secret;
use serde_json::{Map, Value};

/// Whose a document is and at which bank, as far as its fields and links say.
pub(crate) fn owner(raw: &Secret) -> (Option<UserId>, Option<InstitutionId>) {
    let Ok(value) = serde_json::from_str::<Value>(raw.expose()) else {
        return (None, None);
    };
    let user = find(&value, "users").map(UserId::from);
    let institution = match &value["institution"] {
        Value::String(id) => Some(id.as_str()),
        object => object["id"].as_str(),
    };
    let institution = institution
        .filter(|id| links::fair_id(id))
        .or_else(|| find(&value, "institutions"));
    (user, institution.map(InstitutionId::from))
}

fn find<'v>(value: &'v Value, folder: &str) -> Option<&'v str> {
    match value {
        Value::String(text) => links::id_after(text, folder),
        Value::Array(items) => items.iter().find_map(|item| find(item, folder)),
        Value::Object(fields) => fields.values().find_map(|field| find(field, folder)),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

pub(super) fn naming(raw: Secret, user: &UserId) -> Secret {
    let Ok(mut value) = serde_json::from_str::<Value>(raw.expose()) else {
        return raw;
    };
    if let Some(document) = value.as_object_mut() {
        let links = document
            .entry("links")
            .or_insert_with(|| Value::Object(Map::new()));
        if !links.is_object() {
            *links = Value::Object(Map::new());
        }
        links["user"] = Value::String(format!("/users/{user}"));
    }
    Secret::new(value.to_string())
}

/// A name for a document that has none: the same text always has the same.
pub(crate) fn nameless(raw: &Secret) -> String {
    TransactionId::derived(&AccountId::from("nameless"), raw.expose())
        .as_str()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_is_told_from_fields_and_from_links_anywhere() {
        for (raw, user, bank) in [
            (
                r#"{"institution":"AU00001","links":{"self":"https://x.test/users/u-1/accounts/a"}}"#,
                Some("u-1"),
                Some("AU00001"),
            ),
            (
                r#"{"institution":{"id":"AU00002"},"steps":[{"result":{"url":"/users/u-2/accounts"}}]}"#,
                Some("u-2"),
                Some("AU00002"),
            ),
            (
                r#"{"links":{"institution":"https://x.test/institutions/AU00003"}}"#,
                None,
                Some("AU00003"),
            ),
            (r#"{"institution":"not an id","userId":7}"#, None, None),
            ("nothing", None, None),
        ] {
            assert_eq!(
                owner(&raw.into()),
                (user.map(Into::into), bank.map(Into::into)),
                "{raw}"
            );
        }
    }
}
