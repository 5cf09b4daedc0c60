//! Nothing here acts on an imported connection, and nothing here changes its status.

use super::*;

#[tokio::test]
async fn every_act_on_an_imported_connection_is_refused_and_changes_nothing() {
    let rig = imported().await;
    let steps = json!([{"title": "verify-credentials", "status": "in-progress", "result": null},
        {"title": "mfa-challenge", "status": "in-progress", "result": question()}]);
    import(
        &rig.ops,
        json!([
            connection(
                "c-ob",
                "AU10001",
                json!({"method": "openbanking", "expiryDate": "2026-12-01T00:00:00Z"})
            ),
            connection("c-bad", "AU10002", json!({"status": "invalid"})),
            job("j-1", "c-bad", steps)
        ]),
    )
    .await;
    let ops = &rig.ops;
    for id in ["c-1", "c-ob", "c-bad"].map(ConnectionId::from) {
        let before = rig.row(&id).await;
        assert_eq!(before.origin, Origin::Imported);
        is_refused("refresh", ops.refresh(&id, Force::ALL).await);
        is_refused("purge", ops.purge(&id, "asked for").await);
        is_refused("revoke", ops.revoke(&id, "asked for").await);
        let password = ops.update_credentials(&id, "new".into(), None, None);
        is_refused("update-credentials", password.await);
        for visit in [BankAnswer::Authorise, BankAnswer::Deny, BankAnswer::Abandon] {
            is_refused("authorise", ops.authorise(&id, visit).await);
        }
        for kind in [
            ActKind::Refresh,
            ActKind::Purge,
            ActKind::Revoke,
            ActKind::Migrate,
        ] {
            let plan = ops.plan(kind, Selection::One(id.clone()), Force::ALL);
            is_refused(kind.word(), plan.await);
        }
        assert_eq!(rig.row(&id).await, before);
    }
    is_refused(
        "answer",
        ops.answer(&JobId::from("j-1"), vec!["Hooli".into()]).await,
    );
    for kind in [ActKind::Erase] {
        let plan = ops.plan(kind, Selection::User("u-1".into()), Force::ALL);
        is_refused(kind.word(), plan.await);
    }
    rig.work().await;
    assert_eq!(rig.row(&"c-1".into()).await.status, Status::Active);
    rig.healthy().await;
}

#[tokio::test]
async fn several_with_imported_ones_among_them_leave_those_out() {
    let rig = imported().await;
    let own = rig
        .connect("AU00000", "Whistler", "ShowBox")
        .await
        .connection;
    for kind in [ActKind::Refresh, ActKind::Purge, ActKind::Revoke] {
        let both = Selection::Ids(vec![own.clone(), "c-1".into()]);
        let plan = rig.ops.plan(kind, both, Force::ALL).await.unwrap();
        let planned: Vec<Outcome> = plan.steps.iter().map(|step| step.planned).collect();
        assert_eq!(planned, [Outcome::WouldRun, Outcome::Refused], "{kind:?}");
        assert!(
            plan.steps[1].reason.contains("imported: no bank"),
            "{kind:?}"
        );
    }
}

#[tokio::test]
async fn time_does_nothing_to_imported_connections() {
    let rig = imported().await;
    let soon = json!({"method": "openbanking", "expiryDate": "2026-03-10T10:00:00Z"});
    let consent = json!({"type": "consent", "id": "k-1", "status": "active", "origin": "external",
        "created": "2025-03-11T00:00:00Z", "updated": "2025-03-11T00:00:00Z", "expiryDate": "2026-03-11T00:00:00Z",
        "purpose": {"primary": {"title": "P", "description": "P"}}, "data": {"permissions": []},
        "links": {"self": "/users/u-1/consents/k-1"}});
    import(
        &rig.ops,
        json!([connection("c-ob", "AU10001", soon), consent]),
    )
    .await;
    let ops = Ops {
        limits: Arc::new(Limits {
            background: true,
            background_every: Duration::from_secs(3_600),
            ..Limits::default()
        }),
        ..rig.ops.clone()
    };
    for _ in 0..4 {
        rig.clock.advance(Duration::from_secs(43_200));
        ops.maintain().await.unwrap();
        let next = ops.maintain().await.unwrap();
        assert!(
            next.is_none_or(|at| at > rig.clock.now()),
            "nothing is left that is due: {next:?}"
        );
        rig.work().await;
    }
    for id in ["c-1", "c-ob"].map(ConnectionId::from) {
        assert_eq!(rig.row(&id).await.status, Status::Active, "{id}");
        assert_eq!(ops.jobs_of(&id, 9).await.unwrap(), vec![], "{id}");
        let seen = ops
            .connection(&id, crate::domain::mask::Level::Standard)
            .await
            .unwrap();
        assert_eq!(seen.next_background, None);
    }
}

