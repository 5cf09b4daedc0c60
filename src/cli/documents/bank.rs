//! A bank and the ways to reach it.

use crate::cli::list::{Cell, Column, Listed, number, text};
use crate::cli::output::Tone;
use crate::domain::moment::Moment;
use crate::ops::BankShown;
use serde_json::{Value, json};

/// The document of a bank.
pub fn bank(shown: &BankShown) -> Value {
    let record = &shown.record;
    let connectors = record.connectors.iter().map(|c| {
        json!({
            "type": "connector",
            "method": c.method.word(),
            "stage": c.stage,
            "status": c.status,
            "authorization": {"type": c.authorization},
        })
    });
    json!({
        "type": "institution",
        "id": record.id.as_str(),
        "name": record.name,
        "shortName": record.short_name,
        "institutionType": record.kind,
        "country": record.country,
        "tier": record.tier,
        "connectors": connectors.collect::<Vec<_>>(),
        "outageUntil": shown.outage.map(Moment::rfc3339),
        "lastHour": {"succeeded": shown.passed, "failed": shown.failed},
    })
}

fn ways(shown: &BankShown) -> String {
    shown.record.connectors.iter().map(|c| c.method.short()).collect::<Vec<_>>().join(", ")
}

/// What is declared, the worst of the ways first said; an outage of the sandbox comes before.
pub fn declared(shown: &BankShown) -> &str {
    if shown.outage.is_some() {
        return "major-outage";
    }
    let statuses = || shown.record.connectors.iter().map(|c| c.status.as_str());
    statuses().find(|s| *s != "operational").or_else(|| statuses().next()).unwrap_or("")
}

impl Listed for BankShown {
    type Doc<'a> = Value;

    const COLUMNS: &'static [Column] = &[
        text("ID", 8),
        text("NAME", 32),
        text("KIND", 18),
        text("VIA", 8),
        text("DECLARED", 22),
        number("OK 1H"),
        number("FAILED 1H"),
    ];

    const FIELDS: &'static [&'static str] =
        &["id", "name", "shortName", "institutionType", "country", "tier", "methods", "status", "succeeded", "failed"];

    fn doc(&self) -> Value {
        bank(self)
    }

    fn cells(&self, _now: Moment) -> Vec<Cell> {
        let tone = if declared(self) == "operational" { Tone::Good } else { Tone::Bad };
        vec![
            Cell::of(self.record.id.as_str()),
            Cell::of(&self.record.name),
            Cell::of(&self.record.kind),
            Cell::of(&ways(self)),
            Cell::toned(tone, declared(self)),
            Cell::of(&self.passed.to_string()),
            Cell::of(&self.failed.to_string()),
        ]
    }

    fn record(&self) -> Vec<String> {
        let r = &self.record;
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
        ]
    }
}
