use super::*;
use crate::tui::terminal::mouse::Deed;
use proptest::prelude::*;

fn read(bytes: &[u8]) -> Vec<TermEvent> {
    let mut decoder = Decoder::default();
    let mut events = Vec::new();
    decoder.feed(bytes, &mut events);
    decoder.settle(&mut events);
    events
}

fn said(bytes: &[u8]) -> String {
    let word = |event: &TermEvent| match event {
        TermEvent::Key(key) => key.to_string(),
        other => format!("{other:?}"),
    };
    read(bytes).iter().map(word).collect()
}

#[test]
fn bytes_become_keys() {
    for (bytes, expected) in [
        (&b"jG 1~<"[..], "jG<space>1~<lt>"),
        ("é日🏦".as_bytes(), "é日🏦"),
        (b"\r\n\t\x7f\x08", "<enter><c-j><tab><bs><bs>"),
        (b"\x03\x04\x1a\x00\x0c", "<c-c><c-d><c-z><c-space><c-l>"),
        (b"\x1b[A\x1b[B\x1b[C\x1b[D\x1b[H\x1b[F", "<up><down><right><left><home><end>"),
        (b"\x1bOA\x1bOB\x1bOH\x1bOP\x1bOM", "<up><down><home><f1><enter>"),
        (b"\x1b[1~\x1b[4~\x1b[5~\x1b[6~\x1b[3~\x1b[2~", "<home><end><pgup><pgdn><del><ins>"),
        (b"\x1b[15~\x1b[17~\x1b[24~", "<f5><f6><f12>"),
        (b"\x1b[[A\x1b[[Ej\x1b[[Zk", "<f1><f5>jk"),
        (b"\x1b[Z\x1b[1;5A\x1b[1;2B\x1b[3;3~", "<s-tab><c-up><s-down><a-del>"),
        (b"\x1bx\x1bG", "<a-x><a-G>"),
        ("\x1bé\x1b日j".as_bytes(), "<a-é><a-日>j"),
        (b"\x1b", "<esc>"),
        (b"\x1b\x1b", "<esc><esc>"),
        (b"\x1b[I\x1b[O", "FocusGainedFocusLost"),
        // A begun sequence and silence is Esc, a broken one and a key is the key.
        (b"\x1b[", "<esc>"),
        (b"\x1b[1;\x1b[Aj", "<up>j"),
        // Bytes that are no text, and text that may not be typed.
        (b"\xff\xc3j\x80k\xc2\x9bl", "jkl"),
        // Answers and reports: DA, DSR, OSC 52, DCS, a mouse that moved and one with Shift.
        (b"\x1b[?64;1c\x1b[0n\x1b[12;40R\x1b]52;c;UHlYampx\x07j\x1bP1$r0m\x1b\\k\x1b[<35;10;5M\x1b[<4;1;1Ml", "jkl"),
    ] {
        assert_eq!(said(bytes), expected, "{:?}", bytes.escape_ascii().to_string());
    }
}

#[test]
fn clicks_and_the_background_are_told() {
    let mouse = |deed, x, y| TermEvent::Mouse(Mouse { deed, x, y });
    assert_eq!(
        read(b"\x1b[<0;10;5M\x1b[<0;10;5m\x1b[<64;1;1M\x1b[<65;300;200M\x1b[<0;0;0M"),
        [
            mouse(Deed::Press, 9, 4),
            mouse(Deed::Wheel(-3), 0, 0),
            mouse(Deed::Wheel(3), 299, 199)
        ]
    );
    let light = TermEvent::Background(Background::Light);
    let j = TermEvent::Key(Key::char('j'));
    for end in ["\x07", "\x1b\\"] {
        let answer = format!("\x1b]11;rgb:ffff/ffff/ffff{end}j");
        assert_eq!(read(answer.as_bytes()), [light.clone(), j.clone()]);
    }
}

#[test]
fn pastes_come_whole_and_bounded() {
    let paste = |text: &str| TermEvent::Paste(text.to_owned());
    assert_eq!(
        read(b"\x1b[200~PyX\rjjq\x1b[201~j"),
        [paste("PyX\rjjq"), TermEvent::Key(Key::char('j'))]
    );
    assert_eq!(
        read(b"\x1b[200~\x1b[Aab"),
        [paste("\x1b[Aab")],
        "one that never ends"
    );
    let long = [b"\x1b[200~", "é".repeat(1 << 19).as_bytes(), b"\x1b[201~q"].concat();
    let events = read(&long);
    let TermEvent::Paste(text) = &events[0] else {
        panic!("{events:?}")
    };
    assert!(text.len() <= PASTE_KEPT + 6, "{}", text.len());
    assert_eq!(events[1..], [TermEvent::Key(Key::char('q'))]);
}

#[test]
fn the_key_after_an_unfinished_escape_works() {
    let mut decoder = Decoder::default();
    let mut events = Vec::new();
    decoder.feed(b"\x1b[", &mut events);
    assert!(decoder.patience() == Some(30) && events.is_empty());
    decoder.settle(&mut events);
    decoder.feed(b"j", &mut events);
    let (esc, j) = (
        TermEvent::Key(Key::of(Code::Esc)),
        TermEvent::Key(Key::char('j')),
    );
    assert_eq!(events, [esc.clone(), j.clone()]);
    decoder.feed(b"\x1b", &mut events);
    decoder.feed(b"j", &mut events);
    assert_eq!(
        events[2..],
        [esc, j],
        "one after the other they are two keys"
    );
    decoder.feed(b"\x1b", &mut events);
    decoder.feed(b"[A", &mut events);
    assert_eq!(
        events[4..],
        [TermEvent::Key(Key::of(Code::Up))],
        "but a split sequence is one"
    );
}

proptest! {
    #[test]
    fn no_bytes_panic_and_splitting_changes_nothing(
        bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(0x1b), Just(b'[')], 0..200),
        at in 0usize..200,
    ) {
        let at = at.min(bytes.len());
        // But for Alt, which is told by what came together.
        prop_assume!(at == 0 || bytes[at - 1] != 0x1b);
        let mut decoder = Decoder::default();
        let mut events = Vec::new();
        decoder.feed(&bytes[..at], &mut events);
        decoder.feed(&bytes[at..], &mut events);
        decoder.settle(&mut events);
        prop_assert_eq!(events, read(&bytes));
        prop_assert_eq!(decoder.patience(), None);
    }
}
