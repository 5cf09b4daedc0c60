//! A job (docs/domain.md 3). Purges and revokes have none on the wire.

use super::link;
use crate::domain::job::{Job, State, Step, StepStatus, Title};
use crate::domain::mfa::Challenge;
use serde_json::{Value, json};

/// What an act that makes a job answers.
pub(crate) fn short_job(base: &str, job: &Job) -> Value {
    let id = job.id.as_str();
    link::linked("job", id, address(base, job))
}

fn address(base: &str, job: &Job) -> String {
    link::job(base, job.id.as_str())
}

pub(crate) fn job(base: &str, job: &Job) -> Value {
    let institution = job.institution.as_str();
    let steps: Vec<Value> = job.steps.iter().map(|s| step(base, job, s)).collect();
    json!({
        "type": "job",
        "id": job.id.as_str(),
        "created": job.created.rfc3339(),
        "updated": job.updated.rfc3339(),
        "jobType": "connection",
        "institution": link::linked("institution", institution, link::institution(base, institution)),
        "steps": steps,
        "links": {
            "self": address(base, job),
            "source": link::connection(base, job.user.as_str(), job.connection.as_str()),
        },
    })
}

fn step(base: &str, job: &Job, step: &Step) -> Value {
    json!({
        "title": step.title.word(),
        "status": step.status.word(),
        "result": result(base, job, step),
    })
}

fn result(base: &str, job: &Job, step: &Step) -> Value {
    match (step.status, &step.failure, &job.challenge) {
        // while it waits for a retry the step is pending, and its last error is for the operator only
        (StepStatus::Failed, Some(failure), _) => json!({
            "code": failure.code,
            "title": failure.title,
            // one schema of the reference spells it so
            "detail": failure.detail,
            "details": failure.detail,
        }),
        (StepStatus::InProgress, _, Some(open))
            if step.title == Title::MfaChallenge && job.state == State::WaitingMfa =>
        {
            challenge(base, job, open)
        }
        (StepStatus::Success, ..) => {
            fetched(job, &step.title).map_or(Value::Null, |url| json!({"type": "link", "url": url}))
        }
        _ => Value::Null,
    }
}

fn challenge(base: &str, job: &Job, open: &Challenge) -> Value {
    json!({
        "type": "mfa",
        "method": open.method.word(),
        "description": open.description,
        "input": open.input,
        "expiryMs": open.expires.since(job.updated).max(0),
        "links": {"response": format!("{}/mfa", address(base, job))},
    })
}

/// Where what a step brought is found; relative, as the reference writes it.
fn fetched(job: &Job, title: &Title) -> Option<String> {
    let (user, institution) = (job.user.as_str(), job.institution.as_str());
    let list = |what| link::filtered("", user, what, "institution.id", institution);
    match title {
        Title::VerifyCredentials | Title::MfaChallenge => {
            Some(link::connection("", user, job.connection.as_str()))
        }
        Title::RetrieveAccounts => Some(list("accounts")),
        Title::RetrieveTransactions => Some(list("transactions")),
        Title::RetrieveStatements => Some(format!("{}/statements", link::user("", user))),
        Title::DestroyKey
        | Title::DeleteRows
        | Title::Scrub
        | Title::Verify
        | Title::EndConnection
        | Title::Other(_) => None,
    }
}
