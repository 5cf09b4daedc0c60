//! Sizes, slow clients, and the end of the server.

use super::{Api, closed, said, serve};
use crate::harness::{Desk, LIMIT, halt, kill, until};
use rustix::process::Signal;
use std::io::Write;
use std::net::TcpStream;

/// Times of fractions of a second, so that no test waits for long.
fn hasty() -> Desk {
    let quick =
        "[api]\nheader_time = \"400ms\"\nbody_time = \"400ms\"\nconnections = 32\n[sandbox]";
    Desk::empty(0.0).with("[sandbox]", quick)
}

#[test]
fn what_is_too_large_has_its_status() {
    let api = Api::new();
    let host = api.host().to_owned();
    let token = api.token.clone();
    let post = format!("POST /users HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n");
    let announced = format!("{post}Content-Length: 10737418240\r\n\r\n");
    assert_eq!(
        api.raw(announced.as_bytes()).0,
        413,
        "nothing of it was sent"
    );
    let body = "x".repeat(65 * 1_024);
    let chunked = format!(
        "{post}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n",
        body.len()
    );
    assert_eq!(api.raw(chunked.as_bytes()).0, 413);
    let within = format!("{post}Content-Length: 65536\r\n\r\n{}", "x".repeat(65_536));
    assert_eq!(
        api.raw(within.as_bytes()).0,
        400,
        "it is no JSON, and not too large"
    );
    let get = |target: &str, more: &str| {
        api.raw(
            format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n{more}Connection: close\r\n\r\n")
                .as_bytes(),
        )
        .0
    };
    let fields = |n: usize| (0..n).map(|n| format!("X-{n}: a\r\n")).collect::<String>();
    assert_eq!(get("/healthz", &fields(60)), 200);
    assert_eq!(get("/healthz", &fields(65)), 431);
    assert_eq!(
        get(
            "/healthz",
            &format!("X-Long: {}\r\n", "a".repeat(17 * 1_024))
        ),
        431
    );
    assert_eq!(get(&format!("/healthz?{}", "a".repeat(7 * 1_024)), ""), 200);
    assert_eq!(get(&format!("/healthz?{}", "a".repeat(9 * 1_024)), ""), 414);
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep = &deep[..60_000];
    let nested = format!("{post}Content-Length: {}\r\n\r\n{deep}", deep.len());
    assert_eq!(api.raw(nested.as_bytes()).0, 400);
}

/// A connection that has sent so much.
fn half(api: &Api, sent: &str) -> TcpStream {
    let mut socket = api.socket();
    socket.write_all(sent.as_bytes()).unwrap();
    socket
}

#[test]
fn slow_clients_are_closed_and_others_are_answered_meanwhile() {
    let api = Api::on(hasty(), &[]);
    let host = api.host().to_owned();
    let head = format!("POST /token HTTP/1.1\r\nHost: {host}\r\n");
    let silent = api.socket();
    let half_head = half(&api, &head);
    let half_body = half(&api, &format!("{head}Content-Length: 100\r\n\r\nabc"));
    assert_eq!(api.send("GET", "/healthz", &[], None).status, 200);
    closed(silent);
    closed(half_head);
    let (status, answer) = said(half_body);
    assert_eq!(status, 408, "{answer}");
    assert!(answer.contains("request-timeout"), "{answer}");
}

#[test]
fn more_slow_clients_than_seats_keep_nobody_out() {
    let patient = "[api]\nheader_time = \"1m\"\nbody_time = \"1m\"\nconnections = 32\n[sandbox]";
    let api = Api::on(Desk::empty(0.0).with("[sandbox]", patient), &[]);
    // a client with a token keeps its seat
    let user = api.user();
    let mut slow = Vec::new();
    for n in 0..100 {
        let mut socket = api.socket();
        // it may have had to leave already
        let _ = write!(socket, "GET /healthz HTTP/1.1\r\nX-Slow: {n}\r\n");
        slow.push(socket);
        if n % 10 == 0 {
            assert_eq!(api.get(&format!("/users/{user}")).status, 200, "after {n}");
            let fresh = format!(
                "GET /healthz HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
                api.host()
            );
            assert_eq!(api.raw(fresh.as_bytes()).0, 200, "after {n}");
        }
    }
    // the oldest had to leave for the newest
    closed(slow.swap_remove(0));
}

