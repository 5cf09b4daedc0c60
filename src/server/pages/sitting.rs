//! A sitting: one user in one browser, from the link to the end. It is a signed cookie, so that it outlives a restart
//! and every server on the database knows it; what may have changed meanwhile is looked up at each request.

use super::{Shown, Trouble, go};
use crate::domain::access::Role;
use crate::domain::access::Standing;
use crate::domain::ids::{ConnectionId, JobId, UserId};
use crate::domain::rows::ConnectionRow;
use crate::domain::secret::Secret;
use crate::domain::words::words;
use crate::domain::zone::Zone;
use crate::ops::{Caller, Ops};
use crate::server::error::ApiError;
use crate::server::guard::Base;
use crate::server::request;
use crate::server::state::App;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::{Deserialize, Serialize};

const COOKIE: &str = "sitting";

/// How long a sitting lasts, in seconds.
const LIFE: i64 = 3_600;

/// How many banks one sitting connects at most; the cookie names their jobs.
pub(super) const MOST_JOBS: usize = 40;

words! {
    /// What the user is sent for.
    Action [word] parse {
        First "";
        Connect "connect";
        Manage "manage";
        Extend "extend";
        Update "update";
        Reauthorise "reauthorise";
    }
}

/// What opened it, and so what has to hold as long as it lasts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum By {
    Link(String),
    /// A client token, made with this API key.
    Key(String),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sitting {
    /// A token of the API has no such field, and this has none of a token's.
    pub(super) sitting: String,
    pub(super) user: String,
    pub(super) by: By,
    pub(super) action: String,
    /// What the app wants back.
    pub(super) state: String,
    pub(super) institution: String,
    pub(super) connection: String,
    /// Whether the user agreed to share, in this sitting.
    pub(super) agreed: bool,
    /// Whether the link that opened it has served.
    pub(super) used: bool,
    /// What was begun in it.
    pub(super) jobs: Vec<String>,
    #[serde(rename = "exp")]
    pub(super) ends: i64,
}

impl Sitting {
    pub(super) fn begun(ops: &Ops, user: &UserId, by: By) -> Self {
        Self {
            sitting: ops.clock.fresh_id(),
            user: user.as_str().to_owned(),
            by,
            action: String::new(),
            state: String::new(),
            institution: String::new(),
            connection: String::new(),
            agreed: false,
            used: false,
            jobs: Vec::new(),
            ends: ops.now().0.div_euclid(1_000) + LIFE,
        }
    }
}

/// A request within a sitting that is still good.
pub(in crate::server) struct Visit {
    pub(super) ops: Ops,
    pub(super) user: UserId,
    pub(super) sitting: Sitting,
    pub(super) base: Base,
    pub(super) app: App,
}

fn closed() -> Trouble {
    let words =
        "Open this page by the link that was sent to you, or from the app that sent you here.";
    Trouble::new(StatusCode::FORBIDDEN, "Nothing is open here", words)
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let all = headers.get_all(header::COOKIE).into_iter();
    let texts = all.filter_map(|value| value.to_str().ok());
    let pairs = texts.flat_map(|text| text.split(';'));
    let mut found = pairs.filter_map(|pair| pair.trim().split_once('='));
    found
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value)
}

impl FromRequestParts<App> for Visit {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Trouble> {
        let read = cookie(&parts.headers).and_then(|text| app.signer.read::<Sitting>(text));
        let sitting = read.ok_or_else(closed)?;
        if sitting.ends <= app.ops.now().0.div_euclid(1_000) {
            let words = "Nothing happened here for a while. Open the link again, or begin in the app again.";
            return Err(Trouble::new(
                StatusCode::FORBIDDEN,
                "This sitting has ended",
                words,
            ));
        }
        let user = UserId::from(sitting.user.clone());
        app.ops.user_is_there(&user).await?;
        let actor = standing(app, &user, &sitting).await?;
        let caller = Caller {
            actor,
            face: "page",
            // users may end what they agreed to; no page does more
            role: Role::Privacy,
            zone: Zone::UTC,
        };
        Ok(Self {
            ops: app.ops.clone().with_caller(caller),
            user,
            sitting,
            base: request::base(parts)?,
            app: app.clone(),
        })
    }
}

