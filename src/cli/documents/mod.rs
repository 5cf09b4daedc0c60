//! The commands' JSON documents and list columns: names as in the API, times in RFC 3339, amounts as decimal text.
//! Personal data arrives here already masked.

mod access;
mod bank;
mod cancel;
mod cause;
mod connection;
mod connector;
mod consent;
mod event;
mod group;
mod handling;
mod health;
mod hold;
mod import;
mod incident;
mod job;
mod live;
mod plan;
mod schedule;
mod since;
mod stored;
mod user;

pub(crate) use bank::bank;
pub(crate) use cancel::CancelDoc;
pub(crate) use connection::{detail, tone as connection_tone};
pub(crate) use connector::whose as connector_whose;
pub(crate) use consent::{certificate, consent};
pub(crate) use event::detail as event_detail;
pub(crate) use health::{doctor, verdict};
pub(crate) use import::import;
pub(crate) use job::tone as job_tone;
pub(crate) use live::live;
pub(crate) use plan::{HeadDoc, OutcomeDoc, standing_tone};
pub(crate) use schedule::schedule;
pub(crate) use user::{auth_link, user, user_row};

pub(crate) use crate::documents::{
    connection, deduplicated, handling, hex, hold, job, note, plan, proven, why,
};
use crate::documents::{rows_by_table, time};
use crate::domain::text::escape_json;
use serde::Serialize;

/// An indented document, safe to print on a terminal.
pub(crate) fn pretty(value: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(value).expect("our own documents can be written");
    escape_json(&text).into_owned() + "\n"
}
