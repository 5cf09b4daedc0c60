//! Pages (docs/domain.md 15.4): the cursor carries where the page begins, how long it is and its filter, sealed, so that
//! a client can only give it back.

use super::error::{ApiError, Code};
use super::params::Query;
use super::signer::Signer;
use crate::domain::views::{Anchor, AnchorKey, Page};

const MOST: usize = 500;

/// A page that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Asked {
    pub(super) from: Option<Anchor>,
    pub(super) limit: usize,
    pub(super) filter: String,
}

fn limit(text: &str) -> Result<usize, ApiError> {
    let wrong = |detail| ApiError::new(Code::ParameterNotValid, detail).parameter("limit");
    match text.parse::<usize>() {
        Ok(0) | Err(_) => Err(wrong("Limit value is not valid")),
        Ok(limit) if limit > MOST => Err(wrong("Maximum limit allowed is 500")),
        Ok(limit) => Ok(limit),
    }
}

impl Asked {
    /// The first page of a list without a filter, as long as can be.
    pub(super) fn first() -> Self {
        Self {
            from: None,
            limit: MOST,
            filter: String::new(),
        }
    }
}

/// What the query asks for. A limit beside a cursor is that of the page; its filter is the cursor's.
pub(super) fn asked(query: &Query, signer: &Signer, list: &str) -> Result<Asked, ApiError> {
    let given = query.one("limit")?.map(limit).transpose()?;
    let fresh = Asked {
        limit: given.unwrap_or(MOST),
        filter: query.filter()?.to_owned(),
        ..Asked::first()
    };
    let Some(cursor) = query.one("next")? else {
        return Ok(fresh);
    };
    let wrong =
        || ApiError::new(Code::ParameterNotValid, "Next value is not valid").parameter("next");
    let read = read(cursor, signer, list).ok_or_else(wrong)?;
    Ok(Asked {
        limit: given.unwrap_or(read.limit),
        ..read
    })
}

/// The address of the page after this one; none when it is the last.
pub(super) fn next<T>(
    page: &Page<T>,
    address: &str,
    asked: &Asked,
    signer: &Signer,
    list: &str,
) -> Option<String> {
    let last = page.last.as_ref().filter(|_| page.more)?;
    let cursor = cursor(last, asked, signer, list);
    Some(format!("{address}?next={cursor}"))
}

/// The cursor of the page that begins after this place.
pub(super) fn cursor(after: &Anchor, asked: &Asked, signer: &Signer, list: &str) -> String {
    let keys = after.0.iter().map(|key| match key {
        AnchorKey::Number(n) => n.to_string(),
        AnchorKey::Text(text) => format!("x{}", hex(text)),
    });
    let keys = keys.collect::<Vec<_>>().join(",");
    let text = format!("{};{keys};{}", asked.limit, asked.filter);
    let seal = signer.seal(&format!("{list};{text}"));
    format!("{seal}{}", hex(&text))
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(hex: &str) -> Option<String> {
    let pairs = hex.as_bytes().chunks(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    String::from_utf8(pairs.map(byte).collect::<Option<_>>()?).ok()
}

/// How many characters the seal of a cursor has.
const SEAL: usize = 16;

fn read(cursor: &str, signer: &Signer, list: &str) -> Option<Asked> {
    let (seal, hex) = cursor.split_at_checked(SEAL)?;
    let text = unhex(hex)?;
    if signer.seal(&format!("{list};{text}")) != seal {
        return None;
    }
    let mut parts = text.splitn(3, ';');
    let limit = limit(parts.next()?).ok()?;
    let keys = parts
        .next()?
        .split(',')
        .map(|key| match key.strip_prefix('x') {
            Some(text) => unhex(text).map(AnchorKey::Text),
            None => key.parse().ok().map(AnchorKey::Number),
        });
    Some(Asked {
        from: Some(Anchor(keys.collect::<Option<_>>()?)),
        limit,
        filter: parts.next()?.to_owned(),
    })
}
