//! Enrichment of a statement line (docs/domain.md 16).

use super::Answer;
use crate::domain::enrich::Asked;
use crate::server::auth::Reads;
use crate::server::error::ApiError;
use crate::server::params::Query;
use crate::server::state::App;
use crate::wire::enrich_document;
use crate::wire::write::shapes;
use axum::Json;
use axum::extract::State;

#[utoipa::path(
    get, path = "/enrich", tag = "Enrich", operation_id = "enrich",
    summary = "Merchant, category and class of a statement line",
    params(("q" = String, Query, description = "The statement line"), ("institution" = String, Query, description = "The id of the bank"), ("country" = String, Query, description = "Two letters"), ("mcc" = Option<String>, Query, description = "The merchant category code"), ("accountType" = Option<String>, Query, description = "The class of the account"), ("amount" = Option<String>, Query, description = "Decimal; below zero is a debit")),
    responses((status = 200, body = shapes::Enrichment)),
)]
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
