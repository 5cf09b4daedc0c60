//! The shapes of these documents, by the names they have in the OpenAPI document.

use super::plan::outcome_field;
use crate::domain::act::{Outcome, Stage};
use crate::domain::connection::{Label, Method, Origin, Status};
use crate::domain::diagnosis::Whose;
use crate::domain::job::{Kind, Label as JobLabel, State, StepStatus};
use crate::domain::policy::Act;
use crate::wire::write::schema::{
    Field, anything, has, is, list, many, may, object, of, one_of, or_null, text, time,
    time_or_empty, truth, whole,
};
use crate::wire::write::shapes::shapes;

/// A plan without its steps; `totals` are the fields of its totals.
fn plan_head(totals: Vec<Field>) -> Vec<Field> {
    vec![
        has("type", is("plan")),
        has("id", or_null(text())),
        has("action", one_of(["refresh", "purge", "revoke"])),
        has("stage", or_null(one_of(Stage::ALL.map(Stage::word)))),
        has("made", time()),
        has("expires", or_null(time())),
        has("applied", or_null(time())),
        has("finished", or_null(time())),
        has("actor", text()),
        has("reason", text()),
        has("forceRecent", truth()),
        has("force", truth()),
        has("totals", object(totals)),
        has("confirm", text()),
    ]
}

fn plan() -> Vec<Field> {
    let counted = [
        "items",
        "planned",
        "takesMs",
        "accounts",
        "transactions",
        "profiles",
    ];
    let totals = counted.into_iter().chain(Outcome::ALL.map(outcome_field));
    let mut all = plan_head(totals.map(|name| has(name, whole())).collect());
    let outcome = || one_of(Outcome::ALL.map(Outcome::word));
    all.extend([
        has(
            "items",
            many(object([
                has("connectionId", text()),
                has("outcome", outcome()),
                has("reason", or_null(text())),
                has("accounts", whole()),
                has("transactions", whole()),
                has("profiles", whole()),
                has("planned", outcome()),
                has("jobId", or_null(text())),
                may("warnings", many(text())),
            ])),
        ),
        has(
            "banks",
            many(object([
                has("id", text()),
                has("name", text()),
                has("count", whole()),
            ])),
        ),
        may(
            "warnings",
            many(object([has("words", text()), has("count", whole())])),
        ),
        may("links", object([has("self", text()), may("next", text())])),
    ]);
    all
}

