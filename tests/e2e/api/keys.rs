//! API keys: made once, listed without their secret, revoked; roles and what they may do.

use super::{Api, refused};
use crate::harness::{Desk, text};
use serde_json::{Value, json};

#[test]
fn a_key_is_shown_once_and_stored_as_a_digest() {
    let desk = Desk::empty(0.0);
    let made = desk.document(&["apikey", "create", "ci", "--expires", "90d"]);
    let key = text(&made["key"]);
    assert_eq!(
        (&made["name"], &made["role"]),
        (&json!("ci"), &json!("operator"))
    );
    let secret = key.rsplit_once('_').unwrap().1;
    for (path, bytes) in desk.files() {
        let held = bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
        assert!(!held, "{}", path.display());
    }
    let listed = desk.rows(&["apikey", "list"]);
    assert_eq!(listed.len(), 1);
    assert!(!listed[0].to_string().contains(secret));
    assert!(text(&listed[0]["expiresAt"]) > text(&listed[0]["createdDate"]));
    // shown to a person it is alone on stdout
    let shown = desk.run(&["apikey", "create", "other"]);
    assert!(
        shown.out.starts_with("sbk_") && shown.out.lines().count() == 1,
        "{shown:?}"
    );
    assert!(shown.err.contains("shown this once"), "{shown:?}");
}

#[test]
fn names_are_unique_until_they_are_revoked_and_each_is_audited() {
    let desk = Desk::empty(0.0);
    for (words, exit) in [
        (&["apikey", "create", "ci"][..], 0),
        (&["apikey", "create", "ci"], 4),
        (&["apikey", "revoke", "ci"], 0),
        (&["apikey", "revoke", "ci"], 3),
        (&["apikey", "create", "ci"], 0),
        (&["apikey", "create", "two words"], 4),
        (&["apikey", "create", "x", "--role", "king"], 2),
        (&["apikey", "create", "x", "--expires", "soon"], 2),
        (
            &["apikey", "create", "x", "--expires", "2020-01-01T00:00:00Z"],
            4,
        ),
        (&["apikey", "create", "x", "--read-only"], 4),
    ] {
        let done = desk.run(words);
        assert_eq!(done.exit, exit, "{words:?}: {done:?}");
    }
    let lines = |action: &str| {
        let rows = desk.rows(&["audit", "--action", action]);
        rows.iter()
            .map(|row| text(&row["outcome"]))
            .collect::<Vec<_>>()
    };
    let refused = "refused: parameter-not-valid";
    let taken = "refused: resource-already-exists";
    assert_eq!(
        lines("apikey-create"),
        [refused, refused, "done: operator", taken, "done: operator"]
    );
    assert_eq!(lines("apikey-revoke"), ["done"]);
    desk.healthy();
}

#[test]
fn a_revoked_or_expired_key_ends_with_its_tokens() {
    let api = Api::new();
    let made = api.desk.document(&["apikey", "create", "short"]);
    let key = text(&made["key"]);
    let token = api.token_of(&key, "scope=SERVER_ACCESS");
    assert_eq!(api.by(&token, "GET", "/connectors", None).status, 200);
    api.desk.document(&["apikey", "revoke", "short"]);
    assert_eq!(
        api.by(&token, "GET", "/connectors", None).error(),
        refused(
            401,
            "unauthorized-access",
            "You are not authorized to access this resource"
        )
    );
    assert_eq!(
        api.ask_token(&key, "scope=SERVER_ACCESS").error(),
        refused(
            403,
            "access-denied",
            "Your account has been disabled. Please contact Basiq support."
        )
    );
}

