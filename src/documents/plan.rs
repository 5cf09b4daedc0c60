//! Plans: what an act would do, where it stands, and what came of each of its steps.

use super::time;
use crate::domain::act::{
    ActKind, Detail, OneConnection, Outcome, Plan, PlanHead, Sibling, Step, StepAct, Tally,
    WholeUser,
};
use crate::domain::certificate::Rows;
use crate::domain::moment::Moment;
use serde_json::{Map, Value, json};

/// One on several that is not `kept` cannot be applied, so it has no id and no end.
/// A workflow that was looked up is its steps and how they stand.
pub(crate) fn plan(plan: &Plan, now: Moment, kept: bool) -> Value {
    let workflow = plan.head.kind.is_workflow();
    let mut document = match &plan.detail {
        Detail::None if workflow => return self::workflow(plan),
        Detail::None => return part(plan, &plan.tally(), now, kept),
        Detail::One(one) => of_one(plan, one),
        Detail::User(whole) => of_user(whole),
    };
    document["type"] = "plan".into();
    document["action"] = plan.head.kind.word().into();
    document["confirm"] = plan.words().into();
    if workflow {
        document["steps"] = steps(plan);
    }
    document
}

fn of_one(plan: &Plan, one: &OneConnection) -> Value {
    let figures = json!({
        "accounts": one.stored.accounts.len(),
        "transactions": one.stored.transactions,
        "profiles": one.stored.profiles,
    });
    let mut item = figures.clone();
    item["connectionId"] = one.target.id.as_str().into();
    item["outcome"] = Outcome::WouldRun.word().into();
    if plan.head.kind == ActKind::Migrate {
        return json!({"items": [item]});
    }
    let mut totals = figures;
    totals["items"] = 1.into();
    item["reason"] = Value::Null;
    // it is not kept, so there is nothing to apply: no id, no end
    let mut document = json!({
        "id": null,
        "made": plan.head.made.rfc3339(),
        "expires": null,
        "items": [item],
        "totals": totals,
    });
    if plan.head.kind == ActKind::Purge {
        let kept: Vec<Value> = one.kept.iter().map(sibling).collect();
        document["siblings"] = one.siblings.iter().map(sibling).collect();
        document["kept"] = json!({"connections": kept, "jobs": one.jobs_kept});
    } else {
        document["openJob"] = one.open_job.as_ref().map(|id| id.as_str()).into();
    }
    document
}

fn sibling(sibling: &Sibling) -> Value {
    json!({
        "connectionId": sibling.id.as_str(),
        "institutionName": sibling.institution_name,
        "method": sibling.method.word(),
        "label": sibling.label.name(),
    })
}

fn of_user(whole: &WholeUser) -> Value {
    let items = whole.connections.iter().map(|c| {
        json!({
            "connectionId": c.target.id.as_str(),
            "institutionId": c.target.institution.as_str(),
            "label": c.target.label.name(),
            "outcome": c.way.word(),
            "reason": c.way.words(),
            "accounts": c.accounts,
            "transactions": c.transactions,
        })
    });
    json!({
        "userId": whole.user.as_str(),
        "consentId": whole.consent.as_ref().map(|c| c.id.as_str()),
        "items": items.collect::<Vec<_>>(),
        "rows": rows_by_table(&whole.rows),
    })
}

/// A plan on several with some of its steps; `tally` is that of all.
pub(crate) fn part(plan: &Plan, tally: &Tally, now: Moment, kept: bool) -> Value {
    let mut document = plan_head(&plan.head, now);
    for field in ["id", "stage", "expires"].into_iter().filter(|_| !kept) {
        document[field] = Value::Null;
    }
    document["items"] = plan.steps.iter().map(plan_step).collect();
    if plan.head.kind == ActKind::Refresh {
        document["warnings"] = warnings(plan);
    }
    let totals = &mut document["totals"];
    for outcome in Outcome::ALL {
        totals[outcome_field(outcome)] = tally.count(outcome).into();
    }
    totals["accounts"] = tally.figures.accounts.into();
    totals["transactions"] = tally.figures.transactions.into();
    totals["profiles"] = tally.figures.profiles.into();
    let banks = plan.banks.iter();
    document["banks"] = banks
        .map(|b| json!({"id": b.institution.as_str(), "name": b.name, "count": b.count}))
        .collect();
    document
}

/// The field of the totals that counts an outcome.
pub(super) fn outcome_field(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::WouldRun => "wouldRun",
        other => other.word(),
    }
}

/// A plan on several without its steps.
pub(crate) fn plan_head(head: &PlanHead, now: Moment) -> Value {
    json!({
        "type": "plan",
        "id": head.id.as_str(),
        "action": head.kind.word(),
        "stage": head.stage(now).word(),
        "made": head.made.rfc3339(),
        "expires": time(head.expires),
        "applied": time(head.applied),
        "finished": time(head.finished),
        "actor": head.actor,
        "reason": head.reason,
        "forceRecent": head.force.recent,
        "force": head.force.sign_in,
        "totals": {"items": head.size, "planned": head.runs, "takesMs": head.takes_ms},
        "confirm": head.words(),
    })
}

/// Each warning with how many steps it concerns.
fn warnings(plan: &Plan) -> Value {
    let all = plan.warnings();
    all.iter()
        .map(|(words, count)| json!({"words": words, "count": count}))
        .collect()
}

pub(crate) fn plan_step(step: &Step) -> Value {
    let (outcome, why) = step.standing();
    let mut document = json!({
        "connectionId": step.target,
        "outcome": outcome.word(),
        "reason": words_or_null(why),
        "accounts": step.figures.accounts,
        "transactions": step.figures.transactions,
        "profiles": step.figures.profiles,
        "planned": step.planned.word(),
        "jobId": step.job.as_ref().map(|id| id.as_str()),
    });
    if !step.against.is_empty() {
        document["warnings"] = step.against.clone().into();
    }
    document
}

pub(crate) fn words_or_null(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

fn steps(plan: &Plan) -> Value {
    let one = |(at, step): (usize, &Step)| {
        json!({
            "act": step.act.word(),
            "target": step.target,
            "status": plan.step_status(at).word(),
            "ended": time(step.ended),
            "jobId": step.job.as_ref().map(|id| id.as_str()),
            "note": words_or_null(&step.why),
        })
    };
    plan.steps.iter().enumerate().map(one).collect()
}

pub(crate) fn workflow(plan: &Plan) -> Value {
    let head = &plan.head;
    let mut document = json!({
        "type": "sequence",
        "id": head.id.as_str(),
        "kind": head.kind.word(),
        "userId": plan.head.user.as_ref().map(|id| id.as_str()),
        "connectionId": head.connection.as_ref().map(|id| id.as_str()),
        "institutionId": head.institution.as_ref().map(|id| id.as_str()),
        "state": plan.standing().word(),
        "created": head.made.rfc3339(),
        "updated": head.updated.rfc3339(),
        "ended": time(head.finished),
        "steps": steps(plan),
        "result": head.result,
        "actor": head.actor,
        "reason": head.reason,
    });
    if head.kind == ActKind::Migrate {
        let made = plan.steps.iter().find(|s| s.act == StepAct::Connect);
        document["newConnectionId"] = made.map(|s| s.target.as_str()).into();
    }
    document
}

/// How many rows of each table.
pub(crate) fn rows_by_table(rows: &Rows) -> Value {
    rows.iter()
        .map(|(table, count)| (table.clone(), (*count).into()))
        .collect::<Map<String, Value>>()
        .into()
}
