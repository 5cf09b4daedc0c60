//! Webhooks, their messages and figures (docs/domain.md 10.4).

use super::{Answer, Done, Made};
use crate::domain::ids::{MessageId, WebhookId};
use crate::domain::query::reference::{self, Condition};
use crate::domain::webhook::{Given, NOT_VALID, State};
use crate::ops::MessageFilter;
use crate::server::auth::{Acts, Reads};
use crate::server::body::Fields;
use crate::server::error::{ApiError, Code};
use crate::server::page;
use crate::server::params::{Ids, Names, Query};
use crate::server::state::App;
use crate::wire::write;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;

fn not_valid() -> ApiError {
    ApiError::new(Code::InvalidContent, NOT_VALID.0)
}

fn fields(headers: &HeaderMap, body: &[u8]) -> Result<Fields, ApiError> {
    Fields::read("webhook", headers, body).map_err(|error| match error.code {
        Code::InvalidContent => not_valid(),
        _ => error,
    })
}

/// The texts of an array, or of a single text, which clients send too.
fn names(value: Value) -> Result<Vec<String>, ApiError> {
    let text = |value| match value {
        Value::String(text) => Ok(text),
        _ => Err(not_valid()),
    };
    match value {
        Value::Array(all) => all.into_iter().map(text).collect(),
        one => Ok(vec![text(one)?]),
    }
}

fn given(headers: &HeaderMap, body: &[u8]) -> Result<Given, ApiError> {
    let mut fields = fields(headers, body)?;
    let mut text = |name| fields.text(name).map_err(|_| not_valid());
    let given = Given {
        name: text("name")?,
        description: text("description")?,
        url: text("url")?.unwrap_or_default(),
        events: fields.value("subscribedEvents").map(names).transpose()?,
    };
    fields.end()?;
    Ok(given)
}

pub(in super::super) async fn create(Acts(by): Acts, headers: HeaderMap, body: Bytes) -> Made {
    let given = given(&headers, &body)?;
    let (made, secret) = by.ops.create_webhook(given, by.at()).await?;
    let written = write::webhook(by.at(), &made, Some(&secret));
    Ok((StatusCode::CREATED, Json(written)))
}

pub(in super::super) async fn list(Reads(by): Reads) -> Answer {
    let webhooks = by.ops.webhooks().await?;
    let data = webhooks
        .iter()
        .map(|one| write::webhook(by.at(), one, None));
    Ok(Json(write::list(write::List {
        count: Some(webhooks.len() as u64),
        size: Some(webhooks.len() as u64),
        address: Some(format!("{}/notifications/webhooks", by.at())),
        data: data.collect(),
        ..write::List::default()
    })))
}

pub(in super::super) async fn one(Reads(by): Reads, Ids(id): Ids<String>) -> Answer {
    let found = by.ops.webhook(&Names::Webhook.id(id)?).await?;
    Ok(Json(write::webhook(by.at(), &found, None)))
}

pub(in super::super) async fn update(
    Acts(by): Acts,
    Ids(id): Ids<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let id: WebhookId = Names::Webhook.id(id)?;
    by.ops.webhook(&id).await?;
    let given = given(&headers, &body)?;
    let (changed, secret) = by.ops.update_webhook(&id, given, by.at()).await?;
    Ok(Json(write::webhook(by.at(), &changed, Some(&secret))))
}

pub(in super::super) async fn delete(Acts(by): Acts, Ids(id): Ids<String>) -> Done {
    by.ops.delete_webhook(&Names::Webhook.id(id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(in super::super) async fn stats(Reads(by): Reads, Ids(id): Ids<String>) -> Answer {
    let id: WebhookId = Names::Webhook.id(id)?;
    let stats = by.ops.webhook_stats(&id).await?;
    Ok(Json(write::webhook_stats(by.at(), id.as_str(), &stats)))
}

/// Sends a message about nothing, so that a receiver can be tried.
pub(in super::super) async fn test(Acts(by): Acts, headers: HeaderMap, body: Bytes) -> Done {
    let mut fields = fields(&headers, &body)?;
    let name = fields.text("eventTypeId").map_err(|_| not_valid())?;
    let name = name.ok_or_else(not_valid)?;
    let said = fields.secret("Text").map_err(|_| not_valid())?;
    fields.end()?;
    by.ops.test_message(&name, said, by.app()).await?;
    Ok(StatusCode::CREATED)
}

/// What a list of messages is narrowed to.
fn narrowed(filter: &str) -> Result<MessageFilter, ApiError> {
    let mut narrowed = MessageFilter::default();
    for term in reference::parse(filter).map_err(|_| ApiError::bad_filter())? {
        let (Condition::Eq, [value]) = (term.condition, term.values.as_slice()) else {
            return Err(ApiError::bad_filter());
        };
        match term.property.as_str() {
            "status" => {
                let state = State::parse(value).ok_or_else(ApiError::bad_filter)?;
                narrowed.state = Some(state);
            }
            "eventTypeId" => narrowed.event_type = Some(value.clone()),
            "eventId" => narrowed.event = Some(value.clone()),
            _ => return Err(ApiError::bad_filter()),
        }
    }
    Ok(narrowed)
}

pub(in super::super) async fn messages(
    Reads(by): Reads,
    Shared(app): Shared<App>,
    Ids(id): Ids<String>,
    query: Query,
) -> Answer {
    let id: WebhookId = Names::Webhook.id(id)?;
    let name = format!("messages {id}");
    let asked = page::asked(&query, &app.signer, &name)?;
    let filter = narrowed(&asked.filter)?;
    let (page, size) = by
        .ops
        .webhook_messages(&id, filter, asked.from.clone(), asked.limit)
        .await?;
    let address = format!("{}/notifications/webhooks/{id}/messages", by.at());
    let data = page
        .rows
        .iter()
        .map(|one| write::message(by.at(), &one.base, &one.message));
    Ok(Json(write::list(write::List {
        count: Some(page.rows.len() as u64),
        size: Some(size),
        next: page::next(&page, &address, &asked, &app.signer, &name),
        address: Some(write::with_filter(address, &asked.filter)),
        data: data.collect(),
        ..write::List::default()
    })))
}

pub(in super::super) async fn message(
    Reads(by): Reads,
    Ids((webhook, id)): Ids<(String, String)>,
) -> Answer {
    let (webhook, id): (WebhookId, MessageId) =
        (Names::Webhook.id(webhook)?, Names::Message.id(id)?);
    let found = by.ops.webhook_message(&webhook, &id).await?;
    Ok(Json(write::whole_message(
        by.at(),
        &found.base,
        &found.message,
        &found.attempts,
    )))
}
