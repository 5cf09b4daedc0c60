//! Files of every released version open, keep their content and can be used; a killed upgrade leaves the old schema
//! or the new one.

use super::harness::{Desk, hits, kill_after, purge_words};
use super::settings;
use super::sql_probe::Raw;
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Every version that has a folder.
const VERSIONS: [&str; 4] = ["v1", "v2", "v3", "v4"];

const SCHEMA: &str = "SELECT type, name, coalesce(sql, '') FROM sqlite_schema ORDER BY type, name";

pub(super) fn kept(version: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(version)
}

pub(super) fn expected(version: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(kept(version).join("expected.json")).unwrap()).unwrap()
}

/// A folder with the file of a version in it.
pub(super) fn desk(version: &str) -> Desk {
    let desk = Desk::empty(0.0).hasty();
    lay(&desk, version);
    desk
}

fn lay(desk: &Desk, version: &str) {
    for (path, _) in desk.files() {
        if path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("w.db"))
        {
            fs::remove_file(path).unwrap();
        }
    }
    for file in ["w.db", "w.db.master", "w.db.keys", "w.db.audit"] {
        let path = desk.path(file);
        fs::copy(kept(version).join(file), &path).unwrap();
        // git keeps no such modes
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
}

/// What the program of that version listed is listed now.
pub(super) fn holds(desk: &Desk, expected: &Value) {
    for (list, same) in [
        ("connections", "id"),
        ("jobs", "id"),
        ("audit", "seq"),
        ("plans", "id"),
        ("sequences", "id"),
    ] {
        // the first version had neither
        if matches!(list, "plans" | "sequences") && expected.get(list).is_none() {
            continue;
        }
        let rows = desk.rows(&[list]);
        for old in expected[list].as_array().unwrap() {
            let new = rows
                .iter()
                .find(|row| row[same] == old[same])
                .unwrap_or_else(|| panic!("{old} is gone"));
            for (field, value) in old.as_object().unwrap() {
                assert_eq!(&new[field], value, "{list} {}: {field}", old[same]);
            }
        }
        assert_eq!(
            rows.len(),
            expected[list].as_array().unwrap().len(),
            "{list}"
        );
    }
}

#[test]
fn files_of_every_version_open_and_can_be_used() {
    for version in VERSIONS {
        let (desk, expected) = (desk(version), expected(version));
        let fresh = Desk::new(1, 1, 0.0);
        holds(&desk, &expected);
        desk.healthy();
        assert_eq!(
            Raw::of(&desk).lines(SCHEMA),
            Raw::of(&fresh).lines(SCHEMA),
            "{version} became the fresh schema"
        );
        for row in expected["connections"].as_array().unwrap() {
            let why = desk.run(&["why", row["id"].as_str().unwrap()]);
            assert_eq!((why.exit, why.err.as_str()), (0, ""), "{why:?}");
        }
        // the job that was queued then is done now
        let imported = &expected["names"]["queuedImport"];
        let queued = |job: &&Value| job["state"] == "queued" && job["id"] != *imported;
        let jobs = expected["jobs"].as_array().unwrap();
        let left: Vec<&str> = jobs
            .iter()
            .filter(queued)
            .map(|job| job["id"].as_str().unwrap())
            .collect();
        assert!(!left.is_empty(), "there is one");
        desk.work();
        for id in &left {
            let job = desk.job(id);
            // a purge whose key was destroyed before there was a list of what to search for cannot be proven
            let steps = job["steps"].as_array().unwrap();
            let codes: Vec<&Value> = steps.iter().map(|step| &step["result"]["code"]).collect();
            let unproven = codes.contains(&&Value::from("purge-not-verified"));
            assert!(job["state"] == "succeeded" || unproven, "{job:#}");
        }
        let id = desk.one("status:active via:web acc>0 bank:acme,fabrikam");
        assert_eq!(
            desk.run(&["refresh", &id, "--force-recent", "--wait"]).exit,
            0
        );
        let shown = desk.connection(&id)["accountList"].clone();
        assert!(
            !shown.as_array().unwrap().is_empty(),
            "what was sealed then opens now"
        );
        assert_eq!(
            desk.run(&["purge", &id, "--confirm", &purge_words(&id)])
                .exit,
            0
        );
        assert_eq!(desk.connection(&id)["transactions"], 0);
        desk.healthy();
    }
}

