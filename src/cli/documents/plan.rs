//! What an action would do, and what came of it for each of several.

use crate::cli::list::{Cell, Column, Listed, number, text};
use crate::cli::output::Tone;
use crate::domain::bulk::{BulkPlan, Head, Item, Outcome, Stage};
use crate::domain::job::Job;
use crate::domain::moment::Moment;
use crate::domain::plan::{PurgePlan, RevokePlan, Sibling, Stored};
use crate::domain::time_format;
use serde_json::{Value, json};

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

/// The document of a plan to purge. It is not kept, so there is nothing to apply: no id, no end.
pub(crate) fn purge_plan(plan: &PurgePlan) -> Value {
    json!({
        "type": "plan",
        "id": null,
        "action": "purge",
        "made": plan.counted.rfc3339(),
        "expires": null,
        "items": items(plan.target.id.as_str(), &plan.stored),
        "totals": totals(&plan.stored),
        "siblings": siblings(&plan.siblings),
        "kept": {"connections": siblings(&plan.kept), "jobs": plan.jobs_kept},
        "confirm": plan.words(),
    })
}

/// The document of a plan to revoke, likewise.
pub(crate) fn revoke_plan(plan: &RevokePlan) -> Value {
    json!({
        "type": "plan",
        "id": null,
        "action": "revoke",
        "made": plan.counted.rfc3339(),
        "expires": null,
        "items": items(plan.target.id.as_str(), &plan.stored),
        "totals": totals(&plan.stored),
        "openJob": plan.open_job.as_ref().map(|id| id.as_str()),
        "confirm": plan.words(),
    })
}

/// The document of a plan over several. One that is not `kept` cannot be applied, so it has no id and no end.
pub(crate) fn bulk_plan(plan: &BulkPlan, now: Moment, kept: bool) -> Value {
    let tally = plan.tally();
    let mut document = outline(&plan.head, now);
    for field in ["id", "stage", "expires"].into_iter().filter(|_| !kept) {
        document[field] = Value::Null;
    }
    document["items"] = plan.items.iter().map(|item| planned(item).doc()).collect();
    let totals = &mut document["totals"];
    let (accounts, transactions) = (tally.accounts, tally.transactions);
    for outcome in Outcome::ALL {
        totals[camel(outcome)] = tally.count(outcome).into();
    }
    totals["accounts"] = accounts.into();
    totals["transactions"] = transactions.into();
    totals["profiles"] = tally.profiles.into();
    document["banks"] = plan
        .banks
        .iter()
        .map(|b| json!({"id": b.institution.as_str(), "name": b.name, "count": b.count}))
        .collect();
    document
}

/// An outcome as the name of a field.
fn camel(outcome: Outcome) -> &'static str {
    if outcome == Outcome::WouldRun {
        "wouldRun"
    } else {
        outcome.word()
    }
}

fn outline(head: &Head, now: Moment) -> Value {
    json!({
        "type": "plan",
        "id": head.id.as_str(),
        "action": head.act.word(),
        "stage": head.stage(now).word(),
        "made": head.made.rfc3339(),
        "expires": head.expires.rfc3339(),
        "applied": head.applied.map(Moment::rfc3339),
        "finished": head.finished.map(Moment::rfc3339),
        "actor": head.actor,
        "reason": head.reason,
        "forceRecent": head.forced,
        "force": head.forced_sign_in,
        "totals": {"items": head.items, "planned": head.runs, "takesMs": head.takes_ms},
        "confirm": head.words(),
    })
}

/// A plan in the list of plans.
#[derive(Clone, Debug)]
pub(crate) struct HeadDoc {
    head: Head,
    now: Moment,
}

/// A plan in the list of plans.
pub(crate) fn head(head: Head, now: Moment) -> HeadDoc {
    HeadDoc { head, now }
}

impl Listed for HeadDoc {
    type Doc<'a> = Value;
    const COLUMNS: &'static [Column] = &[
        text("ID", 8),
        text("MADE", 16),
        text("ACTION", 8),
        number("COUNT"),
        text("STAGE", 8),
        text("BY", 20),
        text("REASON", 60),
    ];
    const FIELDS: &'static [&'static str] = &[
        "id", "action", "stage", "made", "expires", "applied", "finished", "actor", "items",
        "planned", "reason",
    ];

    fn doc(&self) -> Value {
        outline(&self.head, self.now)
    }

    fn cells(&self, now: Moment) -> Vec<Cell> {
        let head = &self.head;
        let stage = head.stage(now);
        let tone = match stage {
            Stage::Open => Tone::Plain,
            Stage::Begun => Tone::Bad,
            Stage::Finished => Tone::Good,
            Stage::Lapsed => Tone::Dim,
        };
        vec![
            Cell::of(head.id.short()),
            Cell::of(&time_format::date_time(head.made)),
            Cell::of(head.act.word()),
            Cell::of(&head.runs.to_string()),
            Cell::toned(tone, stage.word()),
            Cell::of(&head.actor),
            Cell::of(&head.reason),
        ]
    }

    fn record(&self) -> Vec<String> {
        let head = &self.head;
        let text = |at: Option<Moment>| at.map(Moment::rfc3339).unwrap_or_default();
        vec![
            head.id.to_string(),
            head.act.word().into(),
            head.stage(self.now).word().into(),
            head.made.rfc3339(),
            head.expires.rfc3339(),
            text(head.applied),
            text(head.finished),
            head.actor.clone(),
            head.items.to_string(),
            head.runs.to_string(),
            head.reason.clone(),
        ]
    }
}

