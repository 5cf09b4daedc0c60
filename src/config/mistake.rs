//! What can be wrong with a configuration, said so that the place is found at once. Text that came from
//! the file or the environment is made safe to print here.

use crate::domain::text::Shown;
use std::fmt;
use std::path::{Path, PathBuf};

/// A place in a text, counted from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    /// Which line.
    pub(crate) line: usize,
    /// Which character of it.
    pub(crate) column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A text with the beginnings of its lines, so that a place costs no walk through all of it.
pub(crate) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// Finds the lines.
    pub(crate) fn of(text: &'a str) -> Self {
        let after = text
            .bytes()
            .enumerate()
            .filter(|(_, b)| *b == b'\n')
            .map(|(at, _)| at + 1);
        Self {
            text,
            starts: std::iter::once(0).chain(after).collect(),
        }
    }

    /// Where byte `offset` is; one past the end is at the end.
    pub(crate) fn at(&self, offset: usize) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts[line - 1];
        let before = self.text[start..]
            .char_indices()
            .take_while(|(at, c)| start + at + c.len_utf8() <= offset);
        Position {
            line,
            column: before.count() + 1,
        }
    }
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// Where it stands.
    pub(crate) at: Position,
    /// What is wrong and what would be right.
    pub(crate) what: String,
}

impl Mistake {
    /// A mistake at a place.
    pub(crate) fn new(at: Position, what: impl Into<String>) -> Self {
        Self {
            at,
            what: what.into(),
        }
    }
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// The file cannot be opened or read.
    #[error("{} cannot be read", shown(path))]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A pipe, a device or a folder.
    #[error("{} is not a regular file", shown(path))]
    NotAFile {
        /// What was named.
        path: PathBuf,
    },
    /// Larger than any configuration is.
    #[error("{} is too large: at most 1 MiB is read", shown(path))]
    TooLarge {
        /// Which file.
        path: PathBuf,
    },
    /// Not UTF-8.
    #[error(
        "{} is not UTF-8: the byte at offset {offset} begins no character",
        shown(path)
    )]
    NotText {
        /// Which file.
        path: PathBuf,
        /// How many bytes before it are fine.
        offset: usize,
    },
    /// Everything that is wrong in the file, in its order.
    #[error("{}", listed(path, mistakes))]
    Wrong {
        /// Which file.
        path: PathBuf,
        /// At least one.
        mistakes: Vec<Mistake>,
    },
    /// No home directory to derive a place from.
    #[error(
        "HOME is not set, so there is no place for the {what}; set HOME or {variable}, or name the file"
    )]
    NoHome {
        /// `database`, `state`.
        what: &'static str,
        /// The variable that would say it.
        variable: &'static str,
    },
    /// A place that would depend on the current folder.
    #[error("{variable} has to be an absolute path and is `{}`", shown(path))]
    Relative {
        /// Which variable.
        variable: &'static str,
        /// What it holds.
        path: PathBuf,
    },
}

/// How many mistakes are looked for.
pub(super) const COLLECTED: usize = 1_000;

/// How many are printed; past this, a file is not one of ours.
const PRINTED: usize = 100;

fn listed(path: &Path, mistakes: &[Mistake]) -> String {
    let path = shown(path);
    let mut lines: Vec<_> = mistakes
        .iter()
        .take(PRINTED)
        .map(|m| format!("{path}:{}: {}", m.at, m.what))
        .collect();
    if mistakes.len() > PRINTED {
        lines.push(format!("and {} more", mistakes.len() - PRINTED));
    }
    lines.join("\n")
}

/// A path that can be printed.
pub(super) fn shown(path: &Path) -> String {
    Shown::of_limited(&path.to_string_lossy(), 4_096).into_plain()
}

/// A word from outside that can be printed within a sentence.
pub(super) fn quoted(word: &str) -> String {
    format!("`{}`", Shown::of_limited(word, 60).into_plain())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_from_one_in_characters() {
        let text = "a\nné = 1\r\nb";
        for (offset, line, column) in [
            (0, 1, 1),
            (1, 1, 2),
            (2, 2, 1),
            (5, 2, 3),
            (11, 3, 1),
            (999, 3, 2),
            (4, 2, 2),
        ] {
            assert_eq!(
                Lines::of(text).at(offset),
                Position { line, column },
                "{offset}"
            );
        }
        assert_eq!(Lines::of("").at(3), Position { line: 1, column: 1 });
    }

    #[test]
    fn what_is_printed_cannot_steer_a_terminal() {
        let path = PathBuf::from("/tmp/\x1b]0;x\x07");
        let said = ConfigError::NotAFile { path: path.clone() }.to_string();
        assert!(!said.contains(['\x1b', '\x07']), "{said:?}");
        let mistakes = vec![Mistake::new(Position { line: 1, column: 1 }, "x"); PRINTED + 3];
        assert!(
            ConfigError::Wrong { path, mistakes }
                .to_string()
                .ends_with("and 3 more")
        );
    }
}
