//! Webhooks: made, changed and deleted; what is sent to them, and what becomes of it when they fail.

mod deliveries;
mod failures;
mod processes;
mod receiver;

use super::{Api, refused};
use crate::harness::{Desk, text, until};
use receiver::{Got, Receiver};
use serde_json::{Value, json};

const WEBHOOKS: &str = "/notifications/webhooks";

/// A desk whose waits between attempts are as short as can be.
fn quick() -> Desk {
    Desk::empty(0.0).hasty().with(
        "[limits]",
        "[api]\nwebhook_wait = \"100ms\"\nwebhook_time = \"1s\"\n[limits]",
    )
}

/// A webhook for these types at a receiver; its id and its secret.
fn hook(api: &Api, at: &Receiver, events: &[&str]) -> (String, String) {
    let made = api.post(
        WEBHOOKS,
        &json!({"url": at.url, "subscribedEvents": events}),
    );
    let made = made.with(201);
    (text(&made["id"]), text(&made["secret"]))
}

/// Waits until a receiver has got so many requests.
fn got(receiver: &Receiver, wanted: usize) -> Vec<Got> {
    until("the messages", || receiver.got().len() >= wanted);
    receiver.got()
}

fn messages(api: &Api, id: &str, query: &str) -> Vec<Value> {
    let listed = api
        .get(&format!("{WEBHOOKS}/{id}/messages{query}"))
        .with(200);
    listed["data"].as_array().unwrap().clone()
}

/// Waits until the newest message of a webhook stands like this; the message with its attempts.
fn message_when(api: &Api, id: &str, status: &str) -> Value {
    let mut found = Value::Null;
    until("the message", || {
        let all = messages(api, id, "");
        found = all.first().cloned().unwrap_or_default();
        found["status"] == status
    });
    api.get(&text(&found["links"]["self"])).with(200)
}

#[test]
fn a_webhook_is_made_listed_changed_and_deleted() {
    let api = Api::new();
    let body = json!({"name": "All", "description": "of users", "url": "https://a.example.test/hook",
        "subscribedEvents": ["user.created", "user.deleted"]});
    let made = api.post(WEBHOOKS, &body).with(201);
    let (id, secret) = (text(&made["id"]), text(&made["secret"]));
    let link = format!("{}{WEBHOOKS}/{id}", api.url);
    assert_eq!(
        made,
        json!({"type": "webhook", "id": id, "name": "All", "description": "of users",
            "url": "https://a.example.test/hook", "subscribedEvents": ["user.created", "user.deleted"],
            "status": "active", "secret": secret, "links": {"self": link}})
    );
    let mut shown = made.clone();
    shown.as_object_mut().unwrap().remove("secret");
    assert_eq!(api.get(&link).with(200), shown);
    let listed = api.get(WEBHOOKS).with(200);
    assert_eq!(
        listed,
        json!({"type": "list", "count": 1, "size": 1, "data": [shown],
            "links": {"self": format!("{}{WEBHOOKS}", api.url)}})
    );
    // the secret stays the same, and so does what is not given; one event may be given alone
    let change = json!({"url": "https://b.example.test/", "subscribedEvents": "consent.revoked"});
    let changed = api.post(&link, &change).with(200);
    assert_eq!(
        (
            &changed["secret"],
            &changed["name"],
            &changed["url"],
            &changed["subscribedEvents"]
        ),
        (
            &json!(secret),
            &json!("All"),
            &json!("https://b.example.test/"),
            &json!(["consent.revoked"])
        )
    );
    for (path, bytes) in api.desk.files() {
        let held = |text: &str| bytes.windows(text.len()).any(|w| w == text.as_bytes());
        assert!(!held(&secret) && !held(&secret[6..]), "{}", path.display());
    }
    assert_eq!(api.call("DELETE", &link).status, 204);
    let gone = refused(
        404,
        "resource-not-found",
        "Webhook with provided id doesn't exist.",
    );
    for (method, path) in [
        ("GET", link.clone()),
        ("DELETE", link.clone()),
        ("GET", format!("{link}/messages")),
    ] {
        assert_eq!(api.call(method, &path).error(), gone, "{method} {path}");
    }
    assert_eq!(api.post(&link, &change).error(), gone);
    let audit = api.audit();
    let done = |action: &str| {
        audit
            .iter()
            .filter(|line| line.0 == action && line.2 == "done")
            .count()
    };
    assert_eq!(
        (
            done("webhook-create"),
            done("webhook-update"),
            done("webhook-delete")
        ),
        (1, 1, 1)
    );
    api.desk.healthy();
}

