//! The zone whose time of day people read; every date and time of day for people is written here.

use super::moment::{Moment, Told};
use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, TimeDelta, TimeZone as _};
use chrono_tz::{OffsetName as _, Tz};

/// A time zone by its name in the IANA database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Zone(Tz);

impl Default for Zone {
    fn default() -> Self {
        Self::UTC
    }
}

impl Zone {
    pub(crate) const UTC: Zone = Zone(Tz::UTC);

    /// `Australia/Sydney`, `UTC`; none when the database has no such name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        name.parse().ok().map(Self)
    }

    /// Every zone that has a name of its own, `UTC` first.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let others = chrono_tz::TZ_VARIANTS.into_iter().map(Self);
        let named = |zone: &Self| zone.title() != "UTC" && zone.0.name().contains('/');
        std::iter::once(Self::UTC).chain(others.filter(named))
    }

    /// Its name whatever the season, to head a column: `Australia/Sydney`, `UTC`.
    pub(crate) fn title(self) -> &'static str {
        match self.0.name() {
            "Etc/UTC" | "Etc/UCT" | "Etc/Universal" | "Etc/Zulu" | "UCT" | "Universal" | "Zulu" => {
                "UTC"
            }
            name => name,
        }
    }

    /// What it is called at that time: `AEDT`; the offset where it has no letters: `UTC+05:45`.
    pub(crate) fn name(self, at: Moment) -> String {
        let local = self.local(at);
        match local.offset().abbreviation() {
            Some(word) if word.starts_with(|c: char| c.is_ascii_alphabetic()) => word.to_owned(),
            _ => local.format("UTC%:z").to_string(),
        }
    }

    /// `2026-03-10`.
    pub(crate) fn date(self, at: Moment) -> String {
        self.local(at).format("%Y-%m-%d").to_string()
    }

    /// `2026-03-10 09:41`.
    pub(crate) fn date_time(self, at: Moment) -> String {
        self.local(at).format("%Y-%m-%d %H:%M").to_string()
    }

    /// A date that a bank gave: its day, whatever the zone; with a time of day it is told as any other time.
    pub(crate) fn bank_date(self, at: Moment) -> String {
        if at == at.day() {
            Self::UTC.date(at)
        } else {
            self.date_time(at)
        }
    }

    /// `2026-03-10 09:41 UTC`.
    pub(crate) fn full(self, at: Moment) -> String {
        format!("{} {}", self.date_time(at), self.name(at))
    }

    /// `09:41:07`.
    pub(crate) fn clock(self, at: Moment) -> String {
        self.local(at).format("%H:%M:%S").to_string()
    }

    /// `09:41`.
    pub(crate) fn clock_minutes(self, at: Moment) -> String {
        self.local(at).format("%H:%M").to_string()
    }

    /// In at most eleven cells: `09:41:07` today, `03-09 09:41` this year, `2024-05-01` in another.
    pub(crate) fn when(self, at: Moment, now: Moment) -> String {
        let (local, now) = (self.local(at), self.local(now));
        let pattern = if local.date_naive() == now.date_naive() {
            "%H:%M:%S"
        } else if local.format("%Y").to_string() == now.format("%Y").to_string() {
            "%m-%d %H:%M"
        } else {
            "%Y-%m-%d"
        };
        local.format(pattern).to_string()
    }

    /// For a sentence: `09:41` today, else `2026-03-09 09:41`.
    pub(crate) fn spoken(self, at: Moment, now: Moment) -> String {
        if self.date(at) == self.date(now) {
            self.clock_minutes(at)
        } else {
            self.date_time(at)
        }
    }

    /// A time that a person typed: as this zone shows it, where the text names no zone itself.
    pub(crate) fn typed(self, text: &str) -> Option<Moment> {
        if let Some(day) = day(text) {
            return self.begins(day);
        }
        match Moment::told(text) {
            Told::At(at) => Some(at),
            Told::WithoutZone(at) => self.moment_of(at.utc().naive_utc()),
            Told::Never | Told::Unreadable => Moment::parse(text),
        }
    }

    /// The first moment of a day that a person typed, and that of the next day.
    pub(crate) fn typed_day(self, text: &str) -> Option<(Moment, Moment)> {
        let day = day(text)?;
        Some((self.begins(day)?, self.begins(day.succ_opt()?)?))
    }

    fn begins(self, day: NaiveDate) -> Option<Moment> {
        self.moment_of(day.and_hms_opt(0, 0, 0)?)
    }

    /// Of a time that comes twice the first; one that the clocks leap over is as far behind the leap as it was meant.
    fn moment_of(self, local: NaiveDateTime) -> Option<Moment> {
        const BEFORE_A_LEAP: TimeDelta = TimeDelta::hours(3);
        if !(1..=9_999).contains(&local.year()) {
            return None;
        }
        let at = match self.0.from_local_datetime(&local).earliest() {
            Some(at) => at.timestamp_millis(),
            None => {
                let before = local.checked_sub_signed(BEFORE_A_LEAP)?;
                let at = self.0.from_local_datetime(&before).earliest()?;
                (at + BEFORE_A_LEAP).timestamp_millis()
            }
        };
        Some(Moment(at))
    }

    fn local(self, at: Moment) -> DateTime<Tz> {
        self.0.from_utc_datetime(&at.utc().naive_utc())
    }
}

