//! A plan in parts, as other programs read it.

use super::*;
use crate::domain::act::Tally;

/// All steps of a plan, read in parts; each part says the same of the whole.
async fn in_parts(ops: &Ops, whole: &Plan, limit: usize) -> usize {
    let (mut steps, mut after, mut parts) = (vec![], None, 0);
    loop {
        let part = ops.plan_part(&whole.head.id, after, limit).await.unwrap();
        assert_eq!(part.tally, Tally::of(&whole.steps));
        assert_eq!(
            (&part.plan.head, &part.plan.banks),
            (&whole.head, &whole.banks)
        );
        assert!(part.plan.steps.len() <= limit);
        after = part.plan.steps.last().map(|step| step.place);
        steps.extend(part.plan.steps);
        parts += 1;
        if !part.more {
            break;
        }
    }
    assert_eq!(steps, whole.steps);
    parts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parts_of_a_plan_make_the_whole_before_and_after_it_is_carried_out() {
    let rig = world(60).await;
    let mut outcomes = BTreeSet::new();
    for (kind, filter) in [
        (ActKind::Refresh, ""),
        (ActKind::Purge, "status:active"),
        (ActKind::Revoke, ""),
    ] {
        let plan = make(&rig.ops, kind, found(filter)).await.unwrap();
        let size = plan.steps.len();
        assert!(size > 10, "{size}");
        let kept = rig.ops.stored_plan(&plan.head.id).await.unwrap();
        for (limit, parts) in [(1, size), (7, size.div_ceil(7)), (size, 1), (500, 1)] {
            assert_eq!(in_parts(&rig.ops, &kept, limit).await, parts, "{limit}");
        }
        apply(&rig.ops, &plan).await;
        rig.work().await;
        let done = rig.ops.stored_plan(&plan.head.id).await.unwrap();
        outcomes.extend(done.steps.iter().map(|s| s.standing().0.word()));
        in_parts(&rig.ops, &done, 7).await;
    }
    assert!(outcomes.len() > 2, "{outcomes:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_workflow_is_no_plan_that_could_be_read_applied_or_cancelled_as_one() {
    let rig = Rig::new().await;
    let bank = rig.connect("AU00000", "Wentworth-Smith", "whislter").await;
    let one = Selection::One(bank.connection);
    let plan = rig.ops.plan(ActKind::Migrate, one, false).await.unwrap();
    let typed = Confirmation::new(Some(&plan.words()), Some("moves"));
    rig.ops.apply(&plan, &typed, |_| ()).await.unwrap();
    let id = rig
        .ops
        .workflows(None, 1)
        .await
        .unwrap()
        .rows
        .remove(0)
        .head
        .id;
    let missing = |error: Error| matches!(error, Error::NotFound { kind: "plan", .. });
    assert!(missing(rig.ops.plan_part(&id, None, 5).await.unwrap_err()));
    assert!(missing(
        rig.ops.apply_kept(&id, &typed, |_| ()).await.unwrap_err()
    ));
    assert!(missing(rig.ops.cancel_plan(&id, "").await.unwrap_err()));
}
