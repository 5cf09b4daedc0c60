//! Plans: what arms them, what is tallied, how long they take, what a change is called, and how workflows move.

mod confirm;
mod workflow;

use super::*;
use crate::domain::connection::{Label, Method, Status};
use crate::domain::job::StepStatus;
use crate::domain::moment::Moment;
use std::time::Duration;

const NOW: Moment = Moment(1_000_000);

const LEASE: Duration = Duration::from_secs(30);

fn several(kind: ActKind, runs: u64) -> Plan {
    let mut plan = Plan::new(
        PlanHead::new("p".into(), kind, "t", Moment(0)),
        vec![],
        Detail::None,
    );
    plan.head.runs = runs;
    plan.head.expires = Some(Moment(900_000));
    plan
}

fn of_one(kind: ActKind) -> Plan {
    let target = Target {
        id: "con-abc".into(),
        user: "u".into(),
        institution: "AU00000".into(),
        institution_name: "Bank of \u{1b}Sedge".into(),
        method: Method::Web,
        status: Status::Active,
        label: Label::Active,
        version: 1,
    };
    let one = OneConnection {
        target,
        stored: Stored::default(),
        siblings: vec![],
        kept: vec![],
        jobs_kept: 0,
        open_job: None,
        outlook: None,
    };
    let step = kind.step().map(|act| Step::new(act, "con-abc"));
    Plan::new(
        PlanHead::new("p".into(), kind, "t", Moment(0)),
        step.into_iter().collect(),
        Detail::One(Box::new(one)),
    )
}

fn of_user(kind: ActKind, steps: Vec<Step>) -> Plan {
    let mut plan = several(kind, 0);
    plan.head.expires = None;
    plan.head.user = Some("user-xyz".into());
    plan.head.connection = (kind == ActKind::Migrate).then(|| "con-abc".into());
    plan.steps = steps;
    plan
}

#[test]
fn banks_work_side_by_side_and_share_what_runs_in_all() {
    for (loads, per_bank, total, ms) in [
        (&[][..], 2, 16, 0),
        (&[(1, 30_000)], 2, 16, 30_000),
        (&[(10, 30_000)], 2, 16, 150_000),
        (&[(11, 30_000)], 2, 16, 180_000),
        (&[(10, 30_000), (4, 10_000)], 2, 16, 150_000),
        (&[(8, 10_000), (8, 10_000), (8, 10_000)], 8, 4, 60_000),
        (&[(u64::MAX, i64::MAX)], 0, 0, i64::MAX),
    ] {
        assert_eq!(duration_ms(loads, per_bank, total), ms, "{loads:?}");
    }
}

fn pins(status: Status, accounts: u64, transactions: u64, profiles: Option<u64>) -> Pins {
    Pins {
        status: Some(status),
        accounts: Some(accounts),
        transactions: Some(transactions),
        profiles,
        last_contact: None,
    }
}

#[test]
fn what_changed_is_named_with_before_and_now() {
    let contact = |ms| Pins {
        status: Some(Status::Active),
        last_contact: Some(Moment(ms)),
        ..Pins::default()
    };
    for (before, now, words) in [
        (
            pins(Status::Active, 3, 40, Some(1)),
            pins(Status::Invalid, 3, 40, Some(1)),
            "status was active, is invalid",
        ),
        (
            pins(Status::Active, 3, 40, Some(1)),
            pins(Status::Active, 0, 0, Some(0)),
            "accounts was 3, is 0; transactions was 40, is 0; profiles was 1, is 0",
        ),
        (
            pins(Status::PreInit, 0, 0, None),
            pins(Status::Init, 0, 0, None),
            "status was pre-init, is init",
        ),
        (
            pins(Status::PreInit, 0, 0, None),
            pins(Status::Active, 2, 9, Some(5)),
            "status was pre-init, is active; accounts was 0, is 2; transactions was 0, is 9",
        ),
        (
            contact(0),
            contact(60_000),
            "last contact was 1970-01-01 00:00 UTC, is 1970-01-01 00:01 UTC",
        ),
        (contact(0), contact(0), ""),
        (Pins::default(), contact(0), ""),
    ] {
        assert_eq!(Difference::words(&before.differences(&now)), words);
    }
}

#[test]
fn words_read_back_and_add_up() {
    for outcome in Outcome::ALL {
        assert_eq!(Outcome::parse(outcome.word()), Some(outcome));
    }
    for kind in ActKind::ALL {
        assert_eq!(ActKind::parse(kind.word()), Some(kind));
    }
    for act in StepAct::ALL {
        assert_eq!(StepAct::parse(act.word()), Some(act));
    }
    let step = |planned, outcome| Step {
        planned,
        outcome,
        figures: Figures {
            accounts: 2,
            transactions: 9,
            profiles: 1,
        },
        ..Step::new(StepAct::Purge, "c")
    };
    let steps = [
        step(Outcome::WouldRun, Some(Outcome::Done)),
        step(Outcome::WouldRun, Some(Outcome::Skipped)),
        step(Outcome::Refused, None),
    ];
    let tally = Tally::of(&steps);
    assert_eq!(
        (
            tally.total(),
            tally.figures.accounts,
            tally.words().as_str()
        ),
        (3, 4, "1 done, 1 skipped, 1 refused")
    );
}
