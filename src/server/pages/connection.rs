//! A connection that is there: new credentials for a web one, and the bank's question for an open-banking one, played in
//! the sandbox by the operation of `sandbox authorise`.

use super::html::{day, field, form, layout, leave, wrong};
use super::sitting::Visit;
use super::{Shown, go, job, page, shown};
use crate::domain::connection::Method;
use crate::domain::rows::ConnectionRow;
use crate::domain::views::BankAnswer;
use crate::server::error::ApiError;
use crate::server::params::Ids;
use axum::body::Bytes;
use maud::{Markup, html};

pub(in crate::server) async fn one(visit: Visit, Ids(id): Ids<String>) -> Shown {
    let row = visit.connection(&id).await?;
    Ok(page(asked(&visit, &row, None)))
}

fn asked(visit: &Visit, row: &ConnectionRow, why: Option<&str>) -> Markup {
    match row.method {
        Method::Web => credentials(visit, row, why),
        Method::OpenBanking => at_the_bank(visit, row, why),
    }
}

fn credentials(visit: &Visit, row: &ConnectionRow, why: Option<&str>) -> Markup {
    let title = format!("Sign in at {} again", row.institution_name);
    layout(
        &title,
        false,
        &html! {
            (wrong(why))
            p { "Give the password that you use there now. The login stays as it is." }
            (form(&address(row), &visit.token(), &html! {
                (field("password", "Password", "password", true))
                button { "Try it" }
            }))
            (leave(&visit.token(), visit.sitting.jobs.len()))
        },
    )
}

fn at_the_bank(visit: &Visit, row: &ConnectionRow, why: Option<&str>) -> Markup {
    let title = format!("{}: may your data be read?", row.institution_name);
    layout(
        &title,
        false,
        &html! {
            (wrong(why))
            p.note { "This is the sandbox's bank. A real one asks this on a page of its own." }
            @match row.expiry {
                Some(until) => p { "You allowed this before, until " (day(until)) ". A new permission begins now." }
                None => p { "The app asks for your accounts and their transactions." }
            }
            (form(&format!("{}/answer", address(row)), &visit.token(), &html! {
                button name="answer" value="authorise" { "Allow" }
                button.danger name="answer" value="deny" { "Refuse" }
                button.plain name="answer" value="abandon" { "Leave without an answer" }
            }))
        },
    )
}

/// After a user has left without an answer. It has an address of its own, so that going back in the browser shows it
/// again; no browser keeps the answer to a form that may not be cached.
pub(in crate::server) async fn left(visit: Visit, Ids(id): Ids<String>) -> Shown {
    let row = visit.connection(&id).await?;
    if row.method != Method::OpenBanking {
        return Ok(go(&address(&row)));
    }
    Ok(page(nothing_told(&visit, &row)))
}

/// What can be done now.
fn nothing_told(visit: &Visit, row: &ConnectionRow) -> Markup {
    let title = format!("{} was told nothing", row.institution_name);
    layout(
        &title,
        false,
        &html! {
            p { "Leaving has changed nothing. You can go there again, or choose another bank." }
            ul {
                li { a href=(address(row)) { "To " (row.institution_name) " again" } }
                li { a href="/connect/banks" { "Another bank" } }
            }
            (leave(&visit.token(), visit.sitting.jobs.len()))
        },
    )
}

fn address(row: &ConnectionRow) -> String {
    format!("/connect/connections/{}", row.id)
}

pub(in crate::server) async fn update(visit: Visit, Ids(id): Ids<String>, body: Bytes) -> Shown {
    let form = visit.form(&body)?;
    let row = visit.connection(&id).await?;
    let password = form.secret("password");
    match visit
        .ops
        .update_credentials(&row.id, password, None, None)
        .await
    {
        Ok(made) => {
            visit
                .began(&made.job.id, &job::address(&made.job.id), true)
                .await
        }
        Err(error) => Ok(again(&visit, &row, error.into())),
    }
}

pub(in crate::server) async fn answer(visit: Visit, Ids(id): Ids<String>, body: Bytes) -> Shown {
    let form = visit.form(&body)?;
    let row = visit.connection(&id).await?;
    let said = match form.text("answer") {
        "authorise" => BankAnswer::Authorise,
        "deny" => BankAnswer::Deny,
        _ => BankAnswer::Abandon,
    };
    match visit.ops.authorise(&row.id, said).await {
        Ok(visited) => match visited.job {
            Some(job) if visited.changed => {
                let used = said == BankAnswer::Authorise;
                visit.began(&job.id, &job::address(&job.id), used).await
            }
            _ => Ok(go(&format!("{}/answer", address(&row)))),
        },
        Err(error) => Ok(again(&visit, &row, error.into())),
    }
}

/// The same question, with what was wrong.
fn again(visit: &Visit, row: &ConnectionRow, error: ApiError) -> axum::response::Response {
    shown(error.status(), asked(visit, row, Some(&error.detail)))
}
