//! One key, and strings of keys as keymap files and tests write them: `jj<enter>`, `<c-d>`, `y i`.
//! A control letter that is the same byte as a named key (`<c-i>` is Tab) *is* that named key.

use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Code {
    /// A character, as typed: an upper-case letter is its own character.
    Char(char),
    Enter,
    Esc,
    Tab,
    Backspace,
    Delete,
    Insert,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    /// A function key, 1 to 12.
    F(u8),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) code: Code,
    pub(crate) ctrl: bool,
    pub(crate) alt: bool,
    /// Shift was held; never set with a character, whose case says it.
    pub(crate) shift: bool,
}

/// Names in files; the first of a code is the one printed. The last column is for people.
const NAMES: &[(&str, Code, &str)] = &[
    ("enter", Code::Enter, "Enter"),
    ("cr", Code::Enter, "Enter"),
    ("return", Code::Enter, "Enter"),
    ("esc", Code::Esc, "Esc"),
    ("escape", Code::Esc, "Esc"),
    ("tab", Code::Tab, "Tab"),
    ("bs", Code::Backspace, "Backspace"),
    ("backspace", Code::Backspace, "Backspace"),
    ("del", Code::Delete, "Del"),
    ("delete", Code::Delete, "Del"),
    ("ins", Code::Insert, "Ins"),
    ("insert", Code::Insert, "Ins"),
    ("up", Code::Up, "Up"),
    ("down", Code::Down, "Down"),
    ("left", Code::Left, "Left"),
    ("right", Code::Right, "Right"),
    ("home", Code::Home, "Home"),
    ("end", Code::End, "End"),
    ("pgup", Code::PageUp, "PgUp"),
    ("pageup", Code::PageUp, "PgUp"),
    ("pgdn", Code::PageDown, "PgDn"),
    ("pagedown", Code::PageDown, "PgDn"),
    ("space", Code::Char(' '), "Space"),
    ("lt", Code::Char('<'), "<"),
];

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadKey {
    #[error("{0:?} is not the name of a key")]
    Unknown(String),
    /// A `<` without its `>`; a lone one is written `<lt>`.
    #[error("{0:?} has a < without its > (the key itself is <lt>)")]
    Open(String),
}

impl Key {
    pub(crate) const fn of(code: Code) -> Self {
        Self {
            code,
            ctrl: false,
            alt: false,
            shift: false,
        }
    }

    pub(crate) const fn char(c: char) -> Self {
        Self::of(Code::Char(c))
    }

    /// A character with Ctrl; where the wire has one byte for it and a named key, the named key.
    pub(crate) fn ctrl(c: char) -> Self {
        Self {
            ctrl: true,
            ..Self::char(c)
        }
        .settled()
    }

