//! The platform, whose connections are read, and the outbox.

use crate::cli::list_formats::{Column, Listed, text, when};
use crate::domain::ids::ConnectionId;
use crate::domain::live::{LiveUser, Outgoing, RemoteAct};
use crate::domain::moment::Moment;
use crate::domain::time_format;
use crate::ops::LiveStatus;
use serde_json::{Value, json};

fn time(at: Option<Moment>) -> Option<String> {
    at.map(Moment::rfc3339)
}

pub(crate) fn live(status: &LiveStatus) -> Value {
    let (platform, progress) = (&status.platform, &status.progress);
    let lacks: Vec<&str> = platform.lacks.iter().map(|call| call.word()).collect();
    let trouble = platform.trouble.as_ref().map(|(what, since, how)| {
        json!({
            "kind": what.word(),
            "since": since.rfc3339(),
            "detail": how,
            "nextTry": time(platform.next_try),
        })
    });
    json!({
        "type": "live",
        "address": platform.address,
        "environment": status.environment,
        "signedIn": time(platform.signed_in),
        "trouble": trouble,
        "heard": time(platform.heard),
        "notAllowed": lacks,
        "callsPerSecond": platform.rate as f64 / 1_000.0,
        "users": {
            "size": progress.users,
            "read": progress.looked,
            "known": progress.known,
            "gone": progress.gone,
            "oldestRead": time(progress.oldest),
        },
        "connections": progress.connections,
        "detailed": progress.detailed,
        "eventsRead": time(platform.events_read),
        "leftOut": platform.spoiled,
        "outbox": {"open": progress.open, "unsure": progress.unsure},
        "secondsLeft": status.left.map(|left| left.as_secs()),
    })
}

impl Listed for LiveUser {
    type Doc<'a> = Value;

    const FIELDS: &'static [&'static str] =
        &["id", "connections", "read", "added", "gone", "trouble"];

    fn doc(&self) -> Value {
        json!({
            "type": "live-user",
            "id": self.id.as_str(),
            "connections": self.connections,
            "read": time(self.looked),
            "added": self.added.rfc3339(),
            "gone": time(self.gone),
            "trouble": self.trouble,
        })
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            text("USER", 40, |u, _| u.id.as_str().into()),
            text("CONNECTIONS", 11, |u, _| u.connections.to_string().into()),
            text("READ", 16, |u, now| match (u.gone, u.looked) {
                (Some(_), _) => "not there".into(),
                (None, Some(at)) => time_format::ago(at, now).into(),
                (None, None) => "not yet".into(),
            }),
            text("TROUBLE", 60, |u, _| u.trouble.as_str().into()),
        ]
    }
}

impl Listed for Outgoing {
    type Doc<'a> = Value;

    const FIELDS: &'static [&'static str] = &[
        "id",
        "act",
        "state",
        "connectionId",
        "userId",
        "jobId",
        "made",
        "changed",
        "tries",
        "httpStatus",
        "correlationId",
        "detail",
        "actor",
        "reason",
        "consentId",
        "planId",
    ];

    fn doc(&self) -> Value {
        json!({
            "type": "outgoing",
            "id": self.id.as_str(),
            "act": self.act.word(),
            "state": self.state.word(),
            "connectionId": self.act.of_connection().then_some(&self.target),
            "consentId": (self.act == RemoteAct::EndConsent).then_some(&self.target),
            "userId": self.user.as_str(),
            "institution": {"id": self.institution.as_str()},
            "jobId": Some(self.job.as_str()).filter(|id| !id.is_empty()),
            "planId": self.workflow.as_ref().map(|id| id.as_str()),
            "made": self.made.rfc3339(),
            "changed": self.changed.rfc3339(),
            "due": time(self.due),
            "sent": time(self.sent),
            "tries": self.tries,
            "httpStatus": self.status,
            "correlationId": self.correlation,
            "detail": self.said,
            "before": self.before,
            "after": self.after,
            "actor": self.actor,
            "reason": self.reason,
        })
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            when("MADE", |o| o.made),
            text("ACT", 11, |o, _| o.act.word().into()),
            text("TARGET", 10, |o, _| {
                ConnectionId::from(o.target.as_str())
                    .short()
                    .to_owned()
                    .into()
            }),
            text("STATE", 10, |o, _| o.state.word().into()),
            text("HTTP", 4, |o, _| {
                o.status.map_or_else(String::new, |s| s.to_string()).into()
            }),
            text("BY", 12, |o, _| o.actor.as_str().into()),
            text("DETAIL", 60, |o, _| match o.said.as_str() {
                "" => o.state.about().into(),
                said => said.into(),
            }),
        ]
    }
}
