//! Users: made, read, changed, deleted.

use super::{Api, NOT_FOUND, refused};
use crate::harness::text;
use serde_json::json;

#[test]
fn a_user_is_made_read_changed_and_deleted() {
    let api = Api::new();
    let made = api.post(
        "/users",
        &json!({"email": "monica@example.test", "mobile": "+61400111222", "firstName": "Monica", "lastName": "Hall",
            "businessName": "Raviga", "businessIdNo": "53004085616", "businessIdNoType": "ABN",
            "businessAddress": {"suburb": "Sydney"}, "verificationStatus": true}),
    );
    let made = made.with(201);
    let id = text(&made["id"]);
    let address = format!("{}/users/{id}", api.url);
    assert_eq!(
        made,
        json!({"type": "user", "id": id, "email": "monica@example.test", "mobile": "+61400111222",
            "firstName": "Monica", "middleName": "", "lastName": "Hall",
            "businessName": "Raviga", "businessIdNo": "53004085616", "businessIdNoType": "ABN",
            "businessAddress": {"suburb": "Sydney"}, "verificationStatus": true, "links": {"self": address}})
    );
    let connection = api.connected(&id, "gavinBelson", "hooli2016", "AU00000");
    let whole = api.get(&format!("/users/{id}")).with(200);
    assert_eq!(whole["name"], "Monica Hall");
    assert_eq!(whole["connections"]["count"], 1);
    assert_eq!(
        whole["connections"]["data"][0],
        json!({"type": "connection", "id": connection,
            "links": {"self": format!("{address}/connections/{connection}")}})
    );
    assert_eq!(
        whole["accounts"]["count"],
        whole["accounts"]["data"].as_array().unwrap().len()
    );
    assert_eq!(
        whole["links"],
        json!({"self": address, "accounts": format!("{address}/accounts"),
            "connections": format!("{address}/connections"),
            "transactions": format!("{address}/transactions"), "auth_link": format!("{address}/auth_link")})
    );
    // only what is given changes
    let changed = api.post(
        &format!("/users/{id}"),
        &json!({"lastName": "Lee", "verificationDate": "2026-01-01"}),
    );
    let changed = changed.with(200);
    assert_eq!(
        (&changed["firstName"], &changed["lastName"]),
        (&json!("Monica"), &json!("Lee"))
    );
    assert_eq!(changed["businessAddress"], json!({"suburb": "Sydney"}));
    assert_eq!(changed["verificationDate"], "2026-01-01");
    let gone = api.call("DELETE", &format!("/users/{id}"));
    assert_eq!((gone.status, gone.body.as_str()), (204, ""));
    let nobody = refused(404, "resource-not-found", "Requested user does not exist.");
    assert_eq!(api.get(&format!("/users/{id}")).error(), nobody);
    assert_eq!(api.call("DELETE", &format!("/users/{id}")).error(), nobody);
    let actions: Vec<String> = api.audit().into_iter().map(|line| line.0).collect();
    for action in ["user-create", "user-update", "connect", "delete-user"] {
        assert!(actions.iter().any(|a| a == action), "{action}: {actions:?}");
    }
    api.desk.healthy();
}

#[test]
fn each_mistake_of_a_user_has_its_text() {
    let api = Api::new();
    let id = api.user();
    for (body, want) in [
        (
            json!({"firstName": "M"}),
            (
                400,
                "parameter-not-supplied",
                "One of 'email' or 'mobile' is required.",
            ),
        ),
        (
            json!({"email": "monica"}),
            (
                400,
                "parameter-not-valid",
                "Provided email is in bad format.",
            ),
        ),
        (
            json!({"mobile": "call me"}),
            (
                400,
                "parameter-not-valid",
                "Provided mobile is in bad format.",
            ),
        ),
        (
            json!({"email": "a@b.test", "businessIdNo": "1"}),
            (
                400,
                "parameter-not-supplied",
                "Business name is required when business number is provided.",
            ),
        ),
        (
            json!({}),
            (
                400,
                "invalid-content",
                "Posted user is not in valid format.",
            ),
        ),
        (
            json!([1]),
            (
                400,
                "invalid-content",
                "Posted user is not in valid format.",
            ),
        ),
        (
            json!({"email": "a@b.test", "businessAddress": "Sydney"}),
            (
                400,
                "invalid-content",
                "Posted user is not in valid format.",
            ),
        ),
        (
            json!({"email": "a@b.test", "firstName": "x".repeat(300)}),
            (
                400,
                "invalid-content",
                "Posted user is not in valid format.",
            ),
        ),
        (
            json!({"email": 5}),
            (400, "parameter-not-valid", "Email value is not valid"),
        ),
        (
            json!({"email": "a@b.test", "favourite": "blue"}),
            (
                422,
                "unknown-field",
                "The field favourite is not known here.",
            ),
        ),
    ] {
        let (status, code, detail) = want;
        let came = api.post("/users", &body);
        assert_eq!(came.error(), refused(status, code, detail), "{body}");
    }
    let emptied = api.post(&format!("/users/{id}"), &json!({"email": ""}));
    assert_eq!(
        emptied.error(),
        refused(
            400,
            "parameter-not-supplied",
            "One of 'email' or 'mobile' is required."
        )
    );
    // two users may share an address
    assert_ne!(api.user(), id);
}

#[test]
fn ids_that_are_none_are_400_and_unknown_ones_404() {
    let api = Api::new();
    let user = api.user();
    let wrong = "a%20b";
    for (path, detail) in [
        (format!("/users/{wrong}"), "User ID value is not valid"),
        (
            format!("/users/{user}/connections/{wrong}"),
            "Connection ID value is not valid",
        ),
        (
            format!("/users/{user}/accounts/{wrong}"),
            "Account ID value is not valid",
        ),
        (
            format!("/users/{user}/transactions/{wrong}"),
            "Transaction ID value is not valid",
        ),
        (
            format!("/users/{user}/identities/{wrong}"),
            "Identity ID value is not valid",
        ),
        (format!("/jobs/{wrong}"), "Job ID value is not valid"),
        ("/users/%00".into(), "User ID value is not valid"),
        ("/users/%2e%2e%2fjobs".into(), "User ID value is not valid"),
        (
            "/users/%27%3B%20DROP%20TABLE--".into(),
            "User ID value is not valid",
        ),
    ] {
        assert_eq!(
            api.get(&path).error(),
            refused(400, "parameter-not-valid", detail),
            "{path}"
        );
    }
    for path in [
        format!("/users/{user}/connections/nothing"),
        format!("/users/{user}/accounts/nothing"),
        format!("/users/{user}/transactions/nothing"),
        "/jobs/nothing".into(),
        "/institutions/AU99999".into(),
        "/connectors/AU00000/pigeon".into(),
    ] {
        let found = api.get(&path).error();
        assert_eq!(
            found,
            refused(404, "resource-not-found", NOT_FOUND),
            "{path}"
        );
    }
    assert_eq!(
        api.get("/users/nobody/connections").error(),
        refused(404, "resource-not-found", "Requested user does not exist.")
    );
}
