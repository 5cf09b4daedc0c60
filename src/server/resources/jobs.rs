//! Jobs, and answers to a bank's questions (docs/domain.md 3 and 11). Purges and revokes have no job here.

use super::{Answer, Made, to_the_end};
use crate::domain::ids::{JobId, UserId};
use crate::domain::job::{Job, Kind, StepStatus, Title};
use crate::domain::moment::Moment;
use crate::domain::query::reference;
use crate::domain::query::{Cmp, Expr, Query as Filter, Scope, Term, Texts, When};
use crate::domain::secret::Secret;
use crate::domain::views::Sort;
use crate::ops::Ops;
use crate::server::auth::{Answers, Reads};
use crate::server::body::{Fields, not_valid};
use crate::server::error::{ApiError, Code};
use crate::server::params::{Ids, Names, Query};
use crate::wire::write::{self, Counts, shapes};
use axum::Json;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;
use std::time::Duration;

/// How far back the list reaches.
const WEEK_MS: i64 = 7 * 86_400_000;

/// How long the bank's word on an answer is waited for; the job goes on after that.
const VERDICT: Duration = Duration::from_secs(10);

/// The job, when it is one that the wire knows.
async fn known(ops: &Ops, id: &JobId) -> Result<Job, ApiError> {
    let job = ops.job(id).await?;
    match job.kind.fetches() {
        true => Ok(job),
        false => Err(ApiError::not_found()),
    }
}

#[utoipa::path(
    get, path = "/jobs/{jobId}", tag = "Jobs", operation_id = "getJob",
    summary = "A job with its steps",
    responses((status = 200, body = shapes::Job)),
)]
pub(in super::super) async fn one(Reads(by): Reads, Ids(id): Ids<String>) -> Answer {
    let job = known(&by.ops, &Names::Job.id(id)?).await?;
    Ok(Json(write::job(by.at(), &job)))
}

#[utoipa::path(
    get, path = "/users/{userId}/jobs", tag = "Jobs", operation_id = "getUserJobs",
    summary = "The jobs of a user in the last seven days",
    params(("filter" = Option<String>, Query, description = "Properties and values, as docs/domain.md 15.5 writes them")),
    responses((status = 200, body = shapes::JobList)),
)]
pub(in super::super) async fn of_user(
    Reads(by): Reads,
    Ids(user): Ids<String>,
    query: Query,
) -> Answer {
    let user: UserId = Names::User.id(user)?;
    let filter = query.filter()?;
    by.ops.user_is_there(&user).await?;
    let jobs = matching(&by.ops, &user, filter).await?;
    let address = format!("{}/users/{user}/jobs", by.at());
    let data: Vec<Value> = jobs.iter().map(|job| write::job(by.at(), job)).collect();
    Ok(Json(write::whole_list(
        Counts::OF_JOBS,
        address,
        filter,
        data,
    )))
}

/// The jobs of a user in the last week, newest first.
async fn matching(ops: &Ops, user: &UserId, filter: &str) -> Result<Vec<Job>, ApiError> {
    let terms = reference::parse(filter).and_then(|terms| reference::jobs(&terms));
    let narrowed = terms.map_err(|_| ApiError::bad_filter())?;
    if narrowed.nothing {
        return Ok(vec![]);
    }
    let since: Moment = ops.now().plus_ms(-WEEK_MS);
    let of_user = Term::User(Texts {
        whole: true,
        any: vec![user.as_str().to_owned()],
    });
    let fetching = Kind::ALL
        .into_iter()
        .filter(|kind| kind.fetches())
        .collect();
    let mut parts: Vec<Expr> = [
        of_user,
        Term::Created(Cmp::Ge, When::At(since)),
        Term::Kind(fetching),
    ]
    .map(Expr::Term)
    .into();
    parts.extend(narrowed.parts);
    let query = Filter {
        expr: Expr::all(parts),
        text: filter.to_owned(),
        scope: Scope::Jobs,
    };
    to_the_end(query, Sort::default(), |list| ops.jobs(list)).await
}

/// Gives the bank the user's answers, and answers when the bank has said whether they are right.
#[utoipa::path(
    post, path = "/jobs/{jobId}/mfa", tag = "Jobs", operation_id = "answerJob",
    request_body(content = shapes::AnswersGiven, example = json!({"mfa-response": ["1234"]})),
    responses((status = 202, body = shapes::Linked)),
)]
pub(in super::super) async fn answer(
    Answers(by): Answers,
    Ids(id): Ids<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Made {
    let id: JobId = Names::Job.id(id)?;
    let job = known(&by.ops, &id).await?;
    by.for_user(&job.user).await?;
    let answers = answers(&headers, &body)?;
    by.ops.answer(&id, answers).await?;
    let job = by.ops.wait_until(&id, VERDICT, decided).await?;
    match wrong(&job) {
        Some(error) => Err(error),
        None => Ok((StatusCode::ACCEPTED, Json(write::short_job(by.at(), &job)))),
    }
}

fn answers(headers: &HeaderMap, body: &[u8]) -> Result<Vec<Secret>, ApiError> {
    let invalid = || ApiError::new(Code::InvalidContent, "Invalid request content");
    let mut fields = Fields::read("job", headers, body).map_err(|error| {
        let malformed = error == not_valid("job");
        if malformed { invalid() } else { error }
    })?;
    let Some(Value::Array(given)) = fields.value("mfa-response") else {
        return Err(invalid());
    };
    fields.end()?;
    let text = |value: Value| match value {
        Value::String(text) => Ok(Secret::new(text)),
        _ => Err(invalid()),
    };
    given.into_iter().map(text).collect()
}

/// Whether the bank has said what it thinks of the answers.
fn decided(job: &Job) -> bool {
    let step = job
        .steps
        .iter()
        .find(|step| step.title == Title::MfaChallenge);
    let open = |status| matches!(status, StepStatus::Pending | StepStatus::InProgress);
    !job.state.open() || step.is_none_or(|step| !open(step.status))
}

fn wrong(job: &Job) -> Option<ApiError> {
    let (_, failure) = job.failed_step().filter(|_| job.failed_at_challenge())?;
    let error = ApiError::new(Code::InvalidCredentials, failure.detail.clone());
    Some(error.titled(failure.title.clone()))
}
