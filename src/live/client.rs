//! One call over HTTP, within limits: verified certificates, no redirects, time-outs on connecting, on the head and on
//! the body, and answers of a bounded size.

use crate::domain::platform_address::is_loopback;
use crate::domain::secret::Secret;
use crate::domain::text::Shown;
use crate::http_client;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Method, Response, StatusCode};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

const CONNECT: Duration = Duration::from_secs(10);

/// How long may pass without a byte of the answer.
const SILENCE: Duration = Duration::from_secs(30);

const WHOLE: Duration = Duration::from_mins(2);

/// A longer answer is cut off.
const LONGEST: usize = 64 << 20;

/// Of all answers that are read at a time one may be longer than this; the others wait for it.
const SHORT: usize = 1 << 20;

/// Headers by which platforms name an answer.
const CORRELATION: [&str; 3] = ["x-correlation-id", "correlation-id", "x-request-id"];

/// What is said of an answer that was cut off.
pub(super) const TOO_LONG: &str = "is longer than 64 MiB, and was cut off";

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// Nothing was sent.
    #[error("{host} cannot be reached: {why}")]
    Unreachable { host: String, why: String },
    /// The call was sent, and no whole answer came.
    #[error("{host} gave no whole answer: {why}")]
    Lost { host: String, why: String },
    /// It was cut off. What it says is not known, but for its status.
    #[error("{host} gave an answer that {}", TOO_LONG)]
    TooLong { host: String, status: u16 },
    #[error("{host} answered HTTP {status}: {said}")]
    Unexpected {
        host: String,
        status: u16,
        said: String,
    },
    /// The platform is asked too much. `wait` is its `Retry-After`.
    #[error("{host} answered HTTP {status}: too many calls; try again later")]
    Slowed {
        host: String,
        status: u16,
        wait: Option<String>,
    },
    #[error("{host} does not accept the key: {said}")]
    KeyRefused { host: String, said: String },
    #[error("this program cannot call over TLS: {0}")]
    Unable(String),
    #[error(transparent)]
    Ops(#[from] crate::ops::Error),
}

pub(super) enum Body {
    None,
    Json(Secret),
    Form(&'static str),
}

/// Which header lets a call in.
pub(super) enum Pass<'a> {
    Key(&'a Secret),
    Token(&'a Secret),
}

pub(super) struct Answer {
    pub(super) status: u16,
    /// Wiped when it is dropped: it may hold what a bank knows of a person.
    pub(super) body: Zeroizing<Vec<u8>>,
    pub(super) correlation: String,
    pub(super) retry_after: Option<String>,
}

/// Calls one platform.
#[derive(Clone)]
pub(super) struct Caller {
    http: Client,
    address: String,
    host: String,
    long: Arc<Semaphore>,
}

impl Caller {
    pub(super) fn new(address: &str, host: &str) -> Result<Self, Error> {
        let http = http_client::careful()
            .https_only(!is_loopback(address))
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .timeout(WHOLE)
            .build()
            .map_err(|error| Error::Unable(cause(&error)))?;
        Ok(Self {
            http,
            address: address.to_owned(),
            host: host.to_owned(),
            long: Arc::new(Semaphore::new(1)),
        })
    }

    pub(super) fn host(&self) -> &str {
        &self.host
    }

    pub(super) async fn call(
        &self,
        method: Method,
        path: &str,
        pass: Pass<'_>,
        body: Body,
    ) -> Result<Answer, Error> {
        let mut headers = HeaderMap::new();
        let (word, secret) = match &pass {
            Pass::Key(key) => ("Basic", key),
            Pass::Token(token) => ("Bearer", token),
        };
        let text = Zeroizing::new(format!("{word} {}", secret.expose()));
        let mut value = HeaderValue::from_str(&text).map_err(|_| {
            Error::Unable("the key holds characters that no header may hold".into())
        })?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
        if matches!(pass, Pass::Key(_)) {
            headers.insert("basiq-version", HeaderValue::from_static("3.0"));
        }
        let url = format!("{}{path}", self.address);
        let mut request = self.http.request(method, url).headers(headers);
        request = match body {
            Body::None => request,
            Body::Json(json) => request
                .header(CONTENT_TYPE, "application/json")
                .body(json.expose().to_owned()),
            Body::Form(form) => request
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form),
        };
        let response = request.send().await.map_err(|error| self.failed(&error))?;
        let header = |name: &str| {
            let found = response.headers().get(name)?.to_str().ok()?;
            Some(Shown::of_limited(found, 80).into_plain())
        };
        let mut answer = Answer {
            status: response.status().as_u16(),
            body: Zeroizing::default(),
            correlation: CORRELATION
                .iter()
                .find_map(|name| header(name))
                .unwrap_or_default(),
            retry_after: header(RETRY_AFTER.as_str()),
        };
        answer.body = self.body(response).await?;
        if answer.status >= StatusCode::BAD_REQUEST.as_u16() && answer.correlation.is_empty() {
            answer.correlation = crate::wire::remote::said(&answer.body).correlation;
        }
        Ok(answer)
    }

    /// The whole of an answer, unless it says or turns out to be too long.
    async fn body(&self, mut response: Response) -> Result<Zeroizing<Vec<u8>>, Error> {
        let too_long = Error::TooLong {
            host: self.host.clone(),
            status: response.status().as_u16(),
        };
        let announced = response.content_length().unwrap_or_default();
        if usize::try_from(announced).is_ok_and(|length| length > LONGEST) {
            return Err(too_long);
        }
        let mut body = Zeroizing::new(Vec::new());
        let mut turn = None;
        while let Some(part) = response.chunk().await.map_err(|error| self.lost(&error))? {
            let length = body.len() + part.len();
            if length > LONGEST {
                return Err(too_long);
            }
            if length > SHORT && turn.is_none() {
                turn = self.long.acquire().await.ok();
            }
            if length > body.capacity() {
                let room = (2 * length).min(LONGEST) - body.len();
                body.reserve_exact(room);
            }
            body.extend_from_slice(&part);
        }
        Ok(body)
    }

    fn failed(&self, error: &reqwest::Error) -> Error {
        match error.is_connect() || error.is_builder() {
            true => Error::Unreachable {
                host: self.host.clone(),
                why: cause(error),
            },
            false => self.lost(error),
        }
    }

    fn lost(&self, error: &reqwest::Error) -> Error {
        Error::Lost {
            host: self.host.clone(),
            why: cause(error),
        }
    }
}

/// The innermost reason, without the address that was called.
fn cause(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "it took too long".into();
    }
    let mut at: &dyn std::error::Error = error;
    while let Some(source) = at.source() {
        at = source;
    }
    Shown::of_limited(&at.to_string(), 160).into_plain()
}
