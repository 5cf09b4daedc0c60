//! Completions at the cursor: fields, words of a field, flags, banks. Never users, so that no name appears.

use super::fields::Scope;
use super::lex::{Piece, Token, TokenKind, lex};
use super::print::quoted;
use super::subject::Subject;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Completion {
    /// The characters it replaces, from and up to.
    pub(crate) range: (usize, usize),
    pub(crate) text: String,
    pub(crate) words: String,
}

/// What fits at `cursor` (a character offset), best first. `banks` are names.
pub(crate) fn complete(
    text: &str,
    cursor: usize,
    scope: Scope,
    banks: &[String],
) -> Vec<Completion> {
    let text: Vec<char> = text.chars().take(super::MAX_CHARS).collect();
    let cursor = cursor.min(text.len());
    let before = lex(&text[..cursor]).tokens;
    let spot = Spot::at(before.last().filter(|token| token.end == cursor), cursor);
    let range = (spot.start, end_of_word(&text, cursor, spot.quoted));
    let ready = |(text, words): (String, String)| Completion { range, text, words };
    let found = match spot.field {
        Some(name) => match scope.field(&name) {
            Some(field) if field.subject == Subject::Bank => bank_names(&spot.begun, banks, ""),
            Some(field) => {
                let words = field.subject.words(scope).into_iter();
                matching(
                    &spot.begun,
                    words.map(|(word, what)| (word, what.to_owned())).collect(),
                )
            }
            None => Vec::new(),
        },
        None => {
            let fields = scope.fields().iter();
            let fields =
                fields.map(|f| (format!("{}{}", f.name, f.subject.sign()), f.what.to_owned()));
            let mut found = matching(&spot.begun, fields.collect());
            if spot.begun.chars().count() > 1 {
                found.extend(bank_names(&spot.begun, banks, "bank:"));
            }
            found
        }
    };
    found.into_iter().map(ready).collect()
}

struct Spot {
    field: Option<String>,
    begun: String,
    quoted: bool,
    start: usize,
}

impl Spot {
    fn at(token: Option<&Token>, cursor: usize) -> Self {
        let piece = |field: Option<&Piece>, piece: &Piece| Spot {
            field: field.map(|f| f.text.clone()),
            begun: piece.text.clone(),
            quoted: piece.quoted,
            start: piece.start,
        };
        match token.map(|token| (&token.kind, token.start)) {
            Some((TokenKind::Word(word), _)) => piece(None, word),
            Some((TokenKind::Field(raw), _)) => {
                let empty = Piece {
                    text: String::new(),
                    quoted: false,
                    start: cursor,
                    end: cursor,
                };
                piece(Some(&raw.field), raw.values.last().unwrap_or(&empty))
            }
            // The beginning of `order` is read as `or` until it goes on.
            Some((TokenKind::Or, start)) => Spot {
                field: None,
                begun: "or".into(),
                quoted: false,
                start,
            },
            Some((TokenKind::And, start)) => Spot {
                field: None,
                begun: "and".into(),
                quoted: false,
                start,
            },
            Some((TokenKind::Not, start)) if cursor - start > 1 => Spot {
                field: None,
                begun: "not".into(),
                quoted: false,
                start,
            },
            _ => Spot {
                field: None,
                begun: String::new(),
                quoted: false,
                start: cursor,
            },
        }
    }
}

fn end_of_word(text: &[char], cursor: usize, quoted: bool) -> usize {
    let rest = &text[cursor..];
    if quoted {
        let closed = rest
            .iter()
            .position(|c| *c == '"')
            .map(|at| cursor + at + 1);
        // A quote that was closed before the cursor, or never, ends nothing further on.
        return if text[..cursor].iter().filter(|c| **c == '"').count() % 2 == 1 {
            closed.unwrap_or(text.len())
        } else {
            cursor
        };
    }
    let stops = |c: &char| {
        c.is_whitespace() || matches!(c, '(' | ')' | '"' | ',' | ':' | '=' | '<' | '>' | '~' | '!')
    };
    match rest.iter().position(stops) {
        // A sign that stands there already is taken over with its field.
        Some(at) if rest[at] == ':' => cursor + at + 1,
        Some(at) => cursor + at,
        None => text.len(),
    }
}

/// Those that begin so, then those that hold it somewhere.
fn matching(begun: &str, words: Vec<(String, String)>) -> Vec<(String, String)> {
    let begun = begun.to_lowercase();
    let (first, rest): (Vec<_>, Vec<_>) = words
        .into_iter()
        .partition(|(w, _)| w.to_lowercase().starts_with(&begun));
    let within = rest
        .into_iter()
        .filter(|(w, _)| begun.chars().count() > 1 && w.to_lowercase().contains(&begun));
    first.into_iter().chain(within).collect()
}

fn bank_names(begun: &str, banks: &[String], before: &str) -> Vec<(String, String)> {
    let names = banks
        .iter()
        .map(|name| (name.clone(), "bank".to_owned()))
        .collect();
    matching(begun, names)
        .into_iter()
        .map(|(name, what)| (format!("{before}{}", quoted(&name)), what))
        .collect()
}
