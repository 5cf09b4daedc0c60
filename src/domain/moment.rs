//! A point in time, passed as an argument. Only `crate::clock` asks the system for the time.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, SecondsFormat, TimeZone, Utc};
use std::fmt;
use std::time::Duration;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Moment(pub(crate) i64);

/// The last moment RFC 3339 can write with four digits of year.
const LATEST_MS: i64 = 253_402_300_799_999;

/// What the time of a document says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    At(Moment),
    /// It names no zone, and is read as UTC.
    WithoutZone(Moment),
    /// A date that programs write when there is none.
    Never,
    Unreadable,
}

impl Moment {
    /// Reads a time in the spellings that programs write: RFC 3339 with a blank instead of the T, with an offset
    /// without a colon, without seconds, without a zone; the basic form of ISO 8601; the form of email and HTTP. A bare
    /// date is midnight UTC.
    pub(crate) fn told(text: &str) -> Told {
        let text = spelled(text);
        if text.starts_with("0000") {
            return Told::Never;
        }
        let zoned = DateTime::parse_from_rfc3339(&text)
            .or_else(|_| DateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f%#z"))
            .or_else(|_| DateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M%#z"))
            .or_else(|_| DateTime::parse_from_str(&text, "%Y%m%dT%H%M%S%#z"))
            .or_else(|_| DateTime::parse_from_rfc2822(&text));
        if let Ok(at) = zoned {
            return known(at.naive_local(), at.timestamp_millis(), Told::At);
        }
        let local = NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f")
            .or_else(|_| NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M"))
            .or_else(|_| NaiveDateTime::parse_from_str(&text, "%Y%m%dT%H%M%S"));
        if let Ok(at) = local {
            return known(at, at.and_utc().timestamp_millis(), Told::WithoutZone);
        }
        let date = match text.len() {
            8 => NaiveDate::parse_from_str(&text, "%Y%m%d"),
            _ => NaiveDate::parse_from_str(&text, "%Y-%m-%d"),
        };
        match date.ok().and_then(|date| date.and_hms_opt(0, 0, 0)) {
            Some(at) => known(at, at.and_utc().timestamp_millis(), Told::At),
            None => Told::Unreadable,
        }
    }

    /// Reads an RFC 3339 time in any offset; a bare date is midnight UTC.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            return Some(Self(at.timestamp_millis()));
        }
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        Some(Self(
            date.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis(),
        ))
    }

    /// Whole seconds in UTC with a `Z`, as the API writes every time (docs/domain.md 2.4).
    pub(crate) fn rfc3339(self) -> String {
        self.utc().to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// The calendar view of this moment; out-of-range values are held at the edge.
    pub(crate) fn utc(self) -> DateTime<Utc> {
        let ms = self.0.clamp(-62_135_596_800_000, LATEST_MS);
        Utc.timestamp_millis_opt(ms)
            .single()
            .expect("the range above is representable")
    }

    /// Milliseconds from `earlier` to this; negative when this comes first.
    pub(crate) fn since(self, earlier: Moment) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    pub(crate) fn plus(self, by: Duration) -> Self {
        self.plus_ms(i64::try_from(by.as_millis()).unwrap_or(i64::MAX))
    }

    pub(crate) fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Midnight UTC of this moment's day.
    pub(crate) fn day(self) -> Self {
        Self(self.0.div_euclid(86_400_000) * 86_400_000)
    }
}

/// The T for a blank, the Z for a name of UTC, and no blank before an offset.
fn spelled(text: &str) -> String {
    let text = text.trim();
    let named = ["UTC", "utc", "GMT", "gmt"]
        .into_iter()
        .find_map(|zone| text.strip_suffix(zone));
    let is_iso = |text: &str| text.bytes().take(4).all(|b| b.is_ascii_digit());
    let mut spelled = match named {
        Some(rest) if is_iso(rest) => format!("{}Z", rest.trim_end()),
        _ => text.to_owned(),
    };
    if is_iso(&spelled) {
        if spelled.as_bytes().get(10) == Some(&b' ') {
            spelled.replace_range(10..11, "T");
        }
        spelled.retain(|c| c != ' ');
    }
    spelled
}

/// The first day of the calendar, the first moment of 1970 and the last year of four digits mean that there is none.
fn known(local: NaiveDateTime, ms: i64, told: fn(Moment) -> Told) -> Told {
    let epoch = local.and_utc().timestamp_millis() == 0 || ms == 0;
    match local.year() {
        ..=1 | 9_999.. => Told::Never,
        _ if epoch => Told::Never,
        _ => told(Moment(ms)),
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        let at = Moment::parse("2026-03-10T09:41:07Z").unwrap();
        assert_eq!(at.rfc3339(), "2026-03-10T09:41:07Z");
        assert_eq!(Moment::parse("2026-03-10T19:41:07+10:00"), Some(at));
        assert_eq!(at.day().rfc3339(), "2026-03-10T00:00:00Z");
    }

    #[test]
    fn times_of_documents_are_read_in_other_spellings() {
        let at = Moment::parse("2026-11-08T09:41:07Z").unwrap();
        for text in [
            "2026-11-08T09:41:07Z",
            " 2026-11-08t09:41:07z ",
            "2026-11-08 09:41:07Z",
            "2026-11-08 09:41:07 +00:00",
            "2026-11-08T19:41:07+1000",
            "2026-11-08T19:41:07+10",
            "2026-11-08T09:41:07.000000+00:00",
            "2026-11-08 09:41:07 UTC",
            "20261108T094107Z",
            "Sun, 08 Nov 2026 09:41:07 GMT",
        ] {
            assert_eq!(Moment::told(text), Told::At(at), "{text}");
        }
        for text in [
            "2026-11-08T09:41:07",
            "2026-11-08 09:41:07",
            "2026-11-08 09:41:07.000",
            "20261108T094107",
        ] {
            assert_eq!(Moment::told(text), Told::WithoutZone(at), "{text}");
        }
        let day = Told::At(at.day());
        for text in ["2026-11-08", "20261108"] {
            assert_eq!(Moment::told(text), day, "{text}");
        }
        let leap = Moment::parse("2017-01-01T00:00:00Z").unwrap();
        assert_eq!(Moment::told("2016-12-31T23:59:60Z"), Told::At(leap));
    }

    #[test]
    fn dates_that_stand_for_none_are_none_and_others_are_not_guessed() {
        for text in [
            "0001-01-01T00:00:00Z",
            "0001-01-01",
            "0000-00-00 00:00:00",
            "0000-01-01T00:00:00Z",
            "1970-01-01T00:00:00Z",
            "1970-01-01",
            "1970-01-01T00:00:00",
            "1970-01-01T00:00:00+10:00",
            "1970-01-01T10:00:00+10:00",
            "9999-12-31T23:59:59Z",
            "9999-12-31",
        ] {
            assert_eq!(Moment::told(text), Told::Never, "{text}");
        }
        for text in [
            "",
            "soon",
            "2026-02-29",
            "2026-02-30T00:00:00Z",
            "08/11/2026",
            "08.11.2026",
            "10000-01-01T00:00:00Z",
            "2026-11-08T25:00:00Z",
            "on 2026-11-08",
            "２０２６-11-08",
        ] {
            assert_eq!(Moment::told(text), Told::Unreadable, "{text}");
        }
        assert!(matches!(Moment::told("2028-02-29T00:00:00Z"), Told::At(_)));
        assert!(matches!(Moment::told("1970-01-02"), Told::At(_)));
    }

    #[test]
    fn a_broken_clock_is_written_not_panicked_on() {
        assert_eq!(Moment(i64::MAX).rfc3339(), "9999-12-31T23:59:59Z");
        assert_eq!(Moment(i64::MIN).rfc3339(), "0001-01-01T00:00:00Z");
        assert_eq!(Moment::parse("yesterday"), None);
    }
}
