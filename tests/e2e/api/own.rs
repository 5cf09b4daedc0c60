//! The paths of this program's own, under `/switchboard/v1/`.

use super::Api;
use crate::harness::text;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};

const OWN: &str = "/switchboard/v1";

fn broken_and_sound() -> (Api, String, String) {
    let api = Api::new();
    let user = api.user();
    let sound = api.connected(&user, "gavinBelson", "hooli2016", "AU00000");
    let broken = api.connected(&user, "gavinBelson", "wrong", "AU00002");
    (api, sound, broken)
}

#[test]
fn connections_of_all_users_are_filtered_sorted_and_paged() {
    let (api, sound, broken) = broken_and_sound();
    let ids = |document: &Value| -> Vec<String> {
        let rows = document["data"].as_array().unwrap().iter();
        rows.map(|row| text(&row["id"])).collect()
    };
    let found = api.get(&format!("{OWN}/connections?filter=status:active"));
    assert_eq!(ids(&found.with(200)), std::slice::from_ref(&sound));
    for sort in ["user", "bank", "last:asc"] {
        let first = api
            .get(&format!("{OWN}/connections?sort={sort}&limit=1"))
            .with(200);
        let next = text(&first["links"]["next"]);
        let path = next.strip_prefix(&api.url).unwrap();
        let second = api.get(path).with(200);
        let mut both = [ids(&first), ids(&second)].concat();
        both.sort();
        let mut all = [sound.clone(), broken.clone()];
        all.sort();
        assert_eq!(both, all, "{sort}");
        assert!(second["links"]["next"].is_null());
    }
    let wrong = api.get(&format!("{OWN}/connections?filter=statsu:active"));
    let (status, code, detail) = wrong.error();
    assert_eq!((status, code.as_str()), (400, "parameter-not-valid"));
    assert!(detail.contains("status"), "{detail}");
    assert_eq!(api.get(&format!("{OWN}/connections?sort=shoe")).status, 400);
}

#[test]
fn causes_timeline_and_audit_are_those_of_the_commands() {
    let (api, _, broken) = broken_and_sound();
    let causes = api.get(&format!("{OWN}/causes")).with(200);
    let cause = &causes["data"][0];
    assert_eq!(
        (&cause["type"], &cause["count"]),
        (&json!("cause"), &json!(1))
    );
    // one connection that fails is no trouble of its bank
    let incidents = api.get(&format!("{OWN}/incidents")).with(200);
    assert_eq!(incidents["count"], 0);
    assert_eq!(api.get(&format!("{OWN}/incidents/7")).status, 404);
    let history = api
        .get(&format!("{OWN}/connections/{broken}/timeline"))
        .with(200);
    assert!(history["size"].as_u64().unwrap() >= 2);
    let audit = api
        .get(&format!("{OWN}/audit?actor=tester&action=connect&limit=1"))
        .with(200);
    assert_eq!(audit["count"], 1);
    let next = text(&audit["links"]["next"]);
    let more = api.get(next.strip_prefix(&api.url).unwrap()).with(200);
    assert_eq!(more["data"][0]["action"], "connect");
    assert_ne!(more["data"][0]["seq"], audit["data"][0]["seq"]);
    assert_eq!(api.get(&format!("{OWN}/audit?since=x")).status, 400);
}

#[test]
fn holds_notes_and_handling_are_acts_of_an_operator() {
    let (api, sound, broken) = broken_and_sound();
    let until = "2199-01-01T00:00:00Z";
    let far = api.post(
        &format!("{OWN}/holds"),
        &json!({"institutionId": "AU00000", "until": until}),
    );
    assert_eq!(far.status, 400, "{far:?}");
    let day = api.desk.document(&["hold", &sound, "--until", "2h"]);
    let until = text(&day["until"]);
    let body = json!({"institutionId": "AU00002", "until": until, "reason": "outage"});
    let hold = api.post(&format!("{OWN}/holds"), &body).with(201);
    let listed = api.get(&format!("{OWN}/holds")).with(200);
    assert_eq!(listed["count"], 2);
    let path = format!("{OWN}/holds/{}/release", text(&hold["id"]));
    let released = api.call("POST", &path).with(200);
    assert_eq!(released["releasedBy"], "tester");
    assert_eq!(api.call("POST", &path).status, 400);

    let of = |what: &str| format!("{OWN}/connections/{broken}/{what}");
    let note = api.post(&of("notes"), &json!({"text": "called the bank"}));
    assert_eq!(note.with(201)["actor"], "tester");
    assert_eq!(api.call("POST", &of("take")).with(200)["takenBy"], "tester");
    assert!(api.call("DELETE", &of("take")).with(200)["takenBy"].is_null());
    let snoozed = api.post(&of("snooze"), &json!({"until": until})).with(200);
    assert_eq!(snoozed["snoozedUntil"], json!(until));
    assert!(api.call("DELETE", &of("snooze")).with(200)["snoozedUntil"].is_null());

    let viewer = api.key("viewer", "viewer");
    let refused = api.by(&viewer, "POST", &of("take"), None).error();
    assert_eq!((refused.0, refused.1.as_str()), (403, "forbidden-access"));
    assert!(refused.2.contains("operator"), "{}", refused.2);
    api.by(&viewer, "GET", &format!("{OWN}/holds"), None)
        .with(200);
}

#[test]
fn the_changes_are_told_as_they_happen_and_resumed_and_end_with_the_server() {
    let mut api = Api::new();
    let follow = |last: &str| {
        let mut socket = api.socket();
        let request = format!(
            "GET {OWN}/changes HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nAccept: text/event-stream\r\n{last}\r\n",
            api.host(),
            api.token
        );
        socket.write_all(request.as_bytes()).unwrap();
        BufReader::new(socket)
    };
    let field = |lines: &mut BufReader<std::net::TcpStream>, name: &str| loop {
        let mut line = String::new();
        assert!(lines.read_line(&mut line).unwrap() > 0, "it ended");
        if let Some(value) = line.strip_prefix(name) {
            return value.trim().to_owned();
        }
    };
    let mut first = follow("");
    assert!(field(&mut first, "content-type: ").starts_with("text/event-stream"));
    api.user();
    let told = field(&mut first, "event: ");
    let data: Value = serde_json::from_str(&field(&mut first, "data: ")).unwrap();
    assert_eq!(
        told,
        format!("{}.{}", text(&data["entity"]), text(&data["eventType"]))
    );
    assert_eq!(data["actor"], "tester");
    let mut second = follow("Last-Event-ID: 0\r\n");
    assert_eq!(field(&mut second, "id: "), "1");
    let bad = [
        ("authorization", "Bearer x"),
        ("accept", "text/event-stream"),
    ];
    assert_eq!(
        api.send("GET", &format!("{OWN}/changes"), &bad, None)
            .status,
        401
    );
    api.tell_to_stop();
    super::closed(first.into_inner());
    super::closed(second.into_inner());
    assert_eq!(api.exit(), Some(143));
}
