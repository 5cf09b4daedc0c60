//! The SQL function `regexp`.

use crate::store::codec::readable;
use crate::store::error::{Error, Result};
use regex::{Regex, RegexBuilder};
use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn built(pattern: &str) -> std::result::Result<Regex, regex::Error> {
    RegexBuilder::new(pattern)
        .case_insensitive(true)
        .size_limit(1 << 20)
        .build()
}

pub(in crate::store) fn functions(conn: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    conn.create_scalar_function("regexp", 2, flags, |ctx: &Context<'_>| {
        let pattern = ctx.get_or_create_aux(0, |value| -> std::result::Result<_, Failure> {
            Ok(built(value.as_str()?)?)
        })?;
        // a text that is not UTF-8 matches as it is shown
        Ok(readable(ctx.get_raw(1))
            .as_str_or_null()?
            .is_some_and(|text| pattern.is_match(text)))
    })?;
    Ok(())
}

/// Whether a text matches; the error says what is wrong with the expression.
pub(super) fn matches(pattern: &str, text: &str) -> Result<bool> {
    check(pattern)?;
    Ok(built(pattern).is_ok_and(|regex| regex.is_match(text)))
}

/// Checks a regular expression; the error says what is wrong with it.
pub(super) fn check(pattern: &str) -> Result<()> {
    let why = match built(pattern) {
        Ok(_) => return Ok(()),
        Err(regex::Error::CompiledTooBig(_)) => "it is too large".to_owned(),
        // the message shows the pattern with marks below it; its last line says what is wrong
        Err(e) => e
            .to_string()
            .lines()
            .last()
            .unwrap_or_default()
            .trim_start_matches("error: ")
            .to_owned(),
    };
    Err(Error::Pattern {
        pattern: pattern.to_owned(),
        why,
    })
}
