//! The commands' JSON documents and list columns: names as in the API, times in RFC 3339, amounts as decimal text.
//! Personal data arrives here already masked.

mod access;
mod bank;
mod cancel;
mod cause;
mod connection;
mod connector;
mod consent;
mod enrich;
mod event;
mod handling;
mod health;
mod hold;
mod import;
mod job;
mod live;
mod plan;
mod schedule;
mod stored;
mod user;
mod warnings;

pub(crate) use bank::bank;
pub(crate) use cancel::CancelDoc;
pub(crate) use connection::{connection, detail, tone as connection_tone};
pub(crate) use connector::{held, rate, seen, whose as connector_whose};
pub(crate) use consent::{certificate, consent};
pub(crate) use enrich::enrich;
pub(crate) use event::{detail as event_detail, hex};
pub(crate) use handling::{handling, note};
pub(crate) use health::{doctor, verdict};
pub(crate) use hold::hold;
pub(crate) use import::import;
pub(crate) use job::{JobDoc, deduplicated, job, proven, tone as job_tone};
pub(crate) use live::live;
pub(crate) use plan::{HeadDoc, OutcomeDoc, plan, standing_tone};
pub(crate) use schedule::schedule;
pub(crate) use user::{auth_link, user, user_row};

use crate::domain::moment::Moment;
use crate::domain::text::escape_json;
use serde::Serialize;

#[derive(Clone, Debug, Serialize)]
pub(crate) struct BankRef<'a> {
    id: &'a str,
    name: &'a str,
}

/// An indented document, safe to print on a terminal.
pub(crate) fn pretty(value: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(value).expect("our own documents can be written");
    escape_json(&text).into_owned() + "\n"
}

fn time(at: Option<Moment>) -> Option<String> {
    at.map(Moment::rfc3339)
}

/// The time, or an empty text as in the API.
fn time_or_empty(at: Option<Moment>) -> String {
    at.map_or_else(String::new, Moment::rfc3339)
}
