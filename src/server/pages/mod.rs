//! The consent page: what a user sees who was sent an auth link, or by an app that opened the flow with a client token
//! (docs/domain.md 7 and 8). Plain HTML without scripts; every form carries a token of its sitting, and every act is the
//! operation that the commands use.
//!
//! `entrance` opens a sitting, which is a signed cookie (`sitting`); the other files are its pages, and `html` draws them.

pub(super) mod banks;
pub(super) mod connection;
pub(super) mod entrance;
pub(super) mod finish;
mod html;
pub(super) mod job;
pub(super) mod manage;
mod sitting;

use super::error::{ApiError, Code};
use super::request::ForPeople;
use super::state::App;
use crate::ops;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use maud::Markup;

/// What the handlers of pages answer.
type Shown = Result<Response, Trouble>;

/// A page that says why something cannot be done.
pub(super) struct Trouble {
    status: StatusCode,
    title: &'static str,
    words: String,
}

impl Trouble {
    fn new(status: StatusCode, title: &'static str, words: impl Into<String>) -> Self {
        Self {
            status,
            title,
            words: words.into(),
        }
    }

    fn gone() -> Self {
        let words =
            "This link was used, has lapsed, or was replaced by a newer one. Ask for a new link.";
        Self::new(StatusCode::GONE, "This link is no longer good", words)
    }

    fn not_here() -> Self {
        let words = "There is no such page, or it belongs to somebody else.";
        Self::new(StatusCode::NOT_FOUND, "Not found", words)
    }
}

/// The status is that of the API's answer for the same error.
impl From<ApiError> for Trouble {
    fn from(error: ApiError) -> Self {
        if error.code == Code::NoLongerAvailable {
            return Self::gone();
        }
        if error.code == Code::NotFound {
            return Self::not_here();
        }
        let words = error.detail.clone().into_owned();
        Self::new(error.status(), "That could not be done", words)
    }
}

impl From<ops::Error> for Trouble {
    fn from(error: ops::Error) -> Self {
        ApiError::from(error).into()
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        shown(self.status, html::trouble(self.title, &self.words))
    }
}

fn shown(status: StatusCode, page: Markup) -> Response {
    let mut response = (status, page.into_string()).into_response();
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, html);
    response.extensions_mut().insert(ForPeople);
    response
}

fn page(page: Markup) -> Response {
    shown(StatusCode::OK, page)
}

/// Sends the browser on, by GET.
fn go(to: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    match HeaderValue::from_str(to) {
        Ok(to) => {
            response.headers_mut().insert(header::LOCATION, to);
            response
        }
        Err(_) => ApiError::internal().into_response(),
    }
}

pub(super) async fn style() -> Response {
    let mut response = include_str!("style.css").into_response();
    let css = HeaderValue::from_static("text/css; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, css);
    response
}

/// The headers of every page: no script, no frame, nothing of another site, and forms only to us and to where the user
/// is sent in the end.
pub(super) async fn dressed(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let onward = app.settings.return_to.as_ref().map(|to| {
        let scheme = to.scheme_str().unwrap_or_default();
        let host = to.authority().map_or("", |host| host.as_str());
        format!(" {scheme}://{host}")
    });
    let policy = format!(
        "default-src 'none'; style-src 'self'; form-action 'self'{}; frame-ancestors 'none'; base-uri 'none'",
        onward.unwrap_or_default()
    );
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    for (name, value) in [
        (header::X_FRAME_OPTIONS, "DENY"),
        // `no-referrer` would take the origin from our own forms
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    for (name, value) in [
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
