//! Points of `docs/board-points.md` that only a terminal, or only a shell, shows.

use super::harness::{Desk, Dice, PLAIN, purge_words};
use super::settings;
use super::tty::Tty;
use rustix::process::Signal;
use std::fs;
use std::time::Duration;

const SIZE: (u16, u16) = (120, 40);

#[test]
fn point_01_the_version_needs_no_configuration_no_database_and_no_terminal() {
    let desk = Desk::empty(0.0);
    fs::write(desk.path("config.toml"), "[no configuration").unwrap();
    let mut command = desk.command(&["--version"]);
    command
        .env_clear()
        .env("SWITCHBOARD_CONFIG", desk.path("config.toml"));
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.starts_with("switchboard ") && said.lines().count() == 1,
        "{said}"
    );
    assert!(output.stderr.is_empty(), "{:?}", output.stderr);
    assert!(!desk.path("w.db").exists());
}

/// Starts the dashboard from the shell and waits for its first full frame.
fn runs(tty: &mut Tty, line: &str) {
    tty.types(line);
    tty.wait("the first full frame", |screen| {
        screen.contains("row 1 of") && screen.contains("q quit")
    });
}

#[test]
fn point_02_q_gives_the_shell_its_screen_and_modes_back_and_prints_a_receipt() {
    let desk = Desk::new(12, 2, 0.0);
    desk.work();
    let mut tty = Tty::shell(&desk, SIZE);
    tty.sees("prompt$");
    let program = settings::program();
    runs(
        &mut tty,
        &format!("echo before-it; stty -a >a; {program}; echo code=$?; stty -a >b\r"),
    );
    tty.goes_to(&desk.one(PLAIN));
    tty.types("r");
    tty.sees("Asks the bank for new data");
    tty.insists("y", "an order", |screen| {
        !screen.contains("Asks the bank for new data")
    });
    tty.sees("Refreshed");
    tty.types("q");
    tty.sees("code=0");
    assert!(tty.is_the_shells());
    let screen = tty.screen();
    for words in [
        "before-it",
        "1 order in this session",
        "switchboard refresh ",
    ] {
        assert!(screen.contains(words), "{words}\n{screen}");
    }
    tty.types("echo still-here\r");
    tty.wait("an answer of the shell", |screen| {
        screen.lines().any(|line| line == "still-here")
    });
    let modes = |name: &str| fs::read_to_string(desk.path(name)).unwrap();
    assert_eq!(modes("a"), modes("b"));
    tty.types("exit\r");
    assert_eq!(tty.ends(), 0);
}

#[test]
fn point_05_suspending_gives_the_shell_back_and_fg_draws_all_again() {
    let desk = Desk::new(12, 2, 0.0);
    desk.work();
    let mut tty = Tty::shell(&desk, SIZE);
    tty.sees("prompt$");
    runs(&mut tty, &format!("{}\r", settings::program()));
    for round in 0..10_u16 {
        tty.types("\x1a");
        tty.sees("Stopped");
        assert!(tty.is_the_shells(), "{round}");
        // a size that changes meanwhile is the new one
        let size = (SIZE.0 - round, SIZE.1 - round % 3);
        tty.resize(size);
        runs(&mut tty, "fg\r");
        let screen = tty.screen();
        assert!(!screen.contains("Stopped"), "{screen}");
        let last = screen.lines().count();
        assert_eq!(last, usize::from(size.1), "{screen}");
    }
    tty.types("j");
    tty.sees("row 2 of");
    tty.types("q");
    tty.wait("the shell", |screen| screen.contains("prompt$"));
    assert!(tty.is_the_shells());
    tty.types("exit\r");
    assert_eq!(tty.ends(), 0);
    let written = String::from_utf8_lossy(&tty.raw);
    assert!(
        !written.contains("\x1b[>1u") && !written.contains("\x1b[=1"),
        "no flags of keys"
    );
}

#[test]
fn point_08_a_terminal_that_cannot_place_a_cursor_gets_a_message_and_no_escape() {
    let desk = Desk::new(12, 2, 0.0);
    let mut tty = Tty::open_with(&desk, SIZE, &[("TERM", "dumb")]);
    assert_eq!(tty.ends(), 2);
    let said = String::from_utf8(std::mem::take(&mut tty.raw)).unwrap();
    assert!(said.contains("needs a terminal"), "{said}");
    assert!(!said.contains('\x1b'), "{said:?}");
}

