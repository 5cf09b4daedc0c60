//! The terminal: restored on every way out, not written to while nothing changes, and never sent a control byte of the
//! data.

use super::harness::Desk;
use super::tty::Tty;
use rustix::process::Signal;
use std::time::Duration;

const SIZE: (u16, u16) = (120, 40);

#[test]
fn point_03_every_exit_restores_the_terminal() {
    let desk = Desk::new(12, 2, 0.0);
    let ways: [(&str, Option<Signal>, u32); 6] = [
        ("q", None, 0),
        ("\x03", None, 0),
        ("", Some(Signal::INT), 130),
        ("", Some(Signal::TERM), 143),
        ("", Some(Signal::HUP), 129),
        ("", Some(Signal::QUIT), 131),
    ];
    for (keys, signal, code) in ways {
        let mut tty = Tty::started(&desk, SIZE);
        tty.types(keys);
        if let Some(signal) = signal {
            tty.signal(signal);
        }
        assert_eq!(tty.ends(), code, "{keys:?} {signal:?}");
        tty.given_back();
    }
    // out of a dialog and out of an input too
    for (keys, shows) in [("P", "Enter"), ("/stat", "stat"), ("?", "help")] {
        let mut tty = Tty::started(&desk, SIZE);
        tty.types(keys);
        tty.sees(shows);
        tty.signal(Signal::TERM);
        assert_eq!(tty.ends(), 143, "{keys}");
        tty.given_back();
    }
}

#[test]
fn point_32_nothing_is_written_while_nothing_changes() {
    let desk = Desk::new(12, 2, 0.0);
    // all jobs of the generated world are done, so that nothing changes
    desk.work();
    let mut tty = Tty::started(&desk, SIZE);
    tty.quiet(Duration::from_millis(400));
    // the clock changes once a minute, so one of two spans in a row is without output
    let spans = [
        tty.writes_in(Duration::from_millis(1_500)),
        tty.writes_in(Duration::from_millis(1_500)),
    ];
    assert!(
        spans.contains(&0),
        "{spans:?}: {:?}",
        String::from_utf8_lossy(&tty.raw[tty.raw.len() - 200..])
    );
    tty.types("q");
    assert_eq!(tty.ends(), 0);
}

#[test]
fn point_55_control_characters_in_names_do_not_reach_the_terminal() {
    let desk = Desk::new(60, 2, 0.0);
    let hostile: Vec<String> = desk
        .rows(&["connections"])
        .iter()
        .map(|row| row["userName"].as_str().unwrap().to_owned())
        .filter(|name| {
            name.chars()
                .any(|c| c.is_control() || "\u{202e}\u{2066}\u{200b}".contains(c))
        })
        .collect();
    assert!(
        hostile.len() >= 3,
        "the world has hostile names: {hostile:?}"
    );
    let mut tty = Tty::started(&desk, (200, 50));
    for key in ["j"; 59] {
        tty.types(key);
        tty.quiet(Duration::from_millis(15));
    }
    tty.sees("row 60 of 60");
    tty.types("q");
    assert_eq!(tty.ends(), 0);
    let drawn = String::from_utf8(std::mem::take(&mut tty.raw)).expect("only UTF-8 is drawn");
    // the one question for the background of the terminal
    let drawn = drawn.replacen("\x1b]11;?\x1b\\", "", 1);
    let bidi = |c: char| {
        matches!(
            c,
            '\u{202a}'
                ..='\u{202e}' | '\u{200e}' | '\u{200f}' | '\u{feff}' | '\u{2028}' | '\u{2029}'
        )
    };
    assert!(
        !drawn
            .chars()
            .any(|c| ('\u{80}'..='\u{9f}').contains(&c) || bidi(c)),
        "C1 or bidi controls are drawn"
    );
    for sequence in sequences(&drawn) {
        let own = matches!(
            sequence.as_bytes(),
            [
                b'[',
                ..,
                b'H' | b'm' | b'J' | b'K' | b'X' | b'G' | b'd' | b'A'..=b'D'
            ] | [b'[', b'?', .., b'h' | b'l']
        );
        assert!(
            own,
            "an escape sequence the screen does not use: {sequence:?}"
        );
    }
    assert!(
        !drawn.contains('\u{7}') && !drawn.contains("\x1b]"),
        "no bell, no system command"
    );
}

