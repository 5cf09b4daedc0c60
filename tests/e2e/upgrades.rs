//! Files of earlier versions with work in the middle: the program of today finishes what the old one began, and
//! it ends as it would have ended then.

use super::harness::{Desk, hits, text};
use super::versions::{desk, expected, holds, kept};
use rusqlite::Connection;
use serde_json::Value;

/// Jobs, plans and sequences of the file by what is special about them.
struct Names(Value);

impl Names {
    fn id(&self, name: &str) -> String {
        text(&self.0[name])
    }
}

/// How a job ended, and with which code.
fn end(desk: &Desk, id: &str) -> (String, Option<String>) {
    let job = desk.job(id);
    let failed = job["steps"]
        .as_array()
        .unwrap()
        .iter()
        .find(|step| step["status"] == "failed");
    (
        text(&job["state"]),
        failed.map(|step| text(&step["result"]["code"])),
    )
}

fn succeeded() -> (String, Option<String>) {
    ("succeeded".to_owned(), None)
}

fn timed_out() -> (String, Option<String>) {
    ("failed".to_owned(), Some("job-timed-out".to_owned()))
}

/// The purge has ended, its proof holds and nothing is stored.
fn purged(desk: &Desk, job: &str) {
    assert_eq!(end(desk, job), succeeded(), "{job}");
    proven(desk, job);
    let connection = desk.connection(&text(&desk.job(job)["connectionId"]));
    assert_eq!(
        (&connection["accounts"], &connection["transactions"]),
        (&0.into(), &0.into())
    );
    assert_eq!(connection["profile"], Value::Null);
}

/// The purge has ended and nothing is stored; but the older version had destroyed the key without writing down what to
/// search for, so it is not proven.
fn unproven(desk: &Desk, job: &str) {
    let failed = ("failed".to_owned(), Some("purge-not-verified".to_owned()));
    assert_eq!(end(desk, job), failed, "{job}");
    assert_eq!(desk.run(&["certificate", job]).exit, 3);
    let connection = desk.connection(&text(&desk.job(job)["connectionId"]));
    assert_eq!(
        (&connection["accounts"], &connection["transactions"]),
        (&0.into(), &0.into())
    );
}

fn proven(desk: &Desk, id: &str) {
    let proof = desk.run(&["certificate", id, "--verify"]);
    assert_eq!(proof.exit, 0, "{proof:?}");
}

/// Carries out a plan; the code and the outcomes that the plan then has.
fn applied(desk: &Desk, plan: &str, words: &str) -> (i32, Vec<String>) {
    let done = desk.run(&["apply", plan, "--confirm", words, "--reason", "left"]);
    (done.exit, outcomes(desk, plan))
}

fn outcomes(desk: &Desk, plan: &str) -> Vec<String> {
    let plan = desk.document(&["plan", plan]);
    let items = plan["items"].as_array().unwrap();
    items.iter().map(|item| text(&item["outcome"])).collect()
}

/// The versions whose files were left with work of every kind in the middle.
const LEFT: [&str; 3] = ["v2", "v3", "v4"];

/// The file of such a version as it was left.
fn left(version: &str) -> (Desk, Names) {
    let (desk, expected) = (desk(version), expected(version));
    holds(&desk, &expected);
    (desk, Names(expected["names"].clone()))
}

/// The files as they are, the audit and everything counted are well, and no job is left but those that wait for
/// their user.
fn nothing_is_left(desk: &Desk) {
    desk.healthy();
    assert_eq!(desk.run(&["audit", "verify"]).exit, 0);
    let open = desk.rows(&["jobs", "state:queued,running,waiting-mfa,waiting-retry"]);
    assert_eq!(open, Vec::<Value>::new());
    let status = desk.document(&["status"]);
    assert_eq!(
        (&status["due"], &status["sequences"]),
        (&0.into(), &0.into()),
        "{status}"
    );
}

#[test]
fn jobs_of_version_1_are_finished() {
    let desk = desk("v1");
    let rows = std::fs::read_to_string(kept("v1").join("under-way.sql")).unwrap();
    let file = Connection::open(desk.path("w.db")).unwrap();
    file.execute_batch(&rows).unwrap();
    drop(file);
    let job = |n: u32| format!("019cd720-0000-7000-8000-000000000{n}");
    for (n, state) in [
        (101, "running"),
        (102, "waiting-mfa"),
        (103, "waiting-retry"),
        (104, "queued"),
    ] {
        assert_eq!(desk.job(&job(n))["state"], state, "{n}");
    }
    desk.work();
    assert_eq!(end(&desk, &job(101)), succeeded());
    assert_eq!(end(&desk, &job(102)), timed_out());
    assert_eq!(end(&desk, &job(103)), succeeded());
    purged(&desk, &job(104));
    nothing_is_left(&desk);
}

