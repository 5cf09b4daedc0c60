//! Whether the server answers; needs no token and tells nothing else.

use super::Answer;
use axum::Json;
use serde_json::json;

pub(in super::super) async fn healthz() -> Answer {
    Ok(Json(json!({"status": "ok"})))
}
