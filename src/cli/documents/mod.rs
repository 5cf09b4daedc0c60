//! The JSON documents and list columns of the commands: names as in the API, times in RFC 3339, amounts as
//! decimal text. Personal data arrives here already masked.

mod bank;
mod connection;
mod connector;
mod ending;
mod enrich;
mod event;
mod health;
mod job;
mod plan;
mod schedule;
mod stored;
mod user;

pub(crate) use bank::bank;
pub(crate) use connection::{connection, detail, tone as connection_tone};
pub(crate) use connector::{held, rate, seen, whose as connector_whose};
pub(crate) use ending::{certificate, consent, erase_plan, migrate_plan, sequence, standing_tone};
pub(crate) use enrich::enrich;
pub(crate) use event::{detail as event_detail, hex};
pub(crate) use health::{doctor, verdict};
pub(crate) use job::{JobDoc, deduplicated, job, proven, tone as job_tone};
pub(crate) use plan::{ItemDoc, bulk_plan, head, item, planned, purge_plan, revoke_plan};
pub(crate) use schedule::schedule;
pub(crate) use user::{auth_link, user, user_row};

use crate::domain::moment::Moment;
use crate::domain::text::escape_json;
use serde::Serialize;

#[derive(Clone, Debug, Serialize)]
pub(crate) struct BankRef<'a> {
    id: &'a str,
    name: &'a str,
}

/// An indented document, safe to print on a terminal.
pub(crate) fn pretty(value: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(value).expect("our own documents can be written");
    escape_json(&text).into_owned() + "\n"
}

fn time(at: Option<Moment>) -> Option<String> {
    at.map(Moment::rfc3339)
}

/// The time, or an empty text as in the API.
fn time_or_empty(at: Option<Moment>) -> String {
    at.map_or_else(String::new, Moment::rfc3339)
}

/// Digits after the point of a currency (ISO 4217), where they are not two.
const DIGITS: [(&str, u32); 10] = [
    ("JPY", 0),
    ("KRW", 0),
    ("VND", 0),
    ("CLP", 0),
    ("ISK", 0),
    ("XPF", 0),
    ("BHD", 3),
    ("KWD", 3),
    ("JOD", 3),
    ("TND", 3),
];

/// Minor units as a decimal text.
pub(crate) fn amount(minor: i64, currency: &str) -> String {
    let digits = DIGITS
        .iter()
        .find(|(code, _)| *code == currency)
        .map_or(2, |(_, digits)| *digits);
    let sign = if minor < 0 { "-" } else { "" };
    let (whole, unit) = (minor.unsigned_abs(), 10u64.pow(digits));
    match digits {
        0 => format!("{sign}{whole}"),
        digits => format!(
            "{sign}{}.{:0width$}",
            whole / unit,
            whole % unit,
            width = digits as usize
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_keep_sign_and_digits() {
        for (minor, currency, text) in [
            (0, "AUD", "0.00"),
            (-5, "AUD", "-0.05"),
            (83_515, "AUD", "835.15"),
            (-1_200, "JPY", "-1200"),
            (1_234_567, "KWD", "1234.567"),
            (i64::MIN, "AUD", "-92233720368547758.08"),
        ] {
            assert_eq!(amount(minor, currency), text);
        }
    }
}
