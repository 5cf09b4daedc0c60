//! Databases that are damaged, or that are something else: each command says something useful, and `doctor` what can
//! still be read and what to do.

use super::harness::{Desk, Done};

/// The file is closed, and its pages can be read as they are.
fn pages(desk: &Desk) -> (Vec<u8>, usize) {
    let bytes = std::fs::read(desk.path("w.db")).unwrap();
    let size = usize::from(u16::from_be_bytes([bytes[16], bytes[17]]));
    (bytes, size)
}

fn root(desk: &Desk, table: &str) -> usize {
    let file = rusqlite::Connection::open(desk.path("w.db")).unwrap();
    let sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
    let page: i64 = file.query_row(sql, [table], |r| r.get(0)).unwrap();
    usize::try_from(page).unwrap()
}

fn says_no_sql(done: &Done) {
    for word in ["SELECT", "FROM ", "UPDATE", "INSERT"] {
        assert!(!done.err.contains(word), "{done:?}");
    }
}

#[test]
fn a_damaged_table_is_named_and_the_others_are_read() {
    let desk = Desk::new(40, 8, 0.0);
    let damaged = root(&desk, "transactions");
    let (mut bytes, size) = pages(&desk);
    bytes[(damaged - 1) * size..damaged * size].fill(0xA5);
    std::fs::write(desk.path("w.db"), &bytes).unwrap();
    // what is not in the damaged pages is shown
    assert_eq!(desk.run(&["users"]).exit, 0);
    assert_eq!(desk.run(&["connections"]).exit, 0);
    let user = desk.rows(&["users"])[0]["id"].as_str().unwrap().to_owned();
    let refused = desk.run(&["transactions", "--user", &user]);
    assert_eq!(refused.exit, 8, "{refused:?}");
    assert!(refused.err.contains("switchboard doctor"), "{refused:?}");
    says_no_sql(&refused);
    let seen = desk.run(&["doctor"]);
    assert_eq!(seen.exit, 8, "{seen:?}");
    for part in [
        "table transactions: damaged after",
        "tables that can be read whole: ",
        "connections (40)",
        "what to do: stop every program",
        "restore the newest backup",
    ] {
        assert!(seen.out.contains(part), "{part}: {seen:?}");
    }
    says_no_sql(&seen);
    let document = desk.run(&["doctor", "--json"]).document();
    assert_eq!(document["ok"], false);
}

#[test]
fn a_file_that_cannot_be_opened_is_told_the_same() {
    let desk = Desk::new(12, 2, 0.0);
    let (bytes, size) = pages(&desk);
    // the list of tables itself, behind the header of the file
    let mut schema = bytes.clone();
    schema[100..size].fill(0xA5);
    let mut cut = bytes.clone();
    cut.truncate(size * 2);
    for (what, bytes) in [("schema", schema), ("cut", cut)] {
        std::fs::write(desk.path("w.db"), &bytes).unwrap();
        for words in [&["connections"][..], &["users"], &["status"]] {
            let done = desk.run(words);
            assert_eq!(done.exit, 8, "{what}: {done:?}");
            assert!(done.err.contains("switchboard doctor"), "{what}: {done:?}");
            says_no_sql(&done);
        }
        let seen = desk.run(&["doctor"]);
        assert_eq!(seen.exit, 8, "{what}: {seen:?}");
        assert!(
            seen.out.contains("what to do: stop every program"),
            "{what}: {seen:?}"
        );
        assert!(seen.out.contains("read"), "{what}: {seen:?}");
        let document = desk.run(&["doctor", "--json"]).document();
        assert_eq!(document["ok"], false, "{what}");
        assert_eq!(
            std::fs::read(desk.path("w.db")).unwrap(),
            bytes,
            "{what}: it is not changed"
        );
    }
}

/// The application id and the version are right, and the tables are those of something else.
#[test]
fn a_file_with_other_tables_is_refused_and_unchanged() {
    let others = [
        "CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('mine')",
        "CREATE TABLE users (n INTEGER, id TEXT); CREATE TABLE connections (n INTEGER); CREATE TABLE meta (a TEXT)",
        "CREATE TABLE jobs (id TEXT); CREATE VIEW users AS SELECT 1 AS n",
    ];
    for (tables, version) in others.into_iter().flat_map(|t| [1, 2, 4].map(|v| (t, v))) {
        let desk = Desk::empty(0.0);
        let file = rusqlite::Connection::open(desk.path("w.db")).unwrap();
        file.execute_batch(tables).unwrap();
        file.pragma_update(None, "application_id", 0x7377_6264)
            .unwrap();
        file.pragma_update(None, "user_version", version).unwrap();
        drop(file);
        let before = desk.files();
        for words in [
            &["connections"][..],
            &["generate", "--connections", "3"],
            &["user", "create", "--email", "a@b.example"],
            &["work", "--until-idle"],
            &["doctor"],
            &["--read-only", "users"],
        ] {
            let done = desk.run(words);
            assert_eq!(done.exit, 8, "{tables} {words:?}: {done:?}");
            assert!(done.err.contains("it was not touched"), "{done:?}");
            says_no_sql(&done);
        }
        assert_eq!(desk.files(), before, "{tables}, version {version}");
    }
}

/// The statement is in what `-vv` prints, and nowhere else.
#[test]
fn the_text_of_a_statement_is_printed_only_when_asked_for() {
    let desk = Desk::new(12, 2, 0.0);
    let file = rusqlite::Connection::open(desk.path("w.db")).unwrap();
    file.execute_batch("ALTER TABLE consents RENAME COLUMN purpose TO aim")
        .unwrap();
    drop(file);
    let done = desk.run(&["consents"]);
    assert_eq!(done.exit, 8, "{done:?}");
    assert!(done.err.contains("switchboard doctor"), "{done:?}");
    says_no_sql(&done);
    let said = desk.run(&["consents", "-v"]);
    says_no_sql(&said);
    let all = desk.run(&["consents", "-vv"]);
    assert!(all.err.contains("SELECT"), "{all:?}");
}
