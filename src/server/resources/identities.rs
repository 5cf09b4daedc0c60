//! Who signed in at the banks of a user (docs/domain.md 15.7).

use super::Answer;
use crate::domain::ids::{ConnectionId, UserId};
use crate::server::auth::Reads;
use crate::server::params::{Ids, Names};
use crate::wire::write;
use axum::Json;
use serde_json::Value;

pub(in super::super) async fn list(Reads(by): Reads, Ids(user): Ids<String>) -> Answer {
    let user: UserId = Names::User.id(user)?;
    let found = by.ops.identities_whole(&user).await?;
    let data: Vec<Value> = found.iter().map(|i| write::identity(by.at(), i)).collect();
    Ok(Json(write::list(write::List {
        count: Some(data.len() as u64),
        address: Some(format!("{}/users/{user}/identities", by.at())),
        data,
        ..write::List::default()
    })))
}

pub(in super::super) async fn one(
    Reads(by): Reads,
    Ids((user, id)): Ids<(String, String)>,
) -> Answer {
    let (user, id): (UserId, ConnectionId) = (Names::User.id(user)?, Names::Identity.id(id)?);
    let found = by.ops.identity_whole(&user, &id).await?;
    Ok(Json(write::identity(by.at(), &found)))
}
