//! A consent (docs/domain.md 7).

use super::link;
use crate::domain::consent::{Consent, Permission};
use crate::domain::consent_scopes::{purpose, scope};
use serde_json::{Value, json};

pub(crate) fn consent(base: &str, given: &Consent) -> Value {
    let (user, id) = (given.user.as_str(), given.id.as_str());
    let permissions = given.permissions.iter().map(permission);
    let mut document = json!({
        "type": "consent",
        "id": id,
        "created": given.created.rfc3339(),
        "updated": given.updated.rfc3339(),
        "expiryDate": given.expiry.rfc3339(),
        "origin": given.origin,
        "status": given.status.word(),
        "purpose": {
            "primary": {"title": given.purpose, "description": purpose(&given.purpose)},
            "other": null,
        },
        "data": {
            "retainData": given.retain,
            "initialRetrievalDays": given.retrieval_days,
            "organisation": null,
            "permissions": permissions.collect::<Vec<_>>(),
        },
        "links": {"self": format!("{}/consents/{id}", link::user(base, user))},
    });
    if let Some(revoked) = given.revoked {
        document["revoked"] = revoked.rfc3339().into();
    }
    document
}

/// A scope that is not known here is described by its own name.
fn permission(given: &Permission) -> Value {
    let word = given.scope.as_str();
    let known = scope(word);
    let entity = word.split('.').next().unwrap_or_default();
    json!({
        "scope": word,
        "required": given.required,
        "consented": given.consented,
        "entity": known.map_or(entity, |scope| scope.entity),
        "information": {
            "name": known.map_or(word, |scope| scope.name),
            "description": known.map_or("", |scope| scope.holds),
            "attributeList": known.map_or(&[][..], |scope| scope.attributes),
        },
        "purpose": {
            "title": known.map_or(word, |scope| scope.name),
            "description": known.map_or("", |scope| scope.why),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::consent::Status;
    use crate::domain::moment::Moment;

    #[test]
    fn a_consent_is_written_as_the_reference_shows_it() {
        let created = Moment::parse("2026-03-02T01:13:40Z").unwrap();
        let mut given = Consent::given(
            "69d00245-1048-471a-902b-6cdc5d3d0000".into(),
            "9d1c".into(),
            created,
        );
        given.permissions.truncate(1);
        let written = consent("https://api.example.test", &given);
        assert_eq!(
            written,
            json!({"type": "consent", "id": "69d00245-1048-471a-902b-6cdc5d3d0000",
                "created": "2026-03-02T01:13:40Z", "updated": "2026-03-02T01:13:40Z",
                "expiryDate": "2027-03-02T01:13:40Z", "origin": "user", "status": "active",
                "purpose": {"primary": {"title": "Budgeting", "description": "See where the money goes"}, "other": null},
                "data": {"retainData": false, "initialRetrievalDays": 730, "organisation": null,
                    "permissions": [{"scope": "account.basic", "required": true, "consented": true, "entity": "account",
                        "information": {"name": "Account basics", "description": "Names, types, balances",
                            "attributeList": ["Name", "Type", "Balance"]},
                        "purpose": {"title": "Account basics", "description": "To list the accounts"}}]},
                "links": {"self": "https://api.example.test/users/9d1c/consents/69d00245-1048-471a-902b-6cdc5d3d0000"}})
        );
        let ended = Consent {
            status: Status::Revoked,
            revoked: Some(created),
            ..given
        };
        let written = consent("https://api.example.test", &ended);
        assert_eq!(written["revoked"], "2026-03-02T01:13:40Z");
        let unknown = Permission {
            scope: "shoe.size".into(),
            required: false,
            consented: true,
        };
        let written = permission(&unknown);
        assert_eq!(written["entity"], "shoe");
        assert_eq!(
            written["information"],
            json!({"name": "shoe.size", "description": "", "attributeList": []})
        );
    }
}
