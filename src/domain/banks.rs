//! Banks as they are shown: their connectors, and what is declared and measured of each.

use super::diagnosis::{Health, mostly_fails};
use super::health::{FetchOutcome, Figures, LEAST, Measured, Times, Window, worse};
use super::hold::Hold;
use super::import_records::{ConnectorRecord, InstitutionRecord};
use super::moment::Moment;

/// A connector of a bank.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    pub(crate) record: ConnectorRecord,
    /// The end of an outage of the sandbox, while there is one.
    pub(crate) outage: Option<Moment>,
    pub(crate) measured: Measured,
    /// How long successful fetches of the last seven days took; none when there were none.
    pub(crate) times: Option<Times>,
    /// When `times` was computed.
    pub(crate) timed: Option<Moment>,
}

#[derive(Clone, Debug)]
pub(crate) struct BankShown {
    pub(crate) record: InstitutionRecord,
    /// The end of an outage of the sandbox, while there is one.
    pub(crate) outage: Option<Moment>,
    pub(crate) ways: Vec<Way>,
    pub(crate) running: u64,
    /// Fetches that succeeded in the last hour.
    pub(crate) passed: u64,
    /// Fetches that failed in the last hour, failures on the user's side left out.
    pub(crate) failed: u64,
    /// Of those, the ones that failed by our own doing.
    pub(crate) ours: u64,
}

/// The declared health of a connector; an outage of the sandbox is a major outage. None for an unknown word.
pub(crate) fn declared(record: Option<&ConnectorRecord>, outage: Option<Moment>) -> Option<Health> {
    match outage {
        Some(_) => Some(Health::MajorOutage),
        None => Health::parse(&record?.status),
    }
}

impl Way {
    pub(crate) fn declared(&self) -> Option<Health> {
        declared(Some(&self.record), self.outage)
    }

    /// The worse of the declared and the measured health.
    pub(crate) fn health(&self) -> Option<Health> {
        let measured = self.measured.state().map(|(health, _)| health);
        worse(self.declared(), measured)
    }

    pub(crate) fn healthy(&self) -> bool {
        self.health()
            .is_none_or(|health| health == Health::Operational)
    }

    /// What our own fetches show, in words.
    pub(crate) fn seen(&self) -> String {
        match self.measured.state() {
            Some((health, window)) => {
                let figures = self.measured.figures(window);
                let (passed, sample) = (figures.passed, figures.sample());
                format!(
                    "{}: {passed} of {sample} worked {}",
                    health.word(),
                    window.words()
                )
            }
            None => {
                let sample = self.measured.figures(Window::Day).sample();
                format!(
                    "not enough data: {sample} of at least {LEAST} {}",
                    Window::Day.words()
                )
            }
        }
    }
}

impl BankShown {
    pub(crate) fn methods(&self) -> String {
        let methods = self.record.connectors.iter().map(|c| c.method.short());
        methods.collect::<Vec<_>>().join(", ")
    }

    /// The declared health: a sandbox outage, else the first connector that is not operational.
    pub(crate) fn declared(&self) -> &str {
        if self.outage.is_some() {
            return Health::MajorOutage.word();
        }
        let statuses = || self.record.connectors.iter().map(|c| c.status.as_str());
        statuses()
            .find(|s| *s != Health::Operational.word())
            .or_else(|| statuses().next())
            .unwrap_or("")
    }

    /// The worst that is measured; none where there is too little.
    pub(crate) fn measured(&self) -> Option<Health> {
        let states = self.ways.iter().filter_map(|way| way.measured.state());
        states.map(|(health, _)| health).max_by_key(|h| h.weight())
    }

    /// The figures of the last 24 hours.
    pub(crate) fn day(&self) -> Figures {
        let days = self.ways.iter();
        days.map(|way| *way.measured.figures(Window::Day))
            .fold(Figures::default(), Figures::plus)
    }

    pub(crate) fn healthy(&self) -> bool {
        self.ways.iter().all(Way::healthy)
    }
}

/// Hours that are told apart.
pub(crate) const HOURS: usize = 24;

const HOUR_MS: i64 = 3_600_000;

