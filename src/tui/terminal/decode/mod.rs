//! From a terminal's bytes to keys, pastes and focus. Not crossterm's: its reader never returns from a terminal
//! that went away and swallows the key after an unfinished escape.

use super::background::Background;
use super::key::{Code, Key};
use super::mouse::Mouse;

/// What a terminal told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TermEvent {
    Key(Key),
    Paste(String),
    Mouse(Mouse),
    /// The terminal answers what its background is.
    Background(Background),
    FocusGained,
    FocusLost,
}

/// More of a paste than any input takes; the rest is counted off and forgotten.
const PASTE_KEPT: usize = 64 * 1024;
/// In bytes.
const SEQUENCE_MAX: usize = 64;
const PASTE_END: &[u8] = b"\x1b[201~";

#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Ground,
    /// ESC was read; and whether it was the last of what came together.
    Escape(bool),
    /// ESC [ and what followed.
    Csi(Vec<u8>),
    Ss3,
    /// Inside a string that ends with ST or BEL: an answer, whose beginning is kept. Whether ESC was read.
    Text(Vec<u8>, bool),
    /// The bytes of one character so far, and whether ESC came with them.
    Utf8(Vec<u8>, bool),
    Paste(Vec<u8>),
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Decoder {
    state: State,
}

impl Decoder {
    pub(crate) fn feed(&mut self, bytes: &[u8], events: &mut Vec<TermEvent>) {
        for byte in bytes {
            self.state = self.step(*byte, events);
        }
        if let State::Escape(alone) = &mut self.state {
            *alone = true;
        }
    }

    /// Milliseconds of silence that decide what has begun; none when nothing has.
    /// A paste may come over a slow line in pieces, and its rest must not be taken for keys.
    pub(crate) fn patience(&self) -> Option<u32> {
        match self.state {
            State::Ground => None,
            State::Paste(_) => Some(2_000),
            _ => Some(30),
        }
    }

    /// Nothing more came: a lone escape is the key, what else was begun is dropped, a paste ends.
    pub(crate) fn settle(&mut self, events: &mut Vec<TermEvent>) {
        match std::mem::take(&mut self.state) {
            State::Escape(_) | State::Csi(_) | State::Ss3 => {
                events.push(TermEvent::Key(Key::of(Code::Esc)))
            }
            State::Paste(text) => events.push(paste(text)),
            State::Ground | State::Text(..) | State::Utf8(..) => {}
        }
    }

    fn step(&mut self, byte: u8, events: &mut Vec<TermEvent>) -> State {
        let mut press = |key: Key| events.push(TermEvent::Key(key));
        match (std::mem::take(&mut self.state), byte) {
            (State::Ground, 0x1b) => State::Escape(false),
            (State::Ground, _) => ground(byte, false, press),

            (State::Escape(_), b'[') => State::Csi(Vec::new()),
            (State::Escape(_), b'O') => State::Ss3,
            (State::Escape(_), b']' | b'P' | b'_' | b'^' | b'X') => State::Text(vec![], false),
            (State::Escape(_), 0x1b) => {
                press(Key::of(Code::Esc));
                State::Escape(false)
            }
            (State::Escape(false), _) => ground(byte, true, press),
            // A terminal sends Alt and its key in one piece; apart they are two keys.
            (State::Escape(true), _) => {
                press(Key::of(Code::Esc));
                ground(byte, false, press)
            }

            // A sequence is broken off by the next one.
            (State::Csi(_) | State::Ss3, 0x1b) => State::Escape(false),
            // The Linux console sends F1 to F5 this way.
            (State::Csi(read), b'[') if read.is_empty() => State::Csi(vec![b'[']),
            (State::Csi(read), _) if read == b"[" => {
                if let b'A'..=b'E' = byte {
                    press(Key::of(Code::F(byte - b'A' + 1)));
                }
                State::Ground
            }
            (State::Csi(read), 0x40..=0x7e) => csi(&read, byte, events),
            (State::Csi(mut read), 0x20..=0x3f) if read.len() < SEQUENCE_MAX => {
                read.push(byte);
                State::Csi(read)
            }
            (State::Csi(_), _) => State::Ground,

            (State::Ss3, _) => {
                // The keypad's own Return is sent only this way.
                let code = if byte == b'M' {
                    Some(Code::Enter)
                } else {
                    arrow(byte)
                };
                if let Some(code) = code {
                    press(Key::of(code));
                }
                State::Ground
            }

            (State::Text(read, _), 0x07) | (State::Text(read, true), b'\\') => {
                events.extend(Background::of_answer(&read).map(TermEvent::Background));
                State::Ground
            }
            (State::Text(read, _), 0x1b) => State::Text(read, true),
            (State::Text(mut read, _), _) => {
                if read.len() < SEQUENCE_MAX {
                    read.push(byte);
                }
                State::Text(read, false)
            }

            (State::Utf8(mut read, alt), 0x80..=0xbf) => {
                read.push(byte);
                match std::str::from_utf8(&read) {
                    Ok(text) => {
                        text.chars().filter(|c| !c.is_control()).for_each(|c| {
                            press(Key {
                                alt,
                                ..Key::char(c)
                            })
                        });
                        State::Ground
                    }
                    // Not complete, and what is there is right so far.
                    Err(e) if e.error_len().is_none() => State::Utf8(read, alt),
                    Err(_) => State::Ground,
                }
            }
            (State::Utf8(..), 0x1b) => State::Escape(false),
            (State::Utf8(..), _) => ground(byte, false, press),

            (State::Paste(mut text), _) => {
                text.push(byte);
                if text.ends_with(PASTE_END) {
                    text.truncate(text.len() - PASTE_END.len());
                    events.push(paste(text));
                    return State::Ground;
                }
                if text.len() > PASTE_KEPT + PASTE_END.len() {
                    text.remove(PASTE_KEPT);
                }
                State::Paste(text)
            }
        }
    }
}

