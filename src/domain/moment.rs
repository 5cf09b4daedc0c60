//! A point in time, passed as an argument. Only `crate::clock` asks the system for the time.

use chrono::{DateTime, SecondsFormat, TimeZone, Utc};
use std::fmt;
use std::time::Duration;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Moment(pub(crate) i64);

/// The last moment RFC 3339 can write with four digits of year.
const LATEST_MS: i64 = 253_402_300_799_999;

impl Moment {
    /// Reads an RFC 3339 time in any offset; a bare date is midnight UTC.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            return Some(Self(at.timestamp_millis()));
        }
        let date = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
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
    fn a_broken_clock_is_written_not_panicked_on() {
        assert_eq!(Moment(i64::MAX).rfc3339(), "9999-12-31T23:59:59Z");
        assert_eq!(Moment(i64::MIN).rfc3339(), "0001-01-01T00:00:00Z");
        assert_eq!(Moment::parse("yesterday"), None);
    }
}
