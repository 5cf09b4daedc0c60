//! The only place that asks the system for the time: a system clock, one begun at a given moment, or a standing one.

use crate::domain::clock_check::{Boot, Present};
use crate::domain::moment::Moment;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use uuid::{ContextV7, Timestamp, Uuid};

/// Tells the time and makes ids. Clones are one clock: they share its time and the order of its ids.
#[derive(Clone)]
pub(crate) struct Clock(Arc<Inner>);

struct Inner {
    source: Source,
    /// Makes every id greater than the one before, even when time stands still or goes back.
    ids: Mutex<ContextV7>,
}

enum Source {
    System,
    /// Showed `at` when the system's monotonic clock showed `since`.
    Running {
        at: Moment,
        since: Instant,
    },
    /// Shows `now` until a test moves it; `origin` is what it showed first.
    Standing {
        now: AtomicI64,
        origin: i64,
        /// The start of the system that a test has made up.
        boot: Mutex<Option<Boot>>,
    },
}

static SYSTEM: LazyLock<Clock> = LazyLock::new(|| Clock::from(Source::System));
static BORN: LazyLock<Instant> = LazyLock::new(instant);

impl Clock {
    /// The system's clock; every call gives the same one, so ids rise over the whole process.
    pub(crate) fn system() -> Self {
        LazyLock::force(&BORN);
        SYSTEM.clone()
    }

    /// A clock that shows `at`; only a test can move it.
    pub(crate) fn fixed(at: Moment) -> Self {
        Self::from(Source::Standing {
            now: AtomicI64::new(at.0),
            origin: at.0,
            boot: Mutex::new(None),
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
            ids: Mutex::new(ContextV7::new()),
        }))
    }

    pub(crate) fn now(&self) -> Moment {
        match &self.0.source {
            Source::System => system(),
            Source::Running { at, since } => at.plus(since.elapsed()),
            Source::Standing { now, .. } => Moment(now.load(Ordering::SeqCst)),
        }
    }

    /// Never goes back, for measuring spans. A standing clock counts what it was moved forward.
    pub(crate) fn monotonic(&self) -> Duration {
        match &self.0.source {
            Source::System => BORN.elapsed(),
            Source::Running { since, .. } => since.elapsed(),
            Source::Standing { now, origin, .. } => {
                let moved = now.load(Ordering::SeqCst).saturating_sub(*origin);
                Duration::from_millis(u64::try_from(moved).unwrap_or(0))
            }
        }
    }

    /// Which start of the system this is, and how long it was ago; none for a standing clock, which is not that of a
    /// machine.
    fn boot(&self) -> Option<Boot> {
        match &self.0.source {
            Source::System | Source::Running { .. } => Some(boot()),
            Source::Standing { boot, .. } => {
                boot.lock().unwrap_or_else(PoisonError::into_inner).clone()
            }
        }
    }

    pub(crate) fn present(&self) -> Present {
        Present {
            now: self.now(),
            boot: self.boot(),
        }
    }

    /// A new id: a version 7 UUID of this clock's present millisecond, greater than every one before.
    pub(crate) fn fresh_id(&self) -> String {
        let since_epoch = Duration::from_millis(self.now().0.max(0).unsigned_abs());
        let ids = self.0.ids.lock().unwrap_or_else(PoisonError::into_inner);
        let at = Timestamp::from_unix(&*ids, since_epoch.as_secs(), since_epoch.subsec_nanos());
        Uuid::new_v7(at).hyphenated().to_string()
    }
}

#[cfg(test)]
impl Clock {
    /// A running clock stays as it is.
    pub(crate) fn set(&self, at: Moment) {
        if let Source::Standing { now, .. } = &self.0.source {
            now.store(at.0, Ordering::SeqCst);
        }
    }

    /// Time passes: the clock moves on, and so does the count since the start of the system.
    pub(crate) fn advance(&self, by: Duration) {
        self.set(self.now().plus(by));
        if let Source::Standing { boot, .. } = &self.0.source
            && let Some(boot) = &mut *boot.lock().unwrap()
        {
            boot.up_ms += i64::try_from(by.as_millis()).unwrap();
        }
    }

    /// The system of a standing clock starts. From here on `set` is a jump of the clock.
    pub(crate) fn starts(&self, id: &str) {
        if let Source::Standing { boot, .. } = &self.0.source {
            *boot.lock().unwrap() = Some(Boot {
                id: id.into(),
                up_ms: 0,
            });
        }
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Clock({})", self.now())
    }
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

/// Where the system does not name its start or count from it, the start of this process takes its place.
#[cfg(target_os = "linux")]
fn boot() -> Boot {
    const START: &str = "/proc/sys/kernel/random/boot_id";
    static ID: LazyLock<Option<String>> = LazyLock::new(|| {
        let id = std::fs::read_to_string(START).ok()?;
        let id: String = id.chars().filter(|c| !c.is_whitespace()).collect();
        (!id.is_empty()).then_some(id)
    });
    let Some(id) = ID.clone() else {
        return process();
    };
    // not through the C library, so that a time it is made to show does not reach this count
    let up = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    Boot {
        id,
        up_ms: up.tv_sec.saturating_mul(1_000) + up.tv_nsec / 1_000_000,
    }
}

#[cfg(not(target_os = "linux"))]
fn boot() -> Boot {
    process()
}

fn process() -> Boot {
    static ID: LazyLock<String> = LazyLock::new(|| Uuid::now_v7().hyphenated().to_string());
    Boot {
        id: ID.clone(),
        up_ms: i64::try_from(BORN.elapsed().as_millis()).unwrap_or(i64::MAX),
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
        let clock = Clock::fixed(AT);
        let mut before = clock.fresh_id();
        for at in [
            AT.plus_ms(-3_600_000),
            Moment(-5),
            Moment(i64::MIN),
            Moment(0),
            AT,
        ] {
            clock.set(at);
            let id = clock.fresh_id();
            assert!(id > before, "{at:?}");
            before = id;
        }
    }

    #[test]
    fn only_a_standing_clock_is_moved() {
        let clock = Clock::fixed(AT);
        clock.advance(Duration::from_secs(30));
        assert_eq!(clock.now(), AT.plus_ms(30_000));
        assert_eq!(clock.monotonic(), Duration::from_secs(30));
        Clock::system().set(AT);
        assert_eq!(clock.boot(), None, "it is not that of a machine");
        assert!(Clock::system().now() > AT.plus_ms(-400 * 86_400_000));
    }

    #[test]
    fn the_count_since_the_start_goes_on_whatever_the_clock_shows() {
        let (first, then) = (boot(), Clock::system().boot().unwrap());
        assert_eq!(first.id, then.id);
        assert!(!first.id.is_empty() && first.up_ms > 0 && then.up_ms >= first.up_ms);
        let clock = Clock::fixed(AT);
        clock.starts("a");
        clock.set(AT.plus_ms(9_000));
        assert_eq!(clock.boot().unwrap().up_ms, 0, "the clock was set");
        clock.advance(Duration::from_secs(4));
        assert_eq!(clock.boot().unwrap().up_ms, 4_000);
    }
}
