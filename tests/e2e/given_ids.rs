//! Ids from stdin, chosen columns, counts, other names of a command, and formats of single things.

use super::harness::{Desk, fed, text};

#[test]
fn ids_come_from_stdin_where_a_dash_stands_for_them() {
    let desk = Desk::new(40, 1, 0.0);
    let filter = "status:active via:web";
    let list = desk
        .run(&["connections", filter, "--limit", "3", "--jsonl"])
        .out;
    let ids = desk.ids(filter);
    let plan = fed(&desk, &["refresh", "-", "--dry-run", "--json"], &list).document();
    let items = plan["items"].as_array().unwrap();
    let planned: Vec<String> = items
        .iter()
        .map(|item| text(&item["connectionId"]))
        .collect();
    assert_eq!(planned, ids[..3]);
    // the jobs of connections lead to the connections
    let jobs = desk.run(&["jobs", "--limit", "1", "--jsonl"]);
    let of = text(&serde_json::from_str::<serde_json::Value>(&jobs.out).unwrap()["connectionId"]);
    let found = fed(&desk, &["connection", "-", "--json"], &jobs.out).document();
    assert_eq!(text(&found["id"]), of);
    // plain lines, and beside others
    let lines = format!("{}\n\n  {}  and its bank\n", ids[1], ids[2]);
    let plan = fed(
        &desk,
        &["purge", &ids[0], "-", "--dry-run", "--json"],
        &lines,
    )
    .document();
    assert_eq!(plan["items"].as_array().unwrap().len(), 3, "{plan:#}");
    let why = fed(&desk, &["why", "-", "--json"], &ids[4]).document();
    assert_eq!(text(&why["id"]), ids[4]);
    for (words, input, exit) in [
        (&["purge", "-", "--dry-run"][..], "nothing-like-it\n", 3),
        (&["purge", "-", "--dry-run"], "{\"name\": \"x\"}\n", 2),
        (&["connection", "-"], "", 2),
        (&["connection", "-"], lines.as_str(), 2),
        (&["refresh", "-"], "", 0),
    ] {
        let done = fed(&desk, words, input);
        assert_eq!(done.exit, exit, "{words:?}: {done:?}");
    }
}

#[test]
fn an_id_that_fits_several_says_how_many() {
    let desk = Desk::new(200, 1, 0.0);
    let ids = desk.ids("");
    let fits = |start: &str| ids.iter().filter(|id| id.starts_with(start)).count();
    let start = ids
        .iter()
        .map(|id| &id[..4])
        .max_by_key(|start| fits(start))
        .unwrap();
    let fits = fits(start);
    assert!(fits > 6, "many ids of a world begin alike: {ids:?}");
    let done = desk.run(&["connection", start, "--json"]);
    assert_eq!(
        (done.exit, &done.document()["code"]),
        (2, &"ambiguous".into()),
        "{done:?}"
    );
    let said = format!("{start} fits {fits} connections: ");
    assert!(done.err.contains(&said), "{said}: {done:?}");
    assert!(
        done.err.contains(&format!("and {} more", fits - 6)),
        "{done:?}"
    );
}

