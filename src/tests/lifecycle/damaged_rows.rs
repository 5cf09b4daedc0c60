//! One row that cannot be read costs itself only: its job is tried again, put aside and named, and all others go on.

use crate::connector::sandbox::generated_people;
use crate::domain::act::{ActKind, Confirmation};
use crate::domain::connection::Label;
use crate::domain::ids::{ConnectionId, JobId};
use crate::domain::job::{Job, State};
use crate::domain::limits::Limits;
use crate::domain::query::Query;
use crate::ops::{List, Selection};
use crate::testing::lifecycle::{Rig, link};
use std::sync::Arc;
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

/// One connection whose rows get damaged, and five that stay well.
pub(super) struct World {
    pub(super) rig: Rig,
    pub(super) bad: ConnectionId,
    pub(super) well: Vec<ConnectionId>,
}

pub(super) async fn world() -> World {
    let limits = Limits {
        rescue: Duration::from_millis(50),
        ..Limits::default()
    };
    let rig = Rig::with(limits).await;
    let mut all = Vec::new();
    for number in 1..=6 {
        let login = generated_people::login(number, None);
        let password = generated_people::password(number);
        let job = rig.connect("AU00000", &login, password.expose()).await;
        assert_eq!(job.state, State::Succeeded, "{job:#?}");
        all.push(job.connection);
    }
    rig.clock.advance(HOUR);
    World {
        bad: all.remove(0),
        well: all,
        rig,
    }
}

impl World {
    pub(super) fn damage(&self, sql: &str) {
        let raw = rusqlite::Connection::open(self.rig.ops.store.path()).unwrap();
        raw.execute_batch(sql).unwrap();
    }

    async fn queue(&self) -> (JobId, Vec<JobId>) {
        let queued = async |id| self.rig.ops.refresh(id, false).await.unwrap().job.id;
        let bad = queued(&self.bad).await;
        let mut well = Vec::new();
        for id in &self.well {
            well.push(queued(id).await);
        }
        (bad, well)
    }

    /// Runs jobs until nothing is left to do; each commit moves the clock on by a little more than the wait between
    /// two tries.
    pub(super) async fn work(&self) {
        let rig = &self.rig;
        let worker = rig.worker_at(Arc::new(rig.bank()));
        let mut wakes = rig.ops.store.wakes();
        let ticking = async {
            while wakes.changed().await.is_ok() {
                rig.clock.advance(Duration::from_millis(60));
            }
        };
        let done = async {
            tokio::select! {
                () = worker.until_idle() => {}
                () = ticking => {}
            }
        };
        let ended = tokio::time::timeout(Duration::from_secs(60), done).await;
        let trouble = worker.trouble().borrow().clone();
        assert!(ended.is_ok(), "the work does not end: {trouble:?}");
        worker.stop().await;
    }

    pub(super) async fn job(&self, id: &JobId) -> Job {
        self.rig.ops.job(id).await.unwrap()
    }

    async fn all_done(&self, jobs: &[JobId]) {
        for id in jobs {
            assert_eq!(self.job(id).await.state, State::Succeeded);
        }
    }

    async fn put_aside(&self, bad: &JobId) {
        let job = self.job(bad).await;
        assert_eq!((job.state, job.deaths), (State::Failed, 3), "{job:#?}");
        let (_, failure) = job.failed_step().unwrap();
        assert_eq!(failure.code, "local-data-damaged");
        let row = self.rig.row(&self.bad).await;
        assert_eq!(row.label, Label::Active, "no bank refused it");
        let stuck = self.rig.ops.stuck(true).await.unwrap();
        assert_eq!(
            stuck.words().unwrap(),
            "1 job put aside, local data damaged"
        );
    }
}

