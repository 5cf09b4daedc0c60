//! By command: nothing acts on an imported connection, and what is told of it agrees.

use super::harness::{Desk, hits, text};

const BASE: &str = r#"[{"type":"user","id":"u-1","email":"ada@example.test","firstName":"Ada","lastName":"Byron"},
 {"type":"connection","id":"c-1","status":"active","createdDate":"2026-11-01T00:00:00Z","lastUsed":"2026-11-28T00:00:00Z","institution":{"id":"AU00000"},"links":{"user":"/users/u-1"}},
 {"type":"account","id":"a-1","name":"Everyday","accountNo":"600000114210017","balance":"835.15","availableFunds":"812.40","currency":"AUD","class":{"type":"transaction","product":"P"},"connection":"c-1","institution":"AU00000","lastUpdated":"2026-11-28T00:00:00Z","links":{"self":"/users/u-1/accounts/a-1"}},
 {"type":"job","id":"j-1","created":"2026-11-20T00:00:00Z","updated":"2026-11-20T00:00:30Z","steps":[{"title":"verify-credentials","status":"in-progress","result":null}],"links":{"source":"/users/u-1/connections/c-1"}}]"#;

fn desk() -> Desk {
    let desk = Desk::new(60, 2, 0.0);
    std::fs::write(desk.path("platform.json"), BASE).unwrap();
    let path = desk.path("platform.json");
    assert_eq!(desk.run(&["import", path.to_str().unwrap()]).exit, 0);
    desk
}

#[test]
fn every_command_refuses_with_the_reason() {
    let desk = desk();
    let before = desk.connection("c-1");
    assert_eq!(
        (&before["origin"], &before["status"]),
        (&"imported".into(), &"active".into())
    );
    for words in [
        vec!["refresh", "c-1"],
        vec!["refresh", "c-1", "--wait", "--force", "--force-recent"],
        vec!["purge", "c-1", "--confirm", "purge c-1"],
        vec!["revoke", "c-1", "--confirm", "Hooli"],
        vec!["migrate", "c-1", "--confirm", "migrate c-1"],
        vec![
            "erase",
            "--user",
            "u-1",
            "--confirm",
            "erase u-1",
            "--reason",
            "asked for",
        ],
        vec!["sandbox", "authorise", "c-1"],
        vec!["answer", "j-1", "1234"],
    ] {
        let done = desk.run(&words);
        assert_eq!(done.exit, 4, "{words:?}: {done:?}");
        assert!(
            done.err
                .contains("imported: no bank or platform is connected here"),
            "{words:?}: {done:?}"
        );
    }
    for act in ["refresh", "purge", "revoke"] {
        let plan = desk.document(&[act, "c-1", "--dry-run"]).to_string();
        assert!(
            plan.contains("imported: no bank or platform is connected here"),
            "{act}: {plan}"
        );
    }
    desk.work();
    assert_eq!(desk.connection("c-1"), before);
}

#[test]
fn a_filter_leaves_imported_ones_out_and_says_why() {
    let desk = desk();
    let rows = desk.rows(&["connections", "is:imported"]);
    assert_eq!(
        rows.iter().map(|row| text(&row["id"])).collect::<Vec<_>>(),
        ["c-1"]
    );
    let own = desk.one("status:active !is:imported via:web acc>0");
    let done = desk.run(&["refresh", "c-1", &own, "--force-recent", "--json"]);
    assert_eq!(done.exit, 11, "{done:?}");
    assert!(
        done.out
            .contains("imported: no bank or platform is connected here"),
        "{done:?}"
    );
}

#[test]
fn all_say_the_same_of_an_open_job_of_elsewhere() {
    let desk = desk();
    let why = desk.document(&["why", "c-1"]);
    assert_eq!(why["whose"], "system");
    assert!(text(&why["headline"]).contains("The platform it came from runs its open job"));
    assert_eq!(why["allowed"].as_array().unwrap().len(), 0);
    assert!(desk.rows(&["jobs", "is:stuck"]).is_empty());
    assert!(
        desk.rows(&["connections", "is:imported is:attention"])
            .is_empty()
    );
}

#[test]
fn the_user_can_be_deleted() {
    let desk = desk();
    let done = desk.run(&[
        "user",
        "delete",
        "u-1",
        "--confirm",
        "delete u-1",
        "--reason",
        "closed",
    ]);
    assert_eq!(done.exit, 0, "{done:?}");
    assert_eq!(desk.run(&["user", "u-1"]).exit, 3);
    desk.healthy();
}

const SAID: &str =
    "Hello Ada Quillfeather, this account is locked: card 4111 1111 1111 1111, phone 0400 555 021.";

/// What a document says of a failure and asks in its own words is shown masked everywhere, and is in no file.
#[test]
fn the_words_of_a_document_are_masked_in_every_output() {
    let desk = desk();
    let job = |id: &str, step: &str| {
        format!(
            r#"{{"type":"job","id":"{id}","created":"2026-11-21T00:00:00Z","updated":"2026-11-21T00:00:30Z","steps":[{step}],"links":{{"source":"/users/u-1/connections/c-1"}}}}"#
        )
    };
    let failed = job(
        "j-1",
        &format!(
            r#"{{"title":"verify-credentials","status":"failed","result":{{"code":"invalid-credentials","title":"Quillfeather","detail":"{SAID}"}}}}"#
        ),
    );
    let asks = job(
        "j-2",
        &format!(
            r#"{{"title":"mfa-challenge","status":"in-progress","result":{{"type":"mfa","method":"token","description":"{SAID}","input":["Quillfeather"]}}}}"#
        ),
    );
    let event = r#"{"type":"event","id":"e-1","entity":"Ada Quillfeather","eventType":"4111 1111","userId":"u-1","createdDate":"2026-11-21T00:00:00Z","data":{}}"#;
    let path = desk.path("said.json");
    std::fs::write(&path, format!("[{failed},{asks},{event}]")).unwrap();
    let done = desk.run(&["import", path.to_str().unwrap()]);
    assert_eq!(done.exit, 0, "{done:?}");
    std::fs::remove_file(path).unwrap();
    let mut shown = 0;
    for words in [
        "job j-1",
        "job j-2",
        "jobs",
        "connection c-1",
        "why c-1",
        "connections",
        "events",
        "audit",
        "answer j-2 1234",
    ] {
        for format in ["", "--json", "--jsonl", "--csv"] {
            let words = format!("{words} {format}");
            let done = desk.run(&words.split_whitespace().collect::<Vec<_>>());
            let said = format!("{}{}", done.out, done.err);
            shown += said.matches("this account is locked").count();
            for part in ["Quillfeather", "4111", "0400 555"] {
                assert!(!said.contains(part), "{words}: {said}");
            }
        }
    }
    assert!(shown >= 4, "the common words are shown: {shown}");
    let parts = [SAID, "Quillfeather", "4111 1111", "0400 555 021"];
    let parts = parts.map(str::to_owned).into_iter().collect();
    for (path, bytes) in desk.files() {
        assert_eq!(hits(&parts, &bytes), Vec::<String>::new(), "{path:?}");
    }
}
