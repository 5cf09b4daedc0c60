//! prism stands before `serve` with the platform's own document, and names whatever in a request or an answer breaks
//! it. The document is not ours to copy: it is looked for at `PLACE`, or at `$SWITCHBOARD_PLATFORM_DOCUMENT`.

mod calls;
mod exceptions;

use super::install::node_modules;
use super::not_checked;
use crate::api::{Api, Came, listening};
use crate::harness::{Desk, kill, text};
use crate::settings::{figure, variable};
use exceptions::EXCEPTIONS;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// From the root of the repository.
const PLACE: &str = "../shared/openapi/platform-3.0.json";

/// What stands for a parameter that names nothing.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

#[test]
fn prism_finds_every_call_as_the_platform_documents_it() {
    let Some(mut through) = Through::started(Desk::empty(0.0)) else {
        return;
    };
    calls::all(&mut through);
    through.refusals();
    through.unserved();
    through.verdict(true);
}

#[test]
#[ignore = "long: run by ./check --full"]
fn prism_reads_a_whole_made_up_world_long() {
    let Some(mut through) = Through::started(Desk::new(300, 60, 0.0)) else {
        return;
    };
    calls::of_everybody(&mut through);
    through.verdict(false);
}

/// The platform's document, as far as it is looked at here.
struct Document {
    place: PathBuf,
    /// Method and path of every call.
    calls: Vec<(String, String)>,
}

impl Document {
    fn found() -> Option<Self> {
        let named = variable("SWITCHBOARD_PLATFORM_DOCUMENT").map(PathBuf::from);
        let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join(PLACE);
        let place = named.unwrap_or(usual);
        let Ok(written) = std::fs::read_to_string(&place) else {
            let why = format!(
                "The platform's document is not at {}. Its place can be named by SWITCHBOARD_PLATFORM_DOCUMENT.",
                place.display()
            );
            not_checked("prism before serve", &why);
            return None;
        };
        let document: Value = serde_json::from_str(&written).unwrap();
        let paths = document["paths"].as_object().unwrap();
        let calls = paths.iter().flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().keys();
            let known = methods.filter(|m| ["get", "post", "delete"].contains(&m.as_str()));
            known.map(|method| (method.to_uppercase(), path.clone()))
        });
        let calls = calls.collect();
        Some(Self { place, calls })
    }

    /// The call that a request is, as `GET /users/{userId}`: the one with the fewest parameters.
    fn call(&self, method: &str, path: &str) -> String {
        let path = path.split('?').next().unwrap();
        let fits =
            |call: &&(String, String)| call.0 == method && parameters(&call.1, path).is_some();
        let found = self.calls.iter().filter(fits);
        let found = found.min_by_key(|call| parameters(&call.1, path));
        let (method, path) = found.unwrap_or_else(|| panic!("{method} {path} is not documented"));
        format!("{method} {path}")
    }
}

/// How many parameters of a path of the document stand for parts of a real path; None when it does not fit.
fn parameters(documented: &str, path: &str) -> Option<usize> {
    let (documented, path) = (documented.split('/'), path.split('/'));
    let mut count = 0;
    if documented.clone().count() != path.clone().count() {
        return None;
    }
    for (documented, part) in documented.zip(path) {
        match documented.starts_with('{') {
            true => count += 1,
            false if documented == part => {}
            false => return None,
        }
    }
    Some(count)
}

/// What of an answer breaks the document.
#[derive(Debug)]
struct Violation {
    call: String,
    /// Such as `response.body.data.#.class`.
    place: String,
    says: String,
}

/// A server with prism before it.
struct Through {
    api: Api,
    prism: Child,
    url: String,
    document: Document,
    sent: usize,
    /// What was answered as wanted.
    done: BTreeSet<String>,
    broken: Vec<Violation>,
}

impl Drop for Through {
    fn drop(&mut self) {
        kill(&mut self.prism);
    }
}

impl Through {
    fn started(desk: Desk) -> Option<Self> {
        let document = Document::found()?;
        let modules = node_modules("prism")?;
        let api = Api::on(desk.with("mfa_expiry = \"1s\"", "mfa_expiry = \"1m\""), &[]);
        let mut prism = Command::new("node");
        prism.arg(modules.join("@stoplight/prism-cli/dist/index.js"));
        prism.arg("proxy").arg(&document.place).arg(&api.url);
        prism.args(["--errors", "--host", "127.0.0.1", "--port", "0"]);
        prism.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut prism = prism.stderr(Stdio::null()).spawn().unwrap();
        let stream = prism.stdout.take().unwrap();
        let url = listening(&mut prism, stream);
        Some(Self {
            api,
            prism,
            url,
            document,
            sent: 0,
            done: BTreeSet::new(),
            broken: Vec::new(),
        })
    }

    /// Sends a request with the token of a key with every right.
    fn sends(&mut self, method: &str, path: &str, body: Option<&Value>, wanted: u16) {
        let token = self.api.token.clone();
        self.by(&token, method, path, body, wanted);
    }

