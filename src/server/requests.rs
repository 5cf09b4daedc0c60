//! `Idempotency-Key`: a POST that is sent again with the same key is carried out once and answered the same. What is known
//! of it is in the file, so that it holds after a kill and for every server on the database.

use super::auth::{self, Access};
use super::error::{ApiError, Code};
use super::resources::own::{self, plans};
use super::state::App;
use crate::documents;
use crate::domain::ids::{ConnectionId, JobId, UserId, WebhookId};
use crate::domain::job::State;
use crate::domain::mask::Level;
use crate::domain::request::{Answer, Turn};
use crate::wire::write;
use axum::body::{Body, Bytes};
use axum::extract::{self, MatchedPath};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, Request, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http_body_util::BodyExt as _;
use serde_json::Value;

pub(super) const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// Says of an answer that it is that of an earlier request.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The longest key, in bytes.
const LONGEST: usize = 255;

/// The paths whose answers hold personal data or a secret: they are written anew when they are given again.
const PERSONAL: [&str; 6] = [
    "/users",
    "/users/{userId}",
    "/users/{userId}/auth_link",
    "/notifications/webhooks",
    "/notifications/webhooks/{webhookId}",
    "/switchboard/v1/connections/{connectionId}/notes",
];

/// The path that needs no token, so that nobody is known who could send it again.
const TOKEN: &str = "/token";

pub(super) async fn once(
    extract::State(app): extract::State<App>,
    request: Request<Body>,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    match key(&parts) {
        Ok(None) => next.run(Request::from_parts(parts, body)).await,
        Ok(Some(key)) => {
            let answered = with_key(&app, &key, parts, body, next).await;
            answered.unwrap_or_else(|error| error.into_response())
        }
        Err(error) => error.into_response(),
    }
}

fn key(parts: &Parts) -> Result<Option<HeaderValue>, ApiError> {
    let mut given = parts.headers.get_all(HEADER).iter();
    let Some(key) = given.next() else {
        return Ok(None);
    };
    if parts.method != Method::POST || parts.uri.path() == TOKEN {
        return Ok(None);
    }
    let fits =
        (1..=LONGEST).contains(&key.len()) && key.as_bytes().iter().all(u8::is_ascii_graphic);
    match fits && given.next().is_none() {
        true => Ok(Some(key.clone())),
        false => {
            let detail = "Idempotency-Key value is not valid";
            let wrong = ApiError::new(Code::ParameterNotValid, detail);
            Err(wrong.parameter("Idempotency-Key"))
        }
    }
}

async fn with_key(
    app: &App,
    key: &HeaderValue,
    mut parts: Parts,
    body: Body,
    next: Next,
) -> Result<Response, ApiError> {
    let access = auth::access(app, &parts).await?;
    let body = body.collect().await.map_err(|_| ApiError::internal())?;
    let body = body.to_bytes();
    let target = parts.uri.path_and_query().map_or("", |it| it.as_str());
    let digest = app.signer.digest(&[access.who.as_bytes(), key.as_bytes()]);
    let content = app.signer.digest(&[target.as_bytes(), &body]);
    let (Some(digest), Some(content)) = (digest, content) else {
        return Err(ApiError::internal());
    };
    let mark = match access.ops.take_up_request(digest, content).await? {
        Turn::Begin(mark) => mark,
        Turn::Other => {
            let detail = "The Idempotency-Key was used for another request. Nothing was done.";
            return Err(ApiError::new(Code::KeyUsed, detail));
        }
        Turn::Busy(_) => {
            let detail = "The request is still being carried out. Send it again later.";
            return Err(ApiError::new(Code::InProgress, detail));
        }
        Turn::Again { answer, did } => return again(app, &access, answer, did).await,
        Turn::Unanswered {
            mark,
            action,
            target,
            job,
        } => match rebuilt(app, &access, &action, &target, job).await? {
            Some((status, document)) => {
                let text = text(&document);
                kept(&access, &mark, &parts, status, &text).await;
                return Ok(replayed(status, text));
            }
            // doing it again joins what was begun
            None => mark,
        },
    };
    parts.extensions.insert(mark.clone());
    let route = parts.clone();
    let request = Request::from_parts(parts, Body::from(body));
    let response = access.ops.keeping_request(&mark, next.run(request)).await;
    let (head, body) = response.into_parts();
    if !head.status.is_success() {
        // one that was refused before it did anything may be tried again; what cannot be forgotten ends by its lease
        let _ = access.ops.drop_request(&mark).await;
        return Ok(Response::from_parts(head, body));
    }
    let body = body.collect().await.map_err(|_| ApiError::internal())?;
    let body: Bytes = body.to_bytes();
    let text = String::from_utf8_lossy(&body);
    kept(&access, &mark, &route, head.status, &text).await;
    Ok(Response::from_parts(head, Body::from(body)))
}

