//! Connections (docs/domain.md 2 and 12).

use super::{Answer, Done, Made, to_the_end};
use crate::domain::act::{ActKind, Force};
use crate::domain::bank_data::Credentials;
use crate::domain::connection::{Label, Method, Status};
use crate::domain::ids::{ConnectionId, UserId};
use crate::domain::job::Job;
use crate::domain::mask::Level;
use crate::domain::query::reference;
use crate::domain::query::{Expr, Query as Filter, Scope, Term, Texts};
use crate::domain::rows::ConnectionRow;
use crate::domain::views::{Sort, SortField};
use crate::ops::{self, NewLink, Ops};
use crate::server::auth::{Access, Acts, Reads};
use crate::server::body::Fields;
use crate::server::error::{ApiError, Code};
use crate::server::params::{Ids, Names, Query};
use crate::wire::write::{self, Counts, shapes};
use axum::Json;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

/// The call names what it is for, and a client that calls too soon is not refused (docs/domain.md 12.3).
const BY_CALL: Force = Force {
    recent: true,
    sign_in: false,
};

type Two = Ids<(String, String)>;

fn ids((user, connection): (String, String)) -> Result<(UserId, ConnectionId), ApiError> {
    Ok((Names::User.id(user)?, Names::Connection.id(connection)?))
}

#[utoipa::path(
    get, path = "/users/{userId}/connections", tag = "Connections", operation_id = "getConnections",
    summary = "The connections of a user",
    params(("filter" = Option<String>, Query, description = "Properties and values, as docs/domain.md 15.5 writes them")),
    responses((status = 200, body = shapes::ConnectionList)),
)]
pub(in super::super) async fn list(
    Reads(by): Reads,
    Ids(user): Ids<String>,
    query: Query,
) -> Answer {
    let user: UserId = Names::User.id(user)?;
    let filter = query.filter()?;
    let rows = matching(&by.ops, &user, filter).await?;
    let address = format!("{}/users/{user}/connections", by.at());
    let data: Vec<Value> = rows
        .iter()
        .map(|row| write::connection_row(by.at(), row))
        .collect();
    Ok(Json(write::whole_list(
        Counts::USUAL,
        address,
        filter,
        data,
    )))
}

/// The connections of a user that a filter of the reference lets through, oldest first.
pub(in super::super) async fn matching(
    ops: &Ops,
    user: &UserId,
    filter: &str,
) -> Result<Vec<ConnectionRow>, ApiError> {
    ops.user_is_there(user).await?;
    let terms = reference::parse(filter).and_then(|terms| reference::connections(&terms));
    let narrowed = terms.map_err(|_| ApiError::bad_filter())?;
    if narrowed.nothing {
        return Ok(vec![]);
    }
    let of_user = Term::User(Texts {
        whole: true,
        any: vec![user.as_str().to_owned()],
    });
    let mut parts = vec![Expr::Term(of_user)];
    parts.extend(narrowed.parts);
    if !narrowed.deleted {
        parts.push(Expr::Term(Term::Label(vec![Label::Deleted])).negated());
    }
    let query = Filter {
        expr: Expr::all(parts),
        text: filter.to_owned(),
        scope: Scope::Connections,
    };
    let sort = Sort::by(SortField::LastUsed, false);
    let page = |list| ops.connections(list, Level::default());
    let mut rows = to_the_end(query, sort, page).await?;
    rows.retain(|row| row.user == *user);
    rows.sort_by(|a, b| (a.created, &a.id).cmp(&(b.created, &b.id)));
    Ok(rows)
}

#[utoipa::path(
    get, path = "/users/{userId}/connections/{connectionId}", tag = "Connections", operation_id = "getConnection",
    summary = "A connection with its profile and accounts",
    responses((status = 200, body = shapes::Connection)),
)]
pub(in super::super) async fn one(Reads(by): Reads, Ids(two): Two) -> Answer {
    let (user, id) = ids(two)?;
    let whole = by.ops.connection_whole(&user, &id).await?;
    Ok(Json(write::connection(by.at(), &whole)))
}

