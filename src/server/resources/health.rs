//! Whether the server answers; needs no token and tells nothing else.

use super::Answer;
use crate::wire::write::shapes;
use axum::Json;
use serde_json::json;

#[utoipa::path(
    get, path = "/healthz", tag = "Server", operation_id = "health",
    summary = "Whether the server answers",
    responses((status = 200, body = shapes::Health)),
    security(()),
)]
pub(in super::super) async fn healthz() -> Answer {
    Ok(Json(json!({"status": "ok"})))
}
