//! Open banking: users who authorise again, refuse or leave, and expired consents at the bank.

use crate::domain::connection::{Label, Method, Status};
use crate::domain::ids::{AccountId, ConnectionId};
use crate::domain::job::{Kind, State, StepStatus};
use crate::domain::limits::Limits;
use crate::domain::mask::Level;
use crate::domain::views::BankAnswer;
use crate::engine::{Next, Recorder};
use crate::ops::{Error, NewLink};
use crate::store::ConnectionChange;
use crate::testing::flaky_bank::FlakyBank;
use crate::testing::lifecycle::{Rig, link};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

fn open_banking() -> NewLink {
    NewLink {
        method: Method::OpenBanking,
        ..link("AU00000", "Wentworth-Smith", "whislter")
    }
}

async fn active(rig: &Rig) -> ConnectionId {
    let id = rig.ops.connect(open_banking()).await.unwrap().connection;
    rig.ops.authorise(&id, BankAnswer::Authorise).await.unwrap();
    rig.work().await;
    assert_eq!(rig.row(&id).await.label, Label::Active);
    id
}

async fn accounts(rig: &Rig, id: &ConnectionId) -> Vec<AccountId> {
    let id = id.clone();
    let rows = rig
        .ops
        .store
        .read(move |rd| -> Result<_, Error> { Ok(rd.accounts_of(&id, Level::Standard)?) });
    rows.await.unwrap().into_iter().map(|a| a.id).collect()
}

