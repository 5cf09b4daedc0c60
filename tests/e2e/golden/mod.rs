//! What every command prints: its table, its document, a refusal and the exit codes, kept as snapshots in
//! `snapshots/golden`, one a command. Reading commands look at a fixed world at a fixed moment, so their output
//! is kept as it is. Acts need the present moment; what differs from run to run becomes a placeholder.
//! With `SWITCHBOARD` set to another build of the program the same snapshots say where it prints differently.

mod acts;
mod operators;
mod reading;

use super::harness::{Desk, Done, fed, text};
use regex::{Captures, Regex};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

/// The moment of the fixed world.
const AT: &str = "2026-03-10T09:41:07Z";

static ID: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").unwrap()
});

/// What differs between two runs, and what stands for it, in the order of replacement.
static VARYING: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    [
        (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "<time>"),
        (r"\b\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?\b", "<time>"),
        (r"\b\d{4}-\d\d-\d\d\b", "<day>"),
        (r"\b[0-9a-f]{16,}\b", "<digest>"),
        (r#"(--cursor |"next": ")[^ "\n]+"#, "${1}<cursor>"),
        (r"\b\d+d \d+h\b|\b\d+h \d+m\b", "<span>"),
        (
            r"\b\d+:\d\d(:\d\d)?\b|<?\b\d{1,4}(\.\d+)?[dhms]\b",
            "<span>",
        ),
        (
            r"\b\d+ (second|minute|hour|day)s?( ago)?\b|\bjust now\b",
            "<span>",
        ),
        // new transactions appear as days pass, and what banks hold is decided by the day
        (r"\b\d+ read, \d+ new\b", "<n> read, <n> new"),
        (r"\b\d+ \(\d+ new\)", "<n> (<n> new)"),
        (r"\b(of|for) \d+ values\b", "$1 <n> values"),
        (r#""(needles|searched|stored)": \d+"#, r#""$1": <n>"#),
        // the code of an auth link
        (r"\.[0-9a-f]{32}\b", ".<code>"),
        (r"-?\b\d+\.\d\d\b", "<amount>"),
    ]
    .map(|(pattern, stands)| (Regex::new(pattern).unwrap(), stands))
    .into()
});