/// Damages something of the first connection or its job, then lets a worker run all six refreshes.
async fn costs_itself_only(damage: &str) {
    let world = world().await;
    let (bad, well) = world.queue().await;
    world.damage(
        &damage
            .replace("{job}", bad.as_str())
            .replace("{connection}", world.bad.as_str()),
    );
    let list = List {
        query: Query::default(),
        sort: Default::default(),
        from: None,
        limit: 50,
    };
    let listed = world.rig.ops.jobs(list).await.unwrap().rows;
    assert!(listed.iter().any(|job| job.id == bad), "the list goes on");
    world.work().await;
    world.all_done(&well).await;
    world.put_aside(&bad).await;
    // what was put aside does not come back, and a new job of the connection ends the trouble when it runs
    world.work().await;
    assert_eq!(world.job(&bad).await.deaths, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damaged_credentials() {
    costs_itself_only(
        "UPDATE credentials SET sealed = zeroblob(60)
         WHERE connection_n = (SELECT n FROM connections WHERE id = '{connection}')",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damaged_steps() {
    costs_itself_only("UPDATE jobs SET steps = '[' WHERE id = '{job}'").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_challenge() {
    costs_itself_only("UPDATE jobs SET state = 3, challenge = '{', due = 1 WHERE id = '{job}'")
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_steps() {
    costs_itself_only("UPDATE jobs SET steps = '[]' WHERE id = '{job}'").await;
}

/// Two more of the kind: a step with a status that no version wrote, and steps that are no UTF-8.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn steps_of_no_version() {
    costs_itself_only(
        r#"UPDATE jobs SET steps = '[["verify-credentials","half-done"]]' WHERE id = '{job}'"#,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn steps_that_are_no_text() {
    costs_itself_only("UPDATE jobs SET steps = CAST(X'41FF42' AS TEXT) WHERE id = '{job}'").await;
}

/// The next job of a connection that runs ends the trouble of the one that was put aside.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_trouble_ends_with_the_next_job() {
    let world = world().await;
    let (bad, _) = world.queue().await;
    world.damage(&format!("UPDATE jobs SET steps = '[' WHERE id = '{bad}'"));
    world.work().await;
    world.put_aside(&bad).await;
    world.rig.clock.advance(HOUR);
    let again = world.rig.ops.refresh(&world.bad, false).await.unwrap();
    world.work().await;
    world.all_done(&[again.job.id]).await;
    assert_eq!(world.rig.ops.stuck(true).await.unwrap().words(), None);
}

/// A connection that was never active does not stay pending for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_job_that_is_put_aside_fails_its_connection() {
    let world = world().await;
    let made = world
        .rig
        .ops
        .connect(link("AU00002", "jared", "django"))
        .await;
    let made = made.unwrap();
    world.damage(&format!(
        "UPDATE jobs SET steps = '[]' WHERE id = '{}'",
        made.id
    ));
    world.work().await;
    assert_eq!(world.job(&made.id).await.state, State::Failed);
    assert_eq!(world.rig.row(&made.connection).await.label, Label::Failed);
}

/// A purge whose row is damaged ends as failed and can be ordered again; it panics nowhere.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_purge_is_put_aside() {
    let world = world().await;
    let purge = world
        .rig
        .ops
        .begin_purge(&world.bad, "asked for")
        .await
        .unwrap();
    world.damage(&format!(
        "UPDATE jobs SET steps = '[]' WHERE id = '{purge}'"
    ));
    world.rig.clock.advance(HOUR);
    let (_, well) = {
        let mut well = Vec::new();
        for id in &world.well {
            well.push(world.rig.ops.refresh(id, false).await.unwrap().job.id);
        }
        ((), well)
    };
    world.work().await;
    world.all_done(&well).await;
    let put_aside = world.job(&purge).await;
    assert_eq!(
        put_aside.failed_step().unwrap().1.code,
        "local-data-damaged"
    );
    let one = Selection::One(world.bad.clone());
    let plan = world
        .rig
        .ops
        .plan(ActKind::Purge, one, false)
        .await
        .unwrap();
    let typed = Confirmation::new(Some(&plan.words()), Some("asked for"));
    world.rig.ops.apply(&plan, &typed, |_| ()).await.unwrap();
    assert_eq!(world.rig.row(&world.bad).await.accounts, 0);
}

/// A workflow that does not read stays open and is named; maintenance goes on with everything else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_workflow_does_not_stop_maintenance() {
    let world = world().await;
    let rig = &world.rig;
    let selection = Selection::User("user-ada".into());
    let plan = rig
        .ops
        .plan(ActKind::Erase, selection, false)
        .await
        .unwrap();
    let id = rig.ops.begin_workflow(&plan, "asked for").await.unwrap();
    for sql in [
        "UPDATE plan_steps SET act = 'no-act' WHERE plan_n = (SELECT n FROM plans WHERE id = '{id}')",
        "UPDATE plans SET kind = CAST(X'41FF42' AS TEXT) WHERE id = '{id}'",
    ] {
        world.damage(&sql.replace("{id}", id.as_str()));
        rig.clock.advance(HOUR);
        // what it could not do is said, after the rest was done
        let _ = rig.ops.maintain().await;
        let stuck = rig.ops.stuck(true).await.unwrap();
        assert_eq!(stuck.workflows, 1);
        assert!(rig.ops.workflows(None, 9).await.unwrap().rows.len() == 1);
    }
}
