//! Texts of JSON that are kept sealed: the fields that no reader knows, and documents that wait.

use super::links;
use crate::domain::secret::Secret;
use serde_json::{Map, Value};

fn fields(text: &Secret) -> Option<Map<String, Value>> {
    serde_json::from_str(text.expose()).ok()
}

/// Where both have a field, `newer` wins.
pub(crate) fn merged_rest(older: &Secret, newer: &Secret) -> Secret {
    match (fields(older), fields(newer)) {
        (Some(mut all), Some(newer)) => {
            all.extend(newer);
            Secret::new(Value::Object(all).to_string())
        }
        (Some(_), None) => older.clone(),
        (None, _) => newer.clone(),
    }
}

/// Whether a kept text remembers that the newest document said this field to be empty.
pub(crate) fn is_emptied(rest: &Secret, field: &str) -> bool {
    fields(rest).is_some_and(|fields| fields.get(field).is_some_and(Value::is_null))
}

/// Remembers which fields a document said to be empty, so that an older one does not fill them.
pub(crate) fn with_emptied(rest: &Secret, emptied: &[&'static str]) -> Secret {
    if emptied.is_empty() {
        return rest.clone();
    }
    let mut all = fields(rest).unwrap_or_default();
    for field in emptied {
        all.insert((*field).to_owned(), Value::Null);
    }
    Secret::new(Value::Object(all).to_string())
}

/// What a document's id is unique in: the account of a transaction, the source of a job, the user of anything else.
pub(crate) fn belongs_to(raw: &Secret) -> String {
    let Some(fields) = fields(raw) else {
        return String::new();
    };
    let links = fields.get("links");
    let link = |name: &str| links.and_then(|links| links.get(name)?.as_str());
    let owner = match fields.get("type").and_then(Value::as_str) {
        Some("transaction") => match fields.get("account") {
            Some(Value::String(id)) => Some(id.as_str()),
            Some(account) => account.get("id").and_then(Value::as_str),
            None => link("account").and_then(links::last_id),
        },
        Some("job") => link("source").and_then(links::last_id),
        _ => ["user", "self"]
            .into_iter()
            .find_map(|name| links::id_after(link(name)?, "users")),
    };
    owner.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unread_fields_of_both_are_kept_and_merging_again_changes_nothing() {
        let (older, newer) = (
            Secret::from(r#"{"a":1,"b":2}"#),
            Secret::from(r#"{"b":3,"c":4}"#),
        );
        let both = merged_rest(&older, &newer);
        assert_eq!(both.expose(), r#"{"a":1,"b":3,"c":4}"#);
        assert_eq!(merged_rest(&both, &newer), both);
        assert_eq!(merged_rest(&older, &"".into()), older);
        assert_eq!(merged_rest(&"".into(), &newer), newer);
    }

    #[test]
    fn an_emptied_field_is_remembered() {
        let rest = with_emptied(&"".into(), &["accountHolder"]);
        assert!(is_emptied(&rest, "accountHolder") && !is_emptied(&rest, "name"));
        assert_eq!(with_emptied(&rest, &[]), rest);
    }

    #[test]
    fn ids_are_unique_within_their_owner() {
        for (raw, owner) in [
            (
                r#"{"type":"transaction","account":"a-1","links":{"self":"/users/u/transactions/t"}}"#,
                "a-1",
            ),
            (r#"{"type":"transaction","account":{"id":"a-2"}}"#, "a-2"),
            (
                r#"{"type":"job","links":{"source":"/users/u/connections/c-1"}}"#,
                "c-1",
            ),
            (
                r#"{"type":"account","links":{"self":"/users/u-1/accounts/a"}}"#,
                "u-1",
            ),
            ("{}", ""),
        ] {
            assert_eq!(belongs_to(&raw.into()), owner, "{raw}");
        }
    }
}