#[test]
fn a_burst_that_comes_while_it_is_busy_is_kept_until_it_is_taken() {
    let api = Api::new();
    let most = std::fs::read_to_string("/proc/sys/net/core/somaxconn");
    let most = most.map_or(300, |text| text.trim().parse().unwrap());
    halt(&api.child, Signal::STOP);
    let burst: Vec<TcpStream> = (0..most.min(300))
        .map(|n| {
            let address = api.host().parse().unwrap();
            let socket = TcpStream::connect_timeout(&address, LIMIT);
            socket.unwrap_or_else(|e| panic!("number {n}: {e}"))
        })
        .collect();
    halt(&api.child, Signal::CONT);
    assert_eq!(api.get("/connectors").status, 200);
    drop(burst);
}

#[test]
fn it_stops_within_its_time_and_finishes_what_runs() {
    let mut api = Api::on(
        hasty().with("mfa_expiry = \"1s\"", "mfa_expiry = \"1m\""),
        &[],
    );
    let idle: Vec<TcpStream> = (0..20).map(|_| api.socket()).collect();
    let host = api.host().to_owned();
    let token = api.token.clone();
    // the body of this one is still on its way when the server is told to stop
    let body = r#"{"email": "late@example.test"}"#;
    let mut late = half(
        &api,
        &format!(
            "POST /users HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nContent-Length: {}\r\n\r\n{}",
            body.len(),
            &body[..5]
        ),
    );
    assert_eq!(api.send("GET", "/healthz", &[], None).status, 200);
    api.tell_to_stop();
    until("no new connection is taken", || {
        TcpStream::connect(&host).is_err()
    });
    late.write_all(&body.as_bytes()[5..]).unwrap();
    let (status, answer) = said(late);
    assert_eq!(status, 201, "{answer}");
    assert_eq!(api.exit(), Some(143));
    drop(idle);
    let users = api.desk.rows(&["users"]);
    assert_eq!(users.len(), 1, "what was answered was done");
    api.desk.healthy();
}

#[test]
fn it_listens_on_loopback_or_says_why_not() {
    let desk = Desk::empty(0.0);
    let (mut first, url) = serve(&desk, &["serve", "--listen", "127.0.0.1:0"]);
    let taken = url.split_once("://").unwrap().1.to_owned();
    for (words, exit) in [
        (vec!["--listen", taken.as_str()], 6),
        (vec!["--listen", "0.0.0.0:0"], 9),
        (vec!["--listen", "[::]:0"], 9),
        (vec!["--listen", "[::ffff:127.0.0.1]:0"], 9),
        (vec!["--listen", "0:8787"], 9),
        (vec!["--listen", "localhost:0"], 9),
        (vec!["--listen", "127.0.0.1:70000"], 2),
        (vec!["--listen", "127.0.0.1:-1"], 2),
        (vec!["--listen", "127.0.0.1:http"], 2),
        (vec!["--base-url", "example.test"], 9),
        (vec!["--tls-cert", "x", "--tls-key", "y"], 9),
        (vec!["--tls-cert", "x"], 2),
        (vec!["--read-only"], 4),
    ] {
        let all: Vec<&str> = ["serve"].into_iter().chain(words).collect();
        let done = desk.run(&all);
        assert_eq!(done.exit, exit, "{all:?}: {done:?}");
        assert!(done.out.is_empty() && !done.err.is_empty(), "{done:?}");
    }
    kill(&mut first);
    let (mut open, url) = serve(&desk, &["serve", "--listen", "0.0.0.0:0", "--insecure"]);
    assert!(url.starts_with("http://0.0.0.0:"), "{url}");
    kill(&mut open);
}

#[test]
fn without_the_master_key_it_does_not_start() {
    let desk = Desk::new(1, 1, 0.0);
    std::fs::rename(desk.path("w.db.master"), desk.path("away")).unwrap();
    let done = desk.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(done.exit, 9, "{done:?}");
}
