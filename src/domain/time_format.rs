//! Spans of time for people, and the short durations of configuration, flags and filters.

use super::counts;
use super::moment::Moment;
use super::text::Shown;
use super::zone::Zone;
use std::time::Duration;

/// How far ahead of us another clock may be before we say so.
const TOLERANCE_MS: i64 = 60_000;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// For a time that should have passed and has not.
pub(crate) const ODD_CLOCK: &str = "clock?";

/// At most seven cells: `<1m`, `42m`, `1h 10m`, `3d 02h`, `31d`, or [`ODD_CLOCK`] for a time to come.
pub(crate) fn age(at: Moment, now: Moment) -> String {
    match now.since(at) {
        ms if ms < -TOLERANCE_MS => ODD_CLOCK.into(),
        ms => span(ms),
    }
}

pub(crate) fn age_or_never(at: Option<Moment>, now: Moment) -> String {
    at.map_or_else(|| "never".into(), |at| age(at, now))
}

/// How long until `at`: `in 58d`, or `now` once it is there.
pub(crate) fn until(at: Moment, now: Moment) -> String {
    match at.since(now) {
        ms if ms <= 0 => "now".into(),
        ms => format!("in {}", span(ms)),
    }
}

/// A length of time in the style of ages; a negative one is the shortest.
pub(crate) fn span(ms: i64) -> String {
    match ms {
        ms if ms < MINUTE => "<1m".into(),
        ms if ms < HOUR => format!("{}m", ms / MINUTE),
        ms if ms < DAY => format!("{}h {:02}m", ms / HOUR, ms % HOUR / MINUTE),
        ms if ms < 10 * DAY => format!("{}d {:02}h", ms / DAY, ms % DAY / HOUR),
        ms => format!("{}d", ms / DAY),
    }
}

