//! The HTTP client. It sends only to addresses that were looked at: over verified TLS, or plainly to this machine. It
//! follows no redirect, uses no proxy, reads only the beginning of an answer, and ends in time.

use reqwest::redirect::Policy;
use reqwest::{ClientBuilder, Method, Url, retry};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

/// The longest address, in bytes.
const LONGEST: usize = 2_048;

/// How much of an answer is read, in bytes.
const READ: usize = 16 * 1024;

/// The one name that plain HTTP may go to. It is never looked up.
const THIS_MACHINE: &str = "localhost";

/// What is wrong with an address, and what went wrong when something was sent to it. No text holds the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Error {
    #[error("the address is not one that can be sent to")]
    NoAddress,
    #[error("plain HTTP goes to this machine only; use https")]
    NotEncrypted,
    #[error("an address holds no user name, password or fragment")]
    NotPlain,
    #[error("no answer in time")]
    TimedOut,
    #[error("no connection")]
    NotReached,
    #[error("the certificate is not trusted")]
    NotTrusted,
    #[error("the connection ended before the answer")]
    Broken,
    #[error("the client cannot be made on this machine")]
    NoClient,
}

/// An address that may be sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address(Url);

impl Address {
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        if text.len() > LONGEST {
            return Err(Error::NoAddress);
        }
        let url = Url::parse(text).map_err(|_| Error::NoAddress)?;
        let host = url.host_str().filter(|host| !host.is_empty());
        let host = host.ok_or(Error::NoAddress)?;
        match url.scheme() {
            "https" => {}
            "http" if here(host) => {}
            "http" => return Err(Error::NotEncrypted),
            _ => return Err(Error::NoAddress),
        }
        let bare = url.username().is_empty() && url.password().is_none();
        match bare && url.fragment().is_none() {
            true => Ok(Self(url)),
            false => Err(Error::NotPlain),
        }
    }
}

/// Whether this is a name of this machine that no other machine can have.
fn here(host: &str) -> bool {
    let number = host.trim_start_matches('[').trim_end_matches(']');
    let loopback = number
        .parse::<IpAddr>()
        .is_ok_and(|ip| ip.to_canonical().is_loopback());
    loopback || host == THIS_MACHINE
}

/// What every client of this program has: no redirect, no second try by itself, no proxy, and TLS whose certificates are
/// verified.
pub(crate) fn careful() -> ClientBuilder {
    // another one in this process has installed the same
    let _ = rustls::crypto::ring::default_provider().install_default();
    let here = [
        IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(Ipv6Addr::LOCALHOST),
    ];
    let here = here.map(|ip| SocketAddr::new(ip, 0));
    reqwest::Client::builder()
        .redirect(Policy::none())
        .retry(retry::never())
        .no_proxy()
        .referer(false)
        .resolve_to_addrs(THIS_MACHINE, &here)
        .user_agent(concat!("switchboard/", env!("CARGO_PKG_VERSION")))
}

pub(crate) struct Outgoing<'a> {
    pub(crate) headers: &'a [(&'static str, &'a str)],
    pub(crate) body: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The usual words for the status; empty when it has none.
    pub(crate) reason: &'static str,
}

#[derive(Clone)]
pub(crate) struct Client(reqwest::Client);

impl Client {
    /// Each request has to be answered within this time, from its first step to the last byte.
    pub(crate) fn new(time: Duration) -> Result<Self, Error> {
        let made = careful().http1_only().timeout(time).build();
        made.map(Self).map_err(|_| Error::NoClient)
    }

    pub(crate) async fn post(&self, to: &Address, sent: Outgoing<'_>) -> Result<Answer, Error> {
        let mut request = self.0.request(Method::POST, to.0.clone());
        for (name, value) in sent.headers {
            request = request.header(*name, *value);
        }
        let answered = request.body(sent.body).send().await;
        let mut answered = answered.map_err(|error| told(&error))?;
        // a connection whose answer was read can be used again; what does not come changes nothing
        let mut read = 0;
        while read < READ
            && let Ok(Some(chunk)) = answered.chunk().await
        {
            read += chunk.len();
        }
        Ok(Answer {
            status: answered.status().as_u16(),
            reason: answered.status().canonical_reason().unwrap_or_default(),
        })
    }
}

/// What happened, without the address and the words of the library.
fn told(error: &reqwest::Error) -> Error {
    match error {
        error if is_of_tls(error) => Error::NotTrusted,
        error if error.is_timeout() => Error::TimedOut,
        error if error.is_connect() => Error::NotReached,
        _ => Error::Broken,
    }
}

/// Whether an error comes from TLS. One of the system may hold another one without naming it as its source.
fn is_of_tls(error: &(dyn std::error::Error + 'static)) -> bool {
    let held = error.downcast_ref::<std::io::Error>();
    let held = held.and_then(|io| io.get_ref());
    error.is::<rustls::Error>()
        || held.is_some_and(|inner| is_of_tls(inner))
        || error.source().is_some_and(is_of_tls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_encrypted_or_of_this_machine() {
        let long = format!("https://a.test/{}", "x".repeat(LONGEST));
        for (text, read) in [
            ("https://a.example.test/hook?x=1", Ok(())),
            ("https://192.168.1.2:8443/", Ok(())),
            ("http://127.0.0.1:9000/hook", Ok(())),
            ("http://127.8.8.8/", Ok(())),
            ("http://[::1]:9000/", Ok(())),
            ("http://[::ffff:127.0.0.1]/", Ok(())),
            ("http://localhost/", Ok(())),
            // what a browser reads as 127.0.0.1
            ("http://2130706433/", Ok(())),
            ("http://localhost./", Err(Error::NotEncrypted)),
            ("http://localhost.example.test/", Err(Error::NotEncrypted)),
            ("http://127.0.0.1.example.test/", Err(Error::NotEncrypted)),
            ("http://a.example.test/", Err(Error::NotEncrypted)),
            ("http://10.0.0.1/", Err(Error::NotEncrypted)),
            ("http://0.0.0.0/", Err(Error::NotEncrypted)),
            ("https://u:p@a.test/", Err(Error::NotPlain)),
            ("https://u@a.test/", Err(Error::NotPlain)),
            ("https://a.test/#x", Err(Error::NotPlain)),
            ("ftp://a.test/", Err(Error::NoAddress)),
            ("file:///etc/passwd", Err(Error::NoAddress)),
            ("//a.test/", Err(Error::NoAddress)),
            ("https://", Err(Error::NoAddress)),
            ("a.test", Err(Error::NoAddress)),
            ("", Err(Error::NoAddress)),
            (&long, Err(Error::NoAddress)),
        ] {
            assert_eq!(Address::parse(text).map(drop), read, "{text}");
        }
    }
}
