//! Every POST whose answer is lost, on the way or by a kill, and which its client sends again: with an `Idempotency-Key`
//! it is carried out once and answered the same; without one, as its row says. The rows are compared with the document
//! that is served, so a new route has to be added here.

use super::{Api, Came};
use crate::harness::{Desk, text, until};
use crate::settings;
use crate::sql_probe::{Raw, forget_answer};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What comes of a call that is sent again without a key, after the first has ended.
#[derive(Clone, Copy, Debug)]
enum Bare {
    /// The same state; it is answered with this status.
    Same(u16),
    /// It is carried out once more and finds nothing to do: it leaves a record, and is answered with this status.
    Harmless(u16),
    /// It is done once more: such a call needs a key to be sent again.
    Anew,
    /// It is refused, and nothing is done.
    Refused(u16),
}

/// A route, the status of its answer, what a second call does, and how a first one is made ready.
type Line = (&'static str, u16, Bare, fn(&Api) -> (String, Value));

const OWN: &str = "/switchboard/v1";

const TABLE: &[Line] = &[
    (
        "/connections/{connectionId}/purge",
        204,
        Bare::Harmless(204),
        |api| (format!("/connections/{}/purge", sound(api).1), Value::Null),
    ),
    ("/jobs/{jobId}/mfa", 202, Bare::Refused(400), |api| {
        let body = json!({"mfa-response": ["1234"]});
        (format!("/jobs/{}/mfa", asking(api).2), body)
    }),
    ("/notifications/messages/test", 201, Bare::Anew, |api| {
        webhook(api, WARNING);
        let body = json!({"eventTypeId": WARNING});
        ("/notifications/messages/test".into(), body)
    }),
    ("/notifications/webhooks", 201, Bare::Refused(409), |api| {
        no_webhook(api, REMINDER);
        (WEBHOOKS.into(), hook(REMINDER))
    }),
    (
        "/notifications/webhooks/{webhookId}",
        200,
        Bare::Same(200),
        |api| {
            (
                format!("{WEBHOOKS}/{}", webhook(api, EXPIRED)),
                hook(EXPIRED),
            )
        },
    ),
    (
        "/switchboard/v1/connections/{connectionId}/notes",
        201,
        Bare::Anew,
        |api| (own(api, "notes"), json!({"text": "called the bank"})),
    ),
    (
        "/switchboard/v1/connections/{connectionId}/snooze",
        200,
        Bare::Harmless(200),
        |api| {
            (
                format!("{OWN}/connections/{}/snooze", broken(api)),
                json!({"until": soon(api), "reason": "asked"}),
            )
        },
    ),
    (
        "/switchboard/v1/connections/{connectionId}/take",
        200,
        Bare::Harmless(200),
        |api| (own(api, "take"), Value::Null),
    ),
    ("/switchboard/v1/holds", 201, Bare::Anew, |api| {
        (format!("{OWN}/holds"), hold(api))
    }),
    (
        "/switchboard/v1/holds/{holdId}/release",
        200,
        Bare::Refused(400),
        |api| {
            let made = api.post(&format!("{OWN}/holds"), &hold(api)).with(201);
            (
                format!("{OWN}/holds/{}/release", text(&made["id"])),
                Value::Null,
            )
        },
    ),
    (
        "/switchboard/v1/jobs/{jobId}/cancel",
        200,
        Bare::Refused(409),
        |api| {
            let job = refreshing(api);
            (
                format!("{OWN}/jobs/{job}/cancel"),
                json!({"reason": "a slip"}),
            )
        },
    ),
    ("/switchboard/v1/plans", 201, Bare::Anew, |api| {
        let body = json!({"action": "purge", "connectionIds": [sound(api).1]});
        (format!("{OWN}/plans"), body)
    }),
    (
        "/switchboard/v1/plans/{planId}/apply",
        200,
        Bare::Same(200),
        |api| {
            let body = json!({"confirm": "purge 1", "reason": "asked"});
            (format!("{OWN}/plans/{}/apply", plan(api)), body)
        },
    ),
    (
        "/switchboard/v1/plans/{planId}/cancel",
        200,
        Bare::Refused(409),
        |api| {
            let body = json!({"reason": "a slip"});
            (format!("{OWN}/plans/{}/cancel", plan(api)), body)
        },
    ),
    ("/users", 201, Bare::Anew, |_| {
        ("/users".into(), json!({"email": "a@example.test"}))
    }),
    ("/users/{userId}", 200, Bare::Same(200), |api| {
        (
            format!("/users/{}", api.user()),
            json!({"firstName": "Gilfoyle"}),
        )
    }),
    ("/users/{userId}/auth_link", 201, Bare::Anew, |api| {
        let body = json!({"mobile": "+61400111222"});
        (format!("/users/{}/auth_link", api.user()), body)
    }),
    ("/users/{userId}/connections", 202, Bare::Anew, |api| {
        let bank = json!({"id": "AU00000"});
        let body = json!({"loginId": "gavinBelson", "password": "hooli2016", "institution": bank});
        (format!("/users/{}/connections", api.user()), body)
    }),
    (
        "/users/{userId}/connections/refresh",
        202,
        Bare::Same(202),
        |api| {
            (
                format!("/users/{}/connections/refresh", answered(api).0),
                Value::Null,
            )
        },
    ),
    (
        "/users/{userId}/connections/{connectionId}",
        202,
        Bare::Same(200),
        |api| {
            let (user, connection) = answered(api);
            (
                format!("/users/{user}/connections/{connection}"),
                json!({"password": "django"}),
            )
        },
    ),
    (
        "/users/{userId}/connections/{connectionId}/purge",
        204,
        Bare::Harmless(204),
        |api| {
            let (user, connection) = sound(api);
            (
                format!("/users/{user}/connections/{connection}/purge"),
                Value::Null,
            )
        },
    ),
    (
        "/users/{userId}/connections/{connectionId}/refresh",
        202,
        Bare::Same(200),
        |api| {
            let (user, connection) = answered(api);
            (
                format!("/users/{user}/connections/{connection}/refresh"),
                Value::Null,
            )
        },
    ),
];

/// It makes nothing that is kept, and nobody is known by it who could send it again.
const WITHOUT: &str = "/token";

const REMINDER: &str = "consent.reminder";
const EXPIRED: &str = "consent.expired";
const WARNING: &str = "consent.warning";

const WEBHOOKS: &str = "/notifications/webhooks";

/// A user with an active connection.
fn sound(api: &Api) -> (String, String) {
    let user = api.user();
    let connection = api.connected(&user, "gavinBelson", "hooli2016", "AU00000");
    (user, connection)
}

/// A connection that needs somebody.
fn broken(api: &Api) -> String {
    api.connected(&api.user(), &format!("nobody-{}", next()), "x", "AU00000")
}

/// A number that is not given again.
fn next() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A user, a connection and its job, of which the bank asks something.
fn asking(api: &Api) -> (String, String, String) {
    let user = api.user();
    let made = api.connect(&user, "jared", "django", "AU00002").with(202);
    let job = text(&made["id"]);
    let asks = waits(api, &job);
    let source = text(&asks["links"]["source"]);
    (user, source.rsplit_once('/').unwrap().1.to_owned(), job)
}

fn waits(api: &Api, job: &str) -> Value {
    api.job_when(job, |steps| {
        let asks = |s: &Value| s["title"] == "mfa-challenge" && s["status"] == "in-progress";
        steps.iter().any(asks)
    })
}

/// A user with an active connection whose bank asks at each fetch, so that a job of it stays open.
fn answered(api: &Api) -> (String, String) {
    let (user, connection, job) = asking(api);
    let body = json!({"mfa-response": ["1234"]});
    api.post(&format!("/jobs/{job}/mfa"), &body).with(202);
    api.ended(&job);
    (user, connection)
}

fn refreshing(api: &Api) -> String {
    let (user, connection) = answered(api);
    let made = api.call(
        "POST",
        &format!("/users/{user}/connections/{connection}/refresh"),
    );
    let job = text(&made.with(202)["id"]);
    waits(api, &job);
    job
}

fn own(api: &Api, what: &str) -> String {
    format!("{OWN}/connections/{}/{what}", sound(api).1)
}

fn hold(api: &Api) -> Value {
    json!({"connectionIds": [sound(api).1], "until": soon(api), "reason": "page"})
}

fn plan(api: &Api) -> String {
    let body = json!({"action": "purge", "connectionIds": [sound(api).1]});
    text(&api.post(&format!("{OWN}/plans"), &body).with(201)["id"])
}

/// A time that is not far away.
fn soon(api: &Api) -> String {
    let hold = ["hold", "--institution", "AU10001", "--until", "2h"];
    text(&api.desk.document(&hold)["until"])
}

/// A webhook at an address that no other has.
fn hook(event: &str) -> Value {
    let url = format!("https://host-{}.example.test/", next());
    json!({"name": event, "url": url, "subscribedEvents": [event]})
}

/// The only webhook for this event.
fn webhook(api: &Api, event: &str) -> String {
    no_webhook(api, event);
    text(&api.post(WEBHOOKS, &hook(event)).with(201)["id"])
}

/// An event is subscribed to by one webhook at most.
fn no_webhook(api: &Api, event: &str) {
    let all = api.get(WEBHOOKS).with(200);
    for other in all["data"].as_array().unwrap() {
        if other["name"] == event {
            api.call("DELETE", &format!("{WEBHOOKS}/{}", text(&other["id"])));
        }
    }
}

/// Tables and a number for each.
type Growth = Vec<(&'static str, i64)>;

/// How much there is of everything that a call can make, once no job runs any more.
fn things(api: &Api) -> Growth {
    let raw = Raw::of(&api.desk);
    // all that are open, but for those that wait for an answer
    let running = "SELECT count(*) FROM jobs WHERE open = 1 AND state <> 3";
    until("no job runs", || raw.number(running) == 0);
    let tables = [
        "users",
        "connections",
        "jobs",
        "consents",
        "holds",
        "notes",
        "plans",
        "auth_links",
        "webhooks",
        "webhook_messages",
        "certificates",
        "events",
        "audit",
    ];
    let count = |table| (table, raw.number(&format!("SELECT count(*) FROM {table}")));
    tables.into_iter().map(count).collect()
}

/// By how much each grew.
fn growth(before: &[(&'static str, i64)], after: &[(&'static str, i64)]) -> Growth {
    let pairs = before.iter().zip(after);
    let grown = pairs.map(|(before, after)| (after.0, after.1 - before.1));
    grown.filter(|(_, by)| *by != 0).collect()
}

fn send(api: &Api, key: &str, path: &str, body: &Value) -> Came {
    let bearer = format!("Bearer {}", api.token);
    let mut headers = vec![("authorization", bearer.as_str()), ("idempotency-key", key)];
    let body = (!body.is_null()).then(|| body.to_string());
    if body.is_some() {
        headers.push(("content-type", "application/json"));
    }
    api.send("POST", path, &headers, body.as_deref())
}

/// Sends it and reads nothing.
fn unread(api: &Api, key: &str, path: &str, body: &Value) -> TcpStream {
    let body = match body {
        Value::Null => String::new(),
        body => body.to_string(),
    };
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Idempotency-Key: {key}\r\nContent-Length: {}\r\n\r\n{body}",
        api.host(),
        api.token,
        body.len()
    );
    let mut socket = api.socket();
    socket.write_all(request.as_bytes()).unwrap();
    socket
}

fn known(api: &Api, which: &str) -> i64 {
    Raw::of(&api.desk).number(&format!("SELECT count(*) FROM requests WHERE {which}"))
}

/// Sends it twice more under its key, and gets the same answer both times.
fn same_twice(api: &Api, line: &Line, key: &str, (path, body): &(String, Value)) -> Came {
    let first = send(api, key, path, body);
    let again = send(api, key, path, body);
    let statuses = (first.status, again.status);
    assert_eq!(
        statuses,
        (line.1, line.1),
        "{}: {first:?} {again:?}",
        line.0
    );
    assert_eq!(
        again.header("idempotency-replayed"),
        Some("true"),
        "{}",
        line.0
    );
    assert_eq!(first.body, again.body, "{}", line.0);
    first
}

/// By how much everything grows when a call is sent once and answered.
fn once(api: &Api, line: &Line, key: &str) -> Growth {
    let ready = (line.3)(api);
    let before = things(api);
    let came = send(api, key, &ready.0, &ready.1);
    assert_eq!(came.status, line.1, "{}: {came:?}", line.0);
    let once = growth(&before, &things(api));
    assert!(!once.is_empty(), "{} does nothing", line.0);
    same_twice(api, line, key, &ready);
    assert_eq!(growth(&before, &things(api)), once, "{}", line.0);
    once
}

#[test]
fn the_table_has_every_post_that_is_served() {
    let api = Api::new();
    let document = api.send("GET", "/openapi.json", &[], None).with(200);
    let paths = document["paths"].as_object().unwrap();
    let served = paths.iter().filter(|(_, item)| item["post"].is_object());
    let served: BTreeSet<&str> = served.map(|(path, _)| path.as_str()).collect();
    let mut rows: BTreeSet<&str> = TABLE.iter().map(|line| line.0).collect();
    rows.insert(WITHOUT);
    assert_eq!(served, rows);
}

#[test]
fn a_post_whose_answer_was_lost_on_the_way_is_done_once() {
    let api = Api::new();
    for (n, line) in TABLE.iter().enumerate() {
        let once = once(&api, line, &format!("once-{n}"));
        // killed after it had done it and before it had kept its answer
        let key = format!("forgotten-{n}");
        let ready = (line.3)(&api);
        let before = things(&api);
        let first = send(&api, &key, &ready.0, &ready.1);
        forget_answer(&api.desk);
        let again = same_twice(&api, line, &key, &ready);
        assert_eq!(first.body, again.body, "{}", line.0);
        let grown = growth(&before, &things(&api));
        assert_eq!(grown, once, "{}, forgotten", line.0);
        for (how, waits) in [("unread", true), ("gone", false)] {
            let key = format!("{how}-{n}");
            let ready = (line.3)(&api);
            let before = things(&api);
            let answers = known(&api, "status IS NOT NULL");
            let socket = unread(&api, &key, &ready.0, &ready.1);
            if waits {
                until(line.0, || known(&api, "status IS NOT NULL") > answers);
            }
            drop(socket);
            same_twice(&api, line, &key, &ready);
            let grown = growth(&before, &things(&api));
            assert_eq!(grown, once, "{}, {how}", line.0);
        }
    }
    api.desk.healthy();
}

/// The sum of several growths.
fn sum(all: impl IntoIterator<Item = Growth>) -> BTreeMap<&'static str, i64> {
    let mut sum = BTreeMap::new();
    for (table, by) in all.into_iter().flatten() {
        *sum.entry(table).or_default() += by;
    }
    sum
}

