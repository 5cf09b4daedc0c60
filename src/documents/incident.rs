//! An incident of a bank.

use super::time;
use crate::domain::incident::{Incident, IncidentShown, RULE};
use crate::domain::job::Title;
use serde_json::{Value, json};

pub(crate) fn incident(it: &Incident) -> Value {
    json!({
        "type": "incident",
        "id": it.number.to_string(),
        "institution": {"id": it.institution.as_str(), "name": it.institution_name},
        "method": it.method.word(),
        "step": it.step.as_ref().map(Title::word),
        "code": it.code,
        "state": it.state(),
        "started": it.started.rfc3339(),
        "opened": it.opened.rfc3339(),
        "lastFailed": it.last.rfc3339(),
        "ended": time(it.ended),
        "failed": it.failed,
        "succeeded": it.passed,
        "connections": it.connections,
        "least": RULE.least,
        "filter": it.filter(),
    })
}

/// With the connections that it hit.
pub(crate) fn incident_shown(it: &IncidentShown) -> Value {
    let mut document = incident(&it.incident);
    let hit = it
        .hit
        .iter()
        .map(|(id, at)| json!({"connectionId": id.as_str(), "firstFailed": at.rfc3339()}));
    document["hit"] = hit.collect();
    document
}
