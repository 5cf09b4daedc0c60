//! The signed-in platform: each call has its place in the budget that all processes share, and the token of the hour.
//! What an answer says of the platform itself is written down for everybody.

use super::client::{Answer, Body, Caller, Error, Pass, TOO_LONG};
use super::probe;
use crate::domain::live::{Trouble, silent_until};
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use crate::ops::{self, Ops};
use crate::wire::remote;
use reqwest::Method;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;

/// How long a refused key is left alone.
const KEY_AGAIN_MS: i64 = 10 * 60_000;

/// That the platform answers is written down this often.
const HEARD_EVERY_MS: i64 = 2_000;

/// Why a call has no answer that could be used.
#[derive(Debug)]
pub(super) enum Silent {
    /// Nothing was sent: it is too early, the budget is used up, or it cannot be reached.
    NotSent {
        said: String,
        again: Moment,
    },
    /// It was sent, and it is not known what became of it.
    Lost {
        said: String,
        status: Option<u16>,
        correlation: String,
    },
    Ops(ops::Error),
}

impl From<ops::Error> for Silent {
    fn from(error: ops::Error) -> Self {
        Silent::Ops(error)
    }
}

pub(super) struct Platform {
    caller: Caller,
    address: String,
    pub(super) ops: Ops,
    signing_in: Mutex<()>,
    heard: AtomicI64,
    /// How many answers in a row were lost.
    lost: AtomicU32,
    troubled: AtomicBool,
}

/// After so many lost answers in a row the platform is taken as one that does not answer.
const LOST: u32 = 3;

impl Platform {
    pub(super) fn new(ops: &Ops, address: &str, host: &str) -> Result<Arc<Self>, Error> {
        Ok(Arc::new(Self {
            caller: Caller::new(address, host)?,
            address: address.to_owned(),
            ops: ops.clone(),
            signing_in: Mutex::new(()),
            heard: AtomicI64::new(0),
            lost: AtomicU32::new(0),
            troubled: AtomicBool::new(true),
        }))
    }

    pub(super) async fn get(&self, path: &str) -> Result<Answer, Silent> {
        self.call(Method::GET, path, None).await
    }

    /// Makes a call. An answer of the platform about the call itself is given back, whatever its status; one about the key,
    /// the budget or its health is [`Silent`]. A call that was sent is not sent again here, except with a new token.
    pub(super) async fn call(
        &self,
        method: Method,
        path: &str,
        json: Option<Secret>,
    ) -> Result<Answer, Silent> {
        for fresh in [false, true] {
            let token = self.token(fresh).await?;
            self.place().await?;
            let body = json.clone().map_or(Body::None, Body::Json);
            let called = self
                .caller
                .call(method.clone(), path, Pass::Token(&token), body)
                .await;
            let answer = match called {
                Ok(answer) => answer,
                Err(error) => return Err(self.no_answer(error).await),
            };
            let said = remote::said(&answer.body);
            let stale =
                answer.status == 401 || answer.status == 403 && said.code == "access-denied";
            if stale && !fresh {
                continue;
            }
            return self.judged(answer, &said, stale).await;
        }
        unreachable!("the second turn answers")
    }

    async fn judged(
        &self,
        answer: Answer,
        said: &remote::Said,
        stale: bool,
    ) -> Result<Answer, Silent> {
        let now = self.ops.now();
        if stale {
            let said = probe::in_words(said);
            let again = self.refused_key(&said).await?;
            return Err(Silent::NotSent { said, again });
        }
        if answer.status == 429 || answer.status == 403 && said.code == "request-not-valid" {
            let again = silent_until(answer.retry_after.as_deref(), now);
            let said = format!("HTTP {}, too many calls", answer.status);
            self.troubled.store(true, Ordering::Relaxed);
            self.ops.platform_slows(again, &said).await?;
            return Err(Silent::NotSent { said, again });
        }
        if answer.status >= 500 {
            let said = format!("HTTP {}", answer.status);
            // one call may fail for itself; a platform that is not there says so
            if matches!(answer.status, 502..=504) {
                self.troubled.store(true, Ordering::Relaxed);
                self.ops.platform_offline(&said).await?;
            }
            return Err(Silent::Lost {
                said,
                status: Some(answer.status),
                correlation: answer.correlation,
            });
        }
        self.lost.store(0, Ordering::Relaxed);
        if self.troubled.swap(false, Ordering::Relaxed)
            || now.0.abs_diff(self.heard.load(Ordering::Relaxed)) > HEARD_EVERY_MS.unsigned_abs()
        {
            self.heard.store(now.0, Ordering::Relaxed);
            self.ops.platform_answered().await?;
        }
        Ok(answer)
    }