/// The case of a bank that was asked for an imported connection: an older version queued the job.
#[tokio::test]
async fn a_job_that_is_queued_for_an_imported_connection_asks_nobody() {
    let rig = imported().await;
    let queued = rig.ops.act("refresh", "c-1", |ops, tx| {
        let row = tx.connection(&"c-1".into())?.unwrap();
        ops.fetch(
            tx,
            &row,
            crate::domain::job::Kind::Refresh,
            Some(ops.now()),
            ops.now(),
        )
    });
    let queued = queued.await.unwrap();
    let before = rig.row(&"c-1".into()).await;
    rig.work().await;
    let ended = rig.ops.job(&queued.id).await.unwrap();
    assert_eq!(ended.state, State::Failed);
    assert_eq!(ended.failed_step().unwrap().1.code, "not-executed-here");
    let after = rig.row(&"c-1".into()).await;
    assert_eq!(
        (after.label, after.last_used),
        (before.label, before.last_used)
    );
    let why = rig.ops.why(&"c-1".into()).await.unwrap().meaning;
    assert_eq!(why.whose, Whose::Us);
    assert!(!why.evidence.concat().contains("The bank said"), "{why:?}");
}

#[tokio::test]
async fn an_open_job_of_elsewhere_is_told_alike_by_all() {
    let steps = json!([{"title": "verify-credentials", "status": "in-progress", "result": null}]);
    let rig = imported().await;
    import(&rig.ops, job("j", "c-1", steps)).await;
    rig.work().await;
    let explained = rig.ops.why(&"c-1".into()).await.unwrap();
    assert_eq!(explained.meaning.whose, Whose::System);
    assert!(
        explained
            .meaning
            .headline
            .contains("The platform it came from runs its open job")
    );
    assert!(explained.acts.iter().all(|(_, no)| no.is_some()));
    assert!(!explained.row.attention);
    assert_eq!(rig.ops.job(&"j".into()).await.unwrap().state, State::Paused);
}

#[tokio::test]
async fn the_question_of_an_imported_job_is_kept_in_both_forms() {
    for result in [question(), json!([question()])] {
        let rig = imported().await;
        let steps = json!([{"title": "verify-credentials", "status": "success", "result": null},
            {"title": "mfa-challenge", "status": "in-progress", "result": result},
            {"title": "retrieve-accounts", "status": "pending", "result": null}]);
        import(&rig.ops, job("j", "c-1", steps.clone())).await;
        let mut again = job("j", "c-1", steps.clone());
        again["updated"] = "2026-03-01T00:00:40Z".into();
        import(&rig.ops, again).await;
        rig.clock.advance(Duration::from_secs(86_400));
        rig.work().await;
        let kept = rig.ops.job(&"j".into()).await.unwrap();
        assert_eq!(kept.state, State::WaitingMfa);
        let challenge = kept.challenge.unwrap();
        assert_eq!(challenge.input, ["What's your first company?"]);
        assert_eq!(challenge.description, "Answer the questions");
        assert_eq!(rig.row(&"c-1".into()).await.status, Status::Active);
        let why = rig.ops.why(&"c-1".into()).await.unwrap();
        assert_eq!(
            (why.meaning.whose, why.row.attention),
            (Whose::System, false)
        );
        assert!(
            why.meaning
                .evidence
                .concat()
                .contains("the bank asks the user a question")
        );
        // the platform's job went on
        let mut later = job("j", "c-1", steps);
        later["updated"] = "2026-03-01T00:01:30Z".into();
        later["steps"][1] = json!({"title": "mfa-challenge", "status": "success", "result": null});
        import(&rig.ops, later).await;
        let kept = rig.ops.job(&"j".into()).await.unwrap();
        assert_eq!((kept.state, kept.challenge), (State::Paused, None));
        rig.healthy().await;
    }
}

