//! Errors of the TOML syntax. For a duplicate key the parser reports one position; this finds the other.

use super::mistake::{COLLECTED, Lines, Mistake, Position, quoted};
use std::ops::Range;
use toml::de::Error;

pub(crate) fn mistakes(text: &str, errors: &[Error]) -> Vec<Mistake> {
    let lines = Lines::of(text);
    let mut seen: Vec<Mistake> = Vec::new();
    for error in errors.iter().take(COLLECTED) {
        let span = error.span().unwrap_or(0..0);
        let at = lines.at(span.start);
        // one broken line often gives several errors; the first is the cause
        if seen.iter().any(|m| m.at.line == at.line) {
            continue;
        }
        let what = match text.get(span) {
            Some(key) if error.message() == "duplicate key" => twice(text, key, at),
            _ => format!("this is not TOML: {}", error.message()),
        };
        seen.push(Mistake { at, what });
    }
    seen
}

/// Lines where the parser had to guess: a broken line, and all lines below a broken section header.
pub(crate) fn untrusted(text: &str, mistakes: &[Mistake]) -> Vec<Range<usize>> {
    let heads = |line: &str| line.trim_start().starts_with('[');
    let lines: Vec<&str> = text.lines().collect();
    let end = |from: usize| match lines.get(from - 1) {
        Some(line) if heads(line) && header(line).is_none() => {
            lines[from..]
                .iter()
                .position(|l| heads(l))
                .map_or(lines.len(), |at| from + at)
                + 1
        }
        _ => from + 1,
    };
    mistakes.iter().map(|m| m.at.line..end(m.at.line)).collect()
}

fn twice(text: &str, key: &str, again: Position) -> String {
    match first(text, key, again.line) {
        Some(line) => format!(
            "key {} is given twice: on line {line} and on line {}",
            quoted(key),
            again.line
        ),
        None => format!("key {} is given twice", quoted(key)),
    }
}

/// The line before `again` with the same section header, or with the same key in the same section.
fn first(text: &str, key: &str, again: usize) -> Option<usize> {
    let lines: Vec<&str> = text.lines().take(again).collect();
    let (last, before) = lines.split_last()?;
    if let Some(header) = header(last) {
        return before
            .iter()
            .position(|line| self::header(line) == Some(header))
            .map(|at| at + 1);
    }
    let section = before
        .iter()
        .rposition(|line| header(line).is_some())
        .map_or(0, |at| at + 1);
    let named = |line: &&str| {
        line.split_once('=')
            .is_some_and(|(name, _)| bare(name) == bare(key))
    };
    before[section..]
        .iter()
        .position(named)
        .map(|at| section + at + 1)
}

/// `jobs` of `[jobs] # a comment`.
fn header(line: &str) -> Option<&str> {
    let (name, _) = line.trim_start().strip_prefix('[')?.split_once(']')?;
    Some(name.trim())
}

fn bare(name: &str) -> &str {
    name.trim().trim_matches(['"', '\''])
}
