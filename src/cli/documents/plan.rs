//! Plans: what an act would do, where it stands, and what came of each of its steps.

use super::consent::rows;
use super::{time, warnings};
use crate::cli::list_formats::{Cell, Column, Listed, number, text, when};
use crate::cli::output::Tone;
use crate::domain::act::{
    ActKind, Detail, OneConnection, Outcome, Plan, PlanHead, Sibling, Stage, Standing, Step,
    StepAct, WholeUser,
};
use crate::domain::job::Job;
use crate::domain::moment::Moment;
use serde_json::{Value, json};

/// One on several that is not `kept` cannot be applied, so it has no id and no end.
/// A workflow that was looked up is its steps and how they stand.
pub(crate) fn plan(plan: &Plan, now: Moment, kept: bool) -> Value {
    let workflow = plan.head.kind.is_workflow();
    let mut document = match &plan.detail {
        Detail::None if workflow => return self::workflow(plan),
        Detail::None => several(plan, now, kept),
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
        "rows": rows(&whole.rows),
    })
}

fn several(plan: &Plan, now: Moment, kept: bool) -> Value {
    let tally = plan.tally();
    let mut document = outline(&plan.head, now);
    for field in ["id", "stage", "expires"].into_iter().filter(|_| !kept) {
        document[field] = Value::Null;
    }
    document["items"] = plan.steps.iter().map(Step::doc).collect();
    if plan.head.kind == ActKind::Refresh {
        document["warnings"] = warnings::of_plan(plan);
    }
    let totals = &mut document["totals"];
    for outcome in Outcome::ALL {
        let field = match outcome {
            Outcome::WouldRun => "wouldRun",
            other => other.word(),
        };
        totals[field] = tally.count(outcome).into();
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

fn outline(head: &PlanHead, now: Moment) -> Value {
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

fn words(text: &str) -> Option<&str> {
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
            "note": words(&step.why),
        })
    };
    plan.steps.iter().enumerate().map(one).collect()
}

fn workflow(plan: &Plan) -> Value {
    let head = &plan.head;
    let mut document = json!({
        "type": "sequence",
        "id": head.id.as_str(),
        "kind": head.kind.word(),
        "userId": owner(plan),
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

pub(crate) fn standing_tone(standing: Standing) -> Tone {
    match standing {
        Standing::Open => Tone::Busy,
        Standing::Done => Tone::Good,
        Standing::Stopped => Tone::Bad,
    }
}

fn owner(plan: &Plan) -> Option<&str> {
    plan.head.user.as_ref().map(|id| id.as_str())
}

fn current(plan: &Plan) -> Option<&Step> {
    plan.current().map(|at| &plan.steps[at])
}

impl Listed for Plan {
    type Doc<'a> = Value;
    const FIELDS: &'static [&'static str] = &[
        "id",
        "kind",
        "userId",
        "connectionId",
        "state",
        "created",
        "updated",
        "ended",
        "step",
        "result",
    ];

    fn doc(&self) -> Value {
        workflow(self)
    }

    fn extra(&self, _: Moment) -> Value {
        json!({"step": current(self).map(|step| step.act.word())})
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            text("ID", 8, |s, _| s.head.id.short().into()),
            when("ORDERED", |s| s.head.made),
            text("KIND", 12, |s, _| s.head.kind.word().into()),
            text("USER", 36, |s, _| owner(s).unwrap_or_default().into()),
            text("CONNECTION", 10, |s, _| {
                s.head
                    .connection
                    .as_ref()
                    .map_or("", |id| id.short())
                    .into()
            }),
            text("STATE", 8, |s, _| {
                Cell::toned(standing_tone(s.standing()), s.standing().word())
            }),
            text("STEP", 18, |s, _| {
                current(s).map_or("", |step| step.act.word()).into()
            }),
            text("NOTE", 80, |s, _| {
                current(s).map_or("", |step| &step.why).into()
            }),
        ]
    }
}

#[derive(Clone, Debug)]
pub(crate) struct HeadDoc {
    pub(crate) head: PlanHead,
    pub(crate) now: Moment,
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
            when("MADE", |p| p.head.made),
            text("ACTION", 8, |p, _| p.head.kind.word().into()),
            number("COUNT", |p, _| p.head.runs.into()),
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

fn toned(outcome: Outcome) -> Cell {
    let tone = match outcome {
        Outcome::Refused | Outcome::Failed => Tone::Bad,
        Outcome::Skipped | Outcome::Gone => Tone::Busy,
        Outcome::WouldRun | Outcome::Done | Outcome::Queued | Outcome::Deduplicated => Tone::Good,
    };
    Cell::toned(tone, outcome.word())
}

impl Listed for Step {
    type Doc<'a> = Value;
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
        let (outcome, why) = self.standing();
        let mut document = json!({
            "connectionId": self.target,
            "outcome": outcome.word(),
            "reason": words(why),
            "accounts": self.figures.accounts,
            "transactions": self.figures.transactions,
            "profiles": self.figures.profiles,
            "planned": self.planned.word(),
            "jobId": self.job.as_ref().map(|id| id.as_str()),
        });
        warnings::add(self, &mut document);
        document
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            text("CONNECTION", 36, |s, _| s.target.as_str().into()),
            text("OUTCOME", 13, |s, _| toned(s.standing().0)),
            number("ACCOUNTS", |s, _| s.figures.accounts.into()),
            number("TRANSACTIONS", |s, _| s.figures.transactions.into()),
            text("JOB", 8, |s, _| {
                s.job.as_ref().map_or("", |id| id.short()).into()
            }),
            text("WHY", 100, |s, _| s.standing().1.into()),
        ]
    }
}

#[derive(Clone, Debug)]
pub(crate) struct OutcomeDoc<'a> {
    pub(crate) step: &'a Step,
    pub(crate) job: Option<Job>,
}

impl OutcomeDoc<'_> {
    /// Why it is so; of a job that failed, its code.
    fn reason(&self) -> Option<&str> {
        let (outcome, why) = self.step.standing();
        let job = self.job.as_ref().filter(|_| outcome == Outcome::Failed);
        match job.and_then(Job::failed_step) {
            Some((_, failure)) => words(&failure.code),
            None => words(why),
        }
    }
}

impl Listed for OutcomeDoc<'_> {
    type Doc<'a>
        = Value
    where
        Self: 'a;
    const FIELDS: &'static [&'static str] = &["connectionId", "outcome", "reason", "job.id"];

    fn doc(&self) -> Value {
        let (outcome, _) = self.step.standing();
        let again = outcome == Outcome::Deduplicated;
        json!({
            "connectionId": self.step.target,
            "outcome": outcome.word(),
            "reason": self.reason(),
            "job": self.job.as_ref().map(|job| super::deduplicated(job, again)),
        })
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            text("CONNECTION", 36, |i, _| i.step.target.as_str().into()),
            text("OUTCOME", 13, |i, _| toned(i.step.standing().0)),
            text("JOB", 8, |i, _| {
                i.job.as_ref().map_or("", |j| j.id.short()).into()
            }),
            text("WHY", 100, |i, _| i.reason().unwrap_or("").into()),
        ]
    }
}
