//! What is sent: signed, in order, to whom it is for, over connections that are trusted.

use super::{WEBHOOKS, got, hook, message_when, messages, quick};
use crate::api::webhooks::receiver::{Got, Receiver, Says};
use crate::api::{Api, refused};
use crate::harness::{text, until};
use serde_json::{Value, json};

#[test]
fn events_are_sent_signed_in_order_and_to_whom_they_are_for() {
    let api = Api::on(quick(), &[]);
    // what happened before is not told
    api.user();
    let (users, others) = (
        Receiver::new(Says::Status(200)),
        Receiver::new(Says::Status(204)),
    );
    let (id, secret) = hook(&api, &users, &["user.created", "user.updated"]);
    let (_, other_secret) = hook(
        &api,
        &others,
        &[
            "connection.created",
            "connection.activated",
            "transactions.updated",
        ],
    );
    let user = api.user();
    api.post(&format!("/users/{user}"), &json!({"lastName": "Hall"}))
        .with(200);
    let connection = api.connected(&user, "gavinBelson", "hooli2016", "AU00000");

    let sent = got(&users, 2);
    let types: Vec<String> = sent.iter().map(Got::event_type).collect();
    assert_eq!(types, ["user.created", "user.updated"]);
    for one in &sent {
        assert!(one.is_signed_by(&secret), "{one:?}");
        assert!(!one.is_signed_by(&other_secret));
        let told = one.json();
        let event = api
            .get(&format!("/events/{}", text(&told["eventId"])))
            .with(200);
        assert_eq!(
            told,
            json!({"eventTypeId": one.event_type(), "eventId": event["id"],
                "links": {"event": event["links"]["self"], "eventEntity": event["dataRef"]}})
        );
        assert_eq!(
            api.get(&text(&told["links"]["eventEntity"])).with(200)["id"],
            user
        );
        assert_eq!(one.headers["content-type"], "application/json");
    }
    let sent = got(&others, 3);
    let types: Vec<String> = sent.iter().map(Got::event_type).collect();
    assert_eq!(types[0], "connection.created");
    assert!(
        types.contains(&"connection.activated".to_owned()),
        "{types:?}"
    );
    assert!(sent.iter().all(|one| one.is_signed_by(&other_secret)));
    assert!(sent[0].body.contains(&connection) && !sent[0].body.contains("monica"));

    let message = message_when(&api, &id, "delivered");
    let attempt = &message["attempts"][0];
    assert_eq!(
        (
            &attempt["status"],
            &attempt["responseStatusCode"],
            &attempt["response"],
            &attempt["url"]
        ),
        (
            &json!("Success"),
            &json!(200),
            &json!("OK"),
            &json!(users.url)
        )
    );
    assert_eq!(message["payload"], users.got()[1].json());
    let stats = api.get(&format!("{WEBHOOKS}/{id}/stats")).with(200);
    assert_eq!(
        stats["messages"],
        json!({"size": 2, "pending": 0, "delivered": 2, "failed": 0})
    );
    assert_eq!(
        (&stats["attempts"]["size"], &stats["attempts"]["failed"]),
        (&json!(2), &json!(0))
    );
    let of = |query: &str| messages(&api, &id, query).len();
    assert_eq!(of("?filter=eventTypeId.eq('user.updated')"), 1);
    assert_eq!(of("?filter=status.eq('failed')"), 0);
    let page = api
        .get(&format!("{WEBHOOKS}/{id}/messages?limit=1"))
        .with(200);
    let next = api.get(&text(&page["links"]["next"])).with(200);
    assert_eq!(
        (&page["size"], &next["data"][0]["eventTypeId"]),
        (&json!(2), &json!("user.created"))
    );
    api.desk.healthy();
}

#[test]
fn a_test_message_says_what_it_was_given() {
    let api = Api::on(quick(), &[]);
    let test = "/notifications/messages/test";
    let body = json!({"eventTypeId": "user.created", "Text": "Ada Lovelace was here"});
    let none = api.post(test, &body).error();
    assert_eq!((none.0, none.1.as_str()), (400, "no-webhooks-found"));
    assert!(
        none.2.starts_with("No webhooks found for an app: "),
        "{}",
        none.2
    );
    let receiver = Receiver::new(Says::Status(200));
    let (_, secret) = hook(&api, &receiver, &["user.created"]);
    for (body, code, detail) in [
        (json!({}), "invalid-content", "Posted request not valid."),
        (
            json!({"Text": "x"}),
            "invalid-content",
            "Posted request not valid.",
        ),
        (
            json!({"eventTypeId": "user.grown"}),
            "invalid-content",
            "Posted eventTypeId doesn't exists.",
        ),
        (
            json!({"eventTypeId": "user.created", "Text": 1}),
            "invalid-content",
            "Posted request not valid.",
        ),
    ] {
        assert_eq!(
            api.post(test, &body).error(),
            refused(400, code, detail),
            "{body}"
        );
    }
    let other = api
        .post(test, &json!({"eventTypeId": "user.deleted"}))
        .error();
    assert_eq!(other.1, "no-webhooks-found");
    let sent = api.post(test, &body);
    assert_eq!((sent.status, sent.body.as_str()), (201, ""));
    let one = &got(&receiver, 1)[0];
    assert!(one.is_signed_by(&secret));
    assert_eq!(one.json()["Text"], "Ada Lovelace was here");
    for (path, bytes) in api.desk.files() {
        let held = bytes.windows(12).any(|w| w == b"Ada Lovelace");
        assert!(!held, "{}", path.display());
    }
}

#[test]
fn https_is_sent_to_whom_the_certificate_is_trusted() {
    let certified = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(certified.signing_key.serialize_der());
    let receiver = Receiver::secure(certified.cert.der().clone(), key.unwrap());
    let mut api = Api::on(quick(), &[]);
    let (id, secret) = hook(&api, &receiver, &["user.created"]);
    api.user();
    let mut message = Value::Null;
    until("an attempt", || {
        let all = messages(&api, &id, "");
        let link = all.first().map(|one| text(&one["links"]["self"]));
        message = link.map_or(Value::Null, |link| api.get(&link).with(200));
        message["attempts"]
            .as_array()
            .is_some_and(|all| !all.is_empty())
    });
    assert_eq!(
        message["attempts"][0]["response"],
        "the certificate is not trusted"
    );
    assert!(receiver.got().is_empty());
    // the authorities that a system trusts are a file
    std::fs::write(api.desk.path("authorities.pem"), certified.cert.pem()).unwrap();
    let authorities = api.desk.path("authorities.pem");
    api.again(&[("SSL_CERT_FILE", authorities)]);
    assert!(got(&receiver, 1)[0].is_signed_by(&secret));
}
