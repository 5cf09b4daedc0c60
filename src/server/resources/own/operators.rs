//! What operators hold back, cancel, write down and take on.

use super::{document, missing, reason, until};
use crate::documents::{self, shapes};
use crate::domain::ids::{ConnectionId, HoldId, InstitutionId, JobId};
use crate::domain::mask::Level;
use crate::server::auth::{Acts, Reads};
use crate::server::body::Fields;
use crate::server::error::{ApiError, Code};
use crate::server::page;
use crate::server::params::{Ids, Names, Query};
use crate::server::resources::{Answer, Made};
use crate::server::state::App;
use crate::wire::write;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};

const HOLDS: &str = "switchboard/v1/holds";

#[utoipa::path(
    get, path = "/switchboard/v1/holds", tag = "Operators", operation_id = "getHolds",
    summary = "The holds in force, the next to end first",
    params(
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 500, description = "Rows of a page"),
        ("next" = Option<String>, Query, description = "The cursor of a page, from the link of the page before"),
    ),
    responses((status = 200, body = shapes::HoldList)),
)]
pub(in crate::server) async fn holds(
    Reads(by): Reads,
    State(app): State<App>,
    query: Query,
) -> Answer {
    let asked = page::asked(&query, &app.signer, HOLDS)?;
    let found = by.ops.holds(asked.from.clone(), asked.limit).await?;
    let address = format!("{}/{HOLDS}", by.at());
    let next = found.last.filter(|_| found.more).map(|last| {
        let cursor = page::cursor(&last, &asked, &app.signer, HOLDS);
        write::with_query(&address, &[("next", &cursor)])
    });
    let now = by.ops.now();
    let data = found.rows.iter().map(|it| documents::hold(it, now));
    Ok(Json(write::page(None, address, next, data.collect())))
}

#[utoipa::path(
    post, path = "/switchboard/v1/holds", tag = "Operators", operation_id = "createHold",
    summary = "Hold back the refreshes of a bank, or of chosen connections, until a time",
    request_body = shapes::HoldGiven,
    responses((status = 201, body = shapes::Hold)),
)]
pub(in crate::server) async fn hold(Acts(by): Acts, headers: HeaderMap, body: Bytes) -> Made {
    let mut fields = Fields::read("hold", &headers, &body)?;
    let bank = fields.text("institutionId")?;
    let connections: Vec<ConnectionId> = fields.ids("connectionIds", Names::Connection)?;
    let until = until(&mut fields)?;
    let reason = fields.text("reason")?.unwrap_or_default();
    fields.end()?;
    let hold = match (bank, connections.as_slice()) {
        (Some(bank), []) => {
            let bank: InstitutionId = Names::Institution.id(bank)?;
            by.ops.hold_bank(&bank, until, &reason).await?
        }
        (None, [_, ..]) => {
            by.ops
                .hold_connections(&connections, until, &reason)
                .await?
        }
        (None, []) => return Err(missing("institutionId")),
        (Some(_), _) => {
            let detail = "A hold is of a bank or of connections, not of both.";
            return Err(ApiError::new(Code::InvalidContent, detail));
        }
    };
    let document = documents::hold(&hold, by.ops.now());
    Ok((StatusCode::CREATED, Json(document)))
}

#[utoipa::path(
    post, path = "/switchboard/v1/holds/{holdId}/release", tag = "Operators", operation_id = "releaseHold",
    summary = "End a hold before its time",
    responses((status = 200, body = shapes::Hold)),
)]
pub(in crate::server) async fn release(
    Acts(by): Acts,
    Ids(id): Ids<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let id: HoldId = Names::Hold.id(id)?;
    Fields::none("hold", &headers, &body)?;
    let hold = by.ops.release_hold(&id).await?;
    Ok(Json(documents::hold(&hold, by.ops.now())))
}

