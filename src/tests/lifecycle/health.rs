//! The health of a bank as declared and as measured from our own fetches.

use crate::connector::sandbox::{Sandbox, SandboxSettings};
use crate::domain::connection::Method;
use crate::domain::diagnosis::{Health, Whose};
use crate::domain::failure_codes::Blame;
use crate::domain::health::{Measured, Window};
use crate::domain::ids::InstitutionId;
use crate::domain::job::State;
use crate::domain::limits::Limits;
use crate::engine::Worker;
use crate::ops::{BankShown, Error, Way};
use crate::testing::lifecycle::{LOGINS, Rig};
use std::sync::Arc;
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3_600);

fn web(bank: &BankShown) -> &Way {
    bank.ways
        .iter()
        .find(|w| w.record.method == Method::Web)
        .unwrap()
}

async fn bank(rig: &Rig) -> BankShown {
    rig.ops.institution(&"AU00000".into()).await.unwrap()
}

/// Runs all jobs against a bank that has the sandbox's outages.
async fn work(rig: &Rig) {
    let store = rig.ops.store.clone();
    let banks = Sandbox::new(SandboxSettings {
        speed: 0.0,
        seed: 7,
    })
    .with_outages(Arc::new(move |institution, now| {
        crate::ops::outage_now(&store, institution, now)
    }));
    let worker = Worker::start(
        rig.ops.store.clone(),
        Arc::new(banks),
        rig.clock.clone(),
        rig.limits.clone(),
        "test",
    );
    tokio::time::timeout(Duration::from_secs(60), worker.until_idle())
        .await
        .expect("the work ends");
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bank_health_is_measured_from_fetches() {
    let rig = Rig::new().await;
    let first = rig.connect("AU00000", "jared", "django").await;
    for (login, password) in [
        ("richard", "tabsnotspaces"),
        ("Whistler", "ShowBox"),
        ("Gilfoyle", "PiedPiper"),
    ] {
        rig.connect("AU00000", login, password).await;
    }
    for login in ["bighead", "nobody", "erlich"] {
        rig.connect("AU00000", login, "password").await;
    }
    let seen = bank(&rig).await;
    let hour = web(&seen).measured.figures(Window::Hour);
    assert_eq!(
        (hour.passed, hour.user, hour.failed()),
        (4, 3, 0),
        "{hour:?}"
    );
    assert_eq!(
        web(&seen).measured.state(),
        None,
        "four fetches tell nothing"
    );

    rig.connect("AU00000", "jianYang", "nothotdog").await;
    let seen = bank(&rig).await;
    assert_eq!(
        web(&seen).measured.state(),
        Some((Health::DegradedPerformance, Window::Hour))
    );
    let codes: Vec<_> = web(&seen)
        .measured
        .codes
        .iter()
        .map(|(code, n)| (code.as_str(), *n))
        .collect();
    assert_eq!(
        codes,
        [("invalid-credentials", 3), ("service-unavailable", 1)]
    );
    let times = web(&seen).times.as_ref().expect("four were timed");
    assert_eq!((times.total.sample, times.steps.len()), (4, 3));
    let other = seen
        .ways
        .iter()
        .find(|w| w.record.method == Method::OpenBanking)
        .unwrap();
    assert_eq!(
        other.measured,
        Measured::default(),
        "the two ways are measured apart"
    );

    // the figures are kept and computed again a day later
    assert!(
        rig.ops
            .institutions()
            .await
            .unwrap()
            .iter()
            .all(|b| b.ways.iter().all(|w| w.timed.is_none()))
    );
    let next = rig.ops.maintain().await.unwrap();
    assert_eq!(next, Some(rig.clock.now().plus(24 * HOUR)));
    let kept = |banks: Vec<BankShown>| {
        web(banks
            .iter()
            .find(|b| b.record.id.as_str() == "AU00000")
            .unwrap())
        .clone()
    };
    let before = kept(rig.ops.institutions().await.unwrap());
    assert_eq!(
        (before.times.as_ref(), before.timed),
        (Some(times), Some(rig.clock.now()))
    );
    rig.clock.advance(23 * HOUR);
    rig.ops.maintain().await.unwrap();
    assert_eq!(
        kept(rig.ops.institutions().await.unwrap()).timed,
        before.timed
    );
    rig.clock.advance(HOUR);
    rig.ops.maintain().await.unwrap();
    assert_eq!(
        kept(rig.ops.institutions().await.unwrap()).timed,
        Some(rig.clock.now())
    );
    // an imported description of the bank keeps them
    rig.ops
        .declare_banks(Sandbox::institutions())
        .await
        .unwrap();
    assert!(kept(rig.ops.institutions().await.unwrap()).timed.is_some());

    rig.clock.advance(7 * 24 * HOUR);
    let seen = bank(&rig).await;
    assert_eq!(web(&seen).measured, Measured::default());
    assert!(rig.row(&first.connection).await.accounts > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn outage_is_measured_while_jobs_wait_for_retry() {
    let rig = Rig::with(Limits {
        retry: true,
        ..Limits::default()
    })
    .await;
    let all = rig.connect_each(&LOGINS[..5]).await;
    rig.clock.advance(3 * HOUR);
    rig.ops
        .outage(&"AU00000".into(), Some(rig.clock.now().plus(HOUR)))
        .await
        .unwrap();
    assert_eq!(web(&bank(&rig).await).declared(), Some(Health::MajorOutage));
    for id in &all {
        let job = rig.ops.refresh(id, false).await.unwrap().job;
        work(&rig).await;
        assert_eq!(
            rig.ops.job(&job.id).await.unwrap().state,
            State::WaitingRetry
        );
    }
    let seen = bank(&rig).await;
    let (health, window) = web(&seen).measured.state().expect("five failed");
    assert_eq!((health, window), (Health::MajorOutage, Window::Hour));
    assert_eq!(web(&seen).measured.figures(Window::Hour).bank, 5);
    let meaning = rig.ops.why(&all[0]).await.unwrap().meaning;
    assert_eq!(meaning.whose, Whose::System, "it is tried again by itself");
    assert!(
        meaning.what_to_do[0].starts_with("Do not retry"),
        "{meaning:?}"
    );

    // the outage ends; the figures of the day still contain it, later ones do not
    rig.clock.advance(2 * HOUR);
    work(&rig).await;
    let seen = bank(&rig).await;
    assert_eq!(web(&seen).declared(), Some(Health::Operational));
    assert_eq!(
        web(&seen).measured.figures(Window::Day).failed(),
        0,
        "all of them got through in the end"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn declared_health_is_stored_and_audited() {
    let rig = Rig::new().await;
    let id: InstitutionId = "AU00000".into();
    rig.ops
        .declare_health(&id, Some(Method::Web), Health::PartialOutage)
        .await
        .unwrap();
    let seen = bank(&rig).await;
    assert_eq!(web(&seen).declared(), Some(Health::PartialOutage));
    assert!(
        seen.ways
            .iter()
            .any(|w| w.declared() == Some(Health::Operational)),
        "only the way that was named"
    );
    for (bank, method) in [("AU99999", None), ("AU00002", Some(Method::OpenBanking))] {
        let refused = rig
            .ops
            .declare_health(&bank.into(), method, Health::Operational)
            .await;
        assert!(
            matches!(refused, Err(Error::NotFound { .. })),
            "{refused:?}"
        );
    }
    let lines = rig
        .ops
        .store
        .read(|rd| -> Result<_, Error> { Ok(rd.audit_before(i64::MAX, 5)?) })
        .await
        .unwrap();
    assert_eq!(
        (lines[0].action.as_str(), lines[0].outcome.as_str()),
        ("declare-health", "web partial-outage")
    );
    assert_eq!(lines.len(), 1);

    let broken = rig.connect("AU00000", "jianYang", "nothotdog").await;
    assert_eq!(broken.failed_step().unwrap().1.blame(false), Blame::Bank);
    let meaning = rig.ops.why(&broken.connection).await.unwrap().meaning;
    assert!(
        meaning.what_to_do[0].starts_with("Wait 10 minutes"),
        "{meaning:?}"
    );
    rig.healthy().await;
}

#[tokio::test]
async fn what_changes_of_a_bank_is_an_event() {
    let rig = Rig::new().await;
    let told = async || {
        let read =
            |rd: &crate::store::ReadTxn<'_>| -> Result<_, Error> { Ok(rd.events_after(0, 1_000)?) };
        let events = rig.ops.store.read(read).await.unwrap();
        let of_banks = events.into_iter().filter(|e| e.entity == "institution");
        of_banks
            .map(|e| (e.event_type, e.institution.unwrap().to_string()))
            .collect::<Vec<_>>()
    };
    let bank: InstitutionId = "AU00000".into();
    let import = async |document: serde_json::Value| {
        let text = std::io::Cursor::new(document.to_string());
        rig.ops.import(text, "bank.json", |_| ()).await.unwrap();
    };
    assert_eq!(told().await, []);
    let renamed =
        serde_json::json!({"type": "institution", "id": "AU00000", "name": "Hooli Renamed"});
    import(renamed.clone()).await;
    // the same again is no news
    import(renamed).await;
    let until = rig.clock.now().plus(HOUR);
    rig.ops.outage(&bank, Some(until)).await.unwrap();
    rig.ops.outage(&bank, None).await.unwrap();
    let declared = rig
        .ops
        .declare_health(&bank, None, Health::DegradedPerformance);
    declared.await.unwrap();
    import(serde_json::json!({"type": "institution", "id": "AU77777", "name": "New"})).await;
    let here = |what: &str, id: &str| (what.to_owned(), id.to_owned());
    assert_eq!(
        told().await,
        [
            here("updated", "AU00000"),
            here("updated", "AU00000"),
            here("updated", "AU00000"),
            here("updated", "AU00000"),
            here("created", "AU77777"),
        ]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_incident_opens_and_closes_where_fetches_end_and_decides_whose_move_it_is() {
    let rig = Rig::new().await;
    let all = rig.connect_each(&LOGINS).await;
    let hooli = InstitutionId::from("AU00000");
    let open = async || web(&bank(&rig).await).incident.clone();
    rig.clock.advance(3 * HOUR);
    let began = rig.clock.now();
    let until = Some(began.plus(HOUR));
    rig.ops.outage(&hooli, until).await.unwrap();
    for (n, id) in all.iter().enumerate() {
        assert_eq!(open().await.is_some(), n >= 5, "after {n} failures");
        rig.clock.advance(Duration::from_secs(60));
        rig.ops.refresh(id, false).await.unwrap();
        work(&rig).await;
    }
    let incident = open().await.expect("five failed alike");
    assert_eq!(
        (incident.failed, incident.passed, incident.connections),
        (6, 0, 6)
    );
    assert!(incident.started.since(began) <= 61_000, "{incident:?}");
    assert_eq!(incident.ended, None);
    let shown = rig.ops.incident("1").await.unwrap();
    let hit: Vec<_> = shown.hit.iter().map(|(id, _)| id.clone()).collect();
    assert_eq!(hit, all, "in the order in which they failed");
    let mover = async |id| rig.row(id).await.mover;
    for id in &all {
        let meaning = rig.ops.why(id).await.unwrap().meaning;
        assert_eq!((meaning.whose, mover(id).await), (Whose::Bank, Whose::Bank));
    }

    // the report is over, the incident is not: nobody has got through yet
    rig.ops.outage(&hooli, None).await.unwrap();
    assert!(open().await.is_some());
    for (n, id) in all.iter().take(5).enumerate() {
        assert!(open().await.is_some(), "after {n} got through");
        rig.clock.advance(Duration::from_secs(60));
        rig.ops.refresh(id, true).await.unwrap();
        work(&rig).await;
    }
    assert_eq!(open().await, None);
    let over = rig.ops.incident("1").await.unwrap();
    assert!(over.incident.ended.is_some());
    assert_eq!((over.incident.passed, over.hit.len()), (5, 6));
    // what failed while it lasted is ours to ask again, and heading and `why` agree on it
    for id in &all[5..] {
        let meaning = rig.ops.why(id).await.unwrap().meaning;
        assert_eq!((meaning.whose, mover(id).await), (Whose::Us, Whose::Us));
        assert!(
            meaning.what_to_do[0].starts_with("Refresh once"),
            "{meaning:?}"
        );
    }
    let us = rig.ops.counts().await.unwrap().whose(Whose::Us);
    assert_eq!(us, 1);
    rig.healthy().await;
}
