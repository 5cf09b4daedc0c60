//! Migration, erasure, deletion of a user and end of a consent: words that confirm them, output, and result.

use super::harness::{Desk, hits, text};
use serde_json::Value;
use std::collections::BTreeSet;

fn tail(id: &str) -> &str {
    &id[id.len() - 3..]
}

/// A connection that can be migrated, with the words that confirm it.
fn movable(desk: &Desk) -> (String, String) {
    let ids = desk.ids("status:active via:web acc>0");
    let found = ids
        .into_iter()
        .find(|id| desk.run(&["migrate", id]).exit == 5)
        .expect("some can be moved");
    let words = format!("move {}", tail(&found));
    (found, words)
}

#[test]
fn migration_needs_words_and_waits_for_its_user() {
    let desk = Desk::new(60, 5, 0.0);
    let (id, words) = movable(&desk);
    let plan = desk.run(&["migrate", &id, "--json"]);
    assert_eq!(
        (plan.exit, &plan.document()["confirm"]),
        (5, &Value::from(words.clone()))
    );
    assert_eq!(desk.run(&["migrate", &id, "--dry-run"]).exit, 0);
    assert_eq!(desk.run(&["migrate", &id, "--confirm", "migrate"]).exit, 5);
    assert_eq!(text(&desk.connection(&id)["label"]), "Active");
    let done = desk.run(&[
        "migrate",
        &id,
        "--confirm",
        &words,
        "--reason",
        "moves",
        "--json",
    ]);
    assert_eq!(done.exit, 0, "{done:?}");
    assert!(done.err.contains("sandbox authorise"), "{done:?}");
    let new = text(&done.document()["newConnectionId"]);
    assert_eq!(text(&desk.connection(&id)["label"]), "Deleted");
    assert_eq!(text(&desk.connection(&new)["label"]), "Pre-init");
    assert_eq!(desk.run(&["sandbox", "authorise", &new]).exit, 0);
    desk.work();
    assert_eq!(text(&desk.connection(&new)["label"]), "Active");
    assert_eq!(
        desk.run(&["migrate", &id, "--confirm", &words]).exit,
        4,
        "it is revoked now"
    );
    let purge = text(&done.document()["steps"][0]["jobId"]);
    let certificate = desk.document(&["job", &purge])["certificate"].clone();
    assert_eq!(
        (&certificate["hits"], &certificate["id"]),
        (&Value::from(0), &Value::from(purge))
    );
    desk.healthy();
}

#[test]
fn erase_keeps_the_user_record_and_delete_removes_it() {
    let desk = Desk::new(60, 5, 0.0);
    let id = desk.one("status:active acc>0");
    let user = text(&desk.connection(&id)["userId"]);
    let name = text(&desk.document(&["user", &user])["name"]);
    let words = format!("erase {}", tail(&user));
    for line in [
        &["erase", "--user", &user][..],
        &["erase", "--user", &user, "--confirm", &words],
        &[
            "erase",
            "--user",
            &user,
            "--confirm",
            "erase it",
            "--reason",
            "r",
        ],
    ] {
        assert_eq!(desk.run(line).exit, 5, "{line:?}");
    }
    let done = desk.run(&[
        "erase",
        "--user",
        &user,
        "--confirm",
        &words,
        "--reason",
        "asked by letter",
        "--json",
    ]);
    assert_eq!(done.exit, 0, "{done:?}");
    let sequence = text(&done.document()["id"]);
    let proof = desk.document(&["certificate", &sequence, "--verify"]);
    assert_eq!((&proof["holds"], &proof["hits"]), (&true.into(), &0.into()));
    let shown = desk.document(&["user", &user]);
    assert_eq!(
        (&shown["accounts"], &shown["transactions"]),
        (&0.into(), &0.into())
    );
    for connection in shown["connections"].as_array().unwrap() {
        assert_eq!(text(&connection["label"]), "Deleted");
    }
    assert!(
        desk.rows(&["consents", "--user", &user])
            .iter()
            .all(|c| text(&c["status"]) != "active")
    );

    let words = format!("delete {}", tail(&user));
    let done = desk.run(&[
        "user",
        "delete",
        &user,
        "--confirm",
        &words,
        "--reason",
        "left",
        "--json",
    ]);
    assert_eq!(done.exit, 0, "{done:?}");
    assert_eq!(desk.run(&["user", &user]).exit, 3);
    let namesakes = desk
        .rows(&["connections"])
        .iter()
        .any(|row| text(&row["userName"]).contains(&name));
    for (path, bytes) in desk.files().into_iter().filter(|_| !namesakes) {
        assert!(
            hits(&BTreeSet::from([name.clone()]), &bytes).is_empty(),
            "{} still names the user",
            path.display()
        );
    }
    assert_eq!(
        desk.run(&["certificate", &text(&done.document()["id"]), "--verify"])
            .exit,
        0
    );
    assert_eq!(desk.run(&["certificate", "nothing"]).exit, 3);
    desk.healthy();
}

#[test]
fn consent_end_needs_words_and_deletes_data() {
    let desk = Desk::new(60, 5, 0.0);
    let id = desk.one("status:active acc>0");
    let user = text(&desk.connection(&id)["userId"]);
    let consent = text(&desk.rows(&["consents", "--user", &user])[0]["id"]);
    assert_eq!(
        text(&desk.document(&["consent", &consent])["status"]),
        "active"
    );
    assert_eq!(desk.run(&["consent", "end", &consent]).exit, 5);
    let words = format!("end {}", tail(&consent));
    let done = desk.run(&[
        "consent",
        "end",
        &consent,
        "--confirm",
        &words,
        "--reason",
        "asked",
    ]);
    assert_eq!(done.exit, 0, "{done:?}");
    assert_eq!(
        text(&desk.document(&["consent", &consent])["status"]),
        "revoked"
    );
    assert_eq!(text(&desk.connection(&id)["label"]), "Deleted");
    assert_eq!(
        desk.run(&[
            "consent",
            "end",
            &consent,
            "--confirm",
            &words,
            "--reason",
            "asked"
        ])
        .exit,
        4
    );
    assert_eq!(desk.rows(&["sequences"]).len(), 1);
    desk.healthy();
}
