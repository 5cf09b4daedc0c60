//! Connectors, and the institutions of earlier versions (docs/domain.md 9). The public ones need no token.

use super::Answer;
use crate::domain::connection::Method;
use crate::domain::diagnosis::Health;
use crate::domain::ids::InstitutionId;
use crate::domain::query::reference::{self, Narrowing};
use crate::ops::{BankShown, Ops, Way};
use crate::server::auth::Reads;
use crate::server::error::ApiError;
use crate::server::guard::Base;
use crate::server::params::{Ids, Names, Query};
use crate::server::state::App;
use crate::wire::write::{self, ConnectorFacts, Counts, SCOPES, shapes};
use axum::Json;
use axum::extract::State;
use serde_json::Value;

#[utoipa::path(
    get, path = "/connectors", tag = "Connectors", operation_id = "getConnectors",
    summary = "All connectors",
    params(("filter" = Option<String>, Query, description = "Properties and values, as docs/domain.md 15.5 writes them")),
    responses((status = 200, body = shapes::ConnectorList)),
)]
pub(in super::super) async fn list(Reads(by): Reads, query: Query) -> Answer {
    all(&by.ops, by.at(), "connectors", query.filter()?).await
}

#[utoipa::path(
    get, path = "/public/connectors", tag = "Connectors", operation_id = "getPublicConnectors",
    summary = "All connectors, without a token",
    params(("filter" = Option<String>, Query, description = "Properties and values, as docs/domain.md 15.5 writes them")),
    responses((status = 200, body = shapes::ConnectorList)),
    security(()),
)]
pub(in super::super) async fn public_list(
    State(app): State<App>,
    base: Base,
    query: Query,
) -> Answer {
    all(
        &app.ops,
        base.as_str(),
        "public/connectors",
        query.filter()?,
    )
    .await
}

#[utoipa::path(
    get, path = "/connectors/{connectorId}/{method}", tag = "Connectors", operation_id = "getConnector",
    summary = "A connector",
    responses((status = 200, body = shapes::Connector)),
)]
pub(in super::super) async fn one(Reads(by): Reads, Ids(two): Ids<(String, String)>) -> Answer {
    alone(&by.ops, by.at(), two).await
}

#[utoipa::path(
    get, path = "/public/connectors/{connectorId}/{method}", tag = "Connectors", operation_id = "getPublicConnector",
    summary = "A connector, without a token",
    responses((status = 200, body = shapes::Connector)),
    security(()),
)]
pub(in super::super) async fn public_one(
    State(app): State<App>,
    base: Base,
    Ids(two): Ids<(String, String)>,
) -> Answer {
    alone(&app.ops, base.as_str(), two).await
}

#[utoipa::path(
    get, path = "/institutions", tag = "Connectors", operation_id = "getInstitutions",
    summary = "All institutions, in the shape of earlier versions",
    responses((status = 200, body = shapes::InstitutionList)),
)]
pub(in super::super) async fn institutions(Reads(by): Reads) -> Answer {
    banks(&by.ops, by.at(), "institutions").await
}

#[utoipa::path(
    get, path = "/public/institutions", tag = "Connectors", operation_id = "getPublicInstitutions",
    summary = "All institutions, without a token",
    responses((status = 200, body = shapes::InstitutionList)),
    security(()),
)]
pub(in super::super) async fn public_institutions(State(app): State<App>, base: Base) -> Answer {
    banks(&app.ops, base.as_str(), "public/institutions").await
}

#[utoipa::path(
    get, path = "/institutions/{institutionId}", tag = "Connectors", operation_id = "getInstitution",
    summary = "An institution",
    responses((status = 200, body = shapes::Institution)),
)]
pub(in super::super) async fn institution(Reads(by): Reads, Ids(id): Ids<String>) -> Answer {
    let id: InstitutionId = Names::Institution.id(id)?;
    let bank = by.ops.institution(&id).await?;
    Ok(Json(write::institution(by.at(), &bank.record)))
}

fn status(way: &Way) -> &str {
    match way.declared().map(Health::word) {
        Some(word) => word,
        None => &way.record.status,
    }
}

fn written(base: &str, bank: &BankShown, way: &Way) -> Value {
    write::connector(
        base,
        &ConnectorFacts {
            bank: &bank.record,
            way: &way.record,
            status: status(way),
            times: way.times.as_ref(),
        },
    )
}

/// Whether a connector is what a filter asks for.
fn fits(terms: &[Narrowing], bank: &BankShown, way: &Way) -> Result<bool, ApiError> {
    let bad = |_| ApiError::bad_filter();
    for term in terms {
        let property = term
            .property
            .strip_prefix("connector.")
            .ok_or_else(ApiError::bad_filter)?;
        let record = &bank.record;
        let has = match property {
            "id" => record.id.as_str(),
            "method" => way.record.method.word(),
            "status" => status(way),
            "stage" => &way.record.stage,
            "institution.country" => &record.country,
            "institution.tier" => &record.tier,
            "institution.type" => &record.kind,
            "authorization.type" => &way.record.authorization,
            "scopes" => {
                if !term.holds(&SCOPES).map_err(bad)? {
                    return Ok(false);
                }
                continue;
            }
            _ => return Err(ApiError::bad_filter()),
        };
        if !term.holds(&[has]).map_err(bad)? {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn all(ops: &Ops, base: &str, path: &str, filter: &str) -> Answer {
    let terms = reference::parse(filter).map_err(|_| ApiError::bad_filter())?;
    let banks = ops.institutions().await?;
    let mut data = Vec::new();
    for bank in &banks {
        for way in &bank.ways {
            if fits(&terms, bank, way)? {
                data.push(written(base, bank, way));
            }
        }
    }
    let address = format!("{base}/{path}");
    Ok(Json(write::whole_list(
        Counts::OF_CONNECTORS,
        address,
        filter,
        data,
    )))
}

async fn alone(ops: &Ops, base: &str, (id, method): (String, String)) -> Answer {
    let id: InstitutionId = Names::Institution.id(id)?;
    let method = Method::parse(&method).ok_or_else(ApiError::not_found)?;
    let bank = ops.institution(&id).await?;
    let way = bank.ways.iter().find(|way| way.record.method == method);
    let way = way.ok_or_else(ApiError::not_found)?;
    Ok(Json(written(base, &bank, way)))
}

async fn banks(ops: &Ops, base: &str, path: &str) -> Answer {
    let banks = ops.institutions().await?;
    let data: Vec<Value> = banks
        .iter()
        .map(|b| write::institution(base, &b.record))
        .collect();
    let address = format!("{base}/{path}");
    Ok(Json(write::whole_list(Counts::USUAL, address, "", data)))
}
