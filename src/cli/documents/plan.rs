//! What an action would do, and what came of it for each of several.

use crate::cli::list::{Cell, Column, Listed, text};
use crate::cli::output::Tone;
use crate::domain::job::Job;
use crate::domain::moment::Moment;
use crate::domain::plan::{PurgePlan, RevokePlan, Sibling, Stored};
use serde_json::{Value, json};
use std::time::Duration;

/// How long a plan that is only printed may be taken for true.
const LIFE: Duration = Duration::from_secs(15 * 60);

fn items(id: &str, stored: &Stored) -> Value {
    json!([{
        "connectionId": id,
        "outcome": "would-run",
        "reason": null,
        "accounts": stored.accounts.len(),
        "transactions": stored.transactions,
        "profiles": stored.profiles,
    }])
}

fn totals(stored: &Stored) -> Value {
    json!({
        "items": 1,
        "accounts": stored.accounts.len(),
        "transactions": stored.transactions,
        "profiles": stored.profiles,
    })
}

fn siblings(siblings: &[Sibling]) -> Vec<Value> {
    let one = |s: &Sibling| {
        json!({
            "connectionId": s.id.as_str(),
            "institutionName": s.institution_name,
            "method": s.method.word(),
            "label": s.label.name(),
        })
    };
    siblings.iter().map(one).collect()
}

/// The document of a plan to purge.
pub fn purge_plan(plan: &PurgePlan) -> Value {
    json!({
        "type": "plan",
        "id": plan.id.as_str(),
        "action": "purge",
        "made": plan.counted.rfc3339(),
        "expires": plan.counted.plus(LIFE).rfc3339(),
        "items": items(plan.target.id.as_str(), &plan.stored),
        "totals": totals(&plan.stored),
        "siblings": siblings(&plan.siblings),
        "kept": {"connections": siblings(&plan.kept), "jobs": plan.jobs_kept},
        "confirm": plan.words(),
    })
}

/// The document of a plan to revoke.
pub fn revoke_plan(plan: &RevokePlan) -> Value {
    json!({
        "type": "plan",
        "id": plan.id.as_str(),
        "action": "revoke",
        "made": plan.counted.rfc3339(),
        "expires": plan.counted.plus(LIFE).rfc3339(),
        "items": items(plan.target.id.as_str(), &plan.stored),
        "totals": totals(&plan.stored),
        "openJob": plan.open_job.as_ref().map(|id| id.as_str()),
        "confirm": plan.words(),
    })
}

/// The document of a plan over several, made of what would become of each.
pub fn refresh_plan(id: &str, action: &str, made: Moment, items: &[ItemDoc]) -> Value {
    let runs = items.iter().filter(|i| i.outcome == "would-run").count();
    json!({
        "type": "plan",
        "id": id,
        "action": action,
        "made": made.rfc3339(),
        "expires": made.plus(LIFE).rfc3339(),
        "items": items.iter().map(Listed::doc).collect::<Vec<_>>(),
        "totals": {"items": items.len(), "wouldRun": runs},
        "confirm": format!("{action} {runs}"),
    })
}

/// What came of an action for one of several.
#[derive(Clone, Debug)]
pub struct ItemDoc {
    /// Which connection.
    pub connection: String,
    /// `done`, `queued`, `deduplicated`, `skipped`, `refused`, `failed`, `would-run`.
    pub outcome: &'static str,
    /// Why it was not done.
    pub reason: Option<String>,
    /// The job that was made or found.
    pub job: Option<Job>,
}

/// What came of it.
pub fn item(connection: &str, outcome: &'static str, reason: Option<String>, job: Option<Job>) -> ItemDoc {
    ItemDoc { connection: connection.into(), outcome, reason, job }
}

impl Listed for ItemDoc {
    type Doc<'a> = Value;
    const COLUMNS: &'static [Column] = &[text("CONNECTION", 36), text("OUTCOME", 13), text("JOB", 8), text("WHY", 100)];
    const FIELDS: &'static [&'static str] = &["connectionId", "outcome", "reason", "jobId"];

    fn doc(&self) -> Value {
        let job = self.job.as_ref().map(|job| {
            serde_json::to_value(super::deduplicated(job, self.outcome == "deduplicated")).unwrap_or_default()
        });
        json!({"connectionId": self.connection, "outcome": self.outcome, "reason": self.reason, "job": job})
    }

    fn cells(&self, _now: Moment) -> Vec<Cell> {
        let tone = match self.outcome {
            "refused" | "failed" => Tone::Bad,
            "skipped" => Tone::Busy,
            _ => Tone::Good,
        };
        vec![
            Cell::of(&self.connection),
            Cell::toned(tone, self.outcome),
            Cell::of(self.job.as_ref().map_or("", |j| j.id.short())),
            Cell::of(self.reason.as_deref().unwrap_or("")),
        ]
    }

    fn record(&self) -> Vec<String> {
        vec![
            self.connection.clone(),
            self.outcome.into(),
            self.reason.clone().unwrap_or_default(),
            self.job.as_ref().map_or_else(String::new, |j| j.id.to_string()),
        ]
    }
}
