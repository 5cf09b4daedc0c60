//! A bank and the ways to reach it.

use super::connector::{connector, healthy, rate};
use crate::cli::list::{Cell, Column, Listed, number, text};
use crate::cli::output::Tone;
use crate::domain::diagnosis::Health;
use crate::domain::health::{Figures, Window};
use crate::domain::moment::Moment;
use crate::ops::BankShown;
use serde_json::{Value, json};

/// The document of a bank.
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

/// What is declared, the worst of the ways first said; an outage of the sandbox comes before.
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

/// What was measured, the worst of the ways.
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

impl Listed for BankShown {
    type Doc<'a> = Value;

    const COLUMNS: &'static [Column] = &[
        text("ID", 8),
        text("NAME", 32),
        text("VIA", 8),
        text("DECLARED", 22),
        text("MEASURED", 22),
        number("OK 24H"),
        number("OF"),
        number("OK 1H"),
        number("FAILED 1H"),
        number("RUNNING"),
    ];

    const FIELDS: &'static [&'static str] = &[
        "id",
        "name",
        "shortName",
        "institutionType",
        "country",
        "tier",
        "methods",
        "status",
        "succeeded",
        "failed",
        "measured",
        "successRate24h",
        "sample24h",
        "running",
    ];

    fn doc(&self) -> Value {
        bank(self)
    }

    fn cells(&self, _now: Moment) -> Vec<Cell> {
        let tone = |well: bool| if well { Tone::Good } else { Tone::Bad };
        let seen = measured(self);
        let seen_tone = seen.map_or(Tone::Dim, |health| tone(health == Health::Operational));
        let day = day(self);
        vec![
            Cell::of(self.record.id.as_str()),
            Cell::toned(
                if self.ways.iter().all(healthy) {
                    Tone::Plain
                } else {
                    Tone::Strong
                },
                &self.record.name,
            ),
            Cell::of(&ways(self)),
            Cell::toned(tone(declared(self) == "operational"), declared(self)),
            Cell::toned(seen_tone, seen.map_or("not enough data", Health::word)),
            Cell::of(&rate(&day)),
            Cell::of(&day.sample().to_string()),
            Cell::of(&self.passed.to_string()),
            Cell::of(&self.failed.to_string()),
            Cell::of(&self.running.to_string()),
        ]
    }

    fn record(&self) -> Vec<String> {
        let (r, day) = (&self.record, day(self));
        vec![
            r.id.to_string(),
            r.name.clone(),
            r.short_name.clone(),
            r.kind.clone(),
            r.country.clone(),
            r.tier.clone(),
            ways(self),
            declared(self).into(),
            self.passed.to_string(),
            self.failed.to_string(),
            measured(self).map_or("", Health::word).into(),
            day.rate().map_or_else(String::new, |rate| {
                format!("{}.{:03}", rate / 1_000, rate % 1_000)
            }),
            day.sample().to_string(),
            self.running.to_string(),
        ]
    }
}