    /// The character it types into an input, if it types one.
    pub(crate) fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }

    /// Reads one key: `j`, `<enter>`, `<c-d>`; outside brackets also `enter` and `ctrl-d`.
    pub(crate) fn parse(token: &str) -> Result<Self, BadKey> {
        let mut chars = token.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) if c != '<' => Ok(Self::char(c)),
            _ => match token.strip_prefix('<') {
                Some(rest) => {
                    let name = rest
                        .strip_suffix('>')
                        .ok_or_else(|| BadKey::Open(token.to_owned()))?;
                    Self::named(name).ok_or_else(|| BadKey::Unknown(token.to_owned()))
                }
                None => Self::named(token).ok_or_else(|| BadKey::Unknown(token.to_owned())),
            },
        }
    }

    /// Reads a whole string of keys, as tests and `--keys` write them.
    pub(crate) fn parse_all(text: &str) -> Result<Vec<Self>, BadKey> {
        let mut keys = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let len = match c {
                // `<c->>`: the bracket that closes is the last of a run.
                '<' => match rest.find('>') {
                    Some(at) if rest[at..].starts_with(">>") => at + 2,
                    Some(at) => at + 1,
                    None => return Err(BadKey::Open(rest.to_owned())),
                },
                c => c.len_utf8(),
            };
            let (token, tail) = rest.split_at(len);
            match Self::parse(token) {
                Ok(key) => keys.push(key),
                // `<enter>>` is Enter and a `>`.
                Err(_) if token.ends_with(">>") => {
                    keys.extend([Self::parse(&token[..token.len() - 1])?, Self::char('>')]);
                }
                Err(bad) => return Err(bad),
            }
            rest = tail;
        }
        Ok(keys)
    }

    /// The name for people: `^d`, `Enter`, `S-Tab`, `j`.
    pub(crate) fn label(self) -> String {
        match self.code {
            Code::Char(c) if self.ctrl && !self.alt && c != ' ' => format!("^{c}"),
            _ => format!("{}{}", self.held().to_uppercase(), self.name(true)),
        }
    }

    fn named(name: &str) -> Option<Self> {
        let mut key = Self::char(' ');
        let mut rest = name;
        while let Some((modifier, tail)) = rest.split_once('-') {
            if tail.is_empty() {
                break;
            }
            match modifier.to_ascii_lowercase().as_str() {
                "c" | "ctrl" | "control" => key.ctrl = true,
                "a" | "alt" | "m" | "meta" => key.alt = true,
                "s" | "shift" => key.shift = true,
                _ => return None,
            }
            rest = tail;
        }
        let mut chars = rest.chars();
        key.code = match (chars.next()?, chars.next()) {
            (c, None) if rest.len() < name.len() => Code::Char(c),
            _ => Self::code_named(&rest.to_ascii_lowercase())?,
        };
        Some(key.settled())
    }

    fn code_named(name: &str) -> Option<Code> {
        let function = || {
            name.strip_prefix('f')?
                .parse()
                .ok()
                .filter(|n| (1..=12).contains(n))
                .map(Code::F)
        };
        NAMES
            .iter()
            .find(|(known, ..)| *known == name)
            .map(|(_, code, _)| *code)
            .or_else(function)
    }

    /// Brings a key to the one form a terminal can send.
    fn settled(mut self) -> Self {
        if let Code::Char(c) = self.code {
            if self.shift {
                self.code = Code::Char(c.to_ascii_uppercase());
                self.shift = false;
            }
            if self.ctrl {
                let lower = c.to_ascii_lowercase();
                let same = match lower {
                    'i' => Some(Code::Tab),
                    'm' => Some(Code::Enter),
                    'h' => Some(Code::Backspace),
                    '[' => Some(Code::Esc),
                    _ => None,
                };
                self.ctrl = same.is_none();
                self.code = same.unwrap_or(Code::Char(lower));
            }
        }
        self
    }

    fn held(self) -> String {
        [(self.ctrl, "c-"), (self.alt, "a-"), (self.shift, "s-")]
            .iter()
            .filter(|(on, _)| *on)
            .map(|(_, s)| *s)
            .collect()
    }

    fn name(self, for_people: bool) -> String {
        match (
            self.code,
            NAMES.iter().find(|(_, code, _)| *code == self.code),
        ) {
            (_, Some((name, _, label))) => (if for_people { label } else { name }).to_string(),
            (Code::F(n), None) if for_people => format!("F{n}"),
            (Code::F(n), None) => format!("f{n}"),
            (Code::Char(c), None) => c.to_string(),
            _ => unreachable!("every other code has a name in the table"),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Code::Char(c) if c != ' ' && c != '<' && *self == Self::char(c) => write!(f, "{c}"),
            _ => write!(f, "<{}{}>", self.held(), self.name(false)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_are_read_in_every_spelling() {
        let shift_tab = Key {
            shift: true,
            ..Key::of(Code::Tab)
        };
        let alt_x = Key {
            alt: true,
            ..Key::char('X')
        };
        for (text, key) in [
            ("j", Key::char('j')),
            ("G", Key::char('G')),
            ("é", Key::char('é')),
            ("<enter>", Key::of(Code::Enter)),
            ("<Enter>", Key::of(Code::Enter)),
            ("PGDN", Key::of(Code::PageDown)),
            ("<c-d>", Key::ctrl('d')),
            ("<C-D>", Key::ctrl('d')),
            ("ctrl-d", Key::ctrl('d')),
            ("<s-tab>", shift_tab),
            ("shift-tab", shift_tab),
            ("<s-a>", Key::char('A')),
            ("<a-X>", alt_x),
            ("<space>", Key::char(' ')),
            ("<lt>", Key::char('<')),
            ("<c-i>", Key::of(Code::Tab)),
            ("<c-m>", Key::of(Code::Enter)),
            (
                "<c-->",
                Key {
                    ctrl: true,
                    ..Key::char('-')
                },
            ),
            ("-", Key::char('-')),
            ("<f5>", Key::of(Code::F(5))),
        ] {
            assert_eq!(Key::parse(text), Ok(key), "{text}");
        }
    }

    #[test]
    fn what_is_no_key_is_named() {
        for text in [
            "gg", "<entr>", "<x-d>", "<c->", "<", "<enter", "<f13>", "<>", "",
        ] {
            let said = Key::parse(text).unwrap_err().to_string();
            assert!(said.starts_with(&format!("{text:?}")), "{said}");
        }
        assert_eq!(Key::parse_all("j<k"), Err(BadKey::Open("<k".into())));
    }

    #[test]
    fn strings_are_read_key_by_key() {
        let print = |text: &str| {
            Key::parse_all(text)
                .unwrap()
                .iter()
                .map(|k| k.label())
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(print("jj<enter>"), "j j Enter");
        assert_eq!(
            print("/status:invalid a<lt>3<esc>"),
            "/ s t a t u s : i n v a l i d Space a < 3 Esc"
        );
        assert_eq!(print("<c-d><s-tab><c-space><a-x>"), "^d S-Tab C-Space A-x");
        assert_eq!(print("a>b<enter>>"), "a > b Enter >");
        assert_eq!(print("<c->>"), "^>");
    }

    fn any_key() -> impl Strategy<Value = Key> {
        let codes = prop_oneof![
            any::<char>()
                .prop_filter("terminals send control characters as named keys", |c| !c
                    .is_control())
                .prop_map(Code::Char),
            prop::sample::select(NAMES.iter().map(|n| n.1).collect::<Vec<_>>()),
            (1u8..=12).prop_map(Code::F),
        ];
        (codes, any::<[bool; 3]>())
            .prop_map(|(code, [ctrl, alt, shift])| {
                Key {
                    code,
                    ctrl,
                    alt,
                    shift,
                }
                .settled()
            })
            // Lower-casing a letter outside ASCII is nobody's Ctrl key.
            .prop_filter(
                "a key",
                |k| !matches!(k.code, Code::Char(c) if k.ctrl && !c.is_ascii()),
            )
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(keys in prop::collection::vec(any_key(), 0..12)) {
            let text: String = keys.iter().map(Key::to_string).collect();
            prop_assert_eq!(Key::parse_all(&text), Ok(keys), "{}", text);
        }
    }
}
