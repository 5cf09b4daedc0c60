//! By command: nothing acts on an imported connection, and what is told of it agrees.

use super::harness::{Desk, text};

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
