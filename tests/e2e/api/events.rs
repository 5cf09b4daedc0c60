//! Events with their filters and pages, the types of events, and enrichment.

use super::{Api, NOT_FOUND, refused};
use crate::harness::{Desk, text};
use serde_json::{Value, json};

fn names(list: &Value) -> Vec<String> {
    let rows = list["data"].as_array().unwrap().iter();
    rows.map(|e| format!("{}.{}", text(&e["entity"]), text(&e["eventType"])))
        .collect()
}

#[test]
fn events_are_listed_newest_first_without_our_own() {
    let api = Api::new();
    let user = api.user();
    let connection = api.connected(&user, "gavinBelson", "hooli2016", "AU00000");
    let listed = api.get("/events").with(200);
    let all = names(&listed);
    assert_eq!(listed["count"], all.len());
    for wanted in [
        "user.created",
        "connection.created",
        "connection.activated",
        "transactions.updated",
    ] {
        assert!(all.iter().any(|name| name == wanted), "{wanted}: {all:?}");
    }
    assert_eq!(all.last().unwrap(), "user.created");
    let ours = ["job.", "institution.", "hold.", "note.", "handling."];
    assert!(
        !all.iter()
            .any(|name| ours.iter().any(|own| name.starts_with(own))),
        "{all:?}"
    );
    let activated = api
        .get("/events?filter=event.type.eq('activated')")
        .with(200);
    let event = &activated["data"][0];
    let url = format!("{}/users/{user}/connections/{connection}", api.url);
    assert_eq!(
        (
            &event["type"],
            &event["userId"],
            &event["dataRef"],
            &event["data"]["status"]
        ),
        (&json!("event"), &json!(user), &json!(url), &json!("active"))
    );
    let id = text(&event["id"]);
    assert_eq!(
        event["links"],
        json!({"self": format!("{}/events/{id}", api.url)})
    );
    assert_eq!(api.get(&format!("/events/{id}")).with(200), *event);

    let local = api.desk.rows(&["events", "--entity", "job"]);
    let hidden = api.get(&format!("/events/{}", text(&local[0]["id"])));
    assert_eq!(
        hidden.error(),
        refused(404, "resource-not-found", NOT_FOUND)
    );
    let bad = api.get("/events/a%20b");
    assert_eq!(
        bad.error(),
        refused(
            400,
            "path-parameter-not-valid",
            "Event ID parameter is not valid"
        )
    );
}

#[test]
fn events_are_filtered_and_come_in_pages() {
    let api = Api::new();
    let (user, other) = (api.user(), api.user());
    api.connected(&user, "gavinBelson", "hooli2016", "AU00000");
    let of = |filter: &str| names(&api.get(&format!("/events?filter={filter}")).with(200));
    assert_eq!(of(&format!("user.id.eq('{other}')")), ["user.created"]);
    assert_eq!(
        of("event.entity.eq('user')"),
        ["user.created", "user.created"]
    );
    assert_eq!(
        of(&format!(
            "user.id.eq('{user}'),event.type.eq('connection.activated')"
        )),
        ["connection.activated"]
    );
    let either = format!("user.id.eq('{other}') OR event.type.eq('activated')");
    for encoded in [either.replace(' ', "%20"), either.replace(' ', "+")] {
        let found = of(&encoded);
        assert_eq!(
            found
                .iter()
                .filter(|name| *name == "connection.activated")
                .count(),
            1
        );
        assert!(found.contains(&"user.created".to_owned()), "{found:?}");
        assert_eq!(found.len(), 2, "{found:?}");
    }
    assert!(
        of(&format!(
            "user.id.eq('{other}'),event.entity.eq('connection')"
        ))
        .is_empty()
    );
    assert!(of("event.entity.eq('job')").is_empty());

    let all = names(&api.get("/events").with(200));
    let (mut joined, mut next) = (Vec::new(), "/events?limit=3".to_owned());
    loop {
        let page = api.get(&next).with(200);
        assert!(page["data"].as_array().unwrap().len() <= 3);
        joined.extend(names(&page));
        match page["links"]["next"].as_str() {
            Some(link) => next = link.to_owned(),
            None => break,
        }
    }
    assert_eq!(joined, all);
    let bad = "The provided filter parameter is in invalid format or unsupported";
    for filter in [
        "event.type.ne('a')",
        "status.eq('a')",
        "event.entity.eq('user')%20OR",
        "x",
    ] {
        let came = api.get(&format!("/events?filter={filter}"));
        assert_eq!(
            came.error(),
            refused(400, "parameter-not-valid", bad),
            "{filter}"
        );
    }
}

