//! Carries out one act of the outbox: one call, and what was heard of it. What is not known is looked up there first.

use super::look_up::{self, Seen};
use super::platform::{Platform, Silent};
use super::probe::no_route;
use super::unsure;
use crate::domain::counts::count;
use crate::domain::ids::JobId;
use crate::domain::live::{Outgoing, RemoteAct, Sending};
use crate::domain::secret::Secret;
use crate::ops::{Error, Heard, SentTo};
use crate::wire::remote::{self, path};
use reqwest::Method;

/// Goes on with an act that this process has claimed. `false`: another process has it by now.
pub(super) async fn run(
    platform: &Platform,
    act: Outgoing,
    answers: Option<Vec<Secret>>,
) -> Result<bool, Error> {
    let heard = match act.state {
        Sending::Unsure => unsure::found(platform, &act).await,
        _ => return send(platform, act, answers).await,
    };
    settle(platform, &act, heard).await
}

async fn settle(
    platform: &Platform,
    act: &Outgoing,
    heard: Result<Heard, Silent>,
) -> Result<bool, Error> {
    let heard = match heard {
        Ok(heard) => heard,
        Err(Silent::Ops(error)) => return Err(error),
        // looking it up told nothing, so nothing more is known than before
        Err(Silent::NotSent { said, .. } | Silent::Lost { said, .. })
            if act.state == Sending::Unsure =>
        {
            lost(said, None, String::new())
        }
        Err(Silent::NotSent { said, again }) => Heard {
            what: SentTo::NotDone { again },
            status: None,
            correlation: String::new(),
            said,
        },
        Err(Silent::Lost {
            said,
            status,
            correlation,
        }) => lost(said, status, correlation),
    };
    platform.ops.outbox_heard(act, heard).await
}

fn lost(said: String, status: Option<u16>, correlation: String) -> Heard {
    Heard {
        what: SentTo::Unsure,
        status,
        correlation,
        said,
    }
}

/// Known by reading, not by an answer to the call.
pub(super) fn looked_up(what: SentTo, said: &str) -> Heard {
    Heard {
        what,
        status: None,
        correlation: String::new(),
        said: said.into(),
    }
}

async fn send(
    platform: &Platform,
    mut act: Outgoing,
    answers: Option<Vec<Secret>>,
) -> Result<bool, Error> {
    let user = act.user.as_str();
    let one = path(&["users", user, "connections", &act.target]);
    let (method, address, body) = match act.act {
        RemoteAct::Refresh => (Method::POST, format!("{one}/refresh"), None),
        RemoteAct::Purge => (Method::POST, format!("{one}/purge"), None),
        RemoteAct::Revoke => (Method::DELETE, one, None),
        RemoteAct::Answer => {
            let Some(answers) = answers else {
                let gone = looked_up(
                    SentTo::Refused {
                        code: "answer-lost".into(),
                    },
                    "the answer is not here any more; give it again when the bank asks",
                );
                return settle(platform, &act, Ok(gone)).await;
            };
            let address = path(&["jobs", act.job.as_str(), "mfa"]);
            (Method::POST, address, Some(remote::mfa_answer(&answers)))
        }
        RemoteAct::EndConsent => {
            let address = path(&["users", user, "consents", &act.target]);
            (Method::DELETE, address, None)
        }
        // it goes to the mobile number that the platform has on record
        RemoteAct::Link => (Method::POST, link_of(&act), Some(Secret::new("{}"))),
    };
    if act.act == RemoteAct::Purge {
        let held = match look_up::held(platform, &act.user, &act.institution).await {
            Ok(held) => held,
            // the purge itself was not sent
            Err(Silent::Lost { said, .. }) => {
                let again = platform.ops.platform_offline(&said).await?;
                return settle(platform, &act, Err(Silent::NotSent { said, again })).await;
            }
            Err(silent) => return settle(platform, &act, Err(silent)).await,
        };
        act = match platform.ops.outbox_before(&act, in_words(&held)).await {
            Err(Error::Changed(_)) => return Ok(false),
            other => other?,
        };
    }
    let heard = match platform.call(method, &address, body).await {
        Ok(answer) => {
            let said = remote::said(&answer.body);
            let heard = Heard {
                what: SentTo::Unsure,
                status: Some(answer.status),
                correlation: answer.correlation.clone(),
                said: String::new(),
            };
            judged(platform, &act, heard, &said, &answer.body).await
        }
        Err(silent) => Err(silent),
    };
    settle(platform, &act, heard).await
}

/// What an answer of the platform to the call means.
async fn judged(
    platform: &Platform,
    act: &Outgoing,
    heard: Heard,
    said: &remote::Said,
    body: &[u8],
) -> Result<Heard, Silent> {
    let status = heard.status.unwrap_or_default();
    let accepted = |job, after| SentTo::Accepted { job, after };
    let what = match (act.act, status) {
        (RemoteAct::Refresh, 200..=299) => match remote::job_id(body) {
            Some(job) => accepted(Some(JobId::from(job)), String::new()),
            // done or not, the jobs of the connection say it
            None => SentTo::Unsure,
        },
        (RemoteAct::Purge, 200..=299) => {
            // the purge is done; what is held now is only said
            let after = look_up::held(platform, &act.user, &act.institution).await;
            accepted(None, in_words(&after.unwrap_or(Seen::Unreadable)))
        }
        (RemoteAct::Link, 200..=299) => {
            match remote::auth_link(body, &act.user, platform.ops.now()) {
                Some(link) => SentTo::Linked(link),
                None => SentTo::Unsure,
            }
        }
        (_, 200..=299) => accepted(None, String::new()),
        // a gateway before the platform knows nothing of what the platform has: it is looked up
        (_, 404 | 408 | 410) if !said.of_the_api => SentTo::Unsure,
        (RemoteAct::Revoke | RemoteAct::EndConsent, 404 | 410) if !no_route(said) => {
            return Ok(Heard {
                what: accepted(None, String::new()),
                said: "the platform does not hold it any more".into(),
                ..heard
            });
        }
        (_, 400..=499) => SentTo::Refused {
            code: if said.code.is_empty() {
                "refused".into()
            } else {
                said.code.clone()
            },
        },
        // neither done nor refused: a redirect, or something unheard of
        _ => SentTo::Unsure,
    };
    let said = match &what {
        SentTo::Accepted { .. } | SentTo::Linked(_) => String::new(),
        _ => super::probe::in_words(said),
    };
    Ok(Heard {
        what,
        said,
        ..heard
    })
}

fn link_of(act: &Outgoing) -> String {
    path(&["users", act.user.as_str(), "auth_link"])
}

/// What is held there, for the report of a purge.
pub(super) fn in_words(held: &Seen<(u64, u64)>) -> String {
    let (accounts, transactions) = match held {
        Seen::Is(held) => *held,
        Seen::Gone => (0, 0),
        Seen::Unreadable => return "not readable".into(),
    };
    let accounts = count(accounts, "account");
    format!("{accounts} and {}", count(transactions, "transaction"))
}
