//! The HTTP API as a client sees it: a real `serve` on a free port, a plain client, and raw sockets for what no client
//! sends.

mod accounts;
mod again;
mod browser;
mod connections;
mod consents;
mod document;
mod events;
mod heads;
mod jobs;
mod kept;
mod key_kills;
mod keys;
mod limits;
mod lists;
mod load;
mod lost_answers;
mod metrics;
mod own;
mod own_transcript;
mod page_refusals;
mod pages;
mod plans;
mod run_out;
mod sites;
mod slow;
mod timing;
mod tls;
mod tokens;
mod transcript;
mod users;
mod webhooks;
mod workflows;

use super::harness::{Desk, LIMIT, halt, kill, text, until};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Child;
use std::sync::mpsc;
use std::time::Duration;

/// A server and a client of it.
pub(super) struct Api {
    pub(super) desk: Desk,
    child: Child,
    pub(super) url: String,
    agent: ureq::Agent,
    document: Option<document::Document>,
    /// Of a key with every right.
    pub(super) token: String,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Came {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Came {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The document, when the status is the wanted one.
    pub(super) fn with(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        if self.body.is_empty() {
            Value::Null
        } else {
            self.json()
        }
    }

    /// Status, code and detail of an error, in the envelope of the reference.
    pub(super) fn error(&self) -> (u16, String, String) {
        let document = self.json();
        assert_eq!(document["type"], "list", "{self:?}");
        assert!(!text(&document["correlationId"]).is_empty());
        let error = &document["data"][0];
        assert_eq!(error["type"], "error");
        assert!(!text(&error["title"]).is_empty());
        (self.status, text(&error["code"]), text(&error["detail"]))
    }
}

pub(super) fn refused(status: u16, code: &str, detail: &str) -> (u16, String, String) {
    (status, code.to_owned(), detail.to_owned())
}

pub(super) const NOT_FOUND: &str = "Requested resource is not found";

impl Api {
    /// On an empty database.
    pub(super) fn new() -> Self {
        let patient = Desk::empty(0.0).with("mfa_expiry = \"1s\"", "mfa_expiry = \"1m\"");
        Self::on(patient, &[])
    }

    pub(super) fn on(desk: Desk, words: &[&str]) -> Self {
        let made = desk.document(&["apikey", "create", "tester", "--role", "admin"]);
        let key = text(&made["key"]);
        let mut all = vec!["serve", "--listen", "127.0.0.1:0"];
        all.extend(words);
        let (child, url) = serve(&desk, &all);
        let config = ureq::Agent::config_builder();
        let config = config
            .http_status_as_error(false)
            .timeout_global(Some(LIMIT));
        let mut api = Self {
            desk,
            child,
            url,
            agent: config.build().into(),
            document: None,
            token: String::new(),
        };
        let document = api.send("GET", "/openapi.json", &[], None).with(200);
        api.document = Some(document::Document::of(document));
        api.token = api.token_of(&key, "scope=SERVER_ACCESS");
        api
    }

    fn document(&self) -> &document::Document {
        self.document.as_ref().unwrap()
    }

    /// The token for a key.
    pub(super) fn token_of(&self, key: &str, form: &str) -> String {
        let came = self.ask_token(key, form);
        text(&came.with(200)["access_token"])
    }

    pub(super) fn ask_token(&self, key: &str, form: &str) -> Came {
        let basic = format!("Basic {key}");
        let headers = [
            ("authorization", basic.as_str()),
            ("basiq-version", "3.0"),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        self.send("POST", "/token", &headers, Some(form))
    }

    /// A key with a role, and a token of it.
    pub(super) fn key(&self, name: &str, role: &str) -> String {
        let made = self
            .desk
            .document(&["apikey", "create", name, "--role", role]);
        let key = text(&made["key"]);
        self.token_of(&key, "scope=SERVER_ACCESS")
    }

    pub(super) fn get(&self, path: &str) -> Came {
        self.by(&self.token, "GET", path, None)
    }

    pub(super) fn post(&self, path: &str, body: &Value) -> Came {
        self.by(&self.token, "POST", path, Some(body))
    }

    /// A call without a body.
    pub(super) fn call(&self, method: &str, path: &str) -> Came {
        self.by(&self.token, method, path, None)
    }

    pub(super) fn by(&self, token: &str, method: &str, path: &str, body: Option<&Value>) -> Came {
        let bearer = format!("Bearer {token}");
        let mut headers = vec![("authorization", bearer.as_str())];
        let body = body.map(Value::to_string);
        if body.is_some() {
            headers.push(("content-type", "application/json"));
        }
        self.send(method, path, &headers, body.as_deref())
    }

    pub(super) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> Came {
        let whole = path.starts_with("http");
        let url = if whole {
            path.to_owned()
        } else {
            format!("{}{path}", self.url)
        };
        let mut request = ureq::http::Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let came = match body {
            Some(body) => self.agent.run(request.body(body.to_owned()).unwrap()),
            None => self.agent.run(request.body(()).unwrap()),
        };
        let mut came = came.unwrap_or_else(|e| panic!("{method} {path}: {e}"));
        let headers = came.headers().iter();
        let headers = headers.map(|(n, v)| (n.to_string(), v.to_str().unwrap().to_owned()));
        let came = Came {
            status: came.status().as_u16(),
            headers: headers.collect(),
            body: came.body_mut().read_to_string().unwrap(),
        };
        if let Some(document) = self.document.as_ref().filter(|_| !whole) {
            document.check(method, path, &came);
        }
        came
    }

    /// `host:port`.
    pub(super) fn host(&self) -> &str {
        self.url.split_once("://").unwrap().1
    }

    pub(super) fn socket(&self) -> TcpStream {
        let socket = TcpStream::connect(self.host()).unwrap();
        socket.set_read_timeout(Some(LIMIT)).unwrap();
        socket.set_write_timeout(Some(LIMIT)).unwrap();
        socket
    }

    /// Sends bytes as they are; answers the status of the first answer, 0 when the connection is only closed.
    pub(super) fn raw(&self, bytes: &[u8]) -> (u16, String) {
        let mut socket = self.socket();
        // the server may have closed it before all was sent
        let _ = socket.write_all(bytes);
        let _ = socket.shutdown(std::net::Shutdown::Write);
        said(socket)
    }

    pub(super) fn user(&self) -> String {
        let made = self.post(
            "/users",
            &json!({"email": "monica@example.test", "firstName": "Monica"}),
        );
        text(&made.with(201)["id"])
    }

    /// Makes a web connection and waits until its first job has ended.
    pub(super) fn connected(&self, user: &str, login: &str, password: &str, bank: &str) -> String {
        let job = self.connect(user, login, password, bank).with(202);
        let job = self.ended(&text(&job["id"]));
        let source = text(&job["links"]["source"]);
        source.rsplit_once('/').unwrap().1.to_owned()
    }

    pub(super) fn connect(&self, user: &str, login: &str, password: &str, bank: &str) -> Came {
        let body = json!({"loginId": login, "password": password, "institution": {"id": bank}});
        self.post(&format!("/users/{user}/connections"), &body)
    }

    /// The job when none of its steps is open, or when one has failed.
    pub(super) fn ended(&self, id: &str) -> Value {
        self.job_when(id, |steps| {
            steps.iter().any(|s| s["status"] == "failed")
                || steps.iter().all(|s| s["status"] == "success")
        })
    }

    pub(super) fn job_when(&self, id: &str, wanted: impl Fn(&[Value]) -> bool) -> Value {
        let mut job = Value::Null;
        until("the job", || {
            job = self.get(&format!("/jobs/{id}")).with(200);
            wanted(job["steps"].as_array().unwrap())
        });
        job
    }

    pub(super) fn status(&self, user: &str, connection: &str) -> String {
        let found = self.get(&format!("/users/{user}/connections/{connection}"));
        text(&found.with(200)["status"])
    }

    /// The lines of the audit that came through the API: action, target, outcome and actor.
    pub(super) fn audit(&self) -> Vec<(String, String, String, String)> {
        let rows = self.desk.rows(&["audit"]);
        let api = rows.into_iter().filter(|row| row["face"] == "api");
        let field = |row: &Value, name: &str| text(&row[name]);
        let line = |row: Value| {
            (
                field(&row, "action"),
                field(&row, "target"),
                field(&row, "outcome"),
                field(&row, "actor"),
            )
        };
        api.map(line).collect()
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks the server to stop.
    pub(super) fn tell_to_stop(&self) {
        halt(&self.child, rustix::process::Signal::TERM);
    }

    /// Kills the server and starts another one on the same database.
    pub(super) fn restart(&mut self) {
        kill(&mut self.child);
        (self.child, self.url) = serve(&self.desk, &["serve", "--listen", "127.0.0.1:0"]);
    }

    pub(super) fn exit(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

impl Drop for Api {
    fn drop(&mut self) {
        kill(&mut self.child);
    }
}

/// Starts a server and waits until it says where it listens.
pub(super) fn serve(desk: &Desk, words: &[&str]) -> (Child, String) {
    begun(desk.start(words))
}

/// Waits until a server that was started says where it listens.
fn begun(mut child: Child) -> (Child, String) {
    let stream = child.stderr.take().unwrap();
    let url = listening(&mut child, stream);
    (child, url)
}

/// Waits until a server says where it listens, and reads on, so that it can always write.
pub(super) fn listening(child: &mut Child, stream: impl Read + Send + 'static) -> String {
    let lines = BufReader::new(stream).lines();
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            // once the address is known nobody listens
            let _ = tell.send(line);
        }
    });
    let mut all = Vec::new();
    while let Ok(line) = told.recv_timeout(LIMIT) {
        if let Some((_, url)) = line.split_once("listening on ") {
            return url.to_owned();
        }
        all.push(line);
    }
    kill(child);
    panic!("it does not listen: {all:?}");
}

/// What a server says on a socket until it closes it or has said one answer.
pub(super) fn said(mut socket: TcpStream) -> (u16, String) {
    let mut bytes = Vec::new();
    // a reset after the answer is as good as an end
    let _ = socket.read_to_end(&mut bytes);
    let said = String::from_utf8_lossy(&bytes).into_owned();
    let status = said.strip_prefix("HTTP/1.").and_then(|rest| rest.get(2..5));
    let status = status.map_or(0, |status| status.parse().unwrap());
    (status, said)
}

/// Waits until the other end has closed a socket.
pub(super) fn closed(mut socket: TcpStream) {
    socket
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let mut bytes = [0; 4_096];
    loop {
        match socket.read(&mut bytes) {
            Ok(0) => return,
            Ok(_) => {}
            Err(e) if e.kind() == std::io::ErrorKind::ConnectionReset => return,
            Err(e) => panic!("it is still open: {e}"),
        }
    }
}
