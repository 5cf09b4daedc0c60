//! A process is killed in the middle of a step: the next worker finishes the job.
//! `kills.rs` does this many times, `purges.rs` kills purges.

use super::harness::{Desk, PLAIN, text, until};
use super::tty::Tty;
use serde_json::Value;

fn running(desk: &Desk, job: &str) -> bool {
    desk.job(job)["steps"]
        .as_array()
        .unwrap()
        .iter()
        .any(|step| step["status"] == "in-progress")
}

/// Each step once, in order and successful.
fn whole(job: &Value) {
    assert_eq!(job["state"], "succeeded", "{job:#}");
    let titles: Vec<&str> = job["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["title"].as_str().unwrap())
        .collect();
    assert_eq!(
        titles,
        [
            "verify-credentials",
            "retrieve-accounts",
            "retrieve-transactions"
        ]
    );
    assert!(
        job["steps"]
            .as_array()
            .unwrap()
            .iter()
            .all(|s| s["status"] == "success"),
        "{job:#}"
    );
}

#[test]
fn the_next_worker_finishes_the_job_of_a_killed_one() {
    let desk = Desk::new(40, 10, 0.2).hasty();
    desk.work();
    let ids = desk.ids(PLAIN);
    let queue = |id: &str| text(&desk.document(&["refresh", id])["id"]);

    let job = queue(&ids[0]);
    let mut worker = desk.start(&["work"]);
    until("the job in the middle of a step", || running(&desk, &job));
    worker.kill().unwrap();
    worker.wait().unwrap();
    desk.work();
    whole(&desk.job(&job));

    let tty = Tty::started(&desk, (120, 40));
    let job = queue(&ids[1]);
    until("the job in the middle of a step", || running(&desk, &job));
    tty.kill();
    desk.work();
    whole(&desk.job(&job));
    desk.healthy();
}
