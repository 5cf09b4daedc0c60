//! Many at once: processes and a server on one file, and how fast lists are answered.

use super::Api;
use super::kept::{Kept, memory, percentile};
use crate::harness::{Desk, ended, text, until};
use crate::settings;
use crate::sql_probe::Raw;
use std::thread;
use std::time::{Duration, Instant};

/// What must hold in the file whatever was done to it at once. Each query counts what contradicts it.
const INVARIANTS: [(&str, &str); 5] = [
    (
        "a connection has two open fetches",
        "SELECT count(*) FROM (SELECT connection_n FROM jobs WHERE kind < 3 AND open = 1 GROUP BY connection_n HAVING count(*) > 1)",
    ),
    (
        "a user has two open purges at a bank",
        "SELECT count(*) FROM (SELECT user_n, institution_n FROM jobs WHERE kind = 3 AND open = 1 GROUP BY 1, 2 HAVING count(*) > 1)",
    ),
    (
        "an account belongs to no connection",
        "SELECT count(*) FROM accounts WHERE connection_n NOT IN (SELECT n FROM connections)",
    ),
    (
        "a transaction belongs to no account",
        "SELECT count(*) FROM transactions WHERE account_n NOT IN (SELECT n FROM accounts)",
    ),
    (
        "the audit has a gap",
        "SELECT max(seq) - count(*) FROM audit",
    ),
];

/// Processes that refresh and purge, each its own share, beside clients of a server that do the same to all.
fn mixed(processes: usize, connections: u64) -> (usize, usize) {
    let desk = Desk::new(connections, 3, 0.0);
    let rows = desk.rows(&["connections", "status:active acc>0"]);
    let pairs: Vec<(String, String)> = rows
        .iter()
        .map(|row| (text(&row["userId"]), text(&row["id"])))
        .collect();
    let api = Api::on(desk, &[]);
    let shares: Vec<_> = pairs.chunks(pairs.len().div_ceil(processes)).collect();
    let children: Vec<_> = shares
        .iter()
        .enumerate()
        .map(|(n, share)| {
            let ids: Vec<&str> = share.iter().map(|(_, id)| id.as_str()).collect();
            let words = format!("purge {}", ids.len());
            let mut all = if n % 2 == 0 {
                vec!["refresh"]
            } else {
                vec!["purge"]
            };
            all.extend(&ids);
            match (n % 2, ids.len()) {
                (0, _) => {}
                (_, 1) => all.extend(["--confirm", "purge one"]),
                _ => all.extend(["--confirm", &words, "--reason", "load"]),
            }
            let words: Vec<String> = all.iter().map(|word| (*word).to_owned()).collect();
            (api.desk.start(&all), words)
        })
        .collect();
    let mut answers = 0;
    for (n, (user, id)) in pairs.iter().enumerate() {
        let act = if n % 3 == 0 { "purge" } else { "refresh" };
        let came = api.call("POST", &format!("/users/{user}/connections/{id}/{act}"));
        // done, joined, or refused because something else is under way for it
        assert!(
            matches!(came.status, 200 | 202 | 204 | 400 | 403 | 404 | 409 | 429),
            "{act}: {came:?}"
        );
        answers += 1;
    }
    for (child, words) in children {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let done = ended(child.wait_with_output().unwrap(), &words);
        assert!(matches!(done.exit, 0 | 4 | 5 | 6 | 11), "{done:?}");
    }
    until("every job has ended", || {
        let open = api.desk.rows(&["jobs", "is:running or is:queued"]);
        open.is_empty()
    });
    api.desk.healthy();
    let raw = Raw::of(&api.desk);
    for (what, query) in INVARIANTS {
        assert_eq!(raw.number(query), 0, "{what}");
    }
    (shares.len(), answers)
}

#[test]
fn processes_and_a_server_act_on_one_file_at_once() {
    mixed(4, 40);
}

#[test]
#[ignore = "long, ten processes and a server on one file: run by ./check --full"]
fn http_mixed_long() {
    let (processes, answers) = mixed(10, 400);
    settings::figure(&format!(
        "{processes} processes and {answers} calls of a server on one file, refreshes and purges mixed: every invariant held"
    ));
}

/// How many requests are sent by each client.
const EACH: usize = 5_000;
const CLIENTS: usize = 4;

#[test]
#[ignore = "long, 20,000 lists on a file with 100,000 connections: run by ./check --full"]
fn http_speed_long() {
    let desk = Desk::new(100_000, 1, 0.0);
    let first = desk.document(&["connections", "status:active acc>0", "--limit", "1"]);
    let user = text(&first["data"][0]["userId"]);
    let many = "[api]\nconnection_time = \"1h\"\n[sandbox]";
    let api = Api::on(desk.with("[sandbox]", many), &[]);
    let request = |path: &str| {
        format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\r\n",
            api.host(),
            api.token
        )
    };
    let mut told = vec![];
    for (what, path) in [
        ("healthz", "/healthz".to_owned()),
        (
            "connections of a user",
            format!("/users/{user}/connections"),
        ),
        (
            "transactions, 50",
            format!("/users/{user}/transactions?limit=50"),
        ),
        ("connectors", "/connectors".to_owned()),
    ] {
        let request = request(&path);
        let run = |count: usize| {
            let mut client = Kept::new(&api);
            let mut times = vec![];
            for _ in 0..count {
                let (status, _, took) = client.asks(&request);
                assert_eq!(status, 200, "{path}");
                times.push(took);
            }
            times
        };
        run(500);
        let before = memory(api.pid());
        let began = Instant::now();
        let mut times: Vec<Duration> = thread::scope(|scope| {
            let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(|| run(EACH))).collect();
            let joined = clients
                .into_iter()
                .flat_map(|client| client.join().unwrap());
            joined.collect()
        });
        let rate = times.len() as f64 / began.elapsed().as_secs_f64();
        let grown = memory(api.pid()).saturating_sub(before);
        let (p50, p99) = (percentile(&mut times, 50), percentile(&mut times, 99));
        assert!(grown < 20 * 1_024, "{what}: it grew by {grown} KiB");
        told.push(format!(
            "{what}: {rate:.0}/s, p50 {p50:?}, p99 {p99:?}, grown by {grown} KiB"
        ));
    }
    settings::figure(&told.join("; "));
}