/// How long a step or a job took: `0:06`, `12:41`, `1:02:09`.
pub(crate) fn took(ms: i64) -> String {
    let seconds = ms.max(0) / SECOND;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// The age in words: `just now`, `1 hour ago`, `3 days ago`.
pub(crate) fn ago(at: Moment, now: Moment) -> String {
    match now.since(at) {
        ms if ms < -TOLERANCE_MS => "in the future, so a clock is wrong".into(),
        ms if ms < MINUTE => "just now".into(),
        ms => format!("{} ago", words(ms)),
    }
}

/// The time to come in words: `now`, `in 2 hours`.
pub(crate) fn coming(at: Moment, now: Moment) -> String {
    match at.since(now) {
        ms if ms <= 0 => "now".into(),
        ms => format!("in {}", words(ms)),
    }
}

/// How long a state has lasted, in words: `just now`, `for 2 days`; from four weeks on, its first day.
pub(crate) fn since(at: Moment, now: Moment, zone: Zone) -> String {
    match now.since(at) {
        ms if ms < -TOLERANCE_MS => "since a time in the future, so a clock is wrong".into(),
        ms if ms < MINUTE => "just now".into(),
        ms if ms < 28 * DAY => format!("for {}", words(ms)),
        _ => format!("since {}", zone.date(at)),
    }
}

/// A length of time in its largest whole unit: `45 seconds`, `1 hour`, `12 days`, `5 weeks`.
pub(crate) fn words(ms: i64) -> String {
    let (count, unit) = match ms.max(0) {
        ms if ms < MINUTE => (ms / SECOND, "second"),
        ms if ms < HOUR => (ms / MINUTE, "minute"),
        ms if ms < DAY => (ms / HOUR, "hour"),
        ms if ms < 28 * DAY => (ms / DAY, "day"),
        ms if ms < 365 * DAY => (ms / (7 * DAY), "week"),
        ms => (ms / (365 * DAY), "year"),
    };
    counts::count(count.unsigned_abs(), unit)
}

const UNITS: [(&str, u64); 6] = [
    ("w", 604_800_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadDuration {
    #[error("`{0}` is not a duration: write a whole number and a unit, like 30s or 6h")]
    NoNumber(String),
    /// A number and nothing more.
    #[error("`{0}` has no unit: write one of ms, s, m, h, d, w after the number")]
    NoUnit(String),
    #[error("`{0}` has a unit that is not known: the units are ms, s, m, h, d, w")]
    UnknownUnit(String),
    #[error("`{text}` is out of range: {} to {} is allowed", write(*least), write(*most))]
    OutOfRange {
        text: String,
        least: Duration,
        most: Duration,
    },
}

/// Reads a number with its unit: milliseconds (none when too many), and what follows.
pub(crate) fn leading(text: &str) -> Result<(Option<u64>, &str), BadDuration> {
    let quoted = || Shown::of_limited(text, 24).into_plain();
    let is_digit = |c: char| c.is_ascii_digit();
    let (number, rest) = text.split_at(text.find(|c| !is_digit(c)).unwrap_or(text.len()));
    let (unit, rest) = rest.split_at(rest.find(is_digit).unwrap_or(rest.len()));
    if number.is_empty() {
        return Err(BadDuration::NoNumber(quoted()));
    }
    if unit.is_empty() {
        return Err(BadDuration::NoUnit(quoted()));
    }
    let unit = unit.trim_start();
    let Some((_, ms)) = UNITS.into_iter().find(|(word, _)| *word == unit) else {
        return Err(BadDuration::UnknownUnit(quoted()));
    };
    let length = number.parse::<u64>().ok().and_then(|n| n.checked_mul(ms));
    Ok((length, rest))
}

/// Reads `100ms`, `30s`, `10m`, `6h`, `3d`, `2w`, within bounds that the error names.
pub(crate) fn parse(text: &str, least: Duration, most: Duration) -> Result<Duration, BadDuration> {
    let text = text.trim();
    let quoted = || Shown::of_limited(text, 24).into_plain();
    let (length, rest) = leading(text)?;
    if !rest.is_empty() {
        return Err(BadDuration::UnknownUnit(quoted()));
    }
    length
        .map(Duration::from_millis)
        .filter(|length| (least..=most).contains(length))
        .ok_or_else(|| BadDuration::OutOfRange {
            text: quoted(),
            least,
            most,
        })
}

/// Writes a duration so that [`parse`] reads it back, in the longest unit that has no rest.
pub(crate) fn write(length: Duration) -> String {
    let ms = u64::try_from(length.as_millis()).unwrap_or(u64::MAX);
    let unit = UNITS
        .into_iter()
        .find(|(_, unit)| ms > 0 && ms.is_multiple_of(*unit));
    let (word, unit) = unit.unwrap_or(("s", 1_000));
    format!("{}{word}", ms / unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment(1_773_135_667_000); // 2026-03-10T09:41:07Z

    fn before(ms: i64) -> Moment {
        NOW.plus_ms(-ms)
    }

    #[test]
    fn ages_keep_their_style() {
        for (ms, short, long) in [
            (0, "<1m", "just now"),
            (59_999, "<1m", "just now"),
            (42 * MINUTE, "42m", "42 minutes ago"),
            (HOUR, "1h 00m", "1 hour ago"),
            (HOUR + 10 * MINUTE, "1h 10m", "1 hour ago"),
            (3 * HOUR + 5 * MINUTE, "3h 05m", "3 hours ago"),
            (DAY - 1, "23h 59m", "23 hours ago"),
            (3 * DAY + 2 * HOUR, "3d 02h", "3 days ago"),
            (10 * DAY - 1, "9d 23h", "9 days ago"),
            (10 * DAY, "10d", "10 days ago"),
            (31 * DAY, "31d", "4 weeks ago"),
            (800 * DAY, "800d", "2 years ago"),
            (-TOLERANCE_MS, "<1m", "just now"),
            (
                -TOLERANCE_MS - 1,
                "clock?",
                "in the future, so a clock is wrong",
            ),
        ] {
            assert_eq!(
                (age(before(ms), NOW).as_str(), ago(before(ms), NOW).as_str()),
                (short, long),
                "{ms}"
            );
        }
        assert_eq!(age_or_never(None, NOW), "never");
        assert_eq!(since(before(2 * DAY), NOW, Zone::UTC), "for 2 days");
        assert_eq!(since(before(5_000), NOW, Zone::UTC), "just now");
        assert_eq!(since(before(28 * DAY), NOW, Zone::UTC), "since 2026-02-10");
    }

    #[test]
    fn times_to_come() {
        for (ms, short, long) in [
            (58 * DAY, "in 58d", "in 8 weeks"),
            (2 * HOUR, "in 2h 00m", "in 2 hours"),
            (5_000, "in <1m", "in 5 seconds"),
            (0, "now", "now"),
            (-DAY, "now", "now"),
        ] {
            let at = NOW.plus_ms(ms);
            assert_eq!(
                (until(at, NOW).as_str(), coming(at, NOW).as_str()),
                (short, long),
                "{ms}"
            );
        }
    }

    #[test]
    fn lengths_of_steps() {
        for (ms, text) in [
            (6_400, "0:06"),
            (761_000, "12:41"),
            (3_729_000, "1:02:09"),
            (0, "0:00"),
            (-5, "0:00"),
        ] {
            assert_eq!(took(ms), text);
        }
    }

    #[test]
    fn a_broken_clock_breaks_nothing() {
        for at in [Moment(i64::MIN), Moment(0), Moment(i64::MAX)] {
            for now in [Moment(i64::MIN), Moment(0), Moment(i64::MAX)] {
                for text in [
                    age(at, now),
                    until(at, now),
                    ago(at, now),
                    coming(at, now),
                    since(at, now, Zone::UTC),
                ] {
                    assert!(
                        !text.is_empty() && !text.starts_with('-') && text.len() < 60,
                        "{text}"
                    );
                }
            }
        }
    }

    #[test]
    fn durations_are_read_and_written() {
        let (least, most) = (Duration::from_millis(100), Duration::from_hours(24 * 28));
        for (text, ms) in [
            ("100ms", 100),
            ("30s", 30_000),
            ("10m", 600_000),
            ("6h", 21_600_000),
            ("3d", 259_200_000),
            (" 2 w", 1_209_600_000),
        ] {
            let read = parse(text, least, most).unwrap();
            assert_eq!(read, Duration::from_millis(ms), "{text}");
            assert_eq!(parse(&write(read), least, most), Ok(read), "{text}");
        }
        assert_eq!(write(Duration::ZERO), "0s");
        assert_eq!(write(Duration::from_secs(90)), "90s");
    }

    #[test]
    fn what_is_no_duration_says_why() {
        let (least, most) = (Duration::from_millis(100), Duration::from_hours(24));
        let thirty = format!("1{}s", "0".repeat(30));
        for (text, part) in [
            ("-5s", "not a duration"),
            ("", "not a duration"),
            ("s", "not a duration"),
            ("0", "no unit"),
            ("5", "no unit"),
            ("5 fortnights", "not known"),
            ("1.5h", "not known"),
            ("5M", "not known"),
            ("0s", "100ms to 1d is allowed"),
            ("99ms", "100ms to 1d is allowed"),
            ("25h", "100ms to 1d is allowed"),
            (thirty.as_str(), "out of range"),
            ("5\u{202e}s", "5<U+202E>s"),
        ] {
            let said = parse(text, least, most).unwrap_err().to_string();
            assert!(said.contains(part) && said.len() < 140, "{text}: {said}");
        }
    }
}
