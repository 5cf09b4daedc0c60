//! A hundred commands refresh the same connection at once: there is one job, and all get its id.

use super::harness::{Desk, PLAIN, text};
use super::settings;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::process::Command;

/// How many callers there are, and how many commands each starts when the gate opens.
const CALLERS: usize = 10;
const CALLS: usize = 10;

/// Waits at the gate, then starts all its commands together; each leaves its reply and its exit code.
const CALLER: &str = r#"
read -r _ < gate
for call in $(seq "$CALLS"); do
    { "$PROGRAM" refresh "$ID" --force-recent --json > "reply.$ME.$call" 2> "said.$ME.$call"; echo $? > "exit.$ME.$call"; } &
done
wait
"#;

#[test]
fn concurrent_refreshes_get_one_job() {
    refresh_at_once(2);
}

#[test]
#[ignore = "long: run by ./check --full"]
fn concurrent_refreshes_get_one_job_long() {
    refresh_at_once(50);
}

fn refresh_at_once(rounds: u64) {
    let desk = Desk::new(60, 3, 0.0);
    desk.work();
    let ids = desk.ids(PLAIN);
    let gate = desk.path("gate");
    assert!(
        Command::new("mkfifo")
            .arg(&gate)
            .status()
            .unwrap()
            .success()
    );
    let mut asked = 0;
    for round in 0..rounds {
        let id = &ids[round as usize % ids.len()];
        let callers: Vec<_> = (0..CALLERS)
            .map(|me| {
                let mut caller = Command::new("bash");
                caller
                    .env_clear()
                    .envs(desk.environment())
                    .env("PATH", "/usr/bin:/bin")
                    .current_dir(desk.folder());
                caller
                    .env("PROGRAM", settings::program())
                    .env("CALLS", CALLS.to_string())
                    .env("ID", id);
                caller
                    .env("ME", me.to_string())
                    .args(["-c", CALLER])
                    .spawn()
                    .unwrap()
            })
            .collect();
        // a fifo opens for the writer when a reader waits; it stays open until every caller has passed
        let opened = OpenOptions::new().write(true).open(&gate).unwrap();
        std::io::Write::write_all(&mut &opened, "go\n".repeat(CALLERS).as_bytes()).unwrap();
        for mut caller in callers {
            assert!(caller.wait().unwrap().success());
        }
        drop(opened);
        let (mut jobs, mut again) = (BTreeSet::new(), 0);
        for (me, call) in (0..CALLERS).flat_map(|me| (1..=CALLS).map(move |call| (me, call))) {
            let read = |what: &str| {
                std::fs::read_to_string(desk.path(&format!("{what}.{me}.{call}"))).unwrap()
            };
            assert_eq!(read("exit").trim(), "0", "round {round}: {}", read("said"));
            let job: Value = serde_json::from_str(&read("reply")).unwrap();
            jobs.insert(text(&job["id"]));
            again += usize::from(job["deduplicated"] == true);
            asked += 1;
        }
        assert_eq!(
            (jobs.len(), again),
            (1, CALLERS * CALLS - 1),
            "round {round}: {jobs:?}"
        );
        desk.work();
        let job = desk.job(jobs.first().unwrap());
        assert_eq!(
            (&job["state"], &job["attempt"]),
            (&"succeeded".into(), &1.into()),
            "{job:#}"
        );
    }
    desk.healthy();
    settings::figure(&format!(
        "{asked} asked in {rounds} rounds: {rounds} jobs, everybody else got their ids, all exit 0"
    ));
}
