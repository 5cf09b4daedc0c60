//! A job with its steps.

use super::{BankRef, time};
use crate::domain::job::{Job, State, Step, StepStatus, Title};
use crate::domain::mfa::Challenge;
use serde::Serialize;
use serde_json::{Value, json};

#[derive(Clone, Debug, Serialize)]
pub(crate) struct StepDoc<'a> {
    title: &'a str,
    status: &'static str,
    started: Option<String>,
    ended: Option<String>,
    result: Option<Value>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JobDoc<'a> {
    r#type: &'static str,
    id: &'a str,
    connection_id: &'a str,
    user_id: &'a str,
    institution: BankRef<'a>,
    kind: &'static str,
    label: &'static str,
    state: &'static str,
    created: String,
    updated: String,
    ended: Option<String>,
    attempt: u32,
    next_attempt: Option<String>,
    last_error: Option<Value>,
    steps: Vec<StepDoc<'a>>,
    deduplicated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<Value>,
}

pub(crate) fn job(job: &Job) -> JobDoc<'_> {
    deduplicated(job, false)
}

/// The job of a request; `again` when it was open already.
pub(crate) fn deduplicated(job: &Job, again: bool) -> JobDoc<'_> {
    JobDoc {
        r#type: "job",
        id: job.id.as_str(),
        connection_id: job.connection.as_str(),
        user_id: job.user.as_str(),
        institution: BankRef {
            id: job.institution.as_str(),
            name: &job.institution_name,
        },
        kind: job.kind.word(),
        label: job.label().name(),
        state: job.state.word(),
        created: job.created.rfc3339(),
        updated: job.updated.rfc3339(),
        ended: time(job.ended),
        attempt: job.attempt,
        next_attempt: time(job.next_attempt),
        last_error: last_error(job),
        steps: job.steps.iter().map(|s| step(job, s)).collect(),
        deduplicated: again,
        certificate: None,
    }
}

pub(crate) fn proven(job: &Job, again: bool, certificate: Option<Value>) -> JobDoc<'_> {
    JobDoc {
        certificate,
        ..deduplicated(job, again)
    }
}

fn step<'a>(job: &Job, step: &'a Step) -> StepDoc<'a> {
    StepDoc {
        title: step.title.word(),
        status: step.status.word(),
        started: time(step.started),
        ended: time(step.ended),
        result: result(job, step),
    }
}

/// The failure a waiting job is retried after; a step has no result before it has ended.
fn last_error(job: &Job) -> Option<Value> {
    let waits = job
        .steps
        .iter()
        .filter(|_| job.state == State::WaitingRetry);
    let (step, failure) = waits
        .filter_map(|s| s.failure.as_ref().map(|f| (s, f)))
        .next()?;
    let (code, title, detail) = (&failure.code, &failure.title, &failure.detail);
    Some(json!({"code": code, "title": title, "detail": detail, "step": step.title.word()}))
}

fn result(job: &Job, step: &Step) -> Option<Value> {
    match (step.status, &step.title) {
        (StepStatus::Failed, _) => step
            .failure
            .as_ref()
            .map(|f| json!({"code": f.code, "title": f.title, "detail": f.detail})),
        (StepStatus::InProgress | StepStatus::Success, Title::MfaChallenge)
            if job.challenge.is_some() =>
        {
            job.challenge
                .as_ref()
                .map(|asked| challenge(job, step, asked))
        }
        (StepStatus::Success, title) => Some(match path(job, title) {
            Some(url) => json!({"type": "link", "url": url, "note": step.note}),
            None => json!({"type": "note", "note": step.note}),
        }),
        (StepStatus::Pending | StepStatus::InProgress, _) => None,
    }
}

/// The challenge of the bank. Its texts are not kept once the job has ended.
fn challenge(job: &Job, step: &Step, asked: &Challenge) -> Value {
    json!({
        "type": "mfa",
        "method": asked.method.word(),
        "description": asked.description,
        "input": asked.input,
        "expiryMs": step.started.map(|at| asked.expires.since(at)),
        "expires": asked.expires.rfc3339(),
        "links": {"response": format!("/jobs/{}/mfa", job.id)},
    })
}

fn path(job: &Job, title: &Title) -> Option<String> {
    let (user, bank) = (&job.user, &job.institution);
    match title {
        Title::VerifyCredentials => Some(format!("/users/{user}/connections/{}", job.connection)),
        Title::RetrieveAccounts => Some(format!(
            "/users/{user}/accounts?filter=institution.id.eq('{bank}')"
        )),
        Title::RetrieveTransactions => Some(format!(
            "/users/{user}/transactions?filter=institution.id.eq('{bank}')"
        )),
        Title::RetrieveStatements => Some(format!("/users/{user}/statements")),
        Title::MfaChallenge
        | Title::DestroyKey
        | Title::DeleteRows
        | Title::Scrub
        | Title::Verify
        | Title::EndConnection
        | Title::Other(_) => None,
    }
}