#[tokio::test]
async fn a_user_who_was_imported_can_be_deleted_from_the_file() {
    let rig = imported().await;
    let plan = rig.ops.plan(
        ActKind::DeleteUser,
        Selection::User("u-1".into()),
        Force::default(),
    );
    let plan = plan.await.unwrap();
    let begun = rig.ops.begin_workflow(&plan, "closed").await.unwrap();
    let ended = rig.ops.resume(&begun, |_| ()).await.unwrap();
    assert!(ended.head.finished.is_some(), "{ended:?}");
    let held = rig.ops.store.read(|rd| -> Result<_, Error> {
        Ok((
            rd.user_exists(&"u-1".into())?,
            rd.accounts_of(&"c-1".into(), crate::domain::mask::Level::Standard)?
                .len(),
        ))
    });
    assert_eq!(held.await.unwrap(), (false, 0));
    rig.healthy().await;
}

#[tokio::test]
async fn what_is_known_keeps_its_origin() {
    let rig = imported().await;
    let own = rig
        .connect("AU00000", "Whistler", "ShowBox")
        .await
        .connection;
    let row = rig.row(&own).await;
    assert_eq!((row.origin, row.method), (Origin::Sandbox, Method::Web));
    let mut told = connection(
        own.as_str(),
        "AU00000",
        json!({"lastUsed": "2026-03-12T00:00:00Z"}),
    );
    told["links"]["user"] = format!("/users/{}", row.user).into();
    import(&rig.ops, told).await;
    assert_eq!(rig.row(&own).await.origin, Origin::Sandbox);
    import(
        &rig.ops,
        connection(
            "c-1",
            "AU00000",
            json!({"status": "invalid", "lastUsed": "2026-03-12T00:00:00Z"}),
        ),
    )
    .await;
    let row = rig.row(&"c-1".into()).await;
    assert_eq!((row.origin, row.label), (Origin::Imported, Label::Invalid));
}

/// As the upgrade of a file does it, in which a workflow was under way.
fn becomes_imported(rig: &Rig) {
    let raw = rusqlite::Connection::open(rig.ops.store.path()).unwrap();
    let sql = "UPDATE connections SET origin = 2";
    raw.execute_batch(sql).unwrap();
}

#[tokio::test]
async fn a_workflow_that_nobody_here_may_go_on_with_ends() {
    for kind in [ActKind::Migrate, ActKind::Erase] {
        let rig = Rig::new().await;
        let made = rig.connect("AU10001", "Whistler", "ShowBox").await;
        let id = made.connection;
        let before = rig.row(&id).await;
        let selection = match kind {
            ActKind::Migrate => Selection::One(id.clone()),
            _ => Selection::User(before.user.clone()),
        };
        let plan = rig.ops.plan(kind, selection, Force::ALL).await.unwrap();
        let begun = rig.ops.begin_workflow(&plan, "asked for").await.unwrap();
        becomes_imported(&rig);
        let ended = rig.ops.resume(&begun, |_| ()).await.unwrap();
        assert_eq!(ended.standing(), Standing::Stopped, "{kind:?}: {ended:#?}");
        let said = format!("{ended:?}");
        assert!(
            said.contains("imported: no bank or platform"),
            "{kind:?}: {said}"
        );
        let after = rig.row(&id).await;
        assert_eq!(
            (after.status, after.accounts, after.transactions),
            (before.status, before.accounts, before.transactions),
            "{kind:?}"
        );
        // nothing is tried again, and the user is free for other work
        rig.clock.advance(Duration::from_secs(3_600));
        rig.ops.maintain().await.unwrap();
        let open = rig.ops.open_workflows().await.unwrap();
        assert!(open.is_empty(), "{kind:?}: {open:?}");
    }
}

#[tokio::test]
async fn deleting_a_user_goes_on_whoever_executes() {
    let rig = Rig::new().await;
    let made = rig.connect("AU10001", "Whistler", "ShowBox").await;
    let user = rig.row(&made.connection).await.user;
    let selection = Selection::User(user.clone());
    let plan = rig.ops.plan(ActKind::DeleteUser, selection, Force::ALL);
    let plan = plan.await.unwrap();
    let begun = rig.ops.begin_workflow(&plan, "asked for").await.unwrap();
    becomes_imported(&rig);
    let ended = rig.ops.resume(&begun, |_| ()).await.unwrap();
    assert_eq!(ended.standing(), Standing::Done, "{ended:#?}");
    assert!(rig.ops.certificate(begun.as_str()).await.is_ok());
}
