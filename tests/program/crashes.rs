//! Killed hard, at moments nobody chose: no job is lost, none is done twice, and what a purge said stays
//! true.

use super::rig::{Desk, Dice, PLAIN, hits, kill_after, purge_words, text, until};
use super::tty::Tty;
use serde_json::Value;
use std::collections::BTreeMap;

const TERMINAL: [&str; 3] = ["succeeded", "failed", "cancelled"];

fn running(desk: &Desk, job: &str) -> bool {
    desk.job(job)["steps"].as_array().unwrap().iter().any(|step| step["status"] == "in-progress")
}

/// Each step once, in order, and well.
fn whole(job: &Value) {
    assert_eq!(job["state"], "succeeded", "{job:#}");
    let titles: Vec<&str> = job["steps"].as_array().unwrap().iter().map(|s| s["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["verify-credentials", "retrieve-accounts", "retrieve-transactions"]);
    assert!(job["steps"].as_array().unwrap().iter().all(|s| s["status"] == "success"), "{job:#}");
}

#[test]
fn whoever_comes_after_a_killed_process_finishes_its_job() {
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

fn transactions(desk: &Desk, ids: &[String]) -> BTreeMap<String, u64> {
    let rows = desk.rows(&["connections"]);
    let counted = rows.iter().map(|row| (text(&row["id"]), row["transactions"].as_u64().unwrap()));
    counted.filter(|(id, _)| ids.contains(id)).collect()
}

fn refresh_all(desk: &Desk, ids: &[String]) {
    let mut words = vec!["refresh", "--force-recent"];
    words.extend(ids.iter().map(String::as_str));
    let done = desk.run(&words);
    assert!([0, 11].contains(&done.exit), "{done:?}");
}

#[test]
fn killed_again_and_again_nothing_is_lost_or_doubled() {
    let (desk, calm) = (Desk::new(30, 10, 0.01).hasty(), Desk::new(30, 10, 0.01).hasty());
    let ids: Vec<String> = desk.ids(PLAIN).into_iter().take(6).collect();
    // what an undisturbed world holds before and after bounds what the disturbed one may hold
    let bound = || {
        refresh_all(&calm, &ids);
        calm.work();
        transactions(&calm, &ids)
    };
    let least = bound();
    let mut dice = Dice(7);
    for round in 0..25 {
        refresh_all(&desk, &ids);
        let face = if round % 5 == 4 { vec!["refresh", &ids[0], "--wait"] } else { vec!["work"] };
        kill_after(desk.start(&face), dice.millis(250));
        let doctor = desk.document(&["doctor"]);
        assert_eq!(doctor["ok"], true, "after kill {round}: {doctor:#}");
    }
    desk.work();
    for job in desk.rows(&["jobs", "kind:refresh"]) {
        let state = job["state"].as_str().unwrap();
        assert!(TERMINAL.contains(&state) || state == "waiting-mfa", "{job:#}");
    }
    // jobs whose workers died under them several times rest until somebody asks again
    refresh_all(&desk, &ids);
    desk.work();
    let held = transactions(&desk, &ids);
    let most = bound();
    for (id, n) in &held {
        assert!((least[id]..=most[id]).contains(n), "{id} holds {n}, not {} to {}", least[id], most[id]);
    }
    desk.healthy();
}

#[test]
fn a_purge_that_was_cut_off_is_finished_and_does_what_it_says() {
    let desk = Desk::new(60, 10, 0.0).hasty();
    desk.work();
    let mut dice = Dice(11);
    let mut begun = 0;
    for id in desk.ids("status:active acc>0").iter().take(20) {
        let before = desk.connection(id);
        let (user, bank) = desk.pair(id);
        let private = desk.private(Some((&user, &bank)));
        let words = purge_words(id);
        let purges = || desk.rows(&["jobs", &format!("connection:{id} kind:purge")]);
        let earlier = purges().len();
        kill_after(desk.start(&["purge", id, "--confirm", &words, "--wait"]), dice.millis(45));
        desk.work();
        let after = desk.connection(id);
        let jobs = purges();
        match &jobs[..jobs.len() - earlier] {
            [] => assert_eq!(after["transactions"], before["transactions"], "nothing was begun and nothing done"),
            [job] => {
                begun += 1;
                assert!(TERMINAL.contains(&job["state"].as_str().unwrap()), "{job:#}");
                assert_eq!(job["state"], "succeeded", "{job:#}");
                assert_eq!((&after["accounts"], &after["transactions"]), (&0.into(), &0.into()));
                let audited = desk.rows(&["audit"]).into_iter().filter(|line| line["target"] == id.as_str());
                let outcomes: Vec<String> = audited.map(|line| text(&line["outcome"])).collect();
                assert!(outcomes.len() == 2 && outcomes[0].starts_with("done: "), "{outcomes:?}");
                assert_eq!(after["profile"], Value::Null, "{after:#}");
                for (path, bytes) in desk.files() {
                    assert!(hits(&private, &bytes).is_empty(), "{} holds what was purged", path.display());
                }
            }
            more => panic!("one purge became {}", more.len()),
        }
        desk.healthy();
    }
    assert!(begun > 0, "some were cut off after they had begun");
}
