//! Enrichment of a statement line (docs/domain.md 16).

use super::Answer;
use crate::domain::enrich::Asked;
use crate::server::auth::Reads;
use crate::server::error::ApiError;
use crate::server::params::Query;
use crate::server::state::App;
use crate::wire::enrich_document;
use axum::Json;
use axum::extract::State;

pub(in super::super) async fn enrich(
    Reads(by): Reads,
    State(app): State<App>,
    query: Query,
) -> Answer {
    let given = |name| query.one(name).map(|value| value.map(str::to_owned));
    let asked = Asked {
        text: given("q")?.unwrap_or_default(),
        institution: given("institution")?.unwrap_or_default(),
        country: given("country")?.unwrap_or_default(),
        mcc: given("mcc")?,
        account_type: given("accountType")?,
        amount: given("amount")?,
    };
    let found = by.ops.enrich(app.merchants, &asked).await;
    let found = found.map_err(|error| in_query(ApiError::from(error)))?;
    Ok(Json(enrich_document::enrich(by.at(), &asked, &found)))
}

/// Names the parameter that a refusal speaks of by the word it begins with.
fn in_query(error: ApiError) -> ApiError {
    let parameter = match error.detail.split(' ').next() {
        Some("Q") => "q",
        Some("Institution" | "Requested") => "institution",
        Some("Country") => "country",
        Some("Amount") => "amount",
        _ => return error,
    };
    error.in_query(parameter)
}
