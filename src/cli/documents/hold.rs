//! Holds in lists.

use crate::cli::list_formats::{Column, Listed, text, when};
use crate::documents::hold;
use crate::domain::hold::Hold;
use crate::domain::time_format;
use serde_json::Value;

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
