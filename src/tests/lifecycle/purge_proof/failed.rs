//! Proofs that fail: what was found again, and searches that were made blind.

use super::*;
use crate::domain::act::{ActKind, Plan, Standing};
use crate::domain::ids::PlanId;
use crate::ops::Selection;

/// Writes a value of the user into the file in plain, as a defect would.
async fn leak(rig: &Rig) {
    let (user, bank) = (UserId::from("user-ada"), "AU00000".into());
    let read: Result<_> = rig
        .ops
        .store
        .read(move |rd| Ok(rd.needles(&user, &bank)?))
        .await;
    let values = read.unwrap();
    let raw = raw(rig);
    raw.execute_batch("CREATE TABLE leak (text TEXT)").unwrap();
    raw.execute("INSERT INTO leak VALUES (?1)", [values[0].expose()])
        .unwrap();
}

fn mend(rig: &Rig) {
    let raw = raw(rig);
    raw.execute_batch("PRAGMA secure_delete = ON; DROP TABLE leak")
        .unwrap();
}

/// Runs a workflow until it ends.
async fn ended(rig: &Rig, id: &PlanId) -> Plan {
    for _ in 0..20 {
        if let Some(until) = rig.ops.go_on(id).await.unwrap() {
            rig.clock.set(until);
        }
        let plan = rig.ops.stored_plan(id).await.unwrap();
        if plan.head.finished.is_some() {
            return plan;
        }
        rig.clock.advance(Duration::from_secs(31));
    }
    panic!("it does not end");
}

