//! Several processes on one file: all see the same, and no job is done twice.

use super::harness::{Desk, PLAIN, ended, text};
use super::tty::Tty;

#[test]
fn two_dashboards_and_a_command_follow_one_job() {
    let desk = Desk::new(40, 10, 0.1);
    desk.work();
    let id = desk.one(PLAIN);
    let mut screens = [
        Tty::started(&desk, (120, 40)),
        Tty::started(&desk, (120, 40)),
    ];
    for tty in &mut screens {
        tty.goes_to(&id);
    }
    let words = ["refresh", &id, "--wait", "--json"];
    let done = ended(desk.start(&words).wait_with_output().unwrap(), &words);
    assert_eq!(done.exit, 0, "{done:?}");
    let job = done.document();
    assert_eq!(job["state"], "succeeded");
    for step in [
        "verify-credentials",
        "retrieve-accounts",
        "retrieve-transactions",
    ] {
        assert!(
            done.err.contains(step),
            "the command tells of {step}: {}",
            done.err
        );
    }
    for tty in &mut screens {
        tty.wait("the job running", |screen| screen.contains("▸ refresh"));
        tty.wait("the job's end", |screen| {
            !screen.contains("▸ refresh") && screen.contains("✓ refresh")
        });
        let drawn = String::from_utf8_lossy(&tty.raw).to_lowercase();
        assert!(
            !drawn.contains("locked") && !drawn.contains("busy"),
            "nothing of the database's own troubles"
        );
        tty.types("q");
        assert_eq!(tty.ends(), 0);
        tty.given_back();
    }
    assert!(
        !done.err.contains("locked") && !done.err.contains("busy"),
        "{}",
        done.err
    );
    desk.healthy();
}

#[test]
fn many_workers_share_the_work() {
    let desk = Desk::new(40, 10, 0.02);
    desk.work();
    let ids: Vec<String> = desk.ids(PLAIN).into_iter().take(12).collect();
    let mut words = vec!["refresh"];
    words.extend(ids.iter().map(String::as_str));
    let asked = desk.document(&words);
    assert_eq!(asked["count"], ids.len());
    let workers: Vec<_> = (0..4)
        .map(|_| desk.start(&["work", "--until-idle"]))
        .collect();
    for worker in workers {
        let done = ended(worker.wait_with_output().unwrap(), &["work"]);
        assert_eq!(done.exit, 0, "{done:?}");
        assert!(
            !done.err.contains("locked") && !done.err.contains("trouble"),
            "{}",
            done.err
        );
    }
    for item in asked["data"].as_array().unwrap() {
        let job = desk.job(&text(&item["job"]["id"]));
        assert_eq!(
            (&job["state"], &job["attempt"]),
            (&"succeeded".into(), &1.into()),
            "{job:#}"
        );
    }
    desk.healthy();
}
