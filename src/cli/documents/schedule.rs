//! The turns of background refreshing to come.

use crate::cli::list::{Cell, Column, Listed, text};
use crate::cli::output::Tone;
use crate::domain::moment::Moment;
use crate::domain::schedule::Skip;
use crate::domain::time_format;
use crate::ops::{Planned, Schedule};
use serde_json::{Value, json};

/// The document of a schedule.
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

    const COLUMNS: &'static [Column] = &[
        text("AT", 16),
        text("IN", 8),
        text("CONNECTION", 10),
        text("BANK", 24),
        text("VIA", 4),
        text("USER", 24),
        text("WOULD", 60),
    ];

    const FIELDS: &'static [&'static str] = &[
        "at",
        "connectionId",
        "institutionId",
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

    fn cells(&self, now: Moment) -> Vec<Cell> {
        let would = match self.skip {
            None => Cell::toned(Tone::Good, "run"),
            Some(skip) => Cell::toned(Tone::Dim, &format!("be passed over: {}", skip.words())),
        };
        let wait = self.at.since(now);
        vec![
            Cell::of(&time_format::date_time(self.at)),
            Cell::of(&if wait <= 0 {
                "due".into()
            } else {
                time_format::span(wait)
            }),
            Cell::of(self.row.id.short()),
            Cell::of(&self.row.institution_name),
            Cell::of(self.row.method.short()),
            Cell::of(&self.row.user_name),
            would,
        ]
    }

    fn record(&self) -> Vec<String> {
        vec![
            self.at.rfc3339(),
            self.row.id.to_string(),
            self.row.institution.to_string(),
            self.row.method.word().into(),
            outcome(self).into(),
            self.skip.map_or("", Skip::word).into(),
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
