//! Purges that are cut off, that wait for a reader, and that another process ends.

use super::*;
use crate::domain::act::{ActKind, Confirmation, Standing};
use crate::ops::Selection;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_purge_that_a_worker_ends_searches_for_all_that_was_stored() {
    let mut rig = Rig::new().await;
    let id = connected(&rig).await;
    let stored = stored(&rig).await;
    let job = rig.ops.begin_purge(&id, "asked for").await.unwrap();
    assert_eq!(lists(&rig), 1, "written down with the order");
    reopen(&mut rig);
    finish(&rig).await;
    let proof = proof(&rig, &job).await;
    assert_eq!((proof.needles, proof.hits), (stored, 0));
    assert_eq!(
        proof.stored.map(|s| (s.values, s.unreadable)),
        Some((stored, 0))
    );
    assert_eq!((lists(&rig), keys_besides(&rig)), (0, 0));
    rig.healthy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_purge_that_waited_for_a_reader_searches_for_all_that_was_stored() {
    for other_process in [false, true] {
        let mut rig = Rig::new().await;
        let id = connected(&rig).await;
        let stored = stored(&rig).await;
        let reading = reader(&rig);
        let job = rig.ops.purge(&id, "").await.unwrap();
        assert!(job.state.open(), "{job:#?}");
        assert_eq!(stored_at(&rig, "user-ada", "AU00000").await, 0);
        if other_process {
            reopen(&mut rig);
        }
        drop(reading);
        finish(&rig).await;
        assert_eq!(proof(&rig, &job.id).await.needles, stored);
        assert_eq!((lists(&rig), keys_besides(&rig)), (0, 0));
    }
}

/// All transactions of an account count, not only the first ones.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_value_is_searched_for_however_many_there_are() {
    let rig = Rig::new().await;
    let id = connected(&rig).await;
    let before = stored(&rig).await;
    let account: String = raw(&rig)
        .query_row("SELECT id FROM accounts LIMIT 1", [], |r| r.get(0))
        .unwrap();
    let transactions: Vec<String> = (0..6_000)
        .map(|n| {
            format!(
                r#"{{"type":"transaction","id":"t-{n}","status":"posted","description":"DISTINCT VALUE {n}",
                "amount":"1.00","currency":"AUD","account":"{account}","postDate":"2026-03-01T00:00:00Z"}}"#
            )
        })
        .collect();
    let document = format!(r#"{{"type":"list","data":[{}]}}"#, transactions.join(","));
    let read = std::io::Cursor::new(document);
    let done = rig.ops.import(read, "many.json", |_| ()).await.unwrap();
    assert_eq!(done.imported.transactions, 6_000);
    let job = rig.ops.purge(&id, "").await.unwrap();
    assert_eq!(proof(&rig, &job.id).await.needles, before + 6_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn values_that_come_after_the_order_are_searched_for_too() {
    let rig = Rig::new().await;
    let id = connected(&rig).await;
    let job = rig.ops.begin_purge(&id, "").await.unwrap();
    new_phone(&rig, &id, "+61 499 000 111").await;
    let all = stored(&rig).await;
    finish(&rig).await;
    // the phones that the new one replaced had been written down as well
    let proof = proof(&rig, &job).await;
    assert!(proof.needles > all, "{} of {all}", proof.needles);
    assert_eq!(proof.stored.unwrap().values, proof.needles);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_short_value_is_counted_and_not_searched_for() {
    let rig = Rig::new().await;
    let id = connected(&rig).await;
    new_phone(&rig, &id, "000").await;
    let stored = stored(&rig).await;
    let job = rig.ops.purge(&id, "").await.unwrap();
    let proof = proof(&rig, &job.id).await;
    assert_eq!(proof.needles, stored);
    assert!(proof.stored.unwrap().short > 0);
    let said = note(&job, &Title::Verify);
    assert!(said.contains("too short to search for"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_purge_of_nothing_claims_nothing() {
    let rig = Rig::new().await;
    let id = connected(&rig).await;
    rig.ops.purge(&id, "").await.unwrap();
    let again = rig.ops.purge(&id, "").await.unwrap();
    assert_eq!(again.state, State::Succeeded);
    let said = note(&again, &Title::Verify);
    assert_eq!(said, "nothing was stored, so nothing was searched for");
    assert_eq!(note(&again, &Title::DestroyKey), "there was none");
    let none = rig.ops.certificate(again.id.as_str()).await;
    assert!(matches!(none, Err(Error::NotFound { .. })), "{none:?}");
    assert_eq!(lists(&rig), 0);
}

/// A bulk purge and a migration are cut off in the same way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn purges_of_a_plan_and_of_a_migration_count_what_was_stored() {
    let rig = Rig::new().await;
    let id = connected(&rig).await;
    let expected = stored(&rig).await;
    let plan = rig
        .ops
        .plan(ActKind::Purge, Selection::Ids(vec![id.clone()]), false)
        .await
        .unwrap();
    rig.ops.keep(&plan).await.unwrap();
    let reading = reader(&rig);
    let typed = Confirmation::new(Some(&plan.words()), Some("asked for"));
    rig.ops
        .apply_kept(&plan.head.id, &typed, |_| ())
        .await
        .unwrap();
    drop(reading);
    finish(&rig).await;
    let done = rig.ops.stored_plan(&plan.head.id).await.unwrap();
    let job = done.steps[0].job.clone().unwrap();
    assert_eq!(proof(&rig, &job).await.needles, expected);

    rig.clock.advance(Duration::from_secs(3600));
    rig.ops.refresh(&id, true).await.unwrap();
    rig.work().await;
    let expected = stored(&rig).await;
    let plan = rig.ops.plan(ActKind::Migrate, Selection::One(id), false);
    let plan = plan.await.unwrap();
    let move_id = rig.ops.begin_workflow(&plan, "").await.unwrap();
    let reading = reader(&rig);
    let mut runner = rig.ops.runner(&move_id);
    runner.step().await.unwrap();
    drop(reading);
    for _ in 0..9 {
        finish(&rig).await;
        rig.ops.maintain().await.unwrap();
    }
    let done = rig.ops.stored_plan(&move_id).await.unwrap();
    assert_eq!(done.standing(), Standing::Done, "{done:#?}");
    let job = done.steps[0].job.clone().unwrap();
    assert_eq!(proof(&rig, &job).await.needles, expected);
}

/// A certificate of an older version that searched for nothing says so, and is not taken for a proof.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_certificate_of_no_values_is_no_proof() {
    let rig = Rig::new().await;
    let id = connected(&rig).await;
    let job = rig.ops.purge(&id, "").await.unwrap();
    let now = proof(&rig, &job.id).await;
    for (old, holds) in [
        (
            Certificate {
                needles: 0,
                ..now.clone()
            },
            false,
        ),
        (now.clone(), true),
        (
            Certificate {
                needles: 0,
                before: vec![("accounts".into(), 0)],
                ..now.clone()
            },
            true,
        ),
    ] {
        let old = Certificate {
            id: format!("old-{holds}-{}", old.needles),
            stored: None,
            ..old
        };
        let written = old.clone();
        let at = rig.clock.now();
        let issued: Result<()> = rig
            .ops
            .store
            .write(move |tx| Ok(tx.issue_certificate(&written, at)?))
            .await;
        issued.unwrap();
        let checks = rig.ops.check_certificate(&old.id).await.unwrap();
        let bad: Vec<&str> = checks.iter().filter(|c| !c.holds).map(|c| c.what).collect();
        let expected: &[&str] = if holds { &[] } else { &["search"] };
        assert_eq!(bad, expected, "{checks:#?}");
    }
}
