//! Purges are killed at random moments and taken over by workers that are killed too: what a purge reported is true,
//! and a purge that has begun ends.

use super::harness::{Desk, hits, kill_after, purge_words, text};
use super::settings;
use serde_json::Value;
use std::time::{Duration, Instant};

/// Purges in one world; more are done in further worlds.
const EACH: u64 = 20;

fn purges(desk: &Desk, id: &str) -> Vec<Value> {
    desk.rows(&["jobs", &format!("connection:{id} kind:purge")])
}

/// What has to be true of a connection whose purge reported success.
fn gone(desk: &Desk, id: &str, private: &std::collections::BTreeSet<String>) {
    let after = desk.connection(id);
    assert_eq!(
        (&after["accounts"], &after["transactions"]),
        (&0.into(), &0.into())
    );
    assert_eq!(after["profile"], Value::Null, "{after:#}");
    for (path, bytes) in desk.files() {
        assert!(
            hits(private, &bytes).is_empty(),
            "{} holds what was purged",
            path.display()
        );
    }
}

#[test]
fn a_killed_purge_is_finished() {
    kill_purges(EACH);
}

#[test]
#[ignore = "long: run by ./check --full"]
fn a_killed_purge_is_finished_long() {
    kill_purges(300);
}

fn kill_purges(rounds: u64) {
    let mut dice = settings::dice(11);
    let (mut begun, mut early, mut twice, mut done) = (0, 0, 0, 0);
    for world in 0..rounds.div_ceil(EACH) {
        let desk = Desk::seeded(settings::seed() + world, 80, 10, 0.0).hasty();
        desk.work();
        let ids = desk.ids("status:active acc>0");
        let (measured, ids) = ids.split_last().unwrap();
        // the duration of one purge sets the range of the kill times
        let began = Instant::now();
        assert_eq!(
            desk.run(&["purge", measured, "--confirm", &purge_words(measured)])
                .exit,
            0
        );
        let life = u64::try_from(began.elapsed().as_millis()).unwrap() * 12 / 10 + 2;
        for id in ids.iter().take(EACH.min(rounds - done) as usize) {
            done += 1;
            let before = desk.connection(id);
            let (user, bank) = desk.pair(id);
            let private = desk.private(Some((&user, &bank)));
            let words = purge_words(id);
            let earlier = purges(&desk, id).len();
            kill_after(
                desk.start(&["purge", id, "--confirm", &words]),
                dice.millis(life),
            );
            let jobs = purges(&desk, id);
            if jobs.len() > earlier && jobs[0]["state"] == "succeeded" {
                early += 1;
                gone(&desk, id, &private);
            } else if dice.below(3) == 0 {
                // the worker that takes it over may be killed too
                twice += 1;
                kill_after(
                    desk.start(&["work"]),
                    Duration::from_millis(300) + dice.millis(life),
                );
            }
            desk.work();
            let jobs = purges(&desk, id);
            match &jobs[..jobs.len() - earlier] {
                [] => {
                    let after = desk.connection(id);
                    assert_eq!(
                        after["transactions"], before["transactions"],
                        "nothing was begun and nothing done"
                    );
                }
                [job] => {
                    begun += 1;
                    assert_eq!(job["state"], "succeeded", "{job:#}");
                    let audited = desk
                        .rows(&["audit"])
                        .into_iter()
                        .filter(|line| line["target"] == id.as_str());
                    let outcomes: Vec<String> =
                        audited.map(|line| text(&line["outcome"])).collect();
                    assert!(
                        outcomes.len() == 2 && outcomes[0].starts_with("done: "),
                        "{outcomes:?}"
                    );
                    gone(&desk, id, &private);
                }
                more => panic!("one purge became {}", more.len()),
            }
            desk.healthy();
        }
    }
    assert!(begun > 0, "some were cut off after they had begun");
    assert_eq!(done, rounds, "every world has enough to purge");
    settings::figure(&format!(
        "{rounds} purges cut off: {begun} had begun ({early} of them were done), {twice} were cut off once more, all \
         finished, 0 said to be done with a remnant"
    ));
}
