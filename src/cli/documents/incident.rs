//! Incidents in lists.

use crate::cli::list_formats::{Column, Listed, number, text, when};
use crate::documents::incident;
use crate::domain::incident::Incident;
use crate::domain::time_format;
use serde_json::Value;

impl Listed for Incident {
    type Doc<'a> = Value;

    const FIELDS: &'static [&'static str] = &[
        "id",
        "institution.id",
        "institution.name",
        "method",
        "step",
        "code",
        "state",
        "started",
        "ended",
        "failed",
        "succeeded",
        "connections",
        "filter",
    ];

    fn doc(&self) -> Value {
        incident(self)
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            number("ID", |it, _| it.number.into()),
            text("BANK", 24, |it, _| it.institution_name.as_str().into()),
            text("VIA", 4, |it, _| it.method.short().into()),
            text("WHAT FAILS", 36, |it, _| it.what().into()),
            text("STATE", 6, |it, _| it.state().into()),
            when("SINCE", |it| it.started),
            text("LASTS", 12, |it, now| {
                time_format::span(it.lasted(now)).into()
            }),
            text("FAILED", 12, |it, _| {
                format!("{} of {}", it.failed, it.sample()).into()
            }),
            number("HIT", |it, _| it.connections.into()),
        ]
    }
}
