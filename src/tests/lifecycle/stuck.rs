//! Steps that take far too long, by what they usually take at their bank.

use crate::domain::ids::{ConnectionId, JobId};
use crate::domain::job::{State, StepStatus};
use crate::domain::query::{Scope, parse};
use crate::domain::views::Sort;
use crate::ops::{Error, List};
use crate::store::Guard;
use crate::testing::lifecycle::{LOGINS, Rig};
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);

/// A refresh that a worker claimed now and keeps.
async fn runs(rig: &Rig, of: &ConnectionId) -> JobId {
    let id = rig.ops.refresh(of, false).await.unwrap().job.id;
    let (asked, now) = (id.clone(), rig.clock.now());
    let claimed = rig.ops.store.write(move |tx| -> Result<_, Error> {
        let mut job = tx.job(&asked)?.unwrap();
        let guard = Guard::of(&job);
        (job.state, job.epoch, job.attempt) = (State::Running, 1, 1);
        (job.owner, job.next_attempt) = (Some("w".into()), None);
        (job.lease_until, job.updated) = (Some(now.plus(MINUTE * 600)), now);
        (job.steps[0].status, job.steps[0].started) = (StepStatus::InProgress, Some(now));
        Ok(tx.save_job(&job, guard)?)
    });
    assert!(claimed.await.unwrap());
    id
}

async fn stuck(rig: &Rig) -> Vec<JobId> {
    let list = List {
        query: parse("is:stuck", Scope::Jobs).unwrap(),
        sort: Sort::default(),
        from: None,
        limit: 10,
    };
    let jobs = rig.ops.jobs(list).await.unwrap().rows;
    jobs.into_iter().map(|job| job.id).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_is_stuck_against_the_usual_time_of_its_bank() {
    let rig = Rig::new().await;
    let known = rig.connect_each(&LOGINS[..5]).await;
    let unknown = rig.connect("AU10001", "jared", "django").await.connection;
    rig.ops.maintain().await.unwrap();
    rig.clock.advance(MINUTE * 60);
    let timed = runs(&rig, &known[0]).await;
    let untimed = runs(&rig, &unknown).await;
    let usual = async |id| rig.ops.job(id).await.unwrap().usual;
    assert!(usual(&timed).await.is_some(), "five fetches tell");
    assert_eq!(usual(&untimed).await, None, "one tells nothing");
    assert_eq!(stuck(&rig).await, []);
    rig.clock.advance(MINUTE * 2);
    assert_eq!(stuck(&rig).await, std::slice::from_ref(&timed));
    rig.clock.advance(MINUTE * 9);
    assert_eq!(stuck(&rig).await.len(), 2);
}