/// Every act, with the role that it needs.
fn acts(user: &str, connection: &str) -> Vec<(&'static str, String, Option<Value>, &'static str)> {
    let one = format!("/users/{user}/connections/{connection}");
    vec![
        (
            "POST",
            "/users".into(),
            Some(json!({"email": "a@b.test"})),
            "operator",
        ),
        (
            "POST",
            format!("/users/{user}"),
            Some(json!({"firstName": "M"})),
            "operator",
        ),
        (
            "POST",
            format!("/users/{user}/connections"),
            Some(json!({})),
            "operator",
        ),
        (
            "POST",
            one.clone(),
            Some(json!({"password": "x"})),
            "operator",
        ),
        ("POST", format!("{one}/refresh"), None, "operator"),
        (
            "POST",
            format!("/users/{user}/connections/refresh"),
            None,
            "operator",
        ),
        ("POST", format!("{one}/purge"), None, "operator"),
        (
            "POST",
            format!("/connections/{connection}/purge"),
            None,
            "operator",
        ),
        ("DELETE", one, None, "operator"),
        (
            "POST",
            "/notifications/webhooks".into(),
            Some(json!({"url": "https://a.example.test/"})),
            "operator",
        ),
        (
            "POST",
            "/notifications/webhooks/w".into(),
            Some(json!({"url": "https://a.example.test/"})),
            "operator",
        ),
        (
            "DELETE",
            "/notifications/webhooks/w".into(),
            None,
            "operator",
        ),
        (
            "POST",
            "/notifications/messages/test".into(),
            Some(json!({"eventTypeId": "user.created"})),
            "operator",
        ),
        (
            "POST",
            "/jobs/j/mfa".into(),
            Some(json!({"mfa-response": ["1"]})),
            "operator",
        ),
        ("DELETE", format!("/users/{user}"), None, "privacy"),
        (
            "DELETE",
            format!("/users/{user}/consents/c"),
            None,
            "privacy",
        ),
        ("POST", format!("/users/{user}/auth_link"), None, "operator"),
        ("GET", format!("/users/{user}/auth_link"), None, "operator"),
        (
            "DELETE",
            format!("/users/{user}/auth_link"),
            None,
            "operator",
        ),
    ]
}

#[test]
fn a_viewer_only_reads_and_the_refusal_names_the_role_and_is_audited() {
    let api = Api::new();
    let user = api.user();
    let connection = api.connected(&user, "gavinBelson", "hooli2016", "AU00000");
    let (viewer, operator) = (api.key("looks", "viewer"), api.key("acts", "operator"));
    for path in [
        format!("/users/{user}"),
        format!("/users/{user}/connections"),
        format!("/users/{user}/connections/{connection}"),
        format!("/users/{user}/jobs"),
        format!("/users/{user}/accounts"),
        format!("/users/{user}/transactions"),
        format!("/users/{user}/consents"),
        format!("/users/{user}/identities"),
        "/connectors".into(),
        "/institutions/AU00000".into(),
        "/events".into(),
        "/events/types".into(),
        "/enrich?q=HOOLI&institution=AU00000&country=AU".into(),
        "/notifications/webhooks".into(),
    ] {
        assert_eq!(api.by(&viewer, "GET", &path, None).status, 200, "{path}");
    }
    let acts = acts(&user, &connection);
    for (method, path, body, role) in &acts {
        let came = api.by(&viewer, method, path, body.as_ref());
        let detail = format!(
            "Access to this resource is forbidden. It needs a key with the role {role}; this one is viewer."
        );
        assert_eq!(
            came.error(),
            refused(403, "forbidden-access", &detail),
            "{method} {path}"
        );
    }
    let delete = api.by(&operator, "DELETE", &format!("/users/{user}"), None);
    assert_eq!(delete.status, 403);
    assert_eq!(api.status(&user, &connection), "active", "nothing was done");
    let refusals = api.audit();
    let refusals: Vec<_> = refusals
        .iter()
        .filter(|line| line.0 == "http-request")
        .collect();
    assert_eq!(refusals.len(), acts.len() + 1);
    assert!(
        refusals
            .iter()
            .all(|line| line.2 == "refused: forbidden-access")
    );
    let by = |actor: &str| refusals.iter().filter(|line| line.3 == actor).count();
    assert_eq!((by("looks"), by("acts")), (acts.len(), 1));
    assert!(
        refusals
            .iter()
            .any(|line| line.1 == "POST /users/{userId}/connections/{connectionId}/purge")
    );
}

#[test]
fn each_call_is_open_to_the_roles_from_its_own_on() {
    let api = Api::new();
    let roles = ["viewer", "operator", "privacy", "admin"];
    for (rank, role) in roles.iter().enumerate() {
        let token = api.key(&format!("a-{role}"), role);
        // nothing of it is there, so a call that is let in is answered with another error
        for (method, path, body, needs) in acts("nobody", "nothing") {
            let least = roles.iter().position(|role| *role == needs).unwrap();
            let came = api.by(&token, method, &path, body.as_ref());
            assert_eq!(
                came.status == 403,
                rank < least,
                "{method} {path} by {role}: {came:?}"
            );
        }
    }
}
