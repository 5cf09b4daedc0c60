//! A client that keeps its connection and reads exactly one answer after another, for what is measured.

use super::Api;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

pub(super) struct Kept {
    stream: BufReader<TcpStream>,
}

impl Kept {
    pub(super) fn new(api: &Api) -> Self {
        let socket = api.socket();
        socket.set_nodelay(true).unwrap();
        Self {
            stream: BufReader::new(socket),
        }
    }

    /// Status and body of the answer to a whole request, and how long it took.
    pub(super) fn asks(&mut self, request: &str) -> (u16, Vec<u8>, Duration) {
        let began = Instant::now();
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
        let (mut line, mut status, mut length) = (String::new(), 0, 0);
        while self.stream.read_line(&mut line).unwrap() > 2 {
            let lower = line.to_ascii_lowercase();
            if let Some(rest) = lower.strip_prefix("http/1.1 ") {
                status = rest[..3].parse().unwrap();
            }
            if let Some(rest) = lower.strip_prefix("content-length:") {
                length = rest.trim().parse().unwrap();
            }
            line.clear();
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).unwrap();
        (status, body, began.elapsed())
    }
}

/// The value that so many hundredths of the sorted ones do not exceed.
pub(super) fn percentile(times: &mut [Duration], hundredths: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() * hundredths / 100).min(times.len() - 1)]
}

/// The memory of a process in KiB, now.
pub(super) fn memory(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