fn day(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        Moment::parse(text).unwrap()
    }

    fn zone(name: &str) -> Zone {
        Zone::named(name).unwrap()
    }

    #[test]
    fn a_moment_is_told_in_its_zone_and_the_season_of_the_moment() {
        for (name, moment, full) in [
            ("UTC", "2026-03-10T09:41:07Z", "2026-03-10 09:41 UTC"),
            ("Etc/UTC", "2026-03-10T09:41:07Z", "2026-03-10 09:41 UTC"),
            (
                "Australia/Sydney",
                "2026-03-10T13:41:07Z",
                "2026-03-11 00:41 AEDT",
            ),
            // the night the clocks go back: 02:30 comes twice, and the names tell them apart
            (
                "Australia/Sydney",
                "2026-04-04T15:30:00Z",
                "2026-04-05 02:30 AEDT",
            ),
            (
                "Australia/Sydney",
                "2026-04-04T16:30:00Z",
                "2026-04-05 02:30 AEST",
            ),
            // the night they go forward: 02:00 to 03:00 does not exist
            (
                "Australia/Sydney",
                "2026-10-03T15:59:59Z",
                "2026-10-04 01:59 AEST",
            ),
            (
                "Australia/Sydney",
                "2026-10-03T16:00:00Z",
                "2026-10-04 03:00 AEDT",
            ),
            (
                "Asia/Kathmandu",
                "2026-03-10T18:20:00Z",
                "2026-03-11 00:05 UTC+05:45",
            ),
            (
                "America/St_Johns",
                "2026-01-01T02:00:00Z",
                "2025-12-31 22:30 NST",
            ),
        ] {
            assert_eq!(zone(name).full(at(moment)), full, "{name} {moment}");
        }
        assert_eq!(Zone::named("Australia/Sidney"), None);
        assert_eq!(Zone::named(""), None);
        assert_eq!(zone("Etc/UTC").title(), "UTC");
        assert_eq!(zone("Asia/Kathmandu").title(), "Asia/Kathmandu");
    }

    #[test]
    fn the_day_and_the_year_are_told_where_they_are_not_these() {
        let sydney = zone("Australia/Sydney");
        for (zone, moment, now, when, spoken) in [
            (
                Zone::UTC,
                "2026-03-10T00:00:00Z",
                "2026-03-10T09:41:07Z",
                "00:00:00",
                "00:00",
            ),
            (
                Zone::UTC,
                "2026-03-09T23:59:59Z",
                "2026-03-10T09:41:07Z",
                "03-09 23:59",
                "2026-03-09 23:59",
            ),
            (
                Zone::UTC,
                "2024-05-01T00:00:00Z",
                "2026-11-30T00:00:00Z",
                "2024-05-01",
                "2024-05-01 00:00",
            ),
            (
                Zone::UTC,
                "2025-12-31T23:59:59Z",
                "2026-01-01T00:00:00Z",
                "2025-12-31",
                "2025-12-31 23:59",
            ),
            // one day in Sydney, two in UTC
            (
                sydney,
                "2026-03-09T13:30:00Z",
                "2026-03-10T09:41:07Z",
                "00:30:00",
                "00:30",
            ),
            // already next year in Sydney
            (
                sydney,
                "2025-12-31T14:00:00Z",
                "2026-06-01T00:00:00Z",
                "01-01 01:00",
                "2026-01-01 01:00",
            ),
        ] {
            let (at, now) = (at(moment), at(now));
            assert_eq!(
                (zone.when(at, now), zone.spoken(at, now)),
                (when.into(), spoken.into()),
                "{moment}"
            );
        }
    }

    #[test]
    fn the_day_that_a_bank_gave_is_the_same_in_every_zone() {
        for name in ["America/Los_Angeles", "UTC", "Australia/Sydney"] {
            assert_eq!(
                zone(name).bank_date(at("2026-11-08T00:00:00Z")),
                "2026-11-08",
                "{name}"
            );
        }
        let sydney = zone("Australia/Sydney");
        assert_eq!(
            sydney.bank_date(at("2026-11-08T20:00:00Z")),
            "2026-11-09 07:00"
        );
    }

    #[test]
    fn a_broken_clock_is_written_in_every_zone() {
        for name in ["UTC", "Pacific/Kiritimati", "Pacific/Niue"] {
            for at in [Moment(i64::MIN), Moment(0), Moment(i64::MAX)] {
                for now in [Moment(i64::MIN), Moment(i64::MAX)] {
                    let zone = zone(name);
                    assert!(zone.full(at).len() < 40 && !zone.when(at, now).is_empty());
                }
            }
        }
    }

    #[test]
    fn a_typed_time_is_read_as_it_is_shown() {
        for (name, typed, wanted) in [
            ("UTC", "2026-03-10", "2026-03-10T00:00:00Z"),
            ("Australia/Sydney", "2026-03-11", "2026-03-10T13:00:00Z"),
            (
                "Australia/Sydney",
                "2026-03-11T00:41",
                "2026-03-10T13:41:00Z",
            ),
            (
                "Australia/Sydney",
                "2026-03-11 00:41:07",
                "2026-03-10T13:41:07Z",
            ),
            // a zone of its own wins
            (
                "Australia/Sydney",
                "2026-03-11T00:41:00Z",
                "2026-03-11T00:41:00Z",
            ),
            (
                "Australia/Sydney",
                "2026-03-11T00:41:00+05:45",
                "2026-03-10T18:56:00Z",
            ),
            ("America/St_Johns", "2026-01-01", "2026-01-01T03:30:00Z"),
            // 02:30 comes twice: the first
            (
                "Australia/Sydney",
                "2026-04-05T02:30",
                "2026-04-04T15:30:00Z",
            ),
            // 02:30 does not come: half an hour behind the leap
            (
                "Australia/Sydney",
                "2026-10-04T02:30",
                "2026-10-03T16:30:00Z",
            ),
            // the day begins at 01:00
            ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"),
        ] {
            assert_eq!(zone(name).typed(typed), Some(at(wanted)), "{name} {typed}");
        }
        for typed in ["", "soon", "2026-02-30", "10000-01-01", "+262000-01-01"] {
            assert_eq!(zone("Asia/Kathmandu").typed(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_typed_day_is_as_long_as_it_is_there() {
        for (day, hours) in [("2026-03-10", 24), ("2026-04-05", 25), ("2026-10-04", 23)] {
            let (from, to) = zone("Australia/Sydney").typed_day(day).unwrap();
            assert_eq!(to.since(from), hours * 3_600_000, "{day}");
        }
        assert_eq!(Zone::UTC.typed_day("2026-03-10T09:41"), None);
    }
}
