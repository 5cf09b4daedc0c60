//! Measured health of a connector: outcomes and durations of our own fetches over windows.

use super::diagnosis::Health;
use super::failure_codes::{Blame, Failure};
use super::job::Title;
use super::moment::Moment;
use crate::domain::words::words;

/// Fewer fetches than this tell nothing.
pub(crate) const LEAST: u64 = 5;

/// How many of the newest outcomes are looked at.
pub(crate) const NEWEST: usize = 5_000;

/// How many of the newest good fetches are timed.
pub(crate) const TIMED: usize = 200;

const MINUTE_MS: i64 = 60_000;

words! {
    Window [word words] {
        Hour "1h" "in the last hour";
        Day "24h" "in the last 24 hours";
        Week "7d" "in the last 7 days";
    }
}

impl Window {
    pub(crate) fn ms(self) -> i64 {
        match self {
            Window::Hour => 60 * MINUTE_MS,
            Window::Day => 24 * 60 * MINUTE_MS,
            Window::Week => 7 * 24 * 60 * MINUTE_MS,
        }
    }
}

/// How one fetch went: ended, or failed so far and waiting for its next attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FetchOutcome {
    /// When it was made; of a waiting one, when it failed last.
    pub(crate) at: Moment,
    /// What it failed with; none when it succeeded.
    pub(crate) code: Option<String>,
    /// Whether it was the bank's question to the user where it failed.
    pub(crate) at_challenge: bool,
}

impl FetchOutcome {
    pub(crate) fn blame(&self) -> Option<Blame> {
        self.code
            .as_deref()
            .map(|code| Failure::of(code).blame(self.at_challenge))
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    pub(crate) passed: u64,
    /// Failed for the user's own trouble, which says nothing of the bank.
    pub(crate) user: u64,
    pub(crate) bank: u64,
    /// Failed by our own doing, or nobody knows whose.
    pub(crate) us: u64,
    /// Of those that failed at the bank: it said that it is under maintenance.
    pub(crate) maintenance: u64,
}

impl Figures {
    pub(crate) fn count(&mut self, outcome: &FetchOutcome) {
        match outcome.blame() {
            None => self.passed += 1,
            Some(Blame::User) => self.user += 1,
            Some(Blame::Bank) => self.bank += 1,
            Some(Blame::Us) => self.us += 1,
        }
        self.maintenance += u64::from(matches!(
            outcome.code.as_deref(),
            Some("maintenance" | "maintenance-error")
        ));
    }

    pub(crate) fn sample(&self) -> u64 {
        self.passed + self.failed()
    }

    pub(crate) fn failed(&self) -> u64 {
        self.bank + self.us
    }

    /// How many of a thousand of those succeeded; none of nothing.
    pub(crate) fn rate(&self) -> Option<u64> {
        (self.passed * 1_000).checked_div(self.sample())
    }

    /// The share that succeeded: `98.4%`, or a dash for none.
    pub(crate) fn rate_words(&self) -> String {
        self.rate().map_or_else(
            || "-".into(),
            |rate| format!("{}.{}%", rate / 10, rate % 10),
        )
    }

