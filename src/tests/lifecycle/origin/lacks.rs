//! What is missing here is told as ours: the bank was not asked, so it refused nothing.

use super::*;
use crate::domain::act::Confirmation;
use crate::domain::import_records::InstitutionRecord;
use crate::ops::NewLink;

/// Runs a refresh of a connection that worked, and looks at what is told of it.
async fn told_as_ours(rig: &Rig, id: &ConnectionId, code: &str) {
    let before = rig.row(id).await;
    rig.clock.advance(Duration::from_secs(3_600));
    rig.ops.refresh(id, Force::ALL).await.unwrap();
    rig.work().await;
    let ended = newest(&rig.ops, id).await;
    assert_eq!(ended.state, State::Failed);
    assert_eq!(ended.failed_step().unwrap().1.code, code);
    let after = rig.row(id).await;
    assert_eq!(
        (after.label, after.last_used, after.refused),
        (Label::Active, before.last_used, 0)
    );
    let why = rig.ops.why(id).await.unwrap().meaning;
    assert_eq!(why.whose, Whose::Us, "{why:?}");
    let said = format!("{}{}", why.headline, why.evidence.concat());
    assert!(
        !said.contains("The bank said") && !said.contains("refused"),
        "{said}"
    );
    let purge = rig
        .ops
        .plan(ActKind::Purge, Selection::One(id.clone()), Force::default());
    purge.await.unwrap();
}

#[tokio::test]
async fn a_missing_password_is_ours() {
    let rig = Rig::new().await;
    let id = rig
        .connect("AU00000", "Whistler", "ShowBox")
        .await
        .connection;
    delete_credentials(&rig.ops, &id).await;
    told_as_ours(&rig, &id, "sign-in-missing").await;
    // again, as background refreshing would; nothing adds up against the login
    told_as_ours(&rig, &id, "sign-in-missing").await;
}

#[tokio::test]
async fn a_password_without_a_login_is_ours() {
    let rig = Rig::new().await;
    let id = rig
        .connect("AU00000", "Whistler", "ShowBox")
        .await
        .connection;
    delete_credentials(&rig.ops, &id).await;
    rig.ops
        .update_credentials(&id, "ShowBox".into(), None, None)
        .await
        .unwrap();
    rig.work().await;
    assert_eq!(
        newest(&rig.ops, &id).await.failed_step().unwrap().1.code,
        "sign-in-missing"
    );
    assert_eq!(rig.row(&id).await.label, Label::Active);
}

#[tokio::test]
async fn a_first_job_without_a_bank_fails_as_ours() {
    let rig = Rig::new().await;
    let put = rig.ops.store.write(|tx| -> Result<_, Error> {
        let hooli = tx.institution(&"AU00000".into())?.unwrap();
        Ok(tx.put_institution(&InstitutionRecord {
            id: "AU00601".into(),
            ..hooli
        })?)
    });
    put.await.unwrap();
    let made = rig
        .ops
        .connect(link("AU00601", "Whistler", "ShowBox"))
        .await
        .unwrap();
    rig.work().await;
    assert_eq!(rig.row(&made.connection).await.label, Label::Failed);
    let why = rig.ops.why(&made.connection).await.unwrap().meaning;
    assert_eq!(why.whose, Whose::Us);
    assert!(!why.evidence.concat().contains("The bank said"), "{why:?}");
}

/// An open-banking connection whose user declined at the bank, so that no consent ever was.
async fn declined(rig: &Rig) -> ConnectionId {
    let made = rig
        .ops
        .connect(NewLink {
            method: Method::OpenBanking,
            ..link("AU10006", "", "")
        })
        .await
        .unwrap();
    rig.work().await;
    let id = made.connection;
    rig.ops.authorise(&id, BankAnswer::Deny).await.unwrap();
    rig.work().await;
    let refused = newest(&rig.ops, &id).await;
    assert_eq!(
        refused.failed_step().unwrap().1.code,
        "authorization-failed"
    );
    assert_eq!(rig.row(&id).await.label, Label::Failed);
    id
}

