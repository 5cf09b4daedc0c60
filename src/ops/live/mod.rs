//! A platform that this file mirrors: signing in and out, whose connections are read, what its answers come to here, and
//! the outbox of what is to be done there. The calls themselves are made by the room `live`.

mod calling;
mod genuine;
mod outbox;
mod reading;
mod sending;

pub(in crate::ops) use outbox::steps as steps_there;
pub(crate) use sending::{Heard, SentTo};

use super::{Ops, Refusal, Result, not_found};
use crate::domain::ids::UserId;
use crate::domain::live::{Call, LiveUser, Platform, Progress};
use crate::domain::secret::Secret;
use crate::domain::views::{Anchor, Page};
use crate::store::{NewPlatform, ReadTxn};
use std::time::Duration;

/// The code of a refusal because a file is either of the sandbox or of a platform.
const OTHER_KIND: &str = "other-kind-of-file";

/// The code of a refusal because nobody is signed in.
const SIGNED_OUT: &str = "signed-out";

/// How it stands with the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LiveStatus {
    pub(crate) platform: Platform,
    pub(crate) progress: Progress,
    pub(crate) environment: &'static str,
    /// How long the first look still takes.
    pub(crate) left: Option<Duration>,
}

fn signed_out(address: &str) -> Refusal {
    Refusal::new(
        SIGNED_OUT,
        format!("Nobody is signed in to {address}."),
        format!("Run `switchboard live login {address}` first."),
    )
}

fn no_platform() -> Refusal {
    Refusal::new(
        SIGNED_OUT,
        "This file mirrors no platform.",
        "Run `switchboard live login URL` with a file of its own (--db).",
    )
}

/// Refused on a file that mirrors a platform: what is made up and what is real do not stand side by side.
pub(crate) fn not_live(rd: &ReadTxn<'_>) -> Result<()> {
    match rd.platform()? {
        None => Ok(()),
        Some(platform) => Err(Refusal::new(
            OTHER_KIND,
            format!("This file mirrors {}.", platform.host()),
            "Sandbox connections need a file of their own; name one with --db.",
        )
        .into()),
    }
}

fn may_sign_in(rd: &ReadTxn<'_>, address: &str) -> Result<()> {
    if let Some(platform) = rd.platform()?
        && platform.address != address
    {
        return Err(Refusal::new(
            OTHER_KIND,
            format!("This file mirrors {}.", platform.address),
            "Another platform needs a file of its own; name one with --db.",
        )
        .into());
    }
    if rd.has_sandbox_connections()? {
        return Err(Refusal::new(
            OTHER_KIND,
            "This file holds connections of the sandbox.",
            "A platform needs a file of its own; name one with --db.",
        )
        .into());
    }
    Ok(())
}

impl Ops {
    /// Whether what is done to a user's data is done at the platform.
    pub(crate) async fn mirrors(&self, user: &UserId) -> Result<bool> {
        let user = user.clone();
        self.read(move |rd| Ok(rd.is_live_user(&user)?)).await
    }

    /// Asked before the key is.
    pub(crate) async fn may_sign_in(&self, address: &str) -> Result<()> {
        let asked = address.to_owned();
        self.act("live-login", address, move |_, tx| may_sign_in(tx, &asked))
            .await
    }

    /// The key was tried; it is sealed here. `lacks`: the calls that it may not make.
    pub(crate) async fn sign_in(&self, address: &str, key: Secret, lacks: Vec<Call>) -> Result<()> {
        let asked = address.to_owned();
        self.act("live-login", address, move |ops, tx| {
            may_sign_in(tx, &asked)?;
            let now = ops.now();
            let outcome = match lacks.as_slice() {
                [] => "done".to_owned(),
                lacks => {
                    let words: Vec<&str> = lacks.iter().map(|call| call.word()).collect();
                    format!("done, without {}", words.join(", "))
                }
            };
            let new = NewPlatform {
                address: asked.clone(),
                key,
                lacks,
                rate: ops.most_calls(),
            };
            tx.sign_in(&new, now)?;
            ops.audit(tx, "live-login", &asked, &outcome, "", now)
        })
        .await
    }

    /// Destroys the key here; what was mirrored stays. Acts that were sent are not known to be over.
    pub(crate) async fn sign_out(&self) -> Result<Platform> {
        self.act("live-logout", "", |ops, tx| {
            let platform = tx.platform()?.ok_or_else(no_platform)?;
            if platform.signed_in.is_none() {
                return Err(signed_out(&platform.address).into());
            }
            tx.sign_out()?;
            ops.audit(tx, "live-logout", &platform.address, "done", "", ops.now())?;
            Ok(platform)
        })
        .await
    }

    /// None: this file mirrors no platform.
    pub(crate) async fn live_status(&self) -> Result<Option<LiveStatus>> {
        self.read(|rd| {
            let Some(platform) = rd.platform()? else {
                return Ok(None);
            };
            let progress = rd.live_progress()?;
            Ok(Some(LiveStatus {
                environment: crate::domain::platform_address::environment(&platform.address),
                left: progress.time_left(platform.rate),
                platform,
                progress,
            }))
        })
        .await
    }

    /// The status of a file that has to mirror a platform.
    pub(crate) async fn must_be_live(&self) -> Result<LiveStatus> {
        self.live_status()
            .await?
            .ok_or_else(|| no_platform().into())
    }

    /// The platform, when somebody is signed in.
    pub(crate) async fn must_be_signed_in(&self) -> Result<Platform> {
        let platform = self.must_be_live().await?.platform;
        match platform.signed_in {
            Some(_) => Ok(platform),
            None => Err(signed_out(&platform.address).into()),
        }
    }

    /// Answers how many of them are new. Those that are there already stay as they are.
    pub(crate) async fn add_live_users(&self, ids: Vec<UserId>) -> Result<u64> {
        self.act("live-users", "", move |ops, tx| {
            let platform = tx.platform()?.ok_or_else(no_platform)?;
            let now = ops.now();
            let mut added = 0;
            for id in &ids {
                added += u64::from(tx.add_live_user(id, now)?);
            }
            if added > 0 {
                let outcome = format!("added {added}");
                ops.audit(tx, "live-users", &platform.address, &outcome, "", now)?;
            }
            Ok(added)
        })
        .await
    }

    /// Mirrors this user no longer; what was read of them stays.
    pub(crate) async fn remove_live_user(&self, id: &UserId) -> Result<()> {
        let asked = id.clone();
        self.act("live-users", id.as_str(), move |ops, tx| {
            tx.platform()?.ok_or_else(no_platform)?;
            if !tx.remove_live_user(&asked)? {
                return Err(not_found("user", &asked));
            }
            ops.audit(tx, "live-users", asked.as_str(), "removed", "", ops.now())
        })
        .await
    }

    pub(crate) async fn live_users(
        &self,
        from: Option<Anchor>,
        limit: usize,
    ) -> Result<Page<LiveUser>> {
        self.read(move |rd| Ok(rd.live_user_page(from.as_ref(), limit)?))
            .await
    }

    /// Calls in a thousand seconds that are made at most.
    pub(crate) fn most_calls(&self) -> u64 {
        u64::from(self.limits.live_calls) * 1_000
    }
}