#[test]
fn events_reach_back_seven_days() {
    // a generated world has years of history
    let api = Api::on(Desk::new(60, 2, 0.0), &[]);
    let known = api.desk.rows(&["events"]).len();
    let (mut told, mut next) = (0, "/events".to_owned());
    loop {
        let page = api.get(&next).with(200);
        for event in page["data"].as_array().unwrap() {
            assert!(text(&event["createdDate"]).as_str() > "2020", "{event}");
            told += 1;
        }
        match page["links"]["next"].as_str() {
            Some(link) => next = link.to_owned(),
            None => break,
        }
    }
    assert!(told > 0 && told < known, "{told} of {known}");
}

#[test]
fn the_types_of_events_are_those_of_webhooks() {
    let api = Api::new();
    let listed = api.get("/events/types/").with(200);
    assert_eq!(
        (&listed["size"], &listed["count"]),
        (&json!(15), &json!(15))
    );
    let rows = listed["data"].as_array().unwrap();
    let ids: Vec<String> = rows.iter().map(|row| text(&row["id"])).collect();
    assert!(ids.is_sorted(), "{ids:?}");
    assert!(!ids.contains(&"connection.updated".to_owned()));
    assert_eq!(api.get("/events/types/account.updated").with(200), rows[0]);
    assert_eq!(text(&rows[0]["type"]), "eventType");
    let unknown = "Requested event type does not exist.";
    for (id, status, code, detail) in [
        ("nothing", 404, "resource-not-found", unknown),
        ("job.created", 404, "resource-not-found", unknown),
        (
            "a'b",
            400,
            "path-parameter-not-valid",
            "Event Type ID parameter is not valid",
        ),
    ] {
        let came = api.get(&format!("/events/types/{id}"));
        assert_eq!(came.error(), refused(status, code, detail), "{id}");
    }
    let came = api.get("/events/types/a'b").json();
    assert_eq!(
        came["data"][0]["source"],
        json!({"parameter": "eventTypeId"})
    );
}

#[test]
fn a_statement_line_is_enriched_like_by_the_command() {
    let api = Api::new();
    let found = api
        .get("/enrich?q=HOOLI%20CAFE&institution=AU00000&country=AU")
        .with(200);
    let mut by_command = api.desk.document(&[
        "enrich",
        "HOOLI CAFE",
        "--institution",
        "AU00000",
        "--country",
        "AU",
    ]);
    let link = format!("{}{}", api.url, text(&by_command["links"]["self"]));
    by_command["links"]["self"] = json!(link);
    by_command.as_object_mut().unwrap().remove("schemaVersion");
    assert_eq!(found, by_command);
    assert_eq!(api.get(&link).with(200), found);
    let unknown = api
        .get("/enrich?q=zzz&institution=AU00000&country=AU")
        .with(200);
    assert_eq!(
        unknown["data"],
        json!({"merchant": null, "category": null, "location": null, "tags": []})
    );
    for (query, code, detail, parameter) in [
        (
            "institution=AU00000&country=AU",
            "parameter-not-supplied",
            "Q parameter is required.",
            "q",
        ),
        (
            "q=ab&institution=AU00000&country=AU",
            "parameter-not-valid",
            "Q value is not valid",
            "q",
        ),
        (
            "q=abc&country=AU",
            "parameter-not-supplied",
            "Institution ID parameter is required.",
            "institution",
        ),
        (
            "q=abc&institution=AU99999&country=AU",
            "parameter-not-valid",
            "Requested institution does not exist.",
            "institution",
        ),
        (
            "q=abc&institution=AU00000",
            "parameter-not-supplied",
            "Country parameter is required.",
            "country",
        ),
        (
            "q=abc&institution=AU00000&country=Oz1",
            "parameter-not-valid",
            "Country value is not valid",
            "country",
        ),
        (
            "q=abc&institution=AU00000&country=AU&amount=much",
            "parameter-not-valid",
            "Amount value is not valid",
            "amount",
        ),
    ] {
        let came = api.get(&format!("/enrich?{query}"));
        assert_eq!(came.error(), refused(400, code, detail), "{query}");
        let source = &came.json()["data"][0]["source"];
        assert_eq!(*source, json!({"parameter": parameter}), "{query}");
    }
}
