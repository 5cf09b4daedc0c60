//! Carries out one act of the outbox: one call, and what was heard of it. What is not known is looked up there first.

use super::look_up;
use super::platform::{Platform, Silent};
use super::probe::no_route;
use crate::domain::counts::count;
use crate::domain::ids::JobId;
use crate::domain::live::{Outgoing, RemoteAct, Sending};
use crate::domain::secret::Secret;
use crate::ops::{Error, Heard, SentTo};
use crate::wire::remote::{self, path};
use reqwest::Method;

/// How far the platform's clock may be behind, when a job is told by when it was made.
const SKEW_MS: i64 = 5_000;

/// The longest wait between two tries of what fails again and again.
const LONGEST_MS: i64 = 5 * 60_000;

/// Goes on with an act that this process has claimed. `false`: another process has it by now.
pub(super) async fn run(
    platform: &Platform,
    act: Outgoing,
    answers: Option<Vec<Secret>>,
) -> Result<bool, Error> {
    let heard = match act.state {
        Sending::Unsure => found(platform, &act).await,
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
            unsure(said, None, String::new())
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
        }) => unsure(said, status, correlation),
    };
    platform.ops.outbox_heard(act, heard).await
}

fn unsure(said: String, status: Option<u16>, correlation: String) -> Heard {
    Heard {
        what: SentTo::Unsure,
        status,
        correlation,
        said,
    }
}

/// Known by reading, not by an answer to the call.
fn looked_up(what: SentTo, said: &str) -> Heard {
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
        act = match platform.ops.outbox_before(&act, in_words(held)).await {
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
            accepted(None, in_words(after.unwrap_or_default()))
        }
        (RemoteAct::Link, 200..=299) => {
            match remote::auth_link(body, &act.user, platform.ops.now()) {
                Some(link) => SentTo::Linked(link),
                None => SentTo::Unsure,
            }
        }
        (_, 200..=299) => accepted(None, String::new()),
        (RemoteAct::Revoke | RemoteAct::EndConsent, 404) if !no_route(said) => {
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
        SentTo::Accepted { .. } => String::new(),
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

fn in_words(held: Option<(u64, u64)>) -> String {
    match held {
        Some((accounts, transactions)) => {
            format!(
                "{} and {}",
                count(accounts, "account"),
                count(transactions, "transaction")
            )
        }
        None => "not readable".into(),
    }
}

/// Reads what became of an act whose answer was lost.
async fn found(platform: &Platform, act: &Outgoing) -> Result<Heard, Silent> {
    let now = platform.ops.now();
    let wait = 1_000_i64.saturating_mul(1 << act.tries.min(12));
    let again = SentTo::NotDone {
        again: now.plus_ms(wait.min(LONGEST_MS)),
    };
    let unknown = || looked_up(SentTo::Unsure, "it cannot be looked up yet");
    match act.act {
        RemoteAct::Refresh => {
            let Some(jobs) = look_up::jobs_of(platform, &act.user, &act.connection()).await? else {
                return Ok(unknown());
            };
            let since = act.sent.unwrap_or(act.made).plus_ms(-SKEW_MS);
            let made = jobs.into_iter().filter(|(_, created)| *created >= since);
            Ok(match made.max_by_key(|(_, created)| *created) {
                Some((job, _)) => looked_up(
                    SentTo::Accepted {
                        job: Some(job),
                        after: String::new(),
                    },
                    "its answer was lost; the job was found",
                ),
                // the platform gives back the open job when it comes twice
                None => looked_up(again, "no job was made; it is sent again"),
            })
        }
        RemoteAct::Purge => match look_up::held(platform, &act.user, &act.institution).await? {
            Some((0, 0)) => Ok(looked_up(
                SentTo::Accepted {
                    job: None,
                    after: in_words(Some((0, 0))),
                },
                "its answer was lost; nothing is held there",
            )),
            Some(_) => Ok(looked_up(again, "data is held there; it is sent again")),
            None => Ok(unknown()),
        },
        RemoteAct::Revoke => match look_up::is_there(platform, &act.user, &act.connection()).await?
        {
            Some(false) => Ok(looked_up(
                SentTo::Accepted {
                    job: None,
                    after: String::new(),
                },
                "its answer was lost; the connection is not there any more",
            )),
            Some(true) => Ok(looked_up(
                again,
                "the connection is there; it is sent again",
            )),
            None => Ok(unknown()),
        },
        RemoteAct::EndConsent => match look_up::stands(platform, &act.user, &act.target).await? {
            Some(false) => Ok(looked_up(
                SentTo::Accepted {
                    job: None,
                    after: String::new(),
                },
                "its answer was lost; the consent does not stand there any more",
            )),
            Some(true) => Ok(looked_up(
                again,
                "the consent stands there; it is sent again",
            )),
            None => Ok(unknown()),
        },
        // a new one ends the old one, and the address of that is known to nobody
        RemoteAct::Link => Ok(looked_up(again, "its answer was lost; a new link is made")),
        RemoteAct::Answer => match look_up::asks(platform, &act.job).await? {
            Some(false) => Ok(looked_up(
                SentTo::Accepted {
                    job: None,
                    after: String::new(),
                },
                "its answer was lost; the bank asks no more",
            )),
            Some(true) => Ok(looked_up(
                SentTo::Refused {
                    code: "answer-lost".into(),
                },
                "the bank still asks; it is not sent twice, give the answer again",
            )),
            None => Ok(unknown()),
        },
    }
}
