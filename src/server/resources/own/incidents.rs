//! Incidents of banks, with the connections that each hit.

use crate::documents::{self, shapes};
use crate::server::auth::Reads;
use crate::server::page;
use crate::server::params::{Ids, Names, Query};
use crate::server::resources::Answer;
use crate::server::state::App;
use crate::wire::write;
use axum::Json;
use axum::extract::State;

const INCIDENTS: &str = "switchboard/v1/incidents";

#[utoipa::path(
    get, path = "/switchboard/v1/incidents", tag = "Operators", operation_id = "getIncidents",
    summary = "Trouble of banks as our own fetches showed it, open ones first",
    params(
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 500, description = "Rows of a page"),
        ("next" = Option<String>, Query, description = "The cursor of a page, from the link of the page before"),
    ),
    responses((status = 200, body = shapes::IncidentList)),
)]
pub(in crate::server) async fn incidents(
    Reads(by): Reads,
    State(app): State<App>,
    query: Query,
) -> Answer {
    let asked = page::asked(&query, &app.signer, INCIDENTS)?;
    let found = by.ops.incidents(asked.from.clone(), asked.limit).await?;
    let address = format!("{}/{INCIDENTS}", by.at());
    let next = found.last.filter(|_| found.more).map(|last| {
        let cursor = page::cursor(&last, &asked, &app.signer, INCIDENTS);
        write::with_query(&address, &[("next", &cursor)])
    });
    let data = found.rows.iter().map(documents::incident);
    Ok(Json(write::page(None, address, next, data.collect())))
}

#[utoipa::path(
    get, path = "/switchboard/v1/incidents/{incidentId}", tag = "Operators", operation_id = "getIncident",
    summary = "An incident with the connections that it hit",
    responses((status = 200, body = shapes::Incident)),
)]
pub(in crate::server) async fn incident(Reads(by): Reads, Ids(id): Ids<String>) -> Answer {
    let id: String = Names::Incident.id(id)?;
    Ok(Json(documents::incident_shown(
        &by.ops.incident(&id).await?,
    )))
}
