//! Accounts (docs/domain.md 5), read through their user.

use super::Answer;
use crate::domain::holdings::HoldingsFilter;
use crate::domain::ids::{AccountId, UserId};
use crate::domain::query::reference;
use crate::server::auth::Reads;
use crate::server::error::ApiError;
use crate::server::params::{Ids, Names, Query};
use crate::wire::write::{self, Counts, shapes};
use axum::Json;
use serde_json::Value;

#[utoipa::path(
    get, path = "/users/{userId}/accounts", tag = "Accounts", operation_id = "getAccounts",
    summary = "The accounts of a user",
    params(("filter" = Option<String>, Query, description = "Properties and values, as docs/domain.md 15.5 writes them")),
    responses((status = 200, body = shapes::AccountList)),
)]
pub(in super::super) async fn list(
    Reads(by): Reads,
    Ids(user): Ids<String>,
    query: Query,
) -> Answer {
    let user: UserId = Names::User.id(user)?;
    let filter = query.filter()?;
    let terms = reference::parse(filter).and_then(|terms| reference::accounts(&terms));
    let held = HoldingsFilter {
        user: Some(user.clone()),
        terms: terms.map_err(|_| ApiError::bad_filter())?,
        ..HoldingsFilter::default()
    };
    let accounts = by.ops.accounts_whole(&user, held).await?;
    let address = format!("{}/users/{user}/accounts", by.at());
    let data: Vec<Value> = accounts
        .iter()
        .map(|a| write::account(by.at(), a))
        .collect();
    Ok(Json(write::whole_list(
        Counts::USUAL,
        address,
        filter,
        data,
    )))
}

#[utoipa::path(
    get, path = "/users/{userId}/accounts/{accountId}", tag = "Accounts", operation_id = "getAccount",
    summary = "An account",
    responses((status = 200, body = shapes::Account)),
)]
pub(in super::super) async fn one(
    Reads(by): Reads,
    Ids((user, id)): Ids<(String, String)>,
) -> Answer {
    let (user, id): (UserId, AccountId) = (Names::User.id(user)?, Names::Account.id(id)?);
    let account = by.ops.account_whole(&user, &id).await?;
    Ok(Json(write::account(by.at(), &account)))
}
