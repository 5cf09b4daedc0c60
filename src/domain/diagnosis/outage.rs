//! Whether a refresh now will likely fail, because the bank is known to be down: by report, or by our own refreshes.

use super::facts::{Outcomes, Seen};
use super::health::Health;
use crate::domain::health::{Figures, Measured};
use crate::domain::incident::Incident;
use crate::domain::moment::Moment;
use crate::domain::time_format;

/// What an open incident has come to: how many fetches failed, of how many, since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Toll {
    pub(crate) failed: u64,
    pub(crate) sample: u64,
    pub(crate) since: Moment,
}

impl Toll {
    pub(crate) fn of(incident: &Incident) -> Self {
        Self {
            failed: incident.failed,
            sample: incident.sample(),
            since: incident.started,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Outage {
    /// Whether it is reported, by the bank's connector or as an outage of the sandbox.
    pub(crate) reported: bool,
    /// How many of our own refreshes failed, of how many, in how many milliseconds, while an incident is open.
    pub(crate) measured: Option<(u64, u64, i64)>,
}

impl Outage {
    /// The one judgement for the list, plans, refreshes, `why` and `status`.
    pub(crate) fn known(declared: Option<Health>, open: Option<Toll>, now: Moment) -> Option<Self> {
        let outage = Self {
            reported: declared == Some(Health::MajorOutage),
            measured: open.map(|toll| (toll.failed, toll.sample, now.since(toll.since).max(0))),
        };
        (outage.reported || outage.measured.is_some()).then_some(outage)
    }

    /// `down: 19 of 22 failed in 55m`, for a heading.
    pub(crate) fn brief(&self) -> String {
        match self.measured {
            Some((failed, sample, ms)) => {
                let span = time_format::span(ms);
                format!("down: {failed} of {sample} failed in {span}")
            }
            None => "down: a major outage is reported".into(),
        }
    }

    /// `19 of 22 failed in 55 minutes; refreshing now will likely fail`.
    pub(crate) fn words(&self) -> String {
        let reported = self
            .reported
            .then(|| "a major outage is reported".to_owned());
        let measured = self.measured.map(|(failed, sample, ms)| {
            let words = time_format::words(ms);
            format!("{failed} of {sample} failed in {words}")
        });
        let what: Vec<String> = reported.into_iter().chain(measured).collect();
        let what = what.join(", and ");
        format!("{what}; refreshing now will likely fail")
    }
}

/// What our own fetches measured, when there were enough of them.
pub(crate) fn seen(measured: &Measured) -> Option<Seen> {
    let (health, window) = measured.state()?;
    let figures = measured.figures(window);
    Some(Seen {
        health,
        passed: figures.passed,
        sample: figures.sample(),
        window,
    })
}

pub(crate) fn outcomes(figures: &Figures) -> Outcomes {
    Outcomes {
        passed: figures.passed,
        failed: figures.failed(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_is_known_by_report_or_by_an_open_incident() {
        let now = Moment(10_000_000_000);
        let open = |failed, sample, minutes: i64| {
            Some(Toll {
                failed,
                sample,
                since: now.plus_ms(-minutes * 60_000),
            })
        };
        let major = Some(Health::MajorOutage);
        for (declared, open, words) in [
            (
                None,
                open(19, 22, 55),
                Some("19 of 22 failed in 55 minutes; refreshing now will likely fail"),
            ),
            (
                major,
                None,
                Some("a major outage is reported; refreshing now will likely fail"),
            ),
            (
                major,
                open(5, 5, 180),
                Some(
                    "a major outage is reported, and 5 of 5 failed in 3 hours; refreshing now will likely fail",
                ),
            ),
            (Some(Health::PartialOutage), None, None),
            (Some(Health::UnderMaintenance), None, None),
            (None, None, None),
        ] {
            let outage = Outage::known(declared, open, now);
            assert_eq!(
                outage.map(|it| it.words()).as_deref(),
                words,
                "{declared:?} {open:?}"
            );
        }
    }
}
