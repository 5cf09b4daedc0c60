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
    const FIELDS: &'static [&'static str] = &[
        "id",
        "action",
        "stage",
        "made",
        "expires",
        "applied",
        "finished",
        "actor",
        "totals.items as items",
        "totals.planned as planned",
        "reason",
    ];

    fn doc(&self) -> Value {
        outline(&self.head, self.now)
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            text("ID", 8, |p, _| p.head.id.short().into()),
            text("MADE", 16, |p, _| {
                time_format::date_time(p.head.made).into()
            }),
            text("ACTION", 8, |p, _| p.head.act.word().into()),
            number("COUNT", |p, _| p.head.runs.to_string().into()),
            text("STAGE", 8, |p, now| {
                let stage = p.head.stage(now);
                let tone = match stage {
                    Stage::Open => Tone::Plain,
                    Stage::Begun => Tone::Bad,
                    Stage::Finished => Tone::Good,
                    Stage::Lapsed => Tone::Dim,
                };
                Cell::toned(tone, stage.word())
            }),
            text("BY", 20, |p, _| p.head.actor.as_str().into()),
            text("REASON", 60, |p, _| p.head.reason.as_str().into()),
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

    fn columns() -> Vec<Column<Self>> {
        vec![
            text("CONNECTION", 36, |p, _| p.0.connection.as_str().into()),
            text("OUTCOME", 13, |p, _| {
                let (outcome, _) = p.0.standing();
                Cell::toned(tone(outcome), outcome.word())
            }),
            number("ACCOUNTS", |p, _| p.0.accounts.to_string().into()),
            number("TRANSACTIONS", |p, _| p.0.transactions.to_string().into()),
            text("JOB", 8, |p, _| {
                p.0.job.as_ref().map_or("", |id| id.short()).into()
            }),
            text("WHY", 100, |p, _| p.0.standing().1.into()),
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
    const FIELDS: &'static [&'static str] = &["connectionId", "outcome", "reason", "job.id"];

    fn doc(&self) -> Value {
        let job = self.job.as_ref().map(|job| {
            serde_json::to_value(super::deduplicated(job, self.outcome == "deduplicated"))
                .unwrap_or_default()
        });
        json!({"connectionId": self.connection, "outcome": self.outcome, "reason": self.reason, "job": job})
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            text("CONNECTION", 36, |i, _| i.connection.as_str().into()),
            text("OUTCOME", 13, |i, _| {
                let tone = Outcome::parse(i.outcome).map_or(Tone::Plain, tone);
                Cell::toned(tone, i.outcome)
            }),
            text("JOB", 8, |i, _| {
                i.job.as_ref().map_or("", |j| j.id.short()).into()
            }),
            text("WHY", 100, |i, _| i.reason.as_deref().unwrap_or("").into()),
        ]
    }
}
