//! A terminal with the dashboard in it: sends keys, returns the screen and the raw bytes.

use super::harness::{Desk, LIMIT};
use super::settings;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use std::io::{Read as _, Write};
use std::num::NonZeroU16;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// How long to wait before a key that may have been ignored is pressed again.
const AGAIN: Duration = Duration::from_millis(450);

pub(crate) struct Tty {
    master: Box<dyn MasterPty + Send>,
    // held, so that the terminal can be read after the program has ended, and given to another
    slave: Box<dyn SlavePty + Send>,
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    bytes: Receiver<Vec<u8>>,
    parser: vt100::Parser,
    before: String,
    /// Everything the program wrote.
    pub(crate) raw: Vec<u8>,
}

fn cells(n: u16) -> NonZeroU16 {
    NonZeroU16::new(n).unwrap()
}

fn pty_size((cols, rows): (u16, u16)) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}

/// A command with its whole environment.
fn prepared(desk: &Desk, more: &[(&str, &str)], words: &[String]) -> CommandBuilder {
    let mut command = CommandBuilder::new(&words[0]);
    command.args(&words[1..]);
    command.env_clear();
    for (name, value) in desk.environment() {
        command.env(name, value);
    }
    command.env("TERM", "xterm-256color");
    for (name, value) in more {
        command.env(name, value);
    }
    command.cwd(desk.folder());
    command
}

impl Tty {
    /// Starts the dashboard in a terminal of this size without waiting for it.
    pub(crate) fn open(desk: &Desk, size: (u16, u16)) -> Self {
        Self::open_with(desk, size, &[])
    }

    /// The same with more variables in its environment.
    pub(crate) fn open_with(desk: &Desk, size: (u16, u16), more: &[(&str, &str)]) -> Self {
        let words = [settings::program()];
        Self::spawn(desk, size, more, &words)
    }

    /// Starts a command, with the kernel's usual modes of a terminal.
    pub(crate) fn command(desk: &Desk, words: &[&str]) -> Self {
        let words = words.iter().map(|word| (*word).to_owned());
        let all: Vec<String> = std::iter::once(settings::program()).chain(words).collect();
        Self::spawn(desk, (120, 40), &[], &all)
    }

    /// Starts a shell with job control, in which nothing is configured.
    pub(crate) fn shell(desk: &Desk, size: (u16, u16)) -> Self {
        let words = ["/bin/bash", "--norc", "--noprofile", "-i"].map(str::to_owned);
        let more = [("PATH", "/usr/bin:/bin"), ("PS1", "prompt$ ")];
        Self::spawn(desk, size, &more, &words)
    }

    /// Whether the screen is the shell's, with its cursor.
    pub(crate) fn is_the_shells(&self) -> bool {
        let screen = self.parser.screen();
        !screen.alternate_screen()
            && !screen.hide_cursor()
            && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
    }

    /// Kills what runs in it, and starts a command in the same terminal.
    pub(crate) fn killed_then(&mut self, desk: &Desk, words: &[&str]) {
        self.signal(Signal::KILL);
        self.child.wait().unwrap();
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let command = prepared(
            desk,
            &[],
            &[&[settings::program()], words.as_slice()].concat(),
        );
        self.child = self.slave.spawn_command(command).unwrap();
    }

    /// Starts a dashboard by another program, which is given the words before its own.
    pub(crate) fn run_by(desk: &Desk, size: (u16, u16), before: &[String], program: &str) -> Self {
        let words = [before, &[program.to_owned()]].concat();
        Self::spawn(desk, size, &[("PATH", "/usr/bin:/bin")], &words)
    }

