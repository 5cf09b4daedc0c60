//! Connections: made, read, refreshed, purged, revoked, and refused as docs/domain.md 12 says.

use super::{Api, Came, NOT_FOUND, refused};
use crate::harness::text;
use serde_json::{Value, json};

fn gone() -> (u16, String, String) {
    refused(404, "resource-not-found", NOT_FOUND)
}

#[test]
fn a_connection_is_written_as_the_reference_shows_it() {
    let api = Api::new();
    let user = api.user();
    let job = api
        .connect(&user, "gavinBelson", "hooli2016", "AU00000")
        .with(202);
    let id = text(&job["id"]);
    let address = format!("{}/jobs/{id}", api.url);
    assert_eq!(
        job,
        json!({"type": "job", "id": id, "links": {"self": address}})
    );
    let ended = api.ended(&id);
    let base = api.url.clone();
    let bank = json!({"type": "institution", "id": "AU00000", "links": {"self": format!("{base}/institutions/AU00000")}});
    assert_eq!(
        (&ended["institution"], &ended["jobType"]),
        (&bank, &json!("connection"))
    );
    let titles: Vec<String> = ended["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| text(&s["title"]))
        .collect();
    assert_eq!(
        titles,
        [
            "verify-credentials",
            "retrieve-accounts",
            "retrieve-transactions"
        ]
    );
    let connection = text(&ended["links"]["source"])
        .rsplit_once('/')
        .unwrap()
        .1
        .to_owned();
    let path = format!("/users/{user}/connections/{connection}");
    assert_eq!(
        ended["steps"][0]["result"],
        json!({"type": "link", "url": path})
    );
    let filter = "filter=institution.id.eq('AU00000')";
    assert_eq!(
        ended["steps"][1]["result"],
        json!({"type": "link", "url": format!("/users/{user}/accounts?{filter}")})
    );

    let listed = api.get(&format!("/users/{user}/connections")).with(200);
    let row = &listed["data"][0];
    assert_eq!(
        (&row["status"], &row["method"], &row["expiryDate"]),
        (&json!("active"), &json!("web"), &json!(""))
    );
    assert_eq!(row["institution"], bank);
    assert_eq!(
        row["links"],
        json!({"self": format!("{base}{path}"), "accounts": format!("{base}/users/{user}/accounts?{filter}"),
            "transactions": format!("{base}/users/{user}/transactions?{filter}"),
            "institution": format!("{base}/institutions/AU00000")})
    );
    assert_eq!(
        listed["links"]["self"],
        format!("{base}/users/{user}/connections")
    );

    let one = api.get(&path).with(200);
    assert_eq!(one["profile"]["fullName"], "Gavin Belson");
    assert_eq!(one["links"]["user"], format!("{base}/users/{user}"));
    assert_eq!(one["mfaEnabled"], false);
    let account = &one["accounts"]["data"][0];
    assert!(
        text(&account["accountNo"])
            .chars()
            .all(|c| c.is_ascii_digit()),
        "not masked"
    );
    // what lets us in is in no answer
    for secret in [
        "hooli2016",
        "loginId",
        "password",
        "securityCode",
        "userToken",
    ] {
        assert!(!one.to_string().contains(secret), "{secret}");
    }
}

#[test]
fn each_mistake_of_a_new_connection_has_its_text() {
    let api = Api::new();
    let user = api.user();
    let bank = json!({"id": "AU00000"});
    let supplied = |detail, pointer: &str, parameter: &str| {
        (
            (400, "parameter-not-supplied", detail),
            json!({"pointer": pointer, "parameter": parameter}),
        )
    };
    for (body, (want, source)) in [
        (
            json!({"password": "x", "institution": bank}),
            supplied(
                "Login ID parameter is required.",
                "connection/loginId",
                "loginId",
            ),
        ),
        (
            json!({"loginId": "x", "institution": bank}),
            supplied(
                "Password parameter is required.",
                "connection/password",
                "password",
            ),
        ),
        (
            json!({"loginId": "x", "password": "x"}),
            supplied(
                "Institution ID parameter is required.",
                "connection/institution/id",
                "institution.id",
            ),
        ),
        (
            json!({"loginId": "x", "password": "x", "institution": {"id": "AU99999"}}),
            (
                (
                    400,
                    "parameter-not-valid",
                    "Requested institution does not exist.",
                ),
                json!({"pointer": "connection/institution/id", "parameter": "institution.id"}),
            ),
        ),
        (
            json!({}),
            (
                (
                    400,
                    "invalid-content",
                    "Posted connection is not in valid format.",
                ),
                Value::Null,
            ),
        ),
        (
            json!({"loginId": "x", "password": "x", "institution": "AU00000"}),
            (
                (
                    400,
                    "invalid-content",
                    "Posted connection is not in valid format.",
                ),
                Value::Null,
            ),
        ),
        (
            json!({"loginId": "x", "password": "x", "institution": {"id": "AU00000", "mood": 1}}),
            (
                (422, "unknown-field", "The field mood is not known here."),
                json!({"pointer": "institution/mood", "parameter": "mood"}),
            ),
        ),
    ] {
        let came = api.post(&format!("/users/{user}/connections"), &body);
        let (status, code, detail) = want;
        assert_eq!(came.error(), refused(status, code, detail), "{body}");
        assert_eq!(came.json()["data"][0]["source"], source, "{body}");
    }
    let headers = [
        ("authorization", format!("Bearer {}", api.token)),
        ("content-type", "text/plain".into()),
    ];
    let headers: Vec<_> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let typed = api.send(
        "POST",
        &format!("/users/{user}/connections"),
        &headers,
        Some("x"),
    );
    assert_eq!(
        typed.error(),
        refused(
            415,
            "unsupported-content-type",
            "Content type text/plain is not supported on requested endpoint."
        )
    );
    let nobody = api.connect("nobody", "x", "x", "AU00000");
    assert_eq!(
        nobody.error(),
        refused(404, "resource-not-found", "Requested user does not exist.")
    );
    assert!(
        api.get(&format!("/users/{user}/connections")).with(200)["data"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn the_other_method_at_the_same_bank_is_409_and_the_same_method_is_not() {
    let api = Api::new();
    let user = api.user();
    api.connected(&user, "gavinBelson", "hooli2016", "AU00000");
    let open = json!({"method": "open-banking", "institution": {"id": "AU00000"}});
    let path = format!("/users/{user}/connections");
    let clash = api.post(&path, &open).error();
    assert_eq!(
        clash,
        refused(
            409,
            "resource-already-exists",
            "The user has a web connection to Hooli already."
        )
    );
    api.connect(&user, "jared", "django", "AU00000").with(202);
    let other = api.user();
    let made = api
        .post(&format!("/users/{other}/connections"), &open)
        .with(202);
    let job = api.get(&format!("/jobs/{}", text(&made["id"]))).with(200);
    assert_eq!(job["steps"][0]["status"], "pending");
    let rows = api.get(&format!("/users/{other}/connections")).with(200);
    assert_eq!(
        (&rows["data"][0]["status"], &rows["data"][0]["method"]),
        (&json!("pre-init"), &json!("openbanking"))
    );
}

#[test]
fn an_invalid_connection_is_refreshed_and_cured_by_new_credentials() {
    let api = Api::new();
    let user = api.user();
    let job = api
        .connect(&user, "gavinBelson", "wrong", "AU00000")
        .with(202);
    let failed = api.ended(&text(&job["id"]));
    let result = &failed["steps"][0]["result"];
    assert_eq!(
        result["title"],
        "Cannot login to target institution: invalid username or password."
    );
    let connection = text(&failed["links"]["source"])
        .rsplit_once('/')
        .unwrap()
        .1
        .to_owned();
    let path = format!("/users/{user}/connections/{connection}");
    assert_eq!(api.status(&user, &connection), "invalid");
    let again = api.call("POST", &format!("{path}/refresh")).with(202);
    api.ended(&text(&again["id"]));
    let purge = api.call("POST", &format!("{path}/purge")).error();
    assert_eq!(
        purge,
        refused(400, "parameter-not-valid", "Connection is not active.")
    );
    for (body, detail) in [
        (json!({"password": ""}), "Password value is not valid"),
        (json!({"password": 5}), "Password value is not valid"),
        (json!({"securityCode": "1"}), "Password value is not valid"),
    ] {
        assert_eq!(
            api.post(&path, &body).error(),
            refused(400, "parameter-not-valid", detail),
            "{body}"
        );
    }
    let empty = api.post(&path, &json!({})).error();
    assert_eq!(
        empty,
        refused(
            400,
            "invalid-content",
            "Posted connection is not in valid format."
        )
    );
    let job = api.post(&path, &json!({"password": "hooli2016"})).with(202);
    api.ended(&text(&job["id"]));
    assert_eq!(api.status(&user, &connection), "active");
}

#[test]
fn a_revoked_connection_is_gone_for_every_call() {
    let api = Api::new();
    let (user, other) = (api.user(), api.user());
    let connection = api.connected(&user, "gavinBelson", "hooli2016", "AU00000");
    let path = format!("/users/{user}/connections/{connection}");
    let foreign = format!("/users/{other}/connections/{connection}");
    let calls = |path: &str| -> Vec<Came> {
        vec![
            api.get(path),
            api.call("POST", &format!("{path}/refresh")),
            api.call("POST", &format!("{path}/purge")),
            api.post(path, &json!({"password": "x"})),
            api.call("DELETE", path),
        ]
    };
    // another user's address does not reach it
    assert!(calls(&foreign).iter().all(|came| came.error() == gone()));
    assert_eq!(api.call("DELETE", &path).status, 204);
    assert!(calls(&path).iter().all(|came| came.error() == gone()));
    assert_eq!(
        api.call("POST", &format!("/connections/{connection}/purge"))
            .error(),
        gone()
    );
    let list = |filter: &str| {
        let listed = api
            .get(&format!("/users/{user}/connections{filter}"))
            .with(200);
        listed["data"].as_array().unwrap().len()
    };
    assert_eq!(
        (list(""), list("?filter=connection.status.eq('deleted')")),
        (0, 1)
    );
    let accounts = api.get(&format!("/users/{user}/accounts")).with(200);
    assert!(
        !accounts["data"].as_array().unwrap().is_empty(),
        "the data stays"
    );
}
