//! Users (docs/domain.md 4).

use super::{Answer, BY_CALL, Done, Made, whole};
use crate::domain::act::{ActKind, Selection};
use crate::domain::ids::UserId;
use crate::domain::person::{Given, NumberKind};
use crate::domain::secret::Secret;
use crate::server::auth::{Acts, Erases, Reads};
use crate::server::body::{Fields, not_valid};
use crate::server::error::{ApiError, Code};
use crate::server::params::{Ids, Names};
use crate::wire::write::{self, shapes};
use axum::Json;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

/// The fields of a business that are kept as they come.
const KEPT: [&str; 3] = ["businessAddress", "verificationStatus", "verificationDate"];

#[utoipa::path(
    post, path = "/users", tag = "Users", operation_id = "createUser",
    summary = "Make a user",
    request_body(content = shapes::UserGiven, example = json!({"email": "monica@example.test", "firstName": "Monica"})),
    responses((status = 201, body = shapes::UserMade)),
)]
pub(in super::super) async fn create(Acts(by): Acts, headers: HeaderMap, body: Bytes) -> Made {
    let (mut given, kept) = read(&headers, &body)?;
    given.business_rest = (!kept.is_empty()).then(|| written(kept));
    let id = by.ops.create_user(given).await?;
    let found = by.ops.user_whole(&id).await?;
    Ok((StatusCode::CREATED, Json(write::user_made(by.at(), &found))))
}

#[utoipa::path(
    get, path = "/users/{userId}", tag = "Users", operation_id = "getUser",
    summary = "A user",
    responses((status = 200, body = shapes::User)),
)]
pub(in super::super) async fn one(Reads(by): Reads, Ids(id): Ids<String>) -> Answer {
    let found = by.ops.user_whole(&Names::User.id(id)?).await?;
    Ok(Json(write::user(by.at(), &found)))
}

#[utoipa::path(
    post, path = "/users/{userId}", tag = "Users", operation_id = "updateUser",
    summary = "Change a user",
    request_body(content = shapes::UserGiven, example = json!({"mobile": "+61400111222"})),
    responses((status = 200, body = shapes::UserMade)),
)]
pub(in super::super) async fn update(
    Acts(by): Acts,
    Ids(id): Ids<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let id: UserId = Names::User.id(id)?;
    let (mut given, kept) = read(&headers, &body)?;
    if !kept.is_empty() {
        let known = by.ops.user_whole(&id).await?.business;
        let mut all = known.map(|b| write::kept(&b.rest)).unwrap_or_default();
        all.extend(kept);
        given.business_rest = Some(written(all));
    }
    by.ops.update_user(&id, given).await?;
    let found = by.ops.user_whole(&id).await?;
    Ok(Json(write::user_made(by.at(), &found)))
}

/// Deletes the user with all data; the call itself is the confirmation.
#[utoipa::path(
    delete, path = "/users/{userId}", tag = "Users", operation_id = "deleteUser",
    responses((status = 204)),
)]
pub(in super::super) async fn delete(Erases(by): Erases, Ids(id): Ids<String>) -> Done {
    let id: UserId = Names::User.id(id)?;
    by.ops.user_is_there(&id).await?;
    whole(&by.ops, ActKind::DeleteUser, Selection::User(id), BY_CALL).await
}

fn written(fields: Map<String, Value>) -> Secret {
    Secret::new(Value::Object(fields).to_string())
}

/// What was given, and of it what is only kept.
fn read(headers: &HeaderMap, body: &[u8]) -> Result<(Given, Map<String, Value>), ApiError> {
    let mut fields = Fields::read("user", headers, body)?;
    let mut given = Given {
        email: fields.secret("email")?,
        mobile: fields.secret("mobile")?,
        first_name: fields.text("firstName")?,
        middle_name: fields.text("middleName")?,
        last_name: fields.text("lastName")?,
        business_name: fields.secret("businessName")?,
        business_number: fields.secret("businessIdNo")?,
        ..Given::default()
    };
    if let Some(kind) = fields.text("businessIdNoType")? {
        let known = NumberKind::parse(&kind);
        given.number_kind = Some(known.ok_or_else(|| {
            let detail = "Business ID No Type value is not valid";
            let wrong = ApiError::new(Code::ParameterNotValid, detail);
            wrong
                .pointer("user/businessIdNoType")
                .parameter("businessIdNoType")
        })?);
    }
    let mut kept = Map::new();
    for name in KEPT {
        let Some(value) = fields.value(name) else {
            continue;
        };
        let fits = match name {
            "businessAddress" => value.is_object(),
            "verificationStatus" => value.is_boolean(),
            _ => value.is_string(),
        };
        if !fits {
            return Err(not_valid("user"));
        }
        kept.insert(name.into(), value);
    }
    // some clients send the whole name too; it is made of its parts
    fields.text("name")?;
    fields.end()?;
    Ok((given, kept))
}
