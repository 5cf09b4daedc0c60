//! Cancelling plans and workflows.

use super::*;

async fn several(rig: &Rig, kind: ActKind, ids: &[ConnectionId]) -> Plan {
    let ids = Selection::Ids(ids.to_vec());
    let plan = rig.ops.plan(kind, ids, true).await.unwrap();
    assert!(rig.ops.keep(&plan).await.unwrap());
    plan
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_that_was_not_begun_is_over_when_cancelled() {
    let (rig, id) = rig().await;
    let other = rig.connect(HOOLI, "jared", "django").await.connection;
    let plan = several(&rig, ActKind::Purge, &[id.clone(), other]).await;
    let (after, said) = rig.ops.cancel_plan(&plan.head.id, "").await.unwrap();
    assert_eq!(said, "2 steps skipped");
    assert_eq!(after.head.stage(rig.clock.now()), Stage::Finished);
    let typed = Confirmation::new(Some(&plan.words()), Some("why"));
    rig.ops.apply(&plan, &typed, |_| ()).await.unwrap();
    assert!(rig.row(&id).await.transactions > 0, "nothing was purged");
    let (code, detail) = refusal(rig.ops.cancel_plan(&plan.head.id, "").await);
    assert!(
        code == "not-cancellable" && detail.ends_with("is over."),
        "{detail}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_of_refreshes_takes_its_queued_jobs_along() {
    let (rig, id) = rig().await;
    let other = rig.connect(HOOLI, "jared", "django").await.connection;
    let third = rig
        .connect(HOOLI, "richard", "tabsnotspaces")
        .await
        .connection;
    rig.clock.advance(HOUR);
    // this one is somebody else's, and stays
    let own = rig.ops.refresh(&third, true).await.unwrap().job;
    let plan = several(&rig, ActKind::Refresh, &[id.clone(), other, third]).await;
    let typed = Confirmation::new(Some(&plan.words()), None);
    rig.ops.apply(&plan, &typed, |_| ()).await.unwrap();
    let (after, said) = rig.ops.cancel_plan(&plan.head.id, "a slip").await.unwrap();
    assert_eq!(said, "2 jobs cancelled");
    let outcome = |at: usize| after.steps[at].outcome;
    assert_eq!(
        (outcome(0), outcome(1)),
        (Some(Outcome::Skipped), Some(Outcome::Skipped))
    );
    rig.work().await;
    assert_eq!(again(&rig, &own).await.state, State::Succeeded);
    let of_id = rig.ops.jobs_of(&id, 1).await.unwrap().remove(0);
    assert_eq!((of_id.kind, of_id.state), (Kind::Refresh, State::Cancelled));
    assert_eq!(
        outcomes(&rig, plan.head.id.as_str()).await,
        ["2 jobs cancelled"]
    );
}

async fn migration(rig: &Rig, id: &ConnectionId) -> PlanId {
    let one = Selection::One(id.clone());
    let plan = rig.ops.plan(ActKind::Migrate, one, false).await.unwrap();
    rig.ops.begin_workflow(&plan, "moves").await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_workflow_stops_before_its_next_step() {
    let (rig, id) = rig().await;
    let flow = migration(&rig, &id).await;
    let (plan, how) = rig.ops.cancel_workflow(&flow, "").await.unwrap();
    assert_eq!((how, plan.standing()), (Cancelled::Now, Standing::Stopped));
    assert_eq!(plan.head.result, "cancelled by tester");
    assert_eq!(plan.steps[0].outcome, Some(Outcome::Skipped));
    assert!(rig.row(&id).await.transactions > 0);
    // nothing is in the way any more
    rig.ops.refresh(&id, true).await.unwrap();
    rig.work().await;
    assert_eq!(
        refusal(rig.ops.cancel_workflow(&flow, "").await).0,
        "not-cancellable"
    );

    let flow = migration(&rig, &id).await;
    let turn = rig.ops.runner(&flow).step().await.unwrap();
    assert!(matches!(turn, Turn::On(_)), "{turn:?}");
    rig.clock.advance(Duration::from_secs(61));
    let (plan, _) = rig.ops.cancel_workflow(&flow, "").await.unwrap();
    let what: Vec<_> = plan.steps.iter().map(|s| (s.act, s.outcome)).collect();
    assert_eq!(what[0], (StepAct::Purge, Some(Outcome::Done)));
    assert_eq!(what[1], (StepAct::Revoke, Some(Outcome::Skipped)));
    assert_eq!(
        rig.row(&id).await.label,
        Label::Active,
        "purged, and not revoked"
    );
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_workflow_whose_purge_has_begun_ends_that_first() {
    let (rig, id) = rig().await;
    let flow = migration(&rig, &id).await;
    let begun = rig.ops.begin_purge(&id, "").await.unwrap();
    let alone = refusal(rig.ops.cancel_job(&begun, "").await);
    assert_eq!(alone.0, "sequence-open", "it is a step of the sequence");
    let (plan, how) = rig.ops.cancel_workflow(&flow, "").await.unwrap();
    assert_eq!(how, Cancelled::Now);
    assert_eq!(plan.steps[0].outcome, Some(Outcome::Done));
    assert_eq!(plan.steps[1].outcome, Some(Outcome::Skipped));
    assert_eq!(rig.ops.job(&begun).await.unwrap().state, State::Succeeded);
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erasure_at_its_proof_is_not_cancelled() {
    let (rig, _) = rig().await;
    let user = Selection::User("user-ada".into());
    let plan = rig.ops.plan(ActKind::Erase, user, false).await.unwrap();
    let flow = rig.ops.begin_workflow(&plan, "asked for").await.unwrap();
    let mut runner = rig.ops.runner(&flow);
    loop {
        let turn = runner.step().await.unwrap();
        let plan = turn.plan();
        let at = plan.steps[plan.current().unwrap()].act;
        if !matches!(at, StepAct::Purge | StepAct::Revoke) {
            break;
        }
    }
    // the runner of this test is dropped; its lease runs out
    rig.clock.advance(Duration::from_secs(61));
    let (code, detail) = refusal(rig.ops.cancel_workflow(&flow, "").await);
    assert!(
        code == "not-cancellable" && detail.contains("cannot be taken back"),
        "{detail}"
    );
    assert_eq!(
        rig.ops.resume(&flow, |_| ()).await.unwrap().standing(),
        Standing::Done
    );
}
