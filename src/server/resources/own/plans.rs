//! Plans: an act on several connections, counted and kept first, and carried out by its id.

use super::{filter, missing, reason};
use crate::documents::{self, shapes};
use crate::domain::act::{ActKind, Confirmation, Force, Objection, Plan, Selection};
use crate::domain::ids::{ConnectionId, PlanId, UserId};
use crate::domain::query::Scope;
use crate::domain::views::{Anchor, AnchorKey};
use crate::ops::{Error, Ops, PlanPart};
use crate::server::auth::{Access, Acts, Reads};
use crate::server::body::Fields;
use crate::server::error::{ApiError, Code};
use crate::server::page::{self, Asked};
use crate::server::params::{Ids, Names, Query};
use crate::server::resources::{Answer, Made};
use crate::server::state::App;
use crate::wire::write;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

const PLANS: &str = "switchboard/v1/plans";

/// The acts that are done to several connections.
const ACTS: [ActKind; 3] = [ActKind::Refresh, ActKind::Purge, ActKind::Revoke];

/// A kept plan with a page of its outcomes.
fn shown(by: &Access, app: &App, part: &PlanPart, asked: &Asked) -> Value {
    let plan = &part.plan;
    let mut document = documents::part(plan, &part.tally, by.ops.now(), true);
    let last = plan.steps.last().filter(|_| part.more);
    let place = last.map(|step| step.place);
    document["links"] = links(by, app, &plan.head.id, place, asked);
    document
}

/// Where a plan is, and the page of its outcomes behind this place.
fn links(by: &Access, app: &App, id: &PlanId, last: Option<u32>, asked: &Asked) -> Value {
    let address = format!("{}/{PLANS}/{id}", by.at());
    let mut links = json!({"self": address});
    if let Some(place) = last {
        let place = Anchor(vec![AnchorKey::Number(place.into())]);
        let cursor = page::cursor(&place, asked, &app.signer, &steps_of(id));
        links["next"] = write::with_query(&address, &[("next", &cursor)]).into();
    }
    links
}

/// The list that a cursor of a plan's outcomes is good for.
fn steps_of(id: &PlanId) -> String {
    format!("{PLANS}/{id}")
}

/// The first page of a kept plan.
pub(in crate::server) async fn first_page(
    by: &Access,
    app: &App,
    id: &PlanId,
) -> Result<Value, ApiError> {
    let asked = Asked::first();
    let part = by.ops.plan_part(id, None, asked.limit).await?;
    Ok(shown(by, app, &part, &asked))
}

#[utoipa::path(
    get, path = "/switchboard/v1/plans", tag = "Operators", operation_id = "getPlans",
    summary = "The plans that are kept, newest first",
    params(
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 500, description = "Rows of a page"),
        ("next" = Option<String>, Query, description = "The cursor of a page, from the link of the page before"),
    ),
    responses((status = 200, body = shapes::OwnPlanList)),
)]
pub(in crate::server) async fn list(
    Reads(by): Reads,
    State(app): State<App>,
    query: Query,
) -> Answer {
    let asked = page::asked(&query, &app.signer, PLANS)?;
    let found = by.ops.plans(asked.from.clone(), asked.limit).await?;
    let address = format!("{}/{PLANS}", by.at());
    let next = page::next(&found, &address, &asked, &app.signer, PLANS);
    let size = by.ops.plan_size().await?;
    let now = by.ops.now();
    let heads = found
        .rows
        .iter()
        .map(|head| documents::plan_head(head, now));
    Ok(Json(write::page(
        Some(size),
        address,
        next,
        heads.collect(),
    )))
}

#[utoipa::path(
    get, path = "/switchboard/v1/plans/{planId}", tag = "Operators", operation_id = "getPlan",
    summary = "A plan with a page of its outcomes",
    params(
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 500, description = "Outcomes of a page"),
        ("next" = Option<String>, Query, description = "The cursor of a page, from the link of the page before"),
    ),
    responses((status = 200, body = shapes::OwnPlan)),
)]
pub(in crate::server) async fn one(
    Reads(by): Reads,
    State(app): State<App>,
    Ids(id): Ids<String>,
    query: Query,
) -> Answer {
    let id: PlanId = Names::Plan.id(id)?;
    let asked = page::asked(&query, &app.signer, &steps_of(&id))?;
    let after = match asked.from.as_ref().and_then(|from| from.0.first()) {
        Some(AnchorKey::Number(place)) => u32::try_from(*place).ok(),
        _ => None,
    };
    let part = by.ops.plan_part(&id, after, asked.limit).await?;
    Ok(Json(shown(&by, &app, &part, &asked)))
}

/// What an order names: some connections, those of a filter, or those of a user.
fn selection(fields: &mut Fields) -> Result<Selection, ApiError> {
    let ids: Vec<ConnectionId> = fields.ids("connectionIds", Names::Connection)?;
    let (text, user) = (fields.text("filter")?, fields.text("userId")?);
    match (ids.is_empty(), text, user) {
        (false, None, None) => Ok(Selection::of(ids)),
        (true, Some(text), None) if text.trim().is_empty() => {
            let detail =
                "An empty filter is refused. To act on all, say so: status:active or another.";
            Err(ApiError::new(Code::ParameterNotValid, detail).parameter("filter"))
        }
        (true, Some(text), None) => {
            let query = filter(&text, Scope::Connections)?;
            Ok(Selection::Found(Box::new(query)))
        }
        (true, None, Some(user)) => Ok(Selection::User(Names::User.id::<UserId>(user)?)),
        (true, None, None) => {
            let detail = "One of connectionIds, filter and userId is required.";
            let missing = ApiError::new(Code::ParameterNotSupplied, detail);
            Err(missing.parameter("connectionIds"))
        }
        _ => {
            let detail =
                "A plan is for one of connectionIds, filter and userId, and not for several.";
            Err(ApiError::new(Code::InvalidContent, detail))
        }
    }
}

