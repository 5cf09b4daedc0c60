//! Background refreshing (docs/domain.md 12.10): each connection has a place in a round, walked in order.

use super::diagnosis::Health;
use super::moment::Moment;
use super::time_format;
use std::time::Duration;

pub(crate) const TURNS: i64 = 1_000_000;

/// The actor of what is refreshed in the background.
pub(crate) const ACTOR: &str = "smart-cache";

/// How the places spread: consecutive numbers land far from each other, and no two of a million meet.
const SPREAD: i64 = 618_033;

/// The place of the connection with this number, as the file derives it too.
pub(crate) fn turn_of(n: i64) -> i64 {
    (n.wrapping_mul(SPREAD)).rem_euclid(TURNS)
}

/// One turn of the walk. Turns are ordered by round, then place, then number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Turn {
    /// Which round, counted from 1970.
    pub(crate) round: i64,
    pub(crate) place: i64,
    /// Whose: the connection's number in the file.
    pub(crate) n: i64,
}

/// How far a bank's connections have been seen to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Through {
    /// Every turn before this moment is over.
    pub(crate) at: Moment,
    /// Of the turns at this very moment: those up to this number's. None when all are over.
    pub(crate) n: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Round {
    every: i64,
}

impl Round {
    /// A round of this length, a tenth of a second at least.
    pub(crate) fn of(every: Duration) -> Self {
        Self {
            every: i64::try_from(every.as_millis())
                .unwrap_or(i64::MAX)
                .clamp(100, i64::MAX / (2 * TURNS)),
        }
    }

    pub(crate) fn at(self, turn: Turn) -> Moment {
        Moment(
            turn.round
                .saturating_mul(self.every)
                .saturating_add(turn.place * self.every / TURNS),
        )
    }

    pub(crate) fn over(self, through: Through) -> Turn {
        let (round, off) = (
            through.at.0.div_euclid(self.every),
            through.at.0.rem_euclid(self.every),
        );
        let last = Turn {
            round,
            place: ((off + 1) * TURNS - 1) / self.every,
            n: i64::MAX,
        };
        let stood = through.n.map(|n| Turn {
            round,
            place: turn_of(n),
            n,
        });
        // in a round of another length the same number stood elsewhere
        stood
            .filter(|turn| self.at(*turn) == through.at)
            .unwrap_or(last)
    }

    /// Goes on where it stood, at most one round back. A place that no clock of ours can have written is forgotten.
    pub(crate) fn resume(self, stood: Option<Through>, now: Moment) -> Through {
        let here = Through { at: now, n: None };
        match stood {
            None => here,
            Some(stood) if stood.at.since(now) > self.every => here,
            Some(stood) if now.since(stood.at) > self.every => Through {
                at: now.plus_ms(-self.every),
                n: None,
            },
            Some(stood) => stood,
        }
    }
}

/// What is known of a connection whose turn it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TurnFacts {
    /// When it last talked to the bank; none when it never did.
    pub(crate) last_used: Option<Moment>,
    pub(crate) job_open: bool,
    /// Whether the way to its bank is in a major outage: declared, measured, or played.
    pub(crate) outage: bool,
    /// Whether its refreshes of the day are used up (open banking).
    pub(crate) day_used_up: bool,
    /// Whether a workflow of its user is under way.
    pub(crate) in_sequence: bool,
    /// Whether the bank refused its sign-in too often.
    pub(crate) guarded: bool,
    /// Whether a hold of an operator is in force at that time.
    pub(crate) on_hold: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Skip {
    JobOpen,
    /// A workflow of its user is under way.
    InSequence,
    OnHold,
    Outage,
    Guarded,
    DayUsedUp,
    /// Milliseconds since the last contact.
    Recent(i64),
}

impl Skip {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Skip::JobOpen => "job-open",
            Skip::InSequence => "in-sequence",
            Skip::OnHold => "on-hold",
            Skip::Outage => "major-outage",
            Skip::Guarded => "sign-in-guard",
            Skip::DayUsedUp => "daily-limit",
            Skip::Recent(_) => "recent",
        }
    }

    pub(crate) fn words(self) -> String {
        match self {
            Skip::JobOpen => "a job of it is open".into(),
            Skip::InSequence => "a longer work has it in hand".into(),
            Skip::OnHold => "an operator holds its refreshes back".into(),
            Skip::Outage => "the way to its bank is in a major outage".into(),
            Skip::Guarded => "the bank refused its sign-in again and again".into(),
            Skip::DayUsedUp => "its refreshes of the day are used up".into(),
            Skip::Recent(ms) => format!(
                "the bank will have been asked {} before",
                time_format::span(ms)
            ),
        }
    }
}

