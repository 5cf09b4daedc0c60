//! Tries a key before it is kept: whether it lets in, and which calls it may make.

use super::client::{Answer, Body, Caller, Error, Pass};
use crate::domain::live::Call;
use crate::domain::secret::Secret;
use crate::wire::remote;
use reqwest::Method;

/// A user that no platform has. A key that may ask is told so.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

/// What a key was found to be good for.
pub(crate) struct Probed {
    pub(crate) lacks: Vec<Call>,
}

fn path(call: Call) -> String {
    match call {
        Call::Connectors => remote::path(&["connectors"]),
        Call::Events => remote::path(&["events"]),
        Call::Users => remote::path(&["users", NOBODY]),
        of_user => remote::path(&["users", NOBODY, of_user.word()]),
    }
}

/// Whether an answer says that there is no such call for this key.
pub(super) fn forbids(answer: &Answer) -> bool {
    let said = remote::said(&answer.body);
    match answer.status {
        403 => said.of_the_api && said.code != "access-denied",
        404 => no_route(&said),
        405 => true,
        _ => false,
    }
}

/// Whether the platform has no such call, rather than no such thing.
pub(super) fn no_route(said: &remote::Said) -> bool {
    said.detail.starts_with("Route not found")
}

/// A new token.
pub(super) async fn token(caller: &Caller, key: &Secret) -> Result<(Secret, i64), Error> {
    let body = Body::Form("scope=SERVER_ACCESS");
    let path = remote::path(&["token"]);
    let answer = caller
        .call(Method::POST, &path, Pass::Key(key), body)
        .await?;
    let said = remote::said(&answer.body);
    let host = caller.host().to_owned();
    match answer.status {
        200 | 201 => remote::token(&answer.body).ok_or_else(|| Error::Unexpected {
            host,
            status: answer.status,
            said: "there is no token in the answer".into(),
        }),
        403 if said.code == "request-not-valid" => Err(slow(host, &answer)),
        429 => Err(slow(host, &answer)),
        400 | 401 | 403 | 404 if said.of_the_api || answer.status == 401 => {
            Err(Error::KeyRefused {
                host,
                said: in_words(&said),
            })
        }
        status => Err(Error::Unexpected {
            host,
            status,
            said: in_words(&said),
        }),
    }
}

fn slow(host: String, answer: &Answer) -> Error {
    Error::Slowed {
        host,
        status: answer.status,
        wait: answer.retry_after.clone(),
    }
}

pub(super) fn in_words(said: &remote::Said) -> String {
    match (said.code.as_str(), said.detail.as_str()) {
        ("", "") => "it does not say why".into(),
        (code, "") => code.to_owned(),
        ("", detail) => detail.to_owned(),
        (code, detail) => format!("{code}, {detail}"),
    }
}

/// Signs in with a key that is not kept yet, and tries each call once.
pub(crate) async fn probe(address: &str, host: &str, key: &Secret) -> Result<Probed, Error> {
    let caller = Caller::new(address, host)?;
    let (token, _) = token(&caller, key).await?;
    let mut lacks = Vec::new();
    for call in Call::ALL {
        let pass = Pass::Token(&token);
        let answer = caller
            .call(Method::GET, &path(call), pass, Body::None)
            .await?;
        match answer.status {
            _ if forbids(&answer) => lacks.push(call),
            200..=299 | 400 | 404 | 410 => {}
            401 | 403 => {
                return Err(Error::KeyRefused {
                    host: host.to_owned(),
                    said: "it gave a token, and does not accept it".into(),
                });
            }
            status => {
                return Err(Error::Unexpected {
                    host: host.to_owned(),
                    status,
                    said: format!("while it was asked for {}; try again later", call.about()),
                });
            }
        }
    }
    Ok(Probed { lacks })
}