#[test]
fn point_09_a_terminal_that_answers_nothing_gets_its_frame_and_no_stray_letter() {
    let desk = Desk::new(12, 2, 0.0);
    desk.work();
    let mut tty = Tty::open_with(&desk, SIZE, &[("COLORTERM", "truecolor")]);
    tty.writes("\x1b]11;?");
    tty.wait("the first full frame", |screen| {
        screen.contains("row 1 of") && screen.contains("q quit")
    });
    tty.quiet(Duration::from_millis(400));
    let before = tty.screen();
    tty.repainted();
    assert_eq!(
        tty.screen(),
        before,
        "nothing stands there that no frame holds"
    );
    tty.types("q");
    assert_eq!(tty.ends(), 0);
}

#[test]
fn point_16_a_key_that_was_moved_is_in_the_list_of_keys() {
    let desk = Desk::empty(0.0);
    let path = desk.path("config.toml");
    let listed = |text: &str| {
        fs::write(&path, text).unwrap();
        let done = desk.run(&["keys"]);
        assert_eq!(done.exit, 0, "{done:?}");
        let lines = done
            .out
            .lines()
            .filter(|line| line.contains("connection.purge"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let usual = listed("");
    assert!(usual.len() == 1 && usual[0].contains('P'), "{usual:?}");
    let moved = listed("[keys.app]\n\"connection.purge\" = \"B\"\n");
    assert!(moved.len() == 1 && moved[0].contains('B'), "{moved:?}");
    assert_ne!(moved, usual);
    assert!(listed("[keys.app]\n\"connection.purge\" = []\n").is_empty());
}

/// What is drawn with these variables, without the first row, which has the time; and the bytes of it.
fn drawn(desk: &Desk, more: &[(&str, &str)]) -> (Vec<String>, String) {
    let mut tty = Tty::open_with(desk, SIZE, more);
    tty.wait("the first full frame", |screen| {
        screen.contains("row 1 of") && screen.contains("q quit")
    });
    tty.quiet(Duration::from_millis(400));
    let bytes = tty.repainted();
    let lines = tty.screen().lines().skip(1).map(str::to_owned).collect();
    tty.types("q");
    assert_eq!(tty.ends(), 0);
    (lines, bytes)
}

/// Whether a colour is set anywhere.
fn coloured(bytes: &str) -> bool {
    let styles = bytes
        .split("\x1b[")
        .skip(1)
        .filter_map(|it| it.split_once('m'));
    let numbers =
        styles.filter(|(style, _)| style.bytes().all(|b| b.is_ascii_digit() || b == b';'));
    numbers.into_iter().any(|(style, _)| {
        let mut set = style.split(';').filter_map(|n| n.parse::<u16>().ok());
        set.any(|n| matches!(n, 30..=38 | 40..=48 | 90..=97 | 100..=107))
    })
}

#[test]
fn point_52_no_color_draws_the_same_words_without_a_colour() {
    let desk = Desk::new(24, 2, 0.0);
    desk.work();
    let (words, bytes) = drawn(&desk, &[("NO_COLOR", "1")]);
    assert!(!coloured(&bytes), "{bytes:?}");
    assert!(
        words.iter().any(|line| line.starts_with("│>")),
        "{words:#?}"
    );
    for more in [
        &[("TERM", "xterm")][..],
        &[("TERM", "xterm-256color")],
        &[("COLORTERM", "truecolor")],
    ] {
        let (same, bytes) = drawn(&desk, more);
        assert!(coloured(&bytes), "{more:?}");
        assert_eq!(same, words, "{more:?}");
    }
}

#[test]
fn point_58_five_hundred_sizes_leave_the_picture_and_the_dialog_right() {
    let desk = Desk::new(40, 10, 0.5);
    let id = desk.one(PLAIN);
    let mut tty = Tty::started(&desk, SIZE);
    tty.goes_to(&id);
    tty.types("r");
    tty.sees("Asks the bank for new data");
    tty.insists("y", "an order", |screen| {
        !screen.contains("Asks the bank for new data")
    });
    tty.sees("▸ refresh");
    tty.types("X");
    tty.sees("to enable Revoke");
    tty.types("hoo");
    tty.sees("to enable Revoke: hoo");
    let mut dice = Dice(58);
    let mut cells =
        |least: u64, most: u64| u16::try_from(least + dice.below(most - least)).unwrap();
    for _ in 0..500 {
        tty.resize((cells(1, 250), cells(1, 70)));
    }
    tty.resize(SIZE);
    tty.sees("to enable Revoke: hoo");
    tty.types("\x1b");
    tty.loses("to enable Revoke");
    tty.sees("Refreshed: ");
    tty.quiet(Duration::from_millis(400));
    let before = tty.screen();
    tty.repainted();
    // without the first row, which has the time
    let body = |screen: &str| {
        let lines = screen
            .lines()
            .skip(1)
            .map(|line| line.trim_end().to_owned());
        lines.collect::<Vec<_>>()
    };
    assert_eq!(body(&tty.screen()), body(&before));
    tty.types("q");
    assert_eq!(tty.ends(), 0);
    tty.given_back();
    assert_eq!(desk.audited("revoke"), 0);
}

#[test]
fn point_60_an_id_and_only_the_id_goes_to_the_clipboard() {
    let desk = Desk::new(12, 2, 0.0);
    let id = desk.one("");
    let mut tty = Tty::started(&desk, SIZE);
    tty.goes_to(&id);
    tty.types("y");
    tty.sees("user id");
    tty.types("i");
    tty.writes("\x1b]52;c;");
    tty.quiet(Duration::from_millis(200));
    let written = String::from_utf8_lossy(&tty.raw).into_owned();
    let copied: Vec<&str> = written.split("\x1b]52;c;").skip(1).collect();
    let [copied] = copied[..] else {
        panic!("copied {} times", copied.len())
    };
    let code = copied.split('\x1b').next().unwrap();
    assert_eq!(code.len(), id.len().div_ceil(3) * 4, "{code}");
    assert_eq!(code.trim_end_matches('='), base64(id.as_bytes()));
    tty.types("q");
    assert_eq!(tty.ends(), 0);
}

/// Without the signs that fill up the end.
fn base64(bytes: &[u8]) -> String {
    let letters: Vec<char> = ('A'..='Z')
        .chain('a'..='z')
        .chain('0'..='9')
        .chain("+/".chars())
        .collect();
    let bits: Vec<u8> = bytes
        .iter()
        .flat_map(|b| (0..8).rev().map(move |n| b >> n & 1))
        .collect();
    let letter = |six: &[u8]| {
        let padded = six.iter().chain(&[0; 6]).take(6);
        letters[padded.fold(0, |n, bit| n * 2 + usize::from(*bit))]
    };
    bits.chunks(6).map(letter).collect()
}

#[test]
fn a_signal_at_a_hidden_prompt_leaves_a_terminal_that_shows_what_is_typed() {
    let desk = Desk::new(12, 2, 0.0);
    let user = desk.connection(&desk.one(""))["userId"]
        .as_str()
        .unwrap()
        .to_owned();
    let words = [
        "connect",
        "--user",
        &user,
        "--institution",
        "AU00000",
        "--login-id",
        "jared",
    ];
    for (key, signal, code) in [
        ("", Some(Signal::TERM), 143),
        ("", Some(Signal::INT), 130),
        ("", Some(Signal::HUP), 129),
        ("djan\x03", None, 130),
    ] {
        let mut tty = Tty::command(&desk, &words);
        tty.sees("password:");
        tty.types(key);
        if let Some(signal) = signal {
            tty.signal(signal);
        }
        assert_eq!(tty.ends(), code, "{signal:?}\n{}", tty.screen());
        tty.given_back();
        assert!(!tty.screen().contains("djan"), "{}", tty.screen());
    }
    // the signal that ended nothing ends what comes after it as usual
    let mut tty = Tty::command(&desk, &[&words[..], &["--wait"]].concat());
    tty.sees("password:");
    tty.types("django\r");
    assert_eq!(tty.ends(), 0, "{}", tty.screen());
    tty.given_back();
    assert!(!tty.screen().contains("django"), "{}", tty.screen());
}

#[test]
fn a_signal_while_a_purge_counts_down_takes_it_back_and_shows_what_is_typed() {
    let desk = Desk::new(12, 2, 0.0).with("countdown = \"0s\"", "countdown = \"1m\"");
    let id = desk.one("status:active acc>0");
    let mut tty = Tty::command(&desk, &["purge", &id, "--confirm", &purge_words(&id)]);
    tty.sees("takes it back");
    tty.signal(Signal::TERM);
    assert_eq!(tty.ends(), 143, "{}", tty.screen());
    tty.given_back();
    assert_eq!(desk.audited("purge"), 0);
}
