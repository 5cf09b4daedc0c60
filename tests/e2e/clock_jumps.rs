//! The clock of running workers jumps by seconds, an hour and five years, there and back. Skipped without libfaketime.

use super::harness::{Desk, PLAIN, dead, halt, until, wait_for};
use super::settings;
use super::sql_probe::{Raw, only_forwards};
use rustix::process::Signal;
use std::path::Path;
use std::process::Stdio;

const LIBRARIES: [&str; 2] = [
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
];

// less than the ten years that consents of the generated world last
const JUMPS: [&str; 6] = ["+5", "-5", "+3600", "-3600", "+157680000", "-157680000"];

#[test]
fn jobs_end_despite_clock_jumps() {
    jump_clocks(6);
}

#[test]
#[ignore = "long: run by ./check --full"]
fn jobs_end_despite_clock_jumps_long() {
    jump_clocks(100);
}

/// The library that moves the clock, where it is installed.
pub(crate) fn library() -> Option<&'static str> {
    LIBRARIES.into_iter().find(|path| Path::new(path).exists())
}

fn jump_clocks(rounds: u64) {
    let Some(library) = library() else {
        settings::figure("skipped: libfaketime is not installed (apt-get install faketime)");
        return;
    };
    let desk = Desk::new(40, 3, 0.01).hasty();
    let desk = desk.with("per_institution = 10", "per_institution = 2");
    desk.work();
    let ids = desk.ids(PLAIN);
    let offset = desk.path("offset");
    let set = |by: &str| {
        std::fs::write(desk.path("offset.new"), by).unwrap();
        std::fs::rename(desk.path("offset.new"), &offset).unwrap();
    };
    set("+0");
    let log = std::fs::File::create(desk.path("said")).unwrap();
    let start = || {
        let mut command = desk.command(&["work"]);
        command
            .env("LD_PRELOAD", library)
            .env("FAKETIME_TIMESTAMP_FILE", &offset)
            .env("FAKETIME_NO_CACHE", "1");
        command
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
            .env("DONT_FAKE_MONOTONIC", "1");
        command
            .stdout(Stdio::null())
            .stderr(log.try_clone().unwrap())
            .spawn()
            .unwrap()
    };
    let mut workers = [start(), start()];
    let raw = Raw::of(&desk);
    let mut dice = settings::dice(8);
    let (mut before, mut peak, mut asked) = (raw.jobs(), 0, 0);
    for round in 0..rounds {
        let mut words = vec!["refresh", "--force-recent"];
        words.extend(ids.iter().map(String::as_str));
        assert!([0, 11].contains(&desk.run(&words).exit), "round {round}");
        asked += 1;
        // each jump once, then at random
        let jump = if round < JUMPS.len() as u64 {
            round
        } else {
            dice.below(JUMPS.len() as u64)
        };
        set(JUMPS[jump as usize]);
        for _ in 0..10 {
            wait_for(dice.millis(20));
            peak = raw.running().iter().map(|(_, n)| *n).fold(peak, i64::max);
        }
        if dice.below(2) == 0 {
            set("+0");
        }
        for worker in &mut workers {
            assert!(
                !dead(worker),
                "round {round}: {}",
                std::fs::read_to_string(desk.path("said")).unwrap()
            );
        }
        let after = raw.jobs();
        only_forwards(&before, &after);
        before = after;
    }
    set("+0");
    // everything has to end but what waits for a user
    until("all done", || {
        raw.number("SELECT count(*) FROM jobs WHERE open = 1 AND state <> 3 AND due IS NOT NULL")
            == 0
    });
    let years = raw.number(
        "SELECT (max(at) - min(at)) / 31536000000 FROM events WHERE actor LIKE '________-%'",
    );
    assert!(years >= 4, "the clocks did not jump: {years} years");
    for worker in &mut workers {
        halt(worker, Signal::TERM);
        assert_eq!(worker.wait().unwrap().code(), Some(143));
    }
    assert!(peak <= 2, "{peak} ran at one bank");
    assert_eq!(raw.doubled(), Vec::<String>::new(), "an effect came twice");
    let said = std::fs::read_to_string(desk.path("said")).unwrap();
    assert!(!said.contains("panicked"), "{said}");
    for words in [
        &["snapshot"][..],
        &["snapshot", "--keys", "2"],
        &["connections"],
        &["jobs"],
        &["why", &ids[0]],
    ] {
        let shown = desk.run(words);
        assert_eq!(shown.exit, 0, "{shown:?}");
        let negative = |word: &str| {
            word.starts_with('-') && word[1..].starts_with(|c: char| c.is_ascii_digit())
        };
        assert!(
            !shown.out.split_whitespace().any(negative),
            "an age below nothing: {}",
            shown.out
        );
    }
    // a last use in the future does not prevent a refresh
    let again = desk.run(&["refresh", &ids[0], "--wait"]);
    assert_eq!(again.exit, 0, "{again:?}");
    desk.healthy();
    settings::figure(&format!(
        "{rounds} jumps of the workers' clocks by 5 s, an hour and five years ({asked} rounds of refreshes): 0 panics, all \
         jobs ended, at most {peak} at one bank, no effect twice"
    ));
}
