//! Commands and workers run all the time and are killed one after another: what was acknowledged is done once, and
//! the file is healthy after each kill.

use super::harness::{Desk, PLAIN, dead, halt, kill, text, until, wait_for};
use super::settings;
use super::sql_probe::{Raw, RawJob, only_forwards};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

const WORKERS: usize = 2;
const ASKERS: usize = 2;
const STEPS: [&str; 3] = [
    "verify-credentials",
    "retrieve-accounts",
    "retrieve-transactions",
];

/// Runs one command after another and records the acknowledged jobs.
#[derive(Default)]
struct Asker {
    /// The command that runs now.
    child: Mutex<Option<Child>>,
}

/// The ids of acknowledged jobs, written to disk before the next command runs.
struct Acknowledged {
    file: Mutex<File>,
}

impl Acknowledged {
    fn note(&self, id: &str) {
        let mut file = self.file.lock().unwrap();
        writeln!(file, "{id}").unwrap();
        file.sync_all().unwrap();
    }
}

impl Asker {
    fn asks(&self, desk: &Desk, words: &[&str], password: Option<&str>, noted: &Acknowledged) {
        let mut child = desk
            .command(words)
            .stdin(if password.is_some() {
                Stdio::piped()
            } else {
                Stdio::null()
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        if let Some(password) = password {
            // it may be dead already
            let _ = child.stdin.take().unwrap().write_all(password.as_bytes());
        }
        let mut out = child.stdout.take().unwrap();
        *self.child.lock().unwrap() = Some(child);
        let mut said = String::new();
        out.read_to_string(&mut said).unwrap();
        let mut child = self.child.lock().unwrap();
        let code = child.as_mut().unwrap().wait().unwrap().code();
        *child = None;
        assert_ne!(code, Some(101), "{words:?} panicked");
        // a complete reply is an acknowledgement, even of a command that was killed
        let Ok(reply) = serde_json::from_str::<Value>(&said) else {
            return;
        };
        let items = reply["data"]
            .as_array()
            .cloned()
            .unwrap_or_else(|| vec![reply]);
        for item in items {
            let job = if item["type"] == "job" {
                &item
            } else {
                &item["job"]
            };
            if let Some(id) = job["id"].as_str() {
                noted.note(id);
            }
        }
    }

    fn killed(&self) {
        if let Some(child) = self.child.lock().unwrap().as_mut() {
            // it may have ended by itself
            let _ = child.kill();
        }
    }
}

/// Set when the test is over, also after a panic.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

fn transactions(desk: &Desk, ids: &[String]) -> BTreeMap<String, u64> {
    let rows = desk.rows(&["connections"]);
    let counted = rows
        .iter()
        .map(|row| (text(&row["id"]), row["transactions"].as_u64().unwrap()));
    counted.filter(|(id, _)| ids.contains(id)).collect()
}

fn refresh_all(desk: &Desk, ids: &[String]) {
    let mut words = vec!["refresh", "--force-recent"];
    words.extend(ids.iter().map(String::as_str));
    let done = desk.run(&words);
    assert!([0, 11].contains(&done.exit), "{done:?}");
    desk.work();
}

/// A job has ended: each step once, in order and successful, or put aside because too many of its workers died.
fn ended(desk: &Desk, id: &str, raw: &RawJob) {
    assert!(!raw.open, "{id} was acknowledged and never ended: {raw:?}");
    let job = desk.job(id);
    let steps = job["steps"].as_array().unwrap();
    let titles: Vec<&str> = steps.iter().map(|s| s["title"].as_str().unwrap()).collect();
    assert_eq!(titles, STEPS, "{job:#}");
    if job["state"] == "succeeded" {
        assert!(steps.iter().all(|s| s["status"] == "success"), "{job:#}");
    } else {
        assert_eq!(job["state"], "failed", "{job:#}");
        assert!(
            raw.deaths + 1 >= 3,
            "it failed although its workers did not die three times: {job:#}"
        );
    }
}

#[test]
fn no_job_is_lost_or_doubled_by_kills() {
    kill_processes(25);
}

#[test]
#[ignore = "long: run by ./check --full"]
fn no_job_is_lost_or_doubled_by_kills_long() {
    kill_processes(1000);
}

fn kill_processes(rounds: u64) {
    let (desk, calm) = (
        Desk::new(30, 10, 0.01).hasty(),
        Desk::new(30, 10, 0.01).hasty(),
    );
    let ids: Vec<String> = desk.ids(PLAIN).into_iter().take(8).collect();
    let owners: BTreeSet<String> = ids.iter().map(|id| desk.pair(id).0.to_string()).collect();
    let others: Vec<String> = desk
        .rows(&["connections"])
        .iter()
        .map(|row| text(&row["userId"]))
        .collect();
    let newcomer = others
        .into_iter()
        .find(|user| !owners.contains(user))
        .expect("there is another user");
    // a world without kills, before and after, limits what the other one may hold
    refresh_all(&calm, &ids);
    let least = transactions(&calm, &ids);
    let noted = Acknowledged {
        file: Mutex::new(File::create(desk.path("acknowledged")).unwrap()),
    };
    let askers: [Asker; ASKERS] = Default::default();
    let over = AtomicBool::new(false);
    let mut looks = 0;
    std::thread::scope(|threads| {
        let _over = Over(&over);
        for (n, asker) in askers.iter().enumerate() {
            let (desk, ids, over, noted, newcomer) = (&desk, &ids, &over, &noted, &newcomer);
            threads.spawn(move || {
                let mut dice = settings::dice(100 + n as u64);
                while !over.load(Ordering::SeqCst) {
                    match dice.below(150) {
                        0 => {
                            let words = [
                                "connect",
                                "--user",
                                newcomer,
                                "--institution",
                                "AU00000",
                                "--login-id",
                            ];
                            let words =
                                [&words[..], &["Whistler", "--password-stdin", "--json"]].concat();
                            asker.asks(desk, &words, Some("ShowBox\n"), noted);
                        }
                        one => {
                            let id = &ids[(one % ids.len() as u64) as usize];
                            asker.asks(
                                desk,
                                &["refresh", id, "--force-recent", "--json"],
                                None,
                                noted,
                            );
                        }
                    }
                }
            });
        }
        let mut workers: Vec<Child> = (0..WORKERS).map(|_| desk.start(&["work"])).collect();
        let mut dice = settings::dice(1);
        let raw = Raw::of(&desk);
        let mut before = raw.jobs();
        for round in 0..rounds {
            wait_for(dice.millis(198) + std::time::Duration::from_millis(3));
            // one of them, and sometimes all at once
            let victim = dice.below((WORKERS + ASKERS) as u64 + 1) as usize;
            for (n, asker) in askers.iter().enumerate() {
                if victim == n || victim == WORKERS + ASKERS {
                    asker.killed();
                }
            }
            for (n, worker) in workers.iter_mut().enumerate() {
                if victim == ASKERS + n || victim == WORKERS + ASKERS {
                    kill(worker);
                    *worker = desk.start(&["work"]);
                }
                assert!(!dead(worker), "a worker ended by itself");
            }
            let doctor = desk.document(&["doctor"]);
            assert_eq!(
                (&doctor["ok"], &doctor["audit"]["ok"]),
                (&true.into(), &true.into()),
                "after kill {round}"
            );
            assert_eq!(desk.run(&["audit", "verify"]).exit, 0, "after kill {round}");
            let after = raw.jobs();
            only_forwards(&before, &after);
            before = after;
            looks += 1;
        }
        workers.iter_mut().for_each(kill);
    });
    desk.work();
    let raw = Raw::of(&desk);
    let jobs = raw.jobs();
    let noted = std::fs::read_to_string(desk.path("acknowledged")).unwrap();
    let replies = noted.lines().count();
    let acknowledged: BTreeSet<&str> = noted.lines().collect();
    for id in &acknowledged {
        ended(
            &desk,
            id,
            jobs.get(*id)
                .unwrap_or_else(|| panic!("job {id} was acknowledged and is lost")),
        );
    }
    assert_eq!(raw.doubled(), Vec::<String>::new(), "an effect came twice");
    assert!(
        jobs.values().all(|job| !job.open || job.owner.is_none()),
        "no worker is left, and a job has an owner"
    );
    // jobs that were put aside wait until they are refreshed
    refresh_all(&desk, &ids);
    let held = transactions(&desk, &ids);
    refresh_all(&calm, &ids);
    let most = transactions(&calm, &ids);
    for (id, n) in &held {
        assert!(
            (least[id]..=most[id]).contains(n),
            "{id} holds {n}, not {} to {}",
            least[id],
            most[id]
        );
    }
    desk.healthy();
    let aside = jobs
        .values()
        .filter(|job| job.deaths >= 2 && job.state == 6)
        .count();
    let (count, taken) = (
        acknowledged.len(),
        jobs.values().filter(|job| job.deaths > 0).count(),
    );
    settings::figure(&format!(
        "{rounds} kills: {replies} acknowledged replies for {count} jobs, 0 lost, 0 effects doubled, {taken} jobs taken \
         over and {aside} put aside, the file well after {looks} of {rounds}"
    ));
}

#[test]
fn a_terminated_worker_gives_up_its_jobs() {
    terminate_workers(5);
}

#[test]
#[ignore = "long: run by ./check --full"]
fn a_terminated_worker_gives_up_its_jobs_long() {
    terminate_workers(200);
}

fn terminate_workers(rounds: u64) {
    let desk = Desk::new(60, 3, 0.02);
    let ids = desk.ids(PLAIN);
    let mut dice = settings::dice(2);
    let raw = Raw::of(&desk);
    let (mut slowest, mut busy) = (std::time::Duration::ZERO, 0);
    for round in 0..rounds {
        let mut words = vec!["refresh", "--force-recent"];
        words.extend(ids.iter().map(String::as_str));
        assert!([0, 11].contains(&desk.run(&words).exit));
        let mut worker = desk.start(&["work"]);
        until("the worker at work", || !raw.running().is_empty());
        wait_for(dice.millis(150));
        busy += u64::from(!raw.running().is_empty());
        let began = std::time::Instant::now();
        halt(&worker, rustix::process::Signal::TERM);
        let code = worker.wait().unwrap().code();
        slowest = slowest.max(began.elapsed());
        assert_eq!(code, Some(143), "round {round}");
        let held: Vec<String> = raw
            .jobs()
            .into_iter()
            .filter(|(_, j)| j.running())
            .map(|(id, _)| id)
            .collect();
        assert!(
            held.is_empty(),
            "no worker is left, and these jobs run: {held:?}"
        );
    }
    desk.work();
    assert_eq!(raw.doubled(), Vec::<String>::new(), "an effect came twice");
    assert!(
        raw.jobs().values().all(|job| job.deaths == 0),
        "no worker died"
    );
    desk.healthy();
    settings::figure(&format!(
        "{rounds} told to end, {busy} of them at work: 0 jobs left held, 0 effects doubled, the slowest took {} ms",
        slowest.as_millis()
    ));
}
