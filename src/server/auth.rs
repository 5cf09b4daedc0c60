//! Who asks: a bearer token, the key behind it, and what that may do. A handler names what it needs by what it takes:
//! [`Reads`], [`Acts`], [`Erases`], or [`Answers`], which a client token of the user is enough for. What an act needs is
//! in the table of `domain/access.rs`, which the operations ask again.

use super::error::{ApiError, Code};
use super::guard::{self, Base};
use super::request::{self, Line};
use super::resources::own::changes;
use super::signer::Claims;
use super::state::App;
use crate::domain::access::{ApiKey, Role, Standing};
use crate::domain::ids::UserId;
use crate::domain::moment::Moment;
use crate::domain::request::Mark;
use crate::domain::zone::Zone;
use crate::ops::{Caller, Ops, Refusal};
use axum::extract::{FromRequestParts, MatchedPath};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

pub(super) const SERVER: &str = "SERVER_ACCESS";
pub(super) const CLIENT: &str = "CLIENT_ACCESS";

/// A request with a valid token.
pub(super) struct Access {
    /// The key, the scope and the user of the token: requests with one idempotency key are the same only within them.
    pub(super) who: String,
    key: String,
    ends: Moment,
    /// Acts under the name of the key.
    pub(super) ops: Ops,
    pub(super) base: Base,
    app: String,
    scope: Scope,
    /// What is asked for, as it is written in the audit when it is refused.
    asked: String,
}

enum Scope {
    Server,
    Client(UserId),
    Nothing,
}

pub(super) struct Reads(pub(super) Access);
pub(super) struct Acts(pub(super) Access);
pub(super) struct Erases(pub(super) Access);
/// Also given to a client token; [`Access::for_user`] says whether it is that user's.
pub(super) struct Answers(pub(super) Access);

impl Access {
    /// Whether its key and its token are still good.
    pub(super) async fn lasts(&self, now: Moment) -> bool {
        let key = self.ops.api_key(&self.key).await;
        let stands = |key: ApiKey| key.standing(now) == Standing::Valid;
        self.ends > now && key.is_ok_and(|key| key.is_some_and(stands))
    }

    /// The base of links.
    pub(super) fn at(&self) -> &str {
        self.base.as_str()
    }

    /// The application, as its tokens name it.
    pub(super) fn app(&self) -> &str {
        &self.app
    }

    /// Refuses a client token of another user.
    pub(super) async fn for_user(&self, user: &UserId) -> Result<(), ApiError> {
        match &self.scope {
            Scope::Server => Ok(()),
            Scope::Client(bound) if bound == user => Ok(()),
            Scope::Client(_) | Scope::Nothing => Err(self.out_of_scope().await),
        }
    }

    async fn out_of_scope(&self) -> ApiError {
        self.refused("the token is for something else").await;
        ApiError::forbidden()
    }

    async fn refused(&self, why: &str) {
        let refusal = Refusal::new("forbidden-access", why, "");
        // the answer is the same when the line cannot be written; the error is one of the file
        let _ = self.ops.refused("http-request", &self.asked, refusal).await;
    }

    /// Refuses a token of a narrower scope, then a key of a lower role.
    async fn must(self, role: Role) -> Result<Self, ApiError> {
        if !matches!(self.scope, Scope::Server) {
            return Err(self.out_of_scope().await);
        }
        self.must_be(role).await
    }

    async fn must_be(self, role: Role) -> Result<Self, ApiError> {
        if let Err(lacking) = self.ops.caller.role.at_least(role) {
            self.refused(&lacking.to_string()).await;
            return Err(lacking.into());
        }
        Ok(self)
    }
}

/// The one bearer token of a request.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(given), None) = (given.next(), given.next()) else {
        return None;
    };
    let (scheme, token) = given.to_str().ok()?.split_once(' ')?;
    let whole = !token.is_empty() && !token.contains(' ');
    (scheme.eq_ignore_ascii_case("bearer") && whole).then_some(token)
}

const JSON: [&str; 3] = ["*/*", "application/*", "application/json"];
const EVENTS: [&str; 3] = ["*/*", "text/*", "text/event-stream"];

/// Refuses what is no `Accept` of ours; the reference answers JSON and nothing else.
pub(super) fn accepts_json(headers: &HeaderMap) -> Result<(), ApiError> {
    accepts(headers, &JSON)
}

fn accepts(headers: &HeaderMap, kinds: &[&str]) -> Result<(), ApiError> {
    let mut any = false;
    for value in headers.get_all(header::ACCEPT) {
        let ranges = value.to_str().unwrap_or_default().split(',');
        for range in ranges.map(|r| r.split(';').next().unwrap_or_default().trim()) {
            any |= !range.is_empty();
            if kinds.contains(&range.to_ascii_lowercase().as_str()) {
                return Ok(());
            }
        }
    }
    if !any {
        return Ok(());
    }
    let kind = kinds.last().copied().unwrap_or_default();
    let detail = format!("Accept type {kind} is not supported on requested endpoint.");
    Err(ApiError::new(Code::UnsupportedAccept, detail).parameter("Accept"))
}

