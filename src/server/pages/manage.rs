//! What the user has shared: the consent, which can be made longer or ended, and the connections, which can be mended.

use super::html::{day, form, layout, leave, permissions};
use super::sitting::Visit;
use super::{Shown, Trouble, go, page};
use crate::domain::act::{ActKind, Selection};
use crate::domain::connection::{Label, Method};
use crate::domain::consent::{Consent, WARNING_DAYS};
use crate::domain::moment::Moment;
use crate::domain::rows::ConnectionRow;
use crate::server::resources::{connections::matching, whole};
use axum::body::Bytes;
use maud::{Markup, html};

/// The reason in the audit.
const BY_USER: &str = "by the user";

pub(in crate::server) async fn all(visit: Visit) -> Shown {
    let consent = visit.ops.standing_consent(&visit.user).await?;
    let rows = matching(&visit.ops, &visit.user, "").await?;
    let now = visit.ops.now();
    let (soon, rest): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| ends_soon(row, now));
    let csrf = visit.token();
    Ok(page(layout(
        "What you share",
        false,
        &html! {
            @match &consent {
                None => p { "You share nothing now." }
                Some(consent) => (shared(&csrf, consent, now))
            }
            @if !soon.is_empty() { h2 { "Ends soon" } (connections(&soon)) }
            @if !rest.is_empty() { h2 { "Your banks" } (connections(&rest)) }
            p { a.button href="/connect/banks" { "Add a bank" } }
            (leave(&csrf, visit.sitting.jobs.len()))
        },
    )))
}

fn ends_soon(row: &ConnectionRow, now: Moment) -> bool {
    let until = now.plus_ms(WARNING_DAYS * 86_400_000);
    row.expiry.is_some_and(|expiry| expiry < until)
}

fn shared(csrf: &str, consent: &Consent, now: Moment) -> Markup {
    html! {
        @if consent.expiry > now {
            p { "You agreed on " (day(consent.created)) ", until " strong { (day(consent.expiry)) } "." }
        } @else {
            p.wrong {
                "This ran out on " strong { (day(consent.expiry)) } ". Your data is going to be deleted, unless you share "
                "for another year."
            }
        }
        (permissions(consent))
        (form("/connect/manage/extend", csrf, &html! { button { "Share for another year" } }))
        p { a href="/connect/manage/end" { "Stop sharing, and have the data deleted" } }
    }
}

fn connections(rows: &[ConnectionRow]) -> Markup {
    html! {
        ul {
            @for row in rows {
                li {
                    strong { (row.institution_name) } ": " (state(row.label)) " "
                    a href={"/connect/connections/" (row.id)} {
                        @match row.method {
                            Method::Web => "give a new password",
                            Method::OpenBanking => "allow it again",
                        }
                    }
                }
            }
        }
    }
}

/// How a connection is in the words of its user.
fn state(label: Label) -> &'static str {
    match label {
        Label::Active => "works",
        Label::Pending | Label::Init => "is being read",
        Label::PreInit => "waits for you",
        Label::Invalid | Label::Failed => "does not work",
        Label::Deleted => "has ended",
    }
}

async fn standing(visit: &Visit) -> Result<Consent, Trouble> {
    let consent = visit.ops.standing_consent(&visit.user).await?;
    consent.ok_or_else(Trouble::not_here)
}

pub(in crate::server) async fn extend(visit: Visit, body: Bytes) -> Shown {
    visit.form(&body)?;
    let consent = standing(&visit).await?;
    visit.ops.extend_consent(&consent.id, BY_USER).await?;
    Ok(go("/connect/manage"))
}

pub(in crate::server) async fn ask(visit: Visit) -> Shown {
    standing(&visit).await?;
    Ok(page(layout(
        "Stop sharing?",
        false,
        &html! {
            p { "Every bank is disconnected, and all data that was read is deleted. This cannot be undone." }
            (form("/connect/manage/end", &visit.token(), &html! {
                button.danger { "Stop sharing" }
            }))
            p { a href="/connect/manage" { "Keep it as it is" } }
        },
    )))
}

/// The same act as that of an operator; what was begun in this sitting ends with it.
pub(in crate::server) async fn end(visit: Visit, body: Bytes) -> Shown {
    visit.form(&body)?;
    let consent = standing(&visit).await?;
    let ending = Selection::Consent(consent.id);
    whole(&visit.ops, ActKind::EndConsent, ending, BY_USER).await?;
    Ok(go("/connect/manage/ended"))
}

/// After the end; whoever agreed again since then is shown what is shared.
pub(in crate::server) async fn ended(visit: Visit) -> Shown {
    if visit.ops.standing_consent(&visit.user).await?.is_some() {
        return Ok(go("/connect/manage"));
    }
    Ok(page(layout(
        "You share nothing now",
        false,
        &html! {
            p.good { "Your banks are disconnected and the data is deleted." }
            (leave(&visit.token(), visit.sitting.jobs.len()))
        },
    )))
}
