//! One connector of a bank: its declared and its measured health, and advice.

use super::time;
use crate::documents::incident;
use crate::domain::diagnosis::{Health, Whose, advice};
use crate::domain::failure_codes::{Blame, rule};
use crate::domain::health::{Figures, LEAST, STEPS, Span, Times, Window};
use crate::domain::job::Title;
use crate::ops::Way;
use serde_json::{Map, Value, json};

/// How many of the most frequent codes are listed.
const CODES: usize = 5;

pub(crate) fn connector(way: &Way) -> Value {
    let state = way.measured.state();
    let figures = state.map(|(_, window)| way.measured.figures(window));
    json!({
        "type": "connector",
        "method": way.record.method.word(),
        "stage": way.record.stage,
        "status": way.record.status,
        "authorization": {"type": way.record.authorization},
        "outageUntil": time(way.outage),
        "measured": {
            "status": state.map(|(health, _)| health.word()),
            "window": state.map(|(_, window)| window.word()),
            "sample": figures.map_or_else(|| way.measured.figures(Window::Day).sample(), Figures::sample),
            "least": LEAST,
        },
        "incident": way.incident.as_ref().map(incident),
        "windows": Window::ALL.map(|window| figures_of(window, way.measured.figures(window))),
        "capped": way.measured.cut,
        "stats": {
            "averageDurationMs": way.times.as_ref().map(averages),
            "durations": way.times.as_ref().map(durations),
            "computed": time(way.timed),
        },
        "topCodes": way.measured.codes.iter().take(CODES).map(|(code, n)| cause(way, code, *n)).collect::<Vec<_>>(),
        "advice": way.health().map(Health::advice),
    })
}

fn figures_of(window: Window, figures: &Figures) -> Value {
    json!({
        "window": window.word(),
        "sample": figures.sample(),
        "succeeded": figures.passed,
        "successRate": figures.rate().map(|rate| rate as f64 / 1_000.0),
        "failed": {"user": figures.user, "bank": figures.bank, "us": figures.us},
    })
}

/// The averages as the API names them. No step here retrieves what it calls meta.
fn averages(times: &Times) -> Value {
    let mean = |title: &Title| times.step(title).map_or(0, |span| span.mean_ms);
    json!({
        "verifyCredentials": mean(&Title::VerifyCredentials),
        "retrieveAccounts": mean(&Title::RetrieveAccounts),
        "retrieveTransactions": mean(&Title::RetrieveTransactions),
        "retrieveMeta": 0,
        "total": times.total.mean_ms,
    })
}

fn durations(times: &Times) -> Value {
    let span = |s: &Span| json!({"sample": s.sample, "p50Ms": s.p50_ms, "p95Ms": s.p95_ms});
    let mut all = Map::new();
    for title in &STEPS {
        if let Some(of) = times.step(title) {
            all.insert(title.word().into(), span(of));
        }
    }
    all.insert("total".into(), span(&times.total));
    Value::Object(all)
}

fn cause(way: &Way, code: &str, count: u64) -> Value {
    let words = advice(code);
    json!({
        "code": code,
        "count": count,
        "whose": whose(code).word(),
        "headline": words.headline,
        "whatToDo": words.to_do(way.record.method),
    })
}

pub(crate) fn whose(code: &str) -> Whose {
    match rule(code).blame {
        Blame::User => Whose::User,
        Blame::Bank => Whose::Bank,
        Blame::Us => Whose::Us,
    }
}
