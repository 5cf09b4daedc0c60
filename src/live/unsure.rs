//! An act whose answer was lost: what became of it is read at the platform, and never guessed.

use super::acts::{in_words, looked_up};
use super::look_up::{self, Asked, Seen};
use super::platform::{Platform, Silent};
use crate::domain::ids::JobId;
use crate::domain::live::{Outgoing, RemoteAct};
use crate::ops::{Heard, SentTo};

/// How far the platform's clock may be behind, when a job is told by when it was made.
const SKEW_MS: i64 = 5_000;

/// The longest wait between two tries of what fails again and again.
const LONGEST_MS: i64 = 5 * 60_000;

/// Reads what became of an act.
pub(super) async fn found(platform: &Platform, act: &Outgoing) -> Result<Heard, Silent> {
    match act.act {
        RemoteAct::Refresh => refresh(platform, act).await,
        RemoteAct::Purge => purge(platform, act).await,
        RemoteAct::Revoke => {
            let there = look_up::is_there(platform, &act.user, &act.connection()).await?;
            Ok(ended(platform, act, &there, "the connection"))
        }
        RemoteAct::EndConsent => {
            let stands = look_up::stands(platform, &act.user, &act.target).await?;
            Ok(ended(platform, act, &stands, "the consent"))
        }
        // a new one ends the old one, and the address of that is known to nobody
        RemoteAct::Link => Ok(again(
            platform,
            act,
            "its answer was lost; a new link is made",
        )),
        RemoteAct::Answer => answer(platform, act).await,
    }
}

fn done(job: Option<JobId>, after: String, said: &str) -> Heard {
    looked_up(SentTo::Accepted { job, after }, said)
}

fn refused(code: &str, said: &str) -> Heard {
    looked_up(SentTo::Refused { code: code.into() }, said)
}

fn unknown() -> Heard {
    looked_up(SentTo::Unsure, "it cannot be looked up yet")
}

/// Found not done, so it is sent again; after a longer wait each time.
fn again(platform: &Platform, act: &Outgoing, said: &str) -> Heard {
    let wait = 1_000_i64.saturating_mul(1 << act.tries.min(12));
    let again = platform.ops.now().plus_ms(wait.min(LONGEST_MS));
    looked_up(SentTo::NotDone { again }, said)
}

async fn refresh(platform: &Platform, act: &Outgoing) -> Result<Heard, Silent> {
    let jobs = match look_up::jobs_of(platform, &act.user, &act.connection()).await? {
        Seen::Is(jobs) => jobs,
        Seen::Gone => {
            return Ok(refused(
                "resource-not-found",
                "the user is not there any more",
            ));
        }
        Seen::Unreadable => return Ok(unknown()),
    };
    let since = act.sent.unwrap_or(act.made).plus_ms(-SKEW_MS);
    let made = jobs.into_iter().filter(|(_, created)| *created >= since);
    Ok(match made.max_by_key(|(_, created)| *created) {
        Some((job, _)) => done(
            Some(job),
            String::new(),
            "its answer was lost; the job was found",
        ),
        // the platform gives back the open job when it comes twice
        None => again(platform, act, "no job was made; it is sent again"),
    })
}

async fn purge(platform: &Platform, act: &Outgoing) -> Result<Heard, Silent> {
    let held = look_up::held(platform, &act.user, &act.institution).await?;
    Ok(match &held {
        Seen::Is((0, 0)) | Seen::Gone => done(
            None,
            in_words(&held),
            "its answer was lost; nothing is held there",
        ),
        Seen::Is(_) => again(platform, act, "data is held there; it is sent again"),
        Seen::Unreadable => unknown(),
    })
}

/// Of what ends something there: whether that stands.
fn ended(platform: &Platform, act: &Outgoing, stands: &Seen<bool>, what: &str) -> Heard {
    match stands {
        Seen::Is(true) => again(platform, act, &format!("{what} is there; it is sent again")),
        Seen::Is(false) | Seen::Gone => {
            let said = format!("its answer was lost; {what} is not there any more");
            done(None, String::new(), &said)
        }
        Seen::Unreadable => unknown(),
    }
}

/// It is never sent twice: what did not arrive has to be given again.
async fn answer(platform: &Platform, act: &Outgoing) -> Result<Heard, Silent> {
    const LOST: &str = "answer-lost";
    Ok(match look_up::asks(platform, &act.job).await? {
        Seen::Is(Asked::Taken) => done(
            None,
            String::new(),
            "its answer was lost; the platform took it",
        ),
        Seen::Is(Asked::Open) => refused(
            LOST,
            "the bank still asks; it is not sent twice, give the answer again",
        ),
        Seen::Is(Asked::EndedThere) => refused(
            LOST,
            "the job ended at the question; refresh, and give the answer when the bank asks",
        ),
        Seen::Gone => refused(LOST, "the platform does not hold the job any more"),
        Seen::Is(Asked::NotYet) | Seen::Unreadable => unknown(),
    })
}
