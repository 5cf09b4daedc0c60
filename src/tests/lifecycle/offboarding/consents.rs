//! The end of a consent, ordered or by time.

use super::*;

async fn plan_end_consent(rig: &Rig, id: &ConsentId) -> Result<Plan> {
    let consent = Selection::Consent(id.clone());
    rig.ops.plan(ActKind::EndConsent, consent, false).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ending_a_consent_ends_its_connections() {
    let rig = Rig::new().await;
    let (user, ids) = mixed(&rig).await;
    let queued = rig
        .ops
        .connect(NewLink {
            user: user.clone(),
            ..link("AU00003", "richard", "tabsnotspaces")
        })
        .await
        .unwrap();
    let consent = rig
        .ops
        .consents(Some(user.clone()), None, 9)
        .await
        .unwrap()
        .rows
        .remove(0);
    assert_eq!(consent.expiry.since(consent.created), 365 * 86_400_000);
    let plan = plan_end_consent(&rig, &consent.id).await.unwrap();
    assert_eq!(plan.words(), format!("end {}", consent.id.tail()));
    for item in &plan.detail.user().unwrap().connections {
        let revoked = item.target.label == Label::Deleted;
        assert_eq!(
            item.way,
            if revoked {
                Way::StrandedWithConsent
            } else {
                Way::WithConsent
            }
        );
        assert!(revoked || item.way.words() == "ends with the consent, and its data goes");
    }
    let it = run(&rig, &rig.ops.begin_workflow(&plan, "").await.unwrap(), 99).await;
    assert_eq!(it.standing(), Standing::Done, "{it:#?}");
    erased(&rig, &user).await;
    for id in &ids {
        assert_eq!(rig.row(id).await.label, Label::Deleted);
    }
    let job = rig.ops.job(&queued.id).await.unwrap();
    assert_eq!(
        (job.state, job.failed_step().unwrap().1.code.as_str()),
        (State::Failed, "invalid-connection")
    );
    let ended = rig.ops.consent(&consent.id).await.unwrap();
    assert_eq!(
        (ended.status, ended.revoked),
        (consent::Status::Revoked, Some(ended.updated))
    );
    assert!(matches!(
        plan_end_consent(&rig, &consent.id).await,
        Err(Error::Refused(_))
    ));

    rig.connect("AU00000", "Whistler", "ShowBox").await;
    let all = rig.ops.consents(Some(user), None, 9).await.unwrap().rows;
    assert_eq!(
        all.iter().map(|c| c.status).collect::<Vec<_>>(),
        [consent::Status::Active, consent::Status::Revoked]
    );
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn consents_are_warned_reminded_and_expired_once() {
    let rig = Rig::new().await;
    let id = rig
        .connect("AU00000", "Wentworth-Smith", "whislter")
        .await
        .connection;
    let user: UserId = "user-ada".into();
    let consent = rig
        .ops
        .consents(Some(user.clone()), None, 1)
        .await
        .unwrap()
        .rows
        .remove(0);
    let day = 86_400_000;
    for (days, told) in [
        (89, (0, 0, 0)),
        (90, (1, 0, 0)),
        (357, (1, 0, 0)),
        (358, (1, 1, 0)),
        (365, (1, 1, 0)),
    ] {
        rig.clock.set(consent.created.plus_ms(days * day));
        for _ in 0..2 {
            rig.ops.maintain().await.unwrap();
        }
        let seen = (
            count(&rig, "consent", "reminder").await,
            count(&rig, "consent", "warning").await,
            count(&rig, "consent", "expired").await,
        );
        assert_eq!(seen, told, "after {days} days");
    }
    // it is expired at once; what cannot be taken back waits
    let shown = rig.ops.consent(&consent.id).await.unwrap();
    assert_eq!(shown.status, consent::Status::Expired);
    assert_eq!(rig.row(&id).await.label, Label::Active);
    rig.clock.advance(rig.limits.ending_grace);
    for _ in 0..2 {
        rig.ops.maintain().await.unwrap();
    }
    assert_eq!(count(&rig, "consent", "expired").await, 1);
    assert_eq!(
        rig.ops.consent(&consent.id).await.unwrap().status,
        consent::Status::Expired
    );
    assert_eq!(rig.row(&id).await.label, Label::Deleted);
    erased(&rig, &user).await;
    let ended = rig.ops.workflows(None, 9).await.unwrap().rows;
    assert_eq!(
        ended
            .iter()
            .map(|s| (s.head.kind, s.standing()))
            .collect::<Vec<_>>(),
        [(ActKind::EndConsent, Standing::Done)]
    );
    rig.healthy().await;
}
