//! The lockout guard: after three refused sign-ins in a row nothing retries by itself.

use crate::domain::act::ActKind;
use crate::domain::act::Force;
use crate::domain::connection::Label;
use crate::domain::ids::ConnectionId;
use crate::domain::job::{self, State, Title};
use crate::domain::limits::Limits;
use crate::domain::query::{Scope, parse};
use crate::ops::{Error, NewLink, Selection};
use crate::testing::flaky_bank::FlakyBank;
use crate::testing::lifecycle::{Rig, link};
use std::time::Duration;

async fn count(rig: &Rig, id: &ConnectionId) -> (u32, bool) {
    let row = rig.row(id).await;
    (row.refused, row.guarded)
}

async fn guarded(rig: &Rig) -> u64 {
    let asker = rig.ops.asker();
    let query = parse("is:guarded", Scope::Connections).unwrap();
    let size = rig
        .ops
        .store
        .read(move |rd| -> Result<_, Error> { Ok(rd.connection_size(&query, 100, &asker)?) });
    size.await.unwrap().count
}

async fn tries(rig: &Rig, id: &ConnectionId, force: impl Into<Force>) -> job::Job {
    rig.clock.advance(Duration::from_secs(60));
    let job = rig.ops.refresh(id, force).await.unwrap().job;
    rig.work().await;
    rig.ops.job(&job.id).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_refused_sign_ins_lock_out_unforced_refreshes() {
    let rig = Rig::new().await;
    let id = rig.connect("AU00000", "Whistler", "wrong").await.connection;
    assert_eq!(count(&rig, &id).await, (1, false));
    for n in 2..=3 {
        tries(&rig, &id, false).await;
        assert_eq!(count(&rig, &id).await, (n, n == 3));
    }
    assert_eq!(guarded(&rig).await, 1);

    let held = rig.ops.refresh(&id, true).await;
    assert!(
        matches!(&held, Err(Error::Refused(r)) if r.code == "sign-in-guard" && r.detail.contains("3 times")),
        "{held:?}"
    );
    let one = Selection::One(id.clone());
    let plan = rig.ops.plan(ActKind::Refresh, one, false).await.unwrap();
    let outlook = plan.detail.one().unwrap().outlook.as_ref().unwrap();
    assert!(
        outlook
            .against
            .iter()
            .any(|words| words.contains("3 times in a row")),
        "{:?}",
        outlook.against
    );
    let why = rig.ops.why(&id).await.unwrap().meaning;
    assert!(
        why.evidence
            .iter()
            .any(|words| words.contains("3 times in a row")),
        "{:?}",
        why.evidence
    );

    let forced = tries(&rig, &id, Force::ALL).await;
    assert_ne!(forced.failed_step().unwrap().1.title, "Sign-in not tried.");
    assert_eq!(count(&rig, &id).await, (4, true));
    assert!(
        rig.ops.refresh(&id, true).await.is_err(),
        "insisting is for one job"
    );

    for (password, after) in [("wrong again", (5, true)), ("ShowBox", (0, false))] {
        let update = rig
            .ops
            .update_credentials(&id, password.into(), None, None)
            .await
            .unwrap()
            .job;
        rig.work().await;
        assert!(!rig.ops.job(&update.id).await.unwrap().state.open());
        assert_eq!(count(&rig, &id).await, after, "{password}");
    }
    assert_eq!(
        (rig.row(&id).await.label, guarded(&rig).await),
        (Label::Active, 0)
    );
    assert_eq!(tries(&rig, &id, true).await.state, State::Succeeded);
    let lines = rig
        .ops
        .store
        .read(|rd| -> Result<_, Error> { Ok(rd.audit_before(i64::MAX, 50)?) })
        .await
        .unwrap();
    for said in [
        "done, forced after 3 refused sign-ins",
        "done, forced after 4 refused sign-ins",
        "refused: sign-in-guard",
    ] {
        assert!(lines.iter().any(|line| line.outcome == said), "{said}");
    }
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lockout_applies_to_all_connections_with_the_credentials() {
    let rig = Rig::new().await;
    let id = rig.connect("AU00000", "Whistler", "wrong").await.connection;
    let other = NewLink {
        user: "user-grace".into(),
        ..link("AU00000", "Whistler", "ShowBox")
    };
    let other = rig.ops.connect(other).await.unwrap();
    assert_eq!(
        (other.state, count(&rig, &other.connection).await),
        (State::Paused, (1, false))
    );
    let elsewhere = rig.connect("AU10001", "Whistler", "wrong").await.connection;
    for _ in 0..2 {
        tries(&rig, &id, false).await;
    }
    assert_eq!(count(&rig, &other.connection).await, (3, true));
    assert_eq!(
        count(&rig, &elsewhere).await,
        (1, false),
        "another bank counts for itself"
    );

    rig.clock.advance(Duration::from_secs(360));
    rig.work().await;
    let held = rig.ops.job(&other.id).await.unwrap();
    let (step, failure) = held.failed_step().expect("it is not left waiting");
    assert_eq!(
        (step.title.clone(), failure.title.as_str()),
        (Title::VerifyCredentials, "Sign-in not tried.")
    );
    let row = rig.row(&other.connection).await;
    assert_eq!(
        (row.refused, row.label, row.ever_used()),
        (3, Label::Failed, false),
        "the bank was not asked"
    );
    assert_eq!(guarded(&rig).await, 2);

    rig.ops.revoke(&id, "").await.unwrap();
    assert_eq!(
        count(&rig, &id).await,
        (0, false),
        "what is revoked signs in nowhere"
    );
    let right = rig
        .ops
        .update_credentials(&other.connection, "ShowBox".into(), None, None)
        .await
        .unwrap()
        .job;
    rig.work().await;
    assert_eq!(
        rig.ops.job(&right.id).await.unwrap().state,
        State::Succeeded
    );
    assert_eq!(count(&rig, &other.connection).await, (0, false));
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lockout_count_is_kept_when_the_secondary_login_changes() {
    let rig = Rig::new().await;
    let id = rig.connect("AU00000", "Whistler", "wrong").await.connection;
    tries(&rig, &id, false).await;
    rig.ops
        .update_credentials(&id, "wrong".into(), None, Some("second".into()))
        .await
        .unwrap();
    rig.work().await;
    assert_eq!(count(&rig, &id).await, (3, true));
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_workers_try_a_refused_password_three_times() {
    let rig = Rig::with(Limits {
        per_institution: 4,
        ..Limits::default()
    })
    .await;
    let mut jobs = vec![];
    for n in 0..8 {
        let user = if n % 2 == 0 { "user-ada" } else { "user-grace" };
        jobs.push(
            rig.ops
                .connect(NewLink {
                    user: user.into(),
                    ..link("AU00000", "Whistler", "wrong")
                })
                .await
                .unwrap(),
        );
    }
    rig.clock.advance(Duration::from_secs(400));
    let bank = FlakyBank::new(rig.bank());
    let (one, two) = (rig.worker_at(bank.clone()), rig.worker_at(bank.clone()));
    one.until_idle().await;
    two.until_idle().await;
    one.stop().await;
    two.stop().await;
    assert_eq!((bank.asked().len(), bank.at_once()), (3, 1));
    for job in jobs {
        assert_eq!(rig.ops.job(&job.id).await.unwrap().state, State::Failed);
        assert_eq!(count(&rig, &job.connection).await, (3, true));
    }
    rig.healthy().await;
}
