//! A bank with its connectors.

use super::connector::{connector, healthy, rate};
use crate::cli::list_formats::{Cell, Column, Listed, number, text};
use crate::cli::output::Tone;
use crate::domain::diagnosis::Health;
use crate::domain::health::{Figures, Window};
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

fn ways(shown: &BankShown) -> String {
    shown
        .record
        .connectors
        .iter()
        .map(|c| c.method.short())
        .collect::<Vec<_>>()
        .join(", ")
}

/// The declared health: a sandbox outage, else the first connector that is not operational.
pub(crate) fn declared(shown: &BankShown) -> &str {
    if shown.outage.is_some() {
        return "major-outage";
    }
    let statuses = || shown.record.connectors.iter().map(|c| c.status.as_str());
    statuses()
        .find(|s| *s != "operational")
        .or_else(|| statuses().next())
        .unwrap_or("")
}

fn measured(shown: &BankShown) -> Option<Health> {
    shown
        .ways
        .iter()
        .filter_map(|way| way.measured.state())
        .map(|(health, _)| health)
        .max_by_key(|h| h.weight())
}

fn day(shown: &BankShown) -> Figures {
    shown
        .ways
        .iter()
        .map(|way| *way.measured.figures(Window::Day))
        .fold(Figures::default(), Figures::plus)
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

    fn extra(&self) -> Value {
        let day = day(self);
        json!({
            "methods": ways(self),
            "status": declared(self),
            "measured": measured(self).map(Health::word),
            "successRate24h": day.rate().map(|rate| format!("{}.{:03}", rate / 1_000, rate % 1_000)),
            "sample24h": day.sample(),
        })
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            text("ID", 8, |b, _| b.record.id.as_str().into()),
            text("NAME", 32, |b, _| match b.ways.iter().all(healthy) {
                true => b.record.name.as_str().into(),
                false => Cell::toned(Tone::Strong, &b.record.name),
            }),
            text("VIA", 8, |b, _| ways(b).into()),
            text("DECLARED", 22, |b, _| {
                Cell::toned(tone(declared(b) == "operational"), declared(b))
            }),
            text("MEASURED", 22, |b, _| match measured(b) {
                None => Cell::toned(Tone::Dim, "not enough data"),
                Some(health) => Cell::toned(tone(health == Health::Operational), health.word()),
            }),
            number("OK 24H", |b, _| rate(&day(b)).into()),
            number("OF", |b, _| day(b).sample().into()),
            number("OK 1H", |b, _| b.passed.into()),
            number("FAILED 1H", |b, _| b.failed.into()),
            number("RUNNING", |b, _| b.running.to_string().into()),
        ]
    }
}