#[test]
fn lists_print_chosen_columns_or_only_how_many() {
    let desk = Desk::new(40, 1, 0.0);
    let all = desk.ids("status:active");
    let words = [
        "connections",
        "status:active",
        "--columns",
        "status,id,institutionId",
    ];
    let csv = desk.run(&[&words[..], &["--csv"]].concat()).out;
    assert_eq!(csv.lines().next(), Some("status,id,institutionId"));
    let second: Vec<&str> = csv
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(1).unwrap())
        .collect();
    assert_eq!(second, all);
    let document = desk.document(&words);
    let first = document["data"][0].as_object().unwrap();
    assert_eq!(
        first.keys().collect::<Vec<_>>(),
        ["id", "institutionId", "status"]
    );
    let table = desk.run(&words).out;
    let heads: Vec<&str> = table.lines().next().unwrap().split_whitespace().collect();
    assert_eq!(heads, ["status", "id", "institutionId"]);
    assert_eq!(table.lines().count(), all.len() + 1);
    // a path in the document names the same column
    let path = desk.run(&[
        "connections",
        "--columns",
        "institution.id",
        "--csv",
        "--limit",
        "1",
    ]);
    assert_eq!(path.out.lines().next(), Some("institutionId"));
    for list in [
        "connections",
        "jobs",
        "users",
        "institutions",
        "consents",
        "events",
        "plans",
        "sequences",
        "audit",
    ] {
        let count: usize = desk.run(&[list, "--count"]).out.trim().parse().unwrap();
        let document = desk.document(&[list, "--count"]);
        assert_eq!(
            (&document["type"], &document["count"]),
            (&"count".into(), &count.into())
        );
        assert_eq!(desk.rows(&[list]).len(), count, "{list}");
    }
    assert_eq!(
        desk.run(&["connections", "status:active", "--count"]).out,
        format!("{}\n", all.len())
    );
    for words in [
        &["connections", "--count", "--limit", "3"][..],
        &["connections", "--count", "--columns", "id"],
        &["connections", "--columns", "colour"],
        &["connections", "user:nobody", "--columns", "colour"],
        &["events", "--follow", "--count"],
    ] {
        assert_eq!(desk.run(words).exit, 2, "{words:?}");
    }
}

#[test]
fn other_names_lead_to_the_same_command() {
    let desk = Desk::new(10, 1, 0.0);
    let at = ["--at", "2026-03-10T09:41:07Z"];
    let run = |words: &[&str]| desk.run(&[words, &at].concat()).out;
    let list = run(&["connections", "status:active"]);
    for name in ["list", "ls"] {
        assert_eq!(run(&[name, "status:active"]), list, "{name}");
    }
    assert_eq!(
        run(&["connections", "-o", "json"]),
        run(&["connections", "--json"])
    );
    assert_eq!(
        run(&["connections", "-ocsv"]),
        run(&["connections", "--csv"])
    );
    let wrong = desk.run(&["connection", "nothing-like-it", "-o", "json"]);
    assert_eq!(
        (wrong.exit, &wrong.document()["type"]),
        (3, &"error".into())
    );
}

#[test]
fn single_things_are_printed_in_every_format() {
    let desk = Desk::new(40, 2, 0.0);
    let id = desk.one("status:active acc>0");
    let job = text(&desk.rows(&["jobs"])[0]["id"]);
    let user = text(&desk.connection(&id)["userId"]);
    for words in [
        &["connection", id.as_str()][..],
        &["why", &id],
        &["job", &job],
        &["user", &user],
        &["institution", "AU00000"],
        &["status"],
        &["doctor"],
        &["keys"],
        &["config", "show"],
        &["config", "path"],
        &["audit", "verify"],
        &["audit", "head"],
        &["refresh", &id, "--dry-run"],
    ] {
        let run = |form: &str| desk.run(&[words, &["--format", form][..]].concat());
        let (json, lines, csv) = (run("json"), run("jsonl"), run("csv"));
        for done in [&json, &lines, &csv, &run("table")] {
            assert_eq!(done.exit, 0, "{words:?}: {done:?}");
            assert!(!done.out.is_empty(), "{words:?}");
        }
        assert_eq!(json.document()["schemaVersion"], 1, "{words:?}");
        for line in lines.out.lines() {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            assert!(line.is_object(), "{words:?}");
        }
        let mut read = csv::Reader::from_reader(csv.out.as_bytes());
        let heads = read.headers().unwrap().clone();
        assert!(
            heads
                .iter()
                .all(|head| !head.is_empty() && !head.contains('{')),
            "{words:?}: {heads:?}"
        );
        assert!(
            read.records().all(|row| row.is_ok()),
            "{words:?}: {}",
            csv.out
        );
    }
    let why = desk.run(&["why", &id, "--csv"]).out;
    let mut read = csv::Reader::from_reader(why.as_bytes());
    let at = read
        .headers()
        .unwrap()
        .iter()
        .position(|head| head == "id")
        .unwrap();
    assert_eq!(&read.records().next().unwrap().unwrap()[at], id);
}
