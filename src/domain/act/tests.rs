//! Plans: what arms them, what is tallied, how long they take, what a change is called, and how workflows move.

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
fn who_may_carry_a_plan_out() {
    use Objection::{Finished, Lapsed, Reason, Words};
    let fresh = Moment(899_999);
    let mut finished = several(ActKind::Purge, 3);
    finished.head.finished = Some(Moment(5));
    for (plan, words, reason, now, verdict) in [
        (
            several(ActKind::Purge, 3),
            Some("purge 3"),
            Some("asked for"),
            fresh,
            Ok(()),
        ),
        (
            several(ActKind::Purge, 3),
            Some("  Purge  3 "),
            Some("asked for"),
            fresh,
            Ok(()),
        ),
        (
            several(ActKind::Purge, 3),
            Some("purge 3"),
            None,
            fresh,
            Err(Reason),
        ),
        (
            several(ActKind::Purge, 3),
            Some("purge 3"),
            Some("  "),
            fresh,
            Err(Reason),
        ),
        (
            several(ActKind::Purge, 3),
            Some("purge 33"),
            Some("asked for"),
            fresh,
            Err(Words),
        ),
        (
            several(ActKind::Purge, 3),
            Some("revoke 3"),
            Some("asked for"),
            fresh,
            Err(Words),
        ),
        (
            several(ActKind::Purge, 3),
            None,
            Some("asked for"),
            fresh,
            Err(Words),
        ),
        (
            several(ActKind::Revoke, 1),
            Some("revoke 1"),
            None,
            fresh,
            Ok(()),
        ),
        (
            several(ActKind::Refresh, 40),
            Some("refresh 40"),
            None,
            fresh,
            Ok(()),
        ),
        (
            several(ActKind::Refresh, 40),
            Some("refresh 40"),
            None,
            Moment(900_000),
            Err(Lapsed),
        ),
        (
            several(ActKind::Refresh, 40),
            Some("wrong"),
            None,
            Moment(900_000),
            Err(Lapsed),
        ),
        (finished.clone(), None, None, Moment(900_000), Err(Finished)),
        (
            finished,
            Some("purge 3"),
            Some("asked for"),
            fresh,
            Err(Finished),
        ),
    ] {
        let typed = Confirmation::new(words, reason);
        assert_eq!(
            plan.may_apply(&typed, now),
            verdict,
            "{words:?} {reason:?} {now}"
        );
    }
}

#[test]
fn words_with_an_id_are_exact_and_other_words_may_be_in_any_case() {
    let end = Step::new(StepAct::EndConsent, "consent-end");
    for (plan, words, also, not) in [
        (
            of_one(ActKind::Purge),
            "purge abc",
            "  purge abc ",
            "PURGE ABC",
        ),
        (
            of_one(ActKind::Revoke),
            "Bank of \u{1b}Sedge",
            " bank OF \u{1b}sedge ",
            "Bank of  \u{1b}Sedge",
        ),
        (several(ActKind::Purge, 3), "purge 3", " Purge  3", "purge3"),
        (
            several(ActKind::Revoke, 3),
            "revoke 3",
            " Revoke  3",
            "revoke 4",
        ),
        (
            several(ActKind::Refresh, 3),
            "refresh 3",
            " REFRESH  3",
            "refresh",
        ),
        (
            of_user(ActKind::Migrate, vec![]),
            "migrate abc",
            " migrate abc ",
            "Migrate abc",
        ),
        (
            of_user(ActKind::Erase, vec![]),
            "erase xyz",
            " erase xyz ",
            "Erase xyz",
        ),
        (
            of_user(ActKind::DeleteUser, vec![]),
            "delete xyz",
            " delete xyz",
            "DELETE xyz",
        ),
        (
            of_user(ActKind::EndConsent, vec![end]),
            "end end",
            "end end ",
            "end END",
        ),
    ] {
        let kind = plan.head.kind.word();
        for typed in [words, also] {
            let typed = Confirmation::new(Some(typed), Some("asked for"));
            assert_eq!(
                plan.may_apply(&typed, NOW.plus_ms(-900_000)),
                Ok(()),
                "{kind} {typed:?}"
            );
        }
        for typed in ["", "  ", "yes", not, &words[1..], &format!("{words} 1")] {
            assert!(!plan.armed_by(typed), "{kind} {typed}");
        }
    }
    let shown = crate::domain::text::Shown::of("Bank of \u{1b}Sedge").into_plain();
    assert!(of_one(ActKind::Revoke).armed_by(&shown), "as it is shown");
}