    /// Whether a path is routed. `unserved` sees to it that what is routed was called.
    fn serves(&self, path: &str) -> bool {
        !self.api.get(path).body.contains("Route not found")
    }

    fn gets(&mut self, path: &str) {
        self.sends("GET", path, None, 200);
    }

    fn by(&mut self, token: &str, method: &str, path: &str, body: Option<&Value>, wanted: u16) {
        let url = format!("{}{path}", self.url);
        let came = self.api.by(token, method, &url, body);
        self.judged(method, path, &came, wanted);
    }

    /// Notes what prism says of an answer. In place of one that breaks the document it gives its own, so the status of
    /// such a one is not seen.
    fn judged(&mut self, method: &str, path: &str, came: &Came, wanted: u16) {
        self.sent += 1;
        let call = self.document.call(method, path);
        let own = came.header("content-type") == Some("application/problem+json");
        let said = came.header("sl-violations").map_or("[]", |said| said);
        // of many it says so first, in words
        let (_, said) = said.split_at(said.find('[').unwrap_or_default());
        let mut said = serde_json::Deserializer::from_str(said).into_iter::<Value>();
        let said = said.next().unwrap().unwrap();
        for violation in said.as_array().unwrap() {
            self.broken.push(Violation {
                call: call.clone(),
                place: place(&violation["location"]),
                says: text(&violation["message"])
                    .replace("returned status code", &format!("status {wanted}")),
            });
        }
        if own {
            let kind = text(&came.json()["type"]);
            assert!(kind.ends_with("#VIOLATIONS"), "{method} {path}: {came:?}");
        } else {
            assert_eq!(came.status, wanted, "{method} {path}: {came:?}");
        }
        if wanted < 300 {
            self.done.insert(call);
        }
    }

    /// Every call that was answered is refused to the token of a user, and when it names what is not there.
    fn refusals(&mut self) {
        let user = self.api.user();
        let made = self.api.desk.document(&["apikey", "create", "another"]);
        let form = format!("scope=CLIENT_ACCESS&userId={user}");
        let bound = self.api.token_of(&text(&made["key"]), &form);
        for (method, path) in self.document.calls.clone() {
            let call = format!("{method} {path}");
            if !self.done.contains(&call) || path == "/token" {
                continue;
            }
            let named = path.contains('{');
            let parts = path.split('/').map(|part| match part {
                "{method}" => "web",
                "{connectorId}" => "AU99999",
                _ if part.starts_with('{') => NOBODY,
                part => part,
            });
            let path = parts.collect::<Vec<_>>().join("/") + calls::question(&call);
            let body = calls::body(&call);
            if call != "POST /jobs/{jobId}/mfa" {
                self.by(&bound, &method, &path, body.as_ref(), 403);
            }
            if named {
                self.sends(&method, &path, body.as_ref(), 404);
            }
        }
    }

    /// What was not called is not served. A call that is served from now on has to be made in `calls`.
    fn unserved(&mut self) {
        for (method, path) in &self.document.calls {
            if self.done.contains(&format!("{method} {path}")) {
                continue;
            }
            let parts = path.split('/').map(|part| match part.starts_with('{') {
                true => NOBODY,
                false => part,
            });
            let path = parts.collect::<Vec<_>>().join("/");
            let came = self.api.call(method, &path);
            let unknown = came.status == 405 || came.body.contains("Route not found");
            assert!(
                unknown,
                "{method} {path} is served and was not called: {came:?}"
            );
        }
    }

    /// Nothing breaks the document but what is excepted, and no exception is left over.
    fn verdict(&self, all: bool) {
        let of = |v: &Violation| {
            EXCEPTIONS
                .iter()
                .position(|e| e.fits(&v.call, &v.place, &v.says))
        };
        let (excepted, wrong): (Vec<_>, Vec<_>) = self.broken.iter().partition(|v| of(v).is_some());
        assert!(wrong.is_empty(), "{wrong:#?}");
        let used: BTreeSet<_> = excepted.iter().filter_map(|v| of(v)).collect();
        let idle = (0..EXCEPTIONS.len()).filter(|i| !used.contains(i));
        let idle = idle.filter(|i| EXCEPTIONS[*i].concerns(&self.done));
        let idle: Vec<_> = idle.map(|i| &EXCEPTIONS[i]).collect();
        assert!(
            !all || idle.is_empty(),
            "nothing needs these exceptions: {idle:#?}"
        );
        figure(&format!(
            "prism 5.14.2: {} requests to {} of {} documented calls, 0 violations beside {} by {} known exceptions",
            self.sent,
            self.done.len(),
            self.document.calls.len(),
            excepted.len(),
            used.len()
        ));
    }
}

/// A place in an answer, with `#` for the number of a row.
fn place(location: &Value) -> String {
    let parts = location.as_array().unwrap().iter().map(|part| match part {
        Value::String(part) if part.parse::<u64>().is_err() => part.clone(),
        _ => "#".to_owned(),
    });
    parts.collect::<Vec<_>>().join(".")
}
