//! The life of a connection from end to end, with the real store and the sandbox banks.

use crate::domain::act::{ActKind, Confirmation, Plan};
use crate::domain::connection::{Label, Method};
use crate::domain::ids::ConnectionId;
use crate::domain::job::{self, State, StepStatus, Title};
use crate::domain::limits::Limits;
use crate::domain::views::BankAnswer;
use crate::ops::{Applied, Error, NewLink, Result, Selection};
use crate::testing::lifecycle::{Rig, link};
use std::time::Duration;

fn statuses(job: &job::Job) -> Vec<(&str, StepStatus)> {
    job.steps
        .iter()
        .map(|s| (s.title.word(), s.status))
        .collect()
}

async fn plan_purge(rig: &Rig, id: &ConnectionId) -> Result<Plan> {
    let one = Selection::One(id.clone());
    rig.ops.plan(ActKind::Purge, one, false).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connect_refresh_purge_refresh_revoke() {
    let rig = Rig::new().await;
    let job = rig.connect("AU00000", "Wentworth-Smith", "whislter").await;
    assert_eq!(job.state, State::Succeeded, "{job:#?}");
    let id = job.connection;
    let row = rig.row(&id).await;
    assert_eq!(row.label, Label::Active);
    assert!(row.accounts > 0 && row.transactions > 0);

    let again = rig.ops.refresh(&id, false).await;
    assert!(matches!(again, Err(Error::Refused(r)) if r.code == "too-recent"));
    rig.clock.advance(Duration::from_secs(3600));
    let refreshed = rig.ops.refresh(&id, false).await.unwrap();
    assert!(!refreshed.deduplicated);
    let joined = rig.ops.refresh(&id, false).await.unwrap();
    assert!(joined.deduplicated && joined.job.id == refreshed.job.id);
    rig.work().await;
    assert_eq!(
        rig.ops.job(&refreshed.job.id).await.unwrap().label(),
        job::Label::Success
    );
    let before = rig.row(&id).await;

    let one = Selection::One(id.clone());
    let plan = rig.ops.plan(ActKind::Purge, one, false).await.unwrap();
    let stored = &plan.detail.one().unwrap().stored;
    assert_eq!(stored.transactions, before.transactions);
    let typed = Confirmation::new(Some(&plan.words()), Some("asked for"));
    let mut stale = plan.clone();
    stale.steps[0].pins.accounts = Some(0);
    let stale = rig.ops.apply(&stale, &typed, |_| ()).await;
    assert!(
        matches!(&stale, Err(Error::PlanChanged(d)) if d.len() == 1 && d[0].what == "accounts"),
        "{stale:?}"
    );
    let purge = match rig.ops.apply(&plan, &typed, |_| ()).await.unwrap() {
        Applied::One { job, .. } => job,
        other => panic!("{other:?}"),
    };
    assert_eq!(purge.state, State::Succeeded, "{purge:#?}");
    let row = rig.row(&id).await;
    assert_eq!(
        (row.label, row.accounts, row.transactions),
        (Label::Active, 0, 0)
    );

    rig.clock.advance(Duration::from_secs(3600));
    rig.ops.refresh(&id, false).await.unwrap();
    rig.work().await;
    let row = rig.row(&id).await;
    assert!(
        row.accounts == before.accounts && row.transactions >= before.transactions,
        "a refresh brings it back"
    );

    let revoke = rig.ops.revoke(&id, "").await.unwrap();
    assert_eq!(revoke.state, State::Succeeded);
    let row = rig.row(&id).await;
    assert_eq!((row.label, row.accounts), (Label::Deleted, before.accounts));
    for refused in [
        rig.ops.refresh(&id, true).await.map(|_| ()),
        rig.ops.revoke(&id, "").await.map(|_| ()),
    ] {
        assert!(matches!(refused, Err(Error::Refused(r)) if r.code == "resource-not-found"));
    }
    assert!(plan_purge(&rig, &id).await.is_err());
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sandbox_users_fail_at_their_step_with_their_code() {
    let rig = Rig::new().await;
    for (login, password, at, code) in [
        ("bighead", "password", 0, "invalid-credentials"),
        (
            "erlich",
            "aviato",
            1,
            "account-not-accessible-requires-user-action",
        ),
        ("jianYang", "nothotdog", 1, "service-unavailable"),
        ("nobody", "nothing", 0, "invalid-credentials"),
    ] {
        let job = rig.connect("AU00000", login, password).await;
        let (step, failure) = job.failed_step().expect("it fails");
        assert_eq!(
            (step.title.word(), failure.code.as_str()),
            (job.steps[at].title.word(), code),
            "{login}"
        );
        assert_eq!(
            rig.row(&job.connection).await.label,
            Label::Failed,
            "{login}"
        );
        assert!(
            job.steps[at + 1..]
                .iter()
                .all(|s| s.status == StepStatus::Pending)
        );
        let refused = plan_purge(&rig, &job.connection).await;
        assert!(
            matches!(refused, Err(Error::Refused(r)) if r.detail == "Connection is not active.")
        );
    }
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn challenge_answered_wrongly_late_and_correctly() {
    let rig = Rig::new().await;
    let job = rig.connect("AU00002", "jared", "django").await;
    assert_eq!(
        (job.state, job.steps[1].title.clone()),
        (State::WaitingMfa, Title::MfaChallenge)
    );
    assert!(rig.row(&job.connection).await.attention);
    assert!(plan_purge(&rig, &job.connection).await.is_err());

    let few = rig.ops.answer(&job.id, vec![]).await;
    assert!(matches!(few, Err(Error::Refused(r)) if r.code == "invalid-content"));
    rig.ops.answer(&job.id, vec!["1234".into()]).await.unwrap();
    rig.work().await;
    let done = rig.ops.job(&job.id).await.unwrap();
    assert_eq!(done.state, State::Succeeded, "{:?}", statuses(&done));
    assert_eq!(rig.row(&job.connection).await.label, Label::Active);
    let twice = rig.ops.answer(&job.id, vec!["1234".into()]).await;
    assert!(
        matches!(twice, Err(Error::Refused(r)) if r.detail == "Job is not waiting for an MFA response.")
    );

    rig.clock.advance(Duration::from_secs(3600));
    let wrong = rig.ops.refresh(&job.connection, false).await.unwrap().job;
    rig.work().await;
    rig.ops
        .answer(&wrong.id, vec!["9999".into()])
        .await
        .unwrap();
    rig.work().await;
    let wrong = rig.ops.job(&wrong.id).await.unwrap();
    assert_eq!(
        wrong
            .failed_step()
            .map(|(s, f)| (s.title.word(), f.code.as_str())),
        Some(("mfa-challenge", "invalid-credentials"))
    );
    assert_eq!(rig.row(&job.connection).await.label, Label::Invalid);

    let late = rig.ops.refresh(&job.connection, false).await.unwrap().job;
    rig.work().await;
    rig.clock.advance(Duration::from_secs(121));
    rig.work().await;
    let late = rig.ops.job(&late.id).await.unwrap();
    assert_eq!(
        late.failed_step().map(|(_, f)| f.code.as_str()),
        Some("job-timed-out"),
        "{:?}",
        late.state
    );
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn open_banking_authorised_abandoned_and_denied() {
    let rig = Rig::new().await;
    let open_banking = || NewLink {
        method: Method::OpenBanking,
        credentials: None,
        ..link("AU00000", "", "")
    };
    let job = rig.ops.connect(open_banking()).await.unwrap();
    rig.work().await;
    assert_eq!(rig.row(&job.connection).await.label, Label::PreInit);
    rig.ops
        .authorise(&job.connection, BankAnswer::Abandon)
        .await
        .unwrap();
    rig.work().await;
    assert_eq!(rig.row(&job.connection).await.label, Label::PreInit);
    rig.ops
        .authorise(&job.connection, BankAnswer::Authorise)
        .await
        .unwrap();
    rig.work().await;
    let row = rig.row(&job.connection).await;
    assert_eq!(row.label, Label::Active);
    assert!(row.expiry.is_some());

    let clash = rig
        .ops
        .connect(link("AU00000", "Whistler", "ShowBox"))
        .await;
    assert!(matches!(clash, Err(Error::Refused(r)) if r.code == "resource-already-exists"));

    let refused = rig.ops.connect(open_banking()).await.unwrap();
    rig.ops
        .authorise(&refused.connection, BankAnswer::Deny)
        .await
        .unwrap();
    rig.work().await;
    assert_eq!(rig.row(&refused.connection).await.label, Label::Failed);
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn equal_credentials_pause_and_revoke_ends_an_open_job() {
    let rig = Rig::new().await;
    rig.connect("AU00000", "richard", "tabsnotspaces").await;
    let second = rig
        .ops
        .connect(link("AU00000", "richard", "tabsnotspaces"))
        .await
        .unwrap();
    assert_eq!(second.state, State::Paused);
    assert_eq!(second.next_attempt.unwrap().since(second.created), 360_000);
    rig.work().await;
    assert_eq!(rig.ops.job(&second.id).await.unwrap().state, State::Paused);
    rig.clock.advance(Duration::from_secs(361));
    rig.work().await;
    assert_eq!(rig.row(&second.connection).await.label, Label::Active);

    let third = rig
        .ops
        .connect(link("AU00000", "richard", "tabsnotspaces"))
        .await
        .unwrap();
    rig.ops.revoke(&third.connection, "").await.unwrap();
    let third = rig.ops.job(&third.id).await.unwrap();
    assert_eq!(
        third.failed_step().map(|(_, f)| f.code.as_str()),
        Some("invalid-connection")
    );
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refresh_brings_a_waiting_retry_forward() {
    let rig = Rig::with(Limits {
        retry: true,
        ..Limits::default()
    })
    .await;
    let job = rig.connect("AU00000", "jianYang", "nothotdog").await;
    assert_eq!(
        (job.state, job.label()),
        (State::WaitingRetry, job::Label::Pending)
    );
    assert_eq!(rig.row(&job.connection).await.label, Label::Pending);
    let again = rig.ops.refresh(&job.connection, false).await.unwrap();
    assert!(again.deduplicated);
    rig.work().await;
    let job = rig.ops.job(&job.id).await.unwrap();
    assert_eq!((job.state, job.attempt), (State::WaitingRetry, 2));
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn expired_bank_consent_invalidates_its_connection_once() {
    let rig = Rig::new().await;
    let link = NewLink {
        method: Method::OpenBanking,
        ..link("AU00000", "Wentworth-Smith", "whislter")
    };
    let id = rig.ops.connect(link).await.unwrap().connection;
    rig.work().await;
    rig.ops.authorise(&id, BankAnswer::Authorise).await.unwrap();
    rig.work().await;
    let row = rig.row(&id).await;
    let ends = row.expiry.expect("a consent at the bank has an end");
    assert_eq!(row.label, Label::Active);
    let consent = rig
        .ops
        .consents(Some(row.user.clone()), None, 1)
        .await
        .unwrap()
        .rows
        .remove(0);
    rig.clock.set(ends.plus_ms(-1));
    rig.ops.extend_consent(&consent.id, "").await.unwrap();
    assert_eq!(
        rig.ops.maintain().await.unwrap(),
        Some(ends),
        "nothing is due before"
    );
    assert_eq!(rig.row(&id).await.label, Label::Active);
    rig.clock.set(ends);
    for _ in 0..2 {
        rig.ops.maintain().await.unwrap();
    }
    assert_eq!(rig.row(&id).await.label, Label::Invalid);
    let events = rig
        .ops
        .store
        .read(|rd| -> Result<_> { Ok(rd.events_after(0, 1000)?) })
        .await
        .unwrap();
    assert_eq!(
        events
            .iter()
            .filter(|e| e.event_type == "invalidated")
            .count(),
        1
    );
    rig.healthy().await;
}
