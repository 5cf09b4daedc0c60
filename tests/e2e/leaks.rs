//! Searches everything the program writes for the private values of a generated world.

use super::harness::{Desk, PLAIN, hits, purge_words};
use std::collections::BTreeSet;

fn clean(values: &BTreeSet<String>, bytes: &[u8], place: &str) {
    let found = hits(values, bytes);
    assert!(
        found.is_empty(),
        "{place} holds {} private values, like {:?}",
        found.len(),
        found.first()
    );
}

fn clean_files(desk: &Desk, values: &BTreeSet<String>, when: &str) {
    for (path, bytes) in desk.files() {
        clean(values, &bytes, &format!("{when}, {}", path.display()));
    }
}

#[test]
fn the_search_finds_private_values_in_plain_text() {
    let desk = Desk::new(60, 5, 0.0);
    let values = desk.private(None);
    assert!(values.len() > 500, "only {} values", values.len());
    let one = values
        .iter()
        .find(|v| v.contains('@'))
        .expect("emails are among them");
    assert_eq!(
        hits(&values, format!("x{one}y").as_bytes()),
        std::slice::from_ref(one)
    );
}

#[test]
fn no_file_holds_a_private_value_in_plain_text() {
    let desk = Desk::new(60, 10, 0.0);
    let values = desk.private(None);
    clean_files(&desk, &values, "as made");
    let ids = desk.ids(PLAIN);
    let mut words = vec!["refresh"];
    words.extend(ids.iter().take(20).map(String::as_str));
    assert_eq!(desk.run(&words).exit, 0);
    clean_files(&desk, &values, "with jobs queued");
    desk.work();
    clean_files(&desk, &values, "after refreshes");
    let purged = &ids[1];
    let done = desk.run(&[
        "purge",
        purged,
        "--confirm",
        &purge_words(purged),
        "--log",
        "trace.log",
        "-vvv",
    ]);
    assert_eq!(done.exit, 0, "{done:?}");
    clean_files(&desk, &values, "after a purge");
    desk.healthy();
}

#[test]
fn point_49_no_command_prints_a_private_value() {
    let desk = Desk::new(60, 10, 0.0);
    let values = desk.private(None);
    let ids = desk.ids("");
    let job = desk.rows(&["jobs", "--limit", "1"])[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let user = desk.connection(&ids[0])["userId"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut commands: Vec<Vec<&str>> = [
        &["connections"][..],
        &["jobs"],
        &["job", &job],
        &["user", &user],
        &["users"],
        &["accounts", "--user", &user],
        &["accounts", "--institution", "AU00000"],
        &["transactions", "--user", &user],
        &["event", "1"],
        &["events", "--user", &user],
        &["institutions"],
        &["institution", "AU00000"],
        &["events"],
        &["audit"],
        &["audit", "head"],
        &["doctor"],
        &["status"],
    ]
    .map(<[&str]>::to_vec)
    .into();
    for id in ids.iter().step_by(4) {
        commands.extend([
            vec!["connection", id],
            vec!["why", id],
            vec!["purge", id],
            vec!["revoke", id],
        ]);
    }
    for words in &commands {
        for form in [&[][..], &["--json"], &["--format", "csv"]] {
            let line = [words, form, &["-vvv", "--log", "trace.log"]].concat();
            let done = desk.run(&line);
            assert!([0, 2, 4, 5].contains(&done.exit), "{line:?}: {done:?}");
            clean(&values, done.out.as_bytes(), &format!("stdout of {line:?}"));
            clean(&values, done.err.as_bytes(), &format!("stderr of {line:?}"));
        }
    }
    clean_files(&desk, &values, "after every command");
}

#[test]
fn point_49_no_pane_shows_a_private_value() {
    let desk = Desk::new(60, 10, 0.0);
    let values = desk.private(None);
    let mut shown = String::new();
    for size in ["60x20", "80x24", "120x40", "200x60"] {
        for keys in [
            "",
            "2",
            "3",
            "3<enter>",
            "w",
            "?",
            "m",
            "P",
            "X",
            "r",
            "jjjj2",
            "/status:active<enter>2",
        ] {
            let done = desk.run(&["snapshot", "--size", size, "--keys", keys]);
            assert_eq!(done.exit, 0, "{size} {keys}: {done:?}");
            clean(&values, done.out.as_bytes(), &format!("{keys:?} at {size}"));
            shown.push_str(&done.out);
        }
    }
    assert!(
        shown.contains("••• ••• ") && shown.contains("•••@"),
        "the masked forms are there"
    );
    clean_files(&desk, &values, "after every pane");
}
