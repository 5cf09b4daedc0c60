//! [`Shown`] with ordinary names, hostile ones and random text.

use super::*;
use proptest::prelude::*;

fn shown(raw: &str) -> String {
    Shown::of(raw).into_plain()
}

#[test]
fn honest_names_are_left_alone() {
    for name in [
        "Monica Hall",
        "Zoë Müller-Łukasz",
        "Zoe\u{308} Mu\u{308}ller",
        "Nguyễn Thị Ánh",
        "Nguye\u{302}\u{303}n",
        "王小明",
        "渡邉 美咲",
        "葛\u{E0100}城",
        "김민준",
        "\u{1112}\u{1161}\u{11ab}글",
        "ｶﾞｷﾞ",
        "محمد العلي",
        "مُحَمَّد",
        "نمی\u{200C}خواهم",
        "דָּוִד בן־גוריון",
        "สมชาย ใจดี",
        "น้ำผึ้ง",
        "प्रिया शर्मा",
        "क्\u{200D}ष",
        "ශ්\u{200D}රී",
        "👩\u{200D}💻 Ada",
        "👨\u{200D}👩\u{200D}👧",
        "❤\u{FE0F}\u{200D}🔥",
        "👍🏽",
        "1\u{FE0F}\u{20E3}",
        "🇦🇺 Ana",
        "☕\u{FE0E}",
        "O\u{2019}Brien",
    ] {
        let shown = Shown::of(name);
        assert_eq!(shown.plain(), name);
        assert!(!shown.is_marked(), "{name}");
    }
}

#[test]
fn what_acts_hides_or_turns_is_marked() {
    for (raw, out) in [
        ("\u{1b}]52;c;YQ==\u{7}", "^[]52;c;YQ==^G"),
        ("\u{1b}[2J\u{1b}[H PAID", "^[[2J^[[H PAID"),
        ("a\u{9b}31mb", "a<9B>31mb"),
        ("a\u{85}b", "a<85>b"),
        ("a\nb\tc\0d\u{7f}", "a^Jb^Ic^@d^?"),
        ("Ana\u{202E}gnp", "Ana<U+202E>gnp"),
        ("a\u{2066}b\u{2069}", "a<U+2066>b<U+2069>"),
        ("a\u{200E}b\u{200F}c\u{61C}", "a<U+200E>b<U+200F>c<U+061C>"),
        (
            "a\u{200B}b\u{2060}c\u{FEFF}d\u{AD}e\u{180E}",
            "a<U+200B>b<U+2060>c<U+FEFF>d<U+00AD>e<U+180E>",
        ),
        ("a\u{2028}b\u{2029}", "a<U+2028>b<U+2029>"),
        ("a\u{FFF9}b\u{FFFB}", "a<U+FFF9>b<U+FFFB>"),
        ("🏴\u{E0067}\u{E007F}", "🏴<U+E0067><U+E007F>"),
        ("pay\u{200D}pal", "pay<U+200D>pal"),
        ("pay\u{200C}pal", "pay<U+200C>pal"),
        ("ب\u{200C}\u{200C}ب", "ب<U+200C><U+200C>ب"),
        ("ب\u{200C}", "ب<U+200C>"),
        ("a\u{FE0F}", "a<U+FE0F>"),
        ("1\u{FE0F}", "1<U+FE0F>"),
        ("❤\u{FE0F}\u{FE0F}", "❤\u{FE0F}<U+FE0F>"),
        ("\u{301}a", "<U+0301>a"),
        ("\u{202E}\u{301}a", "<U+202E><U+0301>a"),
        ("\u{3164}", "<U+3164>"),
        ("\u{FFFE}\u{1FFFF}", "<U+FFFE><U+1FFFF>"),
    ] {
        assert_eq!(shown(raw), out, "{raw:?}");
        assert!(Shown::of(raw).is_marked(), "{raw:?}");
    }
}

#[test]
fn a_stack_of_marks_is_cut_and_counted() {
    let four = format!("a{}", "\u{301}".repeat(4));
    assert_eq!(shown(&four), four);
    assert_eq!(
        shown(&format!("{four}{}", "\u{301}".repeat(196))),
        format!("{four}<+196>")
    );
    assert_eq!(shown(&format!("{four}\u{301}b")), format!("{four}<+1>b"));
}

#[test]
fn two_hostile_names_do_not_look_alike() {
    assert_ne!(shown("Ana\u{200B}"), shown("Ana\u{2060}"));
    assert_ne!(shown("Ana\u{1b}[1m"), shown("Ana\u{9b}1m"));
}