/// Nothing is done yet. Without any connection that would be reached, no plan is kept and its id is null.
#[utoipa::path(
    post, path = "/switchboard/v1/plans", tag = "Operators", operation_id = "createPlan",
    summary = "Plan a refresh, purge or revoke of several connections",
    request_body = shapes::PlanGiven,
    responses((status = 201, body = shapes::OwnPlan), (status = 200, body = shapes::OwnPlan)),
)]
pub(in crate::server) async fn create(
    Acts(by): Acts,
    State(app): State<App>,
    headers: HeaderMap,
    body: Bytes,
) -> Made {
    let mut fields = Fields::read("plan", &headers, &body)?;
    let action = fields.text("action")?.ok_or_else(|| missing("action"))?;
    let kind = ACTS.into_iter().find(|kind| kind.word() == action);
    let kind = kind.ok_or_else(|| {
        let detail = "Action value is not valid: it is refresh, purge or revoke";
        ApiError::new(Code::ParameterNotValid, detail).parameter("action")
    })?;
    let force = Force {
        recent: fields.truth("forceRecent")?,
        sign_in: fields.truth("force")?,
    };
    let selection = selection(&mut fields)?;
    fields.end()?;
    if kind != ActKind::Refresh && force != Force::default() {
        let detail = "Only a refresh can be forced.";
        return Err(ApiError::new(Code::InvalidContent, detail));
    }
    let asked = Asked::first();
    let plan = by.ops.plan(kind, selection, force).await?;
    let kept = by.ops.keep(&plan).await?;
    let mut document = documents::plan(&plan, by.ops.now(), kept);
    if let Some(items) = document["items"].as_array_mut() {
        items.truncate(asked.limit);
    }
    if !kept {
        return Ok((StatusCode::OK, Json(document)));
    }
    let behind = plan.steps.get(asked.limit);
    let last = behind.and_then(|step| step.place.checked_sub(1));
    document["links"] = links(&by, &app, &plan.head.id, last, &asked);
    Ok((StatusCode::CREATED, Json(document)))
}

/// Every connection is counted again; one that changed since is skipped and its outcome says what was different. A plan
/// that is over is answered as it is.
#[utoipa::path(
    post, path = "/switchboard/v1/plans/{planId}/apply", tag = "Operators", operation_id = "applyPlan",
    summary = "Carry out a plan",
    request_body = shapes::PlanConfirmed,
    responses((status = 200, body = shapes::OwnPlan)),
)]
pub(in crate::server) async fn apply(
    Acts(by): Acts,
    State(app): State<App>,
    Ids(id): Ids<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let id: PlanId = Names::Plan.id(id)?;
    let mut fields = Fields::any("plan", &headers, &body)?;
    let (words, reason) = (fields.text("confirm")?, fields.text("reason")?);
    fields.end()?;
    let typed = Confirmation::new(words.as_deref(), reason.as_deref());
    let (ops, asked) = (by.ops.clone(), id.clone());
    // a client that goes away does not leave it half carried out
    let applied = tokio::spawn(async move { carried_out(&ops, &asked, &typed).await });
    applied.await.map_err(|_| ApiError::internal())??;
    Ok(Json(first_page(&by, &app, &id).await?))
}

async fn carried_out(ops: &Ops, id: &PlanId, typed: &Confirmation) -> Result<(), ApiError> {
    let applied = ops.apply_kept(id, typed, |_| {}).await;
    match applied {
        Err(Error::Unconfirmed(_)) => {
            let part = ops.plan_part(id, None, 0).await?;
            Err(unconfirmed(&part.plan, typed, ops))
        }
        other => Ok(other.map(drop)?),
    }
}

/// What is missing to carry out a plan.
fn unconfirmed(plan: &Plan, typed: &Confirmation, ops: &Ops) -> ApiError {
    let (detail, field) = match plan.may_apply(typed, ops.now()) {
        Err(Objection::Reason) => {
            let kind = plan.head.kind.word();
            let detail = format!("A {kind} of more than one needs a reason. Nothing was changed.");
            (detail, "reason")
        }
        _ => {
            let words = plan.words();
            let detail = format!("The words that confirm it are: {words}. Nothing was changed.");
            (detail, "confirm")
        }
    };
    let pointer = format!("plan/{field}");
    let error = ApiError::new(Code::Unconfirmed, detail);
    error.pointer(&pointer).parameter(field)
}

/// Leaves out what has not begun, and cancels the jobs that the plan began.
#[utoipa::path(
    post, path = "/switchboard/v1/plans/{planId}/cancel", tag = "Operators", operation_id = "cancelPlan",
    summary = "Cancel a plan, also one that is being carried out",
    request_body = shapes::ReasonGiven,
    responses((status = 200, body = shapes::OwnPlan)),
)]
pub(in crate::server) async fn cancel(
    Acts(by): Acts,
    State(app): State<App>,
    Ids(id): Ids<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let id: PlanId = Names::Plan.id(id)?;
    let reason = reason("plan", &headers, &body)?;
    by.ops.cancel_plan(&id, &reason).await?;
    Ok(Json(first_page(&by, &app, &id).await?))
}
