//! Whether the clock can be right: how far it is ahead of the time that was last accepted and of what has passed since.

use super::moment::Moment;
use std::time::Duration;

/// The accepted time is renewed after this part of the margin.
const PARTS: i64 = 8;

/// The system's count of time since it was started, which no setting of the clock moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Boot {
    /// Which start of which system.
    pub(crate) id: String,
    pub(crate) up_ms: i64,
}

/// The present by the clock, and by the count since a start; a clock that is not that of a machine has no such count.
#[derive(Clone, Debug)]
pub(crate) struct Present {
    pub(crate) now: Moment,
    pub(crate) boot: Option<Boot>,
}

impl Present {
    /// The start, and the count since then; without one the clock counts.
    pub(crate) fn count(&self) -> (&str, i64) {
        match &self.boot {
            Some(boot) => (&boot.id, boot.up_ms),
            None => ("", self.now.0),
        }
    }
}

/// The highest time that was accepted, and when that was by the count since a start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Accepted {
    pub(crate) at: Moment,
    pub(crate) boot: Boot,
}

impl Accepted {
    /// How long ago it was accepted, by the count; none after another start.
    fn age(&self, boot: &Boot) -> Option<i64> {
        (self.boot.id == boot.id).then(|| boot.up_ms.saturating_sub(self.boot.up_ms).max(0))
    }

    /// The least that the time can be: what was accepted, and what has passed since, where that is known.
    fn expected(&self, boot: &Boot) -> Moment {
        self.at.plus_ms(self.age(boot).unwrap_or(0))
    }

    /// By how many milliseconds the clock is too far ahead; none when it can be right.
    pub(crate) fn ahead(&self, now: Moment, boot: &Boot, margin: Duration) -> Option<i64> {
        let by = now.since(self.expected(boot));
        (by > ms(margin)).then_some(by)
    }

    /// What to write down in its place; none while it is fresh, or when the clock is ahead.
    pub(crate) fn renewed(&self, now: Moment, boot: &Boot, margin: Duration) -> Option<Self> {
        let (expected, fresh) = (self.expected(boot), ms(margin) / PARTS);
        if self.ahead(now, boot, margin).is_some() {
            return None;
        }
        let at = match self.age(boot) {
            // no sum of small jumps takes it further than twice what has passed
            Some(age) if age > fresh => now.min(expected.plus_ms(fresh)),
            Some(_) => return None,
            None => now,
        };
        Some(Self {
            at: expected.max(at),
            boot: boot.clone(),
        })
    }

    /// As it is stored.
    pub(crate) fn text(&self) -> String {
        format!("{} {} {}", self.at.0, self.boot.up_ms, self.boot.id)
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, ' ');
        let at = Moment(parts.next()?.parse().ok()?);
        let up_ms = parts.next()?.parse().ok()?;
        let id = parts.next()?.to_owned();
        Some(Self {
            at,
            boot: Boot { id, up_ms },
        })
    }
}

fn ms(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;
    const DAY: i64 = 24 * HOUR;
    const AT: Moment = Moment(1_773_135_667_000);
    const MARGIN: Duration = Duration::from_secs(86_400);

    fn boot(id: &str, up_ms: i64) -> Boot {
        Boot {
            id: id.into(),
            up_ms,
        }
    }

    fn accepted() -> Accepted {
        Accepted {
            at: AT,
            boot: boot("a", 1_000),
        }
    }

    #[test]
    fn a_clock_is_wrong_when_it_is_ahead_of_what_was_accepted_and_of_what_has_passed() {
        let ahead = |days: i64, boot: &Boot| accepted().ahead(AT.plus_ms(days * DAY), boot, MARGIN);
        assert_eq!(ahead(400, &boot("a", 6_000)), Some(400 * DAY - 5_000));
        assert_eq!(
            ahead(400, &boot("a", 1_000 + 400 * DAY)),
            None,
            "so long has passed"
        );
        assert_eq!(ahead(1, &boot("a", 1_000)), None, "a day is the margin");
        assert_eq!(
            ahead(-9_000, &boot("a", 1_000)),
            None,
            "behind ends nothing"
        );
        assert_eq!(
            ahead(3, &boot("b", 400 * DAY)),
            Some(3 * DAY),
            "another start proves nothing"
        );
        assert_eq!(ahead(0, &boot("b", 5)), None);
    }

    #[test]
    fn the_accepted_time_is_renewed_seldom_and_never_from_a_wrong_clock() {
        let at =
            |ms: i64, up: i64| accepted().renewed(AT.plus_ms(ms), &boot("a", 1_000 + up), MARGIN);
        assert_eq!(at(2 * HOUR, 2 * HOUR), None, "it is fresh");
        let later = at(6 * HOUR, 6 * HOUR).unwrap();
        assert_eq!(
            (later.at, later.boot.up_ms),
            (AT.plus_ms(6 * HOUR), 1_000 + 6 * HOUR)
        );
        assert_eq!(at(400 * DAY, 6 * HOUR), None, "the clock is wrong");
        assert_eq!(
            at(-DAY, 6 * HOUR).unwrap().at,
            AT.plus_ms(6 * HOUR),
            "it does not go back with the clock"
        );
        assert_eq!(
            accepted()
                .renewed(AT.plus_ms(HOUR), &boot("b", 5), MARGIN)
                .unwrap()
                .boot
                .id,
            "b",
            "at once after another start"
        );
    }

    /// Each jump is within the margin; together they are not.
    #[test]
    fn small_jumps_do_not_add_up() {
        let (mut it, mut up, mut jumped, mut rounds) = (accepted(), 1_000, 0, 0);
        while rounds < 200 {
            (up, rounds) = (up + 4 * HOUR, rounds + 1);
            jumped += 20 * HOUR;
            let now = AT.plus_ms(up - 1_000 + jumped);
            let boot = boot("a", up);
            if it.ahead(now, &boot, MARGIN).is_some() {
                break;
            }
            it = it.renewed(now, &boot, MARGIN).unwrap_or(it);
        }
        assert!(rounds < 3, "it was noticed after {rounds} jumps");
    }

    #[test]
    fn what_is_stored_reads_back() {
        let odd = Accepted {
            at: Moment(-5),
            boot: boot("0a-b c", 77),
        };
        for accepted in [accepted(), odd] {
            assert_eq!(Accepted::parse(&accepted.text()), Some(accepted));
        }
        for bad in ["", "soon", "5", "5 6", "5 x a"] {
            assert_eq!(Accepted::parse(bad), None, "{bad}");
        }
    }
}
