//! `POST /token` (docs/domain.md 15.1): an API key for a token of an hour.

use super::auth::{self, CLIENT, SERVER};
use super::error::{ApiError, Code};
use super::guard;
use super::request::Line;
use super::signer::Claims;
use super::state::App;
use crate::domain::access::Standing;
use crate::domain::ids::UserId;
use crate::domain::secret::Secret;
use crate::wire;
use crate::wire::write::shapes;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::{Extension, Json};
use serde_json::{Value, json};

const NEWEST: &str = "3.0";
const VERSIONS: [&str; 3] = ["2.0", "2.1", NEWEST];

#[utoipa::path(
    post, path = "/token", tag = "Tokens", operation_id = "createToken",
    summary = "An API key for a token of an hour",
    params(("basiq-version" = String, Header, description = "2.0, 2.1 or 3.0")),
    request_body(content = shapes::TokenWanted, content_type = "application/x-www-form-urlencoded",
        description = "A JSON object is read as well"),
    responses((status = 200, body = shapes::Token)),
    security(("apiKey" = [])),
)]
pub(super) async fn create(
    State(app): State<App>,
    Extension(line): Extension<Line>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let now = app.ops.now();
    if !app.token_calls.one_more(guard::peer(&line), now) {
        return Err(ApiError::too_many());
    }
    auth::accepts_json(&headers)?;
    let version = version(&headers)?;
    let presented = presented(&headers)?;
    let key = app.ops.presented_key(presented).await?;
    let key = key.ok_or_else(|| {
        let detail = "Unable to authenticate. Please, check your API key";
        let unknown = ApiError::new(Code::ParameterNotValid, detail)
            .titled("We have encountered an error")
            .with_status(Code::NotFound.status());
        auth::wrong(&app, Some(&line), unknown)
    })?;
    if key.standing(now) != Standing::Valid {
        let detail = "Your account has been disabled. Please contact Basiq support.";
        return Err(ApiError::new(Code::AccessDenied, detail));
    }
    let wanted = Wanted::read(&headers, &body)?;
    let scope = scope(wanted.scope.as_deref(), version)?;
    let user = match (scope, wanted.user) {
        (CLIENT, None) => {
            let missing = ApiError::new(Code::ParameterNotSupplied, "User ID not supplied");
            return Err(missing.parameter("userId"));
        }
        (CLIENT, Some(user)) => {
            app.ops.user_is_there(&UserId::from(user.as_str())).await?;
            Some(user)
        }
        _ => None,
    };
    let (began, life) = (
        now.0.div_euclid(1_000),
        app.settings.token_life.as_secs().max(1),
    );
    let claims = Claims {
        partnerid: key.id.clone(),
        applicationid: key.id.clone(),
        scope: scope.to_owned(),
        user,
        sub: key.id,
        version: version.to_owned(),
        iat: began,
        exp: began.saturating_add_unsigned(life),
    };
    let token = app.signer.signed(&claims).ok_or_else(ApiError::internal)?;
    line.seat.prove();
    Ok(Json(
        json!({"access_token": token, "expires_in": life, "token_type": "Bearer"}),
    ))
}

fn version(headers: &HeaderMap) -> Result<&'static str, ApiError> {
    let named = |error: ApiError| {
        error
            .parameter("basiq-version")
            .pointer("header/basiq-version")
    };
    let Some(given) = headers.get("basiq-version") else {
        let detail = "Basiq-version must be specified in HTTP request header";
        let missing = ApiError::new(Code::ParameterNotValid, detail);
        return Err(named(missing.titled("Required parameter not valid")));
    };
    let given = given.to_str().unwrap_or_default().trim();
    let known = VERSIONS.into_iter().find(|version| *version == given);
    known.ok_or_else(|| {
        let shown: String = given
            .chars()
            .filter(char::is_ascii_graphic)
            .take(20)
            .collect();
        let detail =
            format!("Version {shown} is no longer supported. Please upgrade to the latest version");
        named(ApiError::new(Code::ParameterNotValid, detail))
    })
}

