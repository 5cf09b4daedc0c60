//! Words into values: what a typed argument has to look like, and what is said when it does not.

use crate::domain::access::Role;
use crate::domain::connection::Method;
use crate::domain::diagnosis::Health;
use crate::domain::moment::Moment;
use crate::domain::person::NumberKind;
pub(crate) use crate::domain::until::{Point, Until};
use crate::store::Loss;
use crate::vault::Head;
use std::time::Duration;

pub(super) fn moment(text: &str) -> Result<Moment, String> {
    Moment::parse(text).ok_or_else(|| "not a time; write it like 2026-03-10T09:41:07Z".to_owned())
}

pub(crate) fn point(text: &str) -> Result<Point, String> {
    Point::parse(text)
}

pub(super) fn role(text: &str) -> Result<Role, String> {
    let words = || Role::ALL.map(Role::word).join(", ");
    Role::parse(&text.to_lowercase())
        .ok_or_else(|| format!("not a role; the roles are {}", words()))
}

pub(super) fn until(text: &str) -> Result<Until, String> {
    Until::parse(text)
}

pub(super) fn method(text: &str) -> Result<Method, String> {
    Method::parse(text).ok_or_else(|| "not a method; it is web or openbanking".to_owned())
}

pub(super) fn number_kind(text: &str) -> Result<NumberKind, String> {
    NumberKind::parse(text).ok_or_else(|| "not a register; it is ABN or ACN".to_owned())
}

pub(super) fn loss(text: &str) -> Result<Loss, String> {
    let found = Loss::ALL.into_iter().find(|loss| loss.word() == text);
    found.ok_or_else(|| "not something that can be lost; it is keys or audit".to_owned())
}

/// A head of the audit as `audit head` prints it; a colon may stand between its parts.
pub(super) fn head(text: &str) -> Result<Head, String> {
    let wrong = || "not a head; write it as `audit head` prints it, SEQ:MAC".to_owned();
    let (seq, mac) = text.trim().split_once([':', ' ']).ok_or_else(wrong)?;
    let mac = mac.trim();
    if mac.len() != 64 || !mac.is_ascii() {
        return Err(wrong());
    }
    let mut bytes = [0u8; 32];
    for (at, byte) in bytes.iter_mut().enumerate() {
        let digits = &mac[2 * at..2 * at + 2];
        *byte = u8::from_str_radix(digits, 16).map_err(|_| wrong())?;
    }
    Ok(Head {
        seq: seq.parse().map_err(|_| wrong())?,
        mac: bytes,
    })
}

pub(super) fn health(text: &str) -> Result<Health, String> {
    let words = || Health::ALL.map(Health::word).join(", ");
    Health::parse(&text.to_lowercase())
        .ok_or_else(|| format!("not a state; the states are {}", words()))
}

pub(super) fn length(text: &str) -> Result<Duration, String> {
    const MOST: Duration = Duration::from_secs(365 * 86_400);
    match text {
        "0" | "0s" => Ok(Duration::ZERO),
        _ => crate::domain::time_format::parse(text, Duration::from_millis(1), MOST)
            .map_err(|bad| bad.to_string()),
    }
}

/// A reason is one line of text that can be kept.
pub(super) fn reason(text: &str) -> Result<String, String> {
    if text.trim().is_empty() || text.chars().count() > 500 || text.chars().any(char::is_control) {
        return Err("a reason is one line of 1 to 500 characters".to_owned());
    }
    Ok(text.trim().to_owned())
}

pub(super) fn size(text: &str) -> Result<(u16, u16), String> {
    let parsed = text
        .split_once('x')
        .and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
    parsed
        .filter(|(w, h)| (1..=1000).contains(w) && (1..=1000).contains(h))
        .ok_or_else(|| "not a size; write it like 120x35".to_owned())
}
