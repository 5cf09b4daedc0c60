//! A connection as a row of a list.

use super::{BankRef, time, time_or_empty};
use crate::domain::rows::ConnectionRow;
use serde::Serialize;

#[derive(Clone, Debug, Serialize)]
pub(crate) struct LastJobDoc<'a> {
    id: &'a str,
    kind: &'static str,
    label: &'static str,
    code: Option<&'a str>,
    step: &'a str,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConnectionDoc<'a> {
    r#type: &'static str,
    id: &'a str,
    user_id: &'a str,
    user_name: &'a str,
    institution: BankRef<'a>,
    method: &'static str,
    status: &'static str,
    label: &'static str,
    attention: bool,
    since: String,
    created_date: String,
    last_used: String,
    expiry_date: String,
    accounts: u64,
    transactions: u64,
    last_job: Option<LastJobDoc<'a>>,
    sign_in_failures: u32,
    guarded: bool,
    origin: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    taken_by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    snoozed_until: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    asked_on: Option<String>,
}

pub(crate) fn connection(row: &ConnectionRow) -> ConnectionDoc<'_> {
    ConnectionDoc {
        r#type: "connection",
        id: row.id.as_str(),
        user_id: row.user.as_str(),
        user_name: &row.user_name,
        institution: BankRef {
            id: row.institution.as_str(),
            name: &row.institution_name,
        },
        method: row.method.word(),
        status: row.status.word(),
        label: row.label.name(),
        attention: row.attention,
        since: row.since.rfc3339(),
        created_date: row.created.rfc3339(),
        last_used: row.last_used.rfc3339(),
        expiry_date: time_or_empty(row.expiry),
        accounts: row.accounts,
        transactions: row.transactions,
        last_job: row.last_job.as_ref().map(|job| LastJobDoc {
            id: job.id.as_str(),
            kind: job.kind.word(),
            label: job.label.name(),
            code: job.code.as_deref(),
            step: job.step.word(),
        }),
        sign_in_failures: row.refused,
        guarded: row.guarded,
        origin: row.origin.word(),
        taken_by: row.handling.taken_by.as_deref(),
        snoozed_until: time(row.handling.snoozed),
        asked_on: time(row.handling.asked),
    }
}