/// The key as it was issued, after `Basic`.
fn presented(headers: &HeaderMap) -> Result<Secret, ApiError> {
    let named = |error: ApiError| {
        error
            .parameter("Authorization")
            .pointer("header/Authorization")
    };
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let first = given.next().ok_or_else(|| {
        let detail = "Authorization header parameter is required";
        named(ApiError::new(Code::ParameterNotSupplied, detail))
    })?;
    let key = first
        .to_str()
        .ok()
        .and_then(|text| text.trim().split_once(' '));
    match key {
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("basic") && given.next().is_none() => {
            Ok(Secret::from(key.trim()))
        }
        _ => {
            let detail = "Invalid authorization header";
            Err(named(ApiError::new(Code::ParameterNotValid, detail)))
        }
    }
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Wanted {
    scope: Option<String>,
    user: Option<String>,
}

impl Wanted {
    /// A form, an object, or nothing; what it is is seen, as clients name it wrongly.
    fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, ApiError> {
        let invalid = || {
            let detail = "Posted token request is not in valid format.";
            ApiError::new(Code::InvalidContent, detail)
        };
        let kind = headers
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok());
        let kind = kind
            .unwrap_or_default()
            .split(';')
            .next()
            .unwrap_or_default()
            .trim();
        if !matches!(
            kind,
            "" | "application/json" | "application/x-www-form-urlencoded"
        ) {
            let shown: String = kind
                .chars()
                .filter(char::is_ascii_graphic)
                .take(80)
                .collect();
            let detail = format!("Content type {shown} is not supported on requested endpoint.");
            return Err(ApiError::new(Code::UnsupportedContentType, detail));
        }
        let body = body.trim_ascii();
        let mut wanted = Self::default();
        if body.first() == Some(&b'{') {
            let mut fields = wire::posted(body).ok_or_else(invalid)?;
            let mut text = |name: &str| match fields.remove(name) {
                None | Some(Value::Null) => Ok(None),
                Some(Value::String(text)) => Ok(Some(text)),
                Some(_) => Err(invalid()),
            };
            (wanted.scope, wanted.user) = (text("scope")?, text("userId")?);
        } else {
            let pairs: Vec<(String, String)> =
                serde_urlencoded::from_bytes(body).map_err(|_| invalid())?;
            for (name, value) in pairs {
                match name.as_str() {
                    "scope" => wanted.scope = Some(value),
                    "userId" => wanted.user = Some(value),
                    _ => {}
                }
            }
        }
        let given = |text: &String| !text.trim().is_empty();
        Ok(Self {
            scope: wanted.scope.filter(given),
            user: wanted.user.filter(given),
        })
    }
}

/// Without a scope a token of an older version is for everything, and one of the newest for nothing.
fn scope(wanted: Option<&str>, version: &str) -> Result<&'static str, ApiError> {
    match wanted.map(str::trim) {
        None if version == NEWEST => Ok(""),
        None => Ok(SERVER),
        Some(word) if word.eq_ignore_ascii_case(SERVER) => Ok(SERVER),
        Some(word) if word.eq_ignore_ascii_case(CLIENT) => Ok(CLIENT),
        Some(_) => {
            let wrong = ApiError::new(Code::ParameterNotValid, "Scope value is not valid");
            Err(wrong.parameter("scope"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_a_form_an_object_or_nothing() {
        let read = |kind: Option<&str>, body: &str| {
            let mut headers = HeaderMap::new();
            if let Some(kind) = kind {
                headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
            }
            Wanted::read(&headers, body.as_bytes())
        };
        let wanted = |scope: Option<&str>, user: Option<&str>| Wanted {
            scope: scope.map(str::to_owned),
            user: user.map(str::to_owned),
        };
        let form = Some("application/x-www-form-urlencoded");
        let json = Some("application/json");
        for (kind, body, read_as) in [
            (form, "scope=SERVER_ACCESS", wanted(Some(SERVER), None)),
            (
                None,
                "scope=CLIENT_ACCESS&userId=u",
                wanted(Some(CLIENT), Some("u")),
            ),
            (form, "", wanted(None, None)),
            (json, "", wanted(None, None)),
            (
                json,
                r#"{"scope": "SERVER_ACCESS"}"#,
                wanted(Some(SERVER), None),
            ),
            (
                form,
                r#"{"scope": "SERVER_ACCESS"}"#,
                wanted(Some(SERVER), None),
            ),
            (json, "scope=SERVER_ACCESS", wanted(Some(SERVER), None)),
            (json, "{}", wanted(None, None)),
        ] {
            assert_eq!(read(kind, body), Ok(read_as), "{body}");
        }
        assert_eq!(read(json, "{").unwrap_err().status().as_u16(), 400);
        assert_eq!(
            read(json, r#"{"scope": 1}"#).unwrap_err().status().as_u16(),
            400
        );
        assert_eq!(
            read(Some("text/plain"), "x").unwrap_err().status().as_u16(),
            415
        );
    }

    #[test]
    fn a_token_without_a_scope_is_for_everything_in_old_versions_only() {
        assert_eq!(scope(None, "2.0"), Ok(SERVER));
        assert_eq!(scope(None, "2.1"), Ok(SERVER));
        assert_eq!(scope(None, "3.0"), Ok(""));
        assert_eq!(scope(Some("client_access"), "3.0"), Ok(CLIENT));
        assert!(scope(Some("ADMIN"), "3.0").is_err());
    }
}
