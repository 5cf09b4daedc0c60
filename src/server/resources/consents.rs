//! Consents (docs/domain.md 7).

use super::{Answer, BY_CALL, Done, whole};
use crate::domain::act::{ActKind, Selection};
use crate::domain::consent::Status;
use crate::domain::ids::{ConsentId, UserId};
use crate::domain::query::reference;
use crate::server::auth::{Administers, Reads};
use crate::server::error::ApiError;
use crate::server::params::{Ids, Names, Query};
use crate::wire::write;
use axum::Json;
use serde_json::Value;

/// Newest first.
pub(in super::super) async fn list(
    Reads(by): Reads,
    Ids(user): Ids<String>,
    query: Query,
) -> Answer {
    let user: UserId = Names::User.id(user)?;
    let filter = query.filter()?;
    let terms = reference::parse(filter).map_err(|_| ApiError::bad_filter())?;
    // a filter that does not read is refused also where there is nothing to filter
    reference::consent(&terms, Status::Active).map_err(|_| ApiError::bad_filter())?;
    let consents = by.ops.consents_of(&user).await?;
    let fitting = consents
        .iter()
        .filter(|consent| reference::consent(&terms, consent.status) == Ok(true));
    let data: Vec<Value> = fitting.map(|c| write::consent(by.at(), c)).collect();
    let address = format!("{}/users/{user}/consents", by.at());
    Ok(Json(write::list(write::List {
        size: Some(data.len() as u64),
        address: Some(write::with_filter(address, filter)),
        data,
        ..write::List::default()
    })))
}

/// Ends every connection of the user and deletes all data; the call itself is the confirmation.
pub(in super::super) async fn delete(
    Administers(by): Administers,
    Ids((user, id)): Ids<(String, String)>,
) -> Done {
    let (user, id): (UserId, ConsentId) = (Names::User.id(user)?, Names::Consent.id(id)?);
    by.ops.consent_of(&user, &id).await?;
    let ending = Selection::Consent(id);
    whole(&by.ops, ActKind::EndConsent, ending, BY_CALL).await
}