/// The call of the platform's version 2: by credentials, or by open banking, which opens the consent flow.
#[utoipa::path(
    post, path = "/users/{userId}/connections", tag = "Connections", operation_id = "createConnection",
    request_body(content = shapes::ConnectionGiven,
        example = json!({"loginId": "gavinBelson", "password": "hooli2016", "institution": {"id": "AU00000"}})),
    responses((status = 202, body = shapes::Linked)),
)]
pub(in super::super) async fn create(
    Acts(by): Acts,
    Ids(user): Ids<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Made {
    let user: UserId = Names::User.id(user)?;
    by.ops.user_is_there(&user).await?;
    let mut fields = Fields::read("connection", &headers, &body)?;
    let method = match fields.text("method")? {
        None => Method::Web,
        Some(word) => Method::parse(&word).ok_or_else(|| {
            let wrong = ApiError::new(Code::ParameterNotValid, "Method value is not valid");
            wrong.pointer("connection/method").parameter("method")
        })?,
    };
    let (login, password) = (fields.secret("loginId")?, fields.secret("password")?);
    let credentials = Credentials {
        login: login.clone().unwrap_or_default(),
        password: password.clone().unwrap_or_default(),
        security_code: fields.secret("securityCode")?,
        secondary_login: fields.secret("secondaryLoginId")?,
    };
    let institution = match fields.inside("institution")? {
        None => String::new(),
        Some(mut inside) => {
            let id = inside.text("id")?.unwrap_or_default();
            // its own type and links may be sent along
            let _ = (inside.value("type"), inside.value("links"));
            inside.end()?;
            id
        }
    };
    fields.end()?;
    let given = login.is_some() || password.is_some();
    let link = NewLink {
        user,
        institution: institution.into(),
        method,
        credentials: (method == Method::Web || given).then_some(credentials),
    };
    let job = by.ops.connect(link).await?;
    Ok((StatusCode::ACCEPTED, Json(write::short_job(by.at(), &job))))
}

/// New credentials of a web connection.
#[utoipa::path(
    post, path = "/users/{userId}/connections/{connectionId}", tag = "Connections", operation_id = "updateConnection",
    request_body(content = shapes::CredentialsGiven, example = json!({"password": "hooli2016"})),
    responses((status = 202, body = shapes::Linked), (status = 200, body = shapes::Linked)),
)]
pub(in super::super) async fn update(
    Acts(by): Acts,
    Ids(two): Two,
    headers: HeaderMap,
    body: Bytes,
) -> Made {
    let (user, id) = ids(two)?;
    by.ops.connection_of(&user, &id).await?;
    let mut fields = Fields::read("connection", &headers, &body)?;
    let password = fields.secret("password")?.unwrap_or_default();
    let (code, second) = (
        fields.secret("securityCode")?,
        fields.secret("secondaryLoginId")?,
    );
    // the login cannot change; clients send it along
    fields.value("loginId");
    fields.end()?;
    let made = by
        .ops
        .update_credentials(&id, password, code, second)
        .await?;
    Ok(accepted(&by, &made.job, made.deduplicated))
}

/// 202 for a new job, 200 for one that was open already.
fn accepted(by: &Access, job: &Job, again: bool) -> (StatusCode, Json<Value>) {
    let status = if again {
        StatusCode::OK
    } else {
        StatusCode::ACCEPTED
    };
    (status, Json(write::short_job(by.at(), job)))
}

#[utoipa::path(
    post, path = "/users/{userId}/connections/{connectionId}/refresh", tag = "Connections", operation_id = "refreshConnection",
    summary = "Fetch what is new of a connection",
    responses((status = 202, body = shapes::Linked), (status = 200, body = shapes::Linked)),
)]
pub(in super::super) async fn refresh(
    Acts(by): Acts,
    Ids(two): Two,
    headers: HeaderMap,
    body: Bytes,
) -> Made {
    let (user, id) = ids(two)?;
    by.ops.connection_of(&user, &id).await?;
    Fields::none("connection", &headers, &body)?;
    let (job, again) = refreshed(&by.ops, &id).await?;
    Ok(accepted(&by, &job, again))
}

async fn refreshed(ops: &Ops, id: &ConnectionId) -> ops::Result<(Job, bool)> {
    ops.do_one(ActKind::Refresh, id, None, BY_CALL, String::new())
        .await
}

/// One job for each connection that can be refreshed now; what a limit holds back is left out, and audited.
#[utoipa::path(
    post, path = "/users/{userId}/connections/refresh", tag = "Connections", operation_id = "refreshConnections",
    responses((status = 202, body = shapes::JobsMade)),
)]
pub(in super::super) async fn refresh_all(
    Acts(by): Acts,
    Ids(user): Ids<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Made {
    let user: UserId = Names::User.id(user)?;
    let rows = matching(&by.ops, &user, "").await?;
    Fields::none("connection", &headers, &body)?;
    let mut jobs = Vec::new();
    for row in rows {
        if !matches!(row.status, Status::Active | Status::Invalid) {
            continue;
        }
        match refreshed(&by.ops, &row.id).await {
            Ok((job, _)) => jobs.push(write::short_job(by.at(), &job)),
            Err(ops::Error::Refused(_)) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Ok((
        StatusCode::ACCEPTED,
        Json(json!({"type": "list", "data": jobs})),
    ))
}

/// Purges what was fetched of the user at this bank; answers when it is gone.
#[utoipa::path(
    post, path = "/users/{userId}/connections/{connectionId}/purge", tag = "Connections", operation_id = "purgeConnectionOfUser",
    responses((status = 204)),
)]
pub(in super::super) async fn purge(Acts(by): Acts, Ids(two): Two) -> Done {
    let (user, id) = ids(two)?;
    by.ops.connection_of(&user, &id).await?;
    ended(&by, ActKind::Purge, &id).await
}

/// The same by the connection alone.
#[utoipa::path(
    post, path = "/connections/{connectionId}/purge", tag = "Connections", operation_id = "purgeConnection",
    responses((status = 204)),
)]
pub(in super::super) async fn purge_by_id(Acts(by): Acts, Ids(id): Ids<String>) -> Done {
    let id: ConnectionId = Names::Connection.id(id)?;
    by.ops.owner_of(&id).await?;
    ended(&by, ActKind::Purge, &id).await
}

/// Revokes: the link ends, its data stays.
#[utoipa::path(
    delete, path = "/users/{userId}/connections/{connectionId}", tag = "Connections", operation_id = "deleteConnection",
    responses((status = 204)),
)]
pub(in super::super) async fn delete(Acts(by): Acts, Ids(two): Two) -> Done {
    let (user, id) = ids(two)?;
    by.ops.connection_of(&user, &id).await?;
    ended(&by, ActKind::Revoke, &id).await
}

async fn ended(by: &Access, kind: ActKind, id: &ConnectionId) -> Done {
    by.ops.make_room()?;
    by.ops
        .do_one(kind, id, None, Force::default(), String::new())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
