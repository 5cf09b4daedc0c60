//! Looks at the head of a request before anything else does. What comes from a page of another site, or for another
//! host, is not for us: a browser can be made to send it to loopback.

use super::error::{ApiError, Code};
use super::request::Line;
use super::settings::Settings;
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, header};
use std::net::SocketAddr;

/// The longest address of a request, in bytes.
const LONGEST: usize = 8 * 1024;

/// What links in the answer begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Base(pub(super) String);

impl Base {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

pub(super) fn check(settings: &Settings, line: &Line, parts: &Parts) -> Result<Base, ApiError> {
    let bad = |detail: &'static str| ApiError::new(Code::RequestNotValid, detail).closing();
    if parts.uri.to_string().len() > LONGEST {
        let detail = "The address of a request has at most 8 KiB.";
        return Err(ApiError::new(Code::AddressTooLong, detail).closing());
    }
    if parts.method == Method::CONNECT || !parts.uri.path().starts_with('/') {
        return Err(bad("The target of the request is no path."));
    }
    let headers = &parts.headers;
    if headers.contains_key(header::TRANSFER_ENCODING)
        && headers.contains_key(header::CONTENT_LENGTH)
    {
        return Err(bad("The request gives its length twice."));
    }
    let own = own_names(settings, line);
    let host = host(headers).ok_or_else(|| bad("The request needs one Host header."))?;
    let other = || {
        let detail = "The request is for another host.";
        ApiError::new(Code::Misdirected, detail).closing()
    };
    if !own.iter().any(|(_, name)| *name == host) {
        return Err(other());
    }
    if let Some(target) = parts.uri.authority() {
        let scheme = parts.uri.scheme_str().unwrap_or_default();
        let ours = |(own, name): &(&str, String)| *name == host && scheme == *own;
        if target.as_str().to_ascii_lowercase() != host || !own.iter().any(ours) {
            return Err(other());
        }
    }
    from_here(headers, &own)?;
    let used = |(_, name): &&(&str, String)| *name == host;
    let scheme = own.iter().find(used).map_or("http", |(scheme, _)| scheme);
    let base = settings.base.clone();
    Ok(Base(base.unwrap_or_else(|| format!("{scheme}://{host}"))))
}

/// The one host of a request in small letters; none when there is none, or more than one, or it is no host.
fn host(headers: &HeaderMap) -> Option<String> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return None;
    };
    let text = host.to_str().ok()?;
    let host: Authority = text.parse().ok()?;
    let plain = host.as_str() == text && !text.contains('@');
    plain.then(|| text.to_ascii_lowercase())
}

/// The names we are reached by, each with its scheme.
fn own_names(settings: &Settings, line: &Line) -> Vec<(&'static str, String)> {
    let scheme = if line.secure { "https" } else { "http" };
    let mut names = vec![(scheme, line.local.to_string())];
    if line.local.ip().is_loopback() {
        let port = line.local.port();
        for ip in [
            "127.0.0.1".to_owned(),
            "[::1]".to_owned(),
            "localhost".to_owned(),
        ] {
            names.push((scheme, format!("{ip}:{port}")));
        }
    }
    if let Some(base) = &settings.base {
        for scheme in ["https", "http"] {
            if let Some(name) = base
                .strip_prefix(scheme)
                .and_then(|rest| rest.strip_prefix("://"))
            {
                names.push((scheme, name.to_owned()));
            }
        }
    }
    names
}

/// A page may ask only where it came from. Nothing is allowed to a page of another site, so no header says so.
fn from_here(headers: &HeaderMap, own: &[(&str, String)]) -> Result<(), ApiError> {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let Some(origin) = origins.next() else {
        return Ok(());
    };
    let ours = |(scheme, name): &(&str, String)| {
        origin.as_bytes() == format!("{scheme}://{name}").as_bytes()
    };
    match origins.next().is_none() && own.iter().any(ours) {
        true => Ok(()),
        false => Err(ApiError::forbidden().closing()),
    }
}

