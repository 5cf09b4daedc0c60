//! What a plan holds before it is carried out.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn count_plan_stores_nothing() {
    let rig = world(60).await;
    let counted = rig
        .ops
        .plan(ActKind::Revoke, found(""), false)
        .await
        .unwrap();
    let revoked = rows(&rig.ops)
        .await
        .values()
        .filter(|row| row.label == Label::Deleted)
        .count() as u64;
    assert!(
        revoked > 0,
        "the world has revoked ones, and a filter does not mean them"
    );
    assert_eq!(counted.head.size, 60 - revoked);
    assert!(rig.ops.plans(None, 10).await.unwrap().rows.is_empty());
    assert!(matches!(
        rig.ops.stored_plan(&counted.head.id).await,
        Err(Error::NotFound { .. })
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refresh_of_a_user_selects_refreshable_connections() {
    let rig = Rig::new().await;
    let ops = &rig.ops;
    let active = rig
        .connect("AU00000", "Wentworth-Smith", "whislter")
        .await
        .connection;
    let failed = rig
        .connect("AU00000", "bighead", "password")
        .await
        .connection;
    let revoked = rig.connect("AU00000", "gilfoyle", "satan").await.connection;
    ops.revoke(&revoked, "").await.unwrap();
    rig.clock.advance(Duration::from_secs(3600));
    let open = ops.refresh(&active, false).await.unwrap().job.id;
    let plan = make(ops, ActKind::Refresh, Selection::User("user-ada".into()))
        .await
        .unwrap();
    let ids: Vec<_> = plan
        .steps
        .iter()
        .map(|i| (i.connection(), i.planned))
        .collect();
    assert_eq!(
        ids,
        [
            (active.clone(), Outcome::Deduplicated),
            (failed.clone(), Outcome::WouldRun)
        ]
    );
    apply(ops, &plan).await;
    rig.work().await;
    let done = ops.stored_plan(&plan.head.id).await.unwrap();
    assert_eq!(
        done.steps[1].outcome,
        Some(Outcome::Failed),
        "its job failed since, and the plan says so"
    );
    assert_eq!(ops.job(&open).await.unwrap().label().name(), "Success");
    let nobody = make(ops, ActKind::Refresh, Selection::User("user-grace".into()))
        .await
        .unwrap();
    assert_eq!(nobody.head.size, 0);
    assert!(matches!(
        make(ops, ActKind::Refresh, Selection::User("user-none".into())).await,
        Err(Error::NotFound { kind: "user", .. })
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_purge_covers_connections_at_the_same_bank() {
    let rig = Rig::new().await;
    let first = rig
        .connect("AU00000", "Wentworth-Smith", "whislter")
        .await
        .connection;
    let second = rig
        .connect("AU00000", "richard", "tabsnotspaces")
        .await
        .connection;
    assert_eq!(rig.row(&second).await.label, Label::Active);
    let ids = vec![first.clone(), second.clone()];
    let plan = make(&rig.ops, ActKind::Purge, Selection::Ids(ids.clone()))
        .await
        .unwrap();
    assert_eq!(
        (plan.head.words().as_str(), plan.steps[1].planned),
        ("purge 1", Outcome::Deduplicated)
    );
    assert!(plan.steps[1].reason.contains(first.as_str()));
    apply(&rig.ops, &plan).await;
    let done = rig.ops.stored_plan(&plan.head.id).await.unwrap();
    assert_eq!(done.steps[0].outcome, Some(Outcome::Done));
    assert_eq!(
        (done.steps[1].outcome, &done.steps[1].job),
        (Some(Outcome::Deduplicated), &done.steps[0].job)
    );
    for id in &ids {
        assert_eq!(rig.row(id).await.accounts, 0);
    }
    // when the first one has changed, the second is not purged either
    rig.clock.advance(Duration::from_secs(3600));
    let plan = make(&rig.ops, ActKind::Purge, Selection::Ids(ids))
        .await
        .unwrap();
    rig.ops.revoke(&first, "").await.unwrap();
    apply(&rig.ops, &plan).await;
    let done = rig.ops.stored_plan(&plan.head.id).await.unwrap();
    let outcomes: Vec<_> = done.steps.iter().map(|item| item.outcome).collect();
    assert_eq!(outcomes, [Some(Outcome::Skipped), Some(Outcome::Skipped)]);
}
