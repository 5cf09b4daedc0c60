//! Times as people type them: one to come (`14:00`, `2026-03-10T14:00:00Z`, `2h`), or one that was (`2026-03-10`, `90d`).

use super::moment::Moment;
use super::time_format;
use super::zone::Zone;
use std::fmt;
use std::time::Duration;

/// What is said of a text that is no time to come.
pub(crate) const NOT_A_TIME: &str = "not a time; write it like 14:00, 2026-03-10T14:00:00Z or 2h";

/// A time to come: typed, or how far away it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Until {
    /// As typed: which zone it is of is known only once the configuration is read.
    Typed(String),
    In(Duration),
}

impl fmt::Display for Until {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Until::Typed(text) => f.write_str(text),
            Until::In(length) => f.write_str(&time_format::write(*length)),
        }
    }
}

impl Until {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        const MOST: Duration = Duration::from_secs(10 * 365 * 86_400);
        let text = text.trim();
        if is_clock(text) || Zone::UTC.typed(text).is_some() {
            return Ok(Until::Typed(text.to_owned()));
        }
        time_format::parse(text, Duration::from_millis(1), MOST)
            .map(Until::In)
            .map_err(|_| NOT_A_TIME.to_owned())
    }

    /// A time of day is the next one.
    pub(crate) fn from(&self, now: Moment, zone: Zone) -> Option<Moment> {
        match self {
            Until::In(length) => Some(now.plus(*length)),
            Until::Typed(text) if is_clock(text) => {
                let on = |day: Moment| zone.typed(&format!("{}T{text}:00", zone.date(day)));
                on(now)
                    .filter(|at| *at > now)
                    .or_else(|| on(zone.typed_day(&zone.date(now))?.1))
            }
            Until::Typed(text) => zone.typed(text),
        }
    }
}

/// A time, or how long ago it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Point {
    /// As typed: which zone it is of is known only once the configuration is read.
    Typed(String),
    Ago(Duration),
}

impl Point {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        const MOST: Duration = Duration::from_secs(100 * 365 * 86_400);
        if Zone::UTC.typed(text).is_some() {
            return Ok(Point::Typed(text.to_owned()));
        }
        time_format::parse(text, Duration::from_millis(1), MOST)
            .map(Point::Ago)
            .map_err(|_| {
                "not a time; write it like 2026-03-10, 2026-03-10T09:41:07Z or 90d".to_owned()
            })
    }

    pub(crate) fn from(&self, now: Moment, zone: Zone) -> Option<Moment> {
        match self {
            Point::Typed(text) => zone.typed(text),
            Point::Ago(length) => {
                Some(now.plus_ms(-i64::try_from(length.as_millis()).unwrap_or(i64::MAX)))
            }
        }
    }
}

/// `14:00`.
fn is_clock(text: &str) -> bool {
    text.split_once(':').is_some_and(|(hours, minutes)| {
        let below =
            |part: &str, most: u8| part.len() == 2 && part.parse::<u8>().is_ok_and(|n| n < most);
        below(hours, 24) && below(minutes, 60)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_is_the_next_one_in_the_zone() {
        let at = |text: &str| Moment::parse(text).unwrap();
        let zone = Zone::named("Australia/Sydney").unwrap();
        // 14:00 there
        let now = at("2026-03-10T03:00:00Z");
        for (typed, is) in [
            ("14:00", "2026-03-11T03:00:00Z"),
            ("14:01", "2026-03-10T03:01:00Z"),
            ("00:00", "2026-03-10T13:00:00Z"),
            ("2h", "2026-03-10T05:00:00Z"),
            ("2026-03-10T14:00:00Z", "2026-03-10T14:00:00Z"),
            ("2026-03-12 09:30", "2026-03-11T22:30:00Z"),
        ] {
            assert_eq!(
                Until::parse(typed).unwrap().from(now, zone),
                Some(at(is)),
                "{typed}"
            );
        }
        // the clocks go back in the night before: 25 hours lie between
        let before = at("2026-04-04T13:00:00Z");
        let noon = Until::parse("12:00").unwrap().from(before, zone);
        assert_eq!(noon, Some(at("2026-04-05T02:00:00Z")));
        for wrong in ["25:00", "14:60", "1400", "2:00", "soon", "", "-2h"] {
            assert!(Until::parse(wrong).is_err(), "{wrong}");
        }
    }
}