/// Sends the whole table at once and kills the server when so many of its calls have begun, then sends them again.
/// At once, as it takes some seconds until what a killed server had begun may be taken over.
fn killed(counts: impl IntoIterator<Item = usize>) {
    let patient = Desk::empty(0.0).with("mfa_expiry = \"1s\"", "mfa_expiry = \"1m\"");
    let mut api = Api::on(patient.hasty(), &[]);
    let each = TABLE.iter().enumerate();
    let once = each.map(|(n, line)| once(&api, line, &format!("once-{n}")));
    let once = sum(once.collect::<Vec<_>>());
    for begun in counts {
        let ready: Vec<_> = TABLE.iter().map(|line| (line.3)(&api)).collect();
        let before = things(&api);
        let named = || ready.iter().zip(TABLE).enumerate();
        let key = |n: usize| format!("killed-{begun}-{n}");
        let requests = known(&api, "true") + i64::try_from(begun).unwrap();
        let sockets: Vec<_> = named()
            .map(|(n, (ready, _))| unread(&api, &key(n), &ready.0, &ready.1))
            .collect();
        until("they have begun", || known(&api, "true") >= requests);
        api.restart();
        drop(sockets);
        std::thread::scope(|scope| {
            let api = &api;
            for (n, (ready, line)) in named() {
                let key = key(n);
                scope.spawn(move || drop(same_twice(api, line, &key, ready)));
            }
        });
        let grown = sum([growth(&before, &things(&api))]);
        assert_eq!(grown, once, "killed when {begun} had begun");
    }
    api.desk.healthy();
}

