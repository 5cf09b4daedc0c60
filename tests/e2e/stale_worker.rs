//! A process sleeps longer than its lease and wakes when another has its work: whatever it writes then has no effect.

use super::harness::{Desk, PLAIN, ended, halt, kill, purge_words, text, until, wait_for};
use super::settings;
use super::sql_probe::{Raw, locked};
use rustix::process::Signal;

#[test]
fn a_stale_worker_writes_nothing_into_a_taken_over_job() {
    pause_workers(3);
}

#[test]
#[ignore = "long: run by ./check --full"]
fn a_stale_worker_writes_nothing_into_a_taken_over_job_long() {
    pause_workers(200);
}

fn pause_workers(rounds: u64) {
    let desk = Desk::new(40, 5, 0.05).hasty();
    desk.work();
    let ids = desk.ids(PLAIN);
    let raw = Raw::of(&desk);
    let mut dice = settings::dice(4);
    let (mut round, mut same, mut missed, mut aside) = (0, 0, 0, 0);
    while round < rounds {
        assert!(
            missed < 20 + 5 * rounds,
            "hardly ever was one stopped in the middle"
        );
        let id = &ids[round as usize % ids.len()];
        let job = text(&desk.document(&["refresh", id, "--force-recent"])["id"]);
        let mut sleeper = desk.start(&["work"]);
        until("the first worker at the job", || raw.job(&job).epoch > 0);
        // right after the claim, or somewhere in a step
        wait_for(if dice.below(2) == 0 {
            dice.millis(3)
        } else {
            dice.millis(250)
        });
        halt(&sleeper, Signal::STOP);
        let held = raw.job(&job);
        let Some(owner) = held
            .owner
            .clone()
            .filter(|_| held.running() && !locked(&desk))
        else {
            // it had ended, or was stopped in the middle of a write, which cannot be taken over
            missed += 1;
            halt(&sleeper, Signal::CONT);
            kill(&mut sleeper);
            desk.work();
            continue;
        };
        let mut heir = desk.start(&["work"]);
        // taken over, or put aside after too many takeovers
        until("the job taken over", || {
            let now = raw.job(&job);
            now.epoch > held.epoch || !now.open
        });
        let taken = raw.job(&job);
        let told = raw
            .tellers(&job)
            .iter()
            .filter(|who| **who == owner)
            .count();
        halt(&sleeper, Signal::CONT);
        same += u64::from(taken.running());
        let mut epoch = taken.epoch;
        until("the end of the job", || {
            let now = raw.job(&job);
            assert!(now.epoch >= epoch, "the epoch fell");
            epoch = now.epoch;
            !now.open
        });
        let tellers = raw.tellers(&job);
        let later = tellers.iter().filter(|who| **who == owner).count();
        // on a slow machine the stopped worker may claim the job again, under a new epoch
        if epoch == taken.epoch {
            assert_eq!(
                later, told,
                "the one that slept wrote into {job}: {tellers:?}"
            );
        }
        let after = desk.job(&job);
        // on a slower one it is taken over until it is put aside
        if raw.job(&job).deaths < 2 {
            assert_eq!(after["state"], "succeeded", "{after:#}");
        } else {
            aside += u64::from(after["state"] == "failed");
        }
        for worker in [&mut sleeper, &mut heir] {
            kill(worker);
        }
        round += 1;
    }
    assert_eq!(raw.doubled(), Vec::<String>::new(), "an effect came twice");
    desk.healthy();
    settings::figure(&format!(
        "{rounds} workers put to sleep in the middle of a job, {same} woken while another was in it: 0 stale writes, 0 \
         stale ends, every epoch rose ({missed} more were not in the middle, \
         {aside} jobs changed hands so often that they were put aside)"
    ));
}

#[test]
fn a_stale_purge_deletes_no_newer_data() {
    pause_purges(3);
}

#[test]
#[ignore = "long: run by ./check --full"]
fn a_stale_purge_deletes_no_newer_data_long() {
    pause_purges(100);
}

fn pause_purges(rounds: u64) {
    let desk = Desk::new(40, 5, 0.0).hasty();
    desk.work();
    let ids = desk.ids(PLAIN);
    let raw = Raw::of(&desk);
    let mut dice = settings::dice(5);
    let open = "SELECT count(*) FROM jobs WHERE open = 1 AND kind = 3";
    let (mut round, mut missed) = (0, 0);
    while round < rounds {
        assert!(
            missed < 100 + 20 * rounds,
            "hardly ever was one stopped in the middle"
        );
        let id = &ids[round as usize % ids.len()];
        let words = purge_words(id);
        let command = ["purge", id, "--confirm", &words, "--json"];
        let sleeper = desk.start(&command);
        let mut over = None;
        let mut watched = sleeper;
        until("the intent on disk", || {
            over = watched.try_wait().unwrap();
            over.is_some() || raw.number(open) > 0
        });
        // before its first write, or in the middle
        if dice.below(2) == 0 {
            wait_for(dice.millis(4));
        }
        if watched.try_wait().unwrap().is_none() {
            halt(&watched, Signal::STOP);
        }
        if over.is_some() || raw.number(open) == 0 || locked(&desk) {
            missed += 1;
            if watched.try_wait().unwrap().is_none() {
                halt(&watched, Signal::CONT);
            }
            watched.wait().unwrap();
            desk.work();
            desk.run(&["refresh", id, "--force-recent", "--wait"]);
            continue;
        }
        // another process finishes it, and a refresh then fetches new data
        let mut worker = desk.start(&["work"]);
        let put_off = "SELECT count(*) FROM jobs WHERE open = 1 AND kind = 3 AND steps LIKE '%pending: another program%'";
        until("the purge finished, or put off by the sleeper", || {
            raw.number(open) == 0 || raw.number(put_off) > 0
        });
        if raw.number(open) > 0 {
            // it was stopped while it held the log: nothing can be verified before it continues
            missed += 1;
            halt(&watched, Signal::CONT);
            until("the purge finished", || raw.number(open) == 0);
            kill(&mut worker);
            watched.wait().unwrap();
            assert_eq!(
                desk.run(&["refresh", id, "--force-recent", "--wait"]).exit,
                0
            );
            continue;
        }
        kill(&mut worker);
        assert_eq!(
            desk.run(&["refresh", id, "--force-recent", "--wait"]).exit,
            0
        );
        let fresh = desk.connection(id)["transactions"].clone();
        assert_ne!(fresh, 0, "the refresh brought something");
        halt(&watched, Signal::CONT);
        let done = ended(watched.wait_with_output().unwrap(), &command);
        assert_eq!(done.exit, 0, "{done:?}");
        assert_eq!(
            desk.connection(id)["transactions"],
            fresh,
            "round {round}: {done:?}"
        );
        desk.healthy();
        round += 1;
    }
    settings::figure(&format!(
        "{rounds} purges put to sleep and finished by another: 0 of the data that came afterwards lost ({missed} more \
         were not in the middle)"
    ));
}
