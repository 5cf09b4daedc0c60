//! A user (docs/domain.md 4).

use super::{kept, link, plain};
use crate::domain::import_records::UserRecord;
use crate::domain::person::Business;
use crate::domain::records::UserWhole;
use crate::domain::secret::Secret;
use serde_json::{Map, Value, json};

fn fields(user: &UserRecord, business: Option<&Business>) -> Map<String, Value> {
    let contact = |c: &Option<Secret>| c.as_ref().map_or(json!(""), plain);
    let mut fields = business.map(|b| kept(&b.rest)).unwrap_or_default();
    let own = [
        ("type", json!("user")),
        ("id", json!(user.id.as_str())),
        ("email", contact(&user.email)),
        ("mobile", contact(&user.mobile)),
        ("firstName", json!(user.first_name)),
        ("middleName", json!(user.middle_name)),
        ("lastName", json!(user.last_name)),
    ];
    fields.extend(own.map(|(name, value)| (name.to_owned(), value)));
    if let Some(business) = business {
        let texts = [
            ("businessName", &business.name),
            ("businessIdNo", &business.number),
        ];
        for (name, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
            fields.insert(name.into(), plain(text));
        }
        if let Some(kind) = business.kind {
            fields.insert("businessIdNoType".into(), kind.word().into());
        }
    }
    fields
}

/// What creating or changing a user answers.
pub(crate) fn user_made(base: &str, whole: &UserWhole) -> Value {
    let mut fields = fields(&whole.user, whole.business.as_ref());
    let address = link::user(base, whole.user.id.as_str());
    fields.insert("links".into(), json!({"self": address}));
    fields.into()
}

pub(crate) fn user(base: &str, whole: &UserWhole) -> Value {
    let id = whole.user.id.as_str();
    let address = link::user(base, id);
    let inside = |data: Vec<Value>| json!({"type": "list", "count": data.len(), "data": data});
    let connections = whole.connections.iter().map(|c| {
        let c = c.as_str();
        link::linked("connection", c, link::connection(base, id, c))
    });
    let accounts = whole.accounts.iter().map(|a| {
        let a = a.as_str();
        link::linked("account", a, link::account(base, id, a))
    });
    let mut fields = fields(&whole.user, whole.business.as_ref());
    fields.insert("name".into(), whole.user.name.as_str().into());
    fields.insert("connections".into(), inside(connections.collect()));
    fields.insert("accounts".into(), inside(accounts.collect()));
    let links = json!({
        "self": address,
        "accounts": format!("{address}/accounts"),
        "connections": format!("{address}/connections"),
        "transactions": format!("{address}/transactions"),
        "auth_link": format!("{address}/auth_link"),
    });
    fields.insert("links".into(), links);
    fields.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::moment::Moment;

    #[test]
    fn a_user_is_written_as_the_reference_shows_it() {
        let whole = UserWhole {
            user: UserRecord {
                id: "9d1c".into(),
                name: String::new(),
                first_name: "Monica".into(),
                middle_name: String::new(),
                last_name: "Hall".into(),
                email: Some("monica@example.test".into()),
                mobile: Some("+61400111222".into()),
                created: Some(Moment(0)),
            },
            business: None,
            connections: vec!["5b0f3c1e".into()],
            accounts: vec![],
        };
        let base = "https://api.example.test";
        assert_eq!(
            user(base, &whole),
            json!({"type": "user", "id": "9d1c", "email": "monica@example.test", "mobile": "+61400111222", "name": "",
                "firstName": "Monica", "middleName": "", "lastName": "Hall",
                "connections": {"type": "list", "count": 1, "data": [{"type": "connection", "id": "5b0f3c1e",
                    "links": {"self": "https://api.example.test/users/9d1c/connections/5b0f3c1e"}}]},
                "accounts": {"type": "list", "count": 0, "data": []},
                "links": {"self": "https://api.example.test/users/9d1c",
                    "accounts": "https://api.example.test/users/9d1c/accounts",
                    "connections": "https://api.example.test/users/9d1c/connections",
                    "transactions": "https://api.example.test/users/9d1c/transactions",
                    "auth_link": "https://api.example.test/users/9d1c/auth_link"}})
        );
        assert_eq!(
            user_made(base, &whole)["links"],
            json!({"self": "https://api.example.test/users/9d1c"})
        );
    }
}
