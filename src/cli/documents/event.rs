//! Lines of the feed and of the audit, the types of events, and one event with what it is about.

use crate::cli::list::{Cell, Column, Listed, number, text};
use crate::domain::events::EventType;
use crate::domain::moment::Moment;
use crate::domain::time_format;
use crate::ops::EventDetail;
use crate::store::{AuditLine, Event};
use crate::wire::event_document;
use serde_json::{Value, json};

impl Listed for Event {
    type Doc<'a> = Value;

    const COLUMNS: &'static [Column] = &[
        number("SEQ"),
        text("WHEN", 16),
        text("WHAT", 28),
        text("CONNECTION", 10),
        text("JOB", 8),
        number("COUNT"),
        text("ACTOR", 20),
    ];

    const FIELDS: &'static [&'static str] = &[
        "id",
        "seq",
        "createdDate",
        "entity",
        "eventType",
        "userId",
        "connectionId",
        "jobId",
        "count",
        "actor",
    ];

    fn doc(&self) -> Value {
        json!({
            "type": "event",
            "id": self.id.as_str(),
            "seq": self.seq,
            "createdDate": self.at.rfc3339(),
            "entity": self.entity,
            "eventType": self.event_type,
            "userId": self.user.as_ref().map(|id| id.as_str()),
            "connectionId": self.connection.as_ref().map(|id| id.as_str()),
            "jobId": self.job.as_ref().map(|id| id.as_str()),
            "count": self.count,
            "actor": self.actor,
        })
    }

    fn cells(&self, _now: Moment) -> Vec<Cell> {
        vec![
            Cell::of(&self.seq.to_string()),
            Cell::of(&time_format::date_time(self.at)),
            Cell::of(&format!("{}.{}", self.entity, self.event_type)),
            Cell::of(self.connection.as_ref().map_or("", |id| id.short())),
            Cell::of(self.job.as_ref().map_or("", |id| id.short())),
            Cell::of(&self.count.map_or_else(String::new, |n| n.to_string())),
            Cell::of(&self.actor),
        ]
    }

    fn record(&self) -> Vec<String> {
        vec![
            self.id.to_string(),
            self.seq.to_string(),
            self.at.rfc3339(),
            self.entity.clone(),
            self.event_type.clone(),
            self.user
                .as_ref()
                .map_or_else(String::new, ToString::to_string),
            self.connection
                .as_ref()
                .map_or_else(String::new, ToString::to_string),
            self.job
                .as_ref()
                .map_or_else(String::new, ToString::to_string),
            self.count.map_or_else(String::new, |n| n.to_string()),
            self.actor.clone(),
        ]
    }
}

/// The document of one event: the line of the feed, and in the API's shape what it is about.
pub(crate) fn detail(detail: &EventDetail) -> Value {
    let event = &detail.event;
    let told = event_document::Told {
        id: event.id.as_str(),
        at: event.at,
        entity: &event.entity,
        happened: &event.event_type,
        user: event.user.as_ref().map(|id| id.as_str()),
        connection: event.connection.as_ref().map(|id| id.as_str()),
        job: event.job.as_ref().map(|id| id.as_str()),
        count: event.count,
        row: detail.connection.as_ref(),
        mfa_enabled: detail.mfa_enabled,
    };
    let mut document = event_document::event("", &told);
    if let (Value::Object(all), Value::Object(own)) = (&mut document, event.doc()) {
        for (name, value) in own {
            all.entry(name).or_insert(value);
        }
    }
    document
}

impl Listed for EventType {
    type Doc<'a> = Value;

    const COLUMNS: &'static [Column] = &[text("TYPE", 24), text("TOLD", 8), text("WHEN", 80)];

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

    fn cells(&self, _now: Moment) -> Vec<Cell> {
        let told = match (self.webhook(), self.local()) {
            (true, _) => "webhooks",
            (_, true) => "here",
            _ => "feed",
        };
        vec![Cell::of(&self.name()), Cell::of(told), Cell::of(self.words)]
    }

    fn record(&self) -> Vec<String> {
        vec![
            self.name(),
            self.entity.into(),
            self.happened.into(),
            self.webhook().to_string(),
            self.local().to_string(),
            self.words.into(),
        ]
    }
}

/// A digest in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

impl Listed for AuditLine {
    type Doc<'a> = Value;

    const COLUMNS: &'static [Column] = &[
        number("SEQ"),
        text("WHEN", 16),
        text("ACTOR", 20),
        text("FACE", 9),
        text("ACTION", 18),
        text("TARGET", 36),
        text("OUTCOME", 36),
        text("REASON", 60),
    ];

    const FIELDS: &'static [&'static str] = &[
        "seq", "at", "actor", "face", "action", "target", "outcome", "reason", "mac",
    ];

    fn doc(&self) -> Value {
        json!({
            "type": "audit",
            "seq": self.seq,
            "at": self.at.rfc3339(),
            "actor": self.actor,
            "face": self.face,
            "action": self.action,
            "target": self.target,
            "outcome": self.outcome,
            "reason": self.reason,
            "mac": hex(&self.mac),
        })
    }

    fn cells(&self, _now: Moment) -> Vec<Cell> {
        vec![
            Cell::of(&self.seq.to_string()),
            Cell::of(&time_format::date_time(self.at)),
            Cell::of(&self.actor),
            Cell::of(&self.face),
            Cell::of(&self.action),
            Cell::of(&self.target),
            Cell::of(&self.outcome),
            Cell::of(&self.reason),
        ]
    }

    fn record(&self) -> Vec<String> {
        vec![
            self.seq.to_string(),
            self.at.rfc3339(),
            self.actor.clone(),
            self.face.clone(),
            self.action.clone(),
            self.target.clone(),
            self.outcome.clone(),
            self.reason.clone(),
            hex(&self.mac),
        ]
    }
}
