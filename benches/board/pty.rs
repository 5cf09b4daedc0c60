//! A program in a pseudo-terminal: what it writes, and when.

use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};
use std::fs;
use std::io::{Read as _, Write};
use std::num::NonZeroU16;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// Columns and rows.
const SIZE: (u16, u16) = (160, 45);

/// No program is waited for longer.
const LIMIT: Duration = Duration::from_secs(60);

pub(crate) struct Pty {
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    blocks: Receiver<(Instant, Vec<u8>)>,
    parser: vt100::Parser,
    pub(crate) began: Instant,
}

/// What a key was answered with.
#[derive(Clone, Copy, Default)]
pub(crate) struct Painted {
    /// Milliseconds to the last byte before silence.
    pub(crate) ms: f64,
    pub(crate) bytes: usize,
}

impl Pty {
    pub(crate) fn start(words: &[String]) -> Self {
        let (cols, rows) = SIZE;
        let size = PtySize {
            rows,
            cols,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        let mut command = CommandBuilder::new(&words[0]);
        command.args(&words[1..]);
        command.env_clear();
        command.env("TERM", "xterm-256color");
        // nothing is kept from one start to the next
        command.env("HOME", "/nonexistent");
        command.cwd("/");
        let mut reader = pair.master.try_clone_reader().expect("its output");
        let writer = pair.master.take_writer().expect("its input");
        let (tell, blocks) = channel();
        let began = Instant::now();
        let child = pair
            .slave
            .spawn_command(command)
            .expect("the program starts");
        std::thread::spawn(move || {
            // held, so that the terminal stays as long as it is read
            let _master = pair.master;
            let mut block = [0; 65_536];
            while let Ok(n @ 1..) = reader.read(&mut block) {
                if tell.send((Instant::now(), block[..n].to_vec())).is_err() {
                    return;
                }
            }
        });
        let cells = |n| NonZeroU16::new(n).expect("a size");
        Self {
            child,
            writer,
            blocks,
            parser: vt100::Parser::new(cells(rows), cells(cols), 0),
            began,
        }
    }

    pub(crate) fn types(&mut self, bytes: &str) {
        self.writer.write_all(bytes.as_bytes()).expect("a key");
        self.writer.flush().expect("a key");
    }

    /// Reads one block, and answers what the program asks the terminal.
    fn read(&mut self, limit: Duration) -> Option<(Instant, usize)> {
        let (at, block) = match self.blocks.recv_timeout(limit) {
            Ok(read) => read,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return None,
        };
        let asks = |what: &[u8]| block.windows(what.len()).any(|part| part == what);
        if asks(b"\x1b]11;?") {
            self.types("\x1b]11;rgb:0000/0000/0000\x1b\\");
        }
        if asks(b"\x1b[6n") {
            self.types("\x1b[1;1R");
        }
        self.parser.process(&block);
        Some((at, block.len()))
    }

    /// Until nothing came for this long: when the last byte came after `since`, and how many there were.
    pub(crate) fn painted(&mut self, since: Instant, silence: Duration) -> Painted {
        let mut painted = Painted::default();
        // the first byte may take longer than the silence that ends a frame
        let mut wait = Duration::from_millis(500);
        while let Some((at, bytes)) = self.read(wait) {
            painted.ms = at.saturating_duration_since(since).as_secs_f64() * 1e3;
            painted.bytes += bytes;
            wait = silence;
            assert!(since.elapsed() < LIMIT, "it never falls silent");
        }
        painted
    }

    pub(crate) fn pressed(&mut self, keys: &str, silence: Duration) -> Painted {
        let since = Instant::now();
        self.types(keys);
        self.painted(since, silence)
    }

    /// Milliseconds from the start until the screen shows this.
    pub(crate) fn shows(&mut self, text: &str) -> f64 {
        loop {
            let block = self.read(LIMIT);
            let screen = self.parser.screen().contents();
            let (at, _) = block.unwrap_or_else(|| panic!("no {text:?} on the screen:\n{screen}"));
            if screen.contains(text) {
                return (at - self.began).as_secs_f64() * 1e3;
            }
        }
    }

    pub(crate) fn screen(&self) -> String {
        self.parser.screen().contents()
    }

    /// How many bytes come in this time.
    pub(crate) fn bytes_in(&mut self, span: Duration) -> usize {
        let end = Instant::now() + span;
        let mut bytes = 0;
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            bytes += self.read(left).map_or(0, |(_, bytes)| bytes);
        }
        bytes
    }

    fn proc(&self, file: &str) -> String {
        let pid = self.child.process_id().expect("it runs");
        fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default()
    }

    /// The most memory that it held, in megabytes.
    pub(crate) fn peak_mb(&self) -> f64 {
        let status = self.proc("status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        kilobytes.unwrap_or(f64::NAN) / 1024.0
    }

    /// How often all of its threads have woken up.
    pub(crate) fn wakes(&self) -> u64 {
        let pid = self.child.process_id().expect("it runs");
        let threads = fs::read_dir(format!("/proc/{pid}/task"))
            .into_iter()
            .flatten();
        let woken = |thread: fs::DirEntry| -> Option<u64> {
            let status = fs::read_to_string(thread.path().join("status")).ok()?;
            let line = status
                .lines()
                .find_map(|l| l.strip_prefix("voluntary_ctxt_switches:"))?;
            line.trim().parse().ok()
        };
        threads.flatten().filter_map(woken).sum()
    }

    /// Milliseconds from the key that ends it to its end.
    pub(crate) fn quit(mut self, key: &str) -> f64 {
        let since = Instant::now();
        self.types(key);
        // its end closes the terminal
        while self.read(LIMIT).is_some() {}
        let _ = self.child.wait();
        since.elapsed().as_secs_f64() * 1e3
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}
