//! Events of the last week, the newest first, and their types (docs/domain.md 10).

use super::Answer;
use crate::domain::events::{self, EventType};
use crate::domain::ids::EventId;
use crate::domain::mask::Level;
use crate::domain::query::reference;
use crate::server::auth::Reads;
use crate::server::error::{ApiError, Code};
use crate::server::page;
use crate::server::params::{Ids, Names, Query};
use crate::server::state::App;
use crate::wire::event_document;
use crate::wire::write::{self, Counts, shapes};
use axum::Json;
use axum::extract::State;

/// An event holds nothing that is masked.
const LEVEL: Level = Level::Strict;

#[utoipa::path(
    get, path = "/events", tag = "Events", operation_id = "getEvents",
    summary = "A page of the events of the last seven days",
    params(("filter" = Option<String>, Query, description = "Properties and values, as docs/domain.md 15.5 writes them"), ("limit" = Option<u32>, Query, minimum = 1, maximum = 500, description = "Rows of a page"), ("next" = Option<String>, Query, description = "The cursor of a page, from the link of the page before")),
    responses((status = 200, body = shapes::EventList)),
)]
pub(in super::super) async fn list(
    Reads(by): Reads,
    State(app): State<App>,
    query: Query,
) -> Answer {
    let name = "events";
    let asked = page::asked(&query, &app.signer, name)?;
    let sorts = reference::events(&asked.filter).map_err(|_| ApiError::bad_filter())?;
    let from = asked.from.clone();
    let page = by.ops.told_events(sorts, from, asked.limit, LEVEL).await?;
    let address = format!("{}/events", by.at());
    let next = page::next(&page, &address, &asked, &app.signer, name);
    let rows = page.rows.iter();
    let data = rows.map(|found| event_document::event(by.at(), &found.facts()));
    let address = write::with_filter(address, &asked.filter);
    Ok(Json(write::page(None, address, next, data.collect())))
}

#[utoipa::path(
    get, path = "/events/{eventId}", tag = "Events", operation_id = "getEvent",
    summary = "An event",
    responses((status = 200, body = shapes::Event)),
)]
pub(in super::super) async fn one(Reads(by): Reads, Ids(id): Ids<String>) -> Answer {
    let id: EventId = Names::Event.id(id)?;
    let found = by.ops.told_event(&id, LEVEL).await?;
    Ok(Json(event_document::event(by.at(), &found.facts())))
}

/// Those that a webhook can be told of, by their names.
fn listed() -> Vec<&'static EventType> {
    let mut listed: Vec<_> = events::TYPES.iter().filter(|one| one.webhook()).collect();
    listed.sort_by_key(|one| one.name());
    listed
}

#[utoipa::path(
    get, path = "/events/types", tag = "Events", operation_id = "getEventTypes",
    summary = "The types of events that a webhook can be told of",
    responses((status = 200, body = shapes::TypeOfEventList)),
)]
pub(in super::super) async fn types(Reads(by): Reads) -> Answer {
    let listed = listed().into_iter();
    let data = listed.map(|one| event_document::event_type(by.at(), one));
    let address = format!("{}/events/types", by.at());
    Ok(Json(write::whole_list(
        Counts::USUAL,
        address,
        "",
        data.collect(),
    )))
}

#[utoipa::path(
    get, path = "/events/types/{eventTypeId}", tag = "Events", operation_id = "getEventType",
    summary = "A type of events",
    responses((status = 200, body = shapes::TypeOfEvent)),
)]
pub(in super::super) async fn one_type(Reads(by): Reads, Ids(id): Ids<String>) -> Answer {
    let name: String = Names::EventType.id(id)?;
    let one = events::named(&name).filter(|one| one.webhook());
    let one =
        one.ok_or_else(|| ApiError::new(Code::NotFound, "Requested event type does not exist."))?;
    Ok(Json(event_document::event_type(by.at(), one)))
}
