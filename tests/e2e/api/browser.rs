//! A browser without scripts: it keeps cookies, follows redirects and sends the forms of the page that it shows.

use super::{Api, Came};
use crate::harness::{LIMIT, until};
use regex::Regex;

pub(super) struct Browser<'a> {
    pub(super) api: &'a Api,
    agent: ureq::Agent,
    pub(super) cookie: Option<String>,
    /// The page that is shown.
    pub(super) page: Came,
    /// Its path, or the whole address when that is another site's.
    pub(super) at: String,
}

impl<'a> Browser<'a> {
    pub(super) fn new(api: &'a Api) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(LIMIT));
        let page = Came {
            status: 0,
            headers: vec![],
            body: String::new(),
        };
        Self {
            api,
            agent: config.build().into(),
            cookie: None,
            page,
            at: String::new(),
        }
    }

    /// Goes to a path, or to an address of the server.
    pub(super) fn open(&mut self, to: &str) -> &Came {
        let path = to.strip_prefix(&self.api.url).unwrap_or(to).to_owned();
        self.load("GET", &path, None, &[])
    }

    /// Sends the only form to this address with what was typed.
    pub(super) fn send(&mut self, action: &str, typed: &[(&str, &str)]) -> &Came {
        let form = format!(r#"<form method="post" action="{action}"[^>]*>(.*?)</form>"#);
        let form = Regex::new(&format!("(?s){form}")).unwrap();
        let form = form.captures(&self.page.body);
        let form = form.unwrap_or_else(|| panic!("{action} on {}: {}", self.at, self.page.body));
        let csrf = Regex::new(r#"name="csrf" value="([^"]+)""#).unwrap();
        let csrf = csrf.captures(&form[1]).unwrap()[1].to_owned();
        for (name, _) in typed {
            assert!(form[1].contains(&format!("name=\"{name}\"")), "{name}");
        }
        let mut fields = vec![("csrf", csrf.as_str())];
        fields.extend(typed);
        let body = encoded(&fields);
        let origin = self.api.url.clone();
        self.load("POST", action, Some(&body), &[("origin", &origin)])
    }

    /// Any request, with the cookie; follows where it leads.
    pub(super) fn load(
        &mut self,
        method: &str,
        path: &str,
        body: Option<&str>,
        headers: &[(&str, &str)],
    ) -> &Came {
        let (mut method, mut path) = (method.to_owned(), path.to_owned());
        let mut body = body.map(str::to_owned);
        for _ in 0..10 {
            let mut request = ureq::http::Request::builder()
                .method(method.as_str())
                .uri(format!("{}{path}", self.api.url));
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            if let Some(cookie) = &self.cookie {
                request = request.header("cookie", format!("sitting={cookie}"));
            }
            let came = match &body {
                Some(body) => {
                    let form = "application/x-www-form-urlencoded";
                    let request = request.header("content-type", form);
                    self.agent.run(request.body(body.clone()).unwrap())
                }
                None => self.agent.run(request.body(()).unwrap()),
            };
            let mut came = came.unwrap();
            let named = came.headers().iter();
            let named = named.map(|(n, v)| (n.to_string(), v.to_str().unwrap().to_owned()));
            let page = Came {
                status: came.status().as_u16(),
                headers: named.collect(),
                body: came.body_mut().read_to_string().unwrap(),
            };
            if let Some(set) = page.header("set-cookie") {
                self.keep(set);
            }
            let to = page.header("location").map(str::to_owned);
            (self.page, self.at) = (page, path);
            let Some(to) = to else {
                self.strict();
                return &self.page;
            };
            if !to.starts_with('/') {
                self.at = to;
                return &self.page;
            }
            (method, path, body) = ("GET".into(), to, None);
        }
        panic!("it is sent on for ever: {}", self.at)
    }

    fn keep(&mut self, set: &str) {
        assert!(set.contains("; HttpOnly; SameSite=Lax"), "{set}");
        assert!(set.contains("; Path=/connect"), "{set}");
        let value = set.strip_prefix("sitting=").unwrap();
        let value = value.split(';').next().unwrap();
        self.cookie = (!value.is_empty()).then(|| value.to_owned());
    }

    /// Every page forbids scripts, frames, caches and other sites.
    fn strict(&self) {
        let page = &self.page;
        if page.header("content-type") != Some("text/html; charset=utf-8") {
            return;
        }
        let policy = page.header("content-security-policy").unwrap();
        for part in [
            "default-src 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ] {
            assert!(policy.contains(part), "{policy}");
        }
        assert_eq!(page.header("x-frame-options"), Some("DENY"));
        assert_eq!(page.header("cache-control"), Some("no-store"));
        assert_eq!(page.header("referrer-policy"), Some("same-origin"));
        for forbidden in ["<script", "style=", "onclick", "http://", "https://"] {
            assert!(!page.body.contains(forbidden), "{forbidden}: {}", page.body);
        }
    }

    pub(super) fn title(&self) -> &str {
        let rest = self.page.body.split("<h1>").nth(1);
        let title = rest.and_then(|rest| rest.split("</h1>").next());
        title.unwrap_or_else(|| panic!("no title: {:?}", self.page))
    }

    /// Loads the page of a job again until it says this.
    pub(super) fn wait(&mut self, title: &str) {
        until(title, || {
            if self.title() == title {
                return true;
            }
            let at = self.at.clone();
            self.open(&at);
            self.title() == title
        });
    }

    /// Agrees and signs in at a bank that is reached by signing in.
    pub(super) fn sign_in(&mut self, bank: &str, login: &str, password: &str) {
        let form = format!("/connect/banks/{bank}/web");
        self.open(&form);
        self.send(&form, &[("loginId", login), ("password", password)]);
    }

    /// The last part of the path.
    pub(super) fn last(&self) -> String {
        self.at.rsplit_once('/').unwrap().1.to_owned()
    }
}

fn encoded(fields: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in fields {
        let value = value.bytes().map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        });
        let value: String = value.collect();
        text.push_str(&format!("{name}={value}&"));
    }
    text
}
