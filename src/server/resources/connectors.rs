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
use crate::wire::write::{self, ConnectorFacts, SCOPES};
use axum::Json;
use axum::extract::State;
use serde_json::Value;

pub(in super::super) async fn list(Reads(by): Reads, query: Query) -> Answer {
    all(&by.ops, by.at(), "connectors", query.filter()?).await
}

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

pub(in super::super) async fn one(Reads(by): Reads, Ids(two): Ids<(String, String)>) -> Answer {
    alone(&by.ops, by.at(), two).await
}

pub(in super::super) async fn public_one(
    State(app): State<App>,
    base: Base,
    Ids(two): Ids<(String, String)>,
) -> Answer {
    alone(&app.ops, base.as_str(), two).await
}

pub(in super::super) async fn institutions(Reads(by): Reads) -> Answer {
    banks(&by.ops, by.at(), "institutions").await
}

pub(in super::super) async fn public_institutions(State(app): State<App>, base: Base) -> Answer {
    banks(&app.ops, base.as_str(), "public/institutions").await
}

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
    Ok(Json(write::list(write::List {
        total_count: Some(data.len() as u64),
        address: Some(write::with_filter(format!("{base}/{path}"), filter)),
        data,
        ..write::List::default()
    })))
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
    Ok(Json(write::list(write::List {
        count: Some(data.len() as u64),
        size: Some(data.len() as u64),
        address: Some(format!("{base}/{path}")),
        data,
        ..write::List::default()
    })))
}
