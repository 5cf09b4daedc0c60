//! Events, event types and audit lines.

use crate::cli::list_formats::{Cell, Column, Listed, number, text, when};
use crate::documents::{audit_line, event};
use crate::domain::events::EventType;
use crate::ops::EventDetail;
use crate::store::{AuditLine, Event};
use crate::wire::event_document;
use serde_json::{Value, json};

impl Listed for Event {
    type Doc<'a> = Value;

    const FIELDS: &'static [&'static str] = &[
        "id",
        "seq",
        "createdDate",
        "entity",
        "eventType",
        "userId",
        "connectionId",
        "institutionId",
        "jobId",
        "count",
        "actor",
    ];

    fn doc(&self) -> Value {
        event(self)
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            number("SEQ", |e, _| e.seq.to_string().into()),
            when("WHEN", |e| e.at),
            text("WHAT", 28, |e, _| {
                format!("{}.{}", e.entity, e.event_type).into()
            }),
            text("CONNECTION", 10, |e, _| {
                e.connection.as_ref().map_or("", |id| id.short()).into()
            }),
            text("BANK", 10, |e, _| {
                e.institution.as_ref().map_or("", |id| id.as_str()).into()
            }),
            text("JOB", 8, |e, _| {
                e.job.as_ref().map_or("", |id| id.short()).into()
            }),
            number("COUNT", |e, _| {
                e.count.map_or_else(Cell::default, |n| n.to_string().into())
            }),
            text("ACTOR", 20, |e, _| e.actor.as_str().into()),
        ]
    }
}

pub(crate) fn detail(detail: &EventDetail) -> Value {
    let event = &detail.event;
    let mut document = event_document::event("", &detail.facts());
    if let (Value::Object(all), Value::Object(own)) = (&mut document, event.doc()) {
        for (name, value) in own {
            all.entry(name).or_insert(value);
        }
    }
    document
}

impl Listed for EventType {
    type Doc<'a> = Value;

    const FIELDS: &'static [&'static str] = &[
        "id",
        "entity",
        "eventType",
        "webhook",
        "local",
        "description",
    ];

    fn doc(&self) -> Value {
        json!({
            "type": "event-type",
            "id": self.name(),
            "entity": self.entity,
            "eventType": self.happened,
            "webhook": self.webhook(),
            "local": self.local(),
            "description": self.words,
        })
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            text("TYPE", 24, |e, _| e.name().into()),
            text("TOLD", 8, |e, _| match (e.webhook(), e.local()) {
                (true, _) => "webhooks".into(),
                (_, true) => "here".into(),
                _ => "feed".into(),
            }),
            text("WHEN", 80, |e, _| e.words.into()),
        ]
    }
}

impl Listed for AuditLine {
    type Doc<'a> = Value;

    const FIELDS: &'static [&'static str] = &[
        "seq", "at", "actor", "face", "action", "target", "outcome", "reason", "mac", "before",
        "after",
    ];

    fn doc(&self) -> Value {
        audit_line(self)
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            number("SEQ", |l, _| l.seq.to_string().into()),
            when("WHEN", |l| l.at),
            text("ACTOR", 20, |l, _| l.actor.as_str().into()),
            text("FACE", 9, |l, _| l.face.as_str().into()),
            text("ACTION", 18, |l, _| l.action.as_str().into()),
            text("TARGET", 36, |l, _| l.target.as_str().into()),
            text("OUTCOME", 36, |l, _| l.outcome.as_str().into()),
            text("REASON", 60, |l, _| l.reason.as_str().into()),
            text("CHANGE", 90, |l, _| {
                let (was, became) = (&l.change.was, &l.change.became);
                match (was.is_empty(), became.is_empty()) {
                    (true, true) => Cell::default(),
                    (false, true) => was.as_str().into(),
                    _ => format!("{was} -> {became}").into(),
                }
            }),
        ]
    }
}