async fn kept(
    access: &Access,
    mark: &crate::domain::request::Mark,
    parts: &Parts,
    status: StatusCode,
    text: &str,
) {
    let route = parts.extensions.get::<MatchedPath>();
    let personal = route.is_none_or(|route| PERSONAL.contains(&route.as_str()));
    let answer = Answer {
        status: status.as_u16(),
        text: (!personal).then(|| text.to_owned()),
    };
    // when it cannot be written, a second request finds what was done without its answer
    let _ = access.ops.answer_request(mark, answer).await;
}

/// The answer that was given before.
async fn again(
    app: &App,
    access: &Access,
    answer: Answer,
    did: Option<(String, String)>,
) -> Result<Response, ApiError> {
    let status = StatusCode::from_u16(answer.status).map_err(|_| ApiError::internal())?;
    if let Some(text) = answer.text {
        return Ok(replayed(status, text));
    }
    let (action, target) = did.unwrap_or_default();
    let written = rebuilt(app, access, &action, &target, None).await?;
    let text = written.map_or_else(String::new, |(_, document)| text(&document));
    Ok(replayed(status, text))
}

/// The body of an answer; `null` stands for none.
fn text(document: &Value) -> String {
    match document {
        Value::Null => String::new(),
        document => document.to_string(),
    }
}

fn replayed(status: StatusCode, text: String) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    if !text.is_empty() {
        let json = HeaderValue::from_static("application/json");
        headers.insert(header::CONTENT_TYPE, json);
        *response.body_mut() = Body::from(text);
    }
    response
}

/// The answer to what was done, by the word of the audit; none for what is done again without harm.
async fn rebuilt(
    app: &App,
    access: &Access,
    action: &str,
    target: &str,
    job: Option<JobId>,
) -> Result<Option<(StatusCode, Value)>, ApiError> {
    let (ops, base) = (&access.ops, access.at());
    Ok(match (action, job) {
        ("user-create", _) => {
            let whole = ops.user_whole(&UserId::from(target)).await?;
            Some((StatusCode::CREATED, write::user_made(base, &whole)))
        }
        ("user-update", _) => {
            let whole = ops.user_whole(&UserId::from(target)).await?;
            Some((StatusCode::OK, write::user_made(base, &whole)))
        }
        ("auth-link-create", _) => {
            let link = ops.auth_link_whole(&UserId::from(target)).await?;
            Some((StatusCode::CREATED, write::auth_link(base, &link)))
        }
        ("webhook-create" | "webhook-update", _) => {
            let (webhook, secret) = ops.webhook_told(&WebhookId::from(target)).await?;
            let status = match action {
                "webhook-create" => StatusCode::CREATED,
                _ => StatusCode::OK,
            };
            Some((status, write::webhook(base, &webhook, Some(&secret))))
        }
        ("note", _) => {
            let note = ops.own_note(&target.into(), Level::default()).await?;
            note.map(|note| (StatusCode::CREATED, documents::note(&note)))
        }
        ("plan", _) => {
            let document = plans::first_page(access, app, &target.into()).await?;
            Some((StatusCode::CREATED, document))
        }
        ("webhook-test", _) => Some((StatusCode::CREATED, Value::Null)),
        ("hold" | "release", _) => {
            let hold = ops.hold(&target.into()).await?;
            let status = match action {
                "hold" => StatusCode::CREATED,
                _ => StatusCode::OK,
            };
            Some((status, documents::hold(&hold, ops.now())))
        }
        ("take" | "snooze", _) => {
            let id = ConnectionId::from(target);
            let user = ops.owner_of(&id).await?;
            let row = ops.connection_of(&user, &id).await?;
            Some((StatusCode::OK, documents::handling(&row)))
        }
        ("cancel", Some(job)) => {
            let job = ops.job(&job).await?;
            let document = own::document(&documents::job(&job))?;
            Some((StatusCode::OK, document))
        }
        ("cancel", None) => {
            let document = plans::first_page(access, app, &target.into()).await?;
            Some((StatusCode::OK, document))
        }
        // one that is not at its end is joined
        ("purge", Some(job)) => {
            let over = ops.job(&job).await?.state == State::Succeeded;
            over.then_some((StatusCode::NO_CONTENT, Value::Null))
        }
        ("connect" | "answer", Some(job)) => {
            let job = ops.job(&job).await?;
            Some((StatusCode::ACCEPTED, write::short_job(base, &job)))
        }
        _ => None,
    })
}
