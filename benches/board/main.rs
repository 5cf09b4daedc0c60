//! The board in a terminal beside the floor (`floor.rs`): both are pressed the same keys in turns, and each figure is
//! printed with its ratio. `SWITCHBOARD_BENCH_DB` names the file to show instead of a generated one. Built without
//! optimisation, as in `./check`, it only shows that it still runs.

mod floor;
mod pty;

use pty::Pty;
use std::env;
use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_switchboard");

/// What ends a frame: so long no byte.
const SILENCE: Duration = Duration::from_millis(40);

/// Without optimisation everything is done once.
const TINY: bool = cfg!(debug_assertions);

const DOWN: &str = "\x1b[B";
const PAGE_DOWN: &str = "\x1b[6~";

/// One of the two programs.
struct Side {
    words: Vec<String>,
    ready: &'static str,
    filter: &'static str,
    unfilter: &'static str,
    sort: &'static str,
    unsort: &'static str,
}

/// The figures of one scenario by name: milliseconds, bytes, megabytes.
type Figures = Vec<(&'static str, Vec<f64>)>;

#[expect(
    clippy::disallowed_methods,
    reason = "a bench reads no configuration of the program"
)]
fn given(name: &str) -> Option<OsString> {
    env::var_os(name)
}

fn main() -> std::io::Result<()> {
    let args: Vec<String> = env::args().collect();
    if let [_, flag, file] = args.as_slice()
        && flag == "--floor"
    {
        return floor::run(Path::new(file));
    }
    let folder = tempfile::tempdir()?;
    let db = given("SWITCHBOARD_BENCH_DB").map_or_else(|| generated(folder.path()), PathBuf::from);
    let copy = folder.path().join("floor.db");
    floor::make(&db, &copy);
    let me = env::current_exe()?.to_string_lossy().into_owned();
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let sides = [
        Side {
            words: vec![me, "--floor".into(), text(&copy)],
            ready: "READY",
            filter: "f",
            unfilter: "f",
            sort: "s",
            unsort: "s",
        },
        Side {
            words: vec![
                PROGRAM.into(),
                "--db".into(),
                text(&db),
                "--read-only".into(),
            ],
            ready: "q quit",
            filter: "/status:invalid",
            unfilter: "\x15",
            sort: "sl",
            unsort: "sa",
        },
    ];
    let rounds = if TINY { 1 } else { 5 };
    let mut all: [Vec<Figures>; 2] = [vec![], vec![]];
    for _ in 0..rounds {
        for (at, side) in sides.iter().enumerate() {
            all[at].push(measured(side));
        }
    }
    std::io::stdout().write_all(table(&all).as_bytes())
}

fn generated(folder: &Path) -> PathBuf {
    let db = folder.join("board.db");
    let connections = given("SWITCHBOARD_BENCH_CONNECTIONS")
        .and_then(|text| text.into_string().ok())
        .unwrap_or(if TINY { "300" } else { "10000" }.into());
    let made = Command::new(PROGRAM)
        .args([
            "generate",
            "--transactions",
            "1",
            "--seed",
            "7",
            "--connections",
            &connections,
            "--db",
        ])
        .arg(&db)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("the program starts");
    assert!(made.success(), "generate failed");
    db
}

