//! Every call of the platform that is served, as an integration makes it.

use super::Through;
use crate::harness::{text, until};
use serde_json::{Value, json};

const HOOK: &str = "http://127.0.0.1:9/hook";

/// The body that a call wants before it looks at what the path names.
pub(super) fn body(call: &str) -> Option<Value> {
    match call {
        "POST /users" => Some(json!({"email": "monica@example.test"})),
        "POST /users/{userId}" => Some(json!({"firstName": "Monica"})),
        "POST /users/{userId}/auth_link" => Some(json!({})),
        "POST /jobs/{jobId}/mfa" => Some(json!({"mfa-response": ["1234"]})),
        "POST /notifications/webhooks" | "POST /notifications/webhooks/{webhookId}" => {
            Some(json!({"url": HOOK, "subscribedEvents": ["user.created"]}))
        }
        "POST /notifications/messages/test" => Some(json!({"eventTypeId": "user.created"})),
        _ => None,
    }
}

/// The query that a call wants.
pub(super) fn question(call: &str) -> &'static str {
    match call {
        "GET /enrich" => "?q=HOOLI%20CAFE&institution=AU00000&country=AU",
        _ => "",
    }
}

pub(super) fn all(t: &mut Through) {
    tokens(t);
    let hook = webhooks(t);
    let user = users(t);
    connections(t, &user);
    challenges(t, &user);
    connectors(t);
    consents(t, &user);
    identities(t, &user);
    ends(t, &user);
    events(t);
    messages(t, hook);
    enrich(t);
}