#[test]
fn read_only_refuses_an_old_schema() {
    let newest = user_version(&Desk::new(1, 1, 0.0));
    for version in VERSIONS {
        let desk = desk(version);
        let old = user_version(&desk);
        if old == newest {
            continue;
        }
        let before = fs::read(desk.path("w.db")).unwrap();
        let done = desk.run(&["connections", "--read-only"]);
        assert_eq!(done.exit, 8, "{done:?}");
        assert!(done.err.contains(&format!("schema {old}")), "{done:?}");
        assert_eq!(fs::read(desk.path("w.db")).unwrap(), before);
    }
}

fn user_version(desk: &Desk) -> i64 {
    Raw::of(desk).number("PRAGMA user_version")
}

/// The file and its log, read in another place, so that reading changes nothing.
fn looked_at(desk: &Desk) -> (i64, Vec<String>, Vec<String>) {
    let aside = tempfile::tempdir().unwrap();
    for file in ["w.db", "w.db-wal"] {
        if desk.path(file).exists() {
            fs::copy(desk.path(file), aside.path().join(file)).unwrap();
        }
    }
    let raw = Raw::at(&aside.path().join("w.db"));
    (
        raw.number("PRAGMA user_version"),
        raw.lines(SCHEMA),
        raw.lines("PRAGMA integrity_check"),
    )
}

#[test]
fn a_killed_upgrade_leaves_the_old_or_the_new_schema() {
    kill_upgrades(8);
}

#[test]
#[ignore = "long: run by ./check --full"]
fn a_killed_upgrade_leaves_the_old_or_the_new_schema_long() {
    kill_upgrades(200);
}

/// Kills the upgrade from each older version this often.
fn kill_upgrades(each: u64) {
    let newest = user_version(&Desk::new(1, 1, 0.0));
    let older: Vec<&str> = VERSIONS
        .into_iter()
        .filter(|version| user_version(&desk(version)) < newest)
        .collect();
    let mut dice = settings::dice(6);
    let (mut olds, mut between) = (0, 0);
    for version in &older {
        let (desk, expected) = (desk(version), expected(version));
        let old = looked_at(&desk);
        let began = Instant::now();
        assert_eq!(desk.run(&["doctor"]).exit, 0);
        let life = u64::try_from(began.elapsed().as_millis()).unwrap() + 3;
        let new = looked_at(&desk);
        assert!(old.0 < new.0);
        for round in 0..each {
            lay(&desk, version);
            // in finer steps than milliseconds: a whole change takes few
            kill_after(
                desk.start(&["doctor"]),
                std::time::Duration::from_micros(dice.below(life * 1_000)),
            );
            let log = fs::metadata(desk.path("w.db-wal")).map_or(0, |m| m.len());
            let found = looked_at(&desk);
            assert!(
                found == old || found == new,
                "{version}, round {round}: a file of version {} that is neither",
                found.0
            );
            olds += u64::from(found == old);
            between += u64::from(found == old && log > 0);
            desk.healthy();
            holds(&desk, &expected);
            assert_eq!(
                looked_at(&desk),
                new,
                "{version}, round {round}: the next process finished it"
            );
        }
    }
    let rounds = each * older.len() as u64;
    settings::figure(&format!(
        "{rounds} killed while the schema changed from {older:?}: {olds} files were old ({between} with the change begun \
         in the log), {} new, 0 between; all healthy and complete afterwards",
        rounds - olds
    ));
}

#[test]
fn no_fixture_holds_a_private_value_in_plain_text() {
    for (version, world) in [
        ("v1", Desk::new(12, 3, 0.0)),
        ("v2", Desk::new(60, 2, 0.0)),
        ("v3", Desk::new(60, 2, 0.0)),
        ("v4", Desk::new(60, 2, 0.0)),
    ] {
        let values = world.private(None);
        for file in fs::read_dir(kept(version)).unwrap() {
            let path = file.unwrap().path();
            assert!(
                hits(&values, &fs::read(&path).unwrap()).is_empty(),
                "{}",
                path.display()
            );
        }
    }
}