shapes! {
    /// One event of the stream of changes; `data` is an event's document.
    Change = object([has("id", text()), has("event", text()), has("data", text())]);
    Bank = object([has("id", text()), has("name", text())]);
    OwnConnection = object([
        has("type", is("connection")),
        has("id", text()),
        has("userId", text()),
        has("userName", text()),
        has("institution", of::<Bank>()),
        has("method", one_of(Method::ALL.map(Method::word))),
        has("status", one_of(Status::ALL.map(Status::word))),
        has("label", one_of(Label::ALL.map(Label::name))),
        has("attention", truth()),
        has("since", time()),
        has("createdDate", time()),
        has("lastUsed", time()),
        has("expiryDate", time_or_empty()),
        has("accounts", whole()),
        has("transactions", whole()),
        has("lastJob", or_null(object([
            has("id", text()),
            has("kind", one_of(Kind::ALL.map(Kind::word))),
            has("label", one_of(JobLabel::ALL.map(JobLabel::name))),
            has("code", or_null(text())),
            has("step", text()),
        ]))),
        has("signInFailures", whole()),
        has("guarded", truth()),
        has("origin", one_of(Origin::ALL.map(Origin::word))),
        may("takenBy", text()),
        may("snoozedUntil", time()),
        may("askedOn", time()),
    ]);
    OwnConnectionList = list::<OwnConnection>(&["count"], vec![has("self", text()), may("next", text())]);
    OwnJob = object([
        has("type", is("job")),
        has("id", text()),
        has("connectionId", text()),
        has("userId", text()),
        has("institution", of::<Bank>()),
        has("kind", one_of(Kind::ALL.map(Kind::word))),
        has("label", one_of(JobLabel::ALL.map(JobLabel::name))),
        has("state", one_of(State::ALL.map(State::word))),
        has("created", time()),
        has("updated", time()),
        has("ended", or_null(time())),
        has("attempt", whole()),
        has("nextAttempt", or_null(time())),
        has("lastError", anything()),
        has("steps", many(object([
            has("title", text()),
            has("status", one_of(StepStatus::ALL.map(StepStatus::word))),
            has("started", or_null(time())),
            has("ended", or_null(time())),
            has("result", anything()),
        ]))),
        has("deduplicated", truth()),
    ]);
    Hold = object([
        has("type", is("hold")),
        has("id", text()),
        has("institution", or_null(of::<Bank>())),
        has("connections", whole()),
        has("state", text()),
        has("made", time()),
        has("until", time()),
        has("ended", or_null(time())),
        has("actor", text()),
        has("releasedBy", or_null(text())),
        has("reason", text()),
    ]);
    HoldList = list::<Hold>(&["count"], vec![has("self", text()), may("next", text())]);
    HoldGiven = object([
        may("institutionId", or_null(text())),
        may("connectionIds", or_null(many(text()))),
        has("until", time()),
        may("reason", or_null(text())),
    ]);
    ReasonGiven = object([may("reason", or_null(text()))]);
    Cause = object([
        has("type", is("cause")),
        has("institution", of::<Bank>()),
        has("method", one_of(Method::ALL.map(Method::word))),
        has("step", or_null(text())),
        has("code", or_null(text())),
        has("count", whole()),
        has("retrying", whole()),
        has("firstSeen", time()),
        has("lastSeen", time()),
        has("trend", text()),
        has("lastHour", whole()),
        has("lastDay", whole()),
        has("dayBefore", whole()),
        has("whose", one_of(Whose::ALL.map(Whose::word))),
        has("headline", text()),
        has("whatToDo", many(text())),
        has("outage", or_null(text())),
        has("holdId", or_null(text())),
        has("filter", text()),
    ]);
    CauseList = list::<Cause>(&["count", "size"], vec![has("self", text())]);
    Incident = object([
        has("type", is("incident")),
        has("id", text()),
        has("institution", of::<Bank>()),
        has("method", one_of(Method::ALL.map(Method::word))),
        has("step", or_null(text())),
        has("code", or_null(text())),
        has("state", one_of(["open", "over"])),
        has("started", time()),
        has("opened", time()),
        has("lastFailed", time()),
        has("ended", or_null(time())),
        has("failed", whole()),
        has("succeeded", whole()),
        has("connections", whole()),
        has("least", whole()),
        has("filter", text()),
        may("hit", many(object([has("connectionId", text()), has("firstFailed", time())]))),
    ]);
    IncidentList = list::<Incident>(&["count"], vec![has("self", text()), may("next", text())]);
    AuditLine = object([
        has("type", is("audit")),
        has("seq", whole()),
        has("at", time()),
        has("actor", text()),
        has("face", text()),
        has("action", text()),
        has("target", text()),
        has("outcome", text()),
        has("reason", text()),
        has("mac", text()),
        has("before", text()),
        has("after", text()),
    ]);
    AuditList = list::<AuditLine>(&["count"], vec![has("self", text()), may("next", text())]);
    TimelineEntry = object([
        has("type", is("timeline")),
        has("at", time()),
        has("what", text()),
        has("actor", text()),
        has("text", text()),
        has("id", text()),
    ]);
    Timeline = list::<TimelineEntry>(&["count", "size"], vec![has("self", text())]);
    Why = object([
        has("type", is("why")),
        has("id", text()),
        has("connectionId", text()),
        has("status", one_of(Status::ALL.map(Status::word))),
        has("label", one_of(Label::ALL.map(Label::name))),
        has("since", time()),
        has("headline", text()),
        has("sinceWords", text()),
        has("whose", one_of(Whose::ALL.map(Whose::word))),
        has("evidence", many(text())),
        has("whatToDo", many(text())),
        has("tellCustomer", text()),
        has("willNotHelp", many(text())),
        has("allowed", many(one_of(Act::ALL.map(Act::word)))),
        has("refused", many(object([
            has("action", one_of(Act::ALL.map(Act::word))),
            has("reason", text()),
        ]))),
    ]);
    OwnPlanHead = object(plan_head([
        has("items", whole()),
        has("planned", whole()),
        has("takesMs", whole()),
    ].into()));
    OwnPlanList = list::<OwnPlanHead>(&["count", "size"], vec![has("self", text()), may("next", text())]);
    OwnPlan = object(plan());
    PlanGiven = object([
        has("action", one_of(["refresh", "purge", "revoke"])),
        may("connectionIds", or_null(many(text()))),
        may("filter", or_null(text())),
        may("userId", or_null(text())),
        may("forceRecent", or_null(truth())),
        may("force", or_null(truth())),
    ]);
    PlanConfirmed = object([may("confirm", or_null(text())), may("reason", or_null(text()))]);
    NoteGiven = object([has("text", text())]);
    Note = object([
        has("type", is("note")),
        has("id", text()),
        has("connectionId", text()),
        has("createdDate", time()),
        has("actor", text()),
        has("text", text()),
    ]);
    TakenGiven = object([may("fromOthers", or_null(truth()))]);
    SnoozeGiven = object([has("until", time()), may("reason", or_null(text()))]);
    Handling = object([
        has("type", is("handling")),
        has("connectionId", text()),
        has("takenBy", or_null(text())),
        has("takenAt", or_null(time())),
        has("snoozedUntil", or_null(time())),
        has("askedOn", or_null(time())),
        has("attention", truth()),
    ]);
}
