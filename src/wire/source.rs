//! Documents as they came, for records that must wait, and what they say of their owner.

use super::links;
use crate::domain::ids::{AccountId, ConnectionId, InstitutionId, TransactionId, UserId};
use crate::domain::secret::Secret;
use serde_json::{Map, Value};

/// What a document says of whose it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) user: Option<UserId>,
    pub(crate) institution: Option<InstitutionId>,
    pub(crate) connection: Option<ConnectionId>,
    pub(crate) account: Option<AccountId>,
}

/// Read from the fields for it, the document's own links, and the links of a job's steps. Any other text, such as a
/// description, comes from whoever wrote it and decides nothing.
pub(crate) fn named(raw: &Secret) -> Named {
    let Ok(value) = serde_json::from_str::<Value>(raw.expose()) else {
        return Named::default();
    };
    let own = value["links"].as_object();
    // in the order of trust: the user's own link, the document's, the others
    let first = ["user", "self"];
    let named = first.iter().filter_map(|name| own?.get(*name));
    let others = own.into_iter().flatten();
    let others = others.filter(|(name, _)| !first.contains(&name.as_str()));
    let steps = value["steps"].as_array().into_iter().flatten();
    let links: Vec<&str> = named
        .chain(others.map(|(_, link)| link))
        .chain(steps.map(|step| &step["result"]["url"]))
        .filter_map(Value::as_str)
        .collect();
    let linked = |folder: &str| links.iter().find_map(|link| links::id_after(link, folder));
    let id = |field: &str, folder: &str| {
        let given = match &value[field] {
            Value::Object(object) => object.get("id").and_then(Value::as_str),
            given => given.as_str(),
        };
        let given = given.and_then(|text| match text.contains('/') {
            true => links::last_id(text),
            false => Some(text).filter(|id| links::fair_id(id) && !links::is_placeholder(id)),
        });
        given.or_else(|| linked(folder)).map(str::to_owned)
    };
    Named {
        user: linked("users").map(Into::into),
        institution: id("institution", "institutions").map(InstitutionId::from),
        connection: id("connection", "connections").map(ConnectionId::from),
        account: id("account", "accounts").map(AccountId::from),
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
    fn an_owner_is_told_from_fields_and_links_and_never_from_free_text() {
        // user, bank, connection, account
        for (raw, told) in [
            (
                r#"{"institution":"AU00001","links":{"self":"https://x.test/users/u-1/accounts/a"}}"#,
                ["u-1", "AU00001", "", "a"],
            ),
            (
                r#"{"institution":{"id":"AU00002"},"steps":[{"result":{"url":"/users/u-2/connections/c-2"}}]}"#,
                ["u-2", "AU00002", "c-2", ""],
            ),
            (
                r#"{"links":{"institution":"https://x.test/institutions/AU00003"}}"#,
                ["", "AU00003", "", ""],
            ),
            (
                r#"{"description":"REFUND /users/other/x","links":{"self":"/users/u-4/transactions/t"}}"#,
                ["u-4", "", "", ""],
            ),
            // the names of a list are sorted: a link to somebody else does not come first
            (
                r#"{"links":{"counterparty":"/users/other/accounts/b","self":"/users/u-5/transactions/t"}}"#,
                ["u-5", "", "", "b"],
            ),
            (
                r#"{"description":"/users/other/x","reference":"/connections/c-9","merchant":{"url":"/users/other"}}"#,
                ["", "", "", ""],
            ),
            (
                r#"{"connection":"c-6","account":"https://x.test/users/u-6/accounts/a-6"}"#,
                ["", "", "c-6", "a-6"],
            ),
            (
                r#"{"connection":{"id":"c-7"},"account":{"id":"a-7"},"links":{"connection":"/connections/other"}}"#,
                ["", "", "c-7", "a-7"],
            ),
            (
                r#"{"institution":"not an id","userId":7,"connection":"{connectionId}"}"#,
                ["", "", "", ""],
            ),
            (r#"["/users/u-8"]"#, ["", "", "", ""]),
            ("nothing", ["", "", "", ""]),
        ] {
            let found = named(&raw.into());
            let text = |id: Option<&str>| id.unwrap_or_default().to_owned();
            let found = [
                text(found.user.as_ref().map(|id| id.as_str())),
                text(found.institution.as_ref().map(|id| id.as_str())),
                text(found.connection.as_ref().map(|id| id.as_str())),
                text(found.account.as_ref().map(|id| id.as_str())),
            ];
            assert_eq!(found, told.map(str::to_owned), "{raw}");
        }
    }
}