/// Why a turn is passed over. A contact within half a round, or within the refresh floor, is too recent.
pub(crate) fn skip(
    standing: &TurnFacts,
    at: Moment,
    every: Duration,
    floor: Duration,
) -> Option<Skip> {
    let young = i64::try_from((every / 2).max(floor).as_millis()).unwrap_or(i64::MAX);
    let age = standing
        .last_used
        .map(|used| at.since(used))
        .filter(|age| (0..young).contains(age));
    match standing {
        TurnFacts { job_open: true, .. } => Some(Skip::JobOpen),
        TurnFacts {
            in_sequence: true, ..
        } => Some(Skip::InSequence),
        TurnFacts { on_hold: true, .. } => Some(Skip::OnHold),
        TurnFacts { outage: true, .. } => Some(Skip::Outage),
        TurnFacts { guarded: true, .. } => Some(Skip::Guarded),
        TurnFacts {
            day_used_up: true, ..
        } => Some(Skip::DayUsedUp),
        _ => age.map(Skip::Recent),
    }
}

/// A bank that is declared to be down, or where an incident is open, is left alone.
pub(crate) fn kept_away(declared: Option<Health>, incident: bool) -> bool {
    incident || declared == Some(Health::MajorOutage)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);
    const NOW: Moment = Moment(1_773_135_667_000);

    #[test]
    fn turns_come_in_the_order_of_their_time() {
        let round = Round::of(DAY);
        let mut turns: Vec<Turn> = (1..2_000)
            .map(|n| Turn {
                round: 3,
                place: turn_of(n),
                n,
            })
            .collect();
        turns.sort();
        assert!(turns.windows(2).all(|w| round.at(w[0]) <= round.at(w[1])));
        assert!(round.at(*turns.last().unwrap()) < Moment(4 * 86_400_000));
        // spread: no quarter of the round has much more than a quarter of the turns
        for quarter in 0..4 {
            let here = turns
                .iter()
                .filter(|t| t.place / (TURNS / 4) == quarter)
                .count();
            assert!((480..=520).contains(&here), "{quarter}: {here}");
        }
    }

    #[test]
    fn what_is_over_is_exactly_what_came_before() {
        for every in [
            Duration::from_millis(100),
            Duration::from_millis(7_919),
            DAY,
        ] {
            let round = Round::of(every);
            for n in 1..3_000 {
                let turn = Turn {
                    round: 12,
                    place: turn_of(n),
                    n,
                };
                let at = round.at(turn);
                assert!(turn <= round.over(Through { at, n: None }), "{n}");
                assert!(
                    turn > round.over(Through {
                        at: at.plus_ms(-1),
                        n: None
                    }),
                    "{n}"
                );
                assert_eq!(turn, round.over(Through { at, n: Some(n) }), "{n}");
            }
        }
    }

    #[test]
    fn the_walk_is_never_more_than_a_round_behind() {
        let (round, day) = (Round::of(DAY), 86_400_000);
        let stood = |ms: i64| {
            Some(Through {
                at: NOW.plus_ms(ms),
                n: Some(4),
            })
        };
        for (given, at, n) in [
            (None, 0, None),
            (stood(-5), -5, Some(4)),
            (stood(-day), -day, Some(4)),
            (stood(-9 * day), -day, None),
            (stood(60_000), 60_000, Some(4)),
            (stood(2 * day), 0, None),
        ] {
            assert_eq!(
                round.resume(given, NOW),
                Through {
                    at: NOW.plus_ms(at),
                    n
                },
                "{given:?}"
            );
        }
    }

    #[test]
    fn a_turn_is_passed_over_for_a_reason() {
        let floor = Duration::from_secs(900);
        let used = |hours: i64| TurnFacts {
            last_used: Some(NOW.plus_ms(-hours * 3_600_000)),
            ..TurnFacts::default()
        };
        for (standing, reason) in [
            (TurnFacts::default(), None),
            (used(13), None),
            (used(12), None),
            (used(11), Some(Skip::Recent(11 * 3_600_000))),
            (used(-3), None),
            (
                TurnFacts {
                    job_open: true,
                    ..used(1)
                },
                Some(Skip::JobOpen),
            ),
            (
                TurnFacts {
                    in_sequence: true,
                    ..used(20)
                },
                Some(Skip::InSequence),
            ),
            (
                TurnFacts {
                    on_hold: true,
                    outage: true,
                    ..used(20)
                },
                Some(Skip::OnHold),
            ),
            (
                TurnFacts {
                    outage: true,
                    ..used(20)
                },
                Some(Skip::Outage),
            ),
            (
                TurnFacts {
                    day_used_up: true,
                    ..used(20)
                },
                Some(Skip::DayUsedUp),
            ),
            (
                TurnFacts {
                    guarded: true,
                    ..used(20)
                },
                Some(Skip::Guarded),
            ),
        ] {
            assert_eq!(skip(&standing, NOW, DAY, floor), reason, "{standing:?}");
        }
        let short = Duration::from_secs(60);
        let young = TurnFacts {
            last_used: Some(NOW.plus_ms(-600_000)),
            ..TurnFacts::default()
        };
        assert_eq!(
            skip(&young, NOW, short, floor),
            Some(Skip::Recent(600_000)),
            "the floor holds too"
        );
    }
}
