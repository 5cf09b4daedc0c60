//! Errors in a configuration. Text from the file or the environment is made safe to print.

use crate::domain::text::Shown;
use std::fmt;
use std::path::{Path, PathBuf};

/// A line and a column in characters, both counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

pub(crate) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
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

    /// The position of byte `offset`; an offset past the end is at the end.
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

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    pub(crate) at: Position,
    pub(crate) what: String,
}

impl Mistake {
    pub(crate) fn new(at: Position, what: impl Into<String>) -> Self {
        Self {
            at,
            what: what.into(),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error("{} cannot be read", shown(path))]
    Unreadable {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{} is not a regular file", shown(path))]
    NotAFile { path: PathBuf },
    #[error("{} is too large: at most 1 MiB is read", shown(path))]
    TooLarge { path: PathBuf },
    #[error(
        "{} is not UTF-8: the byte at offset {offset} begins no character",
        shown(path)
    )]
    NotText { path: PathBuf, offset: usize },
    /// All mistakes in the file, at least one.
    #[error("{}", listed(path, mistakes))]
    Wrong {
        path: PathBuf,
        mistakes: Vec<Mistake>,
    },
    #[error(
        "HOME is not set, so there is no place for the {what}; set HOME or {variable}, or name the file"
    )]
    NoHome {
        what: &'static str,
        variable: &'static str,
    },
    #[error("{variable} has to be an absolute path and is `{}`", shown(path))]
    Relative {
        variable: &'static str,
        path: PathBuf,
    },
}

/// The most mistakes that are collected.
pub(super) const COLLECTED: usize = 1_000;

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
    fn positions_count_characters_from_one() {
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
    fn printed_paths_hold_no_control_characters() {
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
