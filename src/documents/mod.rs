//! The JSON documents that the commands and the own paths of the HTTP API have in common: names as in the API, times in
//! RFC 3339, amounts as decimal text. Personal data arrives here already masked.

mod cause;
mod connection;
mod event;
mod handling;
mod hold;
mod incident;
mod job;
mod plan;
pub(crate) mod shapes;
mod since;
mod why;

pub(crate) use cause::cause;
pub(crate) use connection::{ConnectionDoc, connection};
pub(crate) use event::{audit_line, event, hex};
pub(crate) use handling::{handling, note, timeline_entry};
pub(crate) use hold::hold;
pub(crate) use incident::{incident, incident_shown};
pub(crate) use job::{JobDoc, deduplicated, job, proven};
pub(crate) use plan::{part, plan, plan_head, plan_step, rows_by_table, words_or_null, workflow};
pub(crate) use since::{change, digest};
pub(crate) use why::why;

use crate::domain::moment::Moment;
use serde::Serialize;

#[derive(Clone, Debug, Serialize)]
pub(crate) struct BankRef<'a> {
    id: &'a str,
    name: &'a str,
}

pub(crate) fn time(at: Option<Moment>) -> Option<String> {
    at.map(Moment::rfc3339)
}

/// The time, or an empty text as in the API.
pub(crate) fn time_or_empty(at: Option<Moment>) -> String {
    at.map_or_else(String::new, Moment::rfc3339)
}
