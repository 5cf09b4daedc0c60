//! Lists over all users: connections, causes, the audit, and the history of one connection.

use super::{document, filter, moment};
use crate::documents::{self, shapes};
use crate::domain::ids::ConnectionId;
use crate::domain::mask::Level;
use crate::domain::query::Scope;
use crate::domain::views::{Anchor, AnchorKey, Sort};
use crate::ops::{AuditFilter, List};
use crate::server::auth::Reads;
use crate::server::error::{ApiError, Code};
use crate::server::page;
use crate::server::params::{Ids, Names, Query};
use crate::server::resources::Answer;
use crate::server::state::App;
use crate::wire::write::{self, Counts};
use axum::Json;
use axum::extract::State;
use serde_json::Value;

const CONNECTIONS: &str = "switchboard/v1/connections";
const AUDIT: &str = "switchboard/v1/audit";

/// How many lines of each kind the history of a connection goes back.
const HISTORY: usize = 500;

#[utoipa::path(
    get, path = "/switchboard/v1/connections", tag = "Operators", operation_id = "searchConnections",
    summary = "The connections of all users that a filter lets through",
    params(
        ("filter" = Option<String>, Query, description = "In the language of docs/filters.md"),
        ("sort" = Option<String>, Query, description = "mover, last, status, bank, user, job, since, accounts, transactions, consent, via, created or id; with :desc the other way round; two with a comma between them"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 500, description = "Rows of a page"),
        ("next" = Option<String>, Query, description = "The cursor of a page, from the link of the page before"),
    ),
    responses((status = 200, body = shapes::OwnConnectionList)),
)]
pub(in crate::server) async fn connections(
    Reads(by): Reads,
    State(app): State<App>,
    query: Query,
) -> Answer {
    let sort = query.one("sort")?.unwrap_or_default();
    let order = match sort {
        "" => Sort::default(),
        sort => Sort::read(sort)
            .map_err(|wrong| ApiError::new(Code::ParameterNotValid, wrong).parameter("sort"))?,
    };
    let name = format!("{CONNECTIONS} {sort}");
    let asked = page::asked(&query, &app.signer, &name)?;
    let list = List {
        query: filter(&asked.filter, Scope::Connections)?,
        sort: order,
        from: asked.from.clone(),
        limit: asked.limit,
    };
    let found = by.ops.connections(list, Level::default()).await?;
    let rows = found.rows.iter().map(documents::connection);
    let data: Vec<Value> = rows.map(|row| document(&row)).collect::<Result<_, _>>()?;
    let address = format!("{}/{CONNECTIONS}", by.at());
    let next = found.last.filter(|_| found.more).map(|last| {
        let cursor = page::cursor(&last, &asked, &app.signer, &name);
        write::with_query(&address, &[("sort", sort), ("next", &cursor)])
    });
    let own = write::with_query(&address, &[("filter", &asked.filter), ("sort", sort)]);
    Ok(Json(write::page(None, own, next, data)))
}

#[utoipa::path(
    get, path = "/switchboard/v1/causes", tag = "Operators", operation_id = "getCauses",
    summary = "Broken connections by what they failed with",
    params(("filter" = Option<String>, Query, description = "In the language of docs/filters.md")),
    responses((status = 200, body = shapes::CauseList)),
)]
pub(in crate::server) async fn causes(Reads(by): Reads, query: Query) -> Answer {
    let text = query.filter()?;
    let causes = by.ops.causes(&filter(text, Scope::Connections)?).await?;
    let data = causes.iter().map(documents::cause).collect();
    let address = format!("{}/switchboard/v1/causes", by.at());
    Ok(Json(write::whole_list(Counts::USUAL, address, text, data)))
}

#[utoipa::path(
    get, path = "/switchboard/v1/audit", tag = "Operators", operation_id = "getAudit",
    summary = "Who did what, newest first",
    params(
        ("user" = Option<String>, Query, description = "About this user, or about something of theirs"),
        ("actor" = Option<String>, Query, description = "Done by"),
        ("action" = Option<String>, Query, description = "The word of the act"),
        ("since" = Option<String>, Query, description = "Not before this time"),
        ("until" = Option<String>, Query, description = "Before this time"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 500, description = "Lines of a page"),
        ("next" = Option<String>, Query, description = "The cursor of a page, from the link of the page before"),
    ),
    responses((status = 200, body = shapes::AuditList)),
)]
pub(in crate::server) async fn audit(
    Reads(by): Reads,
    State(app): State<App>,
    query: Query,
) -> Answer {
    let names = ["user", "actor", "action", "since", "until"];
    let mut given = Vec::new();
    for name in names {
        given.push((name, query.one(name)?.unwrap_or_default()));
    }
    let text = |at: usize| Some(given[at].1.to_owned()).filter(|text| !text.is_empty());
    let time = |at: usize| text(at).map(|it| moment(&it, names[at])).transpose();
    let wanted = AuditFilter {
        user: text(0),
        actor: text(1),
        action: text(2),
        since: time(3)?,
        until: time(4)?,
    };
    let asked = page::asked(&query, &app.signer, AUDIT)?;
    let before = match asked.from.as_ref().and_then(|from| from.0.first()) {
        Some(AnchorKey::Number(seq)) => *seq,
        _ => i64::MAX,
    };
    let lines = by.ops.audit_before(&wanted, before, asked.limit).await?;
    let address = write::with_query(&format!("{}/{AUDIT}", by.at()), &given);
    let last = lines.last().filter(|_| lines.len() == asked.limit);
    let next = last.filter(|line| line.seq > 1).map(|line| {
        let place = Anchor(vec![AnchorKey::Number(line.seq)]);
        let cursor = page::cursor(&place, &asked, &app.signer, AUDIT);
        write::with_query(&address, &[("next", &cursor)])
    });
    let data = lines.iter().map(documents::audit_line).collect();
    Ok(Json(write::page(None, address, next, data)))
}

#[utoipa::path(
    get, path = "/switchboard/v1/connections/{connectionId}/timeline", tag = "Operators", operation_id = "getTimeline",
    summary = "All that is kept about a connection, in its order",
    responses((status = 200, body = shapes::Timeline)),
)]
pub(in crate::server) async fn timeline(Reads(by): Reads, Ids(id): Ids<String>) -> Answer {
    let id: ConnectionId = Names::Connection.id(id)?;
    let entries = by.ops.timeline(&id, HISTORY, Level::default()).await?;
    let data = entries.iter().map(documents::timeline_entry).collect();
    let address = format!("{}/{CONNECTIONS}/{id}/timeline", by.at());
    Ok(Json(write::whole_list(Counts::USUAL, address, "", data)))
}

#[utoipa::path(
    get, path = "/switchboard/v1/connections/{connectionId}/why", tag = "Operators", operation_id = "explainConnection",
    summary = "What the status of a connection means, whose move it is, and what will not help",
    responses((status = 200, body = shapes::Why)),
)]
pub(in crate::server) async fn why(Reads(by): Reads, Ids(id): Ids<String>) -> Answer {
    let id: ConnectionId = Names::Connection.id(id)?;
    Ok(Json(documents::why(&by.ops.why(&id).await?)))
}