async fn whole(rig: &Rig, kind: ActKind) -> Plan {
    let plan = rig
        .ops
        .plan(kind, Selection::User("user-ada".into()), false);
    let plan = plan.await.unwrap();
    let id = rig.ops.begin_workflow(&plan, "asked for").await.unwrap();
    ended(rig, &id).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_failed_proof_the_same_values_have_to_be_searched_for() {
    let mut rig = Rig::new().await;
    let id = connected(&rig).await;
    let stored = stored(&rig).await;
    leak(&rig).await;
    for turn in 0..3 {
        let job = rig.ops.purge(&id, "").await.unwrap();
        let why = unproven(&rig, &job.id).await;
        let values = format!("of {stored} values were found again");
        assert!(why.contains(&values), "in turn {turn}: {why}");
        assert!(lists(&rig) > 0);
        reopen(&mut rig);
    }
    mend(&rig);
    let job = rig.ops.purge(&id, "").await.unwrap();
    assert_eq!(proof(&rig, &job.id).await.needles, stored);
    assert_eq!((lists(&rig), keys_besides(&rig)), (0, 0));
    // now it is a purge of nothing
    let job = rig.ops.purge(&id, "").await.unwrap();
    assert!(rig.ops.certificate(job.id.as_str()).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn data_fetched_after_a_failed_proof_is_searched_for_with_the_old_values() {
    let rig = Rig::new().await;
    let id = connected(&rig).await;
    leak(&rig).await;
    let job = rig.ops.purge(&id, "").await.unwrap();
    unproven(&rig, &job.id).await;
    rig.clock.advance(Duration::from_secs(3600));
    rig.ops.refresh(&id, true).await.unwrap();
    rig.work().await;
    let now = stored(&rig).await;
    let job = rig.ops.purge(&id, "").await.unwrap();
    unproven(&rig, &job.id).await;
    mend(&rig);
    let job = rig.ops.purge(&id, "").await.unwrap();
    assert!(proof(&rig, &job.id).await.needles >= now);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erasure_and_a_migration_do_not_launder_a_failed_proof() {
    let rig = Rig::new().await;
    let id = connected(&rig).await;
    let expected = stored(&rig).await;
    leak(&rig).await;
    let job = rig.ops.purge(&id, "").await.unwrap();
    unproven(&rig, &job.id).await;

    let plan = rig
        .ops
        .plan(ActKind::Migrate, Selection::One(id.clone()), false);
    let plan = plan.await.unwrap();
    let moved = rig.ops.begin_workflow(&plan, "").await.unwrap();
    let moved = ended(&rig, &moved).await;
    assert_eq!(moved.standing(), Standing::Stopped, "{moved:#?}");

    let erased = whole(&rig, ActKind::Erase).await;
    assert_eq!(erased.standing(), Standing::Stopped, "{erased:#?}");
    assert!(rig.ops.certificate(erased.head.id.as_str()).await.is_err());
    mend(&rig);
    let erased = whole(&rig, ActKind::Erase).await;
    assert_eq!(erased.standing(), Standing::Done, "{erased:#?}");
    let (proof, _) = rig.ops.certificate(erased.head.id.as_str()).await.unwrap();
    assert_eq!(
        (proof.needles, proof.stored.unwrap().values),
        (expected, expected)
    );
    assert_eq!((lists(&rig), keys_besides(&rig)), (0, 0));
}

/// Ways to take the values from a purge that has deleted and not yet searched.
const BLIND: [(&str, &str); 4] = [
    ("no list", "DELETE FROM search_lists"),
    (
        "a list that does not open",
        "UPDATE search_lists SET sealed = zeroblob(60)",
    ),
    (
        "a list that has served",
        "UPDATE search_lists SET sealed = zeroblob(0)",
    ),
    (
        "a list of too few",
        "UPDATE search_lists SET stored = stored + 1",
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_that_was_made_blind_never_certifies_a_purge() {
    for (what, sql) in BLIND {
        let rig = Rig::new().await;
        let id = connected(&rig).await;
        let reading = reader(&rig);
        let job = rig.ops.purge(&id, "").await.unwrap();
        raw(&rig).execute_batch(sql).unwrap();
        drop(reading);
        finish(&rig).await;
        let why = unproven(&rig, &job.id).await;
        assert!(
            why.contains("could be searched for") || why.contains("not known any more"),
            "{what}: {why}"
        );
        let line = rig
            .ops
            .store
            .read(|rd| -> Result<_> { Ok(rd.audit_before(i64::MAX, 1)?) });
        assert_eq!(line.await.unwrap()[0].outcome, "failed: purge-not-verified");
    }
}

/// The key of the list is gone from the key file.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_without_its_key_certifies_nothing() {
    let rig = Rig::new().await;
    let id = connected(&rig).await;
    let reading = reader(&rig);
    let job = rig.ops.purge(&id, "").await.unwrap();
    let slot: i64 = raw(&rig)
        .query_row("SELECT slot FROM search_lists", [], |r| r.get(0))
        .unwrap();
    let mut bytes = std::fs::read(&rig.ops.store.files().keys).unwrap();
    let at = 64 + 80 * usize::try_from(slot).unwrap();
    bytes[at..at + 80].fill(0);
    let keys = std::fs::OpenOptions::new()
        .write(true)
        .open(&rig.ops.store.files().keys)
        .unwrap();
    std::os::unix::fs::FileExt::write_all_at(&keys, &bytes, 0).unwrap();
    drop(reading);
    finish(&rig).await;
    let why = unproven(&rig, &job.id).await;
    assert!(why.contains("nly 0 of"), "{why}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_that_was_made_blind_never_certifies_a_workflow() {
    for kind in [ActKind::Erase, ActKind::EndConsent, ActKind::DeleteUser] {
        for (what, sql) in BLIND {
            let rig = Rig::new().await;
            connected(&rig).await;
            let user = Selection::User("user-ada".into());
            let selection = match kind {
                ActKind::EndConsent => {
                    let consents = rig.ops.consents(Some("user-ada".into()), None, 9);
                    Selection::Consent(consents.await.unwrap().rows[0].id.clone())
                }
                _ => user,
            };
            let plan = rig.ops.plan(kind, selection, false).await.unwrap();
            let id = rig.ops.begin_workflow(&plan, "asked for").await.unwrap();
            let mut runner = rig.ops.runner(&id);
            // up to the search
            for _ in 0..plan.steps.len() - 1 {
                runner.step().await.unwrap();
            }
            raw(&rig).execute_batch(sql).unwrap();
            rig.clock.advance(Duration::from_secs(31));
            let done = ended(&rig, &id).await;
            assert_eq!(done.standing(), Standing::Stopped, "{what}: {done:#?}");
            assert!(done.steps.last().unwrap().why.starts_with("not verified"));
            assert!(rig.ops.certificate(id.as_str()).await.is_err());
        }
    }
}
