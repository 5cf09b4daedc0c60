//! One request: its head is checked, its body read, then it is routed and answered.

use super::accept::Serving;
use super::error::{ApiError, Code};
use super::guard::{self, Base};
use super::seats::Seat;
use super::state::App;
use axum::body::{Body, Bytes};
use axum::extract::MatchedPath;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::time::timeout;
use tower::ServiceExt as _;

/// The largest body, in bytes.
const LARGEST: usize = 64 * 1024;

/// How much of a body that is too large is read.
const FORGOTTEN: usize = 4 * LARGEST;

/// The connection that a request came by.
#[derive(Clone)]
pub(super) struct Line {
    pub(super) peer: SocketAddr,
    /// Our end of it.
    pub(super) local: SocketAddr,
    pub(super) secure: bool,
    pub(super) seat: Arc<Seat>,
}

/// What is told of an answer: the route and not the address, so that no id is in a log.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    pub(crate) method: String,
    pub(crate) route: String,
    pub(crate) status: u16,
    pub(crate) took_ms: i64,
    /// What an error answer names; empty for others.
    pub(crate) correlation: String,
}

/// The route of the answer, passed back from where it is known.
#[derive(Clone)]
pub(super) struct Route(pub(super) String);

/// Marks an answer that is a page, also when it tells of an error.
#[derive(Clone, Copy)]
pub(super) struct ForPeople;

pub(super) async fn answer(serving: &Serving, line: Line, asked: Request<Incoming>) -> Response {
    let app = &serving.app;
    let (method, began) = (asked.method().to_string(), app.ops.now());
    let _busy = line.seat.busy();
    let mut response = match prepared(app, line, asked).await {
        Ok(request) => match serving.router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        },
        Err(refused) => refused.into_response(),
    };
    let correlation = finish(app, &mut response);
    let route = response.extensions_mut().remove::<Route>();
    let told = Answered {
        method,
        route: route.map_or_else(|| "-".to_owned(), |route| route.0),
        status: response.status().as_u16(),
        took_ms: app.ops.now().since(began),
        correlation,
    };
    app.requests.count(&told);
    // whoever reads the log may be slow or gone
    let _ = serving.answered.try_send(told);
    response
}

/// Gives an error its document and every answer its headers. Answers the correlation id of an error.
fn finish(app: &App, response: &mut Response) -> String {
    let mut correlation = String::new();
    let status = response.status();
    let page = response.extensions_mut().remove::<ForPeople>().is_some();
    if !page && (status.is_client_error() || status.is_server_error()) {
        let ours = response.extensions_mut().remove::<ApiError>();
        let error = ours.unwrap_or_else(|| ApiError::of_status(status));
        correlation = app.ops.clock.fresh_id();
        let mut written = error.rendered(&correlation);
        let allow = response.headers_mut().remove(header::ALLOW);
        if let Some(allow) = allow {
            written.headers_mut().insert(header::ALLOW, allow);
        }
        if let Some(route) = response.extensions_mut().remove::<Route>() {
            written.extensions_mut().insert(route);
        }
        *response = written;
    }
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    correlation
}

/// Checks the head and reads the body, before anything looks at what is asked for.
async fn prepared(
    app: &App,
    line: Line,
    asked: Request<Incoming>,
) -> Result<Request<Body>, ApiError> {
    let (mut parts, body) = asked.into_parts();
    let base = guard::check(&app.settings, &line, &parts)?;
    let body = whole(app, &parts.headers, body).await?;
    without_last_slash(&mut parts);
    parts.extensions.insert(base);
    parts.extensions.insert(line);
    Ok(Request::from_parts(parts, Body::from(body)))
}

async fn whole(app: &App, headers: &HeaderMap, body: Incoming) -> Result<Bytes, ApiError> {
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|v| v.to_str().ok());
    let announced = announced.and_then(|text| text.parse::<u64>().ok());
    if announced.is_some_and(|bytes| bytes > LARGEST as u64) {
        return Err(ApiError::too_large());
    }
    match timeout(app.settings.body_time, gathered(body)).await {
        Ok(Ok(Some(read))) => Ok(read.into()),
        Ok(Ok(None)) => Err(ApiError::too_large()),
        Ok(Err(_)) => {
            let detail = "The body of the request cannot be read.";
            Err(ApiError::new(Code::RequestNotValid, detail).closing())
        }
        Err(_) => {
            let detail = "The body of the request did not come in time.";
            Err(ApiError::new(Code::RequestTimeout, detail).closing())
        }
    }
}

/// The whole body; none when it is too large. A little of what is too much is read and forgotten: to close on what is
/// still being sent would take the answer away from the client.
async fn gathered(mut body: Incoming) -> Result<Option<Vec<u8>>, hyper::Error> {
    let (mut held, mut seen) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else {
            continue;
        };
        seen += data.len();
        if seen <= LARGEST {
            held.extend_from_slice(&data);
        } else if seen > FORGOTTEN {
            break;
        }
    }
    Ok((seen <= LARGEST).then_some(held))
}

/// Clients may write a slash after the address of a list.
fn without_last_slash(parts: &mut Parts) {
    let path = parts.uri.path();
    let short = path.trim_end_matches('/');
    if short.is_empty() || short.len() == path.len() {
        return;
    }
    let written = match parts.uri.query() {
        Some(query) => format!("{short}?{query}"),
        None => short.to_owned(),
    };
    if let Ok(uri) = written.parse() {
        parts.uri = uri;
    }
}

/// Notes the route in the answer, for the log.
pub(super) async fn noted(request: Request<Body>, next: axum::middleware::Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| Route(path.as_str().to_owned()));
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}

/// What a request carries from the guard.
pub(super) fn base(parts: &Parts) -> Result<Base, ApiError> {
    parts
        .extensions
        .get::<Base>()
        .cloned()
        .ok_or_else(ApiError::internal)
}

pub(super) fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}