/// The escape sequences of a text, each without its ESC.
fn sequences(text: &str) -> Vec<String> {
    let end = |c: char| c.is_ascii_alphabetic() || matches!(c, '~' | '@');
    let whole = |rest: &str| match rest.strip_prefix('[') {
        Some(inner) => rest[..inner.find(end).map_or(rest.len(), |at| at + 2)].to_owned(),
        None => rest.chars().take(2).collect(),
    };
    text.split('\x1b').skip(1).map(whole).collect()
}

/// The dim text of the themes `dark` and `light` on a terminal with all colours.
const DARK: &str = "38;2;154;164;173";
const LIGHT: &str = "38;2;95;95;95";

/// A dashboard with all colours that has asked for the background.
fn asked(desk: &Desk, more: &[(&str, &str)]) -> Tty {
    let more = [&[("COLORTERM", "truecolor")], more].concat();
    let mut tty = Tty::open_with(desk, SIZE, &more);
    tty.writes("\x1b]11;?");
    tty
}

fn full(tty: &mut Tty) {
    tty.wait("the first full frame", |screen| {
        screen.contains("row 1 of") && screen.contains("q quit")
    });
}

#[test]
fn the_theme_follows_the_background_that_the_terminal_tells() {
    let desk = Desk::new(12, 2, 0.0);
    for (answer, wanted, other) in [
        ("\x1b]11;rgb:ffff/ffff/ffff\x1b\\", LIGHT, DARK),
        ("\x1b]11;rgb:fdfd/f6f6/e3e3\x07", LIGHT, DARK),
        ("\x1b]11;rgb:0000/2b2b/3636\x07", DARK, LIGHT),
        // one that does not answer
        ("", DARK, LIGHT),
    ] {
        let mut tty = asked(&desk, &[]);
        // a key that comes with the answer is a key, and nothing of the answer is text
        tty.types(&format!("{answer}?"));
        tty.sees("Help");
        tty.types("\x1b");
        full(&mut tty);
        let frame = tty.repainted();
        assert!(
            frame.contains(wanted) && !frame.contains(other),
            "{answer:?}"
        );
        tty.types("q");
        assert_eq!(tty.ends(), 0);
        tty.given_back();
    }
}

#[test]
fn a_variable_tells_it_too_and_a_chosen_theme_is_not_asked_about() {
    let desk = Desk::new(12, 2, 0.0);
    let mut tty = asked(&desk, &[("COLORFGBG", "0;15")]);
    full(&mut tty);
    assert!(tty.repainted().contains(LIGHT));
    tty.kill();
    let desk = desk.with("countdown", "theme = \"dark\"\ncountdown");
    let more = [("COLORTERM", "truecolor"), ("COLORFGBG", "0;15")];
    let mut tty = Tty::open_with(&desk, SIZE, &more);
    full(&mut tty);
    assert!(tty.repainted().contains(DARK));
    assert!(!String::from_utf8_lossy(&tty.raw).contains("\x1b]11;?"));
    tty.kill();
}

#[test]
fn the_mouse_is_told_only_where_it_is_wanted_and_given_back() {
    let told = "\x1b[?1000h\x1b[?1006h";
    let desk = Desk::new(12, 2, 0.0);
    let mut tty = Tty::started(&desk, SIZE);
    assert!(!String::from_utf8_lossy(&tty.raw).contains(told));
    // it does nothing, even if a terminal tells it
    tty.types("\x1b[<65;5;10M");
    tty.quiet(Duration::from_millis(200));
    assert!(tty.screen().contains("row 1 of"), "{}", tty.screen());
    tty.kill();
    let desk = desk.with("countdown", "mouse = true\ncountdown");
    let mut tty = Tty::started(&desk, SIZE);
    assert!(String::from_utf8_lossy(&tty.raw).contains(told));
    tty.types("\x1b[<65;5;10M");
    tty.sees("row 4 of");
    tty.types("\x1b[<64;5;10M");
    tty.sees("row 1 of");
    tty.types("q");
    assert_eq!(tty.ends(), 0);
    tty.given_back();
}
