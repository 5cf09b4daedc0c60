//! One line of typed text with a cursor that moves by whole clusters; a secret one is wiped when it goes.

use crate::domain::secret::Secret;
use crate::domain::text::Shown;
use crate::tui::terminal::key::{Code, Key};
use unicode_segmentation::UnicodeSegmentation;

pub(crate) const MOST: usize = 256;

#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Field {
    text: String,
    /// Byte offset, always on a cluster boundary.
    at: usize,
    /// Whether the text is wiped and never named.
    secret: bool,
}

impl std::fmt::Debug for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = if self.secret {
            "••••••"
        } else {
            &self.text
        };
        f.debug_struct("Field")
            .field("text", &text)
            .field("at", &self.at)
            .finish()
    }
}

impl Drop for Field {
    fn drop(&mut self) {
        if self.secret {
            drop(self.take_secret());
        }
    }
}

impl Field {
    /// Takes its room at once: a text that grows out of its room leaves copies behind.
    pub(crate) fn secret() -> Self {
        Self {
            text: String::with_capacity(4 * MOST),
            at: 0,
            secret: true,
        }
    }

    pub(crate) fn take_secret(&mut self) -> Secret {
        self.at = 0;
        Secret::new(std::mem::take(&mut self.text))
    }

    pub(crate) fn of(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            at: text.len(),
            secret: false,
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Characters before the cursor.
    pub(crate) fn cursor(&self) -> usize {
        self.text[..self.at].chars().count()
    }

    /// The text before the cursor and from it on, cut to `wide` cells.
    pub(crate) fn window(&self, wide: usize) -> (&str, &str) {
        let (mut before, after) = self.text.split_at(self.at);
        while Shown::of(before).width() + 1 > wide.max(1) {
            let Some(first) = before.graphemes(true).next() else {
                break;
            };
            before = &before[first.len()..];
        }
        (before, after)
    }

    /// False when it is not one that edits.
    pub(crate) fn press(&mut self, key: Key) -> bool {
        match key {
            Key {
                code: Code::Char(c),
                ctrl: false,
                alt: false,
                ..
            } => self.insert(&c.to_string()),
            Key {
                code: Code::Char('u'),
                ctrl: true,
                ..
            } => self.cut(0),
            Key {
                code: Code::Char('w'),
                ctrl: true,
                ..
            } => self.cut(self.word_before()),
            Key {
                code: Code::Backspace,
                ..
            } => self.cut(self.before()),
            Key {
                code: Code::Delete, ..
            } => {
                let end = self.after();
                self.text.replace_range(self.at..end, "");
            }
            Key {
                code: Code::Left, ..
            } => self.at = self.before(),
            Key {
                code: Code::Right, ..
            } => self.at = self.after(),
            Key {
                code: Code::Home, ..
            } => self.at = 0,
            Key {
                code: Code::End, ..
            } => self.at = self.text.len(),
            _ => return false,
        }
        true
    }

    /// Leaves out line ends and other control characters.
    pub(crate) fn insert(&mut self, text: &str) {
        let room = MOST.saturating_sub(self.text.chars().count());
        let text: String = text
            .chars()
            .filter(|c| !c.is_control())
            .take(room)
            .collect();
        self.text.insert_str(self.at, &text);
        self.at += text.len();
        // What was typed may have joined the cluster behind it.
        while !self.text.grapheme_indices(true).any(|(i, _)| i == self.at)
            && self.at < self.text.len()
        {
            self.at += self.text[self.at..]
                .chars()
                .next()
                .map_or(1, char::len_utf8);
        }
    }

    /// Leaves the cursor where it is.
    pub(crate) fn append(&mut self, text: &str) {
        let at = self.at;
        self.at = self.text.len();
        self.insert(text);
        self.at = at;
    }

    fn cut(&mut self, from: usize) {
        self.text.replace_range(from..self.at, "");
        self.at = from;
    }

    fn before(&self) -> usize {
        self.text[..self.at]
            .grapheme_indices(true)
            .next_back()
            .map_or(0, |(i, _)| i)
    }

    fn after(&self) -> usize {
        self.at
            + self.text[self.at..]
                .graphemes(true)
                .next()
                .map_or(0, str::len)
    }

    fn word_before(&self) -> usize {
        let head = self.text[..self.at].trim_end();
        head.rfind(char::is_whitespace).map_or(0, |i| {
            i + head[i..].chars().next().map_or(1, char::len_utf8)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &str) -> Field {
        let mut field = Field::default();
        for key in Key::parse_all(keys).unwrap() {
            field.press(key);
        }
        field
    }

    #[test]
    fn keys_edit_by_clusters_and_words() {
        for (keys, text, cursor) in [
            ("abc", "abc", 3),
            ("abc<bs>", "ab", 2),
            ("abc<left><left>x", "axbc", 2),
            ("ab cd<c-w>", "ab ", 3),
            ("ab cd<c-u>x", "x", 1),
            ("abc<home><del>", "bc", 0),
            ("e\u{301}x<left><left><del>", "x", 0),
            ("<bs><del><left>", "", 0),
        ] {
            let field = typed(keys);
            assert_eq!((field.text(), field.cursor()), (text, cursor), "{keys}");
        }
    }

    #[test]
    fn a_secret_field_is_never_named_and_leaves_nothing_behind() {
        let mut field = Field::secret();
        field.insert("tabsnotspaces");
        assert!(!format!("{field:?}").contains("tabs"));
        assert_eq!(
            (field.take_secret().is_empty(), field.text(), field.cursor()),
            (false, "", 0)
        );
    }

    #[test]
    fn a_long_text_shows_the_place_where_it_is_written() {
        let field = typed("0123456789<left><left>");
        assert_eq!(field.window(20), ("01234567", "89"));
        assert_eq!(field.window(5), ("4567", "89"));
        assert_eq!(field.window(0), ("", "89"));
    }

    #[test]
    fn a_pasted_line_end_is_left_out_and_the_length_is_capped() {
        let mut field = Field::default();
        field.insert("a\nb\r\u{1b}c");
        assert_eq!(field.text(), "abc");
        field.insert(&"x".repeat(1000));
        assert_eq!(field.text().chars().count(), MOST);
    }
}