#[test]
fn a_reason_is_wanted_for_several_and_for_the_end_of_a_user() {
    for (plan, wanted) in [
        (of_one(ActKind::Purge), false),
        (of_one(ActKind::Revoke), false),
        (several(ActKind::Purge, 1), false),
        (several(ActKind::Purge, 2), true),
        (several(ActKind::Revoke, 2), true),
        (several(ActKind::Refresh, 2), false),
        (of_user(ActKind::Migrate, vec![]), false),
        (of_user(ActKind::Erase, vec![]), true),
        (of_user(ActKind::EndConsent, vec![]), true),
        (of_user(ActKind::DeleteUser, vec![]), true),
    ] {
        assert_eq!(plan.needs_reason(), wanted, "{:?}", plan.head.kind);
    }
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
            "last contact was 1970-01-01 00:00, is 1970-01-01 00:01",
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

fn migrate() -> Plan {
    let steps = [
        (StepAct::Purge, "c"),
        (StepAct::Revoke, "c"),
        (StepAct::Connect, "n"),
    ];
    let mut head = PlanHead::new("s".into(), ActKind::Migrate, "t", NOW);
    head.user = Some("u".into());
    head.institution = Some("AU00000".into());
    let steps = steps.map(|(act, target)| Step::new(act, target));
    Plan::new(head, steps.into(), Detail::None)
}

#[test]
fn steps_go_in_order_and_the_last_one_ends_the_workflow() {
    let mut it = migrate();
    for at in 0..3 {
        assert_eq!((it.current(), it.standing()), (Some(at), Standing::Open));
        assert!(at > 0 || it.step_status(at) == StepStatus::Pending);
        it.take("w", NOW, LEASE);
        assert_eq!(it.step_status(at), StepStatus::InProgress);
        it.succeed(String::new(), None, NOW);
        assert_eq!(it.step_status(at), StepStatus::Success);
    }
    assert_eq!(
        (
            it.standing(),
            it.head.finished,
            it.head.epoch,
            it.head.owner
        ),
        (Standing::Done, Some(NOW), 3, None)
    );
}

#[test]
fn a_workflow_in_hand_is_left_alone_until_its_lease_ends_or_lies() {
    let mut it = migrate();
    it.take("w1", NOW, LEASE);
    for (who, ms, held) in [
        ("w2", 0, true),
        ("w2", 29_999, true),
        ("w2", 30_000, false),
        ("w1", 0, false),
        ("w2", -86_400_000, false),
    ] {
        let by = it.head.held(who, NOW.plus_ms(ms), LEASE);
        assert_eq!(by.is_some(), held, "{who} {ms}");
    }
}

#[test]
fn a_workflow_waits_goes_back_and_stops() {
    let mut it = migrate();
    it.take("w", NOW, LEASE);
    it.succeed("3 accounts".into(), Some("j".into()), NOW);
    assert_eq!(it.steps[0].job, Some("j".into()));
    it.take("w", NOW, LEASE);
    it.back_to(StepAct::Purge, "data came", NOW);
    assert_eq!(
        (it.current(), it.steps[0].why.as_str()),
        (Some(0), "data came")
    );
    it.wait("a reader", NOW.plus_ms(5), NOW);
    assert_eq!(
        (it.head.held("w2", NOW, LEASE), it.standing()),
        (None, Standing::Open)
    );
    it.stop("no", NOW);
    assert_eq!(it.step_status(0), StepStatus::Failed);
    assert_eq!(
        (
            it.standing(),
            it.head.finished.is_some(),
            it.head.result.as_str()
        ),
        (Standing::Stopped, true, "no")
    );
}
