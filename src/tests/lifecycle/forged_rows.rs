//! Jobs, plans and workflows that something else than this program wrote into the file, or changed there, are not
//! carried out: nothing is deleted, and no certificate says so.

use super::damaged_rows::{World, world};
use crate::domain::act::{ActKind, Confirmation};
use crate::domain::ids::JobId;
use crate::domain::job::State;
use crate::ops::{Error, Selection};
use crate::store;
use std::time::Duration;

/// What makes the row of a refresh one of a purge: kind, step, steps.
const PURGE: &str = r#"3, 'destroy-key', '[["destroy-key","pending"],["delete-rows","pending"],["scrub","pending"],["verify","pending"]]'"#;

async fn refused(world: &World, job: &JobId) {
    let kept = world.rig.row(&world.bad).await;
    assert!(kept.accounts > 0);
    let strange = world.rig.ops.store.read(|rd| rd.strange_rows());
    assert_eq!(strange.await.unwrap(), 1);
    world.work().await;
    assert_eq!(world.rig.row(&world.bad).await.accounts, kept.accounts);
    let job = world.job(job).await;
    let (_, failure) = job.failed_step().unwrap();
    assert_eq!(
        (job.state, failure.code.as_str()),
        (State::Failed, "local-data-damaged")
    );
    let why = "was not written by this program";
    assert!(failure.detail.contains(why), "{failure:?}");
    let certificate = world.rig.ops.store.read({
        let id = job.id.clone();
        move |rd| rd.certificate(id.as_str())
    });
    assert!(certificate.await.unwrap().is_none());
}

/// A purge is written beside a refresh that was asked for, with all that the refresh has.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_made_up_purge_is_not_carried_out() {
    let world = world().await;
    let queued = world.rig.ops.refresh(&world.bad, false).await.unwrap();
    let same = "connection_n, user_n, institution_n, state, label, open, created, updated, due, actor, method, tag";
    world.damage(&format!(
        "INSERT INTO jobs (id, kind, step, steps, {same})
         SELECT 'made-up', {PURGE}, {same} FROM jobs WHERE id = '{}'",
        queued.job.id
    ));
    refused(&world, &"made-up".into()).await;
    assert_eq!(world.job(&queued.job.id).await.state, State::Succeeded);
}

/// What was asked for was a refresh.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_turned_into_a_purge_is_not_carried_out() {
    let world = world().await;
    let queued = world.rig.ops.refresh(&world.bad, false).await.unwrap();
    world.damage(&format!(
        "UPDATE jobs SET (kind, step, steps) = ({PURGE}) WHERE id = '{}'",
        queued.job.id
    ));
    refused(&world, &queued.job.id).await;
}

/// A purge that has ended is opened again after data was fetched anew.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_purge_that_is_opened_again_is_not_carried_out() {
    let world = world().await;
    let purged = world.rig.ops.purge(&world.bad, "asked for").await.unwrap();
    world.rig.clock.advance(Duration::from_secs(3600));
    let again = world.rig.ops.refresh(&world.bad, true).await.unwrap();
    world.work().await;
    assert_eq!(world.job(&again.job.id).await.state, State::Succeeded);
    world.damage(&format!(
        "DELETE FROM certificates;
         UPDATE jobs SET (kind, step, steps) = ({PURGE}), state = 0, open = 1, ended = NULL, due = created
         WHERE id = '{}'",
        purged.id
    ));
    refused(&world, &purged.id).await;
}

/// A purge that was asked for is turned to another user at another bank, and one loses its tag.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_purge_with_another_target_or_without_a_tag_is_not_carried_out() {
    let world_of = async |damage: &str| {
        let world = world().await;
        let asked = world.rig.ops.begin_purge(&world.bad, "asked for");
        let asked = asked.await.unwrap();
        world.damage(&damage.replace("{job}", asked.as_str()));
        // whoever asked for it has time to do it
        world.rig.clock.advance(Duration::from_secs(3600));
        refused(&world, &asked).await;
    };
    world_of(
        "UPDATE jobs SET institution_n = (SELECT max(n) FROM institutions) WHERE id = '{job}'",
    )
    .await;
    world_of("UPDATE jobs SET tag = NULL WHERE id = '{job}'").await;
    world_of("UPDATE jobs SET created = created - 1 WHERE id = '{job}'").await;
}

/// A kept plan is refused whole when its kind, one of its steps or its pins were changed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_that_was_changed_is_not_carried_out() {
    for (kind, change) in [
        (
            ActKind::Purge,
            "UPDATE plan_steps SET target = '{other}' WHERE place = 0",
        ),
        (
            ActKind::Purge,
            "UPDATE plan_steps SET pin_accounts = 0 WHERE place = 1",
        ),
        (ActKind::Purge, "DELETE FROM plan_steps WHERE place = 1"),
        (
            ActKind::Revoke,
            "UPDATE plans SET kind = 'purge'; UPDATE plan_steps SET act = 'purge'",
        ),
        (ActKind::Purge, "UPDATE plans SET tag = NULL"),
    ] {
        let world = world().await;
        let ops = &world.rig.ops;
        let two = Selection::Ids(world.well[..2].to_vec());
        let plan = ops.plan(kind, two, false).await.unwrap();
        assert!(ops.keep(&plan).await.unwrap());
        world.damage(&change.replace("{other}", world.bad.as_str()));
        let words = ops.stored_plan(&plan.head.id).await.unwrap().words();
        let typed = Confirmation::new(Some(&words), Some("asked for"));
        let done = ops.apply_kept(&plan.head.id, &typed, |_| ()).await;
        let refused = matches!(
            done,
            Err(Error::Store(store::Error::NotWrittenHere {
                what: "plan",
                ..
            }))
        );
        assert!(refused, "{change}: {done:?}");
        for id in world.well.iter().chain([&world.bad]) {
            assert!(world.rig.row(id).await.accounts > 0, "{change}");
        }
    }
}

/// An erasure that was ordered for one user does not go on for another one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_workflow_for_another_user_is_not_carried_out() {
    let world = world().await;
    let ops = &world.rig.ops;
    let user = Selection::User("user-ada".into());
    let plan = ops.plan(ActKind::Erase, user, false).await.unwrap();
    let id = ops.begin_workflow(&plan, "asked for").await.unwrap();
    world.damage(&format!(
        "UPDATE plans SET user_id = 'somebody-else', owner = NULL, lease = NULL WHERE id = '{id}'"
    ));
    world.rig.clock.advance(Duration::from_secs(3600));
    // what it could not do is said, after the rest was done
    let _ = ops.maintain().await;
    assert_eq!(ops.stuck(true).await.unwrap().workflows, 1);
    assert!(world.rig.row(&world.bad).await.accounts > 0);
}
