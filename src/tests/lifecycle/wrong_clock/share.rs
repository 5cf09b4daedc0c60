//! Many consents that end at once: of more than a share only a person ends any; of fewer, so many a round.

use super::*;
use crate::domain::import_records::UserRecord;
use crate::domain::limits::Limits;
use crate::testing::lifecycle::user;
use std::sync::Arc;

/// So many users more, whose consents end within a minute from `end` on.
async fn many(rig: &Rig, users: usize, end: Moment) {
    let now = rig.clock.now();
    let wrote = rig.ops.write(move |_, tx| {
        for n in 0..users {
            let record = UserRecord {
                id: UserId::from(format!("user-{n}")),
                email: None,
                mobile: None,
                ..user(&format!("U{n} Nobody"))
            };
            tx.put_user(&record, now)?;
            let given = Consent::given(format!("consent-{n}").into(), record.id, now);
            tx.insert_consent(&Consent {
                expiry: end.plus_ms(n as i64 * 60_000 / users as i64),
                ..given
            })?;
        }
        Ok(())
    });
    wrote.await.unwrap();
}

fn with(rig: &Rig, ending_share: u32, ending_limit: u32) -> Ops {
    Ops {
        limits: Arc::new(Limits {
            ending_share,
            ending_limit,
            ..Limits::default()
        }),
        ..rig.ops.clone()
    }
}

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_consents_that_end_in_one_minute_are_held_and_capped() {
    let rig = machine().await;
    many(&rig, 10_000, rig.clock.now().plus(HOUR)).await;
    rounds(&rig.ops, &rig, &[HOUR + MINUTE, 2 * HOUR, 2 * HOUR]).await;
    assert_eq!((stored(&rig).await.len(), marked(&rig).await), (10_000, 0));
    let held = rig.ops.held().await.unwrap();
    let told = Held::Share {
        due: 10_000,
        users: 10_002,
        most: 500,
    };
    assert_eq!(held.as_ref(), Some(&told));
    assert!(
        told.words().contains("switchboard consents"),
        "{}",
        told.words()
    );
    assert!(told.words().contains("ending_share"), "{}", told.words());

    // a person lets all of them end: so many a round
    let ops = with(&rig, 100, 2);
    assert_eq!(ops.held().await.unwrap(), None);
    rounds(&ops, &rig, &[MINUTE]).await;
    assert_eq!(
        (stored(&rig).await.len(), marked(&rig).await),
        (10_000, 10_000)
    );
    rounds(&ops, &rig, &[HOUR]).await;
    assert_eq!(stored(&rig).await.len(), 9_998);
    rounds(&ops, &rig, &[MINUTE, MINUTE]).await;
    assert_eq!(stored(&rig).await.len(), 9_994);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_users_are_always_few_enough_and_four_of_few_are_not() {
    for (users, left) in [(3, 0), (4, 4)] {
        let rig = machine().await;
        let ops = with(&rig, 0, 20);
        many(&rig, users, rig.clock.now().plus(HOUR)).await;
        rounds(&ops, &rig, &[HOUR, MINUTE, 2 * HOUR]).await;
        assert_eq!(stored(&rig).await.len(), left, "of {users}");
        assert_eq!(ops.held().await.unwrap().is_some(), left > 0);
    }
}

/// The rule is about users of this file, so a person who ends some lets the rest end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_held_goes_on_when_a_person_has_extended_enough() {
    let rig = machine().await;
    let ops = with(&rig, 10, 20);
    many(&rig, 5, rig.clock.now().plus(HOUR)).await;
    rounds(&ops, &rig, &[HOUR, MINUTE, 2 * HOUR]).await;
    assert_eq!(stored(&rig).await.len(), 5);
    for n in [0, 1] {
        let id = format!("consent-{n}").into();
        rig.ops.extend_consent(&id, "still wanted").await.unwrap();
    }
    rounds(&ops, &rig, &[MINUTE, HOUR]).await;
    assert_eq!(stored(&rig).await.len(), 2);
    assert_eq!(ops.held().await.unwrap(), None);
}
