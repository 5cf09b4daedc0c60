//! Runs the program in a folder with a generated world, and knows the private values of that world.

use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// How long to wait for anything before a test fails.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

/// Active, with data, at banks without challenges: their jobs end by themselves.
pub(crate) const PLAIN: &str =
    "status:active via:web acc>0 bank:hooli,fabrikam,contoso,northwind,tailspin,acme !bank:gov";

/// Hours shortened to milliseconds.
pub(crate) const QUICK: &str = r#"
[jobs]
lease = "2s"
heartbeat = "200ms"
rescue = "100ms"
retry_every = "200ms"
retry_for = "1s"
credential_pause = "100ms"
mfa_expiry = "1s"
refresh_floor = "100ms"
[limits]
per_institution = 10
total = 40
[sandbox]
speed = SPEED
[ui]
countdown = "0s"
"#;

/// The result of a run.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) exit: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Done {
    /// What was printed, as one document.
    pub(crate) fn document(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }
}

/// A folder with a generated world.
pub(crate) struct Desk {
    dir: tempfile::TempDir,
    /// Connections, seed and transactions of each account.
    world: (u64, u64, u32),
}

impl Desk {
    /// A world of so many connections, with banks at this fraction of their usual time.
    pub(crate) fn new(connections: u64, transactions: u32, speed: f64) -> Self {
        Self::seeded(7, connections, transactions, speed)
    }

    /// The same in another world.
    pub(crate) fn seeded(seed: u64, connections: u64, transactions: u32, speed: f64) -> Self {
        let desk = Self {
            world: (connections, seed, transactions),
            ..Self::empty(speed)
        };
        let (n, t, s) = (
            connections.to_string(),
            transactions.to_string(),
            seed.to_string(),
        );
        let made = desk.run(&[
            "generate",
            "--connections",
            &n,
            "--transactions",
            &t,
            "--seed",
            &s,
        ]);
        assert_eq!(made.exit, 0, "{made:?}");
        desk
    }

    /// A desk for a copy of another's world, whose private values it knows.
    pub(crate) fn of_world(self, other: &Desk) -> Self {
        Self {
            world: other.world,
            ..self
        }
    }

    /// The configuration with other figures.
    pub(crate) fn with(self, old: &str, new: &str) -> Self {
        let config = std::fs::read_to_string(self.path("config.toml")).unwrap();
        assert!(
            config.contains(old),
            "the configuration says nothing of {old}"
        );
        std::fs::write(self.path("config.toml"), config.replace(old, new)).unwrap();
        self
    }

    /// A folder with a configuration and no database.
    pub(crate) fn empty(speed: f64) -> Self {
        let desk = Self {
            dir: tempfile::tempdir().unwrap(),
            world: (0, 7, 0),
        };
        std::fs::write(
            desk.path("config.toml"),
            QUICK.replace("SPEED", &format!("{speed:?}")),
        )
        .unwrap();
        desk
    }

    /// Workers have a short lease, so that a killed one is noticed at once.
    pub(crate) fn hasty(self) -> Self {
        self.with("lease = \"2s\"", "lease = \"300ms\"")
            .with("heartbeat = \"200ms\"", "heartbeat = \"100ms\"")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn folder(&self) -> &Path {
        self.dir.path()
    }

    /// The whole environment of every run.
    pub(crate) fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        vec![
            ("HOME", self.folder().into()),
            ("USER", "tester".into()),
            ("LANG", "C.UTF-8".into()),
            ("TZ", "UTC".into()),
            ("SWITCHBOARD_DB", self.path("w.db")),
            ("SWITCHBOARD_CONFIG", self.path("config.toml")),
        ]
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(super::settings::program());
        command
            .env_clear()
            .envs(self.environment())
            .current_dir(self.folder())
            .args(words)
            .stdin(Stdio::null());
        command
    }

    /// Runs to the end. The exit code 101, a panic, is always a defect.
    pub(crate) fn run(&self, words: &[&str]) -> Done {
        ended(self.command(words).output().unwrap(), words)
    }

    /// Runs a command that has to succeed and returns its document.
    pub(crate) fn document(&self, words: &[&str]) -> Value {
        let mut words = words.to_vec();
        words.push("--json");
        let done = self.run(&words);
        assert_eq!(done.exit, 0, "{words:?}: {done:?}");
        done.document()
    }

