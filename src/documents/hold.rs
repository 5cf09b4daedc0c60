//! A hold of an operator.

use crate::domain::hold::Hold;
use crate::domain::moment::Moment;
use serde_json::{Value, json};

pub(crate) fn hold(hold: &Hold, now: Moment) -> Value {
    let institution = hold
        .bank
        .as_ref()
        .map(|(id, name)| json!({"id": id.as_str(), "name": name}));
    json!({
        "type": "hold",
        "id": hold.id.as_str(),
        "institution": institution,
        "connections": hold.connections,
        "state": hold.stage(now).word(),
        "made": hold.made.rfc3339(),
        "until": hold.until.rfc3339(),
        "ended": (hold.ends <= now).then(|| hold.ends.rfc3339()),
        "actor": hold.actor,
        "releasedBy": hold.released,
        "reason": hold.reason,
    })
}
