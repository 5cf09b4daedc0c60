//! The signs beside the words, in Unicode and in ASCII, and the frames; every sign is one cell wide and no emoji.

use crate::domain::text::plain_letter;
use crate::domain::{connection, job};
use ratatui::buffer::Buffer;
use ratatui::symbols::border;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr;

const ASCII_FRAME: border::Set<'static> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

/// The cursor, in the first column.
pub(crate) const CURSOR: &str = ">";
pub(crate) const MARK: &str = "*";
/// A row that changed and would stand elsewhere if the list were sorted now.
pub(crate) const MOVED: &str = "&";
/// Of a row that somebody has taken on.
pub(crate) const TAKEN: &str = "@";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signs {
    Unicode,
    /// Only 0x20 to 0x7e.
    Ascii,
}

impl Signs {
    /// ASCII when asked for, when the locale is not UTF-8, or on a terminal known to lack the signs.
    /// `locale` is the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is not empty.
    pub(crate) fn of(ascii: bool, locale: Option<&str>, term: Option<&str>) -> Self {
        let encoding = locale.unwrap_or_default().to_ascii_lowercase();
        let utf8 = encoding.contains("utf-8") || encoding.contains("utf8");
        if ascii || !utf8 || matches!(term, Some("linux" | "vt100")) {
            Signs::Ascii
        } else {
            Signs::Unicode
        }
    }

    pub(crate) fn label(self, label: connection::Label) -> &'static str {
        use connection::Label::*;
        match label {
            Active => self.of_two("\u{2713}", "+"),
            Invalid => "!",
            Failed => self.of_two("\u{2717}", "x"),
            PreInit => self.of_two("\u{25cc}", "."),
            Init => self.of_two("\u{25b8}", "="),
            Pending => "~",
            Deleted => self.of_two("\u{2298}", "-"),
        }
    }

    pub(crate) fn job(self, state: job::State) -> &'static str {
        use job::State::*;
        match state {
            Queued | Paused | WaitingMfa | WaitingRetry => "~",
            Running => self.of_two("\u{25b8}", "="),
            Succeeded => self.of_two("\u{2713}", "+"),
            Failed => self.of_two("\u{2717}", "x"),
            Cancelled => "-",
        }
    }

    pub(crate) fn step(self, status: job::StepStatus) -> &'static str {
        use job::StepStatus::*;
        match status {
            Pending => self.of_two("\u{25cc}", "."),
            InProgress => self.of_two("\u{25b8}", "="),
            Success => self.of_two("\u{2713}", "+"),
            Failed => self.of_two("\u{2717}", "x"),
        }
    }

    /// Beside the title of the column that a list is ordered by.
    pub(crate) fn turned(self, reversed: bool) -> &'static str {
        match reversed {
            true => self.of_two("\u{2193}", "v"),
            false => self.of_two("\u{2191}", "^"),
        }
    }

    /// Between parts of a line.
    pub(crate) fn dot(self) -> &'static str {
        self.of_two("\u{b7}", "/")
    }

    /// A bar of a height from 1 to 8.
    pub(crate) fn bar(self, height: usize) -> &'static str {
        const BARS: [&str; 8] = [
            "\u{2581}", "\u{2582}", "\u{2583}", "\u{2584}", "\u{2585}", "\u{2586}", "\u{2587}",
            "\u{2588}",
        ];
        const PLAIN: [&str; 8] = ["1", "2", "3", "4", "5", "6", "7", "8"];
        let at = height.clamp(1, 8) - 1;
        self.of_two(BARS[at], PLAIN[at])
    }

    pub(crate) fn frame(self) -> border::Set<'static> {
        match self {
            Signs::Unicode => border::PLAIN,
            Signs::Ascii => ASCII_FRAME,
        }
    }

    /// Whether a text can be read when it is drawn with these signs.
    pub(crate) fn keeps(self, text: &str) -> bool {
        let lost = |cluster: &str| match cluster {
            ascii if ascii.is_ascii() => false,
            wide if wide.width() > 1 => true,
            other => plain(other) == "?",
        };
        self == Signs::Unicode || text.is_ascii() || !text.graphemes(true).any(lost)
    }

    /// The last thing done to a frame; looks at cells because names from outside may hold anything.
    #[expect(
        clippy::disallowed_methods,
        reason = "what is put in is one of our own signs or a question mark"
    )]
    pub(crate) fn settle(self, buffer: &mut Buffer) {
        if self == Signs::Unicode {
            return;
        }
        for cell in &mut buffer.content {
            let symbol = cell.symbol();
            if !symbol.bytes().all(|b| (0x20..0x7f).contains(&b)) {
                // A wide character keeps its two cells, so that the columns after it stay in place.
                let plain = if symbol.width() > 1 {
                    "??".to_owned()
                } else {
                    plain(symbol)
                };
                cell.set_symbol(&plain);
            }
        }
    }

    fn of_two(self, unicode: &'static str, ascii: &'static str) -> &'static str {
        match self {
            Signs::Unicode => unicode,
            Signs::Ascii => ascii,
        }
    }
}