/// Starts the program, presses everything, and ends it.
fn measured(side: &Side) -> Figures {
    let times = |n: usize| if TINY { 1 } else { n };
    let mut pty = Pty::start(&side.words);
    let ready = pty.shows(side.ready);
    let mut figures: Figures = vec![("start, ms", vec![ready])];
    let since = pty.began;
    pty.painted(since, Duration::from_millis(200));
    let each = |pty: &mut Pty, n: usize, keys: &[&str], silence: Duration| {
        let mut painted = vec![];
        for _ in 0..n {
            for key in keys {
                painted.push(pty.pressed(key, silence));
            }
        }
        painted
    };
    let ms = |painted: &[pty::Painted]| painted.iter().map(|it| it.ms).collect::<Vec<_>>();
    let bytes =
        |painted: &[pty::Painted]| painted.iter().map(|it| it.bytes as f64).collect::<Vec<_>>();

    let quick = each(&mut pty, times(40), &[DOWN], Duration::from_millis(8));
    figures.push(("down, quickly, ms", ms(&quick)));
    figures.push(("down, quickly, bytes", bytes(&quick)));
    pty.painted(since, Duration::from_millis(200));
    let slow = each(&mut pty, times(20), &[DOWN], SILENCE);
    figures.push(("down, slowly, ms", ms(&slow)));
    pty.painted(since, Duration::from_millis(200));
    let pages = each(&mut pty, times(20), &[PAGE_DOWN], SILENCE);
    figures.push(("page down, ms", ms(&pages)));
    figures.push(("page down, bytes", bytes(&pages)));
    let ends = each(&mut pty, times(10), &["G", "g"], SILENCE);
    figures.push(("end and back, ms", ms(&ends)));
    pty.painted(since, Duration::from_millis(200));
    let filter = alternating(&mut pty, times(5), [side.filter, side.unfilter]);
    figures.push(("filter by status, ms", filter));
    // an input that is still open is left
    pty.pressed("\x1b", Duration::from_millis(200));
    let sort = alternating(&mut pty, times(5), [side.sort, side.unsort]);
    figures.push(("another order, ms", sort));
    pty.painted(since, Duration::from_millis(200));
    figures.push((
        "held key, 30 a second: lag, ms",
        vec![held(&mut pty, times(60))],
    ));
    pty.painted(since, Duration::from_millis(200));
    let flood = pty.pressed(&PAGE_DOWN.repeat(200), SILENCE);
    figures.push(("200 pages in one write, ms", vec![flood.ms]));
    pty.painted(since, Duration::from_millis(300));
    let (woken, span) = (pty.wakes(), Duration::from_secs(times(5) as u64));
    let idle = pty.bytes_in(span);
    figures.push((
        "idle, bytes a second",
        vec![idle as f64 / span.as_secs_f64()],
    ));
    let woken = (pty.wakes() - woken) as f64 / span.as_secs_f64();
    figures.push(("idle, wake-ups a second", vec![woken]));
    figures.push(("peak memory, MB", vec![pty.peak_mb()]));
    assert!(pty.screen().contains(side.ready), "{}", pty.screen());
    figures.push(("quit, ms", vec![pty.quit("q")]));
    figures
}

/// Only the first of the two keys is timed.
fn alternating(pty: &mut Pty, times: usize, [key, back]: [&str; 2]) -> Vec<f64> {
    let mut all = vec![];
    for _ in 0..times {
        all.push(pty.pressed(key, SILENCE).ms);
        pty.pressed(back, Duration::from_millis(120));
    }
    all
}

/// From the last of so many keys to the last byte.
fn held(pty: &mut Pty, keys: usize) -> f64 {
    for _ in 1..keys {
        pty.types(DOWN);
        pty.bytes_in(Duration::from_millis(33));
    }
    pty.pressed(DOWN, SILENCE).ms
}

fn table(all: &[Vec<Figures>; 2]) -> String {
    let mut lines = vec![format!(
        "{:<32} {:>9} {:>9} {:>12} {:>9} {:>7}",
        "", "floor p50", "p95", "switchboard", "p95", "ratio"
    )];
    for (at, (name, _)) in all[0][0].iter().enumerate() {
        let of = |side: &[Figures]| {
            let mut values: Vec<f64> = side.iter().flat_map(|round| round[at].1.clone()).collect();
            values.sort_by(f64::total_cmp);
            let part = |share: f64| values[((values.len() - 1) as f64 * share).round() as usize];
            (part(0.5), part(0.95))
        };
        let ((floor, floor_95), (ours, ours_95)) = (of(&all[0]), of(&all[1]));
        let ratio = ours / floor;
        lines.push(format!(
            "{name:<32} {floor:>9.2} {floor_95:>9.2} {ours:>12.2} {ours_95:>9.2} {ratio:>7.2}"
        ));
    }
    lines.push(String::new());
    lines.join("\n")
}
