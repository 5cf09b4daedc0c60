//! A bank with its connectors.

use super::connector::connector;
use crate::cli::list_formats::{Cell, Column, Listed, number, text};
use crate::cli::output::Tone;
use crate::domain::diagnosis::Health;
use crate::domain::moment::Moment;
use crate::ops::BankShown;
use serde_json::{Value, json};

pub(crate) fn bank(shown: &BankShown) -> Value {
    let record = &shown.record;
    json!({
        "type": "institution",
        "id": record.id.as_str(),
        "name": record.name,
        "shortName": record.short_name,
        "institutionType": record.kind,
        "country": record.country,
        "tier": record.tier,
        "connectors": shown.ways.iter().map(connector).collect::<Vec<_>>(),
        "outageUntil": shown.outage.map(Moment::rfc3339),
        "running": shown.running,
        "lastHour": {"succeeded": shown.passed, "failed": shown.failed},
    })
}

fn tone(well: bool) -> Tone {
    if well { Tone::Good } else { Tone::Bad }
}

impl Listed for BankShown {
    type Doc<'a> = Value;

    const FIELDS: &'static [&'static str] = &[
        "id",
        "name",
        "shortName",
        "institutionType",
        "country",
        "tier",
        "methods",
        "status",
        "lastHour.succeeded as succeeded",
        "lastHour.failed as failed",
        "measured",
        "successRate24h",
        "sample24h",
        "running",
    ];

    fn doc(&self) -> Value {
        bank(self)
    }

    fn extra(&self, _: Moment) -> Value {
        let day = self.day();
        json!({
            "methods": self.methods(),
            "status": self.declared(),
            "measured": self.measured().map(Health::word),
            "successRate24h": day.rate().map(|rate| format!("{}.{:03}", rate / 1_000, rate % 1_000)),
            "sample24h": day.sample(),
        })
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            text("ID", 8, |b, _| b.record.id.as_str().into()),
            text("NAME", 32, |b, _| match b.healthy() {
                true => b.record.name.as_str().into(),
                false => Cell::toned(Tone::Strong, &b.record.name),
            }),
            text("VIA", 8, |b, _| b.methods().into()),
            text("DECLARED", 22, |b, _| {
                Cell::toned(tone(b.declared() == "operational"), b.declared())
            }),
            text("MEASURED", 22, |b, _| match b.measured() {
                None => Cell::toned(Tone::Dim, "not enough data"),
                Some(health) => Cell::toned(tone(health == Health::Operational), health.word()),
            }),
            number("OK 24H", |b, _| b.day().rate_words().into()),
            number("OF", |b, _| b.day().sample().into()),
            number("OK 1H", |b, _| b.passed.into()),
            number("FAILED 1H", |b, _| b.failed.into()),
            number("RUNNING", |b, _| b.running.to_string().into()),
        ]
    }
}
