//! Reads what the platform says of one thing, to learn what became of an act.

use super::platform::{Platform, Silent};
use super::reading::{Got, get, size};
use crate::domain::consent::{Consent, Status};
use crate::domain::ids::{ConnectionId, InstitutionId, JobId, UserId};
use crate::domain::import_records::JobRecord;
use crate::domain::job::{StepStatus, Title};
use crate::domain::moment::Moment;
use crate::wire::Documents;
use crate::wire::remote::{self, narrowed, path};

/// What was read of something.
pub(super) enum Seen<T> {
    Is(T),
    /// There is no such thing, or no such user.
    Gone,
    /// Nothing was learned: the key may not read it, or what came cannot be used.
    Unreadable,
}

/// How it stands with the question of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// The bank waits for the answer.
    Open,
    /// An answer came, and the bank took it or found it wrong.
    Taken,
    /// The job ended at its question, without an answer as far as it says.
    EndedThere,
    NotYet,
}

async fn seen(platform: &Platform, address: &str) -> Result<Seen<Documents>, Silent> {
    Ok(match get(platform, address).await? {
        Got::Documents(docs, _) => Seen::Is(docs),
        Got::Gone => Seen::Gone,
        Got::Forbidden | Got::Spoiled(_) => Seen::Unreadable,
    })
}

impl<T> Seen<T> {
    fn map<U>(self, of: impl FnOnce(T) -> Seen<U>) -> Seen<U> {
        match self {
            Seen::Is(what) => of(what),
            Seen::Gone => Seen::Gone,
            Seen::Unreadable => Seen::Unreadable,
        }
    }
}

/// What the platform holds of a user at a bank: accounts and transactions.
pub(super) async fn held(
    platform: &Platform,
    user: &UserId,
    bank: &InstitutionId,
) -> Result<Seen<(u64, u64)>, Silent> {
    let of_user = ["users", user.as_str(), "accounts"];
    let accounts = narrowed(&of_user, "institution.id", bank.as_str());
    let accounts = match get(platform, &accounts).await? {
        Got::Documents(_, answer) => remote::size(&answer.body),
        Got::Gone => return Ok(Seen::Gone),
        Got::Forbidden | Got::Spoiled(_) => return Ok(Seen::Unreadable),
    };
    let transactions = size(platform, user, "institution.id", bank.as_str()).await?;
    Ok(accounts
        .zip(transactions)
        .map_or(Seen::Unreadable, Seen::Is))
}

/// The jobs of a connection, as the platform lists them now.
pub(super) async fn jobs_of(
    platform: &Platform,
    user: &UserId,
    connection: &ConnectionId,
) -> Result<Seen<Vec<(JobId, Moment)>>, Silent> {
    let of_user = ["users", user.as_str(), "jobs"];
    let address = narrowed(&of_user, "connection.id", connection.as_str());
    let of = |docs: Documents| {
        let jobs = docs.batch.jobs.into_iter();
        let of = jobs.filter(|job| job.connection == *connection);
        Seen::Is(of.map(|job| (job.id, job.created)).collect())
    };
    Ok(seen(platform, &address).await?.map(of))
}

/// Whether the platform still knows a connection.
pub(super) async fn is_there(
    platform: &Platform,
    user: &UserId,
    connection: &ConnectionId,
) -> Result<Seen<bool>, Silent> {
    let one = path(&["users", user.as_str(), "connections", connection.as_str()]);
    Ok(seen(platform, &one).await?.map(|_| Seen::Is(true)))
}

/// Whether a consent still stands.
pub(super) async fn stands(
    platform: &Platform,
    user: &UserId,
    consent: &str,
) -> Result<Seen<bool>, Silent> {
    let of_user = path(&["users", user.as_str(), "consents"]);
    let stands = |it: &Consent| it.id.as_str() == consent && it.status == Status::Active;
    let any = |docs: Documents| Seen::Is(docs.batch.consents.iter().any(stands));
    Ok(seen(platform, &of_user).await?.map(any))
}

/// How it stands with the question of the platform's job.
pub(super) async fn asks(platform: &Platform, id: &JobId) -> Result<Seen<Asked>, Silent> {
    let address = path(&["jobs", id.as_str()]);
    let of = |docs: Documents| {
        let job = docs.batch.jobs.into_iter().find(|job| job.id == *id);
        job.map_or(Seen::Unreadable, |job| Seen::Is(asked(&job)))
    };
    Ok(seen(platform, &address).await?.map(of))
}

/// A bank that finds an answer wrong has got it.
fn asked(job: &JobRecord) -> Asked {
    if job.challenge.is_some() {
        return Asked::Open;
    }
    let question = job
        .steps
        .iter()
        .find(|step| step.title == Title::MfaChallenge);
    let Some(question) = question else {
        return if job.state.open() {
            Asked::NotYet
        } else {
            Asked::EndedThere
        };
    };
    match (question.status, &question.failure) {
        (StepStatus::Success | StepStatus::InProgress, _) => Asked::Taken,
        (StepStatus::Failed, Some(why)) if why.code == "invalid-credentials" => Asked::Taken,
        (StepStatus::Failed, _) => Asked::EndedThere,
        (StepStatus::Pending, _) => Asked::NotYet,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::remote::documents;

    #[test]
    fn an_answer_was_taken_when_the_job_went_on_or_the_bank_judged_it() {
        let failed = |code: &str| {
            format!(
                r#""status":"failed","result":{{"type":"error","code":"{code}","title":"t","detail":"d"}}"#
            )
        };
        let asks = r#""status":"in-progress","result":{"type":"mfa","method":"token","description":"Code?","input":["Code"]}"#;
        for (step, read) in [
            (asks.to_owned(), Asked::Open),
            (
                r#""status":"in-progress","result":null"#.into(),
                Asked::Taken,
            ),
            (r#""status":"success","result":null"#.into(), Asked::Taken),
            (failed("invalid-credentials"), Asked::Taken),
            (failed("job-timed-out"), Asked::EndedThere),
            (failed("invalid-connection"), Asked::EndedThere),
            (r#""status":"pending","result":null"#.into(), Asked::NotYet),
        ] {
            let text = format!(
                r#"{{"type":"job","id":"j","created":"2026-11-01T00:00:00Z","updated":"2026-11-01T00:00:00Z","steps":[
                {{"title":"verify-credentials","status":"success"}},{{"title":"mfa-challenge",{step}}}],
                "links":{{"source":"https://p.test/users/u/connections/c"}}}}"#
            );
            let docs = documents(text.as_bytes()).unwrap();
            assert_eq!(asked(&docs.batch.jobs[0]), read, "{step}");
        }
    }
}