/// A bank with what goes on there now.
#[derive(Clone, Debug)]
pub(crate) struct BankNow {
    pub(crate) bank: BankShown,
    /// Of the last 24 hours, the oldest first.
    pub(crate) hours: [Figures; HOURS],
    /// Jobs that wait for their turn, for a retry or for a time.
    pub(crate) waiting: u64,
    /// How many may run at once.
    pub(crate) slots: u64,
    pub(crate) hold: Option<Hold>,
    /// Since when most of what was fetched failed, while it does.
    pub(crate) failing: Option<Moment>,
}

/// The outcomes of the last 24 hours by hours, the oldest first.
pub(crate) fn by_hour(outcomes: &[FetchOutcome], now: Moment) -> [Figures; HOURS] {
    let mut hours = [Figures::default(); HOURS];
    for outcome in outcomes {
        let ago = now.since(outcome.at).max(0) / HOUR_MS;
        let ago = usize::try_from(ago).unwrap_or(usize::MAX);
        if let Some(at) = (HOURS - 1).checked_sub(ago) {
            hours[at].count(outcome);
        }
    }
    hours
}

/// The first failure of the hours, up to now, in which most fetches failed; hours without any do not end it.
pub(crate) fn failing_since(outcomes: &[FetchOutcome], now: Moment) -> Option<Moment> {
    let hours = by_hour(outcomes, now);
    let last = hours
        .last()
        .filter(|last| mostly_fails(last.passed, last.failed()));
    last?;
    let bad = |hour: &&Figures| hour.sample() == 0 || hour.failed() > hour.passed;
    let run = hours.iter().rev().take_while(bad).count();
    let from = now.plus_ms(-(run as i64) * HOUR_MS);
    let failures = outcomes.iter().filter(|outcome| {
        let blame = outcome.blame();
        outcome.at > from && blame.is_some_and(|blame| blame != super::failure_codes::Blame::User)
    });
    failures.map(|outcome| outcome.at).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(minutes_ago: i64, code: Option<&str>, now: Moment) -> FetchOutcome {
        FetchOutcome {
            at: now.plus_ms(-minutes_ago * 60_000),
            code: code.map(str::to_owned),
            at_challenge: false,
        }
    }

    #[test]
    fn outcomes_fall_into_their_hours() {
        let now = Moment(100 * HOUR_MS);
        let all = [
            outcome(0, None, now),
            outcome(59, None, now),
            outcome(61, Some("service-unavailable"), now),
            outcome(24 * 60 - 1, None, now),
            outcome(24 * 60 + 1, None, now),
        ];
        let hours = by_hour(&all, now);
        let passed: Vec<u64> = hours.iter().map(|hour| hour.passed).collect();
        assert_eq!((passed[23], passed[22], passed[0]), (2, 0, 1));
        assert_eq!(passed.iter().sum::<u64>(), 3);
        assert_eq!(hours[22].failed(), 1);
    }

    #[test]
    fn trouble_begins_with_the_first_failure_of_the_bad_hours() {
        let now = Moment(100 * HOUR_MS);
        let (bad, own) = (Some("service-unavailable"), Some("invalid-credentials"));
        let failures = |minutes: &[i64]| -> Vec<FetchOutcome> {
            minutes.iter().map(|ago| outcome(*ago, bad, now)).collect()
        };
        let last = [5, 10, 20];
        for (more, since) in [
            (vec![], Some(20)),
            (failures(&[70, 80]), Some(80)),
            // an hour in which nothing was fetched lies between
            (failures(&[130]), Some(130)),
            // an hour that went well ends it
            (
                [failures(&[130]), vec![outcome(70, None, now)]].concat(),
                Some(20),
            ),
            // the user's own trouble says nothing of the bank
            (vec![outcome(50, own, now)], Some(20)),
            // most of the last hour went well
            (vec![outcome(1, None, now); 9], None),
        ] {
            let all = [failures(&last), more.clone()].concat();
            let since = since.map(|minutes: i64| now.plus_ms(-minutes * 60_000));
            assert_eq!(failing_since(&all, now), since, "{more:?}");
        }
        assert_eq!(failing_since(&[], now), None);
    }
}
