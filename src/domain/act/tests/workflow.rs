//! Leases and the order of steps.

use super::*;

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
