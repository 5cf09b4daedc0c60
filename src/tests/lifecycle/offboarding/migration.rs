//! Moving a connection to open banking.

use super::*;

async fn plan_migrate(rig: &Rig, id: &ConnectionId) -> Result<Plan> {
    let one = Selection::One(id.clone());
    rig.ops.plan(ActKind::Migrate, one, false).await
}

async fn begin_migrate(rig: &Rig, id: &ConnectionId) -> PlanId {
    let plan = plan_migrate(rig, id).await.unwrap();
    rig.ops.begin_workflow(&plan, "moves").await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migration_never_has_two_active_connections() {
    let rig = Rig::new().await;
    let old = rig
        .connect("AU00000", "Wentworth-Smith", "whislter")
        .await
        .connection;
    let plan = plan_migrate(&rig, &old).await.unwrap();
    assert_eq!(plan.words(), format!("move {}", old.tail()));
    assert!(plan.detail.one().unwrap().stored.transactions > 0);
    let id = rig.ops.begin_workflow(&plan, "moves").await.unwrap();

    // while it runs nothing else may fetch data
    for refused in [
        rig.ops.refresh(&old, true).await.map(|_| ()),
        rig.ops
            .connect(link("AU00000", "Whistler", "ShowBox"))
            .await
            .map(|_| ()),
        rig.ops
            .begin_workflow(&plan_erase(&rig, &"user-ada".into()).await, "r")
            .await
            .map(|_| ()),
    ] {
        assert!(
            matches!(&refused, Err(Error::Refused(r)) if r.code == "sequence-open"),
            "{refused:?}"
        );
    }
    assert_eq!(
        rig.ops.begin_workflow(&plan, "again").await.unwrap(),
        id,
        "the same order is the same sequence"
    );

    let it = run(&rig, &id, 99).await;
    assert_eq!(it.standing(), Standing::Done, "{it:#?}");
    let new: ConnectionId = it.steps[2].target.as_str().into();
    assert_eq!(rig.row(&old).await.label, Label::Deleted);
    let row = rig.row(&new).await;
    assert_eq!(
        (row.method, row.label),
        (Method::OpenBanking, Label::PreInit)
    );
    rig.ops
        .authorise(&new, BankAnswer::Authorise)
        .await
        .unwrap();
    rig.work().await;
    assert_eq!(rig.row(&new).await.label, Label::Active);
    let proof = rig
        .ops
        .certificate(it.steps[0].job.as_ref().unwrap().as_str())
        .await
        .unwrap();
    assert!(
        proof
            .0
            .before
            .iter()
            .any(|(table, count)| table == "accounts" && *count > 0)
    );
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migration_interrupted_after_any_step_continues() {
    for steps_each in 1..=3 {
        let mut rig = Rig::new().await;
        let old = rig
            .connect("AU00000", "Wentworth-Smith", "whislter")
            .await
            .connection;
        let id = begin_migrate(&rig, &old).await;
        for _ in 0..steps_each {
            let went = rig.ops.runner(&id).step().await.unwrap();
            assert!(!matches!(went, Turn::Waits(..)), "{went:#?}");
            let here = rig
                .ops
                .user(&"user-ada".into(), Default::default())
                .await
                .unwrap()
                .connections;
            assert!(
                here.iter().filter(|c| c.status != Status::Deleted).count() <= 1,
                "never two"
            );
            // its process has died; its lease runs out
            rig.clock.advance(Duration::from_secs(31));
        }
        reopen(&mut rig);
        let it = run(&rig, &id, 1).await;
        assert_eq!(it.standing(), Standing::Done, "{it:#?}");
        let of = |what| events_of(&it, what);
        assert_eq!(
            (
                of(StepAct::Purge),
                of(StepAct::Revoke),
                of(StepAct::Connect)
            ),
            (1, 1, 1)
        );
        let user = "user-ada".into();
        let all = rig
            .ops
            .user(&user, Default::default())
            .await
            .unwrap()
            .connections;
        assert_eq!(all.len(), 2, "made once");
        assert_eq!(count(&rig, "connection", "deleted").await, 1);
        rig.healthy().await;
    }
}

fn events_of(it: &Plan, act: StepAct) -> usize {
    it.steps.iter().filter(|s| s.act == act).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migration_refusals_say_what_to_do_instead() {
    let rig = Rig::new().await;
    let refused = async |id: &ConnectionId| match plan_migrate(&rig, id).await {
        Err(Error::Refused(refusal)) => (refusal.code, refusal.detail, refusal.advice),
        other => panic!("{other:?}"),
    };
    let failed = rig
        .connect("AU00000", "bighead", "password")
        .await
        .connection;
    let (code, detail, advice) = refused(&failed).await;
    assert_eq!(
        (code, detail.as_str()),
        ("parameter-not-valid", "Connection is not active.")
    );
    assert!(advice.contains("Refresh it"), "{advice}");
    rig.ops.revoke(&failed, "").await.unwrap();
    assert_eq!(refused(&failed).await.0, "resource-not-found");

    let web_only = rig.connect("AU00002", "jared", "django").await;
    rig.ops
        .answer(&web_only.id, vec!["1234".into()])
        .await
        .unwrap();
    rig.work().await;
    let offered = rig
        .ops
        .institution(&"AU00002".into())
        .await
        .unwrap()
        .record
        .connectors;
    if offered.iter().all(|c| c.method == Method::Web) {
        assert_eq!(
            refused(&web_only.connection).await.0,
            "institution-not-supported"
        );
    }
    let one = rig
        .connect("AU00000", "Whistler", "ShowBox")
        .await
        .connection;
    let two = rig
        .connect("AU00000", "richard", "tabsnotspaces")
        .await
        .connection;
    assert_eq!(refused(&one).await.0, "resource-already-exists");
    rig.ops.revoke(&two, "").await.unwrap();
    // data left by the other connection goes with the purge
    let it = run(&rig, &begin_migrate(&rig, &one).await, 99).await;
    assert_eq!(it.standing(), Standing::Done, "{it:#?}");
    assert_eq!(rig.row(&two).await.accounts, 0);
    let open: ConnectionId = it.steps[2].target.as_str().into();
    assert_eq!(refused(&open).await.1, "Connection type is not Web");
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_workflow_that_is_not_in_the_file_is_a_sequence_not_found() {
    let rig = Rig::new().await;
    let none = PlanId::from("none");
    for found in [
        rig.ops.stored_workflow(&none).await.map(drop),
        rig.ops.resolve_workflow("none").await.map(drop),
        rig.ops.resume(&none, |_| ()).await.map(drop),
        rig.ops.go_on(&none).await.map(drop),
    ] {
        let kind = "sequence";
        assert!(
            matches!(&found, Err(Error::NotFound { kind: of, .. }) if *of == kind),
            "{found:?}"
        );
    }
}
