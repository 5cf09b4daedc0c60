//! Transactions (docs/domain.md 6), in pages.

use super::Answer;
use crate::domain::holdings::HoldingsFilter;
use crate::domain::ids::{TransactionId, UserId};
use crate::domain::query::reference::{self, BadTransactions};
use crate::server::auth::Reads;
use crate::server::error::{ApiError, Code};
use crate::server::page;
use crate::server::params::{Ids, Names, Query};
use crate::server::state::App;
use crate::wire::write::{self, shapes};
use axum::Json;
use axum::extract::State;
use serde_json::Value;

#[utoipa::path(
    get, path = "/users/{userId}/transactions", tag = "Transactions", operation_id = "getTransactions",
    summary = "A page of the transactions of a user",
    params(("filter" = Option<String>, Query, description = "Properties and values, as docs/domain.md 15.5 writes them"), ("limit" = Option<u32>, Query, minimum = 1, maximum = 500, description = "Rows of a page"), ("next" = Option<String>, Query, description = "The cursor of a page, from the link of the page before")),
    responses((status = 200, body = shapes::TransactionList)),
)]
pub(in super::super) async fn list(
    Reads(by): Reads,
    State(app): State<App>,
    Ids(user): Ids<String>,
    query: Query,
) -> Answer {
    let user: UserId = Names::User.id(user)?;
    let name = format!("transactions {user}");
    let asked = page::asked(&query, &app.signer, &name)?;
    let terms = reference::parse(&asked.filter)
        .map_err(BadTransactions::from)
        .and_then(|terms| reference::transactions(&terms, by.ops.now()))
        .map_err(|bad| match bad {
            BadTransactions::Filter => ApiError::bad_filter(),
            BadTransactions::Day => {
                ApiError::new(Code::ParameterNotValid, "PostDate is not valid").parameter("filter")
            }
        })?;
    let held = HoldingsFilter {
        user: Some(user.clone()),
        terms,
        ..HoldingsFilter::default()
    };
    let (page, size) = by
        .ops
        .transactions_whole(&user, held, asked.from.clone(), asked.limit)
        .await?;
    let address = format!("{}/users/{user}/transactions", by.at());
    let next = page::next(&page, &address, &asked, &app.signer, &name);
    let data: Vec<Value> = page
        .rows
        .iter()
        .map(|t| write::transaction(by.at(), t))
        .collect();
    let address = write::with_filter(address, &asked.filter);
    Ok(Json(write::page(Some(size), address, next, data)))
}

#[utoipa::path(
    get, path = "/users/{userId}/transactions/{transactionId}", tag = "Transactions", operation_id = "getTransaction",
    summary = "A transaction",
    responses((status = 200, body = shapes::Transaction)),
)]
pub(in super::super) async fn one(
    Reads(by): Reads,
    Ids((user, id)): Ids<(String, String)>,
) -> Answer {
    let (user, id): (UserId, TransactionId) = (Names::User.id(user)?, Names::Transaction.id(id)?);
    let transaction = by.ops.transaction_whole(&user, &id).await?;
    Ok(Json(write::transaction(by.at(), &transaction)))
}
