//! The bytes of an input before they are read as JSON: what it is when it is none, marks between joined files, and texts
//! that are too long to be held.

use super::tidy::LONGEST_TEXT;
use std::io::{self, Read};

/// How many bytes of a text are passed on. One letter may be written as six bytes, so that a text cut here is longer
/// than [`LONGEST_TEXT`] whichever way it is written.
const CUT: usize = 6 * (LONGEST_TEXT + 1);

/// How inputs that are not JSON begin, and what is said of them.
const OTHERS: &[(&[u8], &str)] = &[
    (b"\x1f\x8b", "it is compressed with gzip; unpack it first"),
    (b"PK\x03\x04", "it is a zip archive; unpack it first"),
    (b"BZh", "it is compressed with bzip2; unpack it first"),
    (b"\xfd7zXZ", "it is compressed with xz; unpack it first"),
    (
        b"\x28\xb5\x2f\xfd",
        "it is compressed with zstd; unpack it first",
    ),
    (b"\xff\xfe", "it is UTF-16; convert it to UTF-8 first"),
    (b"\xfe\xff", "it is UTF-16; convert it to UTF-8 first"),
    (b"{\0", "it is UTF-16; convert it to UTF-8 first"),
    (b"[\0", "it is UTF-16; convert it to UTF-8 first"),
    (b"\0{", "it is UTF-16; convert it to UTF-8 first"),
    (b"\0[", "it is UTF-16; convert it to UTF-8 first"),
    (b"SQLite format 3\0", "it is a database; import takes JSON"),
    (b"%PDF", "it is a PDF; import takes JSON"),
    (b"<", "it is HTML or XML; import takes JSON"),
];

/// The most bytes that tell what an input is.
pub(super) const TELLING: usize = 16;

/// What the input is instead of JSON, by its first bytes.
pub(super) fn not_json(first: &[u8]) -> Option<&'static str> {
    let other = OTHERS.iter().find(|(begins, _)| first.starts_with(begins));
    other.map(|(_, what)| *what)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Outside,
    Inside,
    /// After a backslash.
    Escaped,
    /// In the digits of `\u`, with how many are to come.
    Digits(u8),
}

/// Passes bytes on. Byte order marks outside texts become blanks, and of an overlong text only the beginning is kept.
pub(super) struct PlainBytes<R> {
    input: R,
    state: State,
    length: usize,
    cut: bool,
    /// Whether the last letter was the first half of a pair, which is not torn from the second.
    half: bool,
}

impl<R: Read> PlainBytes<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            state: State::Outside,
            length: 0,
            cut: false,
            half: false,
        }
    }

    /// Moves the bytes that are kept to the front and answers how many they are.
    fn keep(&mut self, bytes: &mut [u8]) -> usize {
        let mut kept = 0;
        for at in 0..bytes.len() {
            if let Some(byte) = self.next(bytes[at]) {
                bytes[kept] = byte;
                kept += 1;
            }
        }
        kept
    }

    fn next(&mut self, byte: u8) -> Option<u8> {
        match self.state {
            State::Outside => {
                if byte == b'"' {
                    (self.state, self.length, self.cut, self.half) =
                        (State::Inside, 0, false, false);
                }
                // the three bytes of a mark, which no JSON has outside a text
                return Some(match byte {
                    0xef | 0xbb | 0xbf => b' ',
                    _ => byte,
                });
            }
            State::Inside if byte == b'"' => {
                self.state = State::Outside;
                return Some(byte);
            }
            State::Inside => {
                let begins_letter = byte & 0xc0 != 0x80;
                self.cut |= self.length >= CUT && begins_letter && !self.half;
                if byte == b'\\' {
                    self.state = State::Escaped;
                } else if begins_letter {
                    self.half = false;
                }
            }
            State::Escaped => {
                self.half &= byte == b'u';
                self.state = match byte {
                    b'u' => State::Digits(4),
                    _ => State::Inside,
                };
            }
            State::Digits(left) => {
                self.half = match left {
                    4 => byte.eq_ignore_ascii_case(&b'd'),
                    3 => self.half && matches!(byte, b'8' | b'9' | b'a' | b'b' | b'A' | b'B'),
                    _ => self.half,
                };
                self.state = match left {
                    1 => State::Inside,
                    _ => State::Digits(left - 1),
                };
            }
        }
        self.length = self.length.saturating_add(1);
        (!self.cut).then_some(byte)
    }
}

impl<R: Read> Read for PlainBytes<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.input.read(buffer)?;
            let kept = self.keep(&mut buffer[..read]);
            if kept > 0 || read == 0 {
                return Ok(kept);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn passed(text: &str) -> String {
        let mut out = String::new();
        PlainBytes::new(text.as_bytes())
            .read_to_string(&mut out)
            .unwrap();
        out
    }

    #[test]
    fn marks_between_documents_become_blanks_and_those_in_texts_stay() {
        let text = "\u{feff}{\"a\":\"\u{feff}\\\"\u{feff}\"}\u{feff}{}";
        assert_eq!(passed(text), "   {\"a\":\"\u{feff}\\\"\u{feff}\"}   {}");
    }

    #[test]
    fn of_an_overlong_text_the_beginning_is_kept_and_what_follows_is_read() {
        for letter in ["x", "é", "\\u00e9", "\\\"", "\\\\", "\\ud83d\\ude00", "字"] {
            let long = letter.repeat(2 * CUT / letter.len());
            let text = format!("{{\"name\":\"{long}\",\"after\":\"whole\"}}");
            let passed = passed(&text);
            assert!(passed.len() < CUT + 100, "{letter}: {}", passed.len());
            let read: Value = serde_json::from_str(&passed).unwrap();
            assert_eq!(read["after"], "whole", "{letter}");
            let kept = read["name"].as_str().unwrap().len();
            assert!(kept > LONGEST_TEXT, "{letter}: {kept}");
        }
    }

    #[test]
    fn other_formats_are_named() {
        for (first, what) in [
            (&b"\x1f\x8b\x08"[..], Some("gzip")),
            (b"\xff\xfe{\0", Some("UTF-16")),
            (b"{\0\"\0", Some("UTF-16")),
            (b"<!DOCTYPE html>", Some("HTML")),
            (b"{\"type\"", None),
            (b"", None),
        ] {
            let said = not_json(first);
            match what {
                Some(what) => assert!(said.is_some_and(|said| said.contains(what)), "{first:?}"),
                None => assert_eq!(said, None, "{first:?}"),
            }
        }
    }
}
