//! Lists of plans, of their steps, and of what came of them.

use crate::cli::list_formats::{Cell, Column, Listed, number, text, when};
use crate::cli::output::Tone;
use crate::documents::{self, words_or_null};
use crate::domain::act::{Outcome, Plan, PlanHead, Stage, Standing, Step};
use crate::domain::job::Job;
use crate::domain::moment::Moment;
use serde_json::{Value, json};

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
        documents::workflow(self)
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
        documents::plan_head(&self.head, self.now)
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
        documents::plan_step(self)
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
            Some((_, failure)) => words_or_null(&failure.code),
            None => words_or_null(why),
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