#[test]
fn jobs_that_were_left_are_finished() {
    LEFT.into_iter().for_each(finish_jobs);
}

fn finish_jobs(version: &str) {
    let (desk, names) = left(version);
    for (name, state) in [
        ("queued", "queued"),
        ("running", "running"),
        ("waiting", "waiting-retry"),
        ("paused", "paused"),
        ("answerable", "waiting-mfa"),
        ("lapsed", "waiting-mfa"),
        // before version 3 a purge was queued until its rows had gone
        (
            "purgeBegun",
            if version == "v2" { "queued" } else { "running" },
        ),
        (
            "purgeDestroyed",
            if version == "v2" { "queued" } else { "running" },
        ),
        ("purgeDeleted", "running"),
    ] {
        assert_eq!(
            desk.job(&names.id(name))["state"],
            state,
            "{version}: {name}"
        );
    }
    let answer = |name: &str| desk.run(&["answer", &names.id(name), "1234"]).exit;
    assert_eq!((answer("answerable"), answer("lapsed")), (0, 4));
    let paused = desk.job(&names.id("paused"));
    let agreed = desk.run(&["sandbox", "authorise", &text(&paused["connectionId"])]);
    assert_eq!(agreed.exit, 0, "{agreed:?}");
    desk.work();
    for name in ["queued", "running", "waiting", "paused", "answerable"] {
        assert_eq!(end(&desk, &names.id(name)), succeeded(), "{name}");
    }
    assert_eq!(end(&desk, &names.id("lapsed")), timed_out());
    if version == "v3" {
        // asked for when imported connections were still refreshed: no bank is asked, and nothing is said of it
        let asked = end(&desk, &names.id("queuedImport"));
        assert_eq!(
            asked,
            ("failed".to_owned(), Some("not-executed-here".to_owned()))
        );
        assert_eq!(desk.connection("c-import-web")["status"], "active");
        assert_eq!(desk.job("j-import")["state"], "paused");
    }
    let world = Desk::new(60, 2, 0.0);
    for name in ["purgeBegun", "purgeDestroyed", "purgeDeleted"] {
        // since then what is searched for is written down before anything is destroyed
        match (name, version) {
            ("purgeBegun", _) | (_, "v4") => purged(&desk, &names.id(name)),
            _ => unproven(&desk, &names.id(name)),
        }
        let (user, bank) = desk.pair(&text(&desk.job(&names.id(name))["connectionId"]));
        let private = world.private(Some((user.as_str(), bank.as_str())));
        for (path, bytes) in desk.files() {
            assert!(
                hits(&private, &bytes).is_empty(),
                "{name}: {}",
                path.display()
            );
        }
    }
    nothing_is_left(&desk);
}

#[test]
fn plans_that_were_left_are_carried_out() {
    LEFT.into_iter().for_each(carry_out_plans);
}

fn carry_out_plans(version: &str) {
    let (desk, names) = left(version);
    assert_eq!(
        applied(&desk, &names.id("planLapsed"), "purge 2"),
        (4, vec!["would-run".to_owned(); 2])
    );
    let half = outcomes(&desk, &names.id("planHalfLapsed"));
    let done = half.iter().filter(|outcome| *outcome == "done").count();
    assert!((1..4).contains(&done), "{half:?}");
    assert_eq!(
        applied(&desk, &names.id("planHalfLapsed"), "revoke 4"),
        (4, half)
    );
    let stored = names.id("planStored");
    assert_eq!(
        desk.run(&["apply", &stored, "--confirm", "purge 3", "--reason", "left"])
            .exit,
        5
    );
    // a worker takes up the purge that was cut off in the middle of its plan
    desk.work();
    for (name, words) in [
        ("planFinished", "purge 2"),
        ("planStored", "purge 2"),
        ("planHalf", "purge 4"),
    ] {
        let (exit, outcomes) = applied(&desk, &names.id(name), words);
        assert!(
            exit == 0 && outcomes.iter().all(|outcome| outcome == "done"),
            "{name}: {exit} {outcomes:?}"
        );
        let plan = desk.document(&["plan", &names.id(name)]);
        assert_eq!(plan["stage"], "finished", "{name}");
        for item in plan["items"].as_array().unwrap() {
            purged(&desk, &text(&item["jobId"]));
        }
    }
    // its second purge had deleted everything, before version 4 without a list of what to search for
    let (exit, mut both) = applied(&desk, &names.id("planInPurge"), "purge 2");
    both.sort_unstable();
    let expected = match version {
        "v4" => (0, ["done", "done"]),
        _ => (11, ["done", "failed"]),
    };
    assert_eq!(
        (exit, both),
        (expected.0, expected.1.map(str::to_owned).to_vec())
    );
    let refresh = names.id("planRefresh");
    assert_eq!(
        applied(&desk, &refresh, "refresh 2"),
        (0, vec!["queued".to_owned(); 2])
    );
    desk.work();
    assert_eq!(outcomes(&desk, &refresh), vec!["done".to_owned(); 2]);
    nothing_is_left(&desk);
}