#[tokio::test]
async fn a_consent_that_never_was_is_ours() {
    let rig = Rig::new().await;
    let id = declined(&rig).await;
    // a refresh asks no bank, so no bank refused it
    for _ in 0..2 {
        rig.clock.advance(Duration::from_secs(3_600));
        rig.ops.refresh(&id, Force::ALL).await.unwrap();
        rig.work().await;
        let before = rig.row(&id).await.last_used;
        let (step, failure) = {
            let job = newest(&rig.ops, &id).await;
            let (step, failure) = job.failed_step().unwrap();
            (step.title.clone(), failure.clone())
        };
        assert_eq!(failure.code, "consent-missing", "{step:?}");
        assert_eq!(rig.row(&id).await.last_used, before);
        let why = rig.ops.why(&id).await.unwrap().meaning;
        let said = format!("{}{}", why.headline, why.evidence.concat());
        assert_eq!(why.whose, Whose::Us, "{why:?}");
        assert!(!said.contains("The bank said"), "{said}");
    }
    // the user comes back, and it works
    rig.ops.authorise(&id, BankAnswer::Authorise).await.unwrap();
    rig.work().await;
    assert_eq!(rig.row(&id).await.label, Label::Active);
    rig.healthy().await;
}

#[tokio::test]
async fn several_with_something_missing_are_each_told_as_ours() {
    let rig = Rig::new().await;
    let lacking = rig
        .connect("AU00000", "Whistler", "ShowBox")
        .await
        .connection;
    delete_credentials(&rig.ops, &lacking).await;
    let without = declined(&rig).await;
    let good = rig.connect("AU00000", "jared", "django").await.connection;
    rig.clock.advance(Duration::from_secs(3_600));
    let plan = rig
        .ops
        .plan(
            ActKind::Refresh,
            Selection::Ids(vec![lacking.clone(), without.clone(), good.clone()]),
            Force::default(),
        )
        .await
        .unwrap();
    rig.ops.keep(&plan).await.unwrap();
    let typed = Confirmation::new(Some(&plan.words()), Some("asked for"));
    rig.ops.apply(&plan, &typed, |_| ()).await.unwrap();
    rig.work().await;
    for (id, code) in [(&lacking, "sign-in-missing"), (&without, "consent-missing")] {
        let job = newest(&rig.ops, id).await;
        assert_eq!(job.failed_step().unwrap().1.code, code);
        assert_eq!(rig.ops.why(id).await.unwrap().meaning.whose, Whose::Us);
    }
    assert_eq!(newest(&rig.ops, &good).await.state, State::Succeeded);
    // the one that works stays so, and nothing counts against its login
    let row = rig.row(&lacking).await;
    assert_eq!(
        (row.label, row.refused, row.guarded),
        (Label::Active, 0, false)
    );
}

#[tokio::test]
async fn background_refreshing_tells_a_missing_password_as_ours() {
    let rig = Rig::new().await;
    let id = rig
        .connect("AU00000", "Whistler", "ShowBox")
        .await
        .connection;
    delete_credentials(&rig.ops, &id).await;
    let ops = Ops {
        limits: Arc::new(Limits {
            background: true,
            background_every: Duration::from_secs(86_400),
            ..Limits::default()
        }),
        ..rig.ops.clone()
    };
    let mut turns = 0;
    for _ in 0..3 {
        rig.clock.advance(Duration::from_secs(86_400));
        ops.maintain().await.unwrap();
        rig.work().await;
        let job = newest(&ops, &id).await;
        if job.kind == Kind::Refresh {
            assert_eq!(job.failed_step().unwrap().1.code, "sign-in-missing");
            turns = ops.jobs_of(&id, 100).await.unwrap().len() - 1;
        }
    }
    assert!((1..=3).contains(&turns), "one a round: {turns}");
    let row = rig.row(&id).await;
    assert_eq!(
        (row.label, row.refused, row.guarded),
        (Label::Active, 0, false)
    );
    assert_eq!(ops.why(&id).await.unwrap().meaning.whose, Whose::Us);
}
