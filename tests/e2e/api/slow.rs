//! Slow clients of five kinds: each is closed, and whoever asks properly meanwhile is answered.

use super::kept::{memory, percentile};
use super::{Api, closed};
use crate::harness::{Desk, LIMIT, wait_for};
use crate::settings;
use std::io::Write as _;
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

/// What a slow client does.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Silent,
    HalfHead,
    DribbledHead,
    DribbledBody,
    /// It asks, and takes no answer.
    Unread,
}

const KINDS: [Kind; 5] = [
    Kind::Silent,
    Kind::HalfHead,
    Kind::DribbledHead,
    Kind::DribbledBody,
    Kind::Unread,
];

/// Sends a byte at a time until the other end has closed.
fn dribble(mut socket: &TcpStream, byte: &[u8]) {
    let mut nothing = [0; 512];
    socket.set_nonblocking(true).unwrap();
    loop {
        wait_for(Duration::from_millis(100));
        let gone = std::io::Read::read(&mut socket, &mut nothing).is_ok();
        if gone || socket.write_all(byte).is_err() {
            break;
        }
    }
    // a closed socket was reset or has ended; either way nothing more is read
    let _ = socket.set_nonblocking(false);
}

/// How long it was kept.
fn slow(kind: Kind, host: &str, token: &str, patience: Duration) -> Duration {
    let began = Instant::now();
    let Ok(mut socket) = TcpStream::connect(host) else {
        return Duration::ZERO;
    };
    socket.set_write_timeout(Some(LIMIT)).unwrap();
    let post = format!("POST /users HTTP/1.1\r\nHost: {host}\r\n");
    let get = format!(
        "GET /connectors HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n"
    );
    // one that had to leave at once cannot send
    let _ = match kind {
        Kind::Silent => Ok(()),
        Kind::HalfHead | Kind::DribbledHead => socket.write_all(post.as_bytes()),
        Kind::DribbledBody => {
            socket.write_all(format!("{post}Content-Length: 60000\r\n\r\n{{").as_bytes())
        }
        Kind::Unread => (0..400).try_for_each(|_| socket.write_all(get.as_bytes())),
    };
    match kind {
        Kind::DribbledHead => dribble(&socket, b"X"),
        Kind::DribbledBody => dribble(&socket, b" "),
        Kind::Unread => {
            // it reads only when the server must have given it up
            wait_for(patience);
            closed(socket);
        }
        Kind::Silent | Kind::HalfHead => closed(socket),
    }
    began.elapsed()
}

/// So many slow clients against a server with these times; those that take no answer are patient for longer than it.
/// Answers how long the last of them was kept, the times of the good requests meanwhile, and by how many KiB the server
/// grew.
fn endured(count: usize, api_section: &str, patience: Duration) -> (Duration, Vec<Duration>, u64) {
    let api = Api::on(Desk::empty(0.0).with("[sandbox]", api_section), &[]);
    assert_eq!(api.get("/connectors").status, 200);
    let before = memory(api.pid());
    let (host, token) = (api.host().to_owned(), api.token.clone());
    let clients: Vec<_> = (0..count)
        .map(|n| {
            let (host, token) = (host.clone(), token.clone());
            thread::spawn(move || slow(KINDS[n % KINDS.len()], &host, &token, patience))
        })
        .collect();
    let mut good = vec![];
    while good.is_empty() || !clients.iter().all(thread::JoinHandle::is_finished) {
        let began = Instant::now();
        assert_eq!(
            api.get("/connectors").status,
            200,
            "after {} good ones",
            good.len()
        );
        good.push(began.elapsed());
    }
    let kept = clients.into_iter().map(|client| client.join().unwrap());
    let longest = kept.max().unwrap();
    (longest, good, memory(api.pid()).saturating_sub(before))
}

#[test]
fn slow_clients_of_every_kind_are_closed_and_good_ones_answered() {
    let quick = "[api]\nheader_time = \"400ms\"\nbody_time = \"400ms\"\n[sandbox]";
    endured(60, quick, Duration::from_millis(900));
}

#[test]
#[ignore = "long, 500 slow clients: run by ./check --full"]
fn http_slow_long() {
    let (longest, mut good, grown) = endured(500, "[sandbox]", Duration::from_secs(7));
    let (p50, p99) = (percentile(&mut good, 50), percentile(&mut good, 99));
    settings::figure(&format!(
        "500 slow clients: the last was closed after {longest:?}; {} good requests meanwhile, p50 {p50:?}, p99 {p99:?}, none refused; \
         the server grew by {grown} KiB",
        good.len()
    ));
}