    /// Waits for the next place in the budget.
    async fn place(&self) -> Result<(), Silent> {
        let at = match self.ops.call_place().await? {
            Ok(at) => at,
            Err(again) => {
                let said = "the platform asked for fewer calls".into();
                return Err(Silent::NotSent { said, again });
            }
        };
        let wait = at.since(self.ops.now());
        if wait > 0 {
            // a place in the budget comes by the clock
            tokio::time::sleep(Duration::from_millis(wait.unsigned_abs())).await;
        }
        Ok(())
    }

    /// The token of the hour; a fresh one when the platform does not accept it any more.
    async fn token(&self, fresh: bool) -> Result<Secret, Silent> {
        let _one = self.signing_in.lock().await;
        if fresh {
            self.ops.drop_token().await?;
        } else if let Some(token) = self.ops.token(&self.address).await? {
            return Ok(token);
        }
        let Some(key) = self.ops.platform_key(&self.address).await? else {
            let again = self.ops.now().plus_ms(KEY_AGAIN_MS);
            return Err(Silent::NotSent {
                said: "nobody is signed in".into(),
                again,
            });
        };
        self.place().await?;
        match probe::token(&self.caller, &key).await {
            Ok((token, lasts)) => {
                self.ops.keep_token(&self.address, &token, lasts).await?;
                Ok(token)
            }
            Err(Error::KeyRefused { said, .. }) => {
                let again = self.refused_key(&said).await?;
                Err(Silent::NotSent { said, again })
            }
            Err(Error::Slowed { status, wait, .. }) => {
                let again = silent_until(wait.as_deref(), self.ops.now());
                let said = format!("HTTP {status}, too many calls");
                self.ops.platform_slows(again, &said).await?;
                Err(Silent::NotSent { said, again })
            }
            // no act was sent with it
            Err(error) => Err(match self.no_answer(error).await {
                Silent::Lost { said, .. } => {
                    let again = self.ops.platform_offline(&said).await?;
                    Silent::NotSent { said, again }
                }
                other => other,
            }),
        }
    }

    async fn refused_key(&self, said: &str) -> Result<Moment, Silent> {
        let again = self.ops.now().plus_ms(KEY_AGAIN_MS);
        self.ops
            .platform_trouble(Trouble::SignedOut, said, again)
            .await?;
        Ok(again)
    }

    async fn no_answer(&self, error: Error) -> Silent {
        let (said, sent) = match error {
            Error::Ops(error) => return Silent::Ops(error),
            // it does answer
            Error::TooLong { status, .. } => {
                return Silent::Lost {
                    said: format!("the answer {TOO_LONG}"),
                    status: Some(status),
                    correlation: String::new(),
                };
            }
            Error::Lost { why, .. } => (why, true),
            other => (other.to_string(), false),
        };
        if sent && self.lost.fetch_add(1, Ordering::Relaxed) + 1 < LOST {
            return Silent::Lost {
                said,
                status: None,
                correlation: String::new(),
            };
        }
        self.troubled.store(true, Ordering::Relaxed);
        match self.ops.platform_offline(&said).await {
            Err(error) => Silent::Ops(error),
            Ok(_) if sent => Silent::Lost {
                said,
                status: None,
                correlation: String::new(),
            },
            Ok(again) => Silent::NotSent { said, again },
        }
    }
}