    fn spawn(desk: &Desk, size: (u16, u16), more: &[(&str, &str)], words: &[String]) -> Self {
        let pair = native_pty_system().openpty(pty_size(size)).unwrap();
        let before = modes(pair.master.as_ref());
        let command = prepared(desk, more, words);
        let child = pair.slave.spawn_command(command).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (tell, bytes) = channel();
        std::thread::spawn(move || {
            let mut block = [0; 65_536];
            while let Ok(n @ 1..) = reader.read(&mut block) {
                if tell.send(block[..n].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self {
            writer: pair.master.take_writer().unwrap(),
            master: pair.master,
            slave: pair.slave,
            child,
            bytes,
            parser: vt100::Parser::new(cells(size.1), cells(size.0), 0),
            before,
            raw: vec![],
        }
    }

    /// Starts the dashboard and waits for its first full frame.
    pub(crate) fn started(desk: &Desk, size: (u16, u16)) -> Self {
        let mut tty = Self::open(desk, size);
        tty.wait("the first full frame", |screen| {
            screen.contains("row 1 of") && screen.contains("q quit")
        });
        tty
    }

    pub(crate) fn screen(&self) -> String {
        self.parser.screen().contents()
    }

    /// Waits until the screen meets the condition.
    pub(crate) fn wait(&mut self, what: &str, yes: impl Fn(&str) -> bool) {
        if !self.within(LIMIT, &yes) {
            panic!("{what} was not seen:\n{}", self.screen());
        }
    }

    pub(crate) fn sees(&mut self, text: &str) {
        self.wait(text, |screen| screen.contains(text));
    }

    /// Waits until the program has written these bytes.
    pub(crate) fn writes(&mut self, text: &str) {
        let end = Instant::now() + LIMIT;
        while !String::from_utf8_lossy(&self.raw).contains(text) {
            let left = end.saturating_duration_since(Instant::now());
            assert!(self.read(left), "{text:?} was not written");
        }
    }

    /// Has the whole screen written again, and returns what was written for it.
    pub(crate) fn repainted(&mut self) -> String {
        self.quiet(Duration::from_millis(150));
        let before = self.raw.len();
        self.types("\x0c");
        self.quiet(Duration::from_millis(150));
        String::from_utf8_lossy(&self.raw[before..]).into_owned()
    }

    pub(crate) fn loses(&mut self, text: &str) {
        self.wait(&format!("the end of {text}"), |screen| {
            !screen.contains(text)
        });
    }

    /// Whether the screen meets the condition in this time.
    pub(crate) fn within(&mut self, limit: Duration, yes: &impl Fn(&str) -> bool) -> bool {
        let end = Instant::now() + limit;
        loop {
            if yes(&self.screen()) {
                return true;
            }
            let Some(left) = end.checked_duration_since(Instant::now()) else {
                return false;
            };
            if !self.read(left) {
                return yes(&self.screen());
            }
        }
    }

    /// Reads what comes next; returns whether anything came in time.
    fn read(&mut self, limit: Duration) -> bool {
        match self.bytes.recv_timeout(limit) {
            Ok(bytes) => {
                self.parser.process(&bytes);
                self.raw.extend(bytes);
                true
            }
            Err(_) => false,
        }
    }

    /// Writes in one piece, as a terminal does with a key or a paste.
    pub(crate) fn types(&mut self, bytes: &str) {
        self.writer.write_all(bytes.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    pub(crate) fn pastes(&mut self, text: &str) {
        self.types(&format!("\x1b[200~{text}\x1b[201~"));
    }

    /// Presses a key until it has worked: a new dialog ignores it for a moment.
    pub(crate) fn insists(&mut self, key: &str, what: &str, yes: impl Fn(&str) -> bool) {
        let end = Instant::now() + LIMIT;
        while Instant::now() < end {
            self.types(key);
            if self.within(AGAIN, &yes) {
                return;
            }
        }
        panic!("{what} did not come of {key:?}:\n{}", self.screen());
    }

    /// Reads until nothing has come for this long; returns how many bytes came.
    pub(crate) fn quiet(&mut self, silence: Duration) -> usize {
        let before = self.raw.len();
        let end = Instant::now() + LIMIT;
        while self.read(silence) {
            assert!(Instant::now() < end, "it never falls silent");
        }
        self.raw.len() - before
    }

    /// How many bytes come within this time.
    pub(crate) fn writes_in(&mut self, span: Duration) -> usize {
        let before = self.raw.len();
        let end = Instant::now() + span;
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            self.read(left);
        }
        self.raw.len() - before
    }

    pub(crate) fn resize(&mut self, size: (u16, u16)) {
        self.master.resize(pty_size(size)).unwrap();
        self.parser
            .screen_mut()
            .set_size(cells(size.1), cells(size.0));
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let pid = self
            .child
            .process_id()
            .and_then(|pid| Pid::from_raw(i32::try_from(pid).unwrap()))
            .unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// Filters the list to one connection and waits for it.
    pub(crate) fn goes_to(&mut self, id: &str) {
        self.types("/");
        self.sees("Enter keep");
        // a board goes on with the filter that it was left with
        self.types("\x15");
        self.types(id);
        self.wait("one row", |screen| screen.contains("row 1 of 1 "));
        // a Return in a burst of text is taken as pasted
        self.quiet(Duration::from_millis(120));
        self.types("\r");
        self.sees("r refresh");
        self.quiet(Duration::from_millis(120));
    }

    /// Waits for its end and returns the exit code, with the rest of the bytes read.
    pub(crate) fn ends(&mut self) -> u32 {
        let end = Instant::now() + LIMIT;
        let code = loop {
            self.read(Duration::from_millis(20));
            if let Some(status) = self.child.try_wait().unwrap() {
                break status.exit_code();
            }
            assert!(Instant::now() < end, "it does not end:\n{}", self.screen());
        };
        self.quiet(Duration::from_millis(100));
        code
    }

    /// The terminal is as it was before: modes, screen, cursor, pastes.
    pub(crate) fn given_back(&self) {
        assert_eq!(modes(self.master.as_ref()), self.before);
        let screen = self.parser.screen();
        assert_eq!(
            (
                screen.alternate_screen(),
                screen.hide_cursor(),
                screen.bracketed_paste()
            ),
            (false, false, false)
        );
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    }

    /// Kills it hard.
    pub(crate) fn kill(mut self) {
        self.signal(Signal::KILL);
        self.child.wait().unwrap();
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        // a failed test leaves no dashboard running
        let _ = self.child.kill();
    }
}

/// The terminal's modes, as text that can be compared.
fn modes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().expect("a terminal has modes"))
}