#[test]
fn sequences_that_were_left_are_finished() {
    LEFT.into_iter().for_each(finish_sequences);
}

fn finish_sequences(version: &str) {
    let (desk, names) = left(version);
    assert_eq!(desk.run(&["status", "--json"]).document()["sequences"], 4);
    let open = |name: &str| {
        let sequence = desk.document(&["sequence", &names.id(name)]);
        let steps = sequence["steps"].as_array().unwrap().clone();
        let done = steps.iter().filter(|s| s["status"] == "success").count();
        (text(&sequence["state"]), done, steps.len())
    };
    for (name, done, steps) in [
        ("migrate", 1, 3),
        ("erase", 3, 11),
        ("endConsent", 1, 3),
        ("deleteUser", 4, 6),
    ] {
        assert_eq!(open(name), ("open".to_owned(), done, steps), "{name}");
    }
    let user = |name: &str| text(&desk.document(&["sequence", &names.id(name)])["userId"]);
    let users = ["erase", "endConsent", "deleteUser"].map(user);
    desk.work();
    for (name, steps) in [("migrate", 3), ("erase", 11)] {
        assert_eq!(open(name), ("done".to_owned(), steps, steps), "{name}");
    }
    proven(&desk, &names.id("erase"));
    // these had deleted everything, before version 4 without a list of what to search for
    for (name, steps) in [("endConsent", 3), ("deleteUser", 6)] {
        if version == "v4" {
            assert_eq!(open(name), ("done".to_owned(), steps, steps), "{name}");
            proven(&desk, &names.id(name));
            continue;
        }
        assert_eq!(
            open(name),
            ("stopped".to_owned(), steps - 1, steps),
            "{name}"
        );
        assert_eq!(desk.run(&["certificate", &names.id(name)]).exit, 3);
    }
    for name in ["erase", "endConsent", "deleteUser"] {
        proven(&desk, &names.id(&format!("{name}Finished")));
    }
    assert_eq!(desk.run(&["user", &users[2]]).exit, 3);
    for row in desk.rows(&["connections"]) {
        if users.contains(&text(&row["userId"])) {
            assert_eq!(
                (&row["status"], &row["accounts"], &row["transactions"]),
                (&"deleted".into(), &0.into(), &0.into()),
                "{row}"
            );
        }
    }
    let moved = desk.document(&["sequence", &names.id("migrate")]);
    let made = text(&moved["newConnectionId"]);
    assert_eq!(desk.connection(&made)["status"], "pre-init");
    assert_eq!(desk.run(&["sandbox", "authorise", &made]).exit, 0);
    desk.work();
    assert_eq!(desk.connection(&made)["status"], "active");
    nothing_is_left(&desk);
}

/// What came by an import is known by the event that the import wrote, whatever was done to it since; what was
/// connected here, and the generated world, is of the sandbox.
#[test]
fn an_old_file_tells_what_was_imported() {
    for version in ["v1", "v2"] {
        let rows = desk(version).rows(&["connections"]);
        assert!(
            rows.iter().all(|row| row["origin"] == "sandbox"),
            "{version}"
        );
    }
    let (desk, names) = left("v3");
    let mut imported: Vec<String> = desk
        .rows(&["connections"])
        .iter()
        .filter(|row| row["origin"] == "imported")
        .map(|row| text(&row["id"]))
        .collect();
    imported.sort_unstable();
    assert_eq!(
        imported,
        [
            "c-import-given",
            "c-import-job",
            "c-import-tried",
            "c-import-web"
        ]
    );
    for made in ["madeWeb", "madeOpenBanking"] {
        assert_eq!(
            desk.connection(&names.id(made))["origin"],
            "sandbox",
            "{made}"
        );
    }
}