#[test]
fn what_is_no_webhook_is_refused_and_makes_none() {
    let api = Api::new();
    let not_valid = "Posted request not valid.";
    let types = "Posted subscribedEvents contains unsupported event types.";
    let open = "Posted url is not encrypted: plain http goes to this machine only.";
    let no_address = "Posted url is not an address that messages can be sent to.";
    let bare = "Posted url holds a user name, a password or a fragment.";
    let at = "https://a.example.test/";
    for (body, detail) in [
        (json!({}), not_valid),
        (json!({"name": "x"}), not_valid),
        (json!({"url": 1}), not_valid),
        (json!({"url": at, "name": ["x"]}), not_valid),
        (json!({"url": at, "name": "a\nb"}), not_valid),
        (json!({"url": at, "subscribedEvents": {"a": 1}}), not_valid),
        (json!({"url": at, "subscribedEvents": [1]}), not_valid),
        (
            json!({"url": at, "subscribedEvents": ["job.created"]}),
            types,
        ),
        (
            json!({"url": at, "subscribedEvents": ["connection.updated"]}),
            types,
        ),
        (json!({"url": "http://a.example.test/"}), open),
        (json!({"url": "http://10.0.0.1/"}), open),
        (json!({"url": "http://localhost.example.test/"}), open),
        (json!({"url": "https://u:p@a.example.test/"}), bare),
        (json!({"url": "file:///etc/passwd"}), no_address),
        (json!({"url": "nowhere"}), no_address),
    ] {
        let came = api.post(WEBHOOKS, &body);
        assert_eq!(
            came.error(),
            refused(400, "invalid-content", detail),
            "{body}"
        );
    }
    let unknown = api.post(WEBHOOKS, &json!({"url": at, "shoe": 43}));
    assert_eq!(
        unknown.error(),
        refused(422, "unknown-field", "The field shoe is not known here.")
    );
    assert_eq!(api.get(WEBHOOKS).with(200)["size"], 0);

    let made = api.post(
        WEBHOOKS,
        &json!({"url": at, "subscribedEvents": ["user.created"]}),
    );
    let id = text(&made.with(201)["id"]);
    let taken = "Webhook with provided url already exists.";
    let again = api.post(
        WEBHOOKS,
        &json!({"url": "HTTPS://A.example.test", "subscribedEvents": ["user.deleted"]}),
    );
    assert_eq!(
        again.error(),
        refused(409, "resource-already-exists", taken)
    );
    let subscribed = "Posted subscribedEvents contains events that are already subscribed to for this application.";
    for events in [json!(["user.deleted", "user.created"]), json!([])] {
        let body = json!({"url": "https://b.example.test/", "subscribedEvents": events});
        let came = api.post(WEBHOOKS, &body);
        assert_eq!(
            came.error(),
            refused(400, "event-already-subscribed", subscribed),
            "{events}"
        );
    }
    // its own address and events are no obstacle
    let same = json!({"url": at, "subscribedEvents": ["user.created"]});
    assert_eq!(api.post(&format!("{WEBHOOKS}/{id}"), &same).status, 200);

    let bad = refused(
        400,
        "path-parameter-not-valid",
        "Webhook ID value is not valid",
    );
    for path in ["", "/stats", "/messages", "/messages/x"] {
        let came = api.get(&format!("{WEBHOOKS}/a'b{path}"));
        assert_eq!(came.error(), bad, "{path}");
        assert_eq!(
            came.json()["data"][0]["source"],
            json!({"parameter": "webhookId"})
        );
    }
    let missing = api.get(&format!("{WEBHOOKS}/{id}/messages/nothing"));
    assert_eq!(
        missing.error(),
        refused(404, "resource-not-found", "Message not found.")
    );
    let filter = api.get(&format!("{WEBHOOKS}/{id}/messages?filter=mood.eq('sad')"));
    assert_eq!(filter.status, 400);
}

impl Api {
    /// Kills the server and starts another one on the same file.
    fn again(&mut self, environment: &[(&str, std::path::PathBuf)]) {
        crate::harness::kill(&mut self.child);
        let mut command = self.desk.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.envs(environment.iter().map(|(name, value)| (name, value)));
        let child = command
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn();
        (self.child, self.url) = super::begun(child.unwrap());
    }
}
