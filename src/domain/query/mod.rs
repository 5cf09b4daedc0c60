//! The filter language of the dashboard, the commands and saved views.
//!
//! A term is a word, a quoted text, or `field:value`: `status:invalid,failed`, `bank:"hooli sav"`, `last>3d`,
//! `tx>=1000`, `bank~^hooli`, `is:stuck`. Terms side by side must all match; `or`, `not` (`!`) and brackets combine
//! them. `:` compares a part and `=` the whole where the value is a text; `!:`, `!=` and `!~` are the opposites. A
//! date stands for its whole day; it and a time are of the zone in which times are shown. An age is older when it is `>` and younger when it is `<`.
//!
//! # Hidden text
//! A word or a `user:` value with an `@` in it, or made of six digits and more, is a [`Contact`]: it is
//! found whole, through a keyed digest, or not at all. A part of an address is a mistake, and there is no
//! pattern over people: matching parts of hidden text is a way to guess it letter by letter.
//!
//! The store compiles an [`Expr`] to bound SQL.

mod ast;
mod complete;
mod fields;
mod lex;
mod mistake;
mod parse;
mod people;
mod personal;
mod print;
pub(crate) mod reference;
mod subject;
mod time;
mod value;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_any;

pub(crate) use ast::{Cmp, Contact, Expr, Flag, PatternField, Term, Texts, When};
pub(crate) use complete::{Completion, complete};
pub(crate) use fields::Scope;
#[cfg(test)]
pub(crate) use lex::signs;
pub(crate) use mistake::Mistake;
pub(crate) use people::{People, is_contact, is_email, is_phone};
pub(crate) use personal::personal;

use super::zone::Zone;
use parse::{End, expression};
use std::fmt;

/// The longest filter that is read, in characters.
pub(crate) const MAX_CHARS: usize = 256;

/// A filter that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Query {
    /// The condition; none lets everything through.
    pub(crate) expr: Option<Expr>,
    pub(crate) text: String,
    pub(crate) scope: Scope,
}

impl fmt::Display for Query {
    /// The plainest form, which need not be what was written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expr.as_ref().map_or(Ok(()), |expr| expr.fmt(f))
    }
}

/// Times that name no zone are of this one, the zone in which times are shown.
pub(crate) fn parse_in(text: &str, scope: Scope, zone: Zone) -> Result<Query, Mistake> {
    let chars = characters(text)?;
    Ok(Query {
        expr: expression(&chars, scope, zone, End::Strict)?,
        text: text.to_owned(),
        scope,
    })
}

#[cfg(test)]
pub(crate) fn parse(text: &str, scope: Scope) -> Result<Query, Mistake> {
    parse_in(text, scope, Zone::UTC)
}

/// A filter as far as it has been typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Typing {
    /// What can be read of it; `text` is what was typed.
    pub(crate) query: Query,
    /// What the unfinished end still lacks. Not worth an alarm while the cursor stands there.
    pub(crate) note: Option<Mistake>,
}

/// Reads a filter that is being typed: a last term that may become good is left out, brackets and quotes
/// may be open. What no further letter can mend is a mistake at once, and so is a bad word that a space
/// has ended.
pub(crate) fn parse_typing(text: &str, scope: Scope, zone: Zone) -> Result<Typing, Mistake> {
    let chars = characters(text)?;
    let query = |expr| Query {
        expr,
        text: text.to_owned(),
        scope,
    };
    let note = match expression(&chars, scope, zone, End::Strict) {
        Ok(expr) => {
            return Ok(Typing {
                query: query(expr),
                note: None,
            });
        }
        Err(mistake) => mistake,
    };
    let mut end = chars.len();
    loop {
        match expression(&chars[..end], scope, zone, End::Lenient) {
            Ok(expr) => {
                return Ok(Typing {
                    query: query(expr),
                    note: Some(note),
                });
            }
            // Cut that term and look again; each round is shorter than the one before.
            Err(mistake) if mistake.passing(&chars[..end]) => end = mistake.from.min(end - 1),
            Err(mistake) => return Err(mistake),
        }
    }
}

fn characters(text: &str) -> Result<Vec<char>, Mistake> {
    let chars: Vec<char> = text.chars().take(MAX_CHARS + 16).collect();
    if chars.len() <= MAX_CHARS {
        return Ok(chars);
    }
    let mut mistake = Mistake::at(
        &chars,
        MAX_CHARS,
        chars.len(),
        "a filter has at most 256 characters",
    );
    mistake.end = text.chars().count();
    Err(mistake)
}
