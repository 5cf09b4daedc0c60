//! `Idempotency-Key`: a POST that is sent again is done once and answered the same.

use super::{Api, Came};
use crate::harness::text;
use crate::sql_probe::Raw;
use serde_json::{Value, json};
use std::io::Write as _;

const HEADER: &str = "idempotency-key";

fn post(api: &Api, token: &str, key: &str, path: &str, body: &Value) -> Came {
    let bearer = format!("Bearer {token}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
        (HEADER, key),
    ];
    api.send("POST", path, &headers, Some(&body.to_string()))
}

fn monica() -> Value {
    json!({"email": "monica@example.test", "firstName": "Monica"})
}

fn link() -> Value {
    json!({"loginId": "gavinBelson", "password": "hooli2016", "institution": {"id": "AU00000"}})
}

fn count(api: &Api, table: &str) -> i64 {
    Raw::of(&api.desk).number(&format!("SELECT count(*) FROM {table}"))
}

#[test]
fn the_same_key_is_one_action_with_one_answer() {
    let api = Api::new();
    let first = post(&api, &api.token, "k1", "/users", &monica());
    let again = post(&api, &api.token, "k1", "/users", &monica());
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(first.json(), again.json());
    assert_eq!(first.header("idempotency-replayed"), None);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(count(&api, "users"), 1);
    let path = format!("/users/{}/connections", text(&first.json()["id"]));
    let job = post(&api, &api.token, "k2", &path, &link());
    let same = post(&api, &api.token, "k2", &path, &link());
    assert_eq!((job.status, same.status), (202, 202));
    assert_eq!(job.json(), same.json());
    assert_eq!(count(&api, "jobs"), 1);
    // what is kept of an answer holds nothing personal
    let kept = "SELECT coalesce(answer, '') || coalesce(target, '') FROM requests";
    let kept = Raw::of(&api.desk).lines(kept).join("\n");
    assert!(!kept.contains("onica"), "{kept}");
    assert_eq!(count(&api, "requests"), 2);
}

#[test]
fn another_body_is_refused_and_another_client_has_keys_of_its_own() {
    let api = Api::new();
    post(&api, &api.token, "k", "/users", &monica()).with(201);
    let other = json!({"email": "other@example.test"});
    let refused = post(&api, &api.token, "k", "/users", &other).error();
    assert_eq!(
        (refused.0, refused.1.as_str()),
        (409, "idempotency-key-used")
    );
    let second = api.key("second", "operator");
    post(&api, &second, "k", "/users", &other).with(201);
    assert_eq!(count(&api, "users"), 2);
    let long = "x".repeat(256);
    for wrong in ["", "a b", long.as_str()] {
        let came = post(&api, &api.token, wrong, "/users", &other);
        assert_eq!(came.status, 400, "{wrong:?}: {came:?}");
    }
    // without a token nothing is known of keys
    let came = post(&api, "x", "k", "/users", &monica());
    assert_eq!(came.status, 401);
}

#[test]
fn what_was_refused_can_be_tried_again_under_its_key() {
    let api = Api::new();
    let wrong = post(&api, &api.token, "k", "/users", &json!({"email": "monica"}));
    assert_eq!(wrong.status, 400);
    post(&api, &api.token, "k", "/users", &monica()).with(201);
}

#[test]
fn two_that_come_at_once_are_one() {
    let api = Api::new();
    let user = api.user();
    let path = format!("/users/{user}/connections");
    for round in 0..5 {
        let key = format!("round-{round}");
        let before = count(&api, "jobs");
        let answers: Vec<(u16, Value)> = std::thread::scope(|scope| {
            let each = (0..4).map(|_| {
                scope.spawn(|| {
                    let came = post(&api, &api.token, &key, &path, &link());
                    (came.status, came.json()["id"].clone())
                })
            });
            let all: Vec<_> = each.collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert!(answers.iter().all(|one| *one == answers[0]), "{answers:?}");
        assert_eq!(answers[0].0, 202);
        assert_eq!(count(&api, "jobs"), before + 1);
    }
}

#[test]
fn one_that_was_killed_before_it_answered_is_not_done_again() {
    let mut api = Api::new();
    for round in 0..6 {
        let body = json!({"email": format!("u{round}@example.test")}).to_string();
        let key = format!("kill-{round}");
        let request = format!(
            "POST /users HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
             Idempotency-Key: {key}\r\nContent-Length: {}\r\n\r\n{body}",
            api.host(),
            api.token,
            body.len()
        );
        let mut socket = api.socket();
        socket.write_all(request.as_bytes()).unwrap();
        if round % 2 == 0 {
            // at the latest once it is done, at the earliest in the middle of it
            crate::harness::until("the request", || count(&api, "requests") > round);
        }
        api.restart();
        let body: Value = serde_json::from_str(&body).unwrap();
        let came = post(&api, &api.token, &key, "/users", &body);
        let made = came.with(201);
        assert_eq!(made["email"], body["email"]);
        assert_eq!(count(&api, "users"), round + 1);
    }
}
