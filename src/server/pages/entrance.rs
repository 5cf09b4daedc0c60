//! The two doors: an auth link, and a client token that an app has asked for. Both open a sitting and send the browser
//! on, so that what opened it is in no address and no history after that.

use super::sitting::{Action, By, Sitting, Visit, kept};
use super::{Shown, Trouble, finish, go, html, page};
use crate::domain::consent::Consent;
use crate::domain::ids::{ConnectionId, InstitutionId, UserId};
use crate::ops;
use crate::server::auth;
use crate::server::error::{ApiError, Code};
use crate::server::guard::Base;
use crate::server::params::{Ids, Names, Query};
use crate::server::request::Line;
use crate::server::state::App;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;

/// The longest state that is given back to the app, in bytes.
const LONGEST_STATE: usize = 512;

pub(in crate::server) async fn by_link(
    State(app): State<App>,
    Extension(line): Extension<Line>,
    base: Base,
    Ids(last): Ids<String>,
    query: Query,
) -> Shown {
    let link = match app.ops.auth_link_opened(&last).await {
        Ok(link) => link,
        Err(ops::Error::NotFound { .. }) => {
            let unknown = auth::wrong(&app, Some(&line), ApiError::not_found());
            return Err(match unknown.code {
                Code::NotFound => Trouble {
                    status: StatusCode::NOT_FOUND,
                    ..Trouble::gone()
                },
                _ => unknown.into(),
            });
        }
        Err(other) => return Err(other.into()),
    };
    line.seat.prove();
    let sitting = Sitting::begun(&app.ops, &link.user, By::Link(link.id));
    opened(&app, &base, sitting, &query).await
}

/// The address of the platform's own flow: `?token=…&action=…&state=…`.
pub(in crate::server) async fn by_token(
    State(app): State<App>,
    Extension(line): Extension<Line>,
    base: Base,
    query: Query,
) -> Shown {
    let token = query.one("token")?.unwrap_or_default();
    let (user, key) = auth::client(&app, &line, token).await?;
    if query
        .one("userId")?
        .is_some_and(|named| named != user.as_str())
    {
        return Err(ApiError::forbidden().into());
    }
    app.ops.user_is_there(&user).await?;
    let sitting = Sitting::begun(&app.ops, &user, By::Key(key));
    opened(&app, &base, sitting, &query).await
}

async fn opened(app: &App, base: &Base, sitting: Sitting, query: &Query) -> Shown {
    let word = query.one("action")?.filter(|word| *word != "null");
    let action = Action::parse(word.unwrap_or_default()).ok_or_else(|| {
        let wrong = ApiError::new(Code::ParameterNotValid, "Action value is not valid");
        wrong.parameter("action")
    })?;
    let state = query.one("state")?.unwrap_or_default();
    if state.len() > LONGEST_STATE {
        let wrong = ApiError::new(Code::ParameterNotValid, "State value is not valid");
        return Err(wrong.parameter("state").into());
    }
    let given = |name| query.one(name).map(|id| id.filter(|id| !id.is_empty()));
    let (institution, connection) = (given("institutionId")?, given("connectionId")?);
    if let Some(id) = institution {
        let id: InstitutionId = Names::Institution.id(id.to_owned())?;
        app.ops.institution(&id).await?;
    }
    if let Some(id) = connection {
        let id: ConnectionId = Names::Connection.id(id.to_owned())?;
        let user = UserId::from(sitting.user.clone());
        app.ops.connection_of(&user, &id).await?;
    }
    let sitting = Sitting {
        action: action.word().to_owned(),
        state: state.to_owned(),
        institution: institution.unwrap_or_default().to_owned(),
        connection: connection.unwrap_or_default().to_owned(),
        ..sitting
    };
    kept(app, base, &sitting, go("/connect"))
}

/// Where the user was sent for; the consent first, when there is none or it has run out.
pub(in crate::server) async fn start(visit: Visit) -> Shown {
    let sitting = &visit.sitting;
    if !sitting.connection.is_empty() {
        return Ok(go(&format!("/connect/connections/{}", sitting.connection)));
    }
    match Action::parse(&sitting.action) {
        Some(Action::First | Action::Connect) | None => {}
        Some(Action::Manage | Action::Extend | Action::Update | Action::Reauthorise) => {
            return Ok(go("/connect/manage"));
        }
    }
    let standing = visit.ops.standing_consent(&visit.user).await?;
    if standing.is_some_and(|consent| consent.expiry <= visit.ops.now()) {
        return Ok(go("/connect/manage"));
    }
    if !agreed(&visit).await? {
        let asked = Consent::given("".into(), visit.user.clone(), visit.ops.now());
        return Ok(page(html::consent(&visit.token(), &asked)));
    }
    Ok(go(&match sitting.institution.as_str() {
        "" => "/connect/banks".to_owned(),
        bank => format!("/connect/banks/{bank}"),
    }))
}

/// Whether the user has agreed to share, now or before.
pub(super) async fn agreed(visit: &Visit) -> Result<bool, Trouble> {
    if visit.sitting.agreed {
        return Ok(true);
    }
    Ok(visit.ops.standing_consent(&visit.user).await?.is_some())
}

pub(in crate::server) async fn agree(mut visit: Visit, body: Bytes) -> Shown {
    let form = visit.form(&body)?;
    if form.text("answer") != "agree" {
        return finish::leave(&visit);
    }
    visit.sitting.agreed = true;
    visit.kept(go("/connect"))
}