    /// Starts a command in the background.
    pub(crate) fn start(&self, words: &[&str]) -> Child {
        self.command(words)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Rows of a list.
    pub(crate) fn rows(&self, words: &[&str]) -> Vec<Value> {
        self.document(words)["data"].as_array().unwrap().clone()
    }

    /// The ids of connections that match, in the order of the list.
    pub(crate) fn ids(&self, filter: &str) -> Vec<String> {
        self.rows(&["connections", filter])
            .iter()
            .map(|row| text(&row["id"]))
            .collect()
    }

    /// The first connection that matches.
    pub(crate) fn one(&self, filter: &str) -> String {
        self.ids(filter)
            .first()
            .unwrap_or_else(|| panic!("no connection is {filter}"))
            .clone()
    }

    pub(crate) fn connection(&self, id: &str) -> Value {
        self.document(&["connection", id])
    }

    pub(crate) fn job(&self, id: &str) -> Value {
        self.document(&["job", id])
    }

    /// Runs jobs until nothing is left to do.
    pub(crate) fn work(&self) {
        let done = self.run(&["work", "--until-idle"]);
        assert_eq!(done.exit, 0, "{done:?}");
    }

    pub(crate) fn healthy(&self) {
        let doctor = self.document(&["doctor"]);
        assert_eq!(
            (&doctor["ok"], &doctor["audit"]["ok"]),
            (&true.into(), &true.into()),
            "{doctor:#}"
        );
    }

    /// How often the audit holds this action, but for what nobody confirmed.
    pub(crate) fn audited(&self, action: &str) -> usize {
        self.rows(&["audit"])
            .iter()
            .filter(|line| line["action"] == action && line["outcome"] != "cancelled")
            .filter(|line| line["outcome"] != "refused: confirmation-missing")
            .count()
    }

    /// Every file of the folder with what is in it.
    pub(crate) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let names = std::fs::read_dir(self.folder())
            .unwrap()
            .map(|entry| entry.unwrap().path());
        // a log or a journal may be deleted between listing and reading
        names
            .filter_map(|path| std::fs::read(&path).ok().map(|bytes| (path, bytes)))
            .collect()
    }

    /// The user and the bank of a connection.
    pub(crate) fn pair(&self, id: &str) -> (String, String) {
        let row = self.connection(id);
        (text(&row["userId"]), text(&row["institution"]["id"]))
    }

    /// The personal values of the generated world, of everybody or of one user at one institution.
    pub(crate) fn private(&self, of: Option<(&str, &str)>) -> BTreeSet<String> {
        switchboard::personal_values(self.world, of)
    }
}

/// Runs a command with something on its stdin.
pub(crate) fn fed(desk: &Desk, words: &[&str], input: &str) -> Done {
    let mut command = desk.command(words);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // a command that is refused may have ended without reading
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    ended(child.wait_with_output().unwrap(), words)
}

/// Waits for the end of a run.
pub(crate) fn ended(output: std::process::Output, words: &[&str]) -> Done {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("only UTF-8 is printed");
    let exit = output.status.code().unwrap_or(-1);
    assert_ne!(
        exit,
        101,
        "{words:?} panicked: {:?}",
        String::from_utf8_lossy(&output.stderr)
    );
    Done {
        exit,
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

pub(crate) fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("not a text: {value}"))
        .to_owned()
}

/// The words that confirm the purge of a connection.
pub(crate) fn purge_words(id: &str) -> String {
    format!("purge {}", &id[id.len() - 3..])
}

/// Which of the values occur among the bytes.
pub(crate) fn hits(values: &BTreeSet<String>, bytes: &[u8]) -> Vec<String> {
    let search = aho_corasick::AhoCorasick::new(values).unwrap();
    let ordered: Vec<&String> = values.iter().collect();
    search
        .find_iter(bytes)
        .map(|hit| ordered[hit.pattern().as_usize()].clone())
        .collect()
}

/// Waits until a condition holds.
pub(crate) fn until(what: &str, mut yes: impl FnMut() -> bool) {
    let began = Instant::now();
    while !yes() {
        assert!(began.elapsed() < LIMIT, "{what} did not come about");
    }
}

/// Lets a process run for a while and kills it. The time is random: a state in the middle of a write cannot
/// be waited for.
pub(crate) fn kill_after(mut child: Child, life: Duration) {
    wait_for(life);
    kill(&mut child);
}

/// Lets time pass, for a process that is then killed.
pub(crate) fn wait_for(life: Duration) {
    let (_never, silence) = mpsc::channel::<()>();
    let _ = silence.recv_timeout(life);
}

/// Kills hard.
pub(crate) fn kill(child: &mut Child) {
    // it may have ended by itself
    let _ = child.kill();
    child.wait().unwrap();
}

/// Whether a process has ended.
pub(crate) fn dead(child: &mut Child) -> bool {
    child.try_wait().unwrap().is_some()
}

/// Sends a process a signal.
pub(crate) fn halt(child: &Child, signal: rustix::process::Signal) {
    let pid = rustix::process::Pid::from_child(child);
    rustix::process::kill_process(pid, signal).unwrap();
    if signal == rustix::process::Signal::STOP {
        // after `kill` returns a thread on another core may run for a moment
        let tasks = format!("/proc/{}/task", child.id());
        let stopped = |task: std::fs::DirEntry| {
            let stat = std::fs::read_to_string(task.path().join("stat")).unwrap_or_default();
            stat.rsplit(')')
                .next()
                .is_some_and(|rest| rest.trim_start().starts_with(['T', 'Z', 'X']))
        };
        until("every thread stopped", || {
            std::fs::read_dir(&tasks)
                .map_or(true, |mut all| all.all(|task| task.is_ok_and(stopped)))
        });
    }
}

/// Numbers that look random and are the same every time.
pub(crate) struct Dice(pub u64);

impl Dice {
    pub(crate) fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    pub(crate) fn millis(&mut self, most: u64) -> Duration {
        Duration::from_millis(self.below(most))
    }
}
