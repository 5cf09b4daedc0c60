//! How the server is to listen, and what it refuses to listen on.

use super::Error;
use axum::http::Uri;
use axum::http::uri::Scheme;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) listen: SocketAddr,
    /// What links begin with, without a slash at its end; none for the host that the client used.
    pub(crate) base: Option<String>,
    /// Where the consent page sends the user in the end; none for a page of its own.
    pub(crate) return_to: Option<Uri>,
    pub(crate) tls: Option<TlsFiles>,
    pub(crate) token_life: Duration,
    pub(crate) token_calls: u32,
    pub(crate) connections: usize,
    pub(crate) header_time: Duration,
    pub(crate) body_time: Duration,
    pub(crate) connection_time: Duration,
}

#[derive(Clone, Debug)]
pub(crate) struct TlsFiles {
    pub(crate) cert: PathBuf,
    pub(crate) key: PathBuf,
}

/// Reads an address to listen on. Another one than loopback has to be protected, or said to need no protection.
pub(crate) fn address(text: &str, protected: bool) -> Result<SocketAddr, Error> {
    let text = text.trim();
    let Ok(address) = text.parse::<SocketAddr>() else {
        let (host, port) = text.rsplit_once(':').unwrap_or((text, ""));
        return Err(match port.parse::<u16>() {
            Err(_) => Error::NoAddress { text: text.into() },
            Ok(_) => Error::NoNumber { host: host.into() },
        });
    };
    let mapped = |ip: IpAddr| ip.to_canonical() != ip;
    if mapped(address.ip()) || !(address.ip().is_loopback() || protected) {
        return Err(Error::Open { address });
    }
    Ok(address)
}

/// Reads what links are to begin with: scheme and host, perhaps a path before all of ours.
pub(crate) fn base(text: &str) -> Result<Option<String>, Error> {
    let text = text.trim().trim_end_matches('/');
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || Error::NoBase { text: text.into() };
    let uri: Uri = text.parse().map_err(|_| wrong())?;
    let scheme = of_web(&uri);
    let host = uri.authority().is_some_and(|a| !a.as_str().contains('@'));
    let plain = uri.query().is_none() && matches!(uri.path(), "" | "/");
    match scheme && host && plain {
        true => Ok(Some(text.to_ascii_lowercase())),
        false => Err(wrong()),
    }
}

/// Reads where the consent page sends the user in the end; what comes of it is added to its query.
pub(crate) fn return_to(text: &str) -> Result<Option<Uri>, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || Error::NoReturn { text: text.into() };
    let uri: Uri = text.parse().map_err(|_| wrong())?;
    let host = uri.authority().is_some_and(|a| !a.as_str().contains('@'));
    match host && of_web(&uri) {
        true => Ok(Some(uri)),
        false => Err(wrong()),
    }
}

fn of_web(uri: &Uri) -> bool {
    uri.scheme()
        .is_some_and(|s| *s == Scheme::HTTP || *s == Scheme::HTTPS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_is_listened_on_unprotected() {
        for (text, open, exit) in [
            ("127.0.0.1:8787", true, 0),
            ("127.0.0.1:0", true, 0),
            ("[::1]:8787", true, 0),
            ("0.0.0.0:8787", false, 9),
            ("[::]:8787", false, 9),
            ("192.168.1.2:8787", false, 9),
            ("[::ffff:127.0.0.1]:8787", false, 9),
            ("0:8787", false, 9),
            ("localhost:8787", false, 9),
            ("example.test:80", false, 9),
            ("127.0.0.1", false, 2),
            ("127.0.0.1:70000", false, 2),
            ("127.0.0.1:-1", false, 2),
            ("127.0.0.1:http", false, 2),
            ("8787", false, 2),
            ("", false, 2),
        ] {
            let read = address(text, false);
            assert_eq!(read.is_ok(), open, "{text}");
            assert_eq!(read.map_or_else(|e| e.exit(), |_| 0), exit, "{text}");
        }
        assert!(address("0.0.0.0:8787", true).is_ok());
        // it would be loopback by another name, for whoever compares names
        assert!(address("[::ffff:127.0.0.1]:8787", true).is_err());
    }

    #[test]
    fn a_base_is_scheme_and_host() {
        for (text, read) in [
            ("", Some(None)),
            (
                "https://Api.example.test/",
                Some(Some("https://api.example.test")),
            ),
            ("http://127.0.0.1:8787", Some(Some("http://127.0.0.1:8787"))),
            ("ftp://x", None),
            ("api.example.test", None),
            ("https://user@x", None),
            ("https://x/path", None),
            ("https://x?a", None),
        ] {
            let found = base(text).ok();
            assert_eq!(found, read.map(|r| r.map(str::to_owned)), "{text}");
        }
    }

    #[test]
    fn a_user_is_sent_back_to_an_address_of_the_web() {
        for (text, fits) in [
            ("", true),
            ("https://app.example.test/done?from=bank", true),
            ("http://127.0.0.1:3000/", true),
            ("javascript:alert(1)", false),
            ("/done", false),
            ("https://user@x/", false),
        ] {
            assert_eq!(return_to(text).is_ok(), fits, "{text}");
        }
        assert!(return_to("").unwrap().is_none());
    }
}
