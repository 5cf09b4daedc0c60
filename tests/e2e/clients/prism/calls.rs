//! Every call of the platform that is served, as an integration makes it.

use super::Through;
use crate::harness::text;
use serde_json::{Value, json};

/// The body that a call wants before it looks at what the path names.
pub(super) fn body(call: &str) -> Option<Value> {
    match call {
        "POST /users" => Some(json!({"email": "monica@example.test"})),
        "POST /users/{userId}" => Some(json!({"firstName": "Monica"})),
        "POST /jobs/{jobId}/mfa" => Some(json!({"mfa-response": ["1234"]})),
        _ => None,
    }
}

/// The query that a call wants.
pub(super) fn question(_call: &str) -> &'static str {
    ""
}

pub(super) fn all(t: &mut Through) {
    tokens(t);
    let user = users(t);
    connections(t, &user);
    challenges(t, &user);
    connectors(t);
    ends(t, &user);
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
