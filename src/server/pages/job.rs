//! What comes of an attempt: running, a question of the bank, connected, or why not.

use super::html::{field, form, layout, leave, wrong};
use super::sitting::Visit;
use super::{Shown, Trouble, go, page, shown};
use crate::domain::connection::Method;
use crate::domain::diagnosis;
use crate::domain::failure_codes::Failure;
use crate::domain::ids::JobId;
use crate::domain::job::{Job, State};
use crate::domain::mfa::Challenge;
use crate::server::error::ApiError;
use crate::server::params::{Ids, Names};
use axum::body::Bytes;
use maud::{Markup, html};
use std::time::Duration;

/// How long a page waits for the bank before it is shown as it is.
const PATIENCE: Duration = Duration::from_secs(3);

pub(super) fn address(job: &JobId) -> String {
    format!("/connect/jobs/{job}")
}

/// The job, when it fetches for this user.
async fn own(visit: &Visit, id: String) -> Result<Job, Trouble> {
    let job = visit.ops.job(&Names::Job.id(id)?).await?;
    match job.user == visit.user && job.kind.fetches() {
        true => Ok(job),
        false => Err(Trouble::not_here()),
    }
}

pub(in crate::server) async fn one(visit: Visit, Ids(id): Ids<String>) -> Shown {
    let job = own(&visit, id).await?;
    let settled = |job: &Job| job.state != State::Running && job.state != State::Queued;
    let job = visit.ops.wait_until(&job.id, PATIENCE, settled).await?;
    Ok(page(told(&visit, &job, None).await?))
}

async fn told(visit: &Visit, job: &Job, why: Option<&str>) -> Result<Markup, Trouble> {
    let bank = job.institution_name.as_str();
    let (csrf, jobs) = (visit.token(), visit.sitting.jobs.len());
    if let Some(challenge) = job
        .challenge
        .as_ref()
        .filter(|_| job.state == State::WaitingMfa)
    {
        return Ok(question(&csrf, job, challenge, why));
    }
    if job.state.open() {
        return Ok(layout(
            &format!("Asking {bank}"),
            true,
            &html! {
                @if job.state == State::Paused {
                    p { "This login is in use already, so " (bank) " is asked in some minutes. You need not wait." }
                } @else if job.state == State::WaitingRetry {
                    p { (bank) " does not answer now, so it is asked again later. You need not wait." }
                } @else {
                    p { "This takes some seconds. The page is loaded again by itself." }
                }
                p { a href=(address(&job.id)) { "Look again" } " · " a href="/connect/banks" { "Another bank" } }
                (leave(&csrf, jobs))
            },
        ));
    }
    let Some((_, failure)) = job.failed_step() else {
        return Ok(match job.state {
            State::Cancelled => layout(
                &format!("{bank} was not asked"),
                false,
                &html! {
                    p.wrong { "This was cancelled." }
                    (leave(&csrf, jobs))
                },
            ),
            _ => layout(
                &format!("{bank} is connected"),
                false,
                &html! {
                    p.good { "Your accounts were read." }
                    p { a.button href="/connect/banks" { "Add another bank" } }
                    (leave(&csrf, jobs))
                },
            ),
        });
    };
    let row = visit.ops.connection_of(&visit.user, &job.connection).await;
    let method = row.ok().map(|row| row.method);
    let at_question = job.failed_at_challenge();
    let again = format!("/connect/connections/{}", job.connection);
    Ok(layout(
        &format!("{bank} is not connected"),
        false,
        &html! {
            p.wrong { (reason(failure, at_question)) }
            ul {
                @match method {
                    Some(Method::Web) => {
                        li { a href=(again) { @if at_question { "Try again" } @else { "Try another password" } } }
                        li { a href={"/connect/banks/" (job.institution) "/web"} { "Sign in as somebody else" } }
                    }
                    Some(Method::OpenBanking) => li { a href=(again) { "To " (bank) " again" } }
                    None => {}
                }
                li { a href="/connect/banks" { "Another bank" } }
            }
            (leave(&csrf, jobs))
        },
    ))
}

/// What its user is told of a failure: what an operator would say, except where that offers help from somebody else,
/// which nobody needs who is here and can try again.
fn reason(failure: &Failure, at_question: bool) -> &'static str {
    match (failure.code.as_str(), at_question) {
        ("invalid-credentials", true) => {
            "Your bank did not accept the answer. Try again: it asks you anew."
        }
        ("job-timed-out", true) => {
            "Your bank asked you something and got no answer in time. Try again, with your phone at hand."
        }
        ("user-action-required" | "account-not-accessible-requires-user-action", _) => {
            "Your bank wants you to do something first. Sign in there, follow what it asks, and then try again here."
        }
        _ => diagnosis::advice_for(failure, at_question).tell_customer,
    }
}

fn question(csrf: &str, job: &Job, challenge: &Challenge, why: Option<&str>) -> Markup {
    layout(
        &format!("{} asks", job.institution_name),
        false,
        &html! {
            (wrong(why))
            p { (challenge.description) }
            (form(&address(&job.id), csrf, &html! {
                @for input in &challenge.input { (field("answer", input, "text", true)) }
                button { "Answer" }
            }))
        },
    )
}

/// Gives the bank the answers, in the order it asked.
pub(in crate::server) async fn answer(visit: Visit, Ids(id): Ids<String>, body: Bytes) -> Shown {
    let form = visit.form(&body)?;
    let job = own(&visit, id).await?;
    match visit.ops.answer(&job.id, form.all("answer")).await {
        Ok(_) => Ok(go(&address(&job.id))),
        Err(error) => {
            let error = ApiError::from(error);
            let job = visit.ops.job(&job.id).await?;
            let page = told(&visit, &job, Some(&error.detail)).await?;
            Ok(shown(error.status(), page))
        }
    }
}
