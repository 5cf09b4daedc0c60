//! What time it is: the system's, one that stands still, or one that a test moves. Nothing else in the
//! program asks the system. New ids are made here too, because a version 7 UUID is a time first.
//!
//! Deliberately absent: sleeping and timers, which belong to whoever waits.

use crate::domain::moment::Moment;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Tells the time and makes ids. Clones are one clock: they share its time and the order of its ids.
#[derive(Clone)]
pub(crate) struct Clock(Arc<Inner>);

struct Inner {
    source: Source,
    /// The id given last, so that the next is greater even when time stands still or goes back.
    last: Mutex<u128>,
}

enum Source {
    System,
    /// A world that was at `at` when the system's monotonic clock showed `since`.
    Running {
        at: Moment,
        since: Instant,
    },
    /// Stands where it was put; `origin` is where it stood first.
    Standing {
        now: AtomicI64,
        origin: i64,
    },
}

static SYSTEM: LazyLock<Clock> = LazyLock::new(|| Clock::from(Source::System));
static BORN: LazyLock<Instant> = LazyLock::new(instant);

/// The bits of a version 7 UUID that are neither time, version nor variant.
const RAND_A: u128 = 0xfff << 64;
const RAND_B: u128 = (1 << 62) - 1;
const MARKS: u128 = (0x7 << 76) | (0b10 << 62);

impl Clock {
    /// The system's clock; every call gives the same one, so ids rise over the whole process.
    pub(crate) fn system() -> Self {
        LazyLock::force(&BORN);
        SYSTEM.clone()
    }

    /// A clock that always shows `at`.
    pub(crate) fn fixed(at: Moment) -> Self {
        Self::settable(at)
    }

    /// A clock that shows `at` until [`Clock::set`] or [`Clock::advance`] moves it.
    pub(crate) fn settable(at: Moment) -> Self {
        Self::from(Source::Standing {
            now: AtomicI64::new(at.0),
            origin: at.0,
        })
    }

    /// A clock that shows `at` now and moves on from there as fast as the system's.
    pub(crate) fn starting_at(at: Moment) -> Self {
        Self::from(Source::Running {
            at,
            since: instant(),
        })
    }

    fn from(source: Source) -> Self {
        Self(Arc::new(Inner {
            source,
            last: Mutex::new(0),
        }))
    }

    /// The present moment.
    pub(crate) fn now(&self) -> Moment {
        match &self.0.source {
            Source::System => system(),
            Source::Running { at, since } => at.plus(since.elapsed()),
            Source::Standing { now, .. } => Moment(now.load(Ordering::SeqCst)),
        }
    }

    /// Time that never goes back, for measuring spans within this process. A clock that stands still
    /// counts what it was moved forward.
    pub(crate) fn monotonic(&self) -> Duration {
        match &self.0.source {
            Source::System => BORN.elapsed(),
            Source::Running { since, .. } => since.elapsed(),
            Source::Standing { now, origin } => {
                let moved = now.load(Ordering::SeqCst).saturating_sub(*origin);
                Duration::from_millis(u64::try_from(moved).unwrap_or(0))
            }
        }
    }

    /// Puts a standing clock to `at`. A clock that runs is not moved; the answer says which it was.
    pub(crate) fn set(&self, at: Moment) -> bool {
        match &self.0.source {
            Source::Standing { now, .. } => {
                now.store(at.0, Ordering::SeqCst);
                true
            }
            Source::System | Source::Running { .. } => false,
        }
    }

    /// Moves a standing clock forward; likewise.
    pub(crate) fn advance(&self, by: Duration) -> bool {
        self.set(self.now().plus(by))
    }

    /// A new id: a version 7 UUID of this clock's present millisecond, greater than every one before.
    pub(crate) fn fresh_id(&self) -> String {
        let mut random = [0; 16];
        getrandom::fill(&mut random).expect("every system this runs on has a source of randomness");
        let ms = u128::try_from(self.now().0.max(0)).expect("not negative") & ((1 << 48) - 1);
        let drawn = (ms << 80) | MARKS | (u128::from_be_bytes(random) & (RAND_A | RAND_B));
        let mut last = self.0.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = if drawn > *last {
            drawn
        } else {
            successor(*last)
        };
        uuid::Uuid::from_u128(*last).hyphenated().to_string()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

/// The next id above `id`: its random part plus one; the time takes the carry.
fn successor(id: u128) -> u128 {
    let low = id & RAND_B;
    if low < RAND_B {
        return id + 1;
    }
    let high = ((id & RAND_A) >> 64) + ((id >> 80) << 12) + 1;
    ((high >> 12) << 80) | ((high & 0xfff) << 64) | MARKS
}

#[allow(
    clippy::disallowed_methods,
    reason = "this file is where the system's time comes in"
)]
fn system() -> Moment {
    let ms = |d: Duration| i64::try_from(d.as_millis()).unwrap_or(i64::MAX);
    Moment(match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(after) => ms(after),
        Err(before) => -ms(before.duration()),
    })
}

