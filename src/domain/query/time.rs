//! Ages and dates in filters.

use super::ast::{Cmp, When};
use crate::domain::moment::Moment;
use crate::domain::time_format;
use crate::domain::zone::Zone;
use std::time::Duration;

/// Reads `30s`, `10m`, `6h`, `3d`, `2w` or several in a row (`1h30m`), in any case, as milliseconds.
pub(super) fn age(text: &str) -> Option<i64> {
    let text = text.trim().to_ascii_lowercase();
    let (mut total, mut rest) = (0_i64, text.as_str());
    loop {
        let (ms, after) = time_format::leading(rest).ok()?;
        total = total.checked_add(i64::try_from(ms?).ok()?)?;
        if after.is_empty() {
            return Some(total);
        }
        rest = after;
    }
}

/// Writes an age in the largest unit that divides it.
pub(super) fn age_text(ms: i64) -> String {
    time_format::write(Duration::from_millis(ms.unsigned_abs()))
}

/// What has to hold of a time for it to stand so to `text`: an age, a time, or a whole day, both of this zone.
pub(super) fn bounds(cmp: Cmp, text: &str, zone: Zone) -> Option<Vec<(Cmp, When)>> {
    if let Some(ms) = age(text) {
        return Some(vec![(cmp, When::Age(ms))]);
    }
    let Some((start, next)) = zone.typed_day(text) else {
        // a day that the calendar does not go on after is none
        let at = zone.typed(text).filter(|_| text.contains(':'))?;
        let at = Moment(at.0.div_euclid(1_000) * 1_000);
        return writable(at).then(|| vec![(cmp, When::At(at))]);
    };
    if !writable(start) || !writable(next) {
        return None;
    }
    let (start, end) = (When::At(start), When::At(next));
    Some(match cmp {
        Cmp::Eq => vec![(Cmp::Ge, start), (Cmp::Lt, end)],
        Cmp::Lt => vec![(Cmp::Lt, start)],
        Cmp::Le => vec![(Cmp::Lt, end)],
        Cmp::Gt => vec![(Cmp::Ge, end)],
        Cmp::Ge => vec![(Cmp::Ge, start)],
    })
}

/// Whether it can be written again in the same form.
fn writable(at: Moment) -> bool {
    Moment::parse(&at.rfc3339()) == Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_read() {
        for (text, ms) in [
            ("30s", Some(30_000)),
            ("10m", Some(600_000)),
            ("6H", Some(21_600_000)),
            ("3d", Some(259_200_000)),
            ("2w", Some(1_209_600_000)),
            ("1h30m", Some(5_400_000)),
            ("0s", Some(0)),
            ("3", None),
            ("d", None),
            ("", None),
            ("3y", None),
            ("-3d", None),
            ("3d ago", None),
            ("99999999999999999999d", None),
            ("9223372036854775807w", None),
            ("9223372036854775s9223372036854775s", None),
        ] {
            assert_eq!(age(text), ms, "{text}");
        }
    }

    #[test]
    fn ages_are_written_in_the_largest_unit_that_fits() {
        for (ms, text) in [
            (0, "0s"),
            (30_000, "30s"),
            (5_400_000, "90m"),
            (259_200_000, "3d"),
            (604_800_000, "1w"),
        ] {
            assert_eq!(age_text(ms), text);
            assert_eq!(age(text), Some(ms));
        }
    }

    #[test]
    fn a_date_is_a_whole_day() {
        let at = |text| When::At(Moment::parse(text).unwrap());
        let (day, next) = (at("2026-03-01"), at("2026-03-02"));
        for (cmp, wanted) in [
            (Cmp::Eq, vec![(Cmp::Ge, day), (Cmp::Lt, next)]),
            (Cmp::Lt, vec![(Cmp::Lt, day)]),
            (Cmp::Le, vec![(Cmp::Lt, next)]),
            (Cmp::Gt, vec![(Cmp::Ge, next)]),
            (Cmp::Ge, vec![(Cmp::Ge, day)]),
        ] {
            assert_eq!(
                bounds(cmp, "2026-03-01", Zone::UTC),
                Some(wanted),
                "{cmp:?}"
            );
        }
    }

    #[test]
    fn impossible_dates_are_not_dates() {
        for text in [
            "2026-02-30",
            "2026-13-01",
            "0000-01-01",
            "+262000-01-01",
            "9999-12-31",
            "10000-01-01",
            "yesterday",
        ] {
            assert_eq!(bounds(Cmp::Lt, text, Zone::UTC), None, "{text}");
        }
    }
}
