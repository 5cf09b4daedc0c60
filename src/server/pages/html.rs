//! How the pages look. Every value is escaped by the template; nothing here decides anything.

use crate::domain::consent::{Consent, DAYS, RETRIEVAL_DAYS};
use crate::domain::consent_scopes::scope;
use crate::domain::moment::Moment;
use crate::domain::zone::Zone;
use maud::{DOCTYPE, Markup, html};

/// A page. One that `waits` is loaded again after some seconds.
pub(super) fn layout(title: &str, waits: bool, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                @if waits { meta http-equiv="refresh" content="2"; }
                title { (title) }
                link rel="stylesheet" href="/connect/style.css";
            }
            body {
                main {
                    h1 { (title) }
                    (body)
                }
            }
        }
    }
}

pub(super) fn trouble(title: &str, words: &str) -> Markup {
    layout(title, false, &html! { p.wrong { (words) } })
}

/// A form to `action`, which carries the token of its sitting.
pub(super) fn form(action: &str, csrf: &str, body: &Markup) -> Markup {
    html! {
        form method="post" action=(action) autocomplete="off" {
            input type="hidden" name="csrf" value=(csrf);
            (body)
        }
    }
}

pub(super) fn wrong(words: Option<&str>) -> Markup {
    html! { @if let Some(words) = words { p.wrong role="alert" { (words) } } }
}

/// A field with its caption. What was typed is never shown again.
pub(super) fn field(name: &str, caption: &str, kind: &str, required: bool) -> Markup {
    html! {
        label for=(name) { (caption) }
        input id=(name) name=(name) type=(kind) required[required] spellcheck="false";
    }
}

/// How a sitting ends, below every page of it.
pub(super) fn leave(csrf: &str, jobs: usize) -> Markup {
    html! {
        footer {
            (form("/connect/finish", csrf, &html! {
                @if jobs == 0 {
                    button.plain name="all" value="no" { "Leave" }
                } @else {
                    button.plain name="all" value="no" { "Go back to the app" }
                    button.plain name="all" value="yes" { "Go back: these are all my accounts" }
                }
            }))
        }
    }
}

pub(super) fn day(at: Moment) -> String {
    Zone::UTC.date(at)
}

/// What is asked for, before the first bank.
pub(super) fn consent(csrf: &str, asked: &Consent) -> Markup {
    layout(
        "Share your bank data?",
        false,
        &html! {
            p { "The app that sent you here asks to read data of the banks that you choose." }
            (permissions(asked))
            p {
                "It may do so for " (DAYS) " days, and look back " (RETRIEVAL_DAYS) " days. You can end it at any time; "
                "then your data is deleted."
            }
            (form("/connect/agree", csrf, &html! {
                button name="answer" value="agree" { "I agree" }
                button.plain name="answer" value="decline" { "I do not agree" }
            }))
        },
    )
}

pub(super) fn permissions(given: &Consent) -> Markup {
    html! {
        dl {
            @for permission in given.permissions.iter().filter(|p| p.consented) {
                @match scope(&permission.scope) {
                    Some(known) => {
                        dt { (known.name) }
                        dd { (known.holds) ". " span.note { (known.why) "." } }
                    }
                    None => dt { (permission.scope) }
                }
            }
        }
    }
}