/// Whose name the acts are under. What opened the sitting must not have ended: a link that this sitting used is gone,
/// and one that is gone before is no longer good.
async fn standing(app: &App, user: &UserId, sitting: &Sitting) -> Result<String, Trouble> {
    match &sitting.by {
        By::Key(key) => {
            let key = app.ops.api_key(key).await?;
            let key = key.filter(|key| key.standing(app.ops.now()) == Standing::Valid);
            key.map(|key| key.name).ok_or_else(closed)
        }
        By::Link(id) => match app.ops.auth_link_whole(user).await {
            Ok(link) if link.id == *id => Ok("auth-link".into()),
            Ok(_) => Err(Trouble::gone()),
            Err(_) if sitting.used => Ok("auth-link".into()),
            Err(_) => Err(Trouble::gone()),
        },
    }
}

impl Visit {
    /// What every form of the sitting carries.
    pub(super) fn token(&self) -> String {
        token(&self.app, &self.sitting)
    }

    /// The fields of a form, when it is one of this sitting.
    pub(super) fn form(&self, body: &[u8]) -> Result<Form, Trouble> {
        let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(body).map_err(|_| {
            Trouble::new(
                StatusCode::BAD_REQUEST,
                "That could not be read",
                "Go back and try again.",
            )
        })?;
        let form = Form(fields);
        match form.text("csrf") == self.token() {
            true => Ok(form),
            false => {
                let words = "It is not a form of this sitting. Go back, load the page again, and try again.";
                Err(Trouble::new(
                    StatusCode::FORBIDDEN,
                    "That was not accepted",
                    words,
                ))
            }
        }
    }

    /// The connection of this user.
    pub(super) async fn connection(&self, id: &str) -> Result<ConnectionRow, Trouble> {
        let id = ConnectionId::from(id);
        Ok(self.ops.connection_of(&self.user, &id).await?)
    }

    /// Notes a job and goes on. A link that has served opens no other sitting.
    pub(super) async fn began(mut self, job: &JobId, to: &str, serves: bool) -> Shown {
        if serves {
            self.use_link().await?;
        }
        let id = job.as_str().to_owned();
        if !self.sitting.jobs.contains(&id) {
            self.sitting.jobs.push(id);
        }
        self.kept(go(to))
    }

    pub(super) async fn use_link(&mut self) -> Result<(), Trouble> {
        if let By::Link(link) = &self.sitting.by {
            self.ops.auth_link_used(&self.user, link).await?;
            self.sitting.used = true;
        }
        Ok(())
    }

    /// The answer, with the sitting as it is now.
    pub(super) fn kept(&self, response: Response) -> Shown {
        kept(&self.app, &self.base, &self.sitting, response)
    }
}

fn token(app: &App, sitting: &Sitting) -> String {
    app.signer.seal(&format!("form;{}", sitting.sitting))
}

pub(super) fn kept(app: &App, base: &Base, sitting: &Sitting, mut response: Response) -> Shown {
    let signed = app.signer.signed(sitting).ok_or_else(ApiError::internal)?;
    let left = sitting.ends - app.ops.now().0.div_euclid(1_000);
    set(&mut response, base, &signed, left.max(0))?;
    Ok(response)
}

/// The answer, after which there is no sitting.
pub(super) fn ended(base: &Base, mut response: Response) -> Shown {
    set(&mut response, base, "", 0)?;
    Ok(response)
}

/// Lax, because the first page is opened from a message or another site; every form has its token beside it.
fn set(response: &mut Response, base: &Base, value: &str, seconds: i64) -> Result<(), ApiError> {
    let secure = if base.as_str().starts_with("https:") {
        "; Secure"
    } else {
        ""
    };
    let text = format!(
        "{COOKIE}={value}; Path=/connect; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
    );
    let value = HeaderValue::from_str(&text).map_err(|_| ApiError::internal())?;
    response.headers_mut().insert(header::SET_COOKIE, value);
    Ok(())
}

pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// The first field of this name; empty when there is none.
    pub(super) fn text(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(given, _)| given == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    pub(super) fn secret(&self, name: &str) -> Secret {
        Secret::from(self.text(name))
    }

    /// Every field of this name, in order.
    pub(super) fn all(&self, name: &str) -> Vec<Secret> {
        let named = self.0.iter().filter(|(given, _)| given == name);
        named
            .map(|(_, value)| Secret::from(value.as_str()))
            .collect()
    }
}
