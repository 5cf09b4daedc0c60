//! The coming background refreshes.

use crate::cli::list_formats::{Cell, Column, Listed, text, when};
use crate::cli::output::Tone;
use crate::domain::schedule::Skip;
use crate::domain::time_format;
use crate::ops::{Planned, Schedule};
use serde_json::{Value, json};

pub(crate) fn schedule(schedule: &Schedule, how: &str) -> Value {
    json!({
        "type": "list",
        "enabled": schedule.every.is_some(),
        "every": schedule.every.map(time_format::write),
        "howToEnable": schedule.every.is_none().then_some(how),
        "data": schedule.planned.iter().map(Listed::doc).collect::<Vec<_>>(),
        "count": schedule.planned.len(),
        "size": schedule.size,
    })
}

impl Listed for Planned {
    type Doc<'a> = Value;

    const FIELDS: &'static [&'static str] = &[
        "at",
        "connectionId",
        "institution.id",
        "method",
        "outcome",
        "reason",
    ];

    fn doc(&self) -> Value {
        json!({
            "type": "turn",
            "at": self.at.rfc3339(),
            "connectionId": self.row.id.as_str(),
            "userId": self.row.user.as_str(),
            "institution": {"id": self.row.institution.as_str(), "name": self.row.institution_name},
            "method": self.row.method.word(),
            "lastUsed": self.row.last_used.rfc3339(),
            "outcome": outcome(self),
            "reason": self.skip.map(Skip::word),
            "reasonWords": self.skip.map(Skip::words),
        })
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            when("AT", |p| p.at),
            text("IN", 8, |p, now| match p.at.since(now) {
                wait if wait <= 0 => "due".into(),
                wait => time_format::span(wait).into(),
            }),
            text("CONNECTION", 10, |p, _| p.row.id.short().into()),
            text("BANK", 24, |p, _| p.row.institution_name.as_str().into()),
            text("VIA", 4, |p, _| p.row.method.short().into()),
            text("USER", 24, |p, _| p.row.user_name.as_str().into()),
            text("WOULD", 60, |p, _| match p.skip {
                None => Cell::toned(Tone::Good, "run"),
                Some(skip) => Cell::toned(Tone::Dim, &format!("be skipped: {}", skip.words())),
            }),
        ]
    }
}

fn outcome(planned: &Planned) -> &'static str {
    if planned.skip.is_none() {
        "would-run"
    } else {
        "would-skip"
    }
}
