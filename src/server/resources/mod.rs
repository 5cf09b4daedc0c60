//! One file for each resource: it reads the request, calls `ops`, and has `wire` write the answer.

pub(super) mod accounts;
pub(super) mod connections;
pub(super) mod connectors;
pub(super) mod enrich;
pub(super) mod events;
pub(super) mod health;
pub(super) mod jobs;
pub(super) mod transactions;
pub(super) mod users;
pub(super) mod webhooks;

use super::error::ApiError;
use axum::Json;
use axum::http::StatusCode;
use serde_json::Value;

/// What most handlers answer.
type Answer = Result<Json<Value>, ApiError>;

/// The same with a status other than 200.
type Made = Result<(StatusCode, Json<Value>), ApiError>;

/// Nothing to say but that it is done.
type Done = Result<StatusCode, ApiError>;
