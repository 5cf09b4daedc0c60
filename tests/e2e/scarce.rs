//! Too few threads, open files, bytes of memory or of a file: a promised exit code, never a panic, an abort, a hang or a
//! terminal that is left as it is. Needs `prlimit`, and for threads `setpriv` and root.

use super::harness::{Desk, LIMIT};
use super::settings;
use super::tty::Tty;
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::Instant;

/// Reads, writes, checks, draws, and runs jobs.
const COMMANDS: [&[&str]; 5] = [
    &["connections"],
    &["user", "create", "--email", "b@example.test"],
    &["doctor"],
    &["snapshot"],
    &["work", "--until-idle"],
];

/// The words before those of the program that give it this limit.
fn limited(limit: &str) -> Vec<String> {
    vec!["prlimit".into(), limit.into()]
}

/// The same as a user that owns nothing else, for a limit that root does not have.
fn as_nobody(limit: &str) -> Vec<String> {
    let words = "setpriv --reuid=65534 --regid=65534 --clear-groups prlimit";
    let words = words.split(' ').map(str::to_owned);
    words.chain([limit.to_owned()]).collect()
}

fn can(words: &[String]) -> bool {
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).arg("true");
    command.output().is_ok_and(|output| output.status.success())
}

/// Says what is not tested here, and that it is not.
fn skipped(what: &str) {
    settings::figure(&format!(
        "NOT TESTED: {what} cannot be limited on this machine"
    ));
}

struct Tally {
    program: PathBuf,
    /// How many runs ended with each code.
    codes: BTreeMap<i32, u32>,
}

impl Tally {
    fn new() -> Self {
        Self {
            program: settings::program().into(),
            codes: BTreeMap::new(),
        }
    }

