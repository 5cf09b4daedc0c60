//! Splits a filter into tokens with positions. Continues after an open quote, because completion needs it.

use super::mistake::{Lacks, Mistake, replaced};

/// A stretch of text; a quoted one stands for itself whatever is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(crate) text: String,
    pub(crate) quoted: bool,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Has,
    HasNot,
    Is,
    IsNot,
    Lt,
    Le,
    Gt,
    Ge,
    Like,
    Unlike,
}

/// Longest first. A colon may stand before a comparison.
const OPS: &[(&str, Op)] = &[
    (":<=", Op::Le),
    (":>=", Op::Ge),
    (":<", Op::Lt),
    (":>", Op::Gt),
    (":~", Op::Like),
    (":=", Op::Is),
    ("!:", Op::HasNot),
    ("!=", Op::IsNot),
    ("!~", Op::Unlike),
    ("<=", Op::Le),
    (">=", Op::Ge),
    (":", Op::Has),
    ("=", Op::Is),
    ("<", Op::Lt),
    (">", Op::Gt),
    ("~", Op::Like),
];

/// Every sign between a field and its value.
#[cfg(test)]
pub(crate) fn signs() -> impl Iterator<Item = &'static str> {
    OPS.iter().map(|(sign, _)| *sign)
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Raw {
    pub(crate) field: Piece,
    pub(crate) op: Op,
    pub(crate) op_start: usize,
    pub(crate) op_end: usize,
    pub(crate) values: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Open,
    Close,
    And,
    Or,
    Not,
    Word(Piece),
    Field(Raw),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// All tokens, and the first thing that is wrong with them.
#[derive(Debug)]
pub(super) struct Lexed {
    pub(crate) tokens: Vec<Token>,
    pub(crate) wrong: Option<Mistake>,
}

pub(super) fn lex(text: &[char]) -> Lexed {
    let mut lexer = Lexer {
        text,
        at: 0,
        tokens: Vec::new(),
        wrong: None,
    };
    while lexer.skip_space() {
        let start = lexer.at;
        let kind = lexer.token();
        lexer.tokens.extend(kind.map(|kind| Token {
            kind,
            start,
            end: lexer.at,
        }));
    }
    Lexed {
        tokens: lexer.tokens,
        wrong: lexer.wrong,
    }
}

struct Lexer<'a> {
    text: &'a [char],
    at: usize,
    tokens: Vec<Token>,
    wrong: Option<Mistake>,
}

impl Lexer<'_> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn skip_space(&mut self) -> bool {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
        self.at < self.text.len()
    }

    fn op(&self) -> Option<(&'static str, Op)> {
        let rest = &self.text[self.at..];
        OPS.iter().copied().find(|(sign, _)| {
            sign.chars().count() <= rest.len()
                && sign
                    .chars()
                    .zip(rest)
                    .all(|(wanted, found)| wanted == *found)
        })
    }

    fn blame(&mut self, mistake: Mistake) {
        self.wrong.get_or_insert(mistake);
    }

    fn token(&mut self) -> Option<TokenKind> {
        let start = self.at;
        let sign = match self.peek()? {
            '(' => Some(TokenKind::Open),
            ')' => Some(TokenKind::Close),
            '!' => Some(TokenKind::Not),
            '"' => return Some(TokenKind::Word(self.quoted(start))),
            _ => None,
        };
        if sign.is_some() {
            self.at += 1;
            return sign;
        }
        if let Some((sign, _)) = self.op() {
            self.stray(sign);
            return None;
        }
        while let Some(c) = self.peek() {
            if c.is_whitespace() || matches!(c, '(' | ')' | '"') {
                break;
            }
            if let Some((sign, op)) = self
                .op()
                .filter(|_| names_a_field(&self.text[start..self.at]))
            {
                let field = self.piece(start, self.at);
                return Some(TokenKind::Field(self.field(field, sign, op, start)));
            }
            self.at += 1;
        }
        let word = self.piece(start, self.at);
        Some(match word.text.to_ascii_lowercase().as_str() {
            "or" => TokenKind::Or,
            "and" => TokenKind::And,
            "not" => TokenKind::Not,
            _ => TokenKind::Word(word),
        })
    }

    /// A sign without a field before it. `last > 3d` is the usual way to get here.
    fn stray(&mut self, sign: &str) {
        let (start, end) = (self.at, self.at + sign.len());
        let mut mistake = Mistake::at(self.text, start, end, "no field right before this sign");
        self.at = end;
        let word = self
            .tokens
            .last()
            .filter(|token| matches!(token.kind, TokenKind::Word(_)))
            .map(|token| token.end);
        if let Some(before) = word
            && self.skip_space()
        {
            mistake.fixed = Some(replaced(self.text, before, self.at, sign));
        }
        self.blame(mistake);
    }

    fn field(&mut self, field: Piece, sign: &str, op: Op, from: usize) -> Raw {
        let op_start = self.at;
        self.at += sign.len();
        let op_end = self.at;
        let mut values = Vec::new();
        loop {
            let start = self.at;
            values.push(match self.peek() {
                Some('"') => self.quoted(from),
                _ if matches!(op, Op::Like | Op::Unlike) => self.pattern(start),
                _ => {
                    while self
                        .peek()
                        .is_some_and(|c| !c.is_whitespace() && !matches!(c, '(' | ')' | '"' | ','))
                    {
                        self.at += 1;
                    }
                    self.piece(start, self.at)
                }
            });
            if self.peek() != Some(',') || matches!(op, Op::Like | Op::Unlike) {
                return Raw {
                    field,
                    op,
                    op_start,
                    op_end,
                    values,
                };
            }
            self.at += 1;
            let after = self.at;
            // `failed, invalid` is one list; a comma at the very end stays where it is.
            if !self.skip_space() {
                self.at = after;
            }
        }
    }

    /// A pattern without quotes ends at a space, or at a bracket it did not open.
    fn pattern(&mut self, start: usize) -> Piece {
        let mut depth = 0_usize;
        while let Some(c) = self.peek() {
            match c {
                c if c.is_whitespace() => break,
                ')' if depth == 0 => break,
                ')' => depth -= 1,
                '(' => depth += 1,
                '\\' if self
                    .text
                    .get(self.at + 1)
                    .is_some_and(|c| !c.is_whitespace()) =>
                {
                    self.at += 1
                }
                _ => {}
            }
            self.at += 1;
        }
        self.piece(start, self.at)
    }

    /// Inside quotes, `\"` is a quote and `\\` a backslash; any other backslash is itself.
    fn quoted(&mut self, from: usize) -> Piece {
        let start = self.at;
        let mut text = String::new();
        self.at += 1;
        while let Some(c) = self.peek() {
            self.at += 1;
            match (c, self.peek()) {
                ('"', _) => {
                    return Piece {
                        text,
                        quoted: true,
                        start,
                        end: self.at,
                    };
                }
                ('\\', Some(next @ ('"' | '\\'))) => {
                    text.push(next);
                    self.at += 1;
                }
                _ => text.push(c),
            }
        }
        let open = Mistake::at(self.text, start, self.at, "the quote is not closed");
        self.blame(open.within(from).lacking(Lacks::More));
        Piece {
            text,
            quoted: true,
            start,
            end: self.at,
        }
    }

    fn piece(&self, start: usize, end: usize) -> Piece {
        Piece {
            text: self.text[start..end].iter().collect(),
            quoted: false,
            start,
            end,
        }
    }
}

/// Only letters, so that `09:41` and the like stay words.
fn names_a_field(name: &[char]) -> bool {
    !name.is_empty()
        && name
            .iter()
            .all(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '_'))
}
