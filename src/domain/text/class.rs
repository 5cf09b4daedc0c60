//! Classifies characters by how they are drawn, from tables of ranges.

use unicode_width::UnicodeWidthChar;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Base,
    Mark,
    /// Is not seen at all, or turns what is seen.
    Hidden,
    C0,
    C1,
}

/// Format characters, fillers, bidi controls, separators, selectors, tags and non-characters, sorted.
const HIDDEN: &[(u32, u32)] = &[
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x070F, 0x070F),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x2028, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFDD0, 0xFDEF),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFB),
    (0xFFFE, 0xFFFF),
    (0x13430, 0x1343F),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
];

/// Scripts whose letters join or stack, where a joiner between letters changes honest spelling.
const JOINING: &[(u32, u32)] = &[
    (0x0620, 0x08FF),
    (0x0900, 0x0DFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x1800, 0x18AF),
    (0xA840, 0xA87F),
    (0xFB50, 0xFDFF),
    (0xFE70, 0xFEFC),
    (0x11000, 0x11FFF),
    (0x1E900, 0x1E95F),
];

/// What can be part of an emoji sequence, skin tones included.
const PICTURES: &[(u32, u32)] = &[
    (0x00A9, 0x00A9),
    (0x00AE, 0x00AE),
    (0x203C, 0x203C),
    (0x2049, 0x2049),
    (0x2122, 0x2122),
    (0x2139, 0x2139),
    (0x2194, 0x21AA),
    (0x2300, 0x23FF),
    (0x24C2, 0x24C2),
    (0x25AA, 0x25FE),
    (0x2600, 0x27BF),
    (0x2934, 0x2935),
    (0x2B05, 0x2B55),
    (0x3030, 0x3030),
    (0x303D, 0x303D),
    (0x3297, 0x3299),
    (0x1F000, 0x1FAFF),
];

/// Ideographs, which may carry a selector of their variant.
const IDEOGRAPHS: &[(u32, u32)] = &[
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFD),
];

const ZWNJ: char = '\u{200C}';
const ZWJ: char = '\u{200D}';
const EMOJI_STYLE: char = '\u{FE0F}';
const KEYCAP: char = '\u{20E3}';

fn within(c: char, table: &[(u32, u32)]) -> bool {
    let c = u32::from(c);
    let at = table.partition_point(|(_, last)| *last < c);
    table.get(at).is_some_and(|(first, _)| *first <= c)
}

pub(super) fn plain(text: &str) -> bool {
    text.bytes().all(|b| (0x20..0x7F).contains(&b))
}

pub(super) fn of(c: char) -> Class {
    match c {
        ' '..='~' => Class::Base,
        '\0'..='\u{1F}' | '\u{7F}' => Class::C0,
        '\u{80}'..='\u{9F}' => Class::C1,
        _ if hidden(c) => Class::Hidden,
        _ if c.width().unwrap_or(0) == 0 => Class::Mark,
        _ => Class::Base,
    }
}

/// Whether a character is never seen by itself. The last two of every plane are no characters.
pub(super) fn hidden(c: char) -> bool {
    within(c, HIDDEN) || u32::from(c) & 0xFFFE == 0xFFFE
}

/// Half-width voiced and semi-voiced sound marks: they extend a cluster, yet terminals give them a cell.
pub(super) fn sound_mark(c: char) -> bool {
    matches!(c, '\u{FF9E}' | '\u{FF9F}')
}

/// Whether a hidden character has honest work to do where it stands: a joiner inside an emoji
/// sequence or between letters of a joining script, a selector right after what it selects.
pub(super) fn belongs(c: char, before: Option<char>, after: Option<char>) -> bool {
    let Some(before) = before else { return false };
    let letter_after = |table| after.is_some_and(|a| of(a) == Class::Base && within(a, table));
    match c {
        ZWJ if letter_after(PICTURES) => before == EMOJI_STYLE || within(before, PICTURES),
        ZWJ | ZWNJ => within(before, JOINING) && letter_after(JOINING),
        '\u{FE0E}' | EMOJI_STYLE if before.is_ascii() => {
            after == Some(KEYCAP) && matches!(before, '0'..='9' | '#' | '*')
        }
        '\u{FE0E}' | EMOJI_STYLE => within(before, PICTURES),
        '\u{FE00}'..='\u{FE02}' | '\u{E0100}'..='\u{E01EF}' => within(before, IDEOGRAPHS),
        '\u{180B}'..='\u{180D}' | '\u{180F}' => matches!(before, '\u{1820}'..='\u{18AA}'),
        _ => false,
    }
}

/// A C0 character or DEL in caret notation.
pub(super) fn caret(c: char) -> &'static str {
    const CARETS: [&str; 32] = [
        "^@", "^A", "^B", "^C", "^D", "^E", "^F", "^G", "^H", "^I", "^J", "^K", "^L", "^M", "^N",
        "^O", "^P", "^Q", "^R", "^S", "^T", "^U", "^V", "^W", "^X", "^Y", "^Z", "^[", "^\\", "^]",
        "^^", "^_",
    ];
    CARETS.get(c as usize).copied().unwrap_or("^?")
}
