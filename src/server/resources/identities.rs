//! Who signed in at the banks of a user (docs/domain.md 15.7).

use super::Answer;
use crate::domain::ids::{ConnectionId, UserId};
use crate::server::auth::Reads;
use crate::server::params::{Ids, Names};
use crate::wire::write::{self, Counts, shapes};
use axum::Json;
use serde_json::Value;

#[utoipa::path(
    get, path = "/users/{userId}/identities", tag = "Identities", operation_id = "getUserIdentities",
    summary = "Who signed in at the banks of a user",
    responses((status = 200, body = shapes::IdentityList)),
)]
pub(in super::super) async fn list(Reads(by): Reads, Ids(user): Ids<String>) -> Answer {
    let user: UserId = Names::User.id(user)?;
    let found = by.ops.identities_whole(&user).await?;
    let data: Vec<Value> = found.iter().map(|i| write::identity(by.at(), i)).collect();
    let address = format!("{}/users/{user}/identities", by.at());
    Ok(Json(write::whole_list(
        Counts::OF_IDENTITIES,
        address,
        "",
        data,
    )))
}

#[utoipa::path(
    get, path = "/users/{userId}/identities/{identityId}", tag = "Identities", operation_id = "getUserIdentity",
    summary = "Who signed in by one connection",
    responses((status = 200, body = shapes::Identity)),
)]
pub(in super::super) async fn one(
    Reads(by): Reads,
    Ids((user, id)): Ids<(String, String)>,
) -> Answer {
    let (user, id): (UserId, ConnectionId) = (Names::User.id(user)?, Names::Identity.id(id)?);
    let found = by.ops.identity_whole(&user, &id).await?;
    Ok(Json(write::identity(by.at(), &found)))
}
