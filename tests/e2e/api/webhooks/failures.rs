//! Receivers that fail: every way is one attempt, the last attempt disables the webhook.

use super::{WEBHOOKS, got, hook, message_when, messages, quick};
use crate::api::Api;
use crate::api::webhooks::receiver::{Receiver, Says};
use crate::harness::{text, until};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The newest message with at least one attempt.
fn tried(api: &Api, id: &str) -> Value {
    let mut found = Value::Null;
    until("an attempt", || {
        let all = messages(api, id, "");
        let link = all.first().map(|one| text(&one["links"]["self"]));
        found = link.map_or(Value::Null, |link| api.get(&link).with(200));
        found["attempts"]
            .as_array()
            .is_some_and(|all| !all.is_empty())
    });
    found
}

#[test]
fn after_the_last_attempt_the_webhook_is_disabled_until_it_is_changed() {
    let api = Api::on(quick(), &[]);
    let receiver = Receiver::new(Says::Status(500));
    let (id, secret) = hook(&api, &receiver, &["user.created", "user.updated"]);
    let user = api.user();
    let given_up = message_when(&api, &id, "failed");
    let attempts = given_up["attempts"].as_array().unwrap();
    assert_eq!(attempts.len(), 8);
    for attempt in attempts {
        assert_eq!(
            (
                &attempt["status"],
                &attempt["responseStatusCode"],
                &attempt["response"]
            ),
            (
                &json!("Failed"),
                &json!(500),
                &json!("Internal Server Error")
            )
        );
    }
    let sent = receiver.got();
    let ids: BTreeSet<&str> = sent.iter().map(|one| one.id()).collect();
    assert_eq!(
        (ids.len(), sent.len()),
        (1, 8),
        "each attempt has the id of the message"
    );
    assert!(sent.iter().all(|one| one.is_signed_by(&secret)));
    assert_eq!(
        api.get(&format!("{WEBHOOKS}/{id}")).with(200)["status"],
        "pending-approval"
    );
    let line = api.desk.rows(&["audit", "--action", "webhook-disable"]);
    assert_eq!((line.len(), &line[0]["target"]), (1, &json!(id)));

    // what happens meanwhile is not sent, also not later
    receiver.says(Says::Status(200));
    api.post(&format!("/users/{user}"), &json!({"lastName": "Hall"}))
        .with(200);
    let none = json!({"eventTypeId": "user.created"});
    assert_eq!(
        api.post("/notifications/messages/test", &none).error().1,
        "no-webhooks-found"
    );
    let changed = api
        .post(&format!("{WEBHOOKS}/{id}"), &json!({"url": receiver.url}))
        .with(200);
    assert_eq!(changed["status"], "active");
    let other = api.user();
    let sent = got(&receiver, 9);
    let told = sent[8].json();
    assert!(
        text(&told["links"]["eventEntity"]).ends_with(&other),
        "{told}"
    );
    let stats = api.get(&format!("{WEBHOOKS}/{id}/stats")).with(200);
    assert_eq!(
        (&stats["messages"]["failed"], &stats["attempts"]["failed"]),
        (&json!(1), &json!(8))
    );
    assert_eq!(receiver.got().len(), 9);
    api.desk.healthy();
}

#[test]
fn every_other_answer_than_success_is_a_failure_and_the_next_attempt_delivers() {
    let elsewhere = Receiver::new(Says::Status(200));
    for (says, status, response) in [
        (Says::Status(410), json!(410), "Gone"),
        (Says::Status(404), json!(404), "Not Found"),
        (
            Says::Redirect(elsewhere.url.clone()),
            json!(307),
            "Temporary Redirect",
        ),
        (Says::Nothing, Value::Null, "no answer in time"),
    ] {
        let desk = quick().with("webhook_time = \"1s\"", "webhook_time = \"300ms\"");
        let api = Api::on(desk, &[]);
        let receiver = Receiver::new(says.clone());
        let (id, _) = hook(&api, &receiver, &["user.created"]);
        api.user();
        let message = tried(&api, &id);
        let first = message["attempts"]
            .as_array()
            .unwrap()
            .last()
            .unwrap()
            .clone();
        assert_eq!(
            (
                &first["responseStatusCode"],
                &first["response"],
                &first["status"]
            ),
            (&status, &json!(response), &json!("Failed")),
            "{says:?}"
        );
        receiver.says(Says::Status(200));
        let message = message_when(&api, &id, "delivered");
        assert_eq!(message["attempts"][0]["status"], "Success", "{says:?}");
    }
    assert!(elsewhere.got().is_empty(), "a redirect is not followed");
}

#[test]
fn an_answer_that_does_not_end_is_cut_off_and_counts_by_its_status() {
    let desk = quick().with("webhook_time = \"1s\"", "webhook_time = \"300ms\"");
    let api = Api::on(desk, &[]);
    let receiver = Receiver::new(Says::Endless);
    let (id, _) = hook(&api, &receiver, &["user.created"]);
    api.user();
    let message = message_when(&api, &id, "delivered");
    assert_eq!(message["attempts"].as_array().unwrap().len(), 1);
    // the next one is not held up by it
    api.user();
    assert_eq!(got(&receiver, 2).len(), 2);
}

#[test]
fn a_message_that_fails_lets_the_next_ones_pass() {
    let desk = quick().with("webhook_wait = \"100ms\"", "webhook_wait = \"1m\"");
    let api = Api::on(desk, &[]);
    let receiver = Receiver::new(Says::Status(503));
    let (id, _) = hook(&api, &receiver, &["user.created"]);
    api.user();
    let first = text(&tried(&api, &id)["id"]);
    receiver.says(Says::Status(200));
    api.user();
    let second = message_when(&api, &id, "delivered");
    assert_ne!(text(&second["id"]), first);
    let waits = api
        .get(&format!("{WEBHOOKS}/{id}/messages/{first}"))
        .with(200);
    assert_eq!(waits["status"], "pending");
    // a deleted webhook takes its messages along
    assert_eq!(api.call("DELETE", &format!("{WEBHOOKS}/{id}")).status, 204);
    assert_eq!(
        api.get(&format!("{WEBHOOKS}/{id}/messages/{first}")).status,
        404
    );
}
