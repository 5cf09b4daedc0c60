//! Stands between the live board and its platform, and does to answers what networks do.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What happens to a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    None,
    /// It never arrives.
    Unsent,
    /// It arrives, and its answer does not.
    Lost,
    /// Only so many bytes of the answer come.
    Cut(usize),
    /// It arrives twice; the second answer comes.
    Twice,
    /// It arrives, and this status is answered without a word.
    Failed(u16),
    /// It does not arrive: this is answered instead, with headers.
    Answered(u16, String, String),
    /// The answer takes that long.
    Late(Duration),
    /// It arrives; the answer announces so many bytes, or nothing, and goes on until nobody reads it.
    Long(Option<u64>),
}

type Rule = Box<dyn FnMut(&str, &str) -> Fault + Send>;

struct Inner {
    upstream: String,
    rule: Mutex<Rule>,
    /// How often a call arrived, by method and path without its query.
    arrived: Mutex<HashMap<String, usize>>,
    asked: Mutex<Vec<std::time::Instant>>,
}

#[derive(Clone)]
pub(super) struct Proxy {
    inner: Arc<Inner>,
    pub(super) url: String,
}

impl Proxy {
    pub(super) fn of(upstream: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let inner = Arc::new(Inner {
            upstream: upstream.trim_start_matches("http://").to_owned(),
            rule: Mutex::new(Box::new(|_, _| Fault::None)),
            arrived: Mutex::default(),
            asked: Mutex::default(),
        });
        let served = inner.clone();
        std::thread::spawn(move || {
            for socket in listener.incoming().map_while(Result::ok) {
                let inner = served.clone();
                std::thread::spawn(move || inner.serve(socket));
            }
        });
        Self { inner, url }
    }

    /// From now on each call meets what this says of its method and path.
    pub(super) fn rule(&self, rule: impl FnMut(&str, &str) -> Fault + Send + 'static) {
        *self.inner.rule.lock().unwrap() = Box::new(rule);
    }

    /// How often calls whose method and path begin so arrived.
    pub(super) fn arrived(&self, method: &str, ends: &str) -> usize {
        let arrived = self.inner.arrived.lock().unwrap();
        let fits = |call: &&String| call.starts_with(method) && call.ends_with(ends);
        arrived.keys().filter(fits).map(|call| arrived[call]).sum()
    }

    /// When each call was asked for, whether it arrived or not.
    pub(super) fn asked(&self) -> Vec<std::time::Instant> {
        self.inner.asked.lock().unwrap().clone()
    }
}

impl Inner {
    fn serve(&self, mut socket: TcpStream) {
        let Some(request) = request(&mut socket) else {
            return;
        };
        let head = String::from_utf8_lossy(&request).into_owned();
        let mut words = head.split_whitespace();
        let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let path = target.split('?').next().unwrap_or(target);
        self.asked.lock().unwrap().push(std::time::Instant::now());
        let fault = (self.rule.lock().unwrap())(method, path);
        let answer = match &fault {
            Fault::Unsent => Vec::new(),
            Fault::Answered(status, headers, body) => {
                let length = body.len();
                format!("HTTP/1.1 {status} x\r\ncontent-length: {length}\r\n{headers}connection: close\r\n\r\n{body}")
                    .into_bytes()
            }
            Fault::Failed(status) => {
                self.forward(method, path, &request);
                format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                    .into_bytes()
            }
            Fault::Twice => {
                self.forward(method, path, &request);
                self.forward(method, path, &request)
            }
            Fault::None | Fault::Lost | Fault::Cut(_) | Fault::Late(_) | Fault::Long(_) => {
                self.forward(method, path, &request)
            }
        };
        let sent = match fault {
            Fault::Lost => &answer[..0],
            Fault::Cut(most) => &answer[..answer.len().min(most)],
            Fault::Late(by) => {
                crate::harness::wait_for(by);
                &answer[..]
            }
            Fault::Long(announced) => {
                endless(&mut socket, announced);
                &answer[..0]
            }
            _ => &answer[..],
        };
        // the board may have gone
        let _ = socket.write_all(sent);
        let _ = socket.shutdown(Shutdown::Both);
    }

    fn forward(&self, method: &str, path: &str, request: &[u8]) -> Vec<u8> {
        let call = format!("{method} {path}");
        *self.arrived.lock().unwrap().entry(call).or_default() += 1;
        let mut answer = Vec::new();
        if let Ok(mut upstream) = TcpStream::connect(&self.upstream) {
            let _ = upstream.write_all(&closing(request, &self.upstream));
            let _ = upstream.read_to_end(&mut answer);
        }
        answer
    }
}

/// A list that goes on until nobody reads it any more.
fn endless(socket: &mut TcpStream, announced: Option<u64>) {
    let length = announced.map_or_else(String::new, |n| format!("content-length: {n}\r\n"));
    let head = format!("HTTP/1.1 200 x\r\n{length}connection: close\r\n\r\n[");
    let mut sent = socket.write_all(head.as_bytes());
    let spaces = vec![b' '; 1 << 16];
    while sent.is_ok() {
        sent = socket.write_all(&spaces);
    }
}

/// The request for the upstream's host, with a header that makes it close the connection after its answer.
fn closing(request: &[u8], host: &str) -> Vec<u8> {
    let end = request.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&request[..end]).into_owned();
    let is_host = |line: &&str| line.to_ascii_lowercase().starts_with("host:");
    let lines: Vec<&str> = head.lines().filter(|line| !is_host(line)).collect();
    let mut all = lines.join("\r\n").into_bytes();
    all.extend_from_slice(format!("\r\nhost: {host}\r\nconnection: close").as_bytes());
    all.extend_from_slice(&request[end..]);
    all
}

/// A whole request: its head, and as many bytes as it says.
fn request(socket: &mut TcpStream) -> Option<Vec<u8>> {
    let mut all = Vec::new();
    let mut bytes = [0; 8_192];
    loop {
        if let Some(end) = all.windows(4).position(|w: &[u8]| w == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&all[..end]).to_ascii_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"));
            let length = length.map_or(0, |length| length.trim().parse().unwrap());
            if all.len() >= end + 4 + length {
                return Some(all);
            }
        }
        match socket.read(&mut bytes) {
            Ok(0) | Err(_) => return None,
            Ok(n) => all.extend_from_slice(&bytes[..n]),
        }
    }
}