    #[must_use]
    pub(crate) fn plus(self, other: Figures) -> Self {
        Self {
            passed: self.passed + other.passed,
            user: self.user + other.user,
            bank: self.bank + other.bank,
            us: self.us + other.us,
            maintenance: self.maintenance + other.maintenance,
        }
    }
}

/// The least share of failures, in a thousand, for each state; the first that holds.
const STATES: [(u64, Health); 3] = [
    (800, Health::MajorOutage),
    (300, Health::PartialOutage),
    (100, Health::DegradedPerformance),
];

/// What the figures make of it; none when they are too few.
pub(crate) fn state(figures: &Figures) -> Option<Health> {
    if figures.sample() < LEAST {
        return None;
    }
    let share = figures.failed() * 1_000 / figures.sample();
    let state = STATES
        .into_iter()
        .find(|(least, _)| share >= *least)
        .map_or(Health::Operational, |(_, state)| state);
    let working_on_it = figures.maintenance * 2 >= figures.failed();
    Some(match state {
        Health::PartialOutage | Health::DegradedPerformance if working_on_it => {
            Health::UnderMaintenance
        }
        state => state,
    })
}

/// The worse of both: a report may be ahead of our fetches, or behind them.
pub(crate) fn worse(declared: Option<Health>, measured: Option<Health>) -> Option<Health> {
    declared
        .into_iter()
        .chain(measured)
        .max_by_key(|health| health.weight())
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Measured {
    /// The figures of each window, the shortest first.
    pub(crate) windows: [Figures; 3],
    /// Codes of the last 24 hours with how often each came, the most frequent first.
    pub(crate) codes: Vec<(String, u64)>,
    /// Whether there were more outcomes than are looked at.
    pub(crate) cut: bool,
}

impl Measured {
    /// Counts outcomes, the newest first.
    pub(crate) fn of(outcomes: &[FetchOutcome], now: Moment) -> Self {
        let mut measured = Self {
            cut: outcomes.len() >= NEWEST,
            ..Self::default()
        };
        for outcome in outcomes {
            let age = now.since(outcome.at);
            for (figures, window) in measured.windows.iter_mut().zip(Window::ALL) {
                if age < window.ms() {
                    figures.count(outcome);
                }
            }
            let Some(code) = outcome.code.as_ref().filter(|_| age < Window::Day.ms()) else {
                continue;
            };
            match measured.codes.iter_mut().find(|(known, _)| known == code) {
                Some((_, n)) => *n += 1,
                None => measured.codes.push((code.clone(), 1)),
            }
        }
        measured
            .codes
            .sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        measured
    }

    pub(crate) fn figures(&self, window: Window) -> &Figures {
        &self.windows[window as usize]
    }

    /// The state, from the shortest window that holds enough; a week is too long ago to count.
    pub(crate) fn state(&self) -> Option<(Health, Window)> {
        [Window::Hour, Window::Day]
            .into_iter()
            .find_map(|w| Some((state(self.figures(w))?, w)))
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) sample: u64,
    pub(crate) mean_ms: i64,
    pub(crate) p50_ms: i64,
    /// 95 of 100 take no longer.
    pub(crate) p95_ms: i64,
}

impl Span {
    /// Of these lengths; none of none.
    pub(crate) fn of(mut lengths: Vec<i64>) -> Option<Self> {
        lengths.sort_unstable();
        let count = i64::try_from(lengths.len()).ok().filter(|n| *n > 0)?;
        // the nearest rank: the smallest that so many of a hundred do not exceed
        let rank = |percent: usize| lengths[(lengths.len() * percent).div_ceil(100).max(1) - 1];
        Some(Self {
            sample: lengths.len() as u64,
            mean_ms: lengths.iter().sum::<i64>() / count,
            p50_ms: rank(50),
            p95_ms: rank(95),
        })
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Times {
    /// Each step that was seen, in the order they run.
    pub(crate) steps: Vec<(Title, Span)>,
    /// A whole fetch, without the time a user takes to answer.
    pub(crate) total: Span,
}

/// The steps that are timed, in the order they run. What a user takes to answer is no figure of the bank's.
pub(crate) const STEPS: [Title; 4] = [
    Title::VerifyCredentials,
    Title::RetrieveAccounts,
    Title::RetrieveTransactions,
    Title::RetrieveStatements,
];

impl Times {
    /// Of fetches, each with the lengths of its steps; none of none.
    pub(crate) fn of(fetches: &[Vec<(Title, i64)>]) -> Option<Self> {
        let timed = |title: &Title| STEPS.contains(title);
        let total = |steps: &Vec<(Title, i64)>| {
            steps
                .iter()
                .filter(|(t, _)| timed(t))
                .map(|(_, ms)| *ms)
                .sum()
        };
        let of = |title: &Title| {
            fetches
                .iter()
                .flatten()
                .filter(|(t, _)| t == title)
                .map(|(_, ms)| *ms)
                .collect()
        };
        Some(Self {
            total: Span::of(fetches.iter().map(total).collect())?,
            steps: STEPS
                .iter()
                .filter_map(|title| Some((title.clone(), Span::of(of(title))?)))
                .collect(),
        })
    }

    pub(crate) fn step(&self, title: &Title) -> Option<&Span> {
        self.steps
            .iter()
            .find(|(t, _)| t == title)
            .map(|(_, span)| span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment(10_000_000_000);

    fn figures(passed: u64, bank: u64, us: u64, maintenance: u64) -> Figures {
        Figures {
            passed,
            user: 400,
            bank,
            us,
            maintenance,
        }
    }

    fn outcome(minutes: i64, code: Option<&str>) -> FetchOutcome {
        FetchOutcome {
            at: NOW.plus_ms(-minutes * MINUTE_MS),
            code: code.map(str::to_owned),
            at_challenge: false,
        }
    }

    #[test]
    fn figures_make_a_state_and_too_few_make_none() {
        for (given, state) in [
            (figures(4, 0, 0, 0), None),
            (figures(0, 4, 0, 0), None),
            (figures(5, 0, 0, 0), Some(Health::Operational)),
            (figures(91, 9, 0, 0), Some(Health::Operational)),
            (figures(9, 1, 0, 0), Some(Health::DegradedPerformance)),
            (figures(71, 20, 9, 0), Some(Health::DegradedPerformance)),
            (figures(7, 2, 1, 0), Some(Health::PartialOutage)),
            (figures(21, 79, 0, 0), Some(Health::PartialOutage)),
            (figures(1, 4, 0, 0), Some(Health::MajorOutage)),
            (figures(0, 5, 0, 5), Some(Health::MajorOutage)),
            (figures(6, 4, 0, 2), Some(Health::UnderMaintenance)),
            (figures(6, 4, 0, 1), Some(Health::PartialOutage)),
            (figures(9, 1, 0, 1), Some(Health::UnderMaintenance)),
        ] {
            assert_eq!(super::state(&given), state, "{given:?}");
        }
    }

    #[test]
    fn the_users_own_trouble_says_nothing_of_the_bank() {
        let mut all: Vec<_> = (0..9)
            .map(|n| outcome(n, Some("invalid-credentials")))
            .collect();
        assert_eq!(Measured::of(&all, NOW).state(), None);
        all.extend((0..5).map(|n| outcome(n, None)));
        let measured = Measured::of(&all, NOW);
        assert_eq!(measured.state(), Some((Health::Operational, Window::Hour)));
        let hour = measured.figures(Window::Hour);
        assert_eq!((hour.sample(), hour.user, hour.rate()), (5, 9, Some(1_000)));
        let lapsed = FetchOutcome {
            at_challenge: true,
            ..outcome(1, Some("job-timed-out"))
        };
        assert_eq!(lapsed.blame(), Some(Blame::User));
    }

    #[test]
    fn windows_hold_what_is_young_enough_and_the_shortest_that_suffices_decides() {
        let mut all: Vec<_> = (0..6)
            .map(|n| outcome(70 + n, Some("service-unavailable")))
            .collect();
        all.extend((0..4).map(|n| outcome(n, None)));
        all.push(outcome(25 * 60, Some("connector-error")));
        let measured = Measured::of(&all, NOW);
        let samples: Vec<u64> = measured.windows.iter().map(Figures::sample).collect();
        assert_eq!(samples, [4, 10, 11]);
        assert_eq!(measured.state(), Some((Health::PartialOutage, Window::Day)));
        assert_eq!(
            measured.codes,
            [("service-unavailable".to_owned(), 6)],
            "a day back, no further"
        );
        all.push(outcome(5, None));
        assert_eq!(
            Measured::of(&all, NOW).state(),
            Some((Health::Operational, Window::Hour))
        );
        assert_eq!(Figures::default().rate(), None);
    }

    #[test]
    fn lengths_have_their_ranks() {
        let span = Span::of((1..=100).rev().collect()).unwrap();
        assert_eq!(
            (span.sample, span.p50_ms, span.p95_ms, span.mean_ms),
            (100, 50, 95, 50)
        );
        let one = Span::of(vec![7]).unwrap();
        assert_eq!((one.p50_ms, one.p95_ms), (7, 7));
        assert_eq!(Span::of(vec![]), None);
    }

    #[test]
    fn the_users_time_to_answer_is_not_counted() {
        let fetch = vec![
            (Title::VerifyCredentials, 10),
            (Title::MfaChallenge, 90_000),
            (Title::RetrieveAccounts, 5),
        ];
        let times = Times::of(&[fetch]).unwrap();
        assert_eq!(times.total.mean_ms, 15);
        assert_eq!(
            times.step(&Title::RetrieveAccounts).map(|s| s.p50_ms),
            Some(5)
        );
        assert_eq!(times.step(&Title::MfaChallenge), None);
        assert_eq!(Times::of(&[]), None);
    }
}
