//! Every endpoint with its errors, kept as one transcript to be read from end to end.

use super::{Api, Came};
use crate::harness::text;
use regex::Regex;
use serde_json::{Value, json};

pub(super) struct Transcript<'a> {
    api: &'a Api,
    text: String,
    /// Ids in the order they were seen, and what stands for each.
    ids: Vec<(String, String)>,
}

impl<'a> Transcript<'a> {
    pub(super) fn of(api: &'a Api) -> Self {
        Self {
            api,
            text: String::new(),
            ids: vec![],
        }
    }

    pub(super) fn name(&mut self, id: &str, name: &str) {
        self.ids.push((id.to_owned(), format!("<{name}>")));
    }

    fn named(&self, text: &str) -> String {
        let mut text = text.replace(&self.api.url, "<base>");
        for (id, name) in &self.ids {
            text = text.replace(id, name);
        }
        for (pattern, stands) in [
            (
                "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
                "<id>",
            ),
            (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "<time>"),
            (r#""\d{4}-\d\d-\d\d""#, "\"<day>\""),
            (r"next=[0-9a-f]+", "next=<cursor>"),
            (r"(/connect/<id>)\.[0-9a-f]{32}", "$1.<code>"),
            (r#""-?\d+\.\d\d""#, "\"<amount>\""),
            (r#""accountNo": "\d+""#, "\"accountNo\": \"<number>\""),
            (
                r#""(size|retrieve\w+|verify\w+|total|transactions|takesMs)": \d+"#,
                "\"$1\": <n>",
            ),
            (r#""expiryMs": \d+"#, "\"expiryMs\": <n>"),
            (r"whsec_[A-Za-z0-9+/=]+", "<secret>"),
            (r"an app: [0-9a-f]+", "an app: <app>"),
            (r"\b(Plan|Job|hold) [0-9a-f]{6}\b", "$1 <short id>"),
            (r#""mac": "[0-9a-f]+""#, "\"mac\": \"<digest>\""),
            (r"20[2-9]\d-\d\d-\d\d \d\d:\d\d UTC", "<time>"),
        ] {
            text = Regex::new(pattern)
                .unwrap()
                .replace_all(&text, stands)
                .into_owned();
        }
        text
    }

    fn note(&mut self, method: &str, path: &str, body: Option<&Value>, came: Came) -> Value {
        let body = body.map(|body| format!(" {body}")).unwrap_or_default();
        self.text
            .push_str(&self.named(&format!("> {method} {path}{body}\n")));
        self.text.push_str(&format!("< {}\n", came.status));
        let mut document = Value::Null;
        if !came.body.is_empty() {
            document = came.json();
            // of a list the first row says what all are
            let mut shown = document.clone();
            if let Some(rows) = shown.get_mut("data").and_then(Value::as_array_mut) {
                rows.truncate(1);
                rows.iter_mut().for_each(steady);
            }
            let written = serde_json::to_string_pretty(&shown).unwrap();
            self.text.push_str(&self.named(&written));
            self.text.push('\n');
        }
        self.text.push('\n');
        document
    }

    /// Compares it with the one that is kept.
    pub(super) fn agrees(&self, name: &str) {
        insta::with_settings!({snapshot_path => "../snapshots/api", prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!(name, self.text);
        });
    }

    /// The same by another token.
    pub(super) fn by(&mut self, token: &str, method: &str, path: &str, body: Option<&Value>) {
        let came = self.api.by(token, method, path, body);
        self.note(method, path, body, came);
    }

    pub(super) fn get(&mut self, path: &str) -> Value {
        let came = self.api.get(path);
        self.note("GET", path, None, came)
    }

    pub(super) fn call(&mut self, method: &str, path: &str) -> Value {
        let came = self.api.call(method, path);
        self.note(method, path, None, came)
    }

    pub(super) fn post(&mut self, path: &str, body: Value) -> Value {
        let came = self.api.post(path, &body);
        self.note("POST", path, Some(&body), came)
    }
}

/// What the newest transaction is about differs from day to day.
fn steady(row: &mut Value) {
    if row["type"] == "transaction" {
        for field in [
            "description",
            "class",
            "direction",
            "status",
            "amount",
            "enrich",
            "subClass",
        ] {
            row[field] = json!(format!("<{field}>"));
        }
        for field in ["transactionDate", "postDate"] {
            row[field] = json!("<time>");
        }
    }
}

fn source(job: &Value) -> String {
    text(&job["links"]["source"])
        .rsplit_once('/')
        .unwrap()
        .1
        .to_owned()
}

#[test]
fn every_endpoint_with_its_errors() {
    let api = Api::new();
    let mut t = Transcript::of(&api);
    t.post("/users", json!({"firstName": "Monica"}));
    t.post("/users", json!({"email": "monica"}));
    t.post("/users", json!({"email": "m@example.test", "shoe": 43}));
    let user = text(
        &t.post(
            "/users",
            json!({"email": "monica@example.test", "firstName": "Monica"}),
        )["id"],
    );
    t.name(&user, "user");
    t.get(&format!("/users/{user}"));
    t.get("/users/nobody");
    t.get("/users/a%20b");
    t.post(&format!("/users/{user}"), json!({"lastName": "Hall"}));

    let connections = format!("/users/{user}/connections");
    t.post(&connections, json!({}));
    t.post(
        &connections,
        json!({"loginId": "jared", "institution": {"id": "AU00002"}}),
    );
    t.post(
        &connections,
        json!({"loginId": "jared", "password": "x", "institution": {"id": "AU99999"}}),
    );
    let made = t.post(
        &connections,
        json!({"loginId": "jared", "password": "django", "institution": {"id": "AU00002"}}),
    );
    let job = text(&made["id"]);
    t.name(&job, "job");
    let asked = api.job_when(&job, |steps| {
        steps
            .iter()
            .any(|s| s["title"] == "mfa-challenge" && s["status"] == "in-progress")
    });
    let connection = source(&asked);
    t.name(&connection, "connection");
    t.get(&format!("/jobs/{job}"));
    t.post(&format!("/jobs/{job}/mfa"), json!({"mfa-response": "1234"}));
    let one = format!("{connections}/{connection}");
    t.call("POST", &format!("{one}/purge"));
    t.post(
        &format!("/jobs/{job}/mfa"),
        json!({"mfa-response": ["1234"]}),
    );
    api.ended(&job);
    t.get(&format!("/jobs/{job}"));
    t.post(
        &format!("/jobs/{job}/mfa"),
        json!({"mfa-response": ["1234"]}),
    );
    t.get("/jobs/nothing");
    t.get(&format!("/users/{user}/jobs"));

    t.get(&connections);
    t.get(&format!("{connections}?filter=status"));
    t.get(&one);
    t.get(&format!("{connections}/nothing"));
    t.post(&one, json!({"password": ""}));
    let open = t.post(
        &connections,
        json!({"method": "openbanking", "institution": {"id": "AU00000"}}),
    );
    t.name(&text(&open["id"]), "open job");
    let opened = source(&api.get(&format!("/jobs/{}", text(&open["id"]))).with(200));
    t.name(&opened, "open connection");
    t.post(&format!("{connections}/{opened}"), json!({"password": "x"}));
    t.call("POST", &format!("{connections}/{opened}/purge"));

    t.get(&format!("/users/{user}/accounts"));
    t.get(&format!("/users/{user}/accounts/nothing"));
    t.get(&format!("/users/{user}/transactions?limit=1"));
    t.get(&format!("/users/{user}/transactions?limit=501"));
    t.get(&format!("/users/{user}/transactions?next=x"));
    t.get(&format!("/users/{user}/transactions/nothing"));
    t.get("/connectors/AU00002/web");
    t.get("/connectors/AU00002/pigeon");
    t.get("/institutions/AU00002");
    t.get("/public/institutions");

    let consents = format!("/users/{user}/consents");
    let given = t.get(&consents);
    let consent = text(&given["data"][0]["id"]);
    t.name(&consent, "consent");
    t.get(&format!("{consents}?filter=status.eq('revoked')"));
    t.get(&format!("{consents}?filter=id.eq('x')"));
    t.call("DELETE", &format!("{consents}/nothing"));
    let identities = format!("/users/{user}/identities");
    t.get(&identities);
    t.get(&format!("{identities}/nothing"));
    let link = format!("/users/{user}/auth_link");
    t.get(&link);
    t.call("POST", &link);
    t.post(&link, json!({"mobile": "call me"}));
    t.post(&link, json!({"mobile": "+61400111222"}));
    t.get(&link);
    t.call("DELETE", &link);
    t.call("DELETE", &link);
    t.get(&format!(
        "/events?filter=user.id.eq('{user}'),event.type.eq('connection.created')"
    ));
    let filter = format!("user.id.eq('{user}'),event.entity.eq('user')");
    let events = t.get(&format!(
        "/events?filter={filter}%20OR%20event.entity.eq('consent')&limit=1"
    ));
    t.get("/events?filter=event.mood.eq('sad')");
    t.get("/events?next=x");
    let event = text(&events["data"][0]["id"]);
    t.name(&event, "event");
    t.get(&format!("/events/{event}"));
    t.get("/events/nothing");
    t.get("/events/a%20b");
    t.get("/events/types");
    t.get("/events/types/account.updated");
    t.get("/events/types/nothing");
    t.get("/events/types/a%20b");
    let webhooks = "/notifications/webhooks";
    t.post(webhooks, json!({"name": "x"}));
    t.post(webhooks, json!({"url": "http://a.example.test/"}));
    t.post(
        webhooks,
        json!({"url": "https://a.example.test/", "subscribedEvents": ["job.created"]}),
    );
    let asked = json!({"name": "Reminders", "url": "https://a.example.test/", "subscribedEvents": ["consent.reminder"]});
    let made = t.post(webhooks, asked.clone());
    t.post(webhooks, asked);
    t.post(
        webhooks,
        json!({"url": "https://b.example.test/", "subscribedEvents": ["consent.reminder"]}),
    );
    let webhook = text(&made["id"]);
    t.name(&webhook, "webhook");
    t.get(webhooks);
    let webhook = format!("{webhooks}/{webhook}");
    t.get(&webhook);
    t.get(&format!("{webhooks}/nothing"));
    t.get(&format!("{webhooks}/a%20b"));
    t.post(&webhook, json!({"url": "https://c.example.test/"}));
    t.get(&format!("{webhook}/stats"));
    t.get(&format!("{webhook}/messages"));
    t.get(&format!("{webhook}/messages?filter=mood.eq('sad')"));
    t.get(&format!("{webhook}/messages/nothing"));
    t.post(
        "/notifications/messages/test",
        json!({"eventTypeId": "user.grown"}),
    );
    t.post(
        "/notifications/messages/test",
        json!({"eventTypeId": "user.created"}),
    );
    t.call("DELETE", &webhook);
    t.call("DELETE", &webhook);
    t.get("/enrich?q=HOOLI%20CAFE&institution=AU00000&country=AU");
    t.get("/enrich?q=zzz&institution=AU00000&country=AU");
    t.get("/enrich?q=ab&institution=AU00000&country=AU");
    t.get("/enrich?q=abc&institution=AU99999&country=AU");

    t.call("POST", &format!("/connections/{connection}/purge"));
    t.call("POST", "/connections/nothing/purge");
    t.call("DELETE", &one);
    t.call("DELETE", &one);
    t.call("POST", &format!("{one}/refresh"));
    t.call("POST", &format!("{connections}/refresh"));
    t.call("DELETE", &format!("{consents}/{consent}"));
    t.call("DELETE", &format!("{consents}/{consent}"));
    t.call("DELETE", &format!("/users/{user}"));
    t.call("DELETE", &format!("/users/{user}"));
    t.call("PUT", "/users");
    t.get("/nothing");
    t.get("/healthz");
    t.agrees("transcript");
}
