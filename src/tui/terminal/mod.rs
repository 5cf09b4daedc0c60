//! The real terminal: taking it, drawing whole frames, copying, and giving it back.

pub(crate) mod backend;
pub(crate) mod background;
pub(crate) mod decode;
pub(crate) mod input;
pub(crate) mod key;
pub(crate) mod mouse;
pub(crate) mod paste_guard;
mod pen;
pub(crate) mod restore;
pub(crate) mod signals;
pub(crate) mod suspend;

use self::backend::{Bytes, Frames, is_disputed};
use self::restore::restore;
use super::glyphs::Signs;
use crossterm::Command;
use crossterm::clipboard::CopyToClipboard;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use rustix::fd::{AsFd, OwnedFd};
use rustix::termios::{QueueSelector, isatty, tcflush};
use std::collections::BTreeSet;
use std::fs::File;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;

/// The longest text that is copied, in bytes; terminals cut longer ones, or drop them silently.
const COPY_MAX: usize = 70_000;

#[derive(Debug, thiserror::Error)]
pub(crate) enum NoTerminal {
    /// Output goes elsewhere, or the terminal cannot place a cursor.
    #[error(
        "the dashboard needs a terminal; `switchboard connections` and the other commands do not"
    )]
    NeedsTerminal,
    #[error("the terminal could not be taken")]
    Refused(#[from] io::Error),
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum NotCopied {
    /// An empty text would clear the clipboard.
    #[error("there is nothing to copy")]
    Empty,
    #[error("{bytes} bytes are too many to copy; terminals take up to 70,000")]
    TooLong { bytes: usize },
    #[error("the terminal did not take it")]
    Write(#[from] io::Error),
}

/// Dropping it gives the terminal back.
pub(crate) struct Terminal {
    screen: ratatui::Terminal<Frames>,
    bytes: Bytes,
    input: OwnedFd,
    output: OwnedFd,
    signs: Signs,
    /// The rows of the last frame that hold disputed cells, with what is in them.
    disputed: Vec<(usize, u64)>,
    drawn: bool,
}

/// The rows with cells that terminals may draw wider than we believe, and a digest of each.
fn disputed(buffer: &Buffer) -> Vec<(usize, u64)> {
    let rows = buffer
        .content
        .chunks(usize::from(buffer.area.width).max(1))
        .enumerate();
    let rows = rows.filter(|(_, row)| row.iter().any(is_disputed));
    rows.map(|(at, row)| {
        let mut hasher = DefaultHasher::new();
        row.iter().for_each(|cell| cell.symbol().hash(&mut hasher));
        (at, hasher.finish())
    })
    .collect()
}

/// The lines that are in one of the two alone.
fn changed(before: &[(usize, u64)], now: &[(usize, u64)]) -> BTreeSet<usize> {
    let alone = |these: &[(usize, u64)], those: &[(usize, u64)]| {
        let those: BTreeSet<_> = those.iter().copied().collect();
        let these = these.iter().copied().filter(move |it| !those.contains(it));
        these.map(|(at, _)| at).collect::<Vec<_>>()
    };
    let all = [alone(before, now), alone(now, before)].concat();
    all.into_iter().collect()
}

/// One line of a frame; none when the frame has become lower.
fn line(frame: &Buffer, at: usize) -> Option<Buffer> {
    let y = u16::try_from(at).ok().filter(|y| *y < frame.area.height)?;
    let area = Rect::new(0, y, frame.area.width, 1);
    let mut line = Buffer::empty(area);
    for x in 0..area.width {
        line[(x, y)] = frame[(x, y)].clone();
    }
    Some(line)
}

impl Terminal {
    /// Takes the terminal. `term` is the value of `TERM`.
    pub(crate) fn enter(term: Option<&str>, signs: Signs, mouse: bool) -> Result<Self, NoTerminal> {
        let (stdin, stdout) = (io::stdin(), io::stdout());
        if !isatty(&stdout) || matches!(term, None | Some("" | "dumb")) {
            return Err(NoTerminal::NeedsTerminal);
        }
        let output = stdout.as_fd().try_clone_to_owned()?;
        let input = if isatty(&stdin) {
            stdin.as_fd().try_clone_to_owned()?
        } else {
            File::open("/dev/tty")
                .map_err(|_| NoTerminal::NeedsTerminal)?
                .into()
        };
        let bytes = Bytes::default();
        let screen = ratatui::Terminal::new(Frames::new(bytes.clone(), output.try_clone()?))?;
        restore::watch_panics();
        restore::remember(input.try_clone()?, output.try_clone()?, mouse)?;
        let terminal = Self {
            screen,
            bytes,
            input,
            output,
            signs,
            disputed: Vec::new(),
            drawn: false,
        };
        restore::take()?;
        Ok(terminal)
    }

    /// The answer, if there is one, comes among the keys.
    pub(crate) fn ask_background(&self) -> io::Result<()> {
        Ok(restore::write_all(&self.output, background::ASK, None)?)
    }

    pub(crate) fn keys(&self) -> io::Result<OwnedFd> {
        self.input.try_clone()
    }

    pub(crate) fn size(&self) -> io::Result<(u16, u16)> {
        self.screen.size().map(|size| (size.width, size.height))
    }

    /// Draws a frame and writes what changed, in one piece. An error means the terminal is gone.
    pub(crate) fn draw(&mut self, view: impl Fn(&mut Frame<'_>)) -> io::Result<()> {
        let (columns, rows) = self.size()?;
        if columns == 0 || rows == 0 {
            return Ok(());
        }
        let signs = self.signs;
        let whole = |frame: &mut Frame<'_>| {
            view(frame);
            signs.settle(frame.buffer_mut());
        };
        let frame = self.screen.draw(whole)?.buffer;
        let disputed = disputed(frame);
        // what such a cell left, or leaves, beyond its borders is in no buffer, so only a clean line is sure to be right
        let changed = changed(&self.disputed, &disputed);
        let lines: Vec<Buffer> = match self.drawn {
            true => changed
                .into_iter()
                .filter_map(|at| line(frame, at))
                .collect(),
            false => vec![],
        };
        for line in &lines {
            self.screen.backend_mut().rewrite(line)?;
        }
        (self.disputed, self.drawn) = (disputed, true);
        match self.bytes.frame() {
            Some(frame) => Ok(restore::write_all(&self.output, &frame, None)?),
            None => Ok(()),
        }
    }

    /// Makes the next frame write every cell.
    pub(crate) fn redraw(&mut self) -> io::Result<()> {
        self.screen.clear()
    }

    pub(crate) fn copy(&mut self, text: &str) -> Result<(), NotCopied> {
        let sequence = copying(text)?;
        restore::write_all(&self.output, sequence.as_bytes(), None).map_err(io::Error::from)?;
        Ok(())
    }

    pub(crate) fn use_mouse(&self, on: bool) -> io::Result<()> {
        restore::use_mouse(on)
    }

    /// Gives the terminal to somebody else for a while.
    pub(super) fn leave(&mut self) {
        restore();
    }

    /// Says something on the terminal that was given up, and reads keys one by one until the answer is dropped.
    pub(super) fn listen(&self, words: &str) -> io::Result<restore::Raw> {
        let raw = restore::Raw::of(self.input.try_clone()?)?;
        restore::write_all(&self.output, words.as_bytes(), None)?;
        Ok(raw)
    }

    /// Takes it again: keys that were meant for somebody else are dropped, all is drawn anew.
    pub(super) fn enter_again(&mut self) -> io::Result<()> {
        restore::take()?;
        tcflush(&self.input, QueueSelector::IFlush)?;
        self.screen.hide_cursor()?;
        self.redraw()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        restore();
    }
}

fn copying(text: &str) -> Result<String, NotCopied> {
    match text.len() {
        0 => return Err(NotCopied::Empty),
        bytes if bytes > COPY_MAX => return Err(NotCopied::TooLong { bytes }),
        _ => {}
    }
    let mut sequence = String::new();
    CopyToClipboard::to_clipboard_from(text)
        .write_ansi(&mut sequence)
        .expect("a String takes everything");
    Ok(sequence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn point_60_copies_are_neither_empty_nor_too_long() {
        assert_eq!(copying("5b0f3c1e").unwrap(), "\x1b]52;c;NWIwZjNjMWU=\x1b\\");
        assert!(matches!(copying(""), Err(NotCopied::Empty)));
        assert!(copying(&"x".repeat(70_000)).is_ok());
        assert!(matches!(
            copying(&"x".repeat(70_001)),
            Err(NotCopied::TooLong { bytes: 70_001 })
        ));
    }

    #[test]
    fn no_terminal_is_said_in_words_and_nothing_is_touched() {
        // Under the test runner standard output may be a terminal, but never a dumb one.
        for term in [None, Some(""), Some("dumb")] {
            assert!(matches!(
                Terminal::enter(term, Signs::Ascii, false),
                Err(NoTerminal::NeedsTerminal)
            ));
        }
    }
}