fn ground(byte: u8, alt: bool, mut press: impl FnMut(Key)) -> State {
    let key = match byte {
        b'\r' => Key::of(Code::Enter),
        b'\t' => Key::of(Code::Tab),
        0x7f | 0x08 => Key::of(Code::Backspace),
        0x00 => Key::ctrl(' '),
        0x01..=0x1a => Key::ctrl(char::from(byte - 1 + b'a')),
        0x1c..=0x1f => Key::ctrl(char::from(byte - 0x1c + b'4')),
        b' '..=b'~' => Key::char(char::from(byte)),
        0xc2..=0xf4 => return State::Utf8(vec![byte], alt),
        _ => return State::Ground,
    };
    press(Key { alt, ..key });
    State::Ground
}

fn csi(read: &[u8], end: u8, events: &mut Vec<TermEvent>) -> State {
    events.extend(Mouse::read(read, end).map(TermEvent::Mouse));
    // With any other byte among the numbers it is an answer or a report, not a key.
    if !read.iter().all(|b| b.is_ascii_digit() || *b == b';') {
        return State::Ground;
    }
    let text = std::str::from_utf8(read).expect("digits are text");
    let mut numbers = text.split(';').map(|n| n.parse::<u8>().ok());
    let (first, second) = (numbers.next().flatten(), numbers.next().flatten());
    let code = match (end, first) {
        (b'I', None) => {
            events.push(TermEvent::FocusGained);
            return State::Ground;
        }
        (b'O', None) => {
            events.push(TermEvent::FocusLost);
            return State::Ground;
        }
        (b'~', Some(200)) => return State::Paste(Vec::new()),
        (b'Z', _) => {
            events.push(TermEvent::Key(Key {
                shift: true,
                ..Key::of(Code::Tab)
            }));
            return State::Ground;
        }
        (b'~', Some(n)) => numbered(n),
        (_, None | Some(1)) => arrow(end),
        _ => None,
    };
    if let Some(code) = code {
        // One more than the sum of Shift 1, Alt 2, Ctrl 4.
        let held = second.unwrap_or(1).saturating_sub(1);
        let key = Key {
            code,
            shift: held & 1 != 0,
            alt: held & 2 != 0,
            ctrl: held & 4 != 0,
        };
        events.push(TermEvent::Key(key));
    }
    State::Ground
}

fn arrow(end: u8) -> Option<Code> {
    Some(match end {
        b'A' => Code::Up,
        b'B' => Code::Down,
        b'C' => Code::Right,
        b'D' => Code::Left,
        b'H' => Code::Home,
        b'F' => Code::End,
        b'P'..=b'S' => Code::F(end - b'P' + 1),
        _ => return None,
    })
}

fn numbered(n: u8) -> Option<Code> {
    Some(match n {
        1 | 7 => Code::Home,
        2 => Code::Insert,
        3 => Code::Delete,
        4 | 8 => Code::End,
        5 => Code::PageUp,
        6 => Code::PageDown,
        11..=15 => Code::F(n - 10),
        17..=21 => Code::F(n - 11),
        23 | 24 => Code::F(n - 12),
        _ => return None,
    })
}

fn paste(text: Vec<u8>) -> TermEvent {
    TermEvent::Paste(String::from_utf8_lossy(&text).into_owned())
}

#[cfg(test)]
mod tests;