/// What differs between two machines or builds.
static PLACES: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    [
        (r"\b\d+ w\.db\b", "<n> w.db"),
        (r#""bytes": \d+"#, r#""bytes": <n>"#),
        (r"\b\d+ bytes, \d+ free pages", "<n> bytes, <n> free pages"),
        (r#""(walBytes|freelist)": \d+"#, r#""$1": <n>"#),
        (r#"SQLite( +)\d+\.\d+\.\d+"#, "SQLite${1}<version>"),
        (r"(ok +schema +)\d+", "$1<version>"),
        (r#""userVersion": \d+"#, r#""userVersion": <version>"#),
        (r#""sqlite": "[^"]+""#, r#""sqlite": <version>"#),
    ]
    .map(|(pattern, stands)| (Regex::new(pattern).unwrap(), stands))
    .into()
});

/// Which world a session looks at.
#[derive(Clone, Copy, PartialEq)]
enum World {
    /// Always at the same moment, for commands that read.
    Fixed,
    /// Made now, for commands that act.
    Present,
}

/// Commands one after another in a folder with a made-up world, and what they printed.
struct Session {
    desk: Desk,
    world: World,
    /// Ids the world began with. They end alike in every run.
    known: BTreeSet<String>,
    /// The ends of ids that came since, in the order they were printed.
    fresh: Vec<String>,
    transcript: String,
    kept: Vec<(String, String)>,
}

impl Session {
    /// Without a database.
    fn empty(world: World) -> Self {
        let desk = Desk::empty(0.0);
        std::fs::write(desk.path("config.toml"), "[sandbox]\nspeed = 0.0\n").unwrap();
        Self {
            desk,
            world,
            known: BTreeSet::new(),
            fresh: vec![],
            transcript: String::new(),
            kept: vec![],
        }
    }

    fn new(world: World) -> Self {
        let mut session = Self::empty(world);
        let at = match world {
            World::Fixed => AT.to_owned(),
            World::Present => now(),
        };
        let size = "generate --connections 60 --transactions 2 --seed 7 --at";
        let words: Vec<&str> = size.split(' ').chain([at.as_str()]).collect();
        let made = session.desk.run(&words);
        assert_eq!(made.exit, 0, "{made:?}");
        // those of accounts are made of the moment too
        session.known = ids(&session.desk)
            .into_iter()
            .filter(|id| id.as_bytes()[14] == b'7')
            .collect();
        session
    }

    /// Runs one command line, with words in single quotes where they hold spaces.
    fn run(&mut self, line: &str) -> Done {
        self.run_with(line, None)
    }

    /// The same with lines on stdin.
    fn run_with(&mut self, line: &str, input: Option<&str>) -> Done {
        let words = words(line);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let done = match input {
            None => self.desk.run(&words),
            Some(input) => fed(&self.desk, &words, input),
        };
        let document = serde_json::from_str::<serde_json::Value>(&done.out)
            .ok()
            .filter(|_| words.contains(&"--json"));
        let out = match document {
            Some(document) => format!("{document:#}\n"),
            None => done.out.clone(),
        };
        let told: String = done
            .err
            .lines()
            .filter(|line| !is_progress(line))
            .map(|line| format!("2> {line}\n"))
            .collect();
        let typed = self.named(&format!("$ switchboard {line}\n"));
        let shown = self.redacted(&format!("{out}{told}= {}\n\n", done.exit));
        self.transcript.push_str(&typed);
        self.transcript.push_str(&shown);
        done
    }

    /// Runs a reading command as of the moment of the fixed world.
    fn read(&mut self, line: &str) {
        self.run(&format!("{line} --at {AT}"));
    }

    /// A command that prepares something and is not part of what is looked at.
    fn quietly(&mut self, line: &str) -> Done {
        let before = self.transcript.len();
        let done = self.run(line);
        self.transcript.truncate(before);
        done
    }

    /// Gives what was printed since the last time to the snapshot of a command.
    fn keep(&mut self, name: &str) {
        let text = std::mem::take(&mut self.transcript);
        self.kept.push((name.to_owned(), text));
    }

    /// The id of the newest row of a list, by its shown end.
    fn newest(&self, list: &[&str]) -> String {
        let id = text(&self.desk.rows(list)[0]["id"]);
        end(&id).to_owned()
    }

    /// The one place that puts placeholders where output differs from run to run.
    fn redacted(&mut self, text: &str) -> String {
        let folder = self.desk.folder().to_str().unwrap();
        let mut shown = text.replace(folder, "<folder>");
        for (pattern, stands) in PLACES.iter() {
            shown = pattern.replace_all(&shown, *stands).into_owned();
        }
        if self.world == World::Fixed {
            return shown;
        }
        shown = self.named(&shown);
        for (pattern, stands) in VARYING.iter() {
            shown = pattern.replace_all(&shown, *stands).into_owned();
        }
        // columns are as wide as their widest cell, and a placeholder is not
        let wide = Regex::new(r"(\S) {3,}").unwrap();
        shown = wide.replace_all(&shown, "$1  ").into_owned();
        shown
            .lines()
            .map(|line| format!("{}\n", line.trim_end()))
            .collect()
    }

    /// Ids by their shown end, or by a number where they are new.
    fn named(&mut self, text: &str) -> String {
        if self.world == World::Fixed {
            return text.to_owned();
        }
        // whole, cut off at the end of a cell, or by the end
        static WORDS: LazyLock<Regex> = LazyLock::new(|| {
            let others = r"[0-9a-f]{8}-[0-9a-f-]*~|\b[0-9a-f]{6}\b";
            Regex::new(&format!("{}|{others}", ID.as_str())).unwrap()
        });
        let mut all = ids(&self.desk);
        all.extend(ID.find_iter(text).map(|id| id.as_str().to_owned()));
        let known: BTreeSet<&str> = self.known.iter().map(|id| end(id)).collect();
        let tails: BTreeSet<&str> = all.iter().map(|id| end(id)).collect();
        let fresh = &mut self.fresh;
        let name = |found: &Captures<'_>| {
            let word = &found[0];
            let tail = match word.strip_suffix('~') {
                Some(cut) => all.iter().find(|id| id.starts_with(cut)).map(|id| end(id)),
                None => Some(end(word)).filter(|tail| tails.contains(tail)),
            };
            let Some(tail) = tail else {
                return word.to_owned();
            };
            if known.contains(tail) {
                return format!("<{tail}>");
            }
            let place = fresh.iter().position(|it| it == tail).unwrap_or_else(|| {
                fresh.push(tail.to_owned());
                fresh.len() - 1
            });
            format!("<new {}>", place + 1)
        };
        WORDS.replace_all(text, name).into_owned()
    }

    /// Compares everything that was kept. All that differ are told of, not only the first.
    fn compare(self) {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../snapshots/golden");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let differ: Vec<String> = self
            .kept
            .into_iter()
            .filter(|(name, text)| {
                let check = || settings.bind(|| insta::assert_snapshot!(name.as_str(), text));
                catch_unwind(AssertUnwindSafe(check)).is_err()
            })
            .map(|(name, _)| name)
            .collect();
        assert!(differ.is_empty(), "these print something else: {differ:?}");
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the world of the acts is made at the present moment"
)]
fn now() -> String {
    let now = chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now());
    now.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The end of an id, by which tables show it.
fn end(id: &str) -> &str {
    &id[id.len() - 6..]
}

/// All ids that stand in the file of a world, whatever its tables are.
fn ids(desk: &Desk) -> BTreeSet<String> {
    let whole = regex::bytes::Regex::new(ID.as_str()).unwrap();
    let mut found = BTreeSet::new();
    for name in ["w.db", "w.db-wal"] {
        let bytes = std::fs::read(desk.path(name)).unwrap_or_default();
        for id in whole.find_iter(&bytes) {
            found.insert(String::from_utf8(id.as_bytes().to_vec()).unwrap());
        }
    }
    found
}

/// The words of a command line; single quotes keep spaces.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![];
    for (n, part) in line.split('\'').enumerate() {
        match n % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_owned)),
            _ => words.push(part.to_owned()),
        }
    }
    words
}

/// Lines that are printed as often as somebody looked.
fn is_progress(line: &str) -> bool {
    static PROGRESS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[0-9a-f]{6}: (queued|paused|running|waiting-\w+) ").unwrap()
    });
    PROGRESS.is_match(line)
}