/// One connection of a plan.
#[derive(Clone, Debug)]
pub(crate) struct PlannedDoc<'a>(&'a Item);

/// One connection of a plan.
pub(crate) fn planned(item: &Item) -> PlannedDoc<'_> {
    PlannedDoc(item)
}

impl Listed for PlannedDoc<'_> {
    type Doc<'a>
        = Value
    where
        Self: 'a;
    const COLUMNS: &'static [Column] = &[
        text("CONNECTION", 36),
        text("OUTCOME", 13),
        number("ACCOUNTS"),
        number("TRANSACTIONS"),
        text("JOB", 8),
        text("WHY", 100),
    ];
    const FIELDS: &'static [&'static str] = &[
        "connectionId",
        "outcome",
        "reason",
        "accounts",
        "transactions",
        "profiles",
        "planned",
        "jobId",
    ];

    fn doc(&self) -> Value {
        let (outcome, reason) = self.0.standing();
        json!({
            "connectionId": self.0.connection.as_str(),
            "outcome": outcome.word(),
            "reason": Some(reason).filter(|reason| !reason.is_empty()),
            "accounts": self.0.accounts,
            "transactions": self.0.transactions,
            "profiles": self.0.profiles,
            "planned": self.0.planned.word(),
            "jobId": self.0.job.as_ref().map(|id| id.as_str()),
        })
    }

    fn cells(&self, _now: Moment) -> Vec<Cell> {
        let (outcome, reason) = self.0.standing();
        vec![
            Cell::of(self.0.connection.as_str()),
            Cell::toned(tone(outcome), outcome.word()),
            Cell::of(&self.0.accounts.to_string()),
            Cell::of(&self.0.transactions.to_string()),
            Cell::of(self.0.job.as_ref().map_or("", |id| id.short())),
            Cell::of(reason),
        ]
    }

    fn record(&self) -> Vec<String> {
        let (outcome, reason) = self.0.standing();
        vec![
            self.0.connection.to_string(),
            outcome.word().into(),
            reason.into(),
            self.0.accounts.to_string(),
            self.0.transactions.to_string(),
            self.0.profiles.to_string(),
            self.0.planned.word().into(),
            self.0
                .job
                .as_ref()
                .map_or_else(String::new, ToString::to_string),
        ]
    }
}

fn tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Refused | Outcome::Failed => Tone::Bad,
        Outcome::Skipped | Outcome::Gone => Tone::Busy,
        Outcome::WouldRun | Outcome::Done | Outcome::Queued | Outcome::Deduplicated => Tone::Good,
    }
}

/// What came of an action for one of several.
#[derive(Clone, Debug)]
pub(crate) struct ItemDoc {
    /// Which connection.
    pub(crate) connection: String,
    /// The word of its outcome.
    pub(crate) outcome: &'static str,
    /// Why it was not done.
    pub(crate) reason: Option<String>,
    /// The job that was made or found.
    pub(crate) job: Option<Job>,
}

/// What came of it.
pub(crate) fn item(
    connection: &str,
    outcome: &'static str,
    reason: Option<String>,
    job: Option<Job>,
) -> ItemDoc {
    ItemDoc {
        connection: connection.into(),
        outcome,
        reason,
        job,
    }
}

impl Listed for ItemDoc {
    type Doc<'a> = Value;
    const COLUMNS: &'static [Column] = &[
        text("CONNECTION", 36),
        text("OUTCOME", 13),
        text("JOB", 8),
        text("WHY", 100),
    ];
    const FIELDS: &'static [&'static str] = &["connectionId", "outcome", "reason", "jobId"];

    fn doc(&self) -> Value {
        let job = self.job.as_ref().map(|job| {
            serde_json::to_value(super::deduplicated(job, self.outcome == "deduplicated"))
                .unwrap_or_default()
        });
        json!({"connectionId": self.connection, "outcome": self.outcome, "reason": self.reason, "job": job})
    }

    fn cells(&self, _now: Moment) -> Vec<Cell> {
        let tone = Outcome::parse(self.outcome).map_or(Tone::Plain, tone);
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
            self.job
                .as_ref()
                .map_or_else(String::new, |j| j.id.to_string()),
        ]
    }
}
