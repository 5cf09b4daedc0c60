//! An auth link (docs/domain.md 8).

use super::{link, plain};
use crate::domain::auth_link::AuthLink;
use serde_json::{Value, json};

pub(crate) fn auth_link(base: &str, made: &AuthLink) -> Value {
    let public = made.path().map(|path| format!("{base}{path}"));
    json!({
        "type": "auth_link",
        "id": made.id,
        "userId": made.user.as_str(),
        "mobile": made.mobile.as_ref().map_or(json!(""), plain),
        "expiresAt": made.expires.rfc3339(),
        "links": {
            "public": public.unwrap_or_default(),
            "self": format!("{}/auth_link", link::user(base, made.user.as_str())),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::moment::Moment;

    #[test]
    fn an_auth_link_is_written_as_the_reference_shows_it() {
        let link = AuthLink {
            id: "63448be4".into(),
            user: "9d1c".into(),
            code: Some("0a".into()),
            address: None,
            mobile: Some("+61400111222".into()),
            created: Moment(0),
            expires: Moment::parse("2026-03-16T22:00:00Z").unwrap(),
        };
        assert_eq!(
            auth_link("https://api.example.test", &link),
            json!({"type": "auth_link", "id": "63448be4", "userId": "9d1c", "mobile": "+61400111222",
                "expiresAt": "2026-03-16T22:00:00Z",
                "links": {"public": "https://api.example.test/connect/63448be4.0a",
                    "self": "https://api.example.test/users/9d1c/auth_link"}})
        );
    }
}