/// Our own signs in ASCII, a Latin letter without its marks; a question mark for all else.
fn plain(symbol: &str) -> String {
    let plain = match symbol {
        "\u{2022}" => "*",
        "\u{2026}" => "~",
        "\u{b7}" => ".",
        "\u{2013}" | "\u{2014}" | "\u{2500}" | "\u{2298}" => "-",
        "\u{2502}" => "|",
        "\u{250c}" | "\u{2510}" | "\u{2514}" | "\u{2518}" | "\u{251c}" | "\u{2524}"
        | "\u{252c}" | "\u{2534}" | "\u{253c}" | "\u{2713}" => "+",
        "\u{2717}" => "x",
        "\u{25cc}" => ".",
        "\u{25b8}" => "=",
        "\u{203a}" => ">",
        "\u{2191}" => "^",
        "\u{2193}" => "v",
        "\u{2039}" => "<",
        "\u{2018}" | "\u{2019}" => "'",
        "\u{a0}" | "" => " ",
        _ => plain_letter(symbol).unwrap_or("?"),
    };
    plain.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    fn all(signs: Signs) -> Vec<&'static str> {
        let frame = signs.frame();
        connection::Label::ALL
            .map(|l| signs.label(l))
            .into_iter()
            .chain(job::State::ALL.map(|s| signs.job(s)))
            .chain(job::StepStatus::ALL.map(|s| signs.step(s)))
            .chain([CURSOR, MARK, MOVED, TAKEN])
            .chain([
                frame.top_left,
                frame.top_right,
                frame.bottom_left,
                frame.bottom_right,
            ])
            .chain([
                frame.vertical_left,
                frame.vertical_right,
                frame.horizontal_top,
                frame.horizontal_bottom,
            ])
            .collect()
    }

    #[test]
    fn signs_are_one_cell_wide_and_ascii_ones_are_ascii() {
        for sign in all(Signs::Unicode) {
            assert_eq!((sign.width(), sign.chars().count()), (1, 1), "{sign}");
        }
        for sign in all(Signs::Ascii) {
            assert!(sign.len() == 1 && sign.is_ascii(), "{sign}");
        }
    }

    #[test]
    fn labels_differ_in_both_sets() {
        for signs in [Signs::Unicode, Signs::Ascii] {
            let mut seen: Vec<_> = connection::Label::ALL.map(|l| signs.label(l)).to_vec();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), connection::Label::ALL.len(), "{signs:?}");
        }
    }

    /// Lines of frames are no signs.
    #[test]
    fn no_two_meanings_share_a_sign() {
        use job::{State, StepStatus};
        for signs in [Signs::Unicode, Signs::Ascii] {
            let label = connection::Label::ALL.map(|label| {
                use connection::Label::*;
                let meaning = match label {
                    Active => "good",
                    Invalid => "broken",
                    Failed => "failed",
                    PreInit => "not reached",
                    Init => "running",
                    Pending => "waiting",
                    Deleted => "ended",
                };
                (signs.label(label), meaning.to_owned())
            });
            let job = State::ALL.map(|state| {
                let meaning = match state {
                    State::Queued | State::Paused | State::WaitingMfa | State::WaitingRetry => {
                        "waiting"
                    }
                    State::Running => "running",
                    State::Succeeded => "good",
                    State::Failed => "failed",
                    State::Cancelled => "ended",
                };
                (signs.job(state), meaning.to_owned())
            });
            let step = StepStatus::ALL.map(|status| {
                let meaning = match status {
                    StepStatus::Pending => "not reached",
                    StepStatus::InProgress => "running",
                    StepStatus::Success => "good",
                    StepStatus::Failed => "failed",
                };
                (signs.step(status), meaning.to_owned())
            });
            let own = [
                (CURSOR, "cursor"),
                (MARK, "mark"),
                (MOVED, "moved"),
                (TAKEN, "taken"),
                (signs.turned(false), "upwards"),
                (signs.turned(true), "downwards"),
                (signs.dot(), "between parts"),
            ];
            let own = own.map(|(sign, meaning)| (sign, meaning.to_owned()));
            let bars = (1..=8).map(|height| (signs.bar(height), format!("height {height}")));
            let all = label.into_iter().chain(job).chain(step).chain(own);
            let mut meanings = std::collections::HashMap::new();
            for (sign, meaning) in all.chain(bars) {
                let first = meanings.entry(sign).or_insert_with(|| meaning.clone());
                assert_eq!(*first, meaning, "{sign} in {signs:?}");
            }
        }
    }

    #[test]
    fn the_set_follows_flag_locale_and_terminal() {
        for (ascii, locale, term, signs) in [
            (
                false,
                Some("en_AU.UTF-8"),
                Some("xterm-256color"),
                Signs::Unicode,
            ),
            (false, Some("C.utf8"), None, Signs::Unicode),
            (true, Some("en_AU.UTF-8"), Some("xterm"), Signs::Ascii),
            (false, Some("C"), Some("xterm"), Signs::Ascii),
            (false, None, Some("xterm"), Signs::Ascii),
            (false, Some("de_DE.ISO-8859-1"), Some("xterm"), Signs::Ascii),
            (false, Some("en_AU.UTF-8"), Some("linux"), Signs::Ascii),
            (false, Some("en_AU.UTF-8"), Some("vt100"), Signs::Ascii),
        ] {
            assert_eq!(
                Signs::of(ascii, locale, term),
                signs,
                "{ascii} {locale:?} {term:?}"
            );
        }
    }

    #[test]
    fn names_that_become_question_marks_are_told() {
        for (text, kept) in [
            ("Zoë O'Neil", true),
            ("Who?", true),
            ("Ada • …", true),
            ("王芳", false),
            ("Дарья", false),
            ("Kim 지우", false),
            ("", true),
        ] {
            assert_eq!(Signs::Ascii.keeps(text), kept, "{text}");
            assert!(Signs::Unicode.keeps(text));
        }
    }

    #[test]
    fn settling_leaves_only_ascii_and_every_column_in_place() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 24, 1));
        buffer.set_string(0, 0, "│日本 Zoë • e\u{301}✓… ß│", Style::new());
        Signs::Ascii.settle(&mut buffer);
        let drawn: String = buffer.content.iter().map(|c| c.symbol()).collect();
        assert!(
            drawn.bytes().all(|b| (0x20..0x7f).contains(&b)),
            "{drawn:?}"
        );
        let mut seen = String::new();
        let mut x = 0;
        while x < 24 {
            let symbol = buffer[(x, 0)].symbol();
            seen.push_str(symbol);
            x += symbol.width() as u16;
        }
        assert_eq!(seen.trim_end(), "|???? Zoe * e+~ s|");
    }
}