/// A wrong key or token; one address that shows too many is told to slow down.
pub(super) fn wrong(app: &App, line: Option<&Line>, error: ApiError) -> ApiError {
    let now = app.ops.now();
    let fair = line.is_none_or(|line| app.wrong.one_more(guard::peer(line), now));
    if fair { error } else { ApiError::too_many() }
}

/// What a token says and the key that it was made with, when both are still good.
async fn valid(
    app: &App,
    line: Option<&Line>,
    token: Option<&str>,
) -> Result<(Claims, ApiKey), ApiError> {
    let wrong = |error| wrong(app, line, error);
    let claims = token.and_then(|token| app.signer.read::<Claims>(token));
    let claims = claims.ok_or_else(|| wrong(ApiError::bad_token()))?;
    let now = app.ops.now();
    if claims.exp <= now.0.div_euclid(1_000) {
        return Err(ApiError::new(Code::AccessDenied, "Token has expired"));
    }
    let key = app.ops.api_key(&claims.sub).await?;
    let key = key.filter(|key| key.standing(now) == Standing::Valid);
    let key = key.ok_or_else(|| wrong(ApiError::unauthorized()))?;
    if let Some(line) = line {
        line.seat.prove();
    }
    Ok((claims, key))
}

/// The user that a client token is bound to, and the id of its key; any other token is refused.
pub(super) async fn client(
    app: &App,
    line: &Line,
    token: &str,
) -> Result<(UserId, String), ApiError> {
    let (claims, key) = valid(app, Some(line), Some(token)).await?;
    match claims.user {
        Some(user) if claims.scope == CLIENT => Ok((user.into(), key.id)),
        _ => Err(ApiError::forbidden()),
    }
}

pub(super) async fn access(app: &App, parts: &Parts) -> Result<Access, ApiError> {
    let line = parts.extensions.get::<Line>();
    let (claims, key) = valid(app, line, bearer(&parts.headers)).await?;
    let route = parts
        .extensions
        .get::<MatchedPath>()
        .map_or("", MatchedPath::as_str);
    match route {
        changes::PATH => accepts(&parts.headers, &EVENTS)?,
        _ => accepts_json(&parts.headers)?,
    }
    let bound = claims.user.as_deref().unwrap_or_default();
    let scope = match (claims.scope.as_str(), &claims.user) {
        (SERVER, _) => Scope::Server,
        (CLIENT, Some(user)) => Scope::Client(user.as_str().into()),
        _ => Scope::Nothing,
    };
    let role = match scope {
        // it answers for its user, whatever else its key may do
        Scope::Client(_) => Role::Operator,
        Scope::Server | Scope::Nothing => key.role,
    };
    let caller = Caller {
        actor: key.name,
        face: "api",
        role,
        zone: Zone::UTC,
    };
    let request = parts.extensions.get::<Mark>().cloned();
    Ok(Access {
        key: claims.sub.clone(),
        ends: Moment(claims.exp.saturating_mul(1_000)),
        who: format!("{} {} {}", claims.sub, claims.scope, bound),
        ops: app.ops.clone().with_caller(caller).for_request(request),
        base: request::base(parts)?,
        app: claims.applicationid,
        scope,
        asked: format!("{} {route}", parts.method),
    })
}

macro_rules! needs {
    ($($name:ident: $role:ident;)+) => {$(
        impl FromRequestParts<App> for $name {
            type Rejection = ApiError;

            async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
                Ok(Self(access(app, parts).await?.must(Role::$role).await?))
            }
        }
    )+};
}

needs! {
    Reads: Viewer;
    Acts: Operator;
    Erases: Privacy;
}

impl FromRequestParts<App> for Answers {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let access = access(app, parts).await?;
        match access.scope {
            Scope::Nothing => Err(access.out_of_scope().await),
            Scope::Client(_) => Ok(Self(access)),
            Scope::Server => Ok(Self(access.must_be(Role::Operator).await?)),
        }
    }
}

/// The base of links, for what needs no token.
impl FromRequestParts<App> for Base {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        request::base(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(given: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in given {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn a_token_is_given_once_after_one_blank() {
        for (value, token) in [
            ("Bearer x.y.z", Some("x.y.z")),
            ("bearer x", Some("x")),
            ("bearer  x", None),
            ("Bearer", None),
            ("Bearer ", None),
            ("Basic x", None),
            ("x", None),
            ("Bearer x y", None),
        ] {
            assert_eq!(
                bearer(&headers(&[("authorization", value)])),
                token,
                "{value}"
            );
        }
        let twice = [("authorization", "Bearer x"), ("authorization", "Bearer x")];
        assert_eq!(bearer(&headers(&twice)), None);
        assert_eq!(bearer(&headers(&[])), None);
    }

    #[test]
    fn json_is_answered_to_whoever_takes_it() {
        for (accept, taken) in [
            ("application/json", true),
            ("*/*", true),
            ("text/html, application/json;q=0.9", true),
            ("application/*", true),
            ("", true),
            ("text/html", false),
            ("application/xml", false),
        ] {
            let given = headers(&[("accept", accept)]);
            assert_eq!(accepts_json(&given).is_ok(), taken, "{accept}");
        }
        assert!(accepts_json(&headers(&[])).is_ok());
    }
}
