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
use crate::wire::{event_document, write};
use axum::Json;
use axum::extract::State;
use serde_json::Value;

/// An event holds nothing that is masked.
const LEVEL: Level = Level::Strict;

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
    let rows = page.rows.iter();
    Ok(Json(write::list(write::List {
        count: Some(page.rows.len() as u64),
        next: page::next(&page, &address, &asked, &app.signer, name),
        address: Some(write::with_filter(address, &asked.filter)),
        data: rows
            .map(|found| event_document::event(by.at(), &found.facts()))
            .collect(),
        ..write::List::default()
    })))
}

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

pub(in super::super) async fn types(Reads(by): Reads) -> Answer {
    let listed = listed();
    Ok(Json(write::list(write::List {
        count: Some(listed.len() as u64),
        size: Some(listed.len() as u64),
        address: Some(format!("{}/events/types", by.at())),
        data: listed
            .into_iter()
            .map(|one| event_document::event_type(by.at(), one))
            .collect::<Vec<Value>>(),
        ..write::List::default()
    })))
}

pub(in super::super) async fn one_type(Reads(by): Reads, Ids(id): Ids<String>) -> Answer {
    let name: String = Names::EventType.id(id)?;
    let one = events::named(&name).filter(|one| one.webhook());
    let one =
        one.ok_or_else(|| ApiError::new(Code::NotFound, "Requested event type does not exist."))?;
    Ok(Json(event_document::event_type(by.at(), one)))
}