#[test]
fn posts_whose_server_was_killed_are_done_once() {
    killed([TABLE.len() / 2]);
}

#[test]
#[ignore = "long, the whole table of POSTs in 22 kills: run by ./check --full"]
fn api_lost_answers_long() {
    killed(1..=TABLE.len());
    settings::figure(&format!(
        "{} POSTs in as many kills: each done once",
        TABLE.len()
    ));
}

#[test]
fn without_a_key_a_second_call_does_what_its_row_says() {
    let api = Api::new();
    let mut wrong = vec![];
    for (route, status, bare, ready) in TABLE {
        let (path, body) = ready(&api);
        let body = (!body.is_null()).then_some(body);
        let call = || api.by(&api.token, "POST", &path, body.as_ref());
        let first = call();
        assert_eq!(first.status, *status, "{route}: {first:?}");
        let before = things(&api);
        let again = call();
        // what is refused or was so already may be a line of the audit
        let mut grown = growth(&before, &things(&api));
        grown.retain(|(table, _)| *table != "audit");
        let fits = match bare {
            Bare::Same(status) => again.status == *status && grown.is_empty(),
            Bare::Refused(status) => again.status == *status && grown.is_empty(),
            Bare::Harmless(status) => {
                let record =
                    |(table, _): &(&str, i64)| ["jobs", "events", "certificates"].contains(table);
                again.status == *status && grown.iter().all(record)
            }
            Bare::Anew => {
                again.status == first.status && !(grown.is_empty() && again.body == first.body)
            }
        };
        if !fits {
            let said = (again.status, again.body);
            wrong.push(format!("{route}: {bare:?}, {grown:?}, {said:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
