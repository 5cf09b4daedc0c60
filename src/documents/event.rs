//! Events and lines of the audit.

use crate::ops::{AuditLine, Event};
use serde_json::{Value, json};

pub(crate) fn event(event: &Event) -> Value {
    json!({
        "type": "event",
        "id": event.id.as_str(),
        "seq": event.seq,
        "createdDate": event.at.rfc3339(),
        "entity": event.entity,
        "eventType": event.event_type,
        "userId": event.user.as_ref().map(|id| id.as_str()),
        "connectionId": event.connection.as_ref().map(|id| id.as_str()),
        "institutionId": event.institution.as_ref().map(|id| id.as_str()),
        "jobId": event.job.as_ref().map(|id| id.as_str()),
        "count": event.count,
        "actor": event.actor,
    })
}

pub(crate) fn audit_line(line: &AuditLine) -> Value {
    json!({
        "type": "audit",
        "seq": line.seq,
        "at": line.at.rfc3339(),
        "actor": line.actor,
        "face": line.face,
        "action": line.action,
        "target": line.target,
        "outcome": line.outcome,
        "reason": line.reason,
        "mac": hex(&line.mac),
        "before": line.change.was,
        "after": line.change.became,
    })
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