#[test]
fn pieces_tell_our_marks_from_their_words() {
    let shown = Shown::of("a\u{1b}\u{9b}b<U+202E>");
    let pieces: Vec<_> = shown
        .pieces()
        .into_iter()
        .map(|p| (p.text, p.warning))
        .collect();
    assert_eq!(
        pieces,
        [("a", false), ("^[<9B>", true), ("b<U+202E>", false)]
    );
    assert_eq!(Shown::of("").pieces(), []);
}

#[test]
fn a_cut_falls_between_clusters() {
    for (raw, width, out, cells) in [
        ("Contoso", 7, "Contoso", 7),
        ("Contoso", 6, "Conto~", 6),
        ("Contoso", 1, "~", 1),
        ("Contoso", 0, "", 0),
        ("王小明", 6, "王小明", 6),
        ("王小明", 5, "王小~", 5),
        ("王小明", 4, "王~", 3),
        ("👩\u{200D}💻 Ada", 4, "👩\u{200D}💻 ~", 4),
        ("👩\u{200D}💻 Ada", 2, "~", 1),
        ("Zoe\u{308} M", 4, "Zoe\u{308}~", 4),
        ("ｶﾞｷﾞ", 6, "ｶﾞｷﾞ", 6),
        ("ｶﾞｷﾞ", 5, "ｶﾞ~", 4),
        ("ab\u{202E}cd", 6, "ab<U+~", 6),
    ] {
        let cut = Shown::of(raw).cut(width);
        assert_eq!(
            (cut.plain(), cut.width()),
            (out, cells),
            "{raw:?} at {width}"
        );
    }
    let cut = Shown::of("ab\u{202E}cd").cut(6);
    assert_eq!(
        cut.pieces()[1],
        Piece {
            text: "<U+",
            warning: true
        }
    );
}

#[test]
fn a_huge_text_is_read_no_further_than_asked() {
    let huge = "王".repeat(5_000_000);
    let shown = Shown::of_limited(&huge, 200);
    assert_eq!((shown.plain().chars().count(), shown.width()), (201, 401));
    assert_eq!(Shown::of_limited("abc", 3).plain(), "abc");
    assert_eq!(Shown::of_limited("abcd", 3).plain(), "abc~");
    assert_eq!(Shown::of_limited("abcd", 0).plain(), "~");
}

/// Text with the troublesome characters much denser than chance.
fn hostile() -> impl Strategy<Value = String> {
    let troublesome = prop::sample::select(vec![
        '\u{1b}',
        '\n',
        '\u{7f}',
        '\u{9b}',
        '\u{202e}',
        '\u{2066}',
        '\u{200b}',
        '\u{200c}',
        '\u{200d}',
        '\u{fe0f}',
        '\u{fe00}',
        '\u{20e3}',
        '\u{301}',
        '\u{94d}',
        '\u{e0041}',
        '\u{e0100}',
        '\u{600}',
        '\u{61c}',
        '\u{1161}',
        '\u{180b}',
        '\u{1820}',
        '\u{ff9e}',
        '1',
        'a',
        ' ',
        '<',
        'ب',
        'क',
        '王',
        '👩',
        '💻',
        '❤',
        '🏽',
        '🇦',
    ]);
    prop::collection::vec(prop_oneof![3 => troublesome, 1 => any::<char>()], 0..40)
        .prop_map(String::from_iter)
}

proptest! {
    #[test]
    fn nothing_that_acts_or_turns_is_left(raw in hostile()) {
        let shown = Shown::of(&raw);
        for c in shown.plain().chars() {
            prop_assert!(!c.is_control(), "{c:?}");
            prop_assert!(!matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
                | '\u{2028}' | '\u{2029}' | '\u{61c}' | '\u{feff}' | '\u{ad}' | '\u{e0001}'..='\u{e007f}'), "{c:?}");
        }
    }

    #[test]
    fn what_is_shown_shows_as_itself(raw in hostile()) {
        let once = shown(&raw);
        prop_assert_eq!(shown(&once), once);
    }

    #[test]
    fn pieces_are_the_whole_text_and_the_width(raw in hostile()) {
        let shown = Shown::of(&raw);
        let joined: String = shown.pieces().iter().map(|p| p.text).collect();
        prop_assert_eq!(joined.as_str(), shown.plain());
        let width: usize = shown.pieces().iter().flat_map(|p| p.text.graphemes(true)).map(cells).sum();
        prop_assert_eq!(width, shown.width());
    }

    #[test]
    fn a_cut_is_never_wider_than_asked(raw in hostile(), width in 0usize..30) {
        let whole = Shown::of(&raw);
        let cut = whole.cut(width);
        prop_assert!(cut.width() <= width);
        prop_assert_eq!(cut.cut(width), cut.clone());
        let kept = cut.plain().strip_suffix(CUT).unwrap_or(cut.plain());
        prop_assert!(whole.plain().starts_with(kept));
    }
}
