//! Lists, documents, refusals and exit codes of the commands, as a script sees them.

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

struct Desk(tempfile::TempDir);

impl Desk {
    /// A generated world of sixty connections.
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        std::fs::write(desk.path().join("config.toml"), "[sandbox]\nspeed = 0.0\n").unwrap();
        let made = desk.run(&["generate", "--connections", "60", "--transactions", "2"]);
        assert_eq!(made.status.code(), Some(0), "{made:?}");
        desk
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn run(&self, words: &[&str]) -> Output {
        let mut command = Command::new(super::settings::program());
        command
            .env_clear()
            .env("HOME", self.path())
            .env("USER", "tester")
            .env("TZ", "UTC");
        command.env("SWITCHBOARD_DB", self.path().join("w.db"));
        command.env("SWITCHBOARD_CONFIG", self.path().join("config.toml"));
        command
            .args(words)
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap()
    }

    /// The document on stdout and the exit code.
    fn document(&self, words: &[&str]) -> (Value, i32) {
        let done = self.run(words);
        let text = String::from_utf8(done.stdout).unwrap();
        let document =
            serde_json::from_str(&text).unwrap_or_else(|e| panic!("{words:?}: {e}: {text}"));
        (document, done.status.code().unwrap())
    }

    /// The id of the first connection that matches.
    fn one(&self, filter: &str) -> String {
        let (list, _) = self.document(&["connections", filter, "--json", "--limit", "1"]);
        list["data"][0]["id"].as_str().unwrap().to_owned()
    }
}

