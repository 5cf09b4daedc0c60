//! Erasing and deleting a user, and the certificate of it.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn erase_handles_every_kind_of_connection() {
    for steps_each in [99, 1] {
        let mut rig = Rig::new().await;
        let (user, ids) = mixed(&rig).await;
        let plan = plan_erase(&rig, &user).await;
        let connections = &plan.detail.user().unwrap().connections;
        let way = |id: &ConnectionId| connections.iter().find(|i| i.target.id == *id).unwrap().way;
        assert_eq!(
            [way(&ids[0]), way(&ids[1]), way(&ids[2]), way(&ids[3])],
            [
                Way::PurgedAndRevoked,
                Way::StrandedBySibling,
                Way::EndsWithConsent,
                Way::StrandedWithConsent
            ]
        );
        let words: Vec<&str> = plan.steps.iter().map(|s| s.act.word()).collect();
        assert_eq!(words, ["purge", "revoke", "end-consent", "scrub", "verify"]);
        let mut needles = vec![];
        for bank in ["AU00000", "AU00002", "AU00004"] {
            let user = user.clone();
            let read = rig
                .ops
                .store
                .read(move |rd| -> Result<_> { Ok(rd.needles(&user, &bank.into())?) });
            needles.extend(read.await.unwrap());
        }
        assert!(needles.len() > 20);

        let id = rig
            .ops
            .begin_workflow(&plan, "asked by letter")
            .await
            .unwrap();
        if steps_each == 1 {
            reopen(&mut rig);
        }
        let it = run(&rig, &id, steps_each).await;
        assert_eq!(it.standing(), Standing::Done, "{it:#?}");
        erased(&rig, &user).await;
        assert_eq!(rig.ops.store.scan(needles).await.unwrap(), 0);
        assert!(
            rig.ops.user(&user, Default::default()).await.is_ok(),
            "the user's own record stays"
        );
        let consents = rig
            .ops
            .consents(Some(user.clone()), None, 9)
            .await
            .unwrap()
            .rows;
        assert_eq!(
            consents.iter().map(|c| c.status).collect::<Vec<_>>(),
            [consent::Status::Revoked]
        );
        assert_eq!(
            (
                count(&rig, "consent", "created").await,
                count(&rig, "consent", "revoked").await
            ),
            (1, 1)
        );
        assert_eq!(count(&rig, "connection", "deleted").await, 4);

        let (proof, _) = rig.ops.certificate(id.as_str()).await.unwrap();
        assert_eq!(
            (proof.kind.as_str(), proof.hits, proof.reason.as_str()),
            ("erase", 0, "asked by letter")
        );
        assert!(
            proof.before.iter().take(8).any(|(_, n)| *n > 0)
                && proof.after.iter().take(8).all(|(_, n)| *n == 0)
        );
        assert_eq!((proof.keys.len(), proof.jobs.len()), (3, 2));
        // what its purge searched for is in the purge's own certificate, whichever process ended the sequence
        let purge = it.steps[0].job.clone().unwrap();
        assert_eq!(proof.purges, [purge.to_string()]);
        let (part, _) = rig.ops.certificate(purge.as_str()).await.unwrap();
        assert!(
            part.needles > 0 && proof.needles >= part.needles,
            "{} of {}",
            part.needles,
            proof.needles
        );
        let checks = rig.ops.check_certificate(id.as_str()).await.unwrap();
        assert!(checks.iter().all(|c| c.holds), "{checks:#?}");
        assert!(checks.iter().any(|c| c.what == "purge"));
        rig.healthy().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn delete_user_leaves_no_row_and_no_value() {
    for steps_each in [99, 1] {
        let rig = Rig::new().await;
        let (user, _) = mixed(&rig).await;
        let other = rig.ops.connect(NewLink {
            user: "user-grace".into(),
            ..link("AU00000", PEOPLE[2].0, PEOPLE[2].1)
        });
        let other = other.await.unwrap().connection;
        rig.clock.advance(Duration::from_secs(3600));
        rig.work().await;
        let before = rig.row(&other).await;
        let plan = rig
            .ops
            .plan(ActKind::DeleteUser, Selection::User(user.clone()), false)
            .await
            .unwrap();
        assert_eq!(plan.words(), "delete ada");
        let id = rig.ops.begin_workflow(&plan, "left the app").await.unwrap();
        let it = run(&rig, &id, steps_each).await;
        assert_eq!(it.standing(), Standing::Done, "{it:#?}");
        assert!(left(&rig, &user).await.iter().all(|(_, count)| *count == 0));
        assert!(matches!(
            rig.ops.user(&user, Default::default()).await,
            Err(Error::NotFound { .. })
        ));
        assert_eq!(count(&rig, "user", "deleted").await, 1);
        let words = ["Lovelace", "ada@example.test", "lovelace"]
            .map(Into::into)
            .to_vec();
        assert_eq!(rig.ops.store.scan(words).await.unwrap(), 0);
        assert!(
            rig.ops
                .check_certificate(id.as_str())
                .await
                .unwrap()
                .iter()
                .all(|c| c.holds)
        );
        let after = rig.row(&other).await;
        assert_eq!(
            (after.label, after.accounts, after.transactions),
            (before.label, before.accounts, before.transactions)
        );
        rig.healthy().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn maintenance_resumes_a_sequence_after_its_lease() {
    let rig = Rig::new().await;
    let (user, _) = mixed(&rig).await;
    let plan = plan_erase(&rig, &user).await;
    let id = rig.ops.begin_workflow(&plan, "").await.unwrap();
    rig.ops.runner(&id).step().await.unwrap();
    rig.ops.maintain().await.unwrap();
    assert_eq!(
        rig.ops.stored_plan(&id).await.unwrap().current(),
        Some(1),
        "another process holds its lease"
    );
    let mut second = rig.ops.runner(&id);
    assert!(matches!(second.step().await.unwrap(), Turn::Waits(..)));
    rig.clock.advance(Duration::from_secs(31));
    rig.ops.maintain().await.unwrap();
    assert_eq!(
        rig.ops.stored_plan(&id).await.unwrap().standing(),
        Standing::Done
    );
    erased(&rig, &user).await;
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn certificate_exists_once_proven_and_detects_changes() {
    let rig = Rig::new().await;
    let id = rig
        .connect("AU00000", "Wentworth-Smith", "whislter")
        .await
        .connection;
    let other = rig
        .connect("AU00000", "Whistler", "ShowBox")
        .await
        .connection;
    rig.ops.revoke(&other, "").await.unwrap();
    let raw = rusqlite::Connection::open(rig.ops.store.path()).unwrap();
    raw.execute_batch("BEGIN").unwrap();
    let _: i64 = raw
        .query_row("SELECT count(*) FROM connections", [], |r| r.get(0))
        .unwrap();
    let purge = rig.ops.purge(&id, "asked").await.unwrap();
    assert!(purge.state.open(), "a reader is in the way: {purge:#?}");
    let none = rig.ops.certificate(purge.id.as_str()).await;
    assert!(
        matches!(none, Err(Error::NotFound { .. })),
        "nothing is claimed before it is proven"
    );
    raw.execute_batch("COMMIT").unwrap();
    rig.clock.advance(Duration::from_secs(3));
    rig.work().await;
    assert_eq!(
        rig.ops.job(&purge.id).await.unwrap().state,
        State::Succeeded
    );
    let (proof, digest) = rig.ops.certificate(purge.id.as_str()).await.unwrap();
    assert_eq!(
        rig.row(&other).await.accounts,
        0,
        "what a revoked one left is in its scope"
    );
    assert_eq!(
        (proof.operator.as_str(), proof.reason.as_str(), digest.len()),
        ("tester", "asked", 32)
    );
    assert!(
        proof
            .files
            .iter()
            .any(|(name, bytes)| name == "w.db" && *bytes > 0)
    );
    assert_eq!(proof.keys.len(), 1);
    rig.clock.advance(Duration::from_secs(3600));
    rig.ops.refresh(&id, true).await.unwrap();
    rig.work().await;
    let checks = rig.ops.check_certificate(purge.id.as_str()).await.unwrap();
    assert!(
        checks.iter().all(|c| c.holds),
        "new data is under a new key: {checks:#?}"
    );
    raw.execute(
        "UPDATE certificates SET document = replace(document, 'asked', 'other')",
        [],
    )
    .unwrap();
    let checks = rig.ops.check_certificate(purge.id.as_str()).await.unwrap();
    assert_eq!(
        checks
            .iter()
            .filter(|c| !c.holds)
            .map(|c| c.what)
            .collect::<Vec<_>>(),
        ["digest"]
    );
}
