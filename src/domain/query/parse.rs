//! Parses tokens into a condition: brackets, `or`, `not`, and terms side by side.

use super::ast::{Contact, Expr, Term};
use super::fields::Scope;
use super::lex::{Token, TokenKind, lex};
use super::mistake::{Lacks, Mistake};
use super::people::is_phone;
use super::value::TermReader;
use crate::domain::zone::Zone;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Strict,
    /// Yes: open brackets are closed, and an `or` or `not` before nothing is dropped.
    Lenient,
}

/// The condition `text` stands for; none when it holds no term.
pub(super) fn expression(
    text: &[char],
    scope: Scope,
    zone: Zone,
    end: End,
) -> Result<Option<Expr>, Mistake> {
    let lexed = lex(text);
    // A mistake further left is told first; only what stands before the bad token is sure to be cut right.
    let sure = match &lexed.wrong {
        Some(wrong) => lexed
            .tokens
            .iter()
            .take_while(|t| t.end <= wrong.from)
            .count(),
        None => lexed.tokens.len(),
    };
    let mut parser = Parser {
        reader: TermReader { text, scope, zone },
        tokens: &lexed.tokens[..sure],
        at: 0,
        cut: lexed.wrong.is_some(),
        end,
    };
    let read = parser.whole()?;
    lexed.wrong.map_or(Ok(read), Err)
}

struct Parser<'a> {
    reader: TermReader<'a>,
    tokens: &'a [Token],
    at: usize,
    /// Whether the tokens stop before a bad one, so that their end says nothing.
    cut: bool,
    end: End,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    fn mistake(&self, token: &Token, message: &str) -> Mistake {
        Mistake::at(self.reader.text, token.start, token.end, message)
    }

    /// Whether stopping here is all right: the text is forgiven, or goes on with what could not be cut.
    fn may_stop(&self) -> bool {
        self.peek().is_none() && (self.cut || self.end == End::Lenient)
    }

    fn whole(&mut self) -> Result<Option<Expr>, Mistake> {
        if self.tokens.is_empty() {
            return Ok(None);
        }
        let read = self.any()?;
        match self.peek() {
            Some(token) => Err(self.mistake(token, "no bracket is open here")),
            None => Ok(read),
        }
    }

    fn any(&mut self) -> Result<Option<Expr>, Mistake> {
        let mut parts = Vec::new();
        loop {
            parts.extend(self.all()?);
            match self.peek() {
                Some(Token {
                    kind: TokenKind::Or,
                    ..
                }) => self.at += 1,
                _ => return Ok(Expr::any(parts)),
            }
        }
    }

    fn all(&mut self) -> Result<Option<Expr>, Mistake> {
        let mut parts = Vec::new();
        parts.extend(self.next()?);
        loop {
            match self.peek().map(|token| &token.kind) {
                None | Some(TokenKind::Or | TokenKind::Close) => return Ok(Expr::all(parts)),
                Some(TokenKind::And) => self.at += 1,
                Some(_) => {}
            }
            parts.extend(self.next()?);
        }
    }

    fn next(&mut self) -> Result<Option<Expr>, Mistake> {
        match self.phone() {
            None => self.one(),
            phone => Ok(phone),
        }
    }

    /// A number as people say it, without quotes: `0412 345 678`, `+61 412 345 678`. Fewer digits are words as any others.
    fn phone(&mut self) -> Option<Expr> {
        const LEAST: usize = 8;
        let rest = &self.tokens[self.at..];
        let words = rest.iter().enumerate().map_while(|(at, token)| {
            let TokenKind::Word(piece) = &token.kind else {
                return None;
            };
            let digits = match at {
                0 => piece.text.strip_prefix('+').unwrap_or(&piece.text),
                _ => &piece.text,
            };
            let number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            (!piece.quoted && number).then_some(piece)
        });
        let words: Vec<_> = words.collect();
        let [first, .., last] = words.as_slice() else {
            return None;
        };
        let text: String = self.reader.text[first.start..last.end].iter().collect();
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        if !text.starts_with(['0', '+']) || digits < LEAST || !is_phone(&text) {
            return None;
        }
        self.at += words.len();
        Some(Expr::Term(Term::Contact(Contact::Phone(text))))
    }

    /// A term, a bracket, or the opposite of one. Nothing only where the text may stop.
    fn one(&mut self) -> Result<Option<Expr>, Mistake> {
        let Some(token) = self.peek() else {
            return match self.tokens.last() {
                Some(last) if !self.may_stop() => Err(self
                    .mistake(last, "nothing follows this")
                    .lacking(Lacks::More)),
                _ => Ok(None),
            };
        };
        self.at += 1;
        match &token.kind {
            TokenKind::Word(piece) => self.reader.word(piece).map(Some),
            TokenKind::Field(raw) => self.reader.field(raw, token.start, token.end).map(Some),
            TokenKind::Not => Ok(self.one()?.map(Expr::negated)),
            TokenKind::Open => self.bracket(token),
            TokenKind::Close => match self.at.checked_sub(2).map(|before| &self.tokens[before]) {
                Some(before) if before.kind == TokenKind::Open => {
                    Err(self.mistake(token, "nothing is in these brackets"))
                }
                Some(before)
                    if matches!(before.kind, TokenKind::And | TokenKind::Or | TokenKind::Not) =>
                {
                    Err(self.mistake(before, "nothing follows this"))
                }
                _ => Err(self.mistake(token, "no bracket is open here")),
            },
            TokenKind::And | TokenKind::Or => {
                Err(self.mistake(token, "nothing stands before this"))
            }
        }
    }

    fn bracket(&mut self, open: &Token) -> Result<Option<Expr>, Mistake> {
        let inner = self.any()?;
        match self.peek() {
            Some(_) => {
                self.at += 1;
                Ok(inner)
            }
            None if self.may_stop() => Ok(inner),
            None => Err(self
                .mistake(open, "the bracket is not closed")
                .lacking(Lacks::More)),
        }
    }
}
