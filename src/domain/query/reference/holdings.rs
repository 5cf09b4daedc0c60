//! Filters of accounts and transactions.

use super::{Condition, Narrowing, Result, Unreadable};
use crate::domain::holdings::{HeldBy, HeldTerm};
use crate::domain::moment::Moment;
use crate::domain::query::ast::Cmp;

/// How long back a range of days has to reach for pending transactions to be in it (docs/domain.md 6).
const LATELY_MS: i64 = 7 * 86_400_000;

fn held_by(property: &str) -> Option<HeldBy> {
    Some(match property {
        "account.id" | "id" => HeldBy::Account,
        "connection.id" => HeldBy::Connection,
        "institution.id" => HeldBy::Institution,
        _ => return None,
    })
}

fn of(by: HeldBy, term: &Narrowing) -> Result<HeldTerm> {
    match (term.condition, term.values.as_slice()) {
        (Condition::Eq, [value]) => Ok(HeldTerm::Of(by, value.clone())),
        (Condition::Ne, [value]) => Ok(HeldTerm::NotOf(by, value.clone())),
        _ => Err(Unreadable),
    }
}

pub(crate) fn accounts(terms: &[Narrowing]) -> Result<Vec<HeldTerm>> {
    let one = |term: &Narrowing| of(held_by(&term.property).ok_or(Unreadable)?, term);
    terms.iter().map(one).collect()
}

/// What is wrong with a filter of transactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadTransactions {
    Filter,
    /// A day that does not read, which the reference answers by itself.
    Day,
}

impl From<Unreadable> for BadTransactions {
    fn from(_: Unreadable) -> Self {
        BadTransactions::Filter
    }
}

pub(crate) fn transactions(
    terms: &[Narrowing],
    now: Moment,
) -> std::result::Result<Vec<HeldTerm>, BadTransactions> {
    let mut held = Vec::new();
    for term in terms {
        if let Some(by) = held_by(&term.property) {
            held.push(of(by, term)?);
            continue;
        }
        let first = term.values.first().map_or("", String::as_str);
        match (term.property.as_str(), term.condition) {
            ("transaction.postDate", _) => held.extend(days(term, now)?),
            ("transaction.status", Condition::Eq) => held.push(match first {
                "posted" => HeldTerm::Posted(true),
                "pending" => HeldTerm::Posted(false),
                _ => return Err(BadTransactions::Filter),
            }),
            ("transaction.direction", Condition::Eq) => held.push(match first {
                "debit" => HeldTerm::Debit(true),
                "credit" => HeldTerm::Debit(false),
                _ => return Err(BadTransactions::Filter),
            }),
            ("transaction.class", Condition::Eq) => held.push(HeldTerm::Class(first.to_owned())),
            _ => return Err(BadTransactions::Filter),
        }
    }
    Ok(held)
}

/// The day or moment as it was written: where it begins, and the last of it.
fn day(text: &str) -> Option<(Moment, Moment)> {
    let at = Moment::parse(text)?;
    let whole_day = text.len() == 10;
    Some((
        at,
        if whole_day {
            at.plus_ms(86_399_999)
        } else {
            at
        },
    ))
}

/// A condition on the day a transaction was posted. Pending ones are within a range that reaches into the last days.
fn days(term: &Narrowing, now: Moment) -> std::result::Result<Vec<HeldTerm>, BadTransactions> {
    let read = |text: &String| day(text).ok_or(BadTransactions::Day);
    let read: Vec<(Moment, Moment)> = term
        .values
        .iter()
        .map(read)
        .collect::<std::result::Result<_, _>>()?;
    let bounds = match (term.condition, read.as_slice()) {
        (Condition::Eq, [(from, to)]) => vec![(Cmp::Ge, *from), (Cmp::Le, *to)],
        (Condition::Gt, [(_, to)]) => vec![(Cmp::Gt, *to)],
        (Condition::Gteq, [(from, _)]) => vec![(Cmp::Ge, *from)],
        (Condition::Lt, [(from, _)]) => vec![(Cmp::Lt, *from)],
        (Condition::Lteq, [(_, to)]) => vec![(Cmp::Le, *to)],
        (Condition::Bt, [(from, _), (_, to)]) => vec![(Cmp::Ge, *from), (Cmp::Le, *to)],
        _ => return Err(BadTransactions::Filter),
    };
    let lately = now.plus_ms(-LATELY_MS);
    let ends = bounds
        .iter()
        .filter(|(cmp, _)| matches!(cmp, Cmp::Lt | Cmp::Le));
    let pending = ends
        .map(|(_, at)| *at)
        .min()
        .is_none_or(|end| end >= lately);
    let term = |(cmp, at)| HeldTerm::Day { cmp, at, pending };
    Ok(bounds.into_iter().map(term).collect())
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn a_range_of_days_has_its_ends_and_takes_pending_ones_along_when_it_is_recent() {
        let now = Moment::parse("2026-03-10T12:00:00Z").unwrap();
        let read = |text: &str| transactions(&parse(text).unwrap(), now);
        let at = |text| Moment::parse(text).unwrap();
        assert_eq!(
            read("transaction.postDate.bt('2026-01-01','2026-01-31')").unwrap(),
            [
                HeldTerm::Day {
                    cmp: Cmp::Ge,
                    at: at("2026-01-01"),
                    pending: false
                },
                HeldTerm::Day {
                    cmp: Cmp::Le,
                    at: at("2026-01-31").plus_ms(86_399_999),
                    pending: false
                }
            ]
        );
        let pending = |text| match read(text).unwrap()[0] {
            HeldTerm::Day { pending, .. } => pending,
            _ => panic!("a day"),
        };
        assert!(pending("transaction.postDate.gteq('2020-01-01')"));
        assert!(pending("transaction.postDate.lteq('2026-03-05')"));
        assert!(!pending("transaction.postDate.lt('2026-03-01')"));
        assert_eq!(
            read("transaction.postDate.eq('yesterday')"),
            Err(BadTransactions::Day)
        );
        assert_eq!(
            read("transaction.status.eq('open')"),
            Err(BadTransactions::Filter)
        );
        assert_eq!(
            read("account.id.ne('a')").unwrap(),
            [HeldTerm::NotOf(HeldBy::Account, "a".into())]
        );
    }
}