/// Which of the addresses of a connection is the other's.
pub(super) fn peer(line: &Line) -> std::net::IpAddr {
    let address: SocketAddr = line.peer;
    address.ip().to_canonical()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::seats::Seat;
    use axum::http::Request;
    use std::sync::Arc;
    use std::time::Duration;

    fn settings(base: Option<&str>) -> Settings {
        Settings {
            listen: "127.0.0.1:8787".parse().unwrap(),
            base: base.map(str::to_owned),
            return_to: None,
            tls: None,
            token_life: Duration::from_hours(1),
            token_calls: 1,
            connections: 128,
            header_time: Duration::from_secs(5),
            body_time: Duration::from_secs(5),
            connection_time: Duration::from_secs(5),
        }
    }

    /// The status that the head gets: 200, or that of the refusal.
    fn status(base: Option<&str>, target: &str, headers: &[(&str, &str)]) -> u16 {
        let mut request = Request::builder().uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let line = Line {
            peer: "127.0.0.1:40000".parse().unwrap(),
            local: "127.0.0.1:8787".parse().unwrap(),
            secure: false,
            seat: Arc::<Seat>::default(),
        };
        let checked = check(&settings(base), &line, &parts);
        checked.map_or_else(|refused| refused.status().as_u16(), |_| 200)
    }

    #[test]
    fn only_our_own_names_are_hosts() {
        for (host, wanted) in [
            ("127.0.0.1:8787", 200),
            ("localhost:8787", 200),
            ("LOCALHOST:8787", 200),
            ("[::1]:8787", 200),
            ("127.0.0.1", 421),
            ("127.0.0.1:8788", 421),
            ("127.0.0.1:08787", 421),
            ("127.0.0.1.evil.test:8787", 421),
            ("localhost.:8787", 421),
            ("localhost.evil.test:8787", 421),
            ("evil.test", 421),
            ("2130706433:8787", 421),
            ("0x7f.1:8787", 421),
            ("127.1:8787", 421),
            ("0.0.0.0:8787", 421),
            ("[::ffff:127.0.0.1]:8787", 421),
            ("127.0.0.1:evil", 400),
            ("a@127.0.0.1:8787", 400),
            ("127.0.0.1:8787/x", 400),
            ("127.0.0.1:8787,127.0.0.1:8787", 400),
            ("", 400),
        ] {
            let found = status(None, "/users", &[("host", host)]);
            // what is no host and what is another's are both refused
            let refused = wanted >= 400 && matches!(found, 400 | 421);
            assert!(found == wanted || refused, "{host}: {found}");
        }
        assert_eq!(status(None, "/users", &[]), 400);
        let twice = [("host", "127.0.0.1:8787"), ("host", "127.0.0.1:8787")];
        assert_eq!(status(None, "/users", &twice), 400);
    }

    #[test]
    fn a_configured_base_is_a_name_of_ours() {
        let base = Some("https://api.example.test");
        assert_eq!(status(base, "/", &[("host", "api.example.test")]), 200);
        assert_eq!(status(base, "/", &[("host", "api.example.test:8787")]), 421);
        assert_eq!(status(None, "/", &[("host", "api.example.test")]), 421);
    }

    #[test]
    fn a_whole_address_as_target_has_to_be_ours() {
        let host = [("host", "127.0.0.1:8787")];
        for (target, wanted) in [
            ("http://127.0.0.1:8787/users", 200),
            ("http://localhost:8787/users", 421),
            ("http://evil.test/users", 421),
            ("https://127.0.0.1:8787/users", 421),
            ("http://127.0.0.1:8787@evil.test/users", 421),
        ] {
            assert_eq!(status(None, target, &host), wanted, "{target}");
        }
    }

    #[test]
    fn no_page_of_another_site_asks() {
        for (origin, wanted) in [
            ("http://127.0.0.1:8787", 200),
            ("http://localhost:8787", 200),
            ("null", 403),
            ("http://evil.test", 403),
            ("http://localhost:8788", 403),
            ("https://127.0.0.1:8787", 403),
            ("http://127.0.0.1:8787.evil.test", 403),
            ("", 403),
        ] {
            let headers = [("host", "127.0.0.1:8787"), ("origin", origin)];
            assert_eq!(status(None, "/users", &headers), wanted, "{origin}");
        }
    }

    #[test]
    fn lengths_are_limited_and_given_once() {
        let host = ("host", "127.0.0.1:8787");
        let long = format!("/{}", "a".repeat(LONGEST));
        assert_eq!(status(None, &long, &[host]), 414);
        let both = [
            host,
            ("transfer-encoding", "chunked"),
            ("content-length", "1"),
        ];
        assert_eq!(status(None, "/users", &both), 400);
    }
}
