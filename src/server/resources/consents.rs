//! Consents (docs/domain.md 7).

use super::{Answer, BY_CALL, Done, whole};
use crate::domain::act::{ActKind, Selection};
use crate::domain::consent::Status;
use crate::domain::ids::{ConsentId, UserId};
use crate::domain::query::reference;
use crate::server::auth::{Erases, Reads};
use crate::server::error::ApiError;
use crate::server::params::{Ids, Names, Query};
use crate::wire::write::{self, Counts, shapes};
use axum::Json;
use serde_json::Value;

/// Newest first.
#[utoipa::path(
    get, path = "/users/{userId}/consents", tag = "Consents", operation_id = "getConsents",
    summary = "The consents of a user",
    params(("filter" = Option<String>, Query, description = "The status and its values, as docs/domain.md 15.5 writes them")),
    responses((status = 200, body = shapes::ConsentList)),
)]
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
    Ok(Json(write::whole_list(
        Counts::OF_CONSENTS,
        address,
        filter,
        data,
    )))
}

/// The call itself is the confirmation.
#[utoipa::path(
    delete, path = "/users/{userId}/consents/{consentId}", tag = "Consents", operation_id = "deleteConsent",
    summary = "End a consent with every connection of the user, and delete all that was fetched",
    responses((status = 204)),
)]
pub(in super::super) async fn delete(
    Erases(by): Erases,
    Ids((user, id)): Ids<(String, String)>,
) -> Done {
    let (user, id): (UserId, ConsentId) = (Names::User.id(user)?, Names::Consent.id(id)?);
    by.ops.consent_of(&user, &id).await?;
    let ending = Selection::Consent(id);
    whole(&by.ops, ActKind::EndConsent, ending, BY_CALL).await
}
