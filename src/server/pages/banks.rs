//! The banks, and a new connection to one of them.

use super::entrance::agreed;
use super::html::{field, form, layout, leave, wrong};
use super::sitting::{MOST_JOBS, Visit};
use super::{Shown, Trouble, go, page, shown};
use crate::domain::bank_data::Credentials;
use crate::domain::connection::{Method, Status};
use crate::domain::ids::InstitutionId;
use crate::ops::{BankShown, NewLink};
use crate::server::error::ApiError;
use crate::server::params::{Ids, Names};
use crate::server::resources::connections::matching;
use axum::body::Bytes;
use axum::http::StatusCode;
use maud::{Markup, html};

/// What the methods are called where a user chooses one.
fn way(method: Method) -> &'static str {
    match method {
        Method::Web => "sign in here",
        Method::OpenBanking => "agree at the bank (open banking)",
    }
}

fn methods(bank: &BankShown) -> Vec<Method> {
    bank.ways.iter().map(|way| way.record.method).collect()
}

pub(in crate::server) async fn list(visit: Visit) -> Shown {
    if !agreed(&visit).await? {
        return Ok(go("/connect"));
    }
    let banks = visit.ops.institutions().await?;
    let jobs = visit.sitting.jobs.len();
    Ok(page(layout(
        "Choose your bank",
        false,
        &html! {
            @if jobs > 0 { p.good { "Begun in this sitting: " (jobs) ". You can add another bank." } }
            ul {
                @for bank in banks.iter().filter(|bank| !bank.ways.is_empty()) {
                    li { a href={"/connect/banks/" (bank.record.id)} { (bank.record.name) } }
                }
            }
            (leave(&visit.token(), jobs))
        },
    )))
}

/// How a bank is reached; there is nothing to choose when that is by one way only.
pub(in crate::server) async fn ways(visit: Visit, Ids(id): Ids<String>) -> Shown {
    let bank = bank(&visit, id).await?;
    let id = &bank.record.id;
    match methods(&bank).as_slice() {
        [] => Err(Trouble::not_here()),
        [only] => Ok(go(&format!("/connect/banks/{id}/{}", only.word()))),
        several => Ok(page(layout(
            &bank.record.name,
            false,
            &html! {
                p { "How do you want to connect it?" }
                ul {
                    @for method in several {
                        li { a href={"/connect/banks/" (id) "/" (method.word())} { (way(*method)) } }
                    }
                }
                p { a href="/connect/banks" { "Another bank" } }
                (leave(&visit.token(), visit.sitting.jobs.len()))
            },
        ))),
    }
}

async fn bank(visit: &Visit, id: String) -> Result<BankShown, Trouble> {
    let id: InstitutionId = Names::Institution.id(id)?;
    Ok(visit.ops.institution(&id).await?)
}

async fn chosen(
    visit: &Visit,
    (id, method): (String, String),
) -> Result<(BankShown, Method), Trouble> {
    let bank = bank(visit, id).await?;
    let method = Method::parse(&method).filter(|method| methods(&bank).contains(method));
    Ok((bank, method.ok_or_else(Trouble::not_here)?))
}

pub(in crate::server) async fn one(visit: Visit, Ids(two): Ids<(String, String)>) -> Shown {
    if !agreed(&visit).await? {
        return Ok(go("/connect"));
    }
    let (bank, method) = chosen(&visit, two).await?;
    Ok(page(asked(&visit, &bank, method, None)))
}

fn asked(visit: &Visit, bank: &BankShown, method: Method, why: Option<&str>) -> Markup {
    let record = &bank.record;
    let action = format!("/connect/banks/{}/{}", record.id, method.word());
    let title = format!("Connect {}", record.name);
    layout(
        &title,
        false,
        &html! {
            (wrong(why))
            (form(&action, &visit.token(), &match method {
                Method::Web => html! {
                    (field("loginId", "Login ID", "text", true))
                    (field("password", "Password", "password", true))
                    p.note { "They are stored encrypted, and used to read your accounts." }
                    button { "Connect" }
                },
                Method::OpenBanking => html! {
                    p { "You are going to " (record.name) ", to say there what may be read." }
                    button { "Go to " (record.name) }
                },
            }))
            p { a href="/connect/banks" { "Another bank" } }
            (leave(&visit.token(), visit.sitting.jobs.len()))
        },
    )
}

pub(in crate::server) async fn connect(
    visit: Visit,
    Ids(two): Ids<(String, String)>,
    body: Bytes,
) -> Shown {
    let form = visit.form(&body)?;
    if !agreed(&visit).await? {
        return Ok(go("/connect"));
    }
    let (bank, method) = chosen(&visit, two).await?;
    let again = |why: &str, status| Ok(shown(status, asked(&visit, &bank, method, Some(why))));
    if visit.sitting.jobs.len() >= MOST_JOBS {
        return again(
            "Go back to the app first, and come again for more.",
            StatusCode::BAD_REQUEST,
        );
    }
    // one that was left before it was authorised is gone through again, not made anew (docs/domain.md 2.1)
    if method == Method::OpenBanking {
        let left = matching(&visit.ops, &visit.user, "status.eq('pre-init')").await?;
        let here = left.iter().find(|row| row.institution == bank.record.id);
        if let Some(row) = here.filter(|row| row.status == Status::PreInit) {
            return Ok(go(&format!("/connect/connections/{}", row.id)));
        }
    }
    let link = NewLink {
        user: visit.user.clone(),
        institution: bank.record.id.clone(),
        method,
        credentials: (method == Method::Web).then(|| Credentials {
            login: form.secret("loginId"),
            password: form.secret("password"),
            security_code: None,
            secondary_login: None,
        }),
    };
    match visit.ops.connect(link).await {
        Ok(job) if method == Method::OpenBanking => {
            let to = format!("/connect/connections/{}", job.connection);
            visit.began(&job.id, &to, false).await
        }
        Ok(job) => {
            visit
                .began(&job.id, &super::job::address(&job.id), true)
                .await
        }
        Err(error) => {
            let error = ApiError::from(error);
            again(&error.detail, error.status())
        }
    }
}
