//! Reads what the platform says of one thing, to learn what became of an act.

use super::platform::{Platform, Silent};
use super::reading::{Got, get, size};
use crate::domain::consent::{Consent, Status};
use crate::domain::ids::{ConnectionId, InstitutionId, JobId, UserId};
use crate::domain::moment::Moment;
use crate::wire::remote::{self, narrowed, path};

/// What the platform holds of a user at a bank: accounts and transactions. None when that cannot be read.
pub(super) async fn held(
    platform: &Platform,
    user: &UserId,
    bank: &InstitutionId,
) -> Result<Option<(u64, u64)>, Silent> {
    let of_user = ["users", user.as_str(), "accounts"];
    let accounts = narrowed(&of_user, "institution.id", bank.as_str());
    let Got::Documents(_, answer) = get(platform, &accounts).await? else {
        return Ok(None);
    };
    let accounts = remote::size(&answer.body);
    let transactions = size(platform, user, "institution.id", bank.as_str()).await?;
    Ok(accounts.zip(transactions))
}

/// The jobs of a connection, as the platform lists them now.
pub(super) async fn jobs_of(
    platform: &Platform,
    user: &UserId,
    connection: &ConnectionId,
) -> Result<Option<Vec<(JobId, Moment)>>, Silent> {
    let of_user = ["users", user.as_str(), "jobs"];
    let address = narrowed(&of_user, "connection.id", connection.as_str());
    let Got::Documents(docs, _) = get(platform, &address).await? else {
        return Ok(None);
    };
    let of = docs
        .batch
        .jobs
        .iter()
        .filter(|job| job.connection == *connection);
    Ok(Some(of.map(|job| (job.id.clone(), job.created)).collect()))
}

/// Whether the platform still knows a connection; none when that cannot be read.
pub(super) async fn is_there(
    platform: &Platform,
    user: &UserId,
    connection: &ConnectionId,
) -> Result<Option<bool>, Silent> {
    let one = path(&["users", user.as_str(), "connections", connection.as_str()]);
    Ok(match get(platform, &one).await? {
        Got::Documents(..) => Some(true),
        Got::Gone => Some(false),
        Got::Forbidden | Got::Spoiled(_) => None,
    })
}

/// Whether a consent still stands; none when that cannot be read.
pub(super) async fn stands(
    platform: &Platform,
    user: &UserId,
    consent: &str,
) -> Result<Option<bool>, Silent> {
    let of_user = path(&["users", user.as_str(), "consents"]);
    Ok(match get(platform, &of_user).await? {
        Got::Documents(docs, _) => {
            let stands = |it: &Consent| it.id.as_str() == consent && it.status == Status::Active;
            Some(docs.batch.consents.iter().any(stands))
        }
        Got::Gone => Some(false),
        Got::Forbidden | Got::Spoiled(_) => None,
    })
}

/// Whether the platform's job still asks its question; none when that cannot be read.
pub(super) async fn asks(platform: &Platform, id: &JobId) -> Result<Option<bool>, Silent> {
    let Got::Documents(docs, _) = get(platform, &path(&["jobs", id.as_str()])).await? else {
        return Ok(None);
    };
    let job = docs.batch.jobs.into_iter().find(|job| job.id == *id);
    Ok(job.map(|job| job.challenge.is_some()))
}
