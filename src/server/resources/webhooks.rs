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
use crate::wire::write::{self, Counts, shapes};
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

#[utoipa::path(
    post, path = "/notifications/webhooks", tag = "Webhooks", operation_id = "createWebhook",
    summary = "Make a webhook",
    request_body = shapes::WebhookGiven,
    responses((status = 201, body = shapes::Webhook)),
)]
pub(in super::super) async fn create(Acts(by): Acts, headers: HeaderMap, body: Bytes) -> Made {
    let given = given(&headers, &body)?;
    let (made, secret) = by.ops.create_webhook(given, by.at()).await?;
    let written = write::webhook(by.at(), &made, Some(&secret));
    Ok((StatusCode::CREATED, Json(written)))
}

#[utoipa::path(
    get, path = "/notifications/webhooks", tag = "Webhooks", operation_id = "getWebhooks",
    summary = "All webhooks",
    responses((status = 200, body = shapes::WebhookList)),
)]
pub(in super::super) async fn list(Reads(by): Reads) -> Answer {
    let webhooks = by.ops.webhooks().await?;
    let data = webhooks
        .iter()
        .map(|one| write::webhook(by.at(), one, None));
    let address = format!("{}/notifications/webhooks", by.at());
    Ok(Json(write::whole_list(
        Counts::USUAL,
        address,
        "",
        data.collect(),
    )))
}

#[utoipa::path(
    get, path = "/notifications/webhooks/{webhookId}", tag = "Webhooks", operation_id = "getWebhook",
    summary = "A webhook",
    responses((status = 200, body = shapes::Webhook)),
)]
pub(in super::super) async fn one(Reads(by): Reads, Ids(id): Ids<String>) -> Answer {
    let found = by.ops.webhook(&Names::Webhook.id(id)?).await?;
    Ok(Json(write::webhook(by.at(), &found, None)))
}

#[utoipa::path(
    post, path = "/notifications/webhooks/{webhookId}", tag = "Webhooks", operation_id = "updateWebhook",
    summary = "Change a webhook, which gives it a new secret",
    request_body = shapes::WebhookGiven,
    responses((status = 200, body = shapes::Webhook)),
)]
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

#[utoipa::path(
    delete, path = "/notifications/webhooks/{webhookId}", tag = "Webhooks", operation_id = "deleteWebhook",
    summary = "Delete a webhook with its messages",
    responses((status = 204)),
)]
pub(in super::super) async fn delete(Acts(by): Acts, Ids(id): Ids<String>) -> Done {
    by.ops.delete_webhook(&Names::Webhook.id(id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(
    get, path = "/notifications/webhooks/{webhookId}/stats", tag = "Webhooks", operation_id = "getWebhookStats",
    summary = "How many messages and attempts a webhook has had",
    responses((status = 200, body = shapes::WebhookStats)),
)]
pub(in super::super) async fn stats(Reads(by): Reads, Ids(id): Ids<String>) -> Answer {
    let id: WebhookId = Names::Webhook.id(id)?;
    let stats = by.ops.webhook_stats(&id).await?;
    Ok(Json(write::webhook_stats(by.at(), id.as_str(), &stats)))
}

/// Sends a message about nothing, so that a receiver can be tried.
#[utoipa::path(
    post, path = "/notifications/messages/test", tag = "Webhooks", operation_id = "testMessage",
    summary = "Send a message about nothing to every webhook that is told of its type",
    request_body = shapes::TestGiven,
    responses((status = 201)),
)]
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

#[utoipa::path(
    get, path = "/notifications/webhooks/{webhookId}/messages", tag = "Webhooks", operation_id = "getWebhookMessages",
    summary = "A page of the messages of a webhook",
    params(("filter" = Option<String>, Query, description = "Properties and values, as docs/domain.md 15.5 writes them"), ("limit" = Option<u32>, Query, minimum = 1, maximum = 500, description = "Rows of a page"), ("next" = Option<String>, Query, description = "The cursor of a page, from the link of the page before")),
    responses((status = 200, body = shapes::MessageList)),
)]
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
    let next = page::next(&page, &address, &asked, &app.signer, &name);
    let address = write::with_filter(address, &asked.filter);
    Ok(Json(write::page(Some(size), address, next, data.collect())))
}

#[utoipa::path(
    get, path = "/notifications/webhooks/{webhookId}/messages/{messageId}", tag = "Webhooks", operation_id = "getWebhookMessage",
    summary = "A message with its attempts",
    responses((status = 200, body = shapes::Message)),
)]
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