fn tokens(t: &mut Through) {
    let key = text(&t.api.desk.document(&["apikey", "create", "prism"])["key"]);
    let url = format!("{}/token", t.url);
    for (key, version, wanted) in [
        (key.as_str(), "3.0", 200),
        ("unknown", "3.0", 404),
        (key.as_str(), "0.9", 400),
    ] {
        let basic = format!("Basic {key}");
        let headers = [
            ("authorization", basic.as_str()),
            ("basiq-version", version),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let came = t
            .api
            .send("POST", &url, &headers, Some("scope=SERVER_ACCESS"));
        t.judged("POST", "/token", &came, wanted);
    }
    for path in ["/users/nobody", "/users/nobody/accounts"] {
        t.by("no token of ours", "GET", path, None, 401);
    }
}

/// A user with connections in every state.
fn users(t: &mut Through) -> String {
    let whole = json!({"email": "monica@example.test", "mobile": "+61400111222", "firstName": "Monica",
        "middleName": "", "lastName": "Hall", "businessName": "Hall Pty", "businessIdNo": "12345678901",
        "businessIdNoType": "ABN"});
    t.sends("POST", "/users", Some(&whole), 201);
    for wrong in [
        json!({}),
        json!({"email": "nothing"}),
        json!({"mobile": "nothing"}),
    ] {
        t.sends("POST", "/users", Some(&wrong), 400);
    }
    let user = text(&t.api.post("/users", &whole).with(201)["id"]);
    t.sends(
        "POST",
        &format!("/users/{user}"),
        Some(&json!({"firstName": "Moni"})),
        200,
    );
    t.sends(
        "POST",
        &format!("/users/{user}"),
        Some(&json!({"mobile": "nothing"})),
        400,
    );
    t.gets(&format!("/users/{user}"));
    for (login, password) in [
        ("richard", "tabsnotspaces"),
        ("erlich", "aviato"),
        ("bighead", "password"),
    ] {
        t.api.connected(&user, login, password, "AU00000");
    }
    let other = json!({"method": "openbanking", "institution": {"id": "AU10001"}});
    t.api
        .post(&format!("/users/{user}/connections"), &other)
        .with(202);
    t.gets(&format!("/users/{user}"));
    user
}

fn rows(t: &Through, path: &str) -> Vec<Value> {
    t.api.get(path).with(200)["data"]
        .as_array()
        .unwrap()
        .clone()
}

fn active(t: &Through, user: &str) -> String {
    let filter = "filter=connection.status.eq('active')";
    text(&rows(t, &format!("/users/{user}/connections?{filter}"))[0]["id"])
}

fn connections(t: &mut Through, user: &str) {
    reads(t, user, 3);
    let all = format!("/users/{user}/connections");
    t.gets(&format!("{all}?filter=institution.id.eq('AU00000')"));
    let one = active(t, user);
    t.gets(&format!(
        "/users/{user}/jobs?filter=connection.id.eq('{one}')"
    ));
    t.gets(&format!(
        "/users/{user}/accounts?filter=connection.id.eq('{one}')"
    ));
    let pages = format!("/users/{user}/transactions?limit=5");
    let next = text(&t.api.get(&pages).with(200)["links"]["next"]);
    t.gets(next.strip_prefix(&t.api.url).unwrap());
    for list in ["connections", "jobs", "accounts", "transactions"] {
        t.sends(
            "GET",
            &format!("/users/{user}/{list}?filter=nothing"),
            None,
            400,
        );
    }
    t.sends("GET", &format!("{pages}01"), None, 400);
    t.sends("POST", &format!("{all}/{one}/refresh"), None, 202);
    t.sends("POST", &format!("{all}/refresh"), None, 202);
}

/// A question of a bank, open, answered wrongly and answered well.
fn challenges(t: &mut Through, user: &str) {
    for (answer, wanted) in [(["wrong", "wrong"], 400), (["Basiq", "AU00000"], 202)] {
        let job = t
            .api
            .connect(user, "Whistler", "ShowBox", "AU00002")
            .with(202);
        let job = text(&job["id"]);
        let open = t.api.job_when(&job, |steps| {
            steps.len() == 4 && steps[1]["status"] == "in-progress"
        });
        t.gets(&format!("/jobs/{job}"));
        t.gets(&format!("/users/{user}/jobs"));
        let source = text(&open["links"]["source"]);
        let connection = source.strip_prefix(&t.api.url).unwrap();
        t.sends("POST", &format!("{connection}/refresh"), None, 200);
        let path = format!("/jobs/{job}/mfa");
        t.sends("POST", &path, Some(&json!({"mfa-response": ["one"]})), 400);
        t.sends(
            "POST",
            &path,
            Some(&json!({"mfa-response": answer})),
            wanted,
        );
        t.api.ended(&job);
        t.sends("POST", &path, Some(&json!({"mfa-response": answer})), 400);
    }
}

fn connectors(t: &mut Through) {
    t.gets("/connectors");
    t.gets("/connectors?filter=connector.method.eq('openbanking')");
    t.sends("GET", "/connectors?filter=nothing", None, 400);
    for method in ["web", "openbanking"] {
        t.gets(&format!("/connectors/AU00000/{method}"));
    }
}

/// Consents and the link to the page of consents.
fn consents(t: &mut Through, user: &str) {
    if !t.serves(&format!("/users/{user}/consents")) {
        return;
    }
    t.gets(&format!("/users/{user}/consents"));
    let link = format!("/users/{user}/auth_link");
    t.sends("GET", &link, None, 404);
    t.sends("POST", &link, Some(&json!({"mobile": "+61400111222"})), 201);
    t.sends("POST", &link, Some(&json!({"mobile": "nothing"})), 400);
    t.gets(&link);
    t.sends("DELETE", &link, None, 204);
    t.sends("DELETE", &link, None, 404);

    let other = t.api.user();
    t.api
        .connected(&other, "gavinBelson", "hooli2016", "AU00000");
    let all = format!("/users/{other}/consents");
    let consent = text(&rows(t, &all)[0]["id"]);
    t.sends("DELETE", &format!("{all}/{consent}"), None, 204);
    t.gets(&all);
}

fn identities(t: &mut Through, user: &str) {
    let all = format!("/users/{user}/identities");
    if !t.serves(&all) {
        return;
    }
    t.gets(&all);
    let one = text(&rows(t, &all)[0]["id"]);
    t.gets(&format!("{all}/{one}"));
}

fn events(t: &mut Through) {
    if !t.serves("/events") {
        return;
    }
    // prism names what is wrong in a header, which has no room for more
    t.gets("/events?limit=5");
    t.gets("/events?filter=event.type.eq('created')&limit=5");
    t.sends("GET", "/events?filter=nothing", None, 400);
    for row in rows(t, "/events").iter().take(10) {
        t.gets(&format!("/events/{}", text(&row["id"])));
    }
    t.gets("/events/types");
    let kind = text(&rows(t, "/events/types")[0]["id"]);
    t.gets(&format!("/events/types/{kind}"));
}

/// A webhook to which nobody listens, made before anything happens.
fn webhooks(t: &mut Through) -> Option<String> {
    const ALL: &str = "/notifications/webhooks";
    if !t.serves(ALL) {
        return None;
    }
    let all = json!({"name": "All", "description": "of users", "url": HOOK,
        "subscribedEvents": ["user.created", "user.updated"]});
    t.sends("POST", ALL, Some(&all), 201);
    t.sends("POST", ALL, Some(&all), 409);
    let unknown = json!({"url": format!("{HOOK}s"), "subscribedEvents": ["nothing"]});
    t.sends("POST", ALL, Some(&unknown), 400);
    t.gets(ALL);
    let id = text(&rows(t, ALL)[0]["id"]);
    t.sends("POST", &format!("{ALL}/{id}"), Some(&all), 200);
    t.gets(&format!("{ALL}/{id}"));
    Some(id)
}

fn messages(t: &mut Through, hook: Option<String>) {
    let Some(hook) = hook else {
        return;
    };
    let test = json!({"eventTypeId": "user.created", "Text": "hello"});
    t.sends("POST", "/notifications/messages/test", Some(&test), 201);
    let all = format!("/notifications/webhooks/{hook}/messages");
    t.gets(&all);
    // the first one has been tried
    let mut message = String::new();
    until("a failed attempt", || {
        let tried = |row: &String| {
            let found = t.api.get(&format!("{all}/{row}")).with(200);
            found["attempts"]
                .as_array()
                .is_some_and(|all| !all.is_empty())
        };
        let ids = rows(t, &all).into_iter().map(|row| text(&row["id"]));
        let found = ids.into_iter().find(tried);
        message = found.unwrap_or_default();
        !message.is_empty()
    });
    t.gets(&format!("{all}/{message}"));
    t.sends("GET", &format!("{all}/nothing"), None, 404);
    let hook = format!("/notifications/webhooks/{hook}");
    t.sends("DELETE", &hook, None, 204);
    t.sends("DELETE", &hook, None, 404);
}

fn enrich(t: &mut Through) {
    let asked = format!("/enrich{}", question("GET /enrich"));
    if !t.serves(&asked) {
        return;
    }
    t.gets(&asked);
    t.gets(&format!(
        "{asked}&amount=-4.80&accountType=transaction&mcc=5812"
    ));
    t.gets("/enrich?q=nobody%20knows&institution=AU00000&country=AU");
    t.sends(
        "GET",
        "/enrich?q=HO&institution=AU00000&country=AU",
        None,
        400,
    );
}

fn ends(t: &mut Through, user: &str) {
    let all = format!("/users/{user}/connections");
    let one = active(t, user);
    let invalid = rows(t, &format!("{all}?filter=connection.status.eq('invalid')"));
    let invalid = text(&invalid[0]["id"]);
    // a purge waits for no fetch at the bank
    for job in rows(t, &format!("/users/{user}/jobs")) {
        if job["institution"]["id"] == "AU00000" {
            t.api.ended(&text(&job["id"]));
        }
    }
    t.sends("POST", &format!("{all}/{invalid}/purge"), None, 400);
    t.sends("POST", &format!("{all}/{one}/purge"), None, 204);
    t.sends("DELETE", &format!("{all}/{one}"), None, 204);
    t.sends("DELETE", &format!("{all}/{one}"), None, 404);
    t.sends("DELETE", &format!("/users/{user}"), None, 204);
    t.sends("GET", &format!("/users/{user}"), None, 404);
}

/// Everything of a user, and so many of each list alone.
fn reads(t: &mut Through, user: &str, each: usize) {
    let base = format!("/users/{user}");
    t.gets(&base);
    t.gets(&format!(
        "{base}/connections?filter=connection.status.eq('deleted')"
    ));
    for list in ["connections", "accounts", "transactions", "jobs"] {
        let path = match list {
            "transactions" => format!("{base}/{list}?limit=50"),
            _ => format!("{base}/{list}"),
        };
        t.gets(&path);
        for row in rows(t, &path).iter().take(each) {
            let id = text(&row["id"]);
            match list {
                "jobs" => t.gets(&format!("/jobs/{id}")),
                _ => t.gets(&format!("{base}/{list}/{id}")),
            }
        }
    }
}

/// Reads all of a made-up world.
pub(super) fn of_everybody(t: &mut Through) {
    t.gets("/connectors");
    for user in t.api.desk.rows(&["users"]) {
        reads(t, &text(&user["id"]), 4);
    }
}