async fn told(rig: &Rig, event_type: &str) -> usize {
    let events = rig
        .ops
        .store
        .read(|rd| -> Result<_, Error> { Ok(rd.events_after(0, 1000)?) })
        .await
        .unwrap();
    events
        .iter()
        .filter(|e| e.entity == "connection" && e.event_type == event_type)
        .count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reauthorisation_extends_expiry_and_keeps_accounts() {
    let rig = Rig::new().await;
    let id = active(&rig).await;
    let (ends, ids) = (
        rig.row(&id).await.expiry.unwrap(),
        accounts(&rig, &id).await,
    );
    assert!(!ids.is_empty());
    rig.clock.advance(30 * DAY);
    let visited = rig.ops.authorise(&id, BankAnswer::Authorise).await.unwrap();
    let job = visited
        .job
        .expect("a job fetches under the new authorisation");
    assert!(visited.changed);
    assert_eq!(
        (job.kind, job.state, rig.row(&id).await.status),
        (Kind::Refresh, State::Queued, Status::Init)
    );
    assert!(
        rig.ops.authorise(&id, BankAnswer::Authorise).await.is_err(),
        "one is under way"
    );
    rig.work().await;
    let row = rig.row(&id).await;
    assert_eq!(
        (row.label, row.expiry),
        (Label::Active, Some(ends.plus(30 * DAY)))
    );
    assert_eq!(accounts(&rig, &id).await, ids);
    assert_eq!(
        (
            told(&rig, "activated").await,
            told(&rig, "invalidated").await
        ),
        (2, 0)
    );

    // the consent at the bank expires long before the user's consent
    let (ends, ended) = (rig.clock.now().plus(DAY), id.clone());
    let change = ConnectionChange {
        expiry: Some(ends),
        ..Default::default()
    };
    let wrote = rig
        .ops
        .store
        .write(move |tx| -> Result<(), Error> { Ok(tx.change_connection(&ended, change, ends)?) });
    wrote.await.unwrap();
    rig.clock.set(ends);
    rig.ops.maintain().await.unwrap();
    assert_eq!(rig.row(&id).await.label, Label::Invalid);
    let refused = rig.ops.refresh(&id, false).await.unwrap().job;
    rig.work().await;
    let refused = rig.ops.job(&refused.id).await.unwrap();
    assert_eq!(
        refused.failed_step().map(|(_, f)| f.code.as_str()),
        Some("authorization-failed"),
        "it has ended"
    );
    assert_eq!(
        (rig.row(&id).await.label, told(&rig, "invalidated").await),
        (Label::Invalid, 1)
    );
    rig.ops.authorise(&id, BankAnswer::Authorise).await.unwrap();
    rig.work().await;
    let row = rig.row(&id).await;
    assert_eq!(
        (row.label, row.expiry),
        (Label::Active, Some(ends.plus(365 * DAY)))
    );
    assert_eq!(accounts(&rig, &id).await, ids);
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusing_reauthorisation_changes_nothing() {
    let rig = Rig::new().await;
    let id = active(&rig).await;
    let before = rig.row(&id).await;
    for (visit, word) in [(BankAnswer::Deny, "deny"), (BankAnswer::Abandon, "abandon")] {
        let visited = rig.ops.authorise(&id, visit).await.unwrap();
        assert_eq!((visited.changed, visited.job), (false, None));
        assert_eq!(rig.row(&id).await, before);
        let line = rig
            .ops
            .store
            .read(|rd| -> Result<_, Error> { Ok(rd.audit_before(i64::MAX, 1)?) })
            .await
            .unwrap();
        assert_eq!(
            (line[0].action.as_str(), line[0].outcome.as_str()),
            (word, "nothing changed")
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failed_reauthorisation_is_blamed_on_user_or_service() {
    for (code, invalidated) in [("user-action-required", 1), ("connector-error", 0)] {
        let rig = Rig::new().await;
        let bank = FlakyBank::new(rig.bank());
        let id = active(&rig).await;
        bank.fails(Some(code));
        rig.ops.authorise(&id, BankAnswer::Authorise).await.unwrap();
        rig.work_at(bank.clone()).await;
        assert_eq!(
            (rig.row(&id).await.label, told(&rig, "invalidated").await),
            (Label::Invalid, invalidated),
            "{code}"
        );
        bank.fails(None);
        rig.ops.authorise(&id, BankAnswer::Authorise).await.unwrap();
        rig.work_at(bank).await;
        assert_eq!(rig.row(&id).await.label, Label::Active, "and again");

        let first = rig
            .ops
            .connect(NewLink {
                user: "user-grace".into(),
                ..open_banking()
            })
            .await
            .unwrap()
            .connection;
        let bank = FlakyBank::new(rig.bank());
        bank.fails(Some(code));
        rig.ops
            .authorise(&first, BankAnswer::Authorise)
            .await
            .unwrap();
        rig.work_at(bank).await;
        assert_eq!(
            (rig.row(&first).await.label, told(&rig, "invalidated").await),
            (Label::Failed, invalidated),
            "{code}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reauthorisation_restarts_a_waiting_job() {
    let rig = Rig::with(Limits {
        retry: true,
        ..Limits::default()
    })
    .await;
    let id = active(&rig).await;
    let bank = FlakyBank::new(rig.bank());
    bank.fails(Some("service-unavailable"));
    rig.clock.advance(DAY);
    let job = rig.ops.refresh(&id, false).await.unwrap().job;
    rig.work_at(bank.clone()).await;
    let waits = rig.ops.job(&job.id).await.unwrap();
    assert_eq!((waits.state, waits.current()), (State::WaitingRetry, 1));
    rig.clock.advance(Duration::from_secs(60));
    let joined = rig
        .ops
        .authorise(&id, BankAnswer::Authorise)
        .await
        .unwrap()
        .job
        .unwrap();
    assert_eq!(
        (joined.id.clone(), joined.state, joined.current()),
        (job.id, State::Queued, 0)
    );
    assert!(joined.steps.iter().all(|s| s.status == StepStatus::Pending));
    bank.fails(None);
    rig.work_at(bank).await;
    let row = rig.row(&id).await;
    assert_eq!(
        (row.label, row.expiry),
        (Label::Active, Some(rig.clock.now().plus(365 * DAY)))
    );

    rig.clock.advance(DAY);
    let job = rig.ops.refresh(&id, false).await.unwrap().job;
    let (clock, settings, held) = (rig.clock.clone(), rig.limits.clone(), job.id.clone());
    let claimed = rig.ops.store.write(move |tx| {
        Recorder {
            clock: &clock,
            limits: &settings,
            owner: "somebody",
        }
        .claim(tx, &held)
    });
    assert!(matches!(claimed.await, Ok(Next::Ask(..))));
    let refused = rig.ops.authorise(&id, BankAnswer::Authorise).await;
    assert!(
        matches!(refused, Err(Error::Refused(r)) if r.detail == "A job is in progress for this connection.")
    );
    assert_eq!(rig.row(&id).await.label, Label::Active);
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reauthorisation_is_refused_after_the_other_method_connected() {
    let rig = Rig::new().await;
    let slow = rig.ops.connect(open_banking()).await.unwrap();
    let web = rig.connect("AU00000", "Whistler", "ShowBox").await;
    assert_eq!(rig.row(&web.connection).await.label, Label::Active);
    let taken = rig
        .ops
        .authorise(&slow.connection, BankAnswer::Authorise)
        .await;
    assert!(matches!(taken, Err(Error::Refused(r)) if r.code == "resource-already-exists"));
    assert_eq!(
        rig.row(&slow.connection).await.label,
        Label::PreInit,
        "the job still waits"
    );
    rig.ops.revoke(&web.connection, "").await.unwrap();
    rig.ops
        .authorise(&slow.connection, BankAnswer::Authorise)
        .await
        .unwrap();
    rig.work().await;
    assert_eq!(rig.row(&slow.connection).await.label, Label::Active);
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refresh_does_not_override_a_refused_authorisation() {
    let rig = Rig::new().await;
    let id = rig.ops.connect(open_banking()).await.unwrap().connection;
    for visit in [BankAnswer::Abandon, BankAnswer::Deny] {
        rig.ops.authorise(&id, visit).await.unwrap();
        rig.work().await;
    }
    let job = rig.ops.refresh(&id, false).await.unwrap().job;
    rig.work().await;
    assert_eq!(rig.ops.job(&job.id).await.unwrap().state, State::Failed);
    assert_eq!(rig.row(&id).await.label, Label::Failed);
    rig.ops.authorise(&id, BankAnswer::Authorise).await.unwrap();
    rig.work().await;
    assert_eq!(rig.row(&id).await.label, Label::Active);
}