    fn command(&self, desk: &Desk, before: &[String], words: &[&str]) -> Command {
        let mut command = Command::new(&before[0]);
        command
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .envs(desk.environment())
            .current_dir(desk.folder())
            .args(&before[1..])
            .arg(&self.program)
            .args(words)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs a command under a limit; `false` when the system could not even load the program.
    fn run(&mut self, desk: &Desk, before: &[String], words: &[&str]) -> bool {
        let loads = self.command(desk, before, &["--version"]).output().unwrap();
        if loads.status.code() != Some(0) {
            return false;
        }
        let began = Instant::now();
        let output = self.command(desk, before, words).output().unwrap();
        let told = |output: &Output| String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(began.elapsed() < LIMIT, "{before:?} {words:?} hung");
        let status = output.status;
        assert_eq!(
            status.signal(),
            None,
            "{before:?} {words:?}: {}",
            told(&output)
        );
        let code = status.code().unwrap();
        assert!(
            (0..=12).contains(&code),
            "{before:?} {words:?}: {code} {}",
            told(&output)
        );
        assert!(
            !told(&output).contains("panicked"),
            "{before:?} {words:?}: {}",
            told(&output)
        );
        assert!(
            code == 0 || !output.stderr.is_empty(),
            "{before:?} {words:?} says nothing"
        );
        *self.codes.entry(code).or_default() += 1;
        true
    }

    fn all(&mut self, desk: &Desk, limits: impl Iterator<Item = Vec<String>>) -> u32 {
        let mut unloaded = 0;
        for before in limits {
            for words in COMMANDS {
                unloaded += u32::from(!self.run(desk, &before, words));
            }
        }
        unloaded
    }
}

/// The dashboard under a limit ends by itself or by `q`, and gives the terminal back.
fn board(desk: &Desk, before: &[String], program: &str) -> u32 {
    let mut tty = Tty::run_by(desk, (100, 30), before, program);
    let drawn = tty.within(std::time::Duration::from_secs(3), &|screen: &str| {
        screen.contains("q quit") || screen.contains("switchboard: ")
    });
    if drawn && tty.screen().contains("q quit") {
        tty.types("q");
    }
    let code = tty.ends();
    tty.given_back();
    assert!(code <= 12, "{before:?}: {code}\n{}", tty.screen());
    code
}

fn healthy_under(desk: &Desk, tally: &Tally, what: &str) {
    desk.healthy();
    assert!(
        tally.codes.len() > 1,
        "{what}: no limit was felt: {:?}",
        tally.codes
    );
}

fn files(limits: impl Iterator<Item = u32>) -> (Tally, u32) {
    let desk = Desk::new(12, 3, 0.0);
    let mut tally = Tally::new();
    let each = |n| limited(&format!("--nofile={n}:{n}"));
    let unloaded = tally.all(&desk, limits.map(each));
    for n in [5, 8, 12, 20, 40] {
        board(&desk, &each(n), &settings::program());
    }
    healthy_under(&desk, &tally, "open files");
    (tally, unloaded)
}

fn memory(limits: impl Iterator<Item = u64>) -> (Tally, u32) {
    let desk = Desk::new(12, 3, 0.0);
    let mut tally = Tally::new();
    let each = |mib: u64| limited(&format!("--as={0}:{0}", mib << 20));
    let unloaded = tally.all(&desk, limits.map(each));
    for mib in [90, 120, 200, 300, 340, 380, 420] {
        if can_load(&desk, &tally, &each(mib)) {
            board(&desk, &each(mib), &settings::program());
        }
    }
    healthy_under(&desk, &tally, "memory");
    (tally, unloaded)
}

fn can_load(desk: &Desk, tally: &Tally, before: &[String]) -> bool {
    let output = tally.command(desk, before, &["--version"]).output();
    output.is_ok_and(|output| output.status.success())
}

fn size(limits: impl Iterator<Item = u64>) -> Tally {
    let mut tally = Tally::new();
    for bytes in limits {
        let desk = Desk::new(6, 2, 0.0);
        let before = limited(&format!("--fsize={bytes}:{bytes}"));
        for words in COMMANDS {
            tally.run(&desk, &before, words);
        }
        board(&desk, &before, &settings::program());
        desk.healthy();
    }
    tally
}

/// A copy of a desk and of the program that another user owns and may run.
fn handed_over(desk: &Desk, tally: &mut Tally) -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    let mode = |path: &std::path::Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(place.path(), 0o755);
    let program = place.path().join("switchboard");
    std::fs::copy(&tally.program, &program).unwrap();
    mode(&program, 0o755);
    for entry in std::fs::read_dir(desk.folder()).unwrap() {
        std::os::unix::fs::chown(entry.unwrap().path(), Some(65534), Some(65534)).unwrap();
    }
    std::os::unix::fs::chown(desk.folder(), Some(65534), Some(65534)).unwrap();
    tally.program = program;
    place
}

fn threads(limits: impl Iterator<Item = u32>) -> Option<Tally> {
    if !can(&as_nobody("--nproc=64:64")) {
        skipped("the number of threads of another user");
        return None;
    }
    let desk = Desk::new(12, 3, 0.0);
    let mut tally = Tally::new();
    let _place = handed_over(&desk, &mut tally);
    let each = |n| as_nobody(&format!("--nproc={n}:{n}"));
    tally.all(&desk, limits.map(each));
    for n in [1, 3, 5, 8] {
        board(&desk, &each(n), tally.program.to_str().unwrap());
    }
    assert!(
        tally.codes.len() > 1,
        "no limit was felt: {:?}",
        tally.codes
    );
    Some(tally)
}

fn prlimit_is_here() -> bool {
    let here = can(&limited("--nofile=64:64"));
    if !here {
        skipped("anything");
    }
    here
}

#[test]
fn too_few_open_files_end_with_a_promised_code() {
    if prlimit_is_here() {
        files([4, 6, 7, 9, 14, 22].into_iter());
    }
}

#[test]
fn too_little_memory_ends_with_a_promised_code() {
    if prlimit_is_here() {
        memory([40, 70, 100, 130].into_iter());
    }
}

