//! Many jobs and several workers, some of them killed: the limits per bank and in all hold.

use super::harness::{Desk, PLAIN, halt, kill, wait_for};
use super::settings;
use super::sql_probe::{Raw, RawJob};
use rustix::process::Signal;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const HERE: i64 = 2;
const TOTAL: i64 = 8;
const WORKERS: usize = 4;

/// The most that overlap; one that begins when another ends does not overlap it.
fn most(spans: &[(i64, i64)]) -> i64 {
    let mut edges: Vec<(i64, i64)> = spans
        .iter()
        .flat_map(|(from, to)| [(*from, 1), (*to, -1)])
        .collect();
    edges.sort_unstable();
    let mut now = 0;
    edges.iter().map(|(_, step)| *step).fold(0, |most, step| {
        now += step;
        most.max(now)
    })
}

/// Times of the jobs that no worker died over, by bank.
fn spans(jobs: &BTreeMap<String, RawJob>, asked: &[String]) -> BTreeMap<i64, Vec<(i64, i64)>> {
    let mut found: BTreeMap<i64, Vec<(i64, i64)>> = BTreeMap::new();
    for job in asked
        .iter()
        .map(|id| &jobs[id])
        .filter(|job| job.deaths == 0 && job.epoch == 1)
    {
        found.entry(job.bank).or_default().extend(job.span());
    }
    found
}

#[test]
fn running_jobs_never_exceed_the_limits() {
    run_many_jobs(60);
}

#[test]
#[ignore = "long: run by ./check --full"]
fn running_jobs_never_exceed_the_limits_long() {
    run_many_jobs(500);
}

fn run_many_jobs(rounds: u64) {
    let kills = (rounds / 25).max(2);
    let desk = Desk::new(rounds * 4, 2, 0.004).hasty();
    let desk = desk
        .with("per_institution = 10", "per_institution = 2")
        .with("total = 40", "total = 8");
    desk.work();
    let ids: Vec<String> = desk.ids(PLAIN).into_iter().take(rounds as usize).collect();
    assert_eq!(ids.len() as u64, rounds, "the world is large enough");
    let mut asked = vec![];
    for part in ids.chunks(100) {
        let mut words = vec!["refresh", "--force-recent"];
        words.extend(part.iter().map(String::as_str));
        let told = desk.document(&words);
        asked.extend(
            told["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| super::harness::text(&item["job"]["id"])),
        );
    }
    let over = AtomicBool::new(false);
    let mut dice = settings::dice(3);
    let (looks, peak, peak_total) = std::thread::scope(|threads| {
        let watcher = threads.spawn(|| {
            let raw = Raw::of(&desk);
            let (mut looks, mut peak, mut peak_total) = (0_u64, 0, 0);
            while !over.load(Ordering::SeqCst) {
                let running = raw.running();
                peak = running.iter().map(|(_, n)| *n).fold(peak, i64::max);
                peak_total = running.iter().map(|(_, n)| *n).sum::<i64>().max(peak_total);
                looks += 1;
                wait_for(Duration::from_millis(1));
            }
            (looks, peak, peak_total)
        });
        let mut workers: Vec<_> = (0..WORKERS).map(|_| desk.start(&["work"])).collect();
        let raw = Raw::of(&desk);
        for _ in 0..kills {
            wait_for(Duration::from_millis(100) + dice.millis(300));
            let victim = dice.below(WORKERS as u64) as usize;
            kill(&mut workers[victim]);
            workers[victim] = desk.start(&["work"]);
        }
        super::harness::until("all done", || {
            raw.number("SELECT count(*) FROM jobs WHERE open = 1 AND kind <= 2 AND state <> 1") == 0
        });
        over.store(true, Ordering::SeqCst);
        for worker in &mut workers {
            halt(worker, Signal::TERM);
            worker.wait().unwrap();
        }
        watcher.join().unwrap()
    });
    let raw = Raw::of(&desk);
    let jobs = raw.jobs();
    let spans = spans(&jobs, &asked);
    let widest = spans.values().map(|here| most(here)).max().unwrap_or(0);
    let all = most(&spans.values().flatten().copied().collect::<Vec<_>>());
    assert!(
        peak <= HERE && widest <= HERE,
        "{peak} were seen at one bank, {widest} overlapped"
    );
    assert!(
        peak_total <= TOTAL && all <= TOTAL,
        "{peak_total} were seen in all, {all} overlapped"
    );
    assert!(asked.iter().all(|id| !jobs[id].open), "every job ended");
    assert_eq!(raw.doubled(), Vec::<String>::new(), "an effect came twice");
    desk.healthy();
    let taken = asked.iter().filter(|id| jobs[*id].deaths > 0).count();
    settings::figure(&format!(
        "{rounds} jobs over {WORKERS} workers with {kills} kills ({taken} taken over): at most {peak} at one bank in \
         {looks} looks ({widest} by the recorded times; the limit is {HERE}), at most {peak_total} in all ({all}; {TOTAL})"
    ));
}