#[allow(
    clippy::disallowed_methods,
    reason = "this file is where the system's time comes in"
)]
fn instant() -> Instant {
    Instant::now()
}

/// The sandbox banks' time: it began at `world_start` when ours showed `start` and goes on one for one,
/// so that new transactions appear as days pass. Only what a bank takes to answer is scaled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct WorldClock {
    /// Our time when the world began.
    pub(crate) start: Moment,
    /// The world's time then.
    pub(crate) world_start: Moment,
    /// 1 as in life, 0.5 in half the time, 0 at once.
    pub(crate) speed: f64,
}

impl WorldClock {
    /// A world whose time is ours.
    pub(crate) fn level(speed: f64) -> Self {
        Self {
            start: Moment(0),
            world_start: Moment(0),
            speed,
        }
    }

    /// The world's time when ours is `now`.
    pub(crate) fn at(&self, now: Moment) -> Moment {
        self.world_start.plus_ms(now.since(self.start))
    }

    /// How long something lasts here that lasts `life` in life. A speed that is no number is 0.
    pub(crate) fn lasting(&self, life: Duration) -> Duration {
        Duration::try_from_secs_f64(life.as_secs_f64() * self.speed.max(0.0))
            .unwrap_or(Duration::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Moment = Moment(1_773_135_667_000);

    #[test]
    fn ids_rise_and_carry_the_clocks_time() {
        let clock = Clock::fixed(AT);
        let ids: Vec<_> = (0..2_000).map(|_| clock.clone().fresh_id()).collect();
        assert!(ids.windows(2).all(|w| w[0] < w[1]));
        for id in ids {
            let id = uuid::Uuid::parse_str(&id).unwrap();
            assert_eq!(
                (id.get_version_num(), id.get_variant()),
                (7, uuid::Variant::RFC4122)
            );
        }
        let first = uuid::Uuid::parse_str(&Clock::fixed(AT).fresh_id()).unwrap();
        assert_eq!(first.as_u128() >> 80, u128::try_from(AT.0).unwrap());
    }

    #[test]
    fn ids_rise_over_a_clock_that_goes_back_or_is_broken() {
        let clock = Clock::settable(AT);
        let mut before = clock.fresh_id();
        for at in [
            AT.plus_ms(-3_600_000),
            Moment(-5),
            Moment(i64::MIN),
            Moment(0),
            AT,
        ] {
            assert!(clock.set(at));
            let id = clock.fresh_id();
            assert!(id > before, "{at:?}");
            before = id;
        }
    }

    #[test]
    fn the_successor_keeps_version_and_variant_over_a_carry() {
        for (id, next) in [
            (
                "00000000-0001-7000-8000-000000000000",
                "00000000-0001-7000-8000-000000000001",
            ),
            (
                "00000000-0001-7000-bfff-ffffffffffff",
                "00000000-0001-7001-8000-000000000000",
            ),
            (
                "00000000-0001-7fff-bfff-ffffffffffff",
                "00000000-0002-7000-8000-000000000000",
            ),
        ] {
            let id = uuid::Uuid::parse_str(id).unwrap().as_u128();
            assert_eq!(uuid::Uuid::from_u128(successor(id)).to_string(), next);
        }
    }

    #[test]
    fn only_a_standing_clock_is_moved() {
        let clock = Clock::settable(AT);
        assert!(clock.advance(Duration::from_secs(30)));
        assert_eq!(clock.now(), AT.plus_ms(30_000));
        assert_eq!(clock.monotonic(), Duration::from_secs(30));
        assert!(!Clock::system().set(AT));
        assert!(Clock::system().now() > AT.plus_ms(-400 * 86_400_000));
    }

    #[test]
    fn the_world_keeps_its_distance_and_scales_only_what_lasts() {
        let world = WorldClock {
            start: Moment(1_000),
            world_start: AT,
            speed: 0.5,
        };
        assert_eq!(world.at(Moment(4_000)), AT.plus_ms(3_000));
        assert_eq!(
            world.lasting(Duration::from_secs(4)),
            Duration::from_secs(2)
        );
        for speed in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(
                WorldClock::level(speed).lasting(Duration::from_secs(4)),
                Duration::ZERO,
                "{speed}"
            );
        }
    }
}
