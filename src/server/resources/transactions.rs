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
use crate::wire::write;
use axum::Json;
use axum::extract::State;
use serde_json::Value;

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
    Ok(Json(write::list(write::List {
        count: Some(data.len() as u64),
        size: Some(size),
        address: Some(write::with_filter(address, &asked.filter)),
        next,
        data,
        ..write::List::default()
    })))
}

pub(in super::super) async fn one(
    Reads(by): Reads,
    Ids((user, id)): Ids<(String, String)>,
) -> Answer {
    let (user, id): (UserId, TransactionId) = (Names::User.id(user)?, Names::Transaction.id(id)?);
    let transaction = by.ops.transaction_whole(&user, &id).await?;
    Ok(Json(write::transaction(by.at(), &transaction)))
}
