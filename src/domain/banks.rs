//! Banks as they are shown: their connectors, and what is declared and measured of each.

use super::diagnosis::Health;
use super::health::{FetchOutcome, Figures, LEAST, Measured, Times, Window, worse};
use super::hold::Hold;
use super::import_records::{ConnectorRecord, InstitutionRecord};
use super::incident::Incident;
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
    /// The incident that is open.
    pub(crate) incident: Option<Incident>,
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

    /// The worst of the declared and the measured health; an open incident is a major outage.
    pub(crate) fn health(&self) -> Option<Health> {
        let measured = self.measured.state().map(|(health, _)| health);
        let incident = self.incident.as_ref().map(|_| Health::MajorOutage);
        worse(worse(self.declared(), measured), incident)
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

    /// The open incidents; of two methods, the one that began first leads.
    pub(crate) fn incidents(&self) -> Vec<&Incident> {
        let open = self.ways.iter().filter_map(|way| way.incident.as_ref());
        let mut open: Vec<&Incident> = open.collect();
        open.sort_by_key(|it| it.started);
        open
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
}
