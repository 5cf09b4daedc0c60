//! One file for each resource: it reads the request, calls `ops`, and has `wire` write the answer.

pub(super) mod accounts;
pub(super) mod auth_links;
pub(super) mod connections;
pub(super) mod connectors;
pub(super) mod consents;
pub(super) mod enrich;
pub(super) mod events;
pub(super) mod health;
pub(super) mod identities;
pub(super) mod jobs;
pub(super) mod own;
pub(super) mod transactions;
pub(super) mod users;
pub(super) mod webhooks;

use super::error::ApiError;
use crate::domain::act::{ActKind, Confirmation, Force, Selection};
use crate::domain::query::Query as Filter;
use crate::domain::views::{Page, Sort};
use crate::ops::{self, List, Ops};
use axum::Json;
use axum::http::StatusCode;
use serde_json::Value;

/// What most handlers answer.
type Answer = Result<Json<Value>, ApiError>;

/// The same with a status other than 200.
type Made = Result<(StatusCode, Json<Value>), ApiError>;

/// Nothing to say but that it is done.
type Done = Result<StatusCode, ApiError>;

/// The reason of what a call does to a whole user.
const BY_CALL: &str = "by the HTTP API";

/// Plans something about a whole user and does it to its end; whoever asks for it has confirmed it.
pub(super) async fn whole(ops: &Ops, kind: ActKind, selection: Selection, reason: &str) -> Done {
    let plan = ops.plan(kind, selection, Force::default()).await?;
    let typed = Confirmation::new(Some(&plan.words()), Some(reason));
    ops.apply(&plan, &typed, |_| {}).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How many rows are read at a time for a list that is answered whole.
const PAGE: usize = 500;

/// All rows of a filter, page after page.
async fn to_the_end<T, A: Future<Output = ops::Result<Page<T>>>>(
    query: Filter,
    sort: Sort,
    ask: impl Fn(List) -> A,
) -> Result<Vec<T>, ApiError> {
    let (mut rows, mut from) = (Vec::new(), None);
    loop {
        let list = List {
            query: query.clone(),
            sort,
            from,
            limit: PAGE,
        };
        let page = ask(list).await?;
        rows.extend(page.rows);
        from = page.last.filter(|_| page.more);
        if from.is_none() {
            return Ok(rows);
        }
    }
}
