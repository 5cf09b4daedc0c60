//! `POST /token`, and what a token opens.

use super::{Api, refused};
use crate::harness::{Desk, text, until};
use serde_json::{Value, json};

/// The claims of a token, without a look at its signature.
fn claims(token: &str) -> Value {
    let body = token.split('.').nth(1).unwrap();
    let value = |c: u8| {
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
            .iter()
            .position(|x| *x == c)
            .unwrap() as u32
    };
    let mut bytes = Vec::new();
    for four in body.as_bytes().chunks(4) {
        let bits = four.iter().fold(0, |bits, c| bits << 6 | value(*c)) << (6 * (4 - four.len()));
        bytes.extend(&bits.to_be_bytes()[1..four.len()]);
    }
    serde_json::from_slice(&bytes).unwrap()
}

fn key_of(api: &Api) -> String {
    text(&api.desk.document(&["apikey", "create", "another"])["key"])
}

#[test]
fn a_key_is_changed_for_a_token_in_every_version_and_form() {
    let api = Api::new();
    let basic = format!("Basic {}", key_of(&api));
    for (version, kind, body) in [
        ("2.0", None, ""),
        ("2.0", Some("application/json"), "{}"),
        ("2.1", Some("application/x-www-form-urlencoded"), ""),
        (
            "3.0",
            Some("application/x-www-form-urlencoded"),
            "scope=SERVER_ACCESS",
        ),
        (
            "3.0",
            Some("application/json"),
            r#"{"scope": "SERVER_ACCESS"}"#,
        ),
        ("3.0", None, "scope=SERVER_ACCESS"),
    ] {
        let mut headers = vec![
            ("authorization", basic.as_str()),
            ("basiq-version", version),
        ];
        headers.extend(kind.map(|kind| ("content-type", kind)));
        let came = api.send("POST", "/token", &headers, Some(body)).with(200);
        assert_eq!(
            (&came["expires_in"], &came["token_type"]),
            (&json!(3_600), &json!("Bearer"))
        );
        let token = text(&came["access_token"]);
        let says = claims(&token);
        assert_eq!(
            (&says["version"], &says["scope"]),
            (&json!(version), &json!("SERVER_ACCESS"))
        );
        let (begins, ends) = (says["iat"].as_i64().unwrap(), says["exp"].as_i64().unwrap());
        assert_eq!(ends - begins, 3_600);
        assert!(says["partnerid"].is_string() && says["applicationid"].is_string());
        assert_eq!(
            api.by(&token, "GET", "/connectors", None).status,
            200,
            "{version} {body}"
        );
    }
}

#[test]
fn each_mistake_of_a_token_call_has_its_text() {
    let api = Api::new();
    let basic = format!("Basic {}", key_of(&api));
    let known = ("authorization", basic.as_str());
    let wrong = format!("{basic}0");
    let other = basic.replace("sbk_", "sbk_0");
    let new = ("basiq-version", "3.0");
    let unknown = "Unable to authenticate. Please, check your API key";
    let not_valid = "parameter-not-valid";
    for (headers, body, want) in [
        (
            vec![known],
            "",
            (
                400,
                not_valid,
                "Basiq-version must be specified in HTTP request header",
            ),
        ),
        (
            vec![known, ("basiq-version", "0.9")],
            "",
            (
                400,
                not_valid,
                "Version 0.9 is no longer supported. Please upgrade to the latest version",
            ),
        ),
        (
            vec![new],
            "",
            (
                400,
                "parameter-not-supplied",
                "Authorization header parameter is required",
            ),
        ),
        (
            vec![new, ("authorization", "Bearer x")],
            "",
            (400, not_valid, "Invalid authorization header"),
        ),
        (
            vec![new, ("authorization", "Basic")],
            "",
            (400, not_valid, "Invalid authorization header"),
        ),
        (
            vec![new, ("authorization", "Basic x")],
            "",
            (404, not_valid, unknown),
        ),
        (
            vec![new, ("authorization", &wrong)],
            "",
            (404, not_valid, unknown),
        ),
        (
            vec![new, ("authorization", &other)],
            "",
            (404, not_valid, unknown),
        ),
        (
            vec![new, known],
            "scope=EVERYTHING",
            (400, not_valid, "Scope value is not valid"),
        ),
        (
            vec![new, known],
            "scope=CLIENT_ACCESS",
            (400, "parameter-not-supplied", "User ID not supplied"),
        ),
        (
            vec![new, known],
            "scope=CLIENT_ACCESS&userId=nobody",
            (404, "resource-not-found", "Requested user does not exist."),
        ),
        (
            vec![new, known],
            "{",
            (
                400,
                "invalid-content",
                "Posted token request is not in valid format.",
            ),
        ),
    ] {
        let came = api.send("POST", "/token", &headers, Some(body));
        let (status, code, detail) = want;
        assert_eq!(
            came.error(),
            refused(status, code, detail),
            "{headers:?} {body}"
        );
    }
    let missing = api.send("POST", "/token", &[known], Some("")).json();
    assert_eq!(missing["data"][0]["title"], "Required parameter not valid");
    assert_eq!(
        missing["data"][0]["source"],
        json!({"parameter": "basiq-version", "pointer": "header/basiq-version"})
    );
    let nobody = api
        .send("POST", "/token", &[new, ("authorization", "Basic x")], None)
        .json();
    assert_eq!(nobody["data"][0]["title"], "We have encountered an error");
}

