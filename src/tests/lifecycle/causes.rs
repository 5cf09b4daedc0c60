//! Causes: broken connections in groups, with what the tables say of them.

use crate::domain::connection::Method;
use crate::domain::diagnosis::{Trend, Whose};
use crate::domain::limits::Limits;
use crate::domain::query::{Scope, parse};
use crate::ops::CauseShown;
use crate::store::Error;
use crate::testing::flaky_bank::FlakyBank;
use crate::testing::lifecycle::Rig;
use crate::world::WorldSettings;
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3_600);

async fn causes(rig: &Rig, filter: &str) -> Vec<CauseShown> {
    let query = parse(filter, Scope::Connections).unwrap();
    rig.ops.causes(&query).await.unwrap()
}

async fn matching(rig: &Rig, filter: &str) -> u64 {
    let (query, asker) = (parse(filter, Scope::Connections).unwrap(), rig.ops.asker());
    let size = rig.ops.store.read(move |rd| -> Result<_, Error> {
        Ok(rd.connection_size(&query, 1_000_000, &asker)?.count)
    });
    size.await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_failed_alike_is_one_cause() {
    let rig = Rig::with(Limits {
        retry: true,
        ..Limits::default()
    })
    .await;
    let first = rig.clock.now();
    for login in ["Whistler", "jared", "richard"] {
        rig.connect("AU00000", login, "wrong").await;
    }
    let well = rig.connect("AU10001", "jared", "django").await.connection;
    let other = rig
        .connect("AU10001", "Whistler", "ShowBox")
        .await
        .connection;
    let healthy = rig.connect("AU10003", "jared", "django").await;
    rig.clock.advance(HOUR);
    let bank = FlakyBank::new(rig.bank());
    bank.fails(Some("service-unavailable"));
    for id in [&well, &other] {
        rig.ops.refresh(id, true).await.unwrap();
    }
    rig.work_at(bank).await;

    let all = causes(&rig, "").await;
    let seen: Vec<_> = all
        .iter()
        .map(|it| {
            let cause = &it.cause;
            let (bank, code) = (cause.institution.as_str(), cause.code.as_deref());
            (bank, cause.method, code, cause.count, cause.retrying)
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("AU00000", Method::Web, Some("invalid-credentials"), 3, 0),
            ("AU10001", Method::Web, Some("service-unavailable"), 2, 2),
        ]
    );
    assert_eq!(all[0].remedy.whose, Whose::User);
    assert_eq!(all[1].remedy.whose, Whose::Bank);
    assert!(all[0].cause.first >= first && all[0].cause.first < first.plus(HOUR));
    assert_eq!((all[0].cause.trend(), all[0].cause.day), (Trend::Rising, 3));
    assert_eq!(causes(&rig, "bank=AU10001").await.len(), 1);
    assert_eq!(
        causes(&rig, &format!("id:{}", healthy.connection))
            .await
            .len(),
        0
    );
    for it in &all {
        assert_eq!(
            matching(&rig, &it.cause.filter()).await,
            it.cause.count,
            "{}",
            it.cause.filter()
        );
    }

    rig.clock.advance(30 * HOUR);
    let later = causes(&rig, "bank=AU00000").await;
    assert_eq!(
        (
            later[0].cause.trend(),
            later[0].cause.day,
            later[0].cause.before
        ),
        (Trend::Falling, 0, 3)
    );
    let until = rig.clock.now().plus(HOUR);
    let hold = rig
        .ops
        .hold_bank(&"AU00000".into(), until, "")
        .await
        .unwrap();
    rig.ops
        .outage(&"AU10001".into(), Some(until))
        .await
        .unwrap();
    let held = causes(&rig, "").await;
    let of = |bank: &str| {
        held.iter()
            .find(|it| it.cause.institution.as_str() == bank)
            .unwrap()
    };
    assert_eq!(of("AU00000").hold.as_ref().map(|h| &h.id), Some(&hold.id));
    assert!(of("AU10001").outage.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_broken_connection_has_one_cause() {
    let rig = Rig::new().await;
    let settings = WorldSettings {
        connections: 600,
        seed: 7,
        transactions_per_account: 1,
        at: rig.clock.now(),
        scenario: None,
    };
    rig.ops.generate(settings, |_| ()).await.unwrap();
    let all = causes(&rig, "").await;
    let count: u64 = all.iter().map(|it| it.cause.count).sum();
    let broken = matching(&rig, "status:invalid,failed").await;
    let retrying = matching(
        &rig,
        "state:waiting-retry !status:invalid,failed kind:refresh,connect,update-credentials",
    )
    .await;
    assert!(broken > 10 && all.len() > 5, "{broken} of {}", all.len());
    assert_eq!(count, broken + retrying);
    assert!(
        all.windows(2)
            .all(|two| two[0].cause.count >= two[1].cause.count)
    );
    assert!(all.iter().all(|it| it.cause.first <= it.cause.last));
}