#[test]
fn too_small_a_file_ends_with_a_promised_code() {
    if prlimit_is_here() {
        size([0, 4_096, 300_000].into_iter());
    }
}

#[test]
fn too_few_threads_end_with_a_promised_code() {
    threads([1, 2, 4, 7].into_iter());
}

#[test]
#[ignore = "long: run by ./check --full"]
fn too_few_of_anything_ends_with_a_promised_code_long() {
    if !prlimit_is_here() {
        return;
    }
    let (files, _) = files(4..=30);
    let (memory, unloaded) = memory((20..=150).step_by(5));
    let size = size((0..=1 << 20).step_by(131_072));
    let threads = threads(1..=9);
    settings::figure(&format!(
        "ended by code: files {:?}, memory {:?} ({unloaded} where the system cannot load the program), size of a file \
         {:?}, threads {:?}; 0 panics, 0 signals, 0 hangs, every terminal given back",
        files.codes,
        memory.codes,
        size.codes,
        threads.map(|tally| tally.codes)
    ));
}

/// Words of commands that show what is in a column.
const LONG: [(&str, &[&str]); 9] = [
    ("UPDATE users SET name = $", &["users"]),
    ("UPDATE users SET first_name = $", &["users", "--json"]),
    ("UPDATE jobs SET actor = $", &["jobs", "--json"]),
    ("UPDATE jobs SET id = $", &["jobs"]),
    ("UPDATE events SET actor = $", &["events"]),
    ("UPDATE events SET type = $", &["events", "--json"]),
    ("UPDATE plans SET reason = $", &["plans"]),
    ("UPDATE consents SET id = $", &["consents"]),
    ("UPDATE institutions SET name = $", &["connections"]),
];

#[test]
fn a_text_of_50_mib_in_one_row_is_listed_in_200_mib() {
    if !prlimit_is_here() {
        return;
    }
    let desk = Desk::new(6, 2, 0.0);
    let id = desk.one("status:active acc>0");
    desk.document(&["purge", &id, "--plan"]);
    let tally = Tally::new();
    let before = limited(&format!("--data={0}:{0}", 200 << 20));
    for (change, words) in LONG {
        let raw = rusqlite::Connection::open(desk.path("w.db")).unwrap();
        let table = change.split(' ').nth(1).unwrap();
        let change = change.replace('$', "printf('%.*c', 52428800, 'x')");
        raw.execute_batch(&format!(
            "BEGIN; {change} WHERE rowid = (SELECT max(rowid) FROM {table})"
        ))
        .unwrap();
        assert_eq!(raw.changes(), 1, "{change}");
        raw.execute_batch("COMMIT").unwrap();
        drop(raw);
        let output = tally.command(&desk, &before, words).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{change}: {told}");
        assert!(
            output.stdout.len() < 1 << 20,
            "{change}: {} bytes",
            output.stdout.len()
        );
    }
}

#[test]
#[ignore = "long: run by ./check --full"]
fn a_name_of_200_mib_is_left_out_in_200_mib_long() {
    if !prlimit_is_here() {
        return;
    }
    let desk = Desk::new(6, 2, 0.0);
    let tally = Tally::new();
    let mut file =
        String::from(r#"{"type": "user", "id": "u-long", "lastName": "Byron", "firstName": ""#);
    file.extend(std::iter::repeat_n('x', 200 << 20));
    file.push_str("\"}");
    std::fs::write(desk.path("long.json"), file).unwrap();
    let before = limited(&format!("--data={0}:{0}", 200 << 20));
    let mut command = tally.command(&desk, &before, &["import", "long.json"]);
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(11), "{output:?}");
    assert!(told.contains("longer than 64 KiB"), "{told}");
    assert_eq!(desk.rows(&["users", "byron"]).len(), 1);
    desk.healthy();
    settings::figure("a name of 200 MiB was left out in 200 MiB of memory, and its user taken in");
}
