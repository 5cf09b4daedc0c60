//! The link that leads a user to the consent page (docs/domain.md 8). Whoever has it acts for the user, so a key that only
//! reads does not get it.

use super::{Answer, Done, Made};
use crate::domain::ids::UserId;
use crate::server::auth::Acts;
use crate::server::body::Fields;
use crate::server::error::ApiError;
use crate::server::params::{Ids, Names};
use crate::wire::write::{self, shapes};
use axum::Json;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};

/// Replaces the link that the user had.
#[utoipa::path(
    post, path = "/users/{userId}/auth_link", tag = "AuthLinks", operation_id = "postAuthLink",
    summary = "Make the link of a user to the consent page; it replaces the one before",
    request_body = Option<shapes::AuthLinkGiven>,
    responses((status = 201, body = shapes::AuthLink)),
)]
pub(in super::super) async fn create(
    Acts(by): Acts,
    Ids(user): Ids<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Made {
    let user: UserId = Names::User.id(user)?;
    by.ops.user_is_there(&user).await?;
    let mut fields = Fields::any("auth_link", &headers, &body)?;
    let mobile = fields.secret("mobile")?;
    fields.end()?;
    let link = by.ops.create_auth_link_whole(&user, mobile).await;
    let link = link.map_err(|error| ApiError::from(error).inside("user", "auth_link"))?;
    Ok((StatusCode::CREATED, Json(write::auth_link(by.at(), &link))))
}

#[utoipa::path(
    get, path = "/users/{userId}/auth_link", tag = "AuthLinks", operation_id = "getAuthLink",
    summary = "The link of a user, until it is used or lapses",
    responses((status = 200, body = shapes::AuthLink), (status = 410, body = shapes::Errors)),
)]
pub(in super::super) async fn one(Acts(by): Acts, Ids(user): Ids<String>) -> Answer {
    let link = by.ops.auth_link_whole(&Names::User.id(user)?).await?;
    Ok(Json(write::auth_link(by.at(), &link)))
}

#[utoipa::path(
    delete, path = "/users/{userId}/auth_link", tag = "AuthLinks", operation_id = "deleteAuthLink",
    summary = "Delete the link of a user",
    responses((status = 204)),
)]
pub(in super::super) async fn delete(Acts(by): Acts, Ids(user): Ids<String>) -> Done {
    by.ops.delete_auth_link(&Names::User.id(user)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