#[test]
fn without_a_valid_token_everything_is_401_whatever_else_is_wrong() {
    let api = Api::new();
    let token = api.token.clone();
    let cut = &token[..token.len() - 1];
    let swapped = token.replacen('.', ".e", 1);
    for headers in [
        vec![],
        vec![("authorization", "Bearer x".to_owned())],
        vec![("authorization", format!("Bearer {cut}"))],
        vec![("authorization", format!("Bearer {swapped}"))],
        vec![("authorization", format!("bearer  {token}"))],
        vec![("authorization", format!("Basic {token}"))],
        vec![("authorization", token.clone())],
        vec![
            ("authorization", format!("Bearer {token}")),
            ("authorization", format!("Bearer {token}")),
        ],
    ] {
        let headers: Vec<_> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
        // the user does not exist either
        let came = api.send("GET", "/users/nobody", &headers, None);
        assert_eq!(
            came.error(),
            refused(
                401,
                "invalid-authorization-token",
                "Invalid authorization token."
            ),
            "{headers:?}"
        );
        assert_eq!(came.header("www-authenticate"), Some("Bearer"));
    }
    let query = api.send(
        "GET",
        &format!("/users/nobody?access_token={token}"),
        &[],
        None,
    );
    assert_eq!(query.status, 401);
}

#[test]
fn an_expired_token_is_403_and_says_so() {
    let desk = Desk::empty(0.0).with("[sandbox]", "[api]\ntoken_life = \"1s\"\n[sandbox]");
    let api = Api::on(desk, &[]);
    until("the token expired", || api.get("/connectors").status != 200);
    assert_eq!(
        api.get("/users/nobody").error(),
        refused(403, "access-denied", "Token has expired")
    );
}

#[test]
fn a_client_token_answers_for_its_user_and_does_nothing_else() {
    let api = Api::new();
    let (mine, other) = (api.user(), api.user());
    let client = api.token_of(&key_of(&api), &format!("scope=CLIENT_ACCESS&userId={mine}"));
    for (method, path) in [
        ("GET", format!("/users/{mine}")),
        ("GET", "/connectors".into()),
        ("DELETE", format!("/users/{mine}")),
        ("POST", format!("/users/{mine}/connections/refresh")),
    ] {
        let came = api.by(&client, method, &path, None);
        let forbidden = refused(
            403,
            "forbidden-access",
            "Access to this resource is forbidden.",
        );
        assert_eq!(came.error(), forbidden, "{method} {path}");
    }
    let asked = |user: &str| {
        let job = api.connect(user, "jared", "django", "AU00002").with(202);
        let id = text(&job["id"]);
        api.job_when(&id, |steps| {
            steps
                .iter()
                .any(|s| s["status"] == "in-progress" && s["title"] == "mfa-challenge")
        });
        id
    };
    let right = json!({"mfa-response": ["1234"]});
    let theirs = asked(&other);
    let path = format!("/jobs/{theirs}/mfa");
    assert_eq!(api.by(&client, "POST", &path, Some(&right)).status, 403);
    let own = asked(&mine);
    api.by(&client, "POST", &format!("/jobs/{own}/mfa"), Some(&right))
        .with(202);
    assert_eq!(api.ended(&own)["steps"][1]["status"], "success");
}

#[test]
fn a_token_of_the_newest_version_without_a_scope_opens_nothing() {
    let api = Api::new();
    let token = api.token_of(&key_of(&api), "");
    assert_eq!(
        api.by(&token, "GET", "/connectors", None).error(),
        refused(
            403,
            "forbidden-access",
            "Access to this resource is forbidden."
        )
    );
}

#[test]
fn too_many_token_calls_are_told_to_slow_down() {
    let desk = Desk::empty(0.0).with("[sandbox]", "[api]\ntoken_calls = 3\n[sandbox]");
    let api = Api::on(desk, &[]);
    let key = key_of(&api);
    // the first was the tester's own
    for _ in 0..2 {
        api.ask_token(&key, "scope=SERVER_ACCESS").with(200);
    }
    let (status, code, _) = api.ask_token(&key, "scope=SERVER_ACCESS").error();
    assert_eq!((status, code.as_str()), (429, "too-many-requests"));
    assert_eq!(
        api.get("/connectors").status,
        200,
        "a token that is there still works"
    );
}

#[test]
fn guesses_are_slowed_down_and_a_valid_token_is_not() {
    let api = Api::new();
    let guess = || api.by("x.y.z", "GET", "/connectors", None).status;
    let answers: Vec<u16> = (0..40).map(|_| guess()).collect();
    assert!(answers.iter().all(|status| matches!(status, 401 | 429)));
    assert_eq!(answers[0], 401);
    assert!(answers.contains(&429), "{answers:?}");
    assert_eq!(api.get("/connectors").status, 200);
}