#[test]
fn pages_of_a_list_hold_every_row_once() {
    let desk = Desk::new();
    let (all, exit) = desk.document(&["connections", "--json", "--sort", "user"]);
    assert_eq!(
        (exit, &all["schemaVersion"], &all["type"]),
        (0, &1.into(), &"list".into())
    );
    assert_eq!(
        (&all["count"], &all["size"], all.get("next")),
        (&60.into(), &60.into(), None)
    );
    let mut ids = vec![];
    let mut cursor: Option<String> = None;
    loop {
        let mut words = vec!["connections", "--json", "--sort", "user", "--limit", "25"];
        if let Some(cursor) = &cursor {
            words.extend(["--cursor", cursor]);
        }
        let (page, _) = desk.document(&words);
        ids.extend(
            page["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| row["id"].clone()),
        );
        match page.get("next") {
            Some(next) => cursor = Some(next.as_str().unwrap().to_owned()),
            None => break,
        }
    }
    let whole: Vec<Value> = all["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["id"].clone())
        .collect();
    assert_eq!(ids, whole);
    let lines = String::from_utf8(desk.run(&["connections", "--jsonl"]).stdout).unwrap();
    assert_eq!(lines.lines().count(), 60);
    assert!(
        lines
            .lines()
            .all(|line| serde_json::from_str::<Value>(line).unwrap()["schemaVersion"] == 1)
    );
    let csv = desk.run(&["connections", "--csv"]).stdout;
    assert_eq!(
        csv::Reader::from_reader(csv.as_slice())
            .records()
            .filter(Result::is_ok)
            .count(),
        60
    );
    for form in [
        &["connections"][..],
        &["connections", "--jsonl"],
        &["connections", "--csv"],
        &["jobs"],
    ] {
        assert!(!desk.run(form).stdout.contains(&0x1b), "{form:?}");
    }
}

#[test]
fn wrong_arguments_have_exit_codes_and_documents() {
    let desk = Desk::new();
    let nowhere = desk.path().join("none").join("x.db");
    let foreign = desk.path().join("config.toml");
    let (nowhere, foreign) = (nowhere.to_str().unwrap(), foreign.to_str().unwrap());
    for (words, exit) in [
        (&["frobnicate"][..], 2),
        (&["connections", "statsu:invalid"], 2),
        (&["connections", "--cursor", "x"], 2),
        (&["connection", "nothing-like-it"], 3),
        (&["job", "nothing-like-it"], 3),
        (&["user", "nothing-like-it"], 3),
        (&["institution", "AU99999"], 3),
        (&["refresh", "x", "--read-only"], 4),
        (&["refresh", "x", "--at", "2026-03-10"], 2),
        (&["connections", "--db", nowhere], 7),
        (&["connections", "--db", foreign], 8),
        (&["connections", "--config", nowhere], 9),
    ] {
        let mut words = words.to_vec();
        words.push("--json");
        let (document, code) = desk.document(&words);
        assert_eq!(
            (code, &document["type"], &document["exit"]),
            (exit, &"error".into(), &exit.into()),
            "{words:?}"
        );
        assert!(!desk.run(&words).stderr.is_empty(), "{words:?}");
    }
    assert_eq!(
        desk.run(&[]).status.code(),
        Some(2),
        "no terminal, no dashboard"
    );
}

#[test]
fn show_masks_and_why_explains_a_connection() {
    let desk = Desk::new();
    let id = desk.one("status:active via:web");
    let (detail, exit) = desk.document(&["connection", &id, "--json"]);
    assert_eq!((exit, &detail["id"]), (0, &id.as_str().into()));
    let account = detail["accountList"][0]["accountNo"].as_str().unwrap();
    assert!(account.starts_with("••••"), "{account}");
    assert!(
        detail["allowed"]
            .as_array()
            .unwrap()
            .contains(&"purge".into())
    );
    let (by_its_end, _) = desk.document(&["connection", &id[id.len() - 6..], "--json"]);
    assert_eq!(by_its_end["id"], detail["id"]);
    let (why, exit) = desk.document(&["why", &id, "--json"]);
    assert_eq!((exit, &why["whose"]), (0, &"nobody".into()));
    let (doctor, exit) = desk.document(&["doctor", "--json"]);
    assert_eq!(
        (exit, &doctor["ok"], &doctor["integrity"]),
        (0, &true.into(), &"ok".into())
    );
}

#[test]
fn purge_and_revoke_need_confirmation_words() {
    let desk = Desk::new();
    let id = desk.one("status:active via:web");
    let (plan, exit) = desk.document(&["purge", &id, "--json"]);
    assert_eq!(
        (exit, &plan["type"], &plan["action"]),
        (5, &"plan".into(), &"purge".into())
    );
    let (same, _) = desk.document(&["connection", &id, "--json"]);
    assert!(
        same["transactions"].as_u64().unwrap() > 0,
        "nothing was changed"
    );
    let (job, exit) = desk.document(&[
        "purge",
        &id,
        "--confirm",
        plan["confirm"].as_str().unwrap(),
        "--json",
    ]);
    assert_eq!(
        (exit, &job["kind"], &job["state"]),
        (0, &"purge".into(), &"succeeded".into())
    );
    let (empty, _) = desk.document(&["connection", &id, "--json"]);
    assert_eq!(
        (&empty["accounts"], &empty["profile"]),
        (&0.into(), &Value::Null)
    );
    let (plan, exit) = desk.document(&["revoke", &id, "--confirm", "no such bank", "--json"]);
    assert_eq!((exit, &plan["action"]), (5, &"revoke".into()));
    let words = plan["confirm"].as_str().unwrap().to_uppercase();
    let (job, exit) = desk.document(&["revoke", &id, "--confirm", &words, "--json"]);
    assert_eq!((exit, &job["kind"]), (0, &"revoke".into()));
    assert_eq!(desk.document(&["purge", &id, "--json"]).1, 4);
    let (verdict, exit) = desk.document(&["audit", "verify", "--json"]);
    assert_eq!((exit, &verdict["ok"]), (0, &true.into()));
    let (audit, _) = desk.document(&["audit", "--json"]);
    let actions: Vec<&str> = audit["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|l| !l["outcome"].as_str().unwrap().starts_with("refused"))
        .map(|l| l["action"].as_str().unwrap())
        .collect();
    let expected = ["revoke", "certificate", "purge", "purge"];
    assert_eq!(
        actions, expected,
        "a purge is written down when it is meant, when it is done and when it is proven"
    );
}

#[test]
fn status_blames_one_bank_several_or_us() {
    let desk = Desk::new();
    let status = |kind: &str, blame: &str, exit: i32| {
        let (document, code) = desk.document(&["status", "--json"]);
        assert_eq!(
            (&document["kind"], &document["blame"], &document["exit"]),
            (&kind.into(), &blame.into(), &exit.into()),
            "{document:#}"
        );
        assert_eq!(code, exit);
        let line = desk.run(&["status"]);
        let text = String::from_utf8(line.stdout).unwrap();
        assert_eq!(
            (line.status.code(), text.lines().count()),
            (Some(exit), 1),
            "{text}"
        );
        assert!(text.trim_end().chars().count() <= 80, "{text}");
        assert_eq!(text.trim_end(), document["line"]);
    };
    let outage = |bank: &str, length: &str| {
        let done = desk.run(&["sandbox", "outage", bank, "--for", length]);
        assert_eq!(done.status.code(), Some(0), "{done:?}");
    };
    status("ok", "nobody", 0);
    outage("AU00000", "1h");
    status("bank", "bank", 1);
    outage("AU10001", "1h");
    status("bank", "bank", 1);
    outage("AU10002", "1h");
    status("banks", "banks", 11);
    for bank in ["AU00000", "AU10001", "AU10002"] {
        outage(bank, "0s");
    }
    status("ok", "nobody", 0);
    // nobody runs what is due
    let id = desk.one("status:active via:web");
    assert_eq!(desk.run(&["refresh", &id]).status.code(), Some(0));
    status("worker", "us", 6);
}

#[test]
fn refresh_queues_or_joins_a_job() {
    let desk = Desk::new();
    let id = desk.one("status:active via:web");
    let (first, exit) = desk.document(&["refresh", &id, "--json"]);
    assert_eq!(
        (exit, &first["state"], &first["deduplicated"]),
        (0, &"queued".into(), &false.into())
    );
    let (again, exit) = desk.document(&["refresh", &id, "--json"]);
    assert_eq!(
        (exit, &again["id"], &again["deduplicated"]),
        (0, &first["id"], &true.into())
    );
    assert_eq!(desk.run(&["work", "--until-idle"]).status.code(), Some(0));
    let (job, _) = desk.document(&["job", first["id"].as_str().unwrap(), "--json"]);
    // some banks ask a question first, and then the job waits for its answer
    assert!(
        matches!(job["state"].as_str(), Some("succeeded" | "waiting-mfa")),
        "{job}"
    );
    let (plan, exit) = desk.document(&[
        "refresh",
        "--filter",
        &format!("id:{id}"),
        "--dry-run",
        "--json",
    ]);
    let expected = if job["state"] == "succeeded" {
        "skipped"
    } else {
        "deduplicated"
    };
    assert_eq!((exit, &plan["items"][0]["outcome"]), (0, &expected.into()));
}
