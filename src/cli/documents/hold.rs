//! A hold of an operator.

use crate::cli::list_formats::{Column, Listed, text, when};
use crate::domain::hold::Hold;
use crate::domain::moment::Moment;
use crate::domain::time_format;
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

impl Listed for Hold {
    type Doc<'a> = Value;

    const FIELDS: &'static [&'static str] = &[
        "id",
        "institution.id",
        "institution.name",
        "connections",
        "until",
        "made",
        "actor",
        "reason",
    ];

    /// Lists hold those in force.
    fn doc(&self) -> Value {
        hold(self, self.made)
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            text("HOLD", 8, |h, _| h.id.short().into()),
            text("OF", 28, |h, _| h.whom().into()),
            when("UNTIL", |h| h.until),
            text("LEFT", 12, |h, now| time_format::until(h.until, now).into()),
            text("BY", 16, |h, _| h.actor.as_str().into()),
            text("REASON", 60, |h, _| h.reason.as_str().into()),
        ]
    }
}