/// What has begun ends after its step.
#[utoipa::path(
    post, path = "/switchboard/v1/jobs/{jobId}/cancel", tag = "Operators", operation_id = "cancelJob",
    summary = "Cancel a job",
    request_body = shapes::ReasonGiven,
    responses((status = 200, body = shapes::OwnJob)),
)]
pub(in crate::server) async fn cancel(
    Acts(by): Acts,
    Ids(id): Ids<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let id: JobId = Names::Job.id(id)?;
    let reason = reason("job", &headers, &body)?;
    let (job, _) = by.ops.cancel_job(&id, &reason).await?;
    Ok(Json(document(&documents::job(&job))?))
}

#[utoipa::path(
    post, path = "/switchboard/v1/connections/{connectionId}/notes", tag = "Operators", operation_id = "createNote",
    summary = "Write a note about a connection",
    request_body = shapes::NoteGiven,
    responses((status = 201, body = shapes::Note)),
)]
pub(in crate::server) async fn note(
    Acts(by): Acts,
    Ids(id): Ids<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Made {
    let id: ConnectionId = Names::Connection.id(id)?;
    let mut fields = Fields::read("note", &headers, &body)?;
    let text = fields.secret("text")?.ok_or_else(|| missing("text"))?;
    fields.end()?;
    let note = by.ops.note(&id, text, Level::default()).await?;
    Ok((StatusCode::CREATED, Json(documents::note(&note))))
}

#[utoipa::path(
    post, path = "/switchboard/v1/connections/{connectionId}/take", tag = "Operators", operation_id = "takeConnection",
    summary = "Take a connection on, so that others see who works on it",
    request_body = shapes::TakenGiven,
    responses((status = 200, body = shapes::Handling)),
)]
pub(in crate::server) async fn take(
    Acts(by): Acts,
    Ids(id): Ids<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let id: ConnectionId = Names::Connection.id(id)?;
    let mut fields = Fields::any("connection", &headers, &body)?;
    let from_others = fields.truth("fromOthers")?;
    fields.end()?;
    let row = by.ops.take_on(&id, from_others).await?;
    Ok(Json(documents::handling(&row)))
}

#[utoipa::path(
    delete, path = "/switchboard/v1/connections/{connectionId}/take", tag = "Operators", operation_id = "giveConnectionBack",
    summary = "Give a connection back that somebody works on",
    responses((status = 200, body = shapes::Handling)),
)]
pub(in crate::server) async fn give_back(Acts(by): Acts, Ids(id): Ids<String>) -> Answer {
    let id: ConnectionId = Names::Connection.id(id)?;
    let row = by.ops.give_back(&id).await?;
    Ok(Json(documents::handling(&row)))
}

#[utoipa::path(
    post, path = "/switchboard/v1/connections/{connectionId}/snooze", tag = "Operators", operation_id = "snoozeConnection",
    summary = "Leave a connection out of attention until a time",
    request_body = shapes::SnoozeGiven,
    responses((status = 200, body = shapes::Handling)),
)]
pub(in crate::server) async fn snooze(
    Acts(by): Acts,
    Ids(id): Ids<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let id: ConnectionId = Names::Connection.id(id)?;
    let mut fields = Fields::read("connection", &headers, &body)?;
    let until = until(&mut fields)?;
    let reason = fields.text("reason")?.unwrap_or_default();
    fields.end()?;
    let row = by.ops.snooze(&id, until, &reason).await?;
    Ok(Json(documents::handling(&row)))
}

#[utoipa::path(
    delete, path = "/switchboard/v1/connections/{connectionId}/snooze", tag = "Operators", operation_id = "wakeConnection",
    summary = "Show a snoozed connection again",
    responses((status = 200, body = shapes::Handling)),
)]
pub(in crate::server) async fn wake(Acts(by): Acts, Ids(id): Ids<String>) -> Answer {
    let id: ConnectionId = Names::Connection.id(id)?;
    let row = by.ops.wake(&id).await?;
    Ok(Json(documents::handling(&row)))
}
